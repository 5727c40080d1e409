"""Cases for the method's tests: a short way to write one by hand, and a nasty way to draw one at random."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from review.method.model import (
    Basis,
    Case,
    Decision,
    Directness,
    Evidence,
    Gate,
    Grade,
    Kind,
    Question,
    Reading,
    Resolution,
    Resolved,
    Side,
    Source,
    SourceType,
    Watershed,
)

EXTENT = ("none", "isolated", "regular", "systematic")
TODAY = date(2022, 6, 29)


def source(name: str, grade: str = "B", kind: SourceType = SourceType.MEDIA, **more) -> Source:
    """Write one card; its owner group is its own name unless said otherwise."""
    return Source(**({"id": name, "grade": Grade(grade), "type": kind, "owner": name} | more))


def said(name: str, by: str, answer: str = "isolated", facts: str | None = "2022-06-01", **more) -> Evidence:
    """Write one piece of evidence: direct, accepted, published on 2022-06-10, an origin of its own."""
    fields = {
        "id": name,
        "source": by,
        "origin": f"o-{name}",
        "answer": answer,
        "facts_to": date.fromisoformat(facts) if facts else None,
        "published_on": date(2022, 6, 10),
        "directness": Directness.DIRECT,
        "decision": Decision.ACCEPTED,
    }
    return Evidence(**(fields | more))


def case(sources, evidence, **more) -> Case:
    """Write one case on G1.3 as of 2022-06-29 with a window of 90 days."""
    question = Question(id="G1.3", scale=EXTENT, window_days=90)
    fields = {"as_of": TODAY, "reading": Reading.REVIEWED, "question": question}
    return Case(**(fields | {"sources": tuple(sources), "evidence": tuple(evidence)} | more))


def enough() -> Case:
    """Write the smallest case that is sufficient: three houses of two kinds agree, one saw it, a week ago already."""
    houses = [source("wire"), source("paper"), source("monitor", kind=SourceType.NGO)]
    return case(houses, [said("a", "wire"), said("b", "paper"), said("c", "monitor")])


def add(base: Case, *rows: Evidence, sources: tuple[Source, ...] = ()) -> Case:
    """Return the case with more rows."""
    return replace(base, evidence=base.evidence + rows, sources=base.sources + sources)


# --- at random: few days, few names, so that everything collides ---
# One Random per example, drawn by hypothesis: a thousand rows cost less than one drawn field by field.

START = date(2022, 1, 1)
WINDOW = 20
LAST = 60
GRADES = tuple(Grade(letter) for letter in "AABBCCDEF")


def a_day(rng: Random, low: int = 0, high: int = LAST) -> date:
    """Return a day near the others."""
    return START + timedelta(days=rng.randint(low, high))


def a_date(rng: Random) -> date:
    """Return a day, sometimes the last of a month: what a month-only date becomes."""
    return rng.choice([date(2022, 1, 31), date(2022, 2, 28)]) if rng.random() < 0.2 else a_day(rng)


def a_source(rng: Random, name: str, grades=GRADES) -> Source:
    """Return a card: few owners, so that groups collide."""
    return Source(
        id=name,
        grade=rng.choice(grades),
        type=rng.choice(list(SourceType)),
        owner=rng.choice(["o1", "o2", "o3", "o4"]),
        party=rng.random() < 0.25,
        regular_mandate=rng.random() < 0.5,
    )


def a_row(rng: Random, name: str, sources: list[str], answers: list[str], kind: Kind, **fixed) -> Evidence:
    """Return a piece of evidence on few days, places and origins."""

    def rarely(value, often=None, share=0.12):
        return value if rng.random() < share else often

    enacted = kind is Kind.LAW and rng.random() < 0.5
    directness = rng.choice(list(Directness))
    return Evidence(
        **{
            "id": name,
            "source": rng.choice(sources),
            "origin": rng.choice(["p", "q", "r", "t", "u", "v", "w", None]),
            "answer": rng.choice(answers),
            "published_on": a_date(rng),
            "published_certain": rng.random() < 0.7,
            "directness": Directness.DIRECT if enacted and directness is Directness.REPORTED else directness,
            "decision": rarely(rng.choice(list(Decision)), Decision.ACCEPTED, 0.3),
            "facts_to": rarely(a_date(rng), share=0.7),
            "period_to": rarely(a_date(rng), share=0.3),
            "whole_period": rng.random() < 0.5,
            "ongoing": rng.random() < 0.3,
            "no_change_to": rarely(a_day(rng), share=0.3),
            "place": rng.choice([None, None, "front", "border"]),
            "subgroup": rng.choice([None, None, None, "young"]),
            "against_interest": rng.random() < 0.3,
            "neighbour": rng.random() < 0.08,
            "promise": rng.random() < 0.08,
            "merge_proposed": rarely(rng.choice("pq")),
            "known_on": rarely(a_day(rng), share=0.4),
            "official_text": enacted,
            "verified_on": a_day(rng) if enacted and rng.random() < 0.7 else None,
        }
        | fixed
    )


QUESTIONS = (
    Question(id="q", scale=EXTENT, window_days=WINDOW),
    Question(id="q", scale=(*EXTENT, "unknown"), window_days=WINDOW, opposite=(("isolated", "regular"),)),
    Question(id="q", scale=("yes", "no"), window_days=WINDOW, kind=Kind.PRACTICE),
    Question(id="q", scale=("yes", "partly", "no", "unclear"), window_days=WINDOW, kind=Kind.LAW),
)


def answers_of(question: Question) -> list[str]:
    """Return values to draw from: mostly the first two, so that agreement happens, and some that never vote."""
    return [*question.scale[:1] * 6, *question.scale[:2] * 2, *question.scale, "unknown", "mixed"]


def a_resolution(rng: Random, ids: list[str]) -> Resolution:
    """Return a resolution between two rows."""
    a, b = rng.sample(ids, 2)
    return Resolution(
        a=(a,),
        b=(b,),
        resolution=rng.choice([None, *Resolved]),
        side=rng.choice([None, Side.A, Side.B]),
        decided_on=rng.choice([None, a_day(rng)]),
    )


def a_case(rng: Random) -> Case:
    """Return a case: ties, month dates, watersheds, resolutions, law, parties, admissions, gates, merges.

    Half of them are tame (well graded, plainly dated, agreeing), so that every status is met often.
    """
    question = rng.choice(QUESTIONS)
    tame = rng.random() < 0.6
    grades = (Grade.A, Grade.B, Grade.C) if tame else GRADES
    sources = tuple(a_source(rng, f"s{number}", grades) for number in range(rng.randint(4 if tame else 2, 6)))
    answers = answers_of(question) + list(question.scale[:1]) * (30 if tame else 0)
    names, evidence = [card.id for card in sources], []
    for number in range(rng.randint(5 if tame else 0, 10)):
        plain = {}
        if tame and rng.random() < 0.8:
            told = a_day(rng, 30, 50)
            plain = {"facts_to": told, "published_on": told, "directness": Directness.DIRECT, "known_on": None}
            plain |= {"decision": Decision.ACCEPTED, "merge_proposed": None, "neighbour": False, "promise": False}
        if tame and question.kind is Kind.LAW and number == 0:
            plain |= {"official_text": True, "verified_on": a_day(rng, 30), "directness": Directness.DIRECT}
        evidence.append(a_row(rng, f"e{number}", names, answers, question.kind, **plain))
    ids = [row.id for row in evidence]
    return Case(
        as_of=a_day(rng, 35 if tame else 20, 65),
        reading=rng.choice(list(Reading)),
        question=question,
        sources=sources,
        evidence=tuple(evidence),
        watersheds=tuple(
            Watershed(on=a_day(rng), title="event", announced=rng.random() < 0.3)
            for _ in range(rng.choice([0, 0, 0, 1] if tame else [0, 1, 1, 2]))
        ),
        resolutions=tuple(a_resolution(rng, ids) for _ in range(rng.choice([0, 0, 1, 2]))) if len(ids) > 1 else (),
        gates_closed=frozenset({rng.choice(list(Gate))} if rng.random() < 0.15 else ()),
        basis=rng.choice([Basis.PUBLIC, Basis.PUBLIC, Basis.HELD]),
        known_gap=rng.random() < 0.15,
        full_coverage=rng.random() < 0.5,
        reporting_bias=rng.random() < 0.3,
    )
