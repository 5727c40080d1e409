"""Search at size, beside SQLite's own FTS5 with no help: python bench/search.py [--passages N] [--folder DIR].

Makes a database of synthetic passages (words drawn by Zipf's law in six languages, real inflected words among them),
through the project's own schema and lemma code, and times searches on it. "bare" is `select rowid from fts where fts
match ? order by bm25(fts) limit 20` on the same table, over the column `text` alone, in the same run; "forms" says that
ours also finds the other forms of the word. Vectors are random unit vectors of 512 dimensions.
"""

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate, islice
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.figures import Figure
from store import facets, search, vectors
from store.db import connect
from store.home import Home
from store.lemmas import lemmas_of
from store.search import Wanted
from store.sources import sync
from store.vectors import signs_of
from tests.conftest import card

LANGUAGES = ("nl", "en", "ru", "uk", "de", "fr")
REAL = {
    "nl": "deserteur deserteurs dienstplichtige dienstplichtigen weigeraar weigeraars soldaat soldaten grens oproep",
    "en": "deserter deserters conscript conscripts objector objectors soldier soldiers border summons",
    "ru": "дезертир дезертиры призывник призывников срочник срочников солдат солдаты граница повестка",
    "uk": "дезертир дезертири призовник призовників строковик строковиків солдат солдати кордон повістка",
    "de": "Deserteur Deserteure Wehrpflichtiger Wehrpflichtige Verweigerer Soldat Soldaten Grenze Einberufung Front",
    "fr": "déserteur déserteurs conscrit conscrits réfractaire réfractaires soldat soldats frontière convocation",
}
LETTERS = {"ru": "абвгдеиклмнопрстуя", "uk": "абвгдеиіклмнопрстуя"}
TOKENS = "tokenize = 'unicode61 remove_diacritics 2'"
VOCABULARY, MEAN_WORDS, BATCH = 20_000, 85, 10_000
BESIDE = 20_000  # passages that are also indexed without lemmas, to compare


def main() -> None:
    """Make the database, time everything, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument(
        "--folder", type=Path, help="keep the database here and go on with it (default: a temporary one)"
    )
    parser.add_argument("--queries", type=int, default=40, help="different queries of each kind")
    parser.add_argument("--cpu", action="store_true", help="processor time instead of time: for a busy machine")
    asked = parser.parse_args()
    if asked.cpu:
        globals()["_now"] = time.process_time
    with tempfile.TemporaryDirectory() as folder:
        conn = connect(Home(asked.folder or Path(folder)))
        random.seed(4)
        words = {language: vocabulary(language) for language in LANGUAGES}
        fill(conn, asked.passages, words)
        print(f"\n{'query':<34}{'ours p50':>10}{'ours p95':>10}{'bare p50':>10}{'bare p95':>10}{'hits':>10}   (ms)")
        for name, ours, bare, queries in kinds(conn, asked.queries, asked.passages):
            row(name, conn, ours, bare, queries)
        alike(conn, asked.passages, asked.queries)


LIMIT_MS = 50.0  # of a search's SQL at any size, the slower twentieth


def figures(*, quick: bool) -> Iterator[Figure]:
    """Each kind of search at each size, beside plain FTS5; the slower twentieth beside the limit."""
    for size in (10_000,) if quick else (10_000, 100_000, 1_000_000):
        with tempfile.TemporaryDirectory() as folder:
            conn = connect(Home(Path(folder)))
            random.seed(4)
            fill(conn, size, {language: vocabulary(language) for language in LANGUAGES})
            for name, ours, bare, queries in kinds(conn, 20, size):
                mine, plain, _ = timed(conn, ours, bare, queries)
                about = {"bench": "search", "size": size, "of": "passages", "unit": "ms"}
                yield Figure(what=name, ours=mine, beside="plain FTS5, bm25", theirs=plain, **about)
                yield Figure(what=f"{name}, 95 of 100", ours=(of(list(mine))[1],), beside="limit", theirs=(LIMIT_MS,),
                             target=1.0, **about)  # fmt: skip


def vocabulary(language: str) -> list[str]:
    """Made-up words of a language's letters, with some real ones among the commoner."""
    letters = LETTERS.get(language, "abdefghiklmnoprstuvwz")
    made = {"".join(random.choices(letters, k=random.choice((3, 4, 5, 6, 7, 8, 9, 11)))) for _ in range(VOCABULARY)}
    found = sorted(made)
    random.shuffle(found)
    for place, word in zip((40, 90, 150, 260, 400, 600, 900, 1400, 2000, 3000), REAL[language].split(), strict=True):
        found.insert(place, word)
    return found


def texts(words: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """(language, text), without end: about 620 characters each, by Zipf's law with exponent 1.05."""
    drawing = {
        language: list(accumulate(1 / (rank + 2.7) ** 1.05 for rank in range(len(found))))
        for language, found in words.items()
    }
    while True:
        for language in LANGUAGES:
            pool = random.choices(words[language], cum_weights=drawing[language], k=200 * MEAN_WORDS)
            for start in range(0, len(pool), MEAN_WORDS):
                yield language, " ".join(pool[start : start + MEAN_WORDS])


def fill(conn: sqlite3.Connection, passages: int, words: dict[str, list[str]]) -> None:
    """Sources, documents of 20 passages, passages, tags on a third of them; say what each step took."""
    types = ("media", "ngo", "court")
    sync(conn, [card(f"s{n}", type=kind) for n, kind in enumerate(types)], declared_at="2022-01-01T00:00:00Z")
    conn.executescript(
        "pragma synchronous = normal; pragma cache_size = -200000; drop trigger if exists passages_index"
    )
    made = texts(words)
    spent = {"raw rows": 0.0, "lemmas": 0.0, "index": 0.0}
    beside = 0.0
    rng = random.Random(5)
    held = conn.execute("select coalesce(max(id), 0) from passages").fetchone()[0]
    bare = f"create virtual table bare_fts using fts5 (text, content = 'passages', content_rowid = 'id', {TOKENS})"
    if not held:
        conn.execute(bare)
    for first in range(held + 1, passages + 1, BATCH):
        batch = list(islice(made, min(BATCH, passages + 1 - first)))
        conn.execute("begin")
        documents = range((first - 1) // 20 + 1, (first - 2 + len(batch)) // 20 + 2)
        conn.executemany(
            """insert into documents (id, source_id, key, title, language, published_on, first_seen_at, last_seen_at)
               values (?, ?, ?, 'A report', 'en', date('2015-01-01', ? || ' days'), '2022-01-01T00:00:00Z',
                       '2022-01-01T00:00:00Z')""",
            [(n, f"s{n % 3}", str(n), n * 4000 * 20 // max(passages, 1)) for n in documents],
        )
        begin = time.perf_counter()
        lemmas = [lemmas_of(text, language) for language, text in batch]
        spent["lemmas"] += time.perf_counter() - begin
        begin = time.perf_counter()
        conn.executemany(
            "insert into passages (id, document_id, text_sha256, text, language, lemmas) values (?, ?, ?, ?, ?, ?)",
            [
                (n, (n - 1) // 20 + 1, f"{n:064d}", text, language, lemma)
                for n, ((language, text), lemma) in enumerate(zip(batch, lemmas, strict=True), first)
            ],
        )
        spent["raw rows"] += time.perf_counter() - begin
        begin = time.perf_counter()
        conn.execute(
            """insert into passages_fts (rowid, text, lemmas)
               select id, text, lemmas from passages where id between ? and ?""",
            [first, first + len(batch) - 1],
        )
        spent["index"] += time.perf_counter() - begin
        if first <= BESIDE:
            beside += _text_only(conn, first, len(batch))
        tag(conn, rng, first, len(batch))
        conn.execute("commit")
        if first % 100_000 == 1:
            print(f"  {first - 1:,} made", file=sys.stderr, flush=True)
    size = Path(conn.execute("select file from pragma_database_list").fetchone()[0]).stat().st_size / 1e6
    print(f"{passages:,} passages, {size:,.0f} MB")
    for name, seconds in spent.items():
        if held < passages:
            print(f"  {name:<10}{seconds:8.1f} s {(passages - held) / seconds:12,.0f} passages/s")
    if beside:
        few = min(passages, BESIDE)
        print(f"  index of the text alone, first {few:,}: {few / beside:,.0f} passages/s")


def _text_only(conn: sqlite3.Connection, first: int, many: int) -> float:
    """Seconds that an index without lemmas takes for these passages."""
    begin = time.perf_counter()
    conn.execute(
        "insert into bare_fts (rowid, text) select id, text from passages where id between ? and ?",
        [first, first + many - 1],
    )
    return time.perf_counter() - begin


def tag(conn: sqlite3.Connection, rng: random.Random, first: int, many: int) -> None:
    """A look at every passage; a group and a country on a third of them."""
    ids = range(first, first + many)
    conn.executemany(
        "insert into examinations (id, passage_id, step, rules_version, examined_at) values (?, ?, 'tag', 'b', '')",
        [(n, n) for n in ids],
    )
    conn.executemany(
        "insert into mentions (examination_id, passage_id, kind, value, rule) values (?, ?, ?, ?, 'b')",
        [
            (n, n, kind, value)
            for n in ids
            if rng.random() < 1 / 3
            for kind, value in (("group", rng.choice(("conscripts", "deserters", "critics"))), ("country", "RU"))
        ],
    )


_now = time.perf_counter
Ours = Callable[[sqlite3.Connection, str], int]


def kinds(conn: sqlite3.Connection, many: int, passages: int) -> Iterator[tuple[str, Ours, str, list[str]]]:
    """(name, our search, bare query, the words): words are picked by how many passages hold them."""
    rare, one, hot, middling, pairs, phrases = picked(conn, many, passages)
    plain: Ours = _words()
    yield "a rare term", plain, "text : {q}", rare
    yield "a term in 1 % of passages", plain, "text : {q}", one
    yield "the commonest terms", plain, "text : {q}", hot
    yield "two terms AND", plain, "text : ({q})", pairs
    yield "a phrase of two words", plain, "text : {q}", phrases
    yield "a prefix of 4 letters", plain, "text : {q}", [f"{term[:4]}*" for term in middling[:many] if len(term) > 5]
    yield "1 %, newest first", _words(Wanted(newest_first=True)), "text : {q}", one
    yield "commonest, newest first", _words(Wanted(newest_first=True)), "text : {q}", hot
    yield "1 %, one group and language", _words(Wanted(group_id="deserters", language="nl")), "text : {q}", one
    yield "commonest, one group", _words(Wanted(group_id="deserters")), "text : {q}", hot
    yield "1 %, with all facets", _with_facets, "text : {q}", one
    yield "commonest, with all facets", _with_facets, "text : {q}", hot


def picked(conn: sqlite3.Connection, many: int, passages: int) -> tuple[list[str], ...]:
    """Queries by how many passages hold them: rare, in 1 %, the commonest, middling; pairs of middling, phrases."""
    conn.execute("create virtual table if not exists temp.terms using fts5vocab(main, passages_fts, col)")
    held = conn.execute("select term, doc from temp.terms where col = 'text' and length(term) > 2").fetchall()
    ordered = sorted(((row[1], row[0]) for row in held), reverse=True)
    hot = [term for _, term in ordered[:many]]
    one = [term for doc, term in ordered if 0.007 < doc / passages < 0.014][:many]
    middling = [term for doc, term in ordered if 0.002 < doc / passages < 0.03]
    rare = [term for doc, term in ordered if 5 < doc < 50][:many]
    random.shuffle(middling)
    pairs = [" ".join(pair) for pair in zip(middling[:many], middling[many : 2 * many], strict=False)]
    phrases = [f'"{pair}"' for pair in _side_by_side(conn, many)]
    return rare, one, hot, middling, pairs, phrases


def _words(wanted: Wanted | None = None) -> Ours:
    return lambda conn, query: len(search.search(conn, query, wanted=wanted))


def _with_facets(conn: sqlite3.Connection, query: str) -> int:
    facets.facets(conn, query)
    return len(search.search(conn, query))


def _side_by_side(conn: sqlite3.Connection, many: int) -> list[str]:
    rows = conn.execute("select text from passages where id % 997 = 0 limit ?", [many])
    return [" ".join(row[0].split()[10:12]) for row in rows]


def row(name: str, conn: sqlite3.Connection, ours: Ours, bare: str, queries: list[str]) -> None:
    """Time one kind of search and print it."""
    mine, plain, hits = timed(conn, ours, bare, queries)
    print(f"{name:<34}{''.join(f'{value:10.1f}' for times in (mine, plain) for value in of(list(times)))}{hits:10,.0f}")


def timed(
    conn: sqlite3.Connection, ours: Ours, bare: str, queries: list[str]
) -> tuple[tuple[float, ...], tuple[float, ...], float]:
    """Time each query once after three to warm up, ours and bare in turn: milliseconds of both, passages found."""
    sql = """select rowid, bm25(passages_fts) from passages_fts where passages_fts match ?
             order by bm25(passages_fts), rowid limit 20"""
    count = "select count(*) from passages_fts where passages_fts match ?"
    asked = [bare.format(q=query if set(query) & set('" *') else f'"{query}"') for query in queries]
    taken: tuple[list[float], list[float]] = ([], [])
    for index, (query, plain) in enumerate(zip(queries[:3] + queries, asked[:3] + asked, strict=True)):
        begin = _now()
        ours(conn, query)
        between = _now()
        conn.execute(sql, [plain]).fetchall()
        if index >= 3:
            taken[0].append(1000 * (between - begin))
            taken[1].append(1000 * (_now() - between))
    hits = statistics.median(conn.execute(count, [plain]).fetchone()[0] for plain in asked[:10])
    return tuple(taken[0]), tuple(taken[1]), hits


def of(times: list[float]) -> tuple[float, float]:
    """(p50, p95) of these seconds."""
    ordered = sorted(times)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, round(len(ordered) * 0.95))]


def alike(conn: sqlite3.Connection, passages: int, many: int) -> None:
    """Vectors for every passage; "passages like this one" beside the inner product with all of them."""
    rng = np.random.default_rng(4)
    begin = _now()
    held = conn.execute("select count(*) from vectors").fetchone()[0]
    for first in range(held + 1, passages + 1, BATCH):
        made = rng.standard_normal((min(BATCH, passages + 1 - first), 512)).astype(np.float32)
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        scales = np.abs(made).max(axis=1, keepdims=True) / 127
        bytes_ = np.rint(made / scales).astype(np.int8)
        conn.execute("begin")
        conn.executemany(
            "insert into vectors (passage_id, encoder, vector) values (?, 'random', ?)",
            [(first + n, scales[n].astype("<f4").tobytes() + bytes_[n].tobytes()) for n in range(len(made))],
        )
        conn.execute("commit")
    print(f"\nvectors kept in {_now() - begin:.1f} s", end="; ")
    begin = _now()
    index = vectors.index_of(conn, "random")
    size = sum(part.nbytes for part in index.signs) / 1e6
    print(f"index read in {_now() - begin:.1f} s, once, {size:.0f} MB")
    taken, exact = [], []
    whole = np.empty((passages, 512), dtype=np.int8) if passages <= 200_000 else None
    if whole is not None:
        for n, (blob,) in enumerate(conn.execute("select vector from vectors order by id")):
            whole[n] = np.frombuffer(blob, np.int8, offset=4)
    for passage_id in rng.integers(1, passages + 1, many + 3).tolist():
        begin = _now()
        vector = vectors.of_passage(conn, "random", passage_id)
        assert vector is not None
        near = vectors.nearest(conn, vectors.index_of(conn, "random"), vector, limit=20)
        search.show(conn, [(found.passage_id or 0, found.likeness) for found in near])
        taken.append(_now() - begin)
        assert near[0].passage_id == passage_id
        if whole is not None:
            begin = _now()
            np.argpartition(-(whole @ rng.integers(-127, 127, 512, dtype=np.int8)), 20)
            exact.append(_now() - begin)
    beside = f"{'':3}all inner products, int8 in memory: {1000 * of(exact)[0]:.1f}" if exact else ""
    print(f"{'like this one':<34}{''.join(f'{1000 * value:10.1f}' for value in of(taken[3:]))}{beside}")
    assert signs_of(np.ones((1, 512))).shape == (1, 8)


if __name__ == "__main__":
    main()
