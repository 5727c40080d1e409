"""Do two people who do not see each other's answers agree? Krippendorff's alpha and the share coded twice (method §7).

The coefficient is nltk's (Apache-2.0), at the nominal level: answers are the same or they are not. That is stricter
than an ordinal distance, and `not_relevant`, which is no place on a scale, needs no invented distance.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from review.method.thresholds import RULES
from review.method.words import Said
from store.clock import END_OF_TIME

Unit = tuple[int, str]  # passage and question


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What was measured on one question, or on several together. Blind codings only; `unsure` is no answer."""

    accepted: int  # passages (for a question each) that a person accepted evidence of
    accepted_twice: int  # of these, coded by two people or more
    coded_twice: int  # of all
    coders: int
    raw: float | None  # share of pairs of coders that gave the same answer, over what was accepted and coded twice
    alpha: float | None  # over everything coded twice; None where nothing was

    @property
    def share_twice(self) -> float:
        """The share of what was accepted that was coded twice; 1 where nothing was accepted."""
        return self.accepted_twice / self.accepted if self.accepted else 1.0

    @property
    def small(self) -> bool:
        """Under ten accepted passages: all are to be coded twice, and raw agreement replaces alpha."""
        return self.accepted < RULES.gate_small_set

    @property
    def closes(self) -> bool:
        """Whether the gate double_coding is closed (method §7)."""
        if not self.accepted:
            return False
        if self.small:
            return self.accepted_twice < self.accepted or (self.raw or 0.0) < RULES.gate_raw_agreement
        return self.share_twice < RULES.gate_double_coded or (self.alpha or 0.0) < RULES.gate_alpha

    @property
    def said(self) -> Said:
        """The measurement in one sentence, in both languages."""
        if not self.accepted:
            return Said(en="double coding: nothing was accepted yet", nl="dubbele codering: nog niets aanvaard")
        en = f"double coding: {self.accepted_twice} of {self.accepted} accepted passages coded by two people"
        nl = (
            f"dubbele codering: {self.accepted_twice} van {self.accepted} aanvaarde passages door twee mensen gecodeerd"
        )
        if self.small and self.raw is not None:
            en, nl = f"{en}, raw agreement {self.raw:.2f}", f"{nl}, ruwe overeenstemming {self.raw:.2f}"
        elif not self.small and self.alpha is not None:
            en, nl = f"{en}, alpha {self.alpha:.2f}", f"{nl}, alfa {self.alpha:.2f}"
        return Said(en=en, nl=nl)


def alpha_of(units: Mapping[Unit, Mapping[str, str]]) -> float | None:
    """Krippendorff's alpha, nominal, of answers by unit and coder; None where no unit has two answers.

    Without any variation among the answers it counts as 1 (method §7).
    """
    rows = [
        (coder, f"{unit[0]} {unit[1]}", answer)
        for unit, answers in units.items()
        if len(answers) >= 2
        for coder, answer in answers.items()
    ]
    if not rows:
        return None
    if len({answer for _, _, answer in rows}) == 1:
        return 1.0
    from nltk.metrics.agreement import AnnotationTask  # takes a third of a second

    return float(AnnotationTask(data=rows).alpha())


def raw_of(units: Iterable[Mapping[str, str]]) -> float | None:
    """The share of pairs of coders that gave the same answer to the same unit; None where there is no pair.

    >>> raw_of([{"anna": "none", "ben": "none"}, {"anna": "none", "ben": "isolated"}])
    0.5
    """
    pairs = [one == other for answers in units for one, other in combinations(answers.values(), 2)]
    return sum(pairs) / len(pairs) if pairs else None


def measure(conn: sqlite3.Connection, country: str, questions: Sequence[str], *, until: str = END_OF_TIME) -> Agreement:
    """Measure what people coded and accepted on some questions of a country up to an instant."""
    return measure_all(conn, country, {"": questions}, until=until)[""]


def measure_all(
    conn: sqlite3.Connection, country: str, pools: Mapping[str, Sequence[str]], *, until: str = END_OF_TIME
) -> Mapping[str, Agreement]:
    """Measure several pools of questions of one country at once, by the name of the pool. Two statements in all.

    Answers to an earlier version of a question answer another question and do not count.
    """
    pool_of = {question: name for name, questions in pools.items() for question in questions}
    bound = {"country": country, "until": until, "only": json.dumps(sorted(pool_of))}
    units: dict[str, dict[Unit, dict[str, str]]] = {name: defaultdict(dict) for name in pools}
    for row in conn.execute(_CODED, bound):
        answers = units[pool_of[row["question_id"]]][row["passage_id"], row["question_id"]]
        answers[row["coder"]] = row["answer"]
    accepted: dict[str, set[Unit]] = {name: set() for name in pools}
    for row in conn.execute(_ACCEPTED, bound):
        accepted[pool_of[row["question_id"]]].add((row["passage_id"], row["question_id"]))
    return {name: _agreement(units[name], accepted[name]) for name in pools}


_CODED = """
select c.passage_id, c.question_id, c.answer, coi_person(c.actor) as coder from codings c
where c.country = :country and c.question_id in (select value from json_each(:only)) and c.blind = 1
  and c.answer <> 'unsure' and c.coded_at <= :until
  and c.question_version = (select max(q.version) from questions q where q.id = c.question_id) order by c.id
"""
_ACCEPTED = """
select distinct e.passage_id, e.question_id from evidence e
join evidence_decisions d on d.decision = 'accept' and d.id = (
  select max(n.id) from evidence_decisions n where n.evidence_id = e.id and n.decided_at <= :until)
where e.country = :country and e.question_id in (select value from json_each(:only))
  and e.question_version = (select max(q.version) from questions q where q.id = e.question_id)
"""


def _agreement(units: Mapping[Unit, Mapping[str, str]], accepted: set[Unit]) -> Agreement:
    twice = {unit: answers for unit, answers in units.items() if len(answers) >= 2}
    return Agreement(
        accepted=len(accepted),
        accepted_twice=sum(unit in twice for unit in accepted),
        coded_twice=len(twice),
        coders=len({coder for answers in units.values() for coder in answers}),
        raw=raw_of(answers for unit, answers in twice.items() if unit in accepted),
        alpha=alpha_of(twice),
    )
