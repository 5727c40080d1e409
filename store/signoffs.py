"""Sign-offs: what people sign about a verdict. Proposals, approvals, dissents and withdrawals are only ever added.

An approval under a name that looks like the proposer's is refused (SQLite itself compares case only), and so is an
answer to what is no proposal on the same verdict. Names are what the caller says they are.
"""

import sqlite3
from dataclasses import dataclass

from store.errors import ForPeople
from store.names import person, same_name


class SignoffError(ForPeople, ValueError):
    """An act cannot be kept. The message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act on a verdict. `status` is the one proposed, approved, or held right by who dissents."""

    verdict_id: int
    act: str  # propose, approve, dissent, withdraw
    status: str
    reason: str
    actor: str
    signed_at: str
    proposal_id: int | None = None
    expires_on: str | None = None  # of a proposal: the first day on which it holds no more


def add(conn: sqlite3.Connection, act: Act) -> int:
    """Keep an act; return its id. Runs in the caller's transaction. Raises SignoffError for what must not be signed."""
    if not person(act.actor):
        raise SignoffError(f"{act.act} by {act.actor!r}: a name needs at least one letter or digit")
    if act.act == "approve" and act.proposal_id is not None:
        by = str(proposal(conn, act.proposal_id)["actor"])
        if same_name(by, act.actor):
            raise SignoffError(
                f"{act.act} by {act.actor!r}: four eyes: proposal {act.proposal_id} is by {by!r}, and the two names "
                "look like one person's; another person must approve"
            )
    try:
        found = conn.execute(
            """insert into signoffs (verdict_id, act, proposal_id, status, reason, expires_on, actor, signed_at)
               values (?, ?, ?, ?, ?, ?, ?, ?)""",
            [act.verdict_id, act.act, act.proposal_id, act.status, act.reason.strip(), act.expires_on,
             act.actor.strip(), act.signed_at],
        )  # fmt: skip
    except sqlite3.IntegrityError as error:
        raise SignoffError(f"{act.act} by {act.actor!r} with the reason {act.reason!r} is not kept: {error}") from error
    return int(found.lastrowid or 0)


def proposal(conn: sqlite3.Connection, proposal_id: int) -> sqlite3.Row:
    """A proposal with its verdict and whether it was approved or withdrawn; SignoffError where there is none."""
    row: sqlite3.Row | None = conn.execute(f"{PROPOSALS} where p.id = ?", [proposal_id]).fetchone()
    if row is None:
        known = [
            str(found["id"]) for found in conn.execute("select id from signoffs where act = 'propose' order by id")
        ]
        raise SignoffError(f"no proposal has the number {proposal_id}; proposals are: {', '.join(known) or 'none'}")
    return row


PROPOSALS = """
select p.id, p.verdict_id, p.status, p.reason, p.expires_on, p.actor, p.signed_at,
  v.as_of, v.basis, v.reading, v.country, v.group_id, v.question_id, v.effective, v.inputs_digest,
  (select a.actor from signoffs a where a.proposal_id = p.id and a.act = 'approve' order by a.id limit 1)
    as approved_by,
  (select a.signed_at from signoffs a where a.proposal_id = p.id and a.act = 'approve' order by a.id limit 1)
    as approved_at,
  (select min(a.signed_at) from signoffs a where a.proposal_id = p.id and a.act = 'withdraw') as withdrawn_at
from (select * from signoffs where act = 'propose') p join verdicts v on v.id = p.verdict_id
"""


def proposals(conn: sqlite3.Connection) -> list[sqlite3.Row]:
    """Every proposal with its verdict and its answers, oldest first."""
    return conn.execute(f"{PROPOSALS} order by p.id").fetchall()


def approved(conn: sqlite3.Connection, country: str, until: str) -> list[sqlite3.Row]:
    """The proposals on a country approved by an instant and not withdrawn by then, in order of approval."""
    return conn.execute(
        f"""select * from ({PROPOSALS}) where country = ? and approved_at <= ?
              and (withdrawn_at is null or withdrawn_at > ?) order by approved_at, id""",
        [country, until, until],
    ).fetchall()


def dissents(conn: sqlite3.Connection, proposal_id: int, until: str) -> list[sqlite3.Row]:
    """Who contradicted a proposal up to an instant, with the status held right and the reason."""
    return conn.execute(
        "select * from signoffs where proposal_id = ? and act = 'dissent' and signed_at <= ? order by id",
        [proposal_id, until],
    ).fetchall()
