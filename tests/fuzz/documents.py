"""Harnesses of the readers of documents: pages, plain text, Word files, PDF."""

import io
import random
import zipfile
from collections.abc import Iterator
from itertools import chain

from tests.fuzz import mutate, rules
from tests.fuzz.harness import DATES, XML, Harness, Read, cases, each_way, real
from tests.fuzz.lists import reader

URL = "https://www.example.nl/2022/09/28/a"
_TAGS = (
    "<main>", "<article>", "<body>", "<p>", "<h1>", "<table><tr><td>", "<base href=", "<link rel=canonical href=",
    "<time datetime=", '<meta property="og:url" content=', "<meta charset=", '<meta name="date" content=',
    '<script type="application/ld+json">', '"datePublished":"', "</script>", "<template>", "<iframe>", "<svg>",
    "<!--", '<a href="javascript:', "&#0;", "&#xD800;", "<br>", "cookie",
)  # fmt: skip


def _pages() -> Iterator[tuple[int, bytes]]:
    return each_way(
        chain(
            cases(file="article"),
            cases("listing"),
            real(
                "miniflux__v2/**/*.html",
                "mozilla__readability/**/*.html",
                "adbar__trafilatura/pages/*.html",
                "adbar__htmldate/**/*.html",
                "ovdinfo__reports/**/*.html",
                most_bytes=30_000,
            ),
        )
    )


def _make_declared() -> Read:
    """Declared selectors: of a page, of a page's date in a format, and of the rows of a list."""
    from crawler.read.html import PageHints, read_html
    from crawler.read.pages import ListingRules, read_rows

    hints = (
        PageHints(main="body", title="title"),
        PageHints(main="main, article, body > div", title="h1", date="time", date_language="en"),
        PageHints(date="time, .date", date_format="%d %B %Y", date_language="nl"),
    )
    listings = (
        ListingRules(
            row="li, article, tr, .views-row", link="a[href]", date="time", next="a[rel=next]", key_from=r"/(\d+)"
        ),
        ListingRules(
            row="a[href]",
            link=":scope",
            title="h2",
            date=".date",
            date_format="%d-%m-%Y",
            date_language="fr",
            summary="p",
        ),
    )

    def one(way: int, body: bytes) -> object:
        reading = read_html(body, URL, hints[way]) if way < 3 else read_rows(body, URL, listings[way - 3])
        rules.check(reading)
        return reading

    return one


def _make_any() -> Read:
    """The front door: what it is, is told from the bytes and their label."""
    from crawler.read import read

    labels: tuple[dict[str, str | None], ...] = (
        {"media_type": None, "url": None},
        {"media_type": "text/plain; charset=koi8-r", "url": None},
        {"media_type": "text/html", "url": None},
        {"media_type": "application/octet-stream", "url": "https://x.example/a.txt"},
        {"media_type": "text/plain", "shape": "text"},
    )

    def one(way: int, body: bytes) -> object:
        if b"%PDF-" in body[:1024]:
            return None  # the PDF reader has its own harness and processes
        reading = read(body, **labels[way])
        rules.check(reading)
        return reading

    return one


def _texts() -> Iterator[tuple[int, bytes]]:
    bodies = chain(
        real(
            "dialogue-evaluation__factRuEval-2016/**/*.txt",
            "sysblok__corpus_golunov_articles/**/*.txt",
            "**/README.md",
            most_bytes=4_000,
        ),
        [
            f"Country report {name}\nLast update: 28 september 2022\n\nТекст".encode(name)
            for name in ("utf-8", "utf-16", "cp1251", "koi8-r")
        ],
        cases("feed"),
        cases("govuk"),
        cases("sru"),
    )
    return each_way(bodies, 5)


_PART = b"\n--part--\n"  # divides the parts of a Word file in the fuzzer's input
_PARTS = ("word/document.xml", "word/footnotes.xml", "docProps/core.xml")


def _word_parts(body: bytes) -> bytes:
    """Those parts of a Word file that the reader looks at, one after the other."""
    with zipfile.ZipFile(io.BytesIO(body)) as box:
        return _PART.join(box.read(name) if name in box.namelist() else b"" for name in _PARTS)


def _small_word() -> bytes:
    """A Word file of our own with headings, a table, and where python-docx can, little else."""
    from docx import Document

    document = Document()
    document.add_heading("Report on examples", 1)
    document.add_paragraph("The Hague, 28 September 2022. Reference period: March 2022 to July 2022.")
    table = document.add_table(rows=2, cols=2)
    table.rows[0].cells[0].text = "see https://a.example/x"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _word_seeds() -> Iterator[tuple[int, bytes]]:
    for body in (_small_word(), *cases("tweedekamer", file="article")):
        if body.startswith(b"PK"):
            yield 0, _word_parts(body)
            yield 1, body


def _make_word() -> Read:
    """Way 0: the parts as XML, packed into a sound file; way 1: the bytes of the zip."""
    from crawler.read.docx import read_docx

    with zipfile.ZipFile(io.BytesIO(_small_word())) as box:
        rest = {name: box.read(name) for name in box.namelist() if name not in _PARTS}
    types, relations = rest["[Content_Types].xml"], rest["word/_rels/document.xml.rels"]
    rest["[Content_Types].xml"] = types.replace(
        b"</Types>",
        b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.'
        b'openxmlformats-officedocument.wordprocessingml.footnotes+xml"/></Types>',
    )
    rest["word/_rels/document.xml.rels"] = relations.replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.'
        b'openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/></Relationships>',
    )

    def one(way: int, body: bytes) -> object:
        if way == 0:
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as packed:
                for name, content in rest.items():
                    packed.writestr(name, content)
                for name, content in zip(_PARTS, body.split(_PART), strict=False):
                    packed.writestr(name, content)
            body = out.getvalue()
        reading = read_docx(body)
        rules.check(reading)
        return reading

    return one


def _word_change(rng: random.Random, data: bytes) -> bytes:
    parts = data.split(_PART)
    at = rng.randrange(len(parts)) if rng.random() < 0.4 else 0
    parts[at] = mutate.markup(rng, parts[at])
    return _PART.join(parts)


HARNESSES = (
    Harness(
        name="html",
        executions=1_200,
        make=reader("html", "read_html", (URL, {}), (None, {})),
        seeds=lambda: each_way((b for _, b in _pages()), 2),
        mutator=mutate.markup,
        words=(*_TAGS, *DATES),
        ways=2,
        most_bytes=12_000,
        rss_mb=1536,
    ),
    Harness(
        name="html_declared",
        executions=1_200,
        make=_make_declared,
        seeds=lambda: each_way((b for _, b in _pages()), 5),
        mutator=mutate.markup,
        words=(*_TAGS, *DATES),
        ways=5,
        most_bytes=8192,
        rss_mb=1536,
    ),
    Harness(
        name="any_text",
        executions=1_500,
        make=_make_any,
        seeds=_texts,
        mutator=mutate.words,
        words=(*XML, *DATES, "\xef\xbb\xbf"),
        ways=5,
        rss_mb=1536,
    ),
    Harness(
        name="docx",
        executions=1_000,
        make=_make_word,
        seeds=_word_seeds,
        mutator=_word_change,
        ways=2,
        most_bytes=40_000,
        rss_mb=1536,
        words=(
            "<w:p>",
            "<w:r><w:t>",
            "<w:tbl>",
            "<w:tr>",
            "<w:tc>",
            '<w:footnoteReference w:id="',
            '<w:pStyle w:val="',
            "w:gridSpan",
            "w:vMerge",
        ),
    ),
)
