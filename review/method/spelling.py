"""One name for one thing: how it is spelt never decides whether two voices are independent (method §3)."""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Return a name as it reads: without case, invisible signs, compatibility forms, and more than single blanks."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(sign for sign in plain if unicodedata.category(sign) != "Cf").split())


def one_spelling(names: Iterable[str]) -> Mapping[str, str]:
    """Return for each name the one spelling that stands for all that read the same: the plainest, or first as text."""
    found, first = sorted(set(names), key=lambda name: (name != folded(name), name)), dict[str, str]()
    for name in found:
        first.setdefault(folded(name), name)
    return {name: first[folded(name)] for name in found}


def parts(place: str) -> frozenset[str]:
    """Return what a place written with commas is made of: "Donetsk, Ukraine" holds "ukraine"."""
    return frozenset(part for part in (folded(one) for one in place.split(",")) if part)
