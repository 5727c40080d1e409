"""Origins: what a full run, ten more documents, and a report with 1,500 notes take; and how alike translations are.

python bench/origins.py [DOCUMENTS]   (default 2000; synthetic texts of about 3.6 KB, in a home of its own)
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.figures import Figure
from review.origins_attribution import shipped_speakers
from review.origins_linking import link_new
from review.origins_types import OriginDoc
from review.origins_versions import likeness_of
from store import documents
from store.clock import utc_now
from store.db import connect, writing
from store.home import Home
from store.model import KeptNote, KeptPassage, NewVersion, SourceCard
from store.sources import sync
from tests.origins_cases import DUTCH, RUSSIAN, TEXT, WITNESS_EN, WITNESS_RU

PUBLISHERS = 40
SENTENCES = 28
NOTES = 1_500
WORDS = [f"{a}{b}{c}" for a in ("bar", "lem", "tor", "vin", "kas", "ol", "per", "sun") for b in ("a", "i", "o", "en")
         for c in ("den", "ter", "k", "lig", "mos", "r", "st", "ving")]  # fmt: skip


def cards() -> Iterator[SourceCard]:
    for n in range(PUBLISHERS):
        yield SourceCard(
            id=f"p{n}", title=f"Paper {n}", publisher=f"Paper {n}", owner=f"owner {n}", type="media", grade="B",
            grade_reason="synthetic", interests="", language="en", shape="feed", every_s=3600, terms="", homepage="",
            declaration="{}",
        )  # fmt: skip


def sentence(rng: random.Random) -> str:
    words = rng.choices(WORDS, k=rng.randint(12, 22))
    if rng.random() < 0.4:
        words[rng.randint(2, 8)] = rng.choice(WORDS).title() + rng.choice(WORDS)
    if rng.random() < 0.2:
        words[5] = str(rng.randint(10, 900))
    return " ".join(words).capitalize() + "."


def story(n: int, rng: random.Random, pool: list[list[str]]) -> NewVersion:
    """Most stories are new; one in five is taken over from an earlier one, whole or in part; some name a paper."""
    taken = rng.choice(pool) if pool and rng.random() < 0.2 else []
    parts = taken[: rng.choice((5, 15, SENTENCES))] if taken else []
    parts = parts + [sentence(rng) for _ in range(SENTENCES - len(parts))]
    if rng.random() < 0.3:
        parts[1] = f"Much of it is known already, Paper {rng.randrange(PUBLISHERS)} reports."
    pool.append(parts)
    day = date(2022, 1, 1) + timedelta(days=n // 8)
    return version(f"p{rng.randrange(PUBLISHERS)}", f"s{n}", " ".join(parts), day)


def version(source: str, key: str, text: str, day: date, passages: tuple[KeptPassage, ...] = ()) -> NewVersion:
    whole = (KeptPassage(text=text, start=0, end=len(text), language="en"),)
    return NewVersion(
        source_id=source, key=key, url=f"https://{source}.example/{key}", title=f"Story {key} of the week",
        language="en", text=text, extractor="bench", passages=passages or whole, published_on=day.isoformat(),
        published_precision="day", published_from="made up", published_confidence="normal",
    )  # fmt: skip


def report(rng: random.Random) -> NewVersion:
    """A long report with a note at each sentence, five sentences a passage."""
    text, passages = "", []
    for first in range(0, NOTES, 5):
        start, notes = len(text), []
        for n in range(first, first + 5):
            text += sentence(rng)
            story, on = rng.randrange(2000), rng.randint(1, 28)
            said = f"Paper {rng.randrange(PUBLISHERS)}, Story s{story} of the week, {on} May 2022"
            notes.append(KeptNote(number=str(n + 1), text=said, at=len(text) - start))
            text += " "
        passages.append(
            KeptPassage(text=text[start:-1], start=start, end=len(text) - 1, language="en", notes=tuple(notes))
        )
        text += "\n"
    return version("p0", "report", text, date(2022, 12, 1), tuple(passages))


def figures(*, quick: bool) -> Iterator[Figure]:
    """Processor time of each run at each size; the incremental ones beside the full run."""
    for count in (500,) if quick else (500, 2000, 8000):
        whole: tuple[float, ...] = ()
        for what, cpu in runs(count):
            yield Figure(bench="origins", what=what, size=count, of="documents", unit="CPU s", ours=(cpu,),
                         beside="full run" if whole else "", theirs=whole)  # fmt: skip
            whole = whole or (cpu,)


def main(count: int) -> None:
    for _ in runs(count):
        pass  # it prints as it goes
    alike()


def runs(count: int) -> Iterator[tuple[str, float]]:
    """(what, processor seconds) of each run over so many documents; printed as well."""
    rng = random.Random(7)  # figures that can be measured again
    pool: list[list[str]] = []
    with tempfile.TemporaryDirectory() as folder:
        conn = connect(Home(Path(folder) / "home"))
        sync(conn, list(cards()), declared_at="2022-01-01T00:00:00Z")
        keep(conn, [story(n, rng, pool) for n in range(count)])
        yield "full run", timed(conn, f"full run over {count} documents")
        keep(conn, [story(count + n, rng, pool) for n in range(10)])
        yield "10 documents more", timed(conn, f"10 documents more, incremental, against {count}")
        yield "nothing new", timed(conn, "nothing new")
        keep(conn, [report(rng)])
        yield f"a report with {NOTES} notes", timed(conn, f"one report with {NOTES} notes more")
        size = conn.execute("select count(*) from origin_keys").fetchone()[0]
        print(f"{size} keys, {size / count:.0f} a document")
        conn.close()


def keep(conn, versions: list[NewVersion]) -> None:  # type: ignore[no-untyped-def]
    with writing(conn):
        for one in versions:
            documents.keep(conn, one, capture_id=None, seen_at=utc_now(), recorded_at=utc_now())


def timed(conn, what: str) -> float:  # type: ignore[no-untyped-def]
    begin, used = time.perf_counter(), time.process_time()
    found = link_new(conn, shipped_speakers(), at=utc_now())
    wall, cpu = time.perf_counter() - begin, time.process_time() - used
    print(f"{what}: {wall:.2f} s ({cpu:.2f} s of processor time), {found} links")
    return cpu


def alike() -> None:
    """How alike the first sentences of translations are, and of other witnesses' accounts of the same event."""
    wire = OriginDoc(id="w", publisher="w", owner="w", text=TEXT)
    for name, lang, text in (
        ("translation", "nl", DUTCH), ("translation", "ru", RUSSIAN),
        ("other witnesses", "ru", WITNESS_RU), ("other witnesses", "en", WITNESS_EN),
    ):  # fmt: skip
        likeness, compared = likeness_of(wire, OriginDoc(id="x", publisher="x", owner="x", text=text, lang=lang))
        said = "no encoder is installed" if likeness is None else f"{likeness:.2f} over {compared} sentences"
        print(f"{name} ({lang}): {said}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
