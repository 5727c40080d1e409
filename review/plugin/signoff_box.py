"""The sign-off box of a question: what is computed and what is signed side by side, proposals, and the forms."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from review.plugin import access, replica
from review.plugin.page import Page
from review.signoff_acts import STATUSES, verdict_of
from review.signoff_list import EXPIRED, IN_FORCE, OPEN, Signoff, listed, today
from review.standing import QuestionStanding
from store.names import same_name

REVIEW = timedelta(days=90)  # what the form offers as the day to look again; the person chooses


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Everything that the box shows. `reviewed` is the verdict that would be signed on the visitor's day."""

    reviewed: QuestionStanding
    open: tuple[Signoff, ...]
    current: Signoff | None  # the newest approved one that was not replaced or withdrawn: in force, or ended since
    earlier: tuple[Signoff, ...]
    review_on: date
    statuses: tuple[str, ...] = STATUSES
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: str = ""  # why the form that was sent is not kept


async def of_question(
    page: Page, asked: sqlite3.Row, country: str, typed: Mapping[str, str] | None = None, wrong: str = ""
) -> Box:
    """Read the box of a question on the visitor's day."""

    def read(conn: sqlite3.Connection) -> Box:
        _, reviewed = verdict_of(conn, country, asked["id"], page.look.as_of, page.look.basis)
        every = listed(conn, page.look.as_of, country=country, question=asked["id"])
        current = next((one for one in reversed(every) if one.state in (IN_FORCE, EXPIRED)), None)
        return Box(
            reviewed=reviewed,
            open=tuple(one for one in every if one.state == OPEN),
            current=current,
            earlier=tuple(one for one in reversed(every) if one.state != OPEN and one is not current),
            review_on=today() + REVIEW,
        )

    found = await page.read(read)
    return replace(found, typed=typed or {}, wrong=wrong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """What the visitor may do with proposals."""

    name: str
    proposes: bool
    signs: bool

    def is_by(self, one: Signoff) -> bool:
        """Whether a proposal is this visitor's own, under any spelling of the name."""
        return bool(self.name) and same_name(self.name, str(one.row["actor"]))


def visitor(page: Page) -> Visitor:
    """Who is looking, and what that person may do."""
    actor = page.request.actor if replica.of(page.datasette) is None else None
    return Visitor(
        name=access.name_of(actor) if actor else "", proposes=access.may_decide(actor), signs=access.may_sign(actor)
    )
