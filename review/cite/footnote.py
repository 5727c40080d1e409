"""The footnote of COI reports: publisher, author, title, day with its origin, address, page, capture and hash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from review.cite.clean import address, line
from store.references import Reference

if TYPE_CHECKING:
    from review.plugin.words import Words  # its import loads the site

SHORT_HASH = 16  # hexadecimal digits where the whole hash stands elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a citation: plain words, a title (set in italics), or an address (may be a link)."""

    text: str
    kind: str = "plain"
    language: str | None = None


def footnote(ref: Reference, words: Words, *, digits: int = 64, before: str = "") -> tuple[Part, ...]:
    """The citation in full, as parts. `digits` of the hash; `before` opens it.

    The order is that of EUAA and Dutch country reports: who, what, when, where, page; then the capture.
    """
    lead = f"{before}{line(ref.publisher)}{_authors(ref)}, "
    parts = [Part(text=lead), Part(text=_title(ref, words), kind="title", language=ref.language)]
    parts.append(Part(text=f"{_tongue(ref, words)}, {_day(ref, words)}{_page(ref, words)}"))
    if url := address(ref.url):
        parts += [Part(text=", "), Part(text=url, kind="address")]
    capture = _capture(ref, words, digits)
    parts.append(Part(text=f", {capture}" if capture.endswith("…") else f", {capture}."))
    return tuple(parts)


def again(ref: Reference, words: Words, number: int) -> tuple[Part, ...]:
    """The same document once more: short, with the number of the note that has it in full."""
    shown = (Part(text=f"{line(ref.publisher)}, "), Part(text=_title(ref, words), kind="title", language=ref.language))
    day = words.day(ref.published_on, ref.published_precision) if ref.published_on else words("cite.undated")
    return (*shown, Part(text=f", {day}{_page(ref, words)} ({words('cite.above', n=number)})."))


def short(ref: Reference, words: Words, *, title: int = 110) -> tuple[Part, ...]:
    """Who, what, when and which page on little room; a title is cut to so many characters."""
    named = _title(ref, words)
    named = named if len(named) <= title else f"{named[: title - 1].rsplit(' ', 1)[0]}…"
    shown = Part(text=named, kind="title", language=ref.language)
    return (Part(text=f"{line(ref.publisher)}, "), shown, Part(text=f", {_day(ref, words)}{_page(ref, words)}"))


def plain(parts: Iterable[Part]) -> str:
    """A citation as one line of text."""
    return "".join(part.text for part in parts)


def _authors(ref: Reference) -> str:
    names = [name for one in ref.authors if (name := line(one)) and name.casefold() != line(ref.publisher).casefold()]
    return f" ({'; '.join(names)})" if names else ""


def _title(ref: Reference, words: Words) -> str:
    return line(ref.title) or words("doc.untitled")


def _tongue(ref: Reference, words: Words) -> str:
    foreign = ref.language and ref.language.partition("-")[0] != words.language
    return f" [{words.tongue(ref.language)}]" if foreign else ""


def _day(ref: Reference, words: Words) -> str:
    if not ref.published_on:
        return words("cite.no_date", day=words.day(ref.public_on))
    day = words.day(ref.published_on, ref.published_precision)
    said = [words("cite.date_from", origin=line(ref.published_from))] if ref.published_from else []
    said += [words("cite.unsure")] if ref.published_confidence == "low" else []
    if ref.modified_on and ref.modified_on != ref.published_on:
        said.append(words("cite.modified", day=words.day(ref.modified_on)))
    return f"{day} ({'; '.join(said)})" if said else day


def _page(ref: Reference, words: Words) -> str:
    if ref.page:
        return f", {words('cite.page', n=ref.page)}"
    return f", {words('cite.under', heading=line(ref.heading))}" if line(ref.heading) else ""


def _capture(ref: Reference, words: Words, digits: int) -> str:
    return ", ".join(_custody(ref, words, digits))


def _custody(ref: Reference, words: Words, digits: int) -> Iterator[str]:
    """When the bytes were captured and their hash; of text that came by hand since when it is held, and its hash."""
    if ref.fetched_at and ref.sha256:
        yield words("cite.captured", at=_moment(ref.fetched_at))
        yield f"SHA-256 {_cut(ref.sha256, digits)}"
    else:
        yield words("cite.by_hand", at=_moment(ref.recorded_at))
        yield words("cite.text_hash", hash=_cut(ref.text_sha256, digits))


def _moment(instant: str) -> str:
    return f"{datetime.fromisoformat(instant):%Y-%m-%d %H:%M} UTC"


def _cut(digest: str, digits: int) -> str:
    return digest if digits >= len(digest) else f"{digest[:digits]}…"
