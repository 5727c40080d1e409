"""Texts that name each other's publishers in a circle (method §3 rule 5), and one key for one agency in one text."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from review.origins_library import ALIKE_AFTER, ALIKE_BEFORE, Library, content_words, declared_slug, slug
from review.origins_mentions import Mention
from review.origins_types import CARRIERS, NEWS_CHARACTERS, OriginDoc, OriginLink, Rule

LONGEST = 5  # texts in a circle; store/origin_keys.py looks as far
WORDS, SHARE = 3, 0.4  # content words in common, and of those of the shorter text
Named = Callable[[OriginDoc], Sequence[Mention]]


def rounds(
    documents: Sequence[OriginDoc], library: Library, named: Named, wanted: Collection[str]
) -> Iterator[OriginLink]:
    """Yield for each wanted text in a circle the step to the next: A cites B, B cites C, C cites A, of these days.

    Nobody in it has the story from elsewhere than from each other, whatever day they are of; so they are one origin.
    """
    for doc in documents:
        if doc.key not in wanted:
            continue
        path = _back(doc, doc, (), library, named)
        if path:
            chain = " -> ".join((doc.publisher, *(other.publisher for other in path)))
            yield OriginLink(
                child=doc.key, parent=path[0].key, label=path[0].title or path[0].id, rule=Rule.ATTRIBUTION,
                why=f"They name each other: {chain}.",
            )  # fmt: skip


def _back(
    first: OriginDoc, at: OriginDoc, path: tuple[OriginDoc, ...], library: Library, named: Named
) -> tuple[OriginDoc, ...]:
    """The shortest way by names from a text back to itself; empty where there is none."""
    if len(path) >= LONGEST:
        return ()
    found = []
    for other in _next(at, library, named):
        if other.id == first.id and path:
            return (*path, other)
        if other.id != first.id and other not in path:
            found.append(_back(first, other, (*path, other), library, named))
    ways = [way for way in found if way]
    return min(ways, key=lambda way: (len(way), [doc.id for doc in way])) if ways else ()


def _next(doc: OriginDoc, library: Library, named: Named) -> Iterator[OriginDoc]:
    """The texts that a news item may mean by the publishers it hands over to, of these days and on this subject."""
    if doc.published_on is None or doc.type in CARRIERS or len(doc.text) > NEWS_CHARACTERS:
        return
    publishers = sorted({m.publisher for m in named(doc) if m.lead and m.publisher is not None})
    for publisher in publishers:
        for other in library.by_publisher.get(publisher, ()):
            if other.published_on is None or len(other.text) > NEWS_CHARACTERS:
                continue
            if -ALIKE_AFTER <= (doc.published_on - other.published_on).days <= ALIKE_BEFORE and _alike(doc, other):
                yield other


def _alike(one: OriginDoc, two: OriginDoc) -> bool:
    if one.lang != two.lang:
        return True  # their words cannot be compared; the days and the names can
    words = content_words(one.text), content_words(two.text)
    return len(words[0] & words[1]) >= max(WORDS, SHARE * min(map(len, words)))


def one_place(steps: Sequence[OriginLink], held: Mapping[str, OriginDoc]) -> Iterator[OriginLink]:
    """The steps, where a text that leads to an agency's page leads nowhere else for that agency."""
    pages: dict[tuple[str, str], OriginDoc] = {}
    for step in sorted(steps, key=lambda s: (s.child, -s.strength, s.parent)):
        page = held.get(step.parent)
        if page is not None and step.rule in (Rule.HYPERLINK, Rule.ATTRIBUTION, Rule.WIRE):
            for name in (page.publisher, *page.names):
                pages.setdefault((step.child, f"named:{slug(name)}"), page)
                pages.setdefault((step.child, f"named:{declared_slug(name)}"), page)
    for step in steps:
        page = pages.get((step.child, step.parent))
        yield replace(step, parent=page.key, label=page.title or page.id) if page is not None else step
