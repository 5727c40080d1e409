"""Versions of one story in other languages that do not say so: same week, same figures, dates and names (§3 rule 3)."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from review.origins_copies import age
from review.origins_facts import dates_of
from review.origins_types import CARRIERS, NEWS_CHARACTERS, Certainty, OriginDoc, OriginLink, Rule

VERSION_DAYS = 7
FACTS = 3  # in common; one less where both appeared on one day
SHARE = 1 / 3  # of the figures and names of the shorter story: two stories of one war always share some


def versions(
    documents: Sequence[OriginDoc], facts: Mapping[str, frozenset[str]], known: set[tuple[str, str]]
) -> Iterator[OriginLink]:
    """Propose for each story the earlier one in another language with which it shares most.

    `facts` are the figures and names by document id; pairs of keys in `known` are linked already.
    """
    ordered = [d for d in sorted(documents, key=age) if _is_news(d)]
    dates = cache(lambda number: dates_of(ordered[number].text, ordered[number].lang))
    seen: dict[str, list[int]] = defaultdict(list)
    for number, doc in enumerate(ordered):
        shared: Counter[int] = Counter()
        for fact in facts[doc.id]:
            for other in reversed(seen[fact]):  # the newest first: the first too old ends the search
                if _days(doc, ordered[other]) > VERSION_DAYS:
                    break
                shared[other] += ordered[other].lang != doc.lang
            seen[fact].append(number)
        found = []
        for other, names in shared.items():
            common = names + len(dates(number) & dates(other)) if names else 0
            smaller = min(len(facts[doc.id]), len(facts[ordered[other].id]))
            least = FACTS - 1 if _days(doc, ordered[other]) == 0 else FACTS
            if common >= max(least, SHARE * smaller):
                found.append((-common, other))
        if found:
            common, other = min(found)
            if (doc.key, ordered[other].key) not in known:
                yield _proposed(doc, ordered[other], -common)


def _is_news(doc: OriginDoc) -> bool:
    return doc.published_on is not None and doc.type not in CARRIERS and len(doc.text) <= NEWS_CHARACTERS


def _days(one: OriginDoc, two: OriginDoc) -> int:
    """Days between two publications; both are dated here."""
    return abs(((one.published_on or date.min) - (two.published_on or date.min)).days)


def _proposed(doc: OriginDoc, other: OriginDoc, common: int) -> OriginLink:
    return OriginLink(
        child=doc.key, parent=other.key, label=other.title or other.id, rule=Rule.TRANSLATION,
        certainty=Certainty.PROPOSED, strength=common,
        why=f"Within a week and in another language ({other.lang}), {common} figures, dates and names in common.",
    )  # fmt: skip
