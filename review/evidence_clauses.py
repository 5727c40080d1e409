"""A passage cut into sentences and clauses once for all questions, and which conditions they meet."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from review.evidence_cues import fold, sentences
from review.evidence_deployment import clauses
from review.evidence_questions import Condition, Term
from review.evidence_weighing import Span, ends_as_question

_HITS = 8  # so many places of one term are looked at
_MONTH = re.compile(
    r"(?<=\d )(?:may|march)\b|\b(?:may|march)(?= \d)|(?<= (?:in|by|of|to) )(?:may|march)\b|(?<=mid-)(?:may|march)\b"
    r"|(?<=(?:early|since|until|after|tween) )(?:may|march)\b|(?<=(?:from|late) )(?:may|march)\b"
    r"|(?<=and )(?:may|march)(?= \d|,)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A sentence or clause: its folded text, its span in the original, the number of its sentence."""

    number: int
    start: int
    end: int
    text: str
    sentence: str


@dataclass(slots=True)
class Text:
    """A passage cut up once for all questions, with what each expression finds in each unit."""

    whole: str
    units: tuple[tuple[Unit, tuple[Unit, ...]], ...]  # sentence, its clauses
    hits: dict[tuple[str, int], tuple[Span, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, lang: str) -> "Text":
        """Cut a passage into sentences and clauses; questions are left out, they answer nothing."""
        units = []
        for number, (start, end) in enumerate(sentences(text)):
            folded = _dateless(fold(text[start:end]).text, lang)
            if ends_as_question(folded):
                continue
            whole = Unit(number=number, start=start, end=end, text=folded, sentence=folded)
            parts = [
                Unit(number=number, start=a, end=b, text=_dateless(fold(text[a:b]).text, lang), sentence=folded)
                for a, b in clauses(text, start, end, lang)
            ]
            units.append((whole, tuple(parts) if len(parts) > 1 else ()))
        return cls(whole=_dateless(fold(text).text, lang), units=tuple(units))

    def find(self, term: Term, text: str) -> tuple[Span, ...]:
        """Where a term stands in a folded text; each expression is tried once on each text."""
        key = (text, id(term.regex))
        if key not in self.hits:
            found = []
            for match in term.regex.finditer(text):
                found.append(match.span())
                if len(found) == _HITS:
                    break
            self.hits[key] = tuple(found)
        return self.hits[key]

    def meets(self, condition: Condition, text: str) -> tuple[Span, ...] | None:
        """The words that meet a condition, each term in words of its own; None where it is not met."""
        for term in condition:
            if term.wide or not term.wanted:
                seen = bool(self.find(term, self.whole if term.wide else text))
                if seen != term.wanted:
                    return None
        return _apart([self.find(term, text) for term in condition if term.wanted and not term.wide])

    def first(self, conditions: Iterable[Condition], text: str) -> tuple[Span, ...] | None:
        """The words that meet the first condition that is met."""
        return next((spans for c in conditions if (spans := self.meets(c, text)) is not None), None)


def _apart(places: list[tuple[Span, ...]]) -> tuple[Span, ...] | None:
    """One place for each term so that no two share a word; None where that cannot be."""
    if not places:
        return ()
    for start, end in places[0]:
        others = [tuple(s for s in spans if s[1] <= start or end <= s[0]) for spans in places[1:]]
        rest = _apart(others) if all(others) else None
        if rest is not None:
            return ((start, end), *rest)
    return None


def _dateless(folded: str, lang: str) -> str:
    """The text with the English months that are also verbs made unreadable: "22 May" is no permission (same length)."""
    return _MONTH.sub(lambda match: match.group().replace("a", "_"), folded) if lang == "en" else folded
