"""Newer than the decision: what was known on a decision day, frozen, and what became known since, most telling first.

Pure functions over rows. A state must deal with the newest information up to the day on which it decides (Council of
State, 24 April 2024, 202400561/1/V2); so the list of that day has a digest, and everything later says why it matters.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from hashlib import sha256
from typing import Literal

from review.method.outcome import Outcome

Kind = Literal["answer", "withdrawn", "taken back", "watershed", "resolution", "report", "edited", "unread"]
Stance = Literal["contradicts", "differs", "first", "agrees", "none"]
OFFICIAL = frozenset({"official_country_report", "eu_agency"})


class Tier(IntEnum):
    """What comes first on the list; a lower number goes before a higher."""

    STATUS = 1  # computed: a status would be another
    TEST = 2  # computed: one of the three tests would be
    CONTRADICTS = 3  # two or more steps from what was known, or its opposite
    DIFFERS = 4  # another answer, or the first one
    ONE_SHORT = 5  # agrees, where one more origin would raise the status
    REPORT = 6  # an official report, or a general event
    UNREAD = 7  # nobody has read it yet; by predicted relevance
    OTHER = 8  # repeats what was known


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One answer of one passage, and since when it was known. Row numbers are of this database and in no digest."""

    id: str  # by what it is: see rows.evidence_id
    question: str
    origin: str
    answer: str
    directness: str
    decision: str
    source_id: str
    document_key: str
    text_sha256: str
    start: int
    end: int
    published_on: str
    known_on: date
    facts_from: str | None
    facts_to: str | None
    origin_label: str = ""
    publisher: str = ""
    source_type: str = ""
    title: str = ""
    quote: str = ""
    language: str | None = None
    page: int | None = None
    document_id: int = 0
    passage_id: int = 0


DIGESTED = (
    "id", "question", "origin", "answer", "directness", "decision", "source_id", "document_key", "text_sha256", "start",
    "end", "published_on", "known_on", "facts_from", "facts_to",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What would be another: a question's status, or one of its tests, on a day."""

    question: str
    what: str  # status, current, unambiguous, reliable
    before: str
    after: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing on the list: all that one origin newly says on one question, or an event, a report, an unread passage.

    `added`: what changes when it joins what was known on the decision day. `left_out`: what changes when it is missing
    from all that is known on the last day. `dealt_with`: the later act of the state, or the sign-off, that came after.
    """

    kind: Kind
    known_on: date
    questions: tuple[str, ...] = ()
    deciding: bool = False
    title: str = ""
    publisher: str = ""
    source_type: str = ""
    document_id: int | None = None
    passage_id: int | None = None
    quote: str = ""
    language: str | None = None
    page: int | None = None
    origin: str = ""
    answer: str = ""
    rows: tuple[Known, ...] = ()
    added: tuple[Change, ...] = ()
    left_out: tuple[Change, ...] = ()
    tried: bool = True  # False: too many origins, not computed
    stance: Stance = "none"
    before: tuple[str, ...] = ()  # the answers of that day that `stance` is about
    weak: bool = False  # graded D-F, or a value that never votes: shown, changes nothing
    one_short: bool = False
    score: float | None = None
    dealt_with: str | None = None
    rank: int = 0  # 1 is first; 0 until ranked

    @property
    def official(self) -> bool:
        """Whether it stands in an official country report or one of an EU agency."""
        return self.source_type in OFFICIAL or any(row.source_type in OFFICIAL for row in self.rows)

    @property
    def tier(self) -> Tier:
        """Why it stands where it does, by the strongest of its grounds."""
        changes = {change.what for change in (*self.added, *self.left_out)}
        if "status" in changes:
            return Tier.STATUS
        if changes:
            return Tier.TEST
        if self.stance == "contradicts":
            return Tier.CONTRADICTS
        if self.stance in ("differs", "first"):
            return Tier.DIFFERS
        if self.kind == "unread":
            return Tier.UNREAD
        if self.one_short and self.stance == "agrees":
            return Tier.ONE_SHORT
        return Tier.REPORT if self.official or self.kind == "watershed" else Tier.OTHER


def split(rows: Iterable[Known], on: date, until: date) -> tuple[tuple[Known, ...], tuple[Known, ...]]:
    """What was known on a day, and what became known after it by another; together all that was known by then.

    What became known after `until` is in neither. Each is in the order of its day, then by id.
    """
    order = sorted(rows, key=lambda row: (row.known_on, row.question, row.id))
    return tuple(row for row in order if row.known_on <= on), tuple(row for row in order if on < row.known_on <= until)


def digest(rows: Iterable[Known]) -> str:
    """The hash of a list of answers: the same rows give the same 64 hexadecimal digits, on any machine, in any order.

    It is the SHA-256 of canonical JSON: an array of objects with the keys of DIGESTED, keys sorted, no spaces, days in
    ISO 8601, sorted by their text.
    """
    lines = {
        json.dumps(
            {name: getattr(row, name) for name in DIGESTED},
            sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str,
        )
        for row in rows
    }  # fmt: skip
    return sha256(f"[{','.join(sorted(lines))}]".encode()).hexdigest()


def changes(question: str, before: Outcome, after: Outcome) -> tuple[Change, ...]:
    """What differs between two outcomes of one question on one day: its status first, then the three tests."""
    pairs = [
        ("status", before.status.value, after.status.value),
        ("current", before.current.result.value, after.current.result.value),
        ("unambiguous", before.unambiguous.result.value, after.unambiguous.result.value),
        ("reliable", before.reliable.result.value, after.reliable.result.value),
    ]
    return tuple(
        Change(question=question, what=what, before=one, after=other, on=after.as_of)
        for what, one, other in pairs
        if one != other
    )


def ranked(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries with their place: by tier; then those that vote, deciding questions, likelier passages, newer ones.

    A predicted relevance counts twice where the question is one origin short. The order in which they come does not
    matter.
    """

    def place(one: Entry) -> tuple[object, ...]:
        likely = (one.score or 0.0) * (2 if one.one_short else 1)
        named = (one.kind, one.questions, one.origin, one.title, one.quote, one.document_id or 0, one.passage_id or 0)
        return (one.tier, one.weak, not one.deciding, -likely, -one.known_on.toordinal(), *named)

    return tuple(replace(one, rank=n) for n, one in enumerate(sorted(entries, key=place), start=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealing:
    """An act of the state on the information, or a sign-off of one question (`question` None: of all)."""

    on: date
    said: str
    question: str | None = None


def dealt_with(entry: Entry, dealings: Sequence[Dealing]) -> str | None:
    """The first act that came on or after the day on which it became known and covers all its questions; else None.

    A decision must deal with what was known up to its own day, that day included.
    """
    for one in sorted(dealings, key=lambda one: (one.on, one.said)):
        covers = one.question is None or (bool(entry.questions) and set(entry.questions) <= {one.question})
        if covers and one.on >= entry.known_on:
            return f"{one.said} {one.on}"
    return None
