"""Harnesses of the readers of lists: feeds, search answers, services in XML and JSON."""

from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import chain
from typing import Any

from tests.fuzz import mutate, rules
from tests.fuzz.harness import DATES, JSON, XML, Harness, Read, cases, each_way, real

URL = "https://www.example.nl/zoek?start=10&$top=2&page=1"


def reader(module: str, function: str, *ways: tuple[str | None, dict[str, Any]]) -> Callable[[], Read]:
    """Makes a harness of a reading function; each way is an address and keyword arguments."""

    def make() -> Read:
        read = getattr(import_module(f"crawler.read.{module}"), function)

        def one(way: int, body: bytes) -> object:
            url, named = ways[way]
            reading = read(body, url, **named)
            rules.check(reading)
            return reading

        return one

    return make


def _feeds() -> Iterator[tuple[int, bytes]]:
    return each_way(
        chain(
            cases("feed", "euaa", "rijksoverheid_rss"),
            real(
                "danmactough__node-feedparser/**/*.*",
                "kagisearch__fastfeedparser/**/*.xml",
                "miniflux__v2/**/*.xml",
                "adbar__trafilatura/resources/feed*",
                most_bytes=12_000,
            ),
            real("kurtmckee__feedparser/**/*.xml", most_bytes=12_000),
        ),
        4,
    )


def _xml(
    name: str, executions: int, make: Callable[[], Read], seeds: Callable[[], Iterator[tuple[int, bytes]]], **more: Any
) -> Harness:
    words = (*XML, *DATES, *more.pop("words", ()))
    return Harness(name=name, executions=executions, make=make, seeds=seeds, mutator=mutate.markup, words=words, **more)


def _json(
    name: str, executions: int, make: Callable[[], Read], *globs: str, ways: int = 1, words: tuple[str, ...] = ()
) -> Harness:
    def seeds() -> Iterator[tuple[int, bytes]]:
        return each_way(
            chain(
                cases(name), cases(name, file="detail"), cases(name, file="article"), real(*globs, most_bytes=12_000)
            ),
            ways,
        )

    return Harness(
        name=name,
        executions=executions,
        make=make,
        seeds=seeds,
        mutator=mutate.json_value,
        words=(*JSON, *DATES, *words),
        ways=ways,
    )


def _gazette() -> Iterator[tuple[int, bytes]]:
    return each_way(
        chain(
            cases("sru", file="article"),
            cases("sru", file="full"),
            real("WetSuiteLeiden__wetsuite-core/*.xml", "WetSuiteLeiden__wetsuite-core/*.html", most_bytes=40_000),
        )
    )


_FEED_WAYS = (
    (URL, {"zone": "Europe/Amsterdam"}),
    (None, {}),
    ("https://web.archive.org/web/2022/https://x.ua/", {"media_type": "text/xml"}),
    ("https://feeds.example.com/a", {"media_type": "text/xml; charset=koi8-r"}),
)

HARNESSES = (
    _xml(
        "feed",
        3_000,
        reader("feed", "read_feed", *_FEED_WAYS),
        _feeds,
        ways=4,
        words=(
            "<item>",
            "<entry>",
            "<rss>",
            "<channel>",
            "<rdf:RDF",
            "<pubDate>",
            "<link href=",
            'rel="next"',
            "<guid>",
            "<enclosure url=",
        ),
    ),
    _xml(
        "rijksoverheid",
        1_000,
        reader("rijksoverheid", "read_rijksoverheid", (URL, {"zone": "Europe/Amsterdam"})),
        lambda: each_way(cases("rijksoverheid_rss", "feed")),
    ),
    _xml(
        "lifos",
        1_000,
        reader("lifos", "read_lifos", (URL, {"zone": "Europe/Stockholm"})),
        lambda: each_way(cases("lifos", "feed")),
    ),
    _xml(
        "sru",
        80_000,
        reader("sru", "read_sru", (URL, {})),
        lambda: each_way(chain(cases("sru"), real("WetSuiteLeiden__wetsuite-core/searchrec.xml", most_bytes=40_000))),
    ),
    _xml("gazette", 1_000, reader("gazette", "read_gazette", (URL, {})), _gazette, most_bytes=16_384),
    _xml(
        "sitemap",
        130_000,
        reader("sitemap", "read_sitemap", (URL, {"only": "[a-z]"}), (None, {"zone": "Europe/Kyiv"})),
        lambda: each_way(chain(cases("sitemap"), real("adbar__trafilatura/resources/sitemap*", most_bytes=20_000)), 2),
        ways=2,
    ),
    _json(
        "json_feed",
        30_000,
        reader("json_feed", "read_json_feed", (URL, {"zone": "Europe/Amsterdam"}), (None, {})),
        "adbar__trafilatura/resources/feed.json",
        "kagisearch__fastfeedparser/**/*.json",
        ways=2,
    ),
    _json(
        "govuk",
        3_000,
        reader("govuk", "read_govuk", ("https://www.gov.uk/api/content/x", {}), (None, {})),
        "RobertsMacros__cpin-explorer/*.json",
        "alphagov__publishing-api/**/*.json",
        ways=2,
    ),
    _json("reliefweb", 25_000, reader("reliefweb", "read_reliefweb", (URL, {}))),
    _json(
        "wordpress",
        25_000,
        reader(
            "wordpress",
            "read_wordpress",
            (URL, {"zone": "Europe/Paris"}),
            (None, {"bodies": ("acf.text", "content.rendered"), "document_date": "acf.document_date"}),
        ),
        ways=2,
    ),
    _json("sparql", 50_000, reader("sparql", "read_sparql", (URL, {"zone": "Europe/Brussels"}))),
    _json("gdelt", 55_000, reader("gdelt", "read_gdelt", (URL, {}))),
    _json("ecoi", 40_000, reader("ecoi", "read_ecoi", (URL, {}))),
    _json(
        "open_overheid",
        45_000,
        reader(
            "open_overheid",
            "read_open_overheid",
            ("https://open.example.nl/zoek?start=0", {}),
            ("https://open.example.nl/zoek/ronl-1b0e_2", {}),
        ),
        ways=2,
    ),
    _json(
        "tweedekamer",
        45_000,
        reader("tweedekamer", "read_tweedekamer", ("https://x.example.nl/OData/v4/2.0/Document?$top=1", {})),
    ),
    _xml(
        "syncfeed",
        35_000,
        reader("tweedekamer", "read_tweedekamer", ("https://x.example.nl/SyncFeed/2.0/Feed?category=Document", {})),
        lambda: each_way(cases("tweedekamer")),
    ),
)
