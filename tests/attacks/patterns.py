"""ReDoS: every pattern that the crawler, the review and the store compile, against texts made to send it back and back.

For each repeated part of a pattern: what leads to it, the part many times over, and an end that does not fit. A
pattern whose time grows faster than the text shows in the larger of two sizes.
"""

import importlib
import inspect
import pkgutil
import re
import re._constants as sre  # the names of re's own parse tree
import re._parser as parser
import signal
from collections.abc import Iterator
from functools import partial
from types import ModuleType
from typing import Any

import crawler
import review
import store
from tests.attacks import Attack, clock

SMALL, LARGE = 2_000, 16_000  # characters
MOST_S = 1.0  # for the larger; a linear pattern needs a few milliseconds
# What a pattern is never asked more of, by a limit that stands in the code: (characters, where).
LIMITS = {
    "review.origins_called._APPOSED": (300, "NAME_CHARACTERS"),
    "review.origins_called._BEFORE": (300, "NAME_CHARACTERS"),
    "crawler.read.marks._MARK": (0, "crawler.read.clean strikes both characters from whatever a publisher writes"),
}
NOT_OURS = ("review.learned.train",)


def patterns() -> Iterator[Attack]:
    """One attack for each pattern and each of its repeated parts."""
    for where, pattern in sorted(compiled().items()):
        for number, (lead, pump) in enumerate(sorted(pumps(pattern))):
            yield (
                f"{where} {number}: {pump!r} over and over",
                partial(_tried, pattern, way(where), lead, pump, LIMITS.get(where.partition("[")[0], (LARGE, ""))[0]),
            )


def compiled() -> dict[str, re.Pattern[Any]]:
    """Every pattern that stands in a module, by its name there."""
    found: dict[str, re.Pattern[Any]] = {}
    for module in modules():
        for name, value in vars(module).items():
            values = value if isinstance(value, (tuple, list)) else [value]
            for number, one in enumerate(values):
                if isinstance(one, re.Pattern) and not any(one is known for known in found.values()):
                    found[f"{module.__name__}.{name}[{number}]"] = one
    return found


def modules() -> Iterator[ModuleType]:
    """Every module of ours that can be imported without an optional part."""
    for package in (crawler, review, store):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if info.name in NOT_OURS or info.name.endswith("__main__"):
                continue
            try:
                yield importlib.import_module(info.name)
            except ImportError:  # a part of an extra that is not installed
                continue


def pumps(pattern: re.Pattern[Any]) -> set[tuple[str, str]]:
    """(what leads to a repeated part, that part once) for each of them."""
    found: set[tuple[str, str]] = set()
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    _walk(tree, "", found)
    return {(lead[:60], pump[:20]) for lead, pump in found if pump}


def _walk(tree: Any, lead: str, found: set[tuple[str, str]]) -> str:
    """Note the repeated parts of a parse tree; return a text that the tree fits."""
    said = ""
    for op, value in tree:
        said += _one(op, value, lead + said, found)
    return said


def _one(op: Any, value: Any, lead: str, found: set[tuple[str, str]]) -> str:
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, most, inner = value
        once = _walk(inner, lead, found)
        if most > 8:
            found.add((lead, once))
            found.add(("", lead[-12:] + once))
        return once * max(least, 1)
    if op is sre.SUBPATTERN:
        return _walk(value[-1], lead, found)
    if op is sre.ATOMIC_GROUP:
        return _walk(value, lead, found)
    if op is sre.BRANCH:
        said = [_walk(branch, lead, found) for branch in value[1]]  # of each branch the repeated parts are noted
        return said[0]
    if op is sre.LITERAL:
        return chr(value)
    if op is sre.NOT_LITERAL:
        return "a" if value != ord("a") else "b"
    if op is sre.IN:
        return _member(value)
    return "a" if op is sre.ANY else ""


def _member(items: Any) -> str:
    """A character of a class."""
    known = {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a", sre.CATEGORY_NOT_SPACE: "a"}
    if items[0][0] is sre.NEGATE:
        closed = {chr(value) for op, value in items[1:] if op is sre.LITERAL}
        spaces = any(value is sre.CATEGORY_SPACE for op, value in items[1:] if op is sre.CATEGORY)
        return next((c for c in "a1 <-." if c not in closed and not (spaces and c == " ")), "x")
    op, value = items[0]
    if op is sre.LITERAL:
        return chr(value)
    return chr(value[0]) if op is sre.RANGE else known.get(value, "-")


def way(where: str) -> str:
    """How its module asks a pattern: from the beginning of a text where it never searches."""
    module, _, name = where.partition("[")[0].rpartition(".")
    source = inspect.getsource(importlib.import_module(module))
    uses = set(re.findall(rf"\b{name}\.(fullmatch|match|search|sub|subn|split|findall|finditer)\b", source))
    return uses.pop() if len(uses) == 1 and uses <= {"fullmatch", "match"} else "search"


def _tried(pattern: re.Pattern[Any], how: str, lead: str, pump: str, most: int = LARGE) -> str:
    """'' where the time for a text stays small also for one that is eight times as long, or as long as it may be."""
    for size in sorted({min(SMALL, most), most}):
        text: Any = lead + pump * (size // len(pump)) + "\x00!"
        if isinstance(pattern.pattern, bytes):
            text = text.encode("utf-8", "replace")
        began = clock()
        signal.setitimer(signal.ITIMER_PROF, 5 * MOST_S)  # re looks for signals while it goes back and back
        getattr(pattern, how)(text)
        took = clock() - began
        if took > (MOST_S if size > SMALL else MOST_S / 8):
            return f"{took:.2f} s for {size} characters"
    return ""
