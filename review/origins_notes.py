"""Footnotes as attributions: the sentence before a mark has its statement from what the note names (method §3 rule 4).

A note leads to a document held here by its address, by its publisher and title, or by publisher and day; else to a key
of its own ("cited:<address>" or "cited:<author>:<day>"), the same for every report that cites the same thing.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from review.evidence_cues import sentences
from review.origins_cites import TITLE_WORDS, has_address, parsed, tokens_of
from review.origins_library import Library
from review.origins_types import OriginDoc, OriginLink, OriginNote, Rule

MOST_LABEL = 160  # characters of a note that name an origin which is not held
MOST_SENTENCE = 3_000  # characters before a mark in which its sentence begins
TITLE_DAYS = 31  # a series gives each month's report one title
_SAME = re.compile(
    r"\W*(?:ibid(?:em)?|idem|id\.|там же|там само|ebenda|ebd|zelfde bron|t\.?a\.?p\.)(?!\w)", re.IGNORECASE
)
_BACK = re.compile(
    r"(?<!\w)(?:(?:foot|voet)?(?:note|noot)\s+(?:nr\.?\s*)?(\d{1,3})\b|сноск\w+\s+(\d{1,3})\b|виноск\w+\s+(\d{1,3})\b"
    r"|(?:supra|fn\.?|n\.)\s+(\d{1,3})\b)",
    re.IGNORECASE,
)
# It points elsewhere, or contradicts: no source of the statement (method §3 rule 6).
_NO_SOURCE = re.compile(
    r"^\W*(?:(?:but|maar|но|aber)\s+)?(?:see (?:also|further|however|section|chapter|paragraph|annex)|cf\b|compare"
    r"|contra\b|zie (?:ook|echter|verder|paragraaf|hoofdstuk|bijlage)|vgl\b|vergelijk|см\. также|ср\.|див\. також"
    r"|siehe auch|voir aussi)|contrary to|contradict|disput|in tegenspraak|anders dan|вопреки|опроверг|entgegen"
    r"|contrairement",
    re.IGNORECASE,
)
# What the compiler was told: no publication that others could cite as well.
_TOLD = re.compile(
    r"interview|e-?mail|telephone|conversation|meeting|confidential|anonymous|vertrouwelijk|gesprek|telefonisch"
    r"|интервью|беседа|разговор|анонимн|gespräch|vertraulich|entretien",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“«‘‹„][^\"”»’›“]{8,}[\"”»’›“]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cite:
    """What one note names: a held document, or an address, or an author with a day."""

    label: str
    held: OriginDoc | None
    address: str | None
    author: str | None
    day: date | None


def footnotes(documents: Sequence[OriginDoc], library: Library) -> Iterator[OriginLink]:
    """Yield for each statement with a readable note where it comes from, in a fixed order."""
    found = [(doc, note, cite) for doc in documents for note, cite in _cites(doc, library)]
    known = _addresses(cite for _, _, cite in found)
    for doc, note, cite in found:
        span = statement(doc, note)
        parent = _key(cite, known)
        if span is None or parent is None or parent == doc.key:
            continue
        why = f"Footnote {note.number}: {_short(note.text)}"
        yield OriginLink(
            child=doc.key, parent=parent, label=cite.held.title or cite.held.id if cite.held else cite.label,
            rule=Rule.FOOTNOTE, start=span[0], end=span[1], why=why,
        )  # fmt: skip


def statement(doc: OriginDoc, note: OriginNote) -> tuple[int, int] | None:
    """The stretch of the document's text that a note is about: the sentence before its mark, from the last mark on.

    None where no words stand before the mark in its passage.
    """
    since = max(note.since, note.at - MOST_SENTENCE)
    before = [start for start, _ in sentences(doc.text[since : note.at])]
    if not before:
        return None
    start = since + before[-1]
    first = bisect_right(doc.notes, start, key=lambda other: other.at)
    marks = (other.at for other in doc.notes[first : bisect_left(doc.notes, note.at, key=lambda other: other.at)])
    start = max((at for at in marks if re.search(r"\w\W+\w", doc.text[at : note.at])), default=start)
    start += len(doc.text[start : note.at]) - len(doc.text[start : note.at].lstrip())
    return (start, note.at) if start < note.at else None


def _cites(doc: OriginDoc, library: Library) -> Iterator[tuple[OriginNote, _Cite]]:
    """Each note of a document with what it names; "ibid." names what the note before it does."""
    by_number: dict[str, _Cite | None] = {}
    last: tuple[str, _Cite | None] = ("", None)
    for note in doc.notes:
        if note.number == last[0] and note.number in by_number:
            cite = last[1]  # cited again
        elif _SAME.match(note.text):
            cite = last[1] if _follows(last[0], note.number) else None
        elif (back := _BACK.search(note.text)) and not has_address(note.text):
            cite = by_number.get(next(group for group in back.groups() if group))
        else:
            cite = _read(doc, note.text, library)
        last = (note.number, cite)
        by_number[note.number] = cite
        if cite is not None:
            yield note, cite


def _follows(number: str, following: str) -> bool:
    """Whether no note was lost between two: "ibid." behind a gap could be anybody's."""
    if number.isdecimal() and following.isdecimal():
        return int(following) == int(number) + 1 or following == "1"
    return bool(number)


def _read(doc: OriginDoc, text: str, library: Library) -> _Cite | None:
    """What a note names: of several sources the first that is held, else the first that can be recognised."""
    parts = (part for part in re.split(r";\s+", text) if not _NO_SOURCE.search(part))
    cites = [cite for part in parts if (cite := _source(doc, part, library)) is not None]
    return next((cite for cite in cites if cite.held), cites[0] if cites else None)


def _source(doc: OriginDoc, text: str, library: Library) -> _Cite | None:
    """One source of a note; None for what names none, or only somebody the compiler spoke with."""
    _, words, address, author, day, publishers = parsed(doc, text, library)
    if address is None and _TOLD.search(words):
        return None
    held = library.by_url.get(address) if address else None
    held = held or _held(
        words, [d for p in publishers for d in library.by_publisher.get(p, ())], day, alone=address is None
    )
    if held is not None and _later(held, doc):
        held = None
    if held is None and address is None and (author is None or day is None):
        return None
    return _Cite(label=_short(text), held=held, address=address, author=author, day=day)


def _held(words: str, candidates: Sequence[OriginDoc], day: date | None, *, alone: bool) -> OriginDoc | None:
    """The document of the named publisher that a note means: by its title, or as the only one of that day.

    The day alone says nothing where the note gives another title, or an address (`alone` is False) that is not held.
    """
    said = f" {' '.join(tokens_of(words))} "
    titled = [
        d for d in candidates
        if len(tokens := tokens_of(d.title)) >= TITLE_WORDS and f" {' '.join(tokens)} " in said and _near(d, day)
    ]  # fmt: skip
    if titled:
        return min(titled, key=lambda d: (d.published_on != day, d.id))
    same_day = [d for d in candidates if day is not None and d.published_on == day]
    return same_day[0] if alone and len(same_day) == 1 and not _QUOTED.search(words) else None


def _near(doc: OriginDoc, day: date | None) -> bool:
    return day is None or doc.published_on is None or abs((doc.published_on - day).days) <= TITLE_DAYS


def _later(held: OriginDoc, doc: OriginDoc) -> bool:
    """Whether the document found is younger than the one that is said to cite it."""
    return held.published_on is not None and doc.published_on is not None and held.published_on > doc.published_on


def _addresses(cites: Iterator[_Cite]) -> Mapping[tuple[str, date], str]:
    """Author and day -> the key of what some note cites with its address; a held document goes first."""
    found: dict[tuple[str, date], tuple[bool, str]] = {}
    for cite in cites:
        if cite.author and cite.day and cite.address:
            place = (cite.author, cite.day)
            key = (cite.held is None, cite.held.key if cite.held else f"cited:{cite.address}")
            found[place] = min(found.get(place, key), key)
    return {place: key for place, (_, key) in found.items()}


def _key(cite: _Cite, known: Mapping[tuple[str, date], str]) -> str | None:
    if cite.held is not None:
        return cite.held.key
    if cite.address:
        return f"cited:{cite.address}"
    if cite.author is None or cite.day is None:
        return None
    return known.get((cite.author, cite.day), f"cited:{cite.author}:{cite.day.isoformat()}")


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= MOST_LABEL else plain[: MOST_LABEL - 1] + "…"
