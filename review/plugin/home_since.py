"""What the first page says of signatures and alerts: what changed since each sign-off, what waits for the visitor."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace

from review.plugin import access
from review.plugin.alerts import Listed, waiting_for
from review.plugin.page import Page
from review.signoff_list import EXPIRED, IN_FORCE, Signoff, listed
from review.standing import QuestionStanding, Standing

SHOWN = 5  # alerts on the first page

# Documents on a question that became known after a day, by another day.
NEW = """
select e.question_id, count(distinct p.document_id) as documents from json_each(?) x
cross join current_evidence e on e.question_id = json_extract(x.value, '$[0]') -- one look-up a question
join passages p on p.id = e.passage_id
where e.country = ? and {day} > json_extract(x.value, '$[1]') and {day} <= ? and e.decision <> 'reject'
group by e.question_id
"""
PUBLIC = """(select min(v.public_on) from version_passages vp join versions v on v.id = vp.version_id
  where vp.passage_id = e.passage_id)"""
DAYS = {"public": PUBLIC, "held": "substr(e.proposed_at, 1, 10)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """A signed question: what it was computed as then and now (reviewed reading), and what came in between."""

    signed: Signoff
    question: QuestionStanding
    documents: int
    watersheds: tuple[tuple[str, str], ...]

    @property
    def moved(self) -> bool:
        """Whether somebody should look: the computed status is another, the sign-off ended, or something came."""
        other = self.signed.row["effective"] != self.question.effective
        return other or self.signed.end is not None or bool(self.documents or self.watersheds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatures:
    """What was signed and what changed since; which deciding questions of running moratoria nobody signed."""

    since: tuple[Since, ...]
    unsigned: tuple[QuestionStanding, ...]
    open: int  # proposals that wait for a second person

    @property
    def moved(self) -> tuple[Since, ...]:
        return tuple(one for one in self.since if one.moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Alerts that nobody has seen: `mine` says that they were sent to the visitor; `more` others wait."""

    shown: tuple[Listed, ...]
    mine: bool
    more: int


async def signatures(page: Page, standing: Standing) -> Signatures:
    """Compare each sign-off of the visitor's day with what is computed on that day."""
    every = await page.read(lambda conn: listed(conn, page.look.as_of))
    newest = {
        (str(one.row["country"]), str(one.row["question_id"])): one
        for one in every
        if one.state in (IN_FORCE, EXPIRED)
    }  # fmt: skip
    deciding = {(m.country, id_) for m in standing.moratoria if m.phase == "running" for id_ in m.deciding}
    shown = {(q.country, q.id): q for group in standing.groups for q in group.questions}
    reviewed = await replace(page, look=replace(page.look, reading="reviewed")).standing() if newest else standing
    now = {(q.country, q.id): q for group in reviewed.groups for q in group.questions}
    came = await page.read(lambda conn: _came(conn, page, newest.values()))
    found = [
        Since(
            signed=one,
            question=now[key],
            documents=came.get(key, 0),
            watersheds=tuple(cut for cut in now[key].watersheds if cut[0] > str(one.row["as_of"])),
        )
        for key, one in newest.items()
        if key in now
    ]
    return Signatures(
        since=tuple(sorted(found, key=lambda one: (not one.moved, one.question.country, one.question.id))),
        unsigned=tuple(shown[key] for key in sorted(deciding - newest.keys()) if key in shown),
        open=sum(one.state == "proposed" for one in every),
    )


async def waiting(page: Page) -> Waiting:
    """What was sent to the visitor and waits; for who gets no messages here, whatever waits."""
    name = access.name_of(page.request.actor) if page.request.actor else ""
    mine = await waiting_for(page, name) if name else []
    every = await waiting_for(page)
    found = mine or every
    return Waiting(shown=tuple(found[:SHOWN]), mine=bool(mine), more=len(every) - len(found[:SHOWN]))


def _came(conn: sqlite3.Connection, page: Page, signed: Iterable[Signoff]) -> dict[tuple[str, str], int]:
    """How many documents on each signed question became known since its verdict, by the visitor's day."""
    by_country: dict[str, list[tuple[str, str]]] = {}
    for one in signed:
        by_country.setdefault(str(one.row["country"]), []).append((str(one.row["question_id"]), str(one.row["as_of"])))
    sql = NEW.format(day=DAYS[page.look.basis])
    return {
        (country, row["question_id"]): row["documents"]
        for country, pairs in by_country.items()
        for row in conn.execute(sql, [json.dumps(pairs), country, page.look.until])
    }
