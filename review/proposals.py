"""Does a state's text impose, extend or end a moratorium? A pure reading, with the words that each field was read from.

It proposes and never decides: what it reads waits for a person (review.proposals_people). Dutch and English.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from review.proposals_dates import last_of
from review.proposals_reading import Paper as Paper
from review.proposals_reading import Reading, Sentence, Span

RULES_VERSION = "1"
# The first that is said stands, by the words of its list: "it runs out (lapses), I extend it" extends.
ACTS = (("ends", "ends"), ("extends", "extends"), ("ends", "lapses"), ("opens", "opens"))
LONGEST = 60_000  # characters of a document that are read: a decision stands at its head
NEAR = 8  # sentences after the one that decides, in which its days, length and halves may stand
_SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?=\w)[^.!?\n]+)*[.!?]?")
_WORDS = Path(__file__).with_name("proposals.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a text seems to decide. Days are inclusive; None: not read."""

    act: str
    state: str
    country: str | None
    group_said: str
    halves: tuple[str, ...]
    decided_on: date | None
    first_day: date | None
    last_day: date | None
    months: int | None
    legal_basis: str
    spans: tuple[Span, ...]


def propose(paper: Paper) -> Proposal | None:
    """What the paper decides of a moratorium; None where it decides nothing, or speaks neither Dutch nor English."""
    words = _words().get(paper.language)
    if words is None:
        return None
    text = paper.text[:LONGEST]
    sentences = [Sentence(text=hit[0], start=hit.start()) for hit in _SENTENCE.finditer(text) if hit[0].strip()]
    found = _decides(sentences, words)
    if found is None:
        return None
    act, at = found
    near = sentences[at : at + 1 + NEAR]
    reading = Reading(paper=paper, words=words, near=near, before=sentences[max(at - 2, 0) : at])
    spans = [Span(field="act", value=act, said=near[0].text.strip(), start=near[0].start, end=_end(near[0]))]
    group, country = reading.group(), reading.country()
    first, last, months = reading.first_day(act), reading.last_day(), reading.months()
    if last is None and first is not None and months is not None:
        counted = last_of(date.fromisoformat(first.value), int(months.value))
        last = Span(field="last_day", value=counted.isoformat(), said=f"{first.said} + {months.said}")
    halves = reading.halves()
    basis = reading.basis(text)
    decided = reading.decided(text)
    spans += [one for one in (country, group, decided, first, last, months, basis) if one]
    spans.append(Span(field="halves", value=", ".join(halves), said=near[0].text.strip()[:80]))
    if first and last and first.value > last.value:  # two days that do not belong together: a person looks
        first = None
    return Proposal(
        act=act,
        state=paper.state,
        country=country.value if country else None,
        group_said=group.said if group else "",
        halves=halves,
        decided_on=_day(decided),
        first_day=_day(first),
        last_day=_day(last),
        months=int(months.value) if months else None,
        legal_basis=basis.said if basis else "",
        spans=tuple(spans),
    )


def _decides(sentences: Sequence[Sentence], words: dict[str, Any]) -> tuple[str, int] | None:
    """The act that the text performs, and the sentence that does. Recalling, asking and wishing are no acts."""
    for act, said in ACTS:
        for at, sentence in enumerate(sentences):
            about = sentences[at - 1].text + " " + sentence.text if at else sentence.text
            if not _any(words[said], sentence.text) or not _any(words["topic"], about):
                continue
            if _any(words["told"], sentence.text) or sentence.text.rstrip().endswith("?"):
                continue
            if (
                act == "extends"
                and "moratori" not in sentence.text.lower()
                and _any([words["other_terms"]], sentence.text)
            ):
                continue  # a period for decisions is lengthened, not the moratorium
            return act, at
    return None


def _end(sentence: Sentence) -> int:
    return sentence.start + len(sentence.text)


def _day(span: Span | None) -> date | None:
    return date.fromisoformat(span.value) if span else None


def _any(patterns: Sequence[str], text: str) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_WORDS.read_text("utf-8"))
