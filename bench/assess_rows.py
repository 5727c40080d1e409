"""Rows for bench/assess.py and pages.py: sources, questions, documents with passages, evidence; the real schema."""

import json
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import product

from store.sources import sync
from tests.conftest import card

TODAY = datetime.now(UTC).date()  # the site knows no other day
AT = f"{TODAY}T06:00:00Z"
SPAN = 900  # days over which documents were published
COUNTRIES = [a + b for a, b in product("ABCDE", "ABCDEFGHIJ")]
GROUPS = [f"g{n:02d}" for n in range(1, 13)]
SCALE = ["none", "isolated", "regular", "systematic"]
TYPES = ["media", "media", "ngo", "international_organisation", "expert_body", "government_statement",
         "party_to_the_conflict", "official_country_report"]  # fmt: skip
PER_DOCUMENT, BATCH, SOURCES, QUESTIONS = 20, 20_000, 120, 60
EVENT = TODAY - timedelta(days=486)
Text = tuple[str, str, str]  # language, text, its base forms


def declare(conn: sqlite3.Connection, countries: Sequence[str], questions: int) -> None:
    """Sources with a good run on every day of two months, groups with questions, one event in each country."""
    rng = random.Random(1)
    cards = []
    for n in range(SOURCES):
        kind = TYPES[n % len(TYPES)]
        about = json.dumps({"decisive_for": sorted(rng.sample(COUNTRIES, 8)), "type": kind})
        cards.append(card(f"s{n}", type=kind, grade="ABBBCCD"[n % 7], owner=f"house{n % 90}", declaration=about))
    sync(conn, cards, declared_at="2020-01-01T00:00:00Z")
    days = [(TODAY - timedelta(days=n)).isoformat() for n in range(60)]
    conn.executemany(
        """insert into runs (source_id, slot, moment, started_at, ended_at, status, rows)
           values (?, ?, ?, ?, ?, 'ok', 9)""",
        [(f"s{n}", day, f"{day}T05:00:00Z", f"{day}T05:00:00Z", f"{day}T05:01:00Z") for n in range(SOURCES)
         for day in days],
    )  # fmt: skip
    conn.executemany("insert into target_groups values (?, ?, ?, 'a group', 1)", [(g, g, g) for g in GROUPS])
    conn.executemany(
        """insert into questions (id, version, group_id, wording, wording_nl, scale_kind, scale, window_days, decisive,
             declaration, declared_at) values (?, 1, ?, ?, ?, 'extent', ?, ?, ?, ?, '2020-01-01T00:00:00Z')""",
        [
            (
                f"{c}-{g}.{n}", g, f"Question {n}?", f"Vraag {n}?", json.dumps(SCALE), (90, 180, 365)[n % 3],
                int(n <= 15), json.dumps({"country": c, "search_in": TYPES[n % 3 : n % 3 + 4]}),
            )
            for c, g, n in product(countries, GROUPS, range(1, questions + 1))
        ],
    )  # fmt: skip
    conn.executemany(
        "insert into watersheds (id, country, title, on_day, confirmed) values (?, ?, 'an event', ?, 1)",
        [(f"w-{c}", c, str(EVENT)) for c in countries],
    )
    conn.execute("""insert into watershed_questions select 'w-' || country, id from questions""")


def passages(conn: sqlite3.Connection, wanted: int, said: Iterator[Text] | None = None) -> None:
    """Documents of 20 passages each (short ones, or what is `said`), a sixth of them copies of an earlier one.

    Goes on where it stopped.
    """
    held = conn.execute("select coalesce(max(id), 0) from passages").fetchone()[0]
    for first in range(held // PER_DOCUMENT, wanted // PER_DOCUMENT, BATCH // PER_DOCUMENT):
        with_transaction(
            conn, lambda first=first: documents(conn, range(first, first + BATCH // PER_DOCUMENT), said=said)
        )


def documents(
    conn: sqlite3.Connection, numbers: range, *, day: date | None = None, said: Iterator[Text] | None = None
) -> None:
    """Keep documents with everything that stands around them, one version each."""
    rng = random.Random(numbers.start)
    days = {n: day or TODAY - timedelta(days=1 + rng.randrange(SPAN)) for n in numbers}
    conn.executemany(
        """insert into documents (id, source_id, key, title, language, published_on, first_seen_at, last_seen_at)
           values (?, ?, ?, ?, 'en', ?, ?, ?)""",
        [(n + 1, f"s{n % SOURCES}", str(n), f"Report {n}", str(days[n]), at(days[n]), at(days[n])) for n in numbers],
    )
    conn.executemany(
        """insert into versions (id, document_id, text_sha256, extractor, seen_at, cause, title, language, text,
             published_on, published_precision, published_confidence, public_on, recorded_at)
           values (?, ?, ?, 'bench', ?, 'first', ?, 'en', 'text', ?, 'day', 'normal', ?, ?)""",
        [
            (n + 1, n + 1, digest(n), at(days[n]), f"Report {n}", str(days[n]), str(days[n]), at(days[n]))
            for n in numbers
        ],
    )
    conn.executemany(
        "insert into passages (id, document_id, text_sha256, language, text, lemmas) values (?, ?, ?, ?, ?, ?)",
        [
            (id_, n + 1, digest(f"p{id_}"), *(next(said) if said else short(id_, n)))
            for n in numbers
            for id_ in ids_of(n)
        ],
    )
    conn.executemany(
        "insert into version_passages (version_id, position, passage_id, page, start, end) values (?, ?, ?, 1, 0, 40)",
        [(n + 1, place, id_) for n in numbers for place, id_ in enumerate(ids_of(n))],
    )
    conn.executemany("insert into linkings values (?, 'r1', ?)", [(n + 1, AT) for n in numbers])
    copies = [(n, rng.randrange(n)) for n in numbers if n and n % 6 == 0]
    keys = {n: f"doc:s{n % SOURCES}:{n}" for _, n in copies}
    conn.executemany("insert or ignore into origins values (?, ?, ?)", [(key, key, AT) for key in keys.values()])
    conn.executemany(
        """insert into origin_links (document_id, origin_id, rule, why, certainty, strength, rules_version, found_at)
           values (?, ?, 'copy', 'the same text', ?, 0.9, 'r1', ?)""",
        [(n + 1, keys[parent], ("merged", "proposed")[n % 12 == 0], AT) for n, parent in copies],
    )


def evidence(
    conn: sqlite3.Connection, wanted: int, *, countries: Sequence[str] = COUNTRIES, questions: int = QUESTIONS
) -> None:
    """Answers spread evenly over the questions; a third of them accepted. Goes on where it stopped."""
    held = conn.execute("select count(*) from evidence").fetchone()[0]
    top = conn.execute("select count(*) from documents").fetchone()[0]
    for first in range(held, wanted, BATCH):
        rng = random.Random(first)
        rows = [
            (rng.randrange(top), rng.choice(countries), rng.choice(GROUPS), rng.randrange(1, questions + 1))
            for _ in range(min(BATCH, wanted - first))
        ]
        with_transaction(conn, lambda rows=rows, rng=rng: answers(conn, rows, rng))


def answers(conn: sqlite3.Connection, rows: list[tuple[int, str, str, int]], rng: random.Random) -> None:
    """Evidence on (document, country, group, question), each in a passage of the document."""
    last = conn.execute("select coalesce(max(id), 0) from evidence").fetchone()[0]
    found = []
    for n, (document, country, group, question) in enumerate(rows, last + 1):
        public = date.fromisoformat(conn.execute("select public_on from versions where id = ?", [document + 1])
                                    .fetchone()[0])  # fmt: skip
        passage = rng.choice(ids_of(document))
        look = conn.execute("select id from examinations where passage_id = ? and step = 'evidence'", [passage])
        found.append((n, passage, country, group, f"{country}-{group}.{question}", public, look.fetchone()))
    for step in ("tag", "evidence"):
        conn.executemany(
            """insert into examinations (passage_id, step, rules_version, examined_at) select :passage, :step, 'r1', :at
               where not exists (select 1 from examinations where passage_id = :passage and step = :step)""",
            [{"passage": row[1], "step": step, "at": AT} for row in found],
        )
    for kind, place in (("country", 2), ("group", 3)):
        conn.executemany(
            """insert into mentions (examination_id, passage_id, kind, value, rule)
               select id, passage_id, ?, ?, 'r1' from examinations where passage_id = ? and step = 'tag'""",
            [(kind, row[place], row[1]) for row in found],
        )
    conn.executemany(
        """insert into evidence (id, examination_id, passage_id, question_id, question_version, country, group_id,
             answer, directness, facts_to, start, end, rule, proposed_by, proposed_at)
           select ?, id, passage_id, ?, 1, ?, ?, ?, ?, ?, 0, 40, 'r1', 'bench', ? from examinations
           where passage_id = ? and step = 'evidence'""",
        [
            (
                n, question, country, group, SCALE[1] if rng.random() < 0.75 else rng.choice(SCALE),
                rng.choice(("direct", "direct", "reported", "general")),
                str(public - timedelta(days=rng.randrange(20))) if rng.random() < 0.8 else None, AT, passage,
            )
            for n, passage, country, group, question, public, _ in found
        ],
    )  # fmt: skip
    conn.executemany(
        """insert or ignore into relevance select ?, ?, ?, 0.7, 0.5, 'rules', ?, ?, 1, ?""",
        [(p, q, c, str(public), AT, AT) for _, p, c, _, q, public, _ in found],
    )
    conn.executemany(
        "insert into evidence_decisions (evidence_id, decision, actor, decided_at) values (?, 'accept', 'ada', ?)",
        [(row[0], AT) for row in found if row[0] % 3 == 0],
    )


def new_document(conn: sqlite3.Connection) -> None:
    """One document of today with three answers on one country."""
    top = conn.execute("select max(id) from documents").fetchone()[0]

    def write() -> None:
        documents(conn, range(top, top + 1), day=TODAY)
        answers(conn, [(top, "CC", "g05", n) for n in (3, 4, 5)], random.Random(top))

    with_transaction(conn, write)


def short(id_: int, number: int) -> Text:
    """A passage of one sentence."""
    return "en", f"Passage {id_} of report {number} says what was seen in the field that week.", ""


def ids_of(number: int) -> range:
    """The passages of a document."""
    return range(number * PER_DOCUMENT + 1, (number + 1) * PER_DOCUMENT + 1)


def at(day: date) -> str:
    return f"{day}T06:00:00Z"


def digest(value: object) -> str:
    return sha256(str(value).encode()).hexdigest()


def with_transaction(conn: sqlite3.Connection, write: Callable[[], object]) -> None:
    conn.execute("begin immediate")
    write()
    conn.execute("commit")


def fill(
    conn: sqlite3.Connection,
    passages_wanted: int,
    *,
    countries: Sequence[str] = COUNTRIES,
    questions: int = QUESTIONS,
    said: Iterator[Text] | None = None,
) -> Iterator[str]:
    """Make what is missing; say what was made. No full-text index."""
    conn.executescript("pragma synchronous = off; pragma cache_size = -200000; drop trigger if exists passages_index")
    if not conn.execute("select 1 from questions").fetchone():
        with_transaction(conn, lambda: declare(conn, countries, questions))
        yield f"{len(countries)} countries x {len(GROUPS)} groups x {questions} questions, {SOURCES} sources"
    passages(conn, passages_wanted, said)
    yield f"{conn.execute('select count(*) from passages').fetchone()[0]} passages"
