"""Harnesses of what people ask: searches, deadlines; and of the text hygiene and languages that all readers share."""

import sqlite3
import struct
from collections.abc import Iterator
from datetime import date
from itertools import chain

from tests.fuzz import mutate, rules
from tests.fuzz.harness import Harness, Read, cases, each_way, real

_FOR_PEOPLE = ("store.errors.ForPeople",)


def _make_search() -> Read:
    """What is typed into the search box becomes a search that the index takes."""
    from store.query import as_fts, parse

    conn = sqlite3.connect(":memory:")
    conn.execute("create virtual table p using fts5 (text, lemmas, tokenize = 'unicode61 remove_diacritics 2')")
    conn.execute("insert into p values ('deserters are not closed', 'en0deserter')")

    def one(way: int, body: bytes) -> object:
        node = parse(body.decode("utf-8", "replace" if way else "surrogateescape")).node
        written = as_fts(node, ("en", "nl", "ru"), sure=bool(way))
        return written, conn.execute("select rowid from p where p match ?", [written]).fetchall()

    return one


_SEARCHES = (
    'deserter (draft OR "call up")',
    '"not closed',
    "NOT x",
    'a AND (b OR c*) NOT "d e"',
    "l'armée 5-year",
    "військовий* OR \u0000",
    "((((a))))",
    "text : x",
)


def _make_deadlines() -> Read:
    """Any three days under any regime: a deadline no later than its cap, or words for people."""
    from review.deadline_answer import load
    from review.deadline_parts import Claim, Freeze
    from review.deadlines import compute, departure_max, review_due
    from review.working_days import next_working_day

    regimes = sorted(load().values(), key=lambda regime: regime.id)
    models = (None, "fixed_year", "until_21", "suspension")

    def one(way: int, body: bytes) -> object:
        numbers = struct.unpack("<IIIIBBBB", body[:20].ljust(20, b"\0"))
        lodged, decided, first, last = (date.fromordinal(1 + n % 3_652_059) for n in numbers[:4])
        pick, flags, model, extended = numbers[4:]
        regime = regimes[pick % len(regimes)]
        claim = Claim(
            lodged=lodged, decided=decided if flags & 1 else None, extended=(extended % 24,) if flags & 2 else ()
        )
        freeze = (
            Freeze(first_day=first, last_day=last if flags & 4 else None, annulled=bool(flags & 8))
            if flags & 16
            else None
        )
        if way:
            return departure_max(regime, first), review_due(regime, first, lodged)
        roll = (lambda day: next_working_day(day, "NL")) if flags & 32 else None
        found = compute(regime, claim, freeze, model=models[model % 4], roll=roll)
        rules.must(lodged <= found.deadline, "a deadline after its lodging", found)
        rules.must(found.deadline <= max(found.hard_cap, found.base), "a deadline within its cap", found)
        return found

    return one


def _deadline_seeds() -> Iterator[tuple[int, bytes]]:
    day = date(2022, 9, 28).toordinal() - 1
    for pick in range(40):
        yield (
            pick % 2,
            struct.pack("<IIIIBBBB", day, day + 400, day - 30, day + 150, pick, 4 + 16 + (pick % 3) * 32, pick % 4, 9),
        )


def _make_languages() -> Read:
    """Which language a text is in, and text hygiene: what is cleaned stays clean."""
    from crawler.read.clean import clean, dehyphenated, normalised, one_line
    from crawler.read.language import LANGUAGES, known_language, language_of
    from review.folding import fold

    def one(_way: int, body: bytes) -> object:
        text = (
            body.decode("utf-8", "surrogatepass" if b"\xed" in body else "replace")
            if _decodes(body)
            else body.decode("utf-8", "replace")
        )
        kept = clean(text)
        rules.check_text("a cleaned text", kept)
        rules.must(clean(kept) == kept, "cleaning twice changes nothing", kept)
        rules.must(normalised(normalised(text)) == normalised(text), "normalising twice changes nothing", text)
        line = one_line(text) or ""
        rules.must("\n" not in line and line == line.strip(), "one line", line)
        found = language_of(kept)
        rules.must(found is None or found in LANGUAGES, "a language of ours", found)
        known_language(line)
        dehyphenated(kept)
        return found, fold(kept).text

    return one


def _decodes(body: bytes) -> bool:
    try:
        body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _texts() -> Iterator[tuple[int, bytes]]:
    samples = (
        "Vreemdelin-\ngencirculaire en besluit-\nen",
        "Призыв на военную слу-\nжбу",
        "the men were called up again",
        "люди\u00ad\u200b їхні",
        "\ufeffa\u2028b",
    )
    return each_way(
        chain(
            (text.encode() for text in samples),
            real("dialogue-evaluation__factRuEval-2016/**/*.txt", most_bytes=1200),
            cases("gdelt"),
        )
    )


HARNESSES = (
    Harness(
        name="search",
        executions=15_000,
        make=_make_search,
        seeds=lambda: each_way((s.encode() for s in _SEARCHES), 2),
        allowed=_FOR_PEOPLE,
        mutator=mutate.words,
        words=("AND", "OR", "NOT", "(", ")", '"', "*", "NEAR", ":", "^", "{", "+", "-"),
        ways=2,
        most_bytes=1200,
    ),
    Harness(
        name="deadlines",
        executions=160_000,
        make=_make_deadlines,
        seeds=_deadline_seeds,
        allowed=_FOR_PEOPLE,
        ways=2,
        most_bytes=24,
    ),
    Harness(
        name="languages",
        executions=1_500,
        make=_make_languages,
        seeds=_texts,
        allowed=(),
        mutator=mutate.words,
        most_bytes=1500,
    ),
)
