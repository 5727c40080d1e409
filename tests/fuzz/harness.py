"""What a harness is, and where its seeds come from: saved pages of the sources, and real files beside the checkout."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz import mutate

PROJECT = Path(__file__).resolve().parents[2]
CASES = PROJECT / "tests" / "sources"
REAL = PROJECT.parent / "shared" / "data" / "real"
_MOST_SEEDS = 400

Read = Callable[[int, bytes], object]
"""Reads a body one of several ways (numbered from 0) and checks the rules; what it gives is compared with itself."""


@dataclass(frozen=True, kw_only=True)
class Harness:
    """One reader under fire. `executions` is its share of a whole run."""

    name: str
    executions: int
    make: Callable[[], Read]
    seeds: Callable[[], Iterable[tuple[int, bytes]]]
    allowed: tuple[str, ...] = ("crawler.read.model.ReadError",)
    mutator: mutate.Mutator | None = None
    words: tuple[str, ...] = field(default=())  # tokens of the format, for libFuzzer's dictionary
    ways: int = 1
    most_bytes: int = 8192
    rss_mb: int = 1024


XML = (
    '<?xml version="1.0" encoding="', "utf-8", "UTF-16", "koi8-r", "windows-1251", "hex", "rot13", "punycode", "idna",
    "undefined", "<!DOCTYPE", "<!ENTITY", "SYSTEM", "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>", "&#x0;", "&amp;",
    "xmlns=", 'xmlns:a="', "</", "/>",
)  # fmt: skip
JSON = (
    "null", "true", "NaN", "Infinity", "1e999", "[]", "{}", "\\u0000", "\\ud800", '":', '","', '":[', '":{', "-1",
    "99999999999999999999",
)  # fmt: skip
DATES = (
    "2022-09-28", "2022-09-28T23:30:00Z", "0001-01-01", "9999-12-31", "+99:99", "-23:59", "GMT", "28 september 2022",
    "28 сентября 2022", "Sept. 28, 2022", "Last update:", "20220928T101500Z", "2022-W39",
)  # fmt: skip


def cases(*shapes: str, file: str = "page") -> Iterator[bytes]:
    """The saved files of the sources of these shapes; of all for none."""
    from crawler.source import load_sources

    for name, source in sorted(load_sources().items()):
        if (not shapes or source.shape.value in shapes) and (CASES / name).is_dir():
            yield from (p.read_bytes() for p in sorted((CASES / name).iterdir()) if p.stem == file)


def real(*patterns: str, most_bytes: int) -> Iterator[bytes]:
    """Real files beside the checkout, evenly taken where there are many; none where that folder is absent."""
    found = [p for pattern in patterns for p in sorted(REAL.glob(pattern)) if p.is_file()]
    fitting = [p for p in found if 0 < p.stat().st_size <= most_bytes]
    step = max(1, -(-len(fitting) // _MOST_SEEDS))
    yield from (p.read_bytes() for p in fitting[::step])


def each_way(bodies: Iterable[bytes], ways: int = 1) -> Iterator[tuple[int, bytes]]:
    """The bodies, handed round the ways to read them."""
    return ((number % ways, body) for number, body in enumerate(bodies))
