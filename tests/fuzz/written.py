"""Harnesses of what people and texts write: declarations, dates, periods, searches, deadlines, languages."""

import tempfile
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from itertools import chain
from pathlib import Path

from tests.fuzz import mutate, rules
from tests.fuzz.harness import DATES, PROJECT, Harness, Read, each_way, real

_FOR_PEOPLE = ("store.errors.ForPeople",)
_KINDS = (  # (class, where its files lie)
    ("crawler.source", "Source", "crawler/sources"), ("crawler.expected", "Expected", "crawler/expected"),
    ("review.vocabulary", "Group", "review/groups"), ("review.declared_question", "Question", "review/questions"),
    ("review.declared_regime", "Regime", "review/regimes"),
    ("review.declared_moratorium", "Moratorium", "review/moratoria"),
    ("review.declarations", "Watershed", "review/watersheds"), ("review.declarations", "Speaker", "review/speakers"),
    ("review.alerts.people", "Channel", "review/channels"), ("review.alerts.people", "Person", ""),
    ("review.translation.declared", "Translator", ""), ("review.vocabulary", "Topic", "review/topics"),
)  # fmt: skip
_PERSON = b"""title = "A. Person"
address = "a@b.example"
language = "nl"
reads = ["nl", "en"]
zone = "Europe/Amsterdam"
state = "NL"
digest_at = 08:00:00
quiet_from = 22:00:00
quiet_to = 06:00:00
deputy = "b"
"""
_TRANSLATOR = b"""title = "A translator"
command = ["cat", "{from}", "{to}"]
version = "1"
from_languages = ["ru"]
to_languages = ["en"]
timeout_s = 3.5
environment = ["LANG"]
"""


def _declared_seeds() -> Iterator[tuple[int, bytes]]:
    for way, (_, name, folder) in enumerate(_KINDS):
        files = [f for f in sorted((PROJECT / folder).glob("*.toml")) if f.stat().st_size < 8000][:8] if folder else []
        yield from ((way, file.read_bytes()) for file in files)
        if name in ("Person", "Translator"):
            yield way, _PERSON if name == "Person" else _TRANSLATOR


def _make_declared() -> Read:
    """A declaration read from its file, and again from what the store keeps of it."""
    kinds = [getattr(import_module(module), name) for module, name, _ in _KINDS]
    path = Path(tempfile.mkdtemp(dir=rules.scratch(), prefix="coi-fuzz-")) / "A-declared_1.toml"

    def one(way: int, body: bytes) -> object:
        path.write_bytes(body)
        found = kinds[way].load(path)
        kept = found.model_dump_json()
        kept.encode("utf-8", "strict")
        again = kinds[way].of_kept(kept, "the store")
        rules.must(again.model_dump_json() == kept, "the same from the store as from its file", kept)
        return kept

    return one


def _make_dates() -> Read:
    """Everything that finds days in words or stamps."""
    from crawler.read.dates import find_dates, stamp, stamped_day, url_date, zone_of
    from crawler.read.period import reference_period
    from crawler.read.spoken_dates import spoken_dates
    from review.dates import dates_in
    from review.folding import fold

    languages = ("en", "nl", "ru", "uk", "de", "fr")

    def one(way: int, body: bytes) -> object:
        text = body.decode("utf-8", "replace")
        found = list(find_dates(text))
        for one_found in found:
            rules.must(0 <= one_found.start < one_found.end <= len(text), "a date stands in its text", one_found)
            rules.check_day("a date", one_found.dated.day)
        line = text.partition("\n")[0]
        days = [stamped_day(line, "Europe/Amsterdam"), stamped_day(line)]
        dated = [
            stamp(line, "America/New_York", "feed"),
            url_date(f"https://x.nl/{line}"),
            spoken_dates(text).published,
            spoken_dates(text).modified,
        ]
        zone_of(f"https://web.archive.org/web/2022/https://{line}")
        days += [d.day for d in dated if d]
        for day in filter(None, days):
            rules.check_day("a stamp", day)
        period = reference_period(text)
        rules.must(period is None or period[0] <= period[1], "a period runs forward", period)
        folded = fold(text).text
        said = list(dates_in(folded, languages[way], published_on=date(2022, 9, 28)))
        for one_said in said:
            rules.must(0 <= one_said.start <= one_said.end <= len(folded), "a said date stands in its text", one_said)
        return found, days, period, said

    return one


def _date_seeds() -> Iterator[tuple[int, bytes]]:
    texts = (
        "28 september 2022, van maart 2022 tot en met juli 2022; afgelopen dinsdag; sinds 24 februari",
        "28 сентября 2022 года, в прошлом году, с 24 февраля",
        "28 вересня 2022 року, минулого тижня, 24.02.2022",
        "am 28. September 2022, letzte Woche, im März 2021",
        "le 28 septembre 2022, 1er mars, l'an dernier",
        "Last update: Sept. 28, 2022\nReference period: 1 March - 31 July 2022\nthree weeks ago, in spring 2022",
        *DATES,
    )
    return each_way(
        chain(
            (text.encode() for text in texts), real("dialogue-evaluation__factRuEval-2016/**/*.txt", most_bytes=1500)
        ),
        6,
    )


HARNESSES = (
    Harness(
        name="declarations",
        executions=10_000,
        make=_make_declared,
        seeds=_declared_seeds,
        allowed=_FOR_PEOPLE,
        mutator=mutate.lines,
        ways=len(_KINDS),
        words=("[[", "]]", "'''", '"""', "\\u", " = ", "[expect]", "1979-05-27T07:32:00Z", "inf", "nan", "0x", "true"),
    ),
    Harness(
        name="dates",
        executions=3_000,
        make=_make_dates,
        seeds=_date_seeds,
        allowed=(),
        mutator=mutate.words,
        words=DATES,
        ways=6,
        most_bytes=1500,
    ),
)
