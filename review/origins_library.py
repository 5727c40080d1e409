"""All documents, to be found by address, by publisher, by the names others use, and by what they tell of."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from review.evidence_cues import LANGUAGES, compiled, fold, vocabularies
from review.origins_facts import facts_of
from review.origins_types import NEAR_DAYS, OriginDoc

ALIKE_BEFORE, ALIKE_AFTER = 3, 1  # days from a named outlet's story to a text that has its words but no name of it
ALIKE_WORDS, ALIKE_SHARE = 4, 0.5  # content words in common, and of those of the shorter text
SHARED_FACTS = 3  # figures and names two tellings of one story have in common
LEAST_NAME = 3  # characters; shorter names are words of some language

Names = Mapping[str, frozenset[str]]  # publisher -> the names others use for it


@dataclass(frozen=True, slots=True)
class Library:
    """The documents with the tables in which they are looked up."""

    by_url: Mapping[str, OriginDoc]
    by_publisher: Mapping[str, tuple[OriginDoc, ...]]
    names: tuple[tuple[str, re.Pattern[str]], ...]  # publisher -> its names
    anyone: re.Pattern[str] | None  # any of these names, or of a declared outlet: most sentences have none
    facts: Mapping[str, frozenset[str]]  # document id -> figures and names

    @classmethod
    def of(cls, documents: Sequence[OriginDoc], names: Names | None = None) -> "Library":
        """Index the documents; of two with one address the smaller id is found. `names` where more are held."""
        by_url: dict[str, OriginDoc] = {}
        by_publisher: dict[str, list[OriginDoc]] = defaultdict(list)
        for doc in sorted(documents, key=lambda d: d.id):
            if doc.url and (address := canonical(doc.url)):
                by_url.setdefault(address, doc)
            by_publisher[doc.publisher].append(doc)
        used = names_used(documents) if names is None else names
        tables = ((publisher, compiled(sorted(known))) for publisher, known in sorted(used.items()))
        every = {name for table in (used, _declared()) for known in table.values() for name in known}
        return cls(
            by_url,
            {p: tuple(docs) for p, docs in by_publisher.items()},
            tuple((p, pattern) for p, pattern in tables if pattern is not None),
            compiled(sorted(every)),
            {doc.id: facts_of(doc.text) for doc in documents},
        )

    def linked(self, doc: OriginDoc) -> frozenset[str]:
        """Ids of the collected documents of other publishers that the document links to."""
        targets = (self.by_url.get(canonical(url) or "") for url in doc.links)
        return frozenset(t.id for t in targets if t is not None and t.id != doc.id and t.publisher != doc.publisher)

    def best(self, doc: OriginDoc, held: Sequence[OriginDoc]) -> OriginDoc | None:
        """The document with most shared figures and names within two weeks; None below the least number."""
        scored = []
        for other in held:
            if other.id == doc.id or doc.published_on is None or other.published_on is None:
                continue
            days = abs((doc.published_on - other.published_on).days)
            shared = len(self.facts[doc.id] & self.facts[other.id])
            if days <= NEAR_DAYS and shared >= SHARED_FACTS:
                scored.append((-shared, days, other.id, other))
        return min(scored, key=lambda s: s[:3])[3] if scored else None

    def alike(self, doc: OriginDoc, held: Sequence[OriginDoc], name: str) -> OriginDoc | None:
        """Of one outlet's stories of these days the one with most of the document's content words, in its language.

        The `name` by which the document calls the outlet is no word of the story.
        """
        one = content_words(doc.text) - content_words(name)
        scored = []
        for other in held:
            if other.id == doc.id or other.lang != doc.lang or doc.published_on is None or other.published_on is None:
                continue
            if not -ALIKE_AFTER <= (doc.published_on - other.published_on).days <= ALIKE_BEFORE:
                continue
            two = content_words(other.text)
            shared = len(one & two)
            if shared >= max(ALIKE_WORDS, ALIKE_SHARE * min(len(one), len(two))):
                scored.append((-shared, other.id, other))
        return min(scored, key=lambda s: s[:2])[2] if scored else None


@lru_cache(maxsize=4096)
def content_words(text: str) -> frozenset[str]:
    """The longer words of a text by their first letters, whatever their ending."""
    return frozenset(word[:6] for word in re.findall(r"[^\W\d_]{5,}", fold(text).text))


def names_used(documents: Iterable[OriginDoc]) -> Names:
    """The names of every publisher: its own, and where it is a declared outlet those in every other language."""
    found: dict[str, set[str]] = defaultdict(set)
    for doc in documents:
        found[doc.publisher] |= set(doc.names)
    return {publisher: all_names(publisher, frozenset(names)) for publisher, names in found.items()}


@lru_cache(maxsize=4096)
def all_names(publisher: str, names: frozenset[str]) -> frozenset[str]:
    """A publisher's names with those that the declared outlet of that name has ("TASS": "ТАСС")."""
    own = {name for name in names if len(name) >= LEAST_NAME}
    keys = {key for name in (publisher, *own) for key, pattern in outlets() if pattern.fullmatch(fold(name).text)}
    return frozenset(own | {alias for key in keys for alias in _declared()[key]})


def canonical(url: str) -> str | None:
    """An address without what does not identify the page: scheme, www, tracking, fragment, last slash.

    None for what is no address ("http://[bad"): one bad link in a page stops nothing, it only leads nowhere.
    """
    try:
        parts = urlsplit(url.strip().lower())
    except ValueError:
        return None
    query = "&".join(p for p in parts.query.split("&") if p and not p.startswith(("utm_", "fbclid", "ref=", "rss")))
    return parts.netloc.removeprefix("www.") + parts.path.rstrip("/") + (f"?{query}" if query else "")


def slug(name: str) -> str:
    """A name as part of a key: lower case, words joined by "-"."""
    return "-".join(re.findall(r"\w+", name.lower())) or "unnamed"


def declared_slug(name: str) -> str:
    """The key of a declared outlet with this name, else the name itself as a key."""
    folded = fold(name).text
    return next((key for key, pattern in outlets() if pattern.fullmatch(folded)), slug(name))


@lru_cache(maxsize=1)
def outlets() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The declared outlets with all their names in every language."""
    tables = ((key, compiled(sorted(patterns))) for key, patterns in sorted(_declared().items()))
    return tuple((key, pattern) for key, pattern in tables if pattern is not None)


@lru_cache(maxsize=1)
def _declared() -> Mapping[str, frozenset[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    for lang in LANGUAGES:
        table: dict[str, tuple[str, ...]] = getattr(vocabularies()["outlets"], lang)
        for key, patterns in table.items():
            names[key] |= set(patterns)
    return {key: frozenset(patterns) for key, patterns in names.items()}
