"""Real pages and feeds with the answers that others gave them, and how a reader is scored on them.

The files lie beside the checkout (../shared/data/real): the gold pages of trafilatura, htmldate and readability, the
articles of the Golunov corpus, and the feeds of four feed parsers.
"""

import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import html

REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "real"
_FEEDS = ("kagisearch__fastfeedparser", "kurtmckee__feedparser", "danmactough__node-feedparser", "miniflux__v2",
          "adbar__trafilatura/resources")  # fmt: skip
_FEED_NAMES = frozenset([".xml", ".atom", ".rss", ".gz", ".z"])
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldPage:
    """One page and what others say that a reader must find in it; None and empty where they say nothing."""

    path: Path
    url: str
    wanted: tuple[str, ...] = ()  # segments of the main text
    unwanted: tuple[str, ...] = ()  # segments of everything else
    title: str | None = None
    author: str | None = None
    day: str | None = None  # ISO day of publication
    text: str | None = None  # the whole main text

    @property
    def body(self) -> bytes:
        return self.path.read_bytes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Shares between 0 and 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def text_pages(real: Path = REAL) -> list[GoldPage]:
    """The gold pages of trafilatura: segments, title, author, date."""
    folder = real / "adbar__trafilatura"
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    return [
        GoldPage(path=folder / "pages" / f["file"], url=url, wanted=tuple(f["with"]), unwanted=tuple(f["without"]),
                 title=f.get("title") or None, author=f.get("author") or None, day=f.get("date") or None)
        for url, f in gold.items()
    ]  # fmt: skip


def dated_pages(real: Path = REAL) -> list[GoldPage]:
    """The gold pages of htmldate: publication days."""
    folder = real / "adbar__htmldate"
    gold = json.loads((folder / "gold-dates.json").read_text(encoding="utf-8"))
    return [GoldPage(path=folder / facts["page"], url=url, day=facts["date"]) for url, facts in gold.items()]


def whole_pages(real: Path = REAL) -> list[GoldPage]:
    """The gold pages of readability: the whole main text."""
    return [
        GoldPage(path=folder / "source.html", url=f"https://{folder.name}.example/page",
                 text=html.fromstring((folder / "expected.html").read_bytes().decode("utf-8")).text_content())
        for folder in sorted((real / "mozilla__readability").iterdir())
        if (folder / "expected.html").is_file()
    ]  # fmt: skip


def articles(real: Path = REAL) -> list[GoldPage]:
    """Russian articles as plain text: title and day are known, but do not stand in the text."""
    folder = real / "sysblok__corpus_golunov_articles"
    with (folder / "index.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pages = [
        GoldPage(path=folder / "corpus" / row["file"], url=row["file"], title=row["title"], day=row["date"])
        for row in rows
    ]
    return [page for page in pages if page.path.stat().st_size]


def feeds(real: Path = REAL) -> list[Path]:
    """Every file among the feed parsers' cases that may be a feed."""
    return [
        path for name in _FEEDS for path in sorted((real / name).rglob("*"))
        if path.suffix in _FEED_NAMES and not path.name.startswith("sitemap")
    ]  # fmt: skip


def segments(found: Iterable[tuple[GoldPage, str]]) -> Score:
    """Precision and recall as trafilatura's own evaluation counts them: each wanted segment that the text holds is a
    true positive, each unwanted one that it holds a false one."""
    right = missed = wrong = 0
    for page, text in found:
        kept = sum(segment in text for segment in page.wanted)
        right, missed = right + kept, missed + len(page.wanted) - kept
        wrong += sum(segment in text for segment in page.unwanted)
    return Score(precision=right / max(1, right + wrong), recall=right / max(1, right + missed))


def words(text: str, expected: str) -> Score:
    """How many of the words of one text the other has, each as often as it stands there."""
    ours, theirs = Counter(_WORD.findall(text.lower())), Counter(_WORD.findall(expected.lower()))
    common = (ours & theirs).total()
    return Score(precision=common / max(1, ours.total()), recall=common / max(1, theirs.total()))


def digest(paths: Sequence[Path], real: Path = REAL) -> str:
    """SHA-256 over names and bytes of files, in order: figures are about these and no others."""
    total = hashlib.sha256()
    for path in paths:
        name = path.resolve().relative_to(real.resolve()).as_posix()
        total.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def plain(markup: str) -> str:
    """The words of a piece of HTML."""
    return html.fragment_fromstring(f"<div>{markup}</div>").text_content() if "<" in markup else markup
