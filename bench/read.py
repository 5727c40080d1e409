"""How well and how fast HTML pages and feeds are read, beside trafilatura, htmldate and feedparser alone.

python bench/read.py [--repeat 3]

All are given the same gold pages in the same run (bench/gold.py says which). Times are processor time per document,
the best of the repetitions; carry over the ratios, not the times. Exit 0 when ours is nowhere behind, or where the gold
is absent.
"""

import argparse
import io
import logging
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import fmean
from typing import Any

import feedparser
from htmldate import find_date
from trafilatura import bare_extraction, extract

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import gold
from bench.figures import Figure
from bench.site import article
from crawler.read.feed import read_feed
from crawler.read.html import read_html
from crawler.read.html_tree import parse_html
from crawler.read.model import Confidence, Precision, ReadError, Reading
from crawler.read.page_dates import page_dates
from crawler.read.text import decode, read_text

Reader = Callable[[bytes, str], Any]
FEEDS = 0.98  # share of the readable feeds that must be read
BEHIND: list[str] = []


def figures(*, quick: bool) -> Iterator[Figure]:
    """A whole reading beside trafilatura's text and metadata: made pages, and the gold pages where they are there."""
    logging.disable(logging.ERROR)
    warnings.simplefilter("ignore")
    made = [(article(number), f"https://bench.example/{number}") for number in range(40 if quick else 200)]
    yield from _beside("made pages of 15 kB", made, 3)
    if gold.REAL.is_dir():
        real = [(page.body, page.url) for page in gold.text_pages()]
        yield from _beside("gold pages of trafilatura", real[:60] if quick else real, 2 if quick else 3)


def _beside(what: str, pages: Sequence[tuple[bytes, str]], repeat: int) -> Iterator[Figure]:
    readers: tuple[Reader, ...] = (read_html, lambda b, u: bare_extraction(b, url=u, with_metadata=True))
    taken: tuple[list[float], ...] = ([], [])
    for _ in range(repeat):
        for reader, times in zip(readers, taken, strict=True):
            begin = time.process_time()
            for body, url in pages:
                reader(body, url)
            times.append((time.process_time() - begin) * 1000 / len(pages))
    yield Figure(bench="read", what=what, size=len(pages), of="pages", unit="CPU ms/page", ours=tuple(taken[0]),
                 beside="trafilatura, text and metadata", theirs=tuple(taken[1]), target=1.0)  # fmt: skip


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3)
    repeat = parser.parse_args().repeat
    if not gold.REAL.is_dir():
        print("nothing measured: the folder of gold pages is not beside this checkout (../shared/data/real)")
        return 0
    logging.disable(logging.ERROR)
    warnings.simplefilter("ignore")  # trafilatura and feedparser warn of what they find in hostile cases
    read_html(gold.text_pages()[0].body)  # loads what is loaded once
    for part in (main_text, whole_text, dates, facts, articles, feeds):
        part(repeat)
    print(f"\nbehind the peers: {'; '.join(BEHIND) if BEHIND else 'nowhere'}")
    return 1 if BEHIND else 0


def timed(reader: Reader, pages: Sequence[gold.GoldPage], repeat: int) -> tuple[list[Any], float]:
    """What a reader gives for each page, and the processor time per page in ms in its best repetition."""
    best, results = float("inf"), []
    given = [(page.body, page.url) for page in pages]
    for _ in range(repeat):
        begin = time.process_time()
        results = [reader(body, url) for body, url in given]
        best = min(best, (time.process_time() - begin) * 1000 / len(pages))
    return results, best


def table(title: str, columns: str, rows: Sequence[tuple[str, Sequence[float], float]]) -> None:
    """Print shares and times; the last column is our time against this row's. Ours comes first."""
    print(f"\n{title}\n{'':28}{columns}{'CPU ms':>9}{'ours/this':>11}")
    for name, shares, ms in rows:
        print(f"{name:28}{''.join(f'{share:11.4f}' for share in shares)}{ms:9.2f}{rows[0][2] / ms:11.2f}")


def compare(what: str, ours: float, theirs: Sequence[float]) -> None:
    """Note where ours is behind the best of the peers."""
    if theirs and ours < max(theirs) - 1e-9:
        BEHIND.append(f"{what} ({ours:.4f} against {max(theirs):.4f})")


def our_text(body: bytes, url: str) -> str:
    return read_html(body, url).text


def text_readers() -> dict[str, Reader]:
    """Main text alone; readability only where it is installed."""
    readers: dict[str, Reader] = {
        "coi read_html": our_text,
        "trafilatura.extract": lambda b, u: extract(b, url=u, include_comments=False) or "",
        "trafilatura.extract fast": lambda b, u: extract(b, url=u, include_comments=False, fast=True) or "",
    }
    if find_spec("readability"):
        document = import_module("readability").Document
        plain = gold.html.fromstring
        readers["readability"] = lambda b, u: plain(document(decode(b)[0]).summary()).text_content()
    return readers


def main_text(repeat: int) -> None:
    """Segments that must and must not be in the main text."""
    pages, rows = gold.text_pages(), []
    for name, reader in text_readers().items():
        texts, ms = timed(reader, pages, repeat)
        score = gold.segments(zip(pages, texts, strict=True))
        rows.append((name, (score.precision, score.recall, score.f1), ms))
    table(f"Main text, {len(pages)} gold pages of trafilatura (segments)",
          f"{'precision':>11}{'recall':>11}{'F1':>11}", rows)  # fmt: skip
    compare("main-text F1", rows[0][1][2], [row[1][2] for row in rows[1:]])


def whole_text(repeat: int) -> None:
    """Every word of the main text."""
    pages, rows = gold.whole_pages(), []
    for name, reader in text_readers().items():
        texts, ms = timed(reader, pages, repeat)
        scores = [gold.words(text, page.text or "") for page, text in zip(pages, texts, strict=True)]
        shares = [fmean(getattr(score, part) for score in scores) for part in ("precision", "recall", "f1")]
        rows.append((name, shares, ms))
    table(f"Main text, {len(pages)} gold pages of readability (words, mean per page)",
          f"{'precision':>11}{'recall':>11}{'F1':>11}", rows)  # fmt: skip
    compare("word F1", rows[0][1][2], [row[1][2] for row in rows[1:]])


def our_date(body: bytes, url: str) -> tuple[str | None, bool]:
    """Day and sureness as a whole reading gives them."""
    found = read_html(body, url).published
    exact = found is not None and found.precision is Precision.DAY
    return (found.day.isoformat() if found and exact else None), bool(found and found.confidence is Confidence.NORMAL)


def our_dates_alone(body: bytes, url: str) -> tuple[str | None, bool]:
    """The same without the main text: parsing and dating."""
    tree = parse_html(body, url)
    found = page_dates(tree, tree, lambda: "", url).published
    return (found.day.isoformat() if found else None), False


def dates(repeat: int) -> None:
    """Exact days of publication; a wrong day of normal confidence is worse than none."""
    pages, rows = gold.dated_pages(), []
    readers: dict[str, Reader] = {
        "coi read_html": our_date,
        "htmldate original_date": lambda b, u: (find_date(decode(b)[0], url=u, original_date=True), True),
        "htmldate default": lambda b, u: (find_date(decode(b)[0], url=u), True),
    }
    for name, reader in readers.items():
        found, ms = timed(reader, pages, repeat)
        right = sum(day == page.day for page, (day, _) in zip(pages, found, strict=True))
        sure = sum(day not in (None, page.day) and sure for page, (day, sure) in zip(pages, found, strict=True))
        rows.append((name, (right / len(pages), sure / len(pages)), ms))
    table(f"Publication day, {len(pages)} gold pages of htmldate", f"{'exact':>11}{'sure, wrong':>11}", rows)
    alone = timed(our_dates_alone, pages, repeat)[1]
    print(f"  coi parsing and machine dates alone: {alone:.2f} ms/doc, {alone / rows[1][2]:.2f} of htmldate's")
    compare("exact-date share", rows[0][1][0], [row[1][0] for row in rows[1:]])


def facts(repeat: int) -> None:
    """Title and author, text and metadata in one go."""
    pages, rows = gold.text_pages(), []
    readers: dict[str, Reader] = {
        "coi read_html": lambda b, u: ((r := read_html(b, u)).title, ", ".join(r.authors)),
        "trafilatura bare+metadata": lambda b, u: (
            (m := bare_extraction(b, url=u, with_metadata=True)).title,
            m.author,
        ),
    }
    for name, reader in readers.items():
        found, ms = timed(reader, pages, repeat)
        paired = list(zip(pages, found, strict=True))
        titles = [title == page.title for page, (title, _) in paired if page.title]
        authors = [(author or "").lower() == page.author.lower() for page, (_, author) in paired if page.author]
        rows.append((name, (fmean(titles), fmean(authors)), ms))
    table(f"Title and author, {len(pages)} gold pages of trafilatura", f"{'title':>11}{'author':>11}", rows)
    compare("title share", rows[0][1][0], [rows[1][1][0]])


def articles(repeat: int) -> None:
    """Plain texts that do not say when they were written: any day read out of one is wrong."""
    pages = gold.articles()
    found, ms = timed(lambda b, u: read_text(b, None), pages, 1)
    claimed = sum(reading.published is not None for reading in found)
    russian = sum(reading.language == "ru" for reading in found)
    print(f"\nGolunov corpus, {len(pages)} Russian articles without a date in the text: dated though {claimed}, "
          f"language right {russian}, {ms:.2f} ms/doc")  # fmt: skip


def feeds(repeat: int) -> None:
    """Every feed that feedparser alone takes for one, and how many of its entries and titles we have too."""
    bodies = [path.read_bytes() for path in gold.feeds()]
    theirs, their_ms = _parsed(lambda body: feedparser.parse(io.BytesIO(body)), bodies, repeat)
    ours, our_ms = _parsed(_feed, bodies, repeat)
    pairs = [(own, parsed) for own, parsed in zip(ours, theirs, strict=True) if parsed.version or parsed.entries]
    read = sum(own is not None and len(own.entries) >= len(parsed.entries) for own, parsed in pairs)
    titled = list(_titled(pairs))
    print(f"\nFeeds, {len(bodies)} files, {len(pairs)} that feedparser alone takes for a feed")
    print(f"  read with every entry {read} ({read / len(pairs):.4f}), titles of entries kept "
          f"{fmean(titled):.4f} of {len(titled)}, refused {sum(own is None for own in ours)}")  # fmt: skip
    print(f"  {our_ms:.2f} ms/feed against {their_ms:.2f} of feedparser alone: {our_ms / their_ms:.2f}")
    compare("feed share", read / len(pairs), [FEEDS])


def _parsed(parse: Callable[[bytes], Any], bodies: Sequence[bytes], repeat: int) -> tuple[list[Any], float]:
    best, results = float("inf"), []
    for _ in range(repeat):
        begin = time.process_time()
        results = [parse(body) for body in bodies]
        best = min(best, (time.process_time() - begin) * 1000 / len(bodies))
    return results, best


def _feed(body: bytes) -> Reading | None:
    try:
        return read_feed(body)
    except ReadError:
        return None


def _titled(pairs: Sequence[tuple[Reading | None, Any]]) -> Iterator[bool]:
    for own, parsed in pairs:
        for at, entry in enumerate(parsed.entries):
            if any(map(str.isalnum, gold.plain(entry.get("title") or ""))):
                yield own is not None and at < len(own.entries) and bool(own.entries[at].title)


if __name__ == "__main__":
    sys.exit(main())
