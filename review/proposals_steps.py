"""The step that reads new documents of states for moratoria, and keeps what it proposes (append-only)."""

import json
import re
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date

from review.moratorium_register import code
from review.proposals import RULES_VERSION, Paper, Proposal, propose
from store.db import writing

MARK = "moratorium_proposals"  # setting: the rules, and the newest version they have read
BATCH = 200
# A text about an act that the register holds already proposes nothing: letter, gazette and news lie days apart.
KNOWN = {
    "opens": (("announced", "decided", "published", "in_force", "paused"), 30),
    "extends": (("extended", "extension_published"), 30),
    "ends": (("ended", "annulled", "policy_letter"), 60),
}
_OWNER = re.compile(r"([a-z]{2})-(?:state|government)")
_NEW = """
select v.id, v.document_id, v.title, v.text, v.language, v.published_on, v.public_on, s.owner
from versions v join documents d on d.id = v.document_id join sources s on s.id = d.source_id
where v.id > ? and s.type = 'government_statement' order by v.id limit ?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How many versions were read, how many proposals kept, how many acts the register held already."""

    read: int
    proposed: int
    known: int


def propose_moratoria(conn: sqlite3.Connection, *, at: str, progress: Callable[[int], None] = lambda n: None) -> Done:
    """Read every version of a state's publications that these rules have not read."""
    after, done = _mark(conn), Done(read=0, proposed=0, known=0)
    while rows := conn.execute(_NEW, [after, BATCH]).fetchall():
        found = [(row, proposal) for row in rows if (proposal := read(row)) is not None]
        with writing(conn):
            news = [
                (row, proposal) for row, proposal in found if not registered(conn, proposal, _day(row["public_on"]))
            ]
            kept = sum(keep(conn, row, proposal, at=at) for row, proposal in news)
            after = rows[-1]["id"]
            conn.execute(
                "insert or replace into settings (key, value) values (?, ?)", [MARK, f"{RULES_VERSION}:{after}"]
            )
        known = done.known + len(found) - len(news)
        done = Done(read=done.read + len(rows), proposed=done.proposed + kept, known=known)
        progress(len(rows))
    return done


def _mark(conn: sqlite3.Connection) -> int:
    row = conn.execute("select value from settings where key = ?", [MARK]).fetchone()
    rules, _, newest = (row["value"] if row else "").partition(":")
    return int(newest) if rules == RULES_VERSION else 0


def read(row: sqlite3.Row) -> Proposal | None:
    """What one version proposes; None where its publisher is no state's."""
    owner = _OWNER.fullmatch(row["owner"])
    if owner is None:
        return None
    published = row["published_on"] or row["public_on"]
    return propose(
        Paper(title=row["title"], text=row["text"], language=row["language"] or "", state=code(owner[1]),
              published_on=_day(published))
    )  # fmt: skip


def registered(conn: sqlite3.Connection, proposal: Proposal, public_on: date) -> bool:
    """Whether the register holds this act already: one of its kind, on this country, within some weeks."""
    kinds, days = KNOWN[proposal.act]
    on = (proposal.decided_on or public_on).isoformat()
    marks = ", ".join("?" * len(kinds))
    row = conn.execute(
        f"""select 1 from standing_events e join moratoria m on m.id = e.moratorium_id
            where m.state = ? and m.country is ? and e.kind in ({marks})
              and abs(julianday(e.on_day) - julianday(?)) <= ?""",  # noqa: S608  only question marks
        [proposal.state, proposal.country, *kinds, on, days],
    ).fetchone()
    return row is not None


def keep(conn: sqlite3.Connection, row: sqlite3.Row, proposal: Proposal, *, at: str) -> int:
    """Keep a proposal, unless the same document proposed the same before; return how many were kept."""
    same = conn.execute(
        """select 1 from moratorium_proposals p join versions v on v.id = p.version_id
           where v.document_id = ? and p.act = ? and p.country is ? and p.first_day is ? and p.last_day is ?""",
        [row["document_id"], proposal.act, proposal.country, _iso(proposal.first_day), _iso(proposal.last_day)],
    ).fetchone()
    if same:
        return 0
    spans = [asdict(span) for span in proposal.spans]
    found = conn.execute(
        """insert into moratorium_proposals (version_id, rules_version, act, state, country, group_said, halves,
             decided_on, first_day, last_day, legal_basis, moratorium_id, spans, proposed_at)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing""",
        [
            row["id"], RULES_VERSION, proposal.act, proposal.state, proposal.country, proposal.group_said,
            json.dumps(proposal.halves), _iso(proposal.decided_on), _iso(proposal.first_day), _iso(proposal.last_day),
            proposal.legal_basis, None if proposal.act == "opens" else _meant(conn, proposal),
            json.dumps(spans, ensure_ascii=False), at,
        ],
    )  # fmt: skip
    return found.rowcount


def _meant(conn: sqlite3.Connection, proposal: Proposal) -> str | None:
    """The moratorium of this state on this country that began last: what is extended or ended is likely that one."""
    row = conn.execute(
        """select m.id from moratoria m join standing_events e on e.moratorium_id = m.id
           where m.state = ? and m.country is ? and e.kind in ('in_force', 'decided', 'paused')
           order by e.on_day desc, m.id limit 1""",
        [proposal.state, proposal.country],
    ).fetchone()
    return row["id"] if row else None


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
