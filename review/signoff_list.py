"""Where each proposal to sign a status stands on a day: open, in force, ended and by what, replaced, withdrawn."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from review.rows import asked
from review.signing import End, ended
from store import signoffs

OPEN, IN_FORCE, EXPIRED, REPLACED, WITHDRAWN, LAPSED = STATES = (
    "proposed", "in_force", "expired", "replaced", "withdrawn", "lapsed",
)  # fmt: skip
"""Where a proposal stands. Lapsed: it ended before anybody approved it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signoff:
    """A proposal with its answers as they stood by a day. `end` is what ended it by then, if anything did."""

    row: dict[str, object]
    state: str
    end: End | None
    replaced_by: int | None
    replaces: tuple[int, ...]
    dissents: tuple[sqlite3.Row, ...]

    @property
    def departs(self) -> bool:
        """Whether another status was proposed than the one computed for the verdict."""
        return self.row["status"] != self.row["effective"]


def today() -> date:
    """The present day in UTC."""
    return datetime.now(UTC).date()


def listed(conn: sqlite3.Connection, as_of: date, *, country: str = "", question: str = "") -> list[Signoff]:
    """Every proposal (of a country, of a question) made by the end of a day, oldest first, as it stood then."""
    until = f"{as_of.isoformat()}T23:59:59Z"
    rows = [_by(dict(row), until) for row in signoffs.proposals(conn) if row["signed_at"] <= until]
    rows = [
        row for row in rows if country in ("", row["country"]) and question in ("", row["question_id"])
    ]  # a question is replaced by sign-offs on itself only, so that narrowing loses none
    replaced = _replaced(rows)
    events = {
        (code, one.question.id): one.watersheds
        for code in {str(row["country"]) for row in rows}
        for one in asked(conn, code, as_of)
    }
    found = []
    for row in rows:
        end = ended(conn, row, as_of, events.get((str(row["country"]), str(row["question_id"])), ()))
        number = int(str(row["id"]))
        found.append(
            Signoff(
                row=row,
                state=_state(row, replaced.get(number), end),
                end=end,
                replaced_by=replaced.get(number),
                replaces=tuple(old for old, new in replaced.items() if new == number),
                dissents=tuple(signoffs.dissents(conn, number, until)),
            )
        )
    return found


def in_words(one: Signoff) -> str:
    """Where a proposal stands, for a command: in English."""
    row = one.row
    approved = f"approved by {row['approved_by']} on {str(row['approved_at'])[:10]}"
    said = f"expired on {one.end.on} ({one.end.why})" if one.end else ""
    return {
        OPEN: "proposed",
        WITHDRAWN: "withdrawn",
        REPLACED: f"{approved}, replaced by proposal {one.replaced_by} and in force no more",
        IN_FORCE: f"{approved}, ends on {row['expires_on']}",
        EXPIRED: f"{approved}, {said}",
        LAPSED: f"{said}, before anybody approved it",
    }[one.state]


def _by(row: dict[str, object], until: str) -> dict[str, object]:
    """A proposal without the answers that came after an instant."""
    if row["approved_at"] and str(row["approved_at"]) > until:
        row |= {"approved_at": None, "approved_by": None}
    if row["withdrawn_at"] and str(row["withdrawn_at"]) > until:
        row["withdrawn_at"] = None
    return row


def _state(row: dict[str, object], replaced_by: int | None, end: End | None) -> str:
    if row["withdrawn_at"]:
        return WITHDRAWN
    if replaced_by:
        return REPLACED
    if row["approved_at"]:
        return EXPIRED if end else IN_FORCE
    return LAPSED if end else OPEN


def _replaced(rows: Iterable[dict[str, object]]) -> dict[int, int]:
    """The proposal that took the place of an older one on the same question: the next approved, none withdrawn."""
    newest: dict[tuple[object, object], int] = {}
    found = {}
    counted = [row for row in rows if row["approved_at"] and not row["withdrawn_at"]]
    for row in sorted(counted, key=lambda one: (str(one["approved_at"]), int(str(one["id"])))):
        about, number = (row["country"], row["question_id"]), int(str(row["id"]))
        if about in newest:
            found[newest[about]] = number
        newest[about] = number
    return found
