"""Make the verdicts of a day and keep them: of today only what can have changed, of a day in the past all of them."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from review import marks, signing
from review.assess import countries_asked
from review.beside import subgroups_of
from review.collecting import Collected, collect, speakers_of
from review.declarations import Speaker
from review.gates import Crawled
from review.judging import judge_all
from review.keeping import keep_verdicts
from review.marks import Marks, Pair
from review.method.model import Basis, Reading
from review.showing import question_standing
from review.standing import QuestionStanding, Signed
from review.stored import looked_at
from review.touched import Touched, touched
from store.db import writing
from store.errors import ForPeople

AT_ONCE = 800  # questions of one country that are judged together: bounds the memory


class NotYet(ForPeople, ValueError):
    """A day that has not come cannot be judged: its verdict would stand as the newest until it comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """What a run did: of so many questions how many were judged and why, and how many verdicts are new."""

    as_of: date
    basis: str
    questions: int
    judged: int
    new: int
    why: Mapping[str, int]  # questions by the first reason that was found for them

    @property
    def said(self) -> str:
        """In one line."""
        because = ", ".join(f"{count} {reason}" for reason, count in self.why.items()) or "nothing has changed"
        return (
            f"as of {self.as_of} ({self.basis}): {self.judged} of {self.questions} questions judged ({because}); "
            f"{self.new} new verdicts"
        )


def assess(
    conn: sqlite3.Connection, *, as_of: date, basis: str, at: str, today: date | None = None, everything: bool = False
) -> Assessed:
    """Judge in both readings what can have changed since the last run, and keep the verdicts.

    A day in the past is judged whole, one that has not come is refused (NotYet). Verdicts are kept country by country;
    how far all was judged is written last, so that a killed run is made again. `everything`: judge all, whatever the
    marks say.
    """
    on = Basis(basis)
    if as_of > (today or datetime.now(UTC).date()):
        raise NotYet(f"as of {as_of}: that day has not come yet; nothing is known of it")
    conn.execute("begin")  # one state of the database; what comes in meanwhile is behind the marks of the next run
    try:
        old = marks.read(conn, basis)
        day = today or datetime.now(UTC).date()  # after the snapshot began: nothing in it is of a later day
        live = as_of >= day
        looked = looked_at(conn, as_of, on, day)
        new = marks.now(conn, looked, old if live else None)
        found = _touched(conn, old, new, basis, live=live, everything=everything)
        wanted = _wanted(conn, found)
        total = conn.execute("select count(distinct id) from questions where group_id is not null").fetchone()[0]
    finally:
        conn.execute("rollback")
    run = _Run(conn, as_of, on, day, at, looked[0].sources, speakers_of(conn))
    for country, questions in wanted.items():
        run.judge(country, questions, found)
    _keep_marks(conn, run, old, new, live=live, everything=bool(found.everything))
    return Assessed(
        as_of=as_of, basis=basis, questions=total, judged=len(run.judged), new=run.new, why=dict(run.why.most_common())
    )


def _touched(
    conn: sqlite3.Connection, old: Marks | None, new: Marks, basis: str, *, live: bool, everything: bool
) -> Touched:
    if everything:
        return Touched(everything="asked for")
    if not live:
        return Touched(everything="a day in the past")
    if old is None:
        return Touched(everything="the first run")
    return touched(conn, old, new, basis)


def _keep_marks(
    conn: sqlite3.Connection, run: "_Run", old: Marks | None, new: Marks, *, live: bool, everything: bool
) -> None:
    """Say how far all is judged. Where another run has ended meanwhile nobody knows whose verdicts are the newest."""
    basis = run.basis.value
    with writing(conn):
        if not live:
            marks.stood_over(conn, basis, run.as_of)
        elif marks.read(conn, basis) != old:
            marks.forget(conn, basis)
        else:
            before = old.unlinked if old and not everything else ()
            waiting = run.unlinked.union(pair for pair in before if pair not in run.judged)
            marks.keep(conn, basis, replace(new, unlinked=tuple(sorted(waiting))))


def _wanted(conn: sqlite3.Connection, found: Touched) -> dict[str, list[str] | None]:
    """The questions to judge by country; None: all of the country."""
    if found.everything:
        return dict.fromkeys(countries_asked(conn))
    by_country: dict[str, set[str]] = defaultdict(set)
    for country, question in (*found.both, *found.reviewed):
        by_country[country].add(question)
    return {country: sorted(questions) for country, questions in sorted(by_country.items())}


class _Run:
    """One run over countries."""

    def __init__(
        self, conn: sqlite3.Connection, as_of: date, basis: Basis, today: date, at: str,
        sources: Mapping[str, tuple[Crawled, ...]], speakers: Mapping[str, Speaker],
    ) -> None:  # fmt: skip
        self.conn, self.as_of, self.basis, self.today, self.at = conn, as_of, basis, today, at
        self.sources, self.speakers = sources, speakers
        self.judged: set[Pair] = set()
        self.unlinked: set[Pair] = set()
        self.why: Counter[str] = Counter()
        self.new = 0

    def judge(self, country: str, questions: Sequence[str] | None, found: Touched) -> None:
        """Judge a country, or some of its questions, and keep the verdicts."""
        parts: Iterable[Sequence[str] | None] = [questions]
        if questions is not None:
            parts = [questions[n : n + AT_ONCE] for n in range(0, len(questions), AT_ONCE)]
        for part in parts:
            standings = self._standings(country, part, found)
            with writing(self.conn):
                for reading, made in standings.items():
                    self.new += keep_verdicts(
                        self.conn, made, as_of=self.as_of, basis=self.basis, reading=reading, at=self.at
                    )

    def _standings(
        self, country: str, questions: Sequence[str] | None, found: Touched
    ) -> dict[Reading, list[QuestionStanding]]:
        self.conn.execute("begin")
        try:
            held = collect(
                self.conn, country, as_of=self.as_of, basis=self.basis, today=self.today, speakers=self.speakers,
                reviewed=True, questions=questions, sources=self.sources.get(country, ()),
            )  # fmt: skip
            signed = self._signed(held)
            about = subgroups_of(self.conn, country)
        finally:
            self.conn.execute("rollback")
        mine = [one.question.id for one in held.questions if one.group]
        for question in mine:
            pair = (country, question)
            self.judged.add(pair)
            self.why[found.everything or found.both.get(pair) or found.reviewed[pair]] += 1
            known = [one.evidence.get(question, ()) for one in (held, held.before) if one]
            if any(not row.linked for rows in known for row in rows):
                self.unlinked.add(pair)
        both = {question for question in mine if found.everything or (country, question) in found.both}
        asked = {Reading.PROVISIONAL: both, Reading.REVIEWED: set(mine)}
        return {
            reading: [
                question_standing(judged, signed.get(judged.asked.question.id), about.get(judged.asked.question.id, ()))
                for judged in judge_all(held, reading, only=only)
            ]
            for reading, only in asked.items()
        }

    def _signed(self, held: Collected) -> dict[str, Signed]:
        """What was signed about the questions: their stored sentences say so."""
        known = {one.question.id: one.watersheds for one in held.questions}
        return signing.in_force(self.conn, held.country, self.as_of, known)
