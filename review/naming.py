"""Reasons by name: which document is background, and whose voice is weak, so that a reader need not look it up."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from review.method.codes import answer_nl
from review.method.model import Watershed
from review.standing import Item

PARTY = ("a party to the conflict", "partij bij het conflict")
REPORTED = ("as reported by", "zoals bericht door")
EN, NL = 0, 1
MOST = 6  # names in one sentence; the page lists all of them


def named(items: Sequence[Item], watersheds: Sequence[Watershed], as_of: date) -> Iterator[tuple[str, str]]:
    """Sentences in English and Dutch on the items that do not vote: each document once, each voice once an origin."""
    cuts = [event for event in watersheds if event.on <= as_of and not event.announced]
    if cuts and (names := _names(items, "background", EN)):
        last = cuts[-1]
        yield (
            f"Background, with facts older than {last.on} ({last.title}): {names}.",
            f"Achtergrond, met feiten van voor {last.on} ({last.title}): {_names(items, 'background', NL)}.",
        )
    if names := _names(items, "weak voice", EN):
        yield (
            f"Weak voices, shown without a vote (grade D to F, or a party to the conflict): {names}.",
            "Zwakke stemmen, getoond zonder stem (graad D tot F, of partij bij het conflict): "
            f"{_names(items, 'weak voice', NL)}.",
        )


def readable(text: str, labels: Mapping[str, str]) -> str:
    """A reason with the names of its origins in place of their keys."""
    for key in sorted(labels, key=len, reverse=True):
        text = text.replace(key, labels[key])
    return text


def _names(items: Sequence[Item], role: str, language: int) -> str:
    """The documents in one role, newest first: publisher, title, day, answer.

    Where publishers hand on the words of a declared voice, that voice with its publishers: once for each origin.
    """
    found: dict[object, list[Item]] = {}
    for item in sorted(items, key=lambda i: (i.published_on or "", i.document_id), reverse=True):
        if item.role == role:
            key = (item.origin, item.speaker, item.answer) if item.speaker else item.document_id
            found.setdefault(key, []).append(item)
    shown = [_name(of, language) for of in list(found.values())[:MOST]]
    more = [f"+ {len(found) - MOST}"] if len(found) > MOST else []
    return "; ".join([*shown, *more])


def _name(of: Sequence[Item], language: int) -> str:
    """One document, or one voice with all who report it and the day of the first report."""
    first = of[0]
    party = f", {PARTY[language]}" if first.source_type == "party_to_the_conflict" else ""
    answer = answer_nl(first.answer) if language == NL else first.answer
    if not first.speaker:
        return f"{first.publisher}, “{first.title}”, {first.published_on} ({answer}{party})"
    outlets = ", ".join(dict.fromkeys(item.publisher for item in of))
    return f"{first.speaker}, {REPORTED[language]} {outlets}, {of[-1].published_on} ({answer}{party})"
