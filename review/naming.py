"""Reasons by name: which document is background, and whose voice is weak, so that a reader need not look it up."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from review.method.codes import answer_nl
from review.method.model import Watershed
from review.standing import Item

PARTY, PARTY_NL = "a party to the conflict", "partij bij het conflict"
MOST = 6  # names in one sentence; the page lists all of them


def named(items: Sequence[Item], watersheds: Sequence[Watershed], as_of: date) -> Iterator[tuple[str, str]]:
    """Sentences in English and Dutch on the items that do not vote, each document once."""
    cuts = [event for event in watersheds if event.on <= as_of and not event.announced]
    if cuts and (names := _names(items, "background", PARTY)):
        last = cuts[-1]
        names_nl = _names(items, "background", PARTY_NL, answer_nl)
        yield (
            f"Background, with facts older than {last.on} ({last.title}): {names}.",
            f"Achtergrond, met feiten van voor {last.on} ({last.title}): {names_nl}.",
        )
    if names := _names(items, "weak voice", PARTY):
        yield (
            f"Weak voices, shown without a vote (grade D to F, or a party to the conflict): {names}.",
            "Zwakke stemmen, getoond zonder stem (graad D tot F, of partij bij het conflict): "
            f"{_names(items, 'weak voice', PARTY_NL, answer_nl)}.",
        )


def readable(text: str, labels: Mapping[str, str]) -> str:
    """A reason with the names of its origins in place of their keys."""
    for key in sorted(labels, key=len, reverse=True):
        text = text.replace(key, labels[key])
    return text


def _names(items: Sequence[Item], role: str, party_word: str, word: Callable[[str], str] = str) -> str:
    """The documents in one role, newest first: publisher, title, day, answer."""
    found: dict[int, str] = {}
    for item in sorted(items, key=lambda i: (i.published_on or "", i.document_id), reverse=True):
        if item.role == role:
            party = f", {party_word}" if item.source_type == "party_to_the_conflict" else ""
            said = f"{item.publisher}, “{item.title}”, {item.published_on} ({word(item.answer)}{party})"
            found.setdefault(item.document_id, said)
    shown = list(found.values())[:MOST]
    more = [f"+ {len(found) - MOST}"] if len(found) > MOST else []
    return "; ".join([*shown, *more])
