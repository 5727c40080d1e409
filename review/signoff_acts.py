"""Signing a status: what a person proposes, what others answer, and where each proposal stands on a day (method §9).

One way for the command and the page. `prepare` only reads and judges; `keep_proposal` and `answer` write in the
caller's transaction. Who may do what is asked before: these functions know names only.
"""

import sqlite3
from dataclasses import dataclass, replace
from datetime import date

from review.assess import keep, standing
from review.moratorium import moratoria
from review.signing import End, expiry
from review.signoff_list import OPEN, WITHDRAWN, in_words, listed, today
from review.standing import QuestionStanding, Standing
from store import signoffs
from store.clock import utc_now
from store.names import same_name
from store.signoffs import Act, SignoffError

STATUSES = ("insufficient", "emerging", "sufficient")
ANSWERS = ("approve", "dissent", "withdraw")


class CannotSign(SignoffError):
    """An act that cannot be kept. `key` names the sentence of the site's words, `values` what goes into it."""

    def __init__(self, key: str, message: str, **values: object) -> None:
        super().__init__(message)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person wants signed: a status on the verdict of a day, and the day to look at it again."""

    country: str
    question: str
    status: str
    as_of: date
    basis: str
    review_on: date
    reason: str
    departing: str  # why the status departs from the computed one; "" where it does not
    actor: str
    seen: str = ""  # digest of the verdict that the person was shown; "": none was


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A wish that can be kept: the verdict it is about, and every day known now on which it ends, soonest first."""

    wish: Wish
    seen: Standing
    found: QuestionStanding
    ends: tuple[End, ...]
    reason: str


def verdict_of(
    conn: sqlite3.Connection, country: str, question: str, as_of: date, basis: str
) -> tuple[Standing, QuestionStanding]:
    """The verdict that would be signed: of the reviewed reading, with the clocks of the country's moratoria."""
    id_ = _id_of(conn, country, question)
    seen = standing(conn, as_of=as_of, basis=basis, reading="reviewed", country=country, question=id_)
    (found,) = (q for group in seen.groups for q in group.questions)
    return replace(seen, moratoria=tuple(moratoria(conn, country, as_of, {}))), found


def prepare(conn: sqlite3.Connection, wish: Wish) -> Prepared:
    """Judge what a person wants to sign. Raises CannotSign: no such question, no reason, no day ahead, no explanation
    of a departure, or a verdict that is no longer the one that was shown.
    """
    if wish.status not in STATUSES:
        raise CannotSign("wrong.sig_status", f"--status {wish.status!r}: choose one of {', '.join(STATUSES)}",
                         value=wish.status[:40])  # fmt: skip
    if not wish.reason.strip():
        raise CannotSign("wrong.why", "--reason: say why, in words that can be read later")
    if wish.review_on <= today():
        raise CannotSign("wrong.sig_review", f"--review-on {wish.review_on}: choose a day after today, {today()}",
                         day=wish.review_on, today=today())  # fmt: skip
    if wish.as_of > today():
        said = f"--as-of {wish.as_of}: that day has not come yet; nothing is known of it"
        raise CannotSign("wrong.future", said, day=wish.as_of, today=today())
    seen, found = verdict_of(conn, wish.country, wish.question, wish.as_of, wish.basis)
    if wish.seen and wish.seen != found.inputs_digest:
        raise CannotSign("wrong.sig_stale", f"{found.id}: what it rests on changed meanwhile; look again",
                         id=found.id)  # fmt: skip
    departing = wish.departing.strip()
    if wish.status != found.effective and not departing:
        raise CannotSign(
            "wrong.sig_departs",
            f"--status {wish.status}: the computed status of {found.id} as of {wish.as_of} is {found.effective}; "
            "explain with --departing why the signed one is another",
        )
    reason = wish.reason.strip()
    if departing and wish.status != found.effective:
        stop = "" if reason.endswith((".", "!", "?")) else "."
        reason = f"{reason}{stop} Departs from the computed {found.effective}: {departing}"
    ends = tuple(expiry(found, seen, wish.review_on))
    if ends[0].on <= today():
        raise CannotSign(
            "wrong.sig_over",
            f"--as-of {wish.as_of}: a sign-off on this verdict would have ended on {ends[0].on} ({ends[0].why}); "
            "sign one of a later day",
            day=ends[0].on,
        )
    return Prepared(wish=wish, seen=seen, found=found, ends=ends, reason=reason)


def keep_proposal(conn: sqlite3.Connection, ready: Prepared) -> int:
    """Keep a proposal with the verdict it is about; return its number. The same one sent twice is kept once."""
    wish, at = ready.wish, utc_now()
    for row in signoffs.proposals(conn):
        said = (row["question_id"], row["country"], row["status"], row["reason"], row["actor"], row["inputs_digest"])
        mine = (ready.found.id, ready.found.country, wish.status, ready.reason, wish.actor, ready.found.inputs_digest)
        if said == mine and not row["approved_at"] and not row["withdrawn_at"]:
            return int(row["id"])
    act = Act(
        verdict_id=_verdict(conn, ready.seen, ready.found, at), act="propose", status=wish.status, reason=ready.reason,
        actor=wish.actor, signed_at=at, expires_on=ready.ends[0].on.isoformat(),
    )  # fmt: skip
    return signoffs.add(conn, act)


def answer(
    conn: sqlite3.Connection, number: int, act: str, *, status: str | None, reason: str, actor: str
) -> tuple[sqlite3.Row, tuple[int, ...]]:
    """Approve, contradict or withdraw a proposal; return it and the numbers of those that it replaces.

    An approval counts only while nothing has ended the proposal and no lower status is computed meanwhile, and is
    another person's. The same answer sent twice is kept once.
    """
    row = signoffs.proposal(conn, number)
    if not reason.strip():
        raise CannotSign("wrong.why", "--reason: say why, in words that can be read later")
    if _said_already(conn, number, act, status or row["status"], reason, actor):
        return row, ()
    if str(row["signed_at"]) > (now := utc_now()):  # else it would be known answered before it was made
        said = f"proposal {number} was made at {row['signed_at']}, and the clock of this machine says {now}"
        raise CannotSign("wrong.sig_clock", f"{said}; set the clock right, then answer again", n=number, now=now)
    stands = next(one for one in listed(conn, today()) if one.row["id"] == number)
    if act == "approve":
        if same_name(str(row["actor"]), actor):
            raise CannotSign(
                "wrong.sig_eyes",
                f"approve by {actor!r}: four eyes: proposal {number} is by {row['actor']!r}, and the two names look "
                "like one person's; another person must approve",
                who=row["actor"],
            )
        if stands.state != OPEN:
            said = f"proposal {number} is {in_words(stands)}; propose anew on a verdict of today"
            raise CannotSign(f"wrong.sig_is.{stands.state}", said, n=number)
        _still_computed(conn, row)
    elif stands.state == WITHDRAWN:
        raise CannotSign(
            "wrong.sig_is.withdrawn", f"proposal {number} is withdrawn; nothing is left to {act}", n=number
        )
    signoffs.add(
        conn,
        Act(
            verdict_id=row["verdict_id"], act=act, status=status or row["status"], reason=reason, actor=actor,
            signed_at=utc_now(), proposal_id=number,
        ),
    )  # fmt: skip
    return row, next(one.replaces for one in listed(conn, today()) if one.row["id"] == number)


def _still_computed(conn: sqlite3.Connection, row: sqlite3.Row) -> None:
    """A status that was proposed as computed must not be signed once a lower one is computed: that departure nobody
    has explained (method section 9). Raises CannotSign.
    """
    if row["status"] != row["effective"]:
        return  # departs, and says why
    _, found = verdict_of(conn, row["country"], row["question_id"], today(), "held")
    if STATUSES.index(found.effective) < STATUSES.index(row["status"]):
        raise CannotSign(
            "wrong.sig_fell",
            f"proposal {row['id']} is of {row['status']!r}, as computed on {row['as_of']}; now {found.effective!r} is "
            "computed. Propose anew, and explain with --departing why the signed status is another",
            n=row["id"], now=found.effective,
        )  # fmt: skip


def _said_already(conn: sqlite3.Connection, number: int, act: str, status: str, reason: str, actor: str) -> bool:
    row = conn.execute(
        "select 1 from signoffs where proposal_id = ? and act = ? and status = ? and reason = ? and actor = ?",
        [number, act, status, reason.strip(), actor.strip()],
    ).fetchone()
    return row is not None


def _id_of(conn: sqlite3.Connection, country: str, question: str) -> str:
    """The id of a question of a country, however its letters are written."""
    for row in conn.execute("select id from current_questions where country = ? and group_id is not null", [country]):
        if row["id"].casefold() == question.casefold():
            return str(row["id"])
    raise CannotSign(
        "missing.question",
        f"QUESTION {question!r}: no question of {country} has this id; 'coi status --json' lists them",
        id=question[:40],
    )


def _verdict(conn: sqlite3.Connection, seen: Standing, found: QuestionStanding, at: str) -> int:
    """The kept verdict that is signed: kept now where 'coi assess' has not kept the very same yet."""
    keep(conn, seen, at=at)
    row = conn.execute(
        """select id from verdicts where as_of = ? and basis = ? and reading = ? and country = ? and question_id = ?
             and inputs_digest = ? and rules_version = ? order by id desc limit 1""",
        [seen.as_of.isoformat(), seen.basis, seen.reading, found.country, found.id, found.inputs_digest,
         seen.rules_version],
    ).fetchone()  # fmt: skip
    return int(row["id"])
