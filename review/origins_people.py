"""What people decide about origins: confirm or split a link, merge two documents. Each act is kept and judged anew."""

import sqlite3
from collections.abc import Sequence
from datetime import date

from review import assessing
from review.method.model import Basis
from review.wellsprings import origins_of
from store.db import writing
from store.origins import LinkDecision, decide, merge

LINKS_OF = """
select l.id, l.document_id, l.passage_id, o.id as origin_id, o.label, l.rule, l.certainty, l.why,
  substr(p.text, l.start + 1, l.end - l.start) as quote,
  (select x.decision || ' by ' || x.actor from origin_decisions x where x.origin_link_id = l.id
   order by x.id desc limit 1) as decided
from current_origin_links l join origins o on o.id = l.origin_id left join passages p on p.id = l.passage_id
"""


def decide_link(conn: sqlite3.Connection, decision: LinkDecision) -> int:
    """Keep a decision on a link, and the verdicts that follow from it; return how many of them are new."""
    with writing(conn):
        decide(conn, decision)
    return rejudge(conn, at=decision.decided_at)


def merge_documents(
    conn: sqlite3.Connection, child: int, parent: int, *, reason: str, actor: str, at: str
) -> tuple[int, int]:
    """Keep that one document comes from another, and the verdicts that follow; return (link id, new verdicts)."""
    with writing(conn):
        link_id = merge(conn, child, parent, reason=reason, actor=actor, at=at)
    return link_id, rejudge(conn, at=at)


def rejudge(conn: sqlite3.Connection, *, at: str) -> int:
    """Judge what has changed as of the day of an instant, in both readings; return how many verdicts are new."""
    return assessing.assess(conn, as_of=date.fromisoformat(at[:10]), basis="held", at=at).new


def counted(conn: sqlite3.Connection, as_of: date) -> tuple[int, int]:
    """How many documents are held, and how many origins they have between them, as known to anyone on a day."""
    found = origins_of(conn, as_of, Basis.PUBLIC)
    return len(found.documents), len({found.merged.get(key, key) for key in found.documents.values()})


def links_of(conn: sqlite3.Connection, document_id: int) -> Sequence[sqlite3.Row]:
    """The links in force of one document, those of the whole document first."""
    rows = conn.execute(f"{LINKS_OF} where l.document_id = ? order by l.passage_id is not null, l.id", [document_id])
    return rows.fetchall()


def waiting(conn: sqlite3.Connection, *, limit: int) -> Sequence[sqlite3.Row]:
    """Proposed merges that nobody has decided yet, strongest first; whole documents before passages."""
    rows = conn.execute(
        f"""{LINKS_OF} where l.certainty = 'proposed' and decided is null
            order by l.passage_id is not null, l.strength desc, l.id limit ?""",
        [limit],
    )
    return rows.fetchall()
