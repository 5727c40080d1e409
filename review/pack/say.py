"""The words of packs and briefs in one language: words.toml of this folder, and beyond it those of the site."""

import tomllib
from functools import cache
from pathlib import Path

from review.plugin.words import Words
from review.plugin.words import table as site_table

TABLE = Path(__file__).with_name("words.toml")


@cache
def table() -> dict[str, tuple[str, str]]:
    """Every key of packs with its English and Dutch words; ValueError names a key without exactly these two."""
    found = {}
    for key, both in tomllib.loads(TABLE.read_text("utf-8")).items():
        if not (isinstance(both, list) and len(both) == 2 and all(isinstance(w, str) and w.strip() for w in both)):
            raise ValueError(f"{TABLE.name}: {key!r} needs its English and its Dutch words, two strings")
        found[key] = (both[0], both[1])
    return found


class Say(Words):
    """Looks words up in one language; KeyError names a key that is in neither table."""

    def __call__(self, key: str, **values: object) -> str:
        both = table().get(key) or site_table()[key]
        return both[self._column].format(**values)
