"""Reading one note of a report: its words, address, author, day and the collected publishers that it can be of.

Also the keys by which reports and what they cite find each other (review/origins_index.py).
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from review.evidence_cues import LANGUAGES, fold
from review.evidence_dates import facts_dates
from review.origins_library import Library, canonical, outlets, slug
from review.origins_types import OriginDoc

HEAD = 80  # characters in which a note names its author; behind them stand titles
TITLE_WORDS = 3  # a shorter title ("Russia") stands in many notes
_ADDRESS = re.compile(r"https?://[^\s<>\"»”)\]]+|(?<![\w@.])www\.[^\s<>\"»”)\]]+", re.IGNORECASE)
_LOOKED_UP = re.compile(
    r"[\[(]?(?:(?<!\s)\s+)?(?:last |laatst )?(?:accessed|retrieved|consulted|visited|geraadpleegd|bezocht|opgevraagd"
    r"|дата обращения|дата звернення|abgerufen|consulté)\b[^;\])]*[\])]?",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^\W*(?:(?:see|zie|см\.|див\.|siehe|voir|source|bron|источник|e\.g\.|bijv\.)\W+)+", re.IGNORECASE)
_AUTHOR = re.compile(r"([^\W\d_][^,:;\"“”«»‘()\[\]\n]{1,60}?)\s*(?=[,:(]|\s[\"“«‘])")
_YEAR = re.compile(r"(?:19|20)\d\d")


@lru_cache(maxsize=8192)
def tokens_of(text: str) -> tuple[str, ...]:
    """The words of a title or a note, without regard to case and punctuation."""
    return tuple(re.findall(r"\w+", fold(text).text))


def held_keys(doc: OriginDoc) -> Iterator[str]:
    """By what notes of others can mean this document; see `noted_keys`."""
    if doc.published_on is not None:
        yield f"day {doc.publisher} {doc.published_on}"
    if len(tokens := tokens_of(doc.title)) >= TITLE_WORDS:
        yield f"title {doc.publisher} {' '.join(tokens[:TITLE_WORDS])}"


def noted_keys(doc: OriginDoc, library: Library) -> tuple[set[str], set[str]]:
    """What the notes of a document may mean, and where they stand: two sets of keys.

    First addresses, and publishers with a day or with any three words; then author and day of each, whose address
    another report's note may give.
    """
    cited, places = set(), set()
    for _, words, address, author, day, publishers in _parts(doc, library):
        if address:
            cited.add(f"url {address}")
        if author and day is not None:
            places.add(f"place {author} {day}")
        tokens = tokens_of(words) if publishers else ()
        for publisher in publishers:
            if day is not None:
                cited.add(f"day {publisher} {day}")
            for at in range(len(tokens) - TITLE_WORDS + 1):
                cited.add(f"title {publisher} {' '.join(tokens[at : at + TITLE_WORDS])}")
    return cited, places


_Part = tuple[str, str, str | None, str | None, date | None, tuple[str, ...]]


def _parts(doc: OriginDoc, library: Library) -> Iterator[_Part]:
    for note in doc.notes:
        for text in re.split(r";\s+", note.text):
            yield parsed(doc, text, library)


def parsed(doc: OriginDoc, text: str, library: Library) -> _Part:
    """One source of a note: its text, its words, address, author, day and the collected publishers it can be of."""
    raw = next((match.group().rstrip(".,;:") for match in _ADDRESS.finditer(text)), None)
    words = _LEAD.sub("", _LOOKED_UP.sub(" ", _ADDRESS.sub(" ", text)))
    publishers, author = _author(words, library.names)
    return text, words, _page(raw), author, _day(words, doc.lang, doc.published_on), publishers


def _page(raw: str | None) -> str | None:
    """The address without decoration; None for none and for a home page, which is no item."""
    if raw is None:
        return None
    full = raw if "://" in raw else f"https://{raw}"
    address = canonical(full)
    if not address:
        return None
    parts = urlsplit(full)
    return address if parts.path.strip("/") or parts.query else None


@lru_cache(maxsize=8192)
def _day(words: str, own: str, published_on: date | None) -> date | None:
    """The last day that a note gives (of a month its last day), first as the document's language reads it."""
    if not _YEAR.search(words):
        return None
    for lang in dict.fromkeys((own, *LANGUAGES)):
        if (last := facts_dates(words, lang, published_on=published_on).last) is not None:
            return last
    return None


@lru_cache(maxsize=8192)
def _author(words: str, names: tuple[tuple[str, re.Pattern[str]], ...]) -> tuple[tuple[str, ...], str | None]:
    """The collected publishers that the first-named can be, and the slug of whoever is named first."""
    folded = fold(words[:HEAD]).text
    collected = [(match.start(), p) for p, pattern in names if (match := pattern.search(folded))]
    declared = [(match.start(), key) for key, pattern in outlets() if (match := pattern.search(folded))]
    first = min([at for at, _ in collected] + [at for at, _ in declared], default=None)
    free = _AUTHOR.match(words.lstrip())
    if first is None:
        return (), slug(free[1]) if free and free[1][0].isupper() else None
    publishers = tuple(p for at, p in collected if at == first)
    key = next((key for at, key in sorted(declared) if at == first), None)
    return publishers, key or slug(publishers[0])


def has_address(text: str) -> bool:
    """Whether a note gives a web address."""
    return _ADDRESS.search(text) is not None
