"""Harnesses of the PDF reader: the whole way through its child process, and from the child's lines to a reading."""

import io
import json
import random
from collections.abc import Iterator
from itertools import chain
from typing import Any

from tests.fuzz import mutate, rules
from tests.fuzz.harness import DATES, Harness, Read, cases, each_way, real

URL = "https://www.example.nl/2022/09/28/a.pdf"


def _make_pdf() -> Read:
    """The whole way, with the child process and its limits; no OCR, which has its own."""
    from crawler.read import ocr
    from crawler.read.pdf import read_pdf

    def refuse(_body: bytes, _pages: object) -> bytes:
        raise ocr.OcrFailed("not while fuzzing")

    nobody = ocr.Engine(name="none", run=refuse)

    def one(_way: int, body: bytes) -> object:
        reading = read_pdf(body, URL, wall_s=3.0, memory_bytes=700_000_000, recognise=nobody)
        rules.check(reading)
        return reading

    return one


def _small_pdf() -> Iterator[bytes]:
    from reportlab.pdfgen.canvas import Canvas

    for compress in (0, 1):
        out = io.BytesIO()
        canvas = Canvas(out, pageCompression=compress, invariant=1)
        for page in range(2):
            canvas.drawString(70, 700, f"Report on examples, 28 September 2022, page {page + 1}")
            canvas.linkURL("https://a.example/x", (70, 600, 200, 620))
            canvas.showPage()
        canvas.save()
        yield out.getvalue()


def _pdf_seeds() -> Iterator[tuple[int, bytes]]:
    return each_way(
        chain(
            _small_pdf(),
            cases(file="article"),
            real("pdfminer__pdfminer.six/**/*.pdf", "py-pdf__sample-files/**/*.pdf", most_bytes=30_000),
        )
    )


_WORDS_OF_PDF = (
    "%PDF-1.7\n", "obj", "endobj", "stream\n", "endstream", "xref", "trailer", "startxref", "/Root", "/Pages",
    "/Kids", "/Count", "/Parent", "/Type/Page", "/Contents", "/Length", "/Filter/FlateDecode", "/Encrypt", "/ObjStm",
    "/XRef", "/W[1 2 1]", "/Font", "/ToUnicode", "BT", "ET", "Tj", "/URI(javascript:", "/Annots", "0 0 R", "1 0 R",
    "99999999999", "-1", "/MediaBox[0 0 1e38 -1]", "/Rotate 90", "/UserUnit 1e30",
)  # fmt: skip


def _page_seeds() -> Iterator[tuple[int, bytes]]:
    """What the child says of real PDFs."""
    from crawler.read.pdf_process import ask

    for _, body in _pdf_seeds():
        for engine in ("pdfium", "pypdf"):
            said, _death = ask(engine, body, 20, 1_000_000_000) if body.startswith(b"%PDF") else ([], None)
            if said and "pages" in said[0] and len(json.dumps(said)) < 12_000:
                yield 0, json.dumps(said).encode()


_NUMBERS = (0, -1, 1e-300, 1e300, -1e30, 3.5, 11.0, 40.0, 72, 700, 699.9, 842, None)


def _page_change(rng: random.Random, data: bytes) -> bytes:
    """Values of the child's lines changed to others of their type: what any PDF could make it say."""
    return json.dumps(_same_type(rng, json.loads(data))).encode()


def _same_type(rng: random.Random, node: Any) -> Any:
    if isinstance(node, dict):
        key = rng.choice(list(node))
        return node | {key: _same_type(rng, node[key])} if key not in ("page", "engine", "pages") else node
    if isinstance(node, list) and node:
        at, act = rng.randrange(len(node)), rng.random()
        if act < 0.15 and isinstance(node[at], list) and len(node) > 2:
            return (
                [*node, node[at]]
                if act < 0.08
                else [*node[:at], *node[at + 1 :]]
                if isinstance(node[0], list)
                else node
            )
        return [*node[:at], _same_type(rng, node[at]), *node[at + 1 :]]
    if isinstance(node, bool):
        return not node
    if isinstance(node, str):
        return rng.choice(mutate.TEXTS) if rng.random() < 0.3 else mutate._text(rng, node)
    if isinstance(node, int | float):
        return rng.choice([n for n in _NUMBERS if n is not None])
    return node


def _make_pages() -> Read:
    """From the child's lines to a reading: layout, notes, running heads, passages."""
    from crawler.read import pdf

    def one(_way: int, body: bytes) -> object:
        said = _of_the_childs_form(body)
        if said is None:
            return None
        paged = pdf._paged(said, ())
        reading = pdf._reading(paged, pdf._empty(paged))
        rules.check(reading)
        return reading

    return one


def _of_the_childs_form(body: bytes) -> list[dict[str, Any]] | None:
    """The child's lines; None for what it cannot say: its form is fixed, its values are not."""
    try:
        said = json.loads(body)
        head, pages = said[0], [line for line in said[1:] if "page" in line]
        assert isinstance(head["engine"], str) and isinstance(head["pages"], int) and isinstance(head["metadata"], dict)
        assert all(isinstance(value, str) for value in head["metadata"].values()) and pages
        for number, page in enumerate(pages, start=1):
            assert page["page"] == number and isinstance(page.get("blank", False), bool)
            assert all(isinstance(link, str) for link in page.get("links", []))
            assert all(_is_row(row) for row in page["lines"])
    except (ValueError, KeyError, IndexError, TypeError, AssertionError, AttributeError, RecursionError):
        return None
    return said


def _is_row(row: Any) -> bool:
    if len(row) == 1:
        return isinstance(row[0], str)
    text, x, y, x_end, y_end, size, bold, marks, gaps = row
    numbers = all(isinstance(n, int | float) and not isinstance(n, bool) for n in (x, y, x_end, y_end, size))
    edges = [0, *(at for pair in marks for at in pair), len(text)]
    places = [0, *(at for at, _ in gaps), len(text)]
    return (
        isinstance(text, str)
        and numbers
        and isinstance(bold, bool)
        and edges == sorted(edges)
        and places == sorted(places)
    )


HARNESSES = (
    Harness(name="pdf", executions=1_500, make=_make_pdf, seeds=_pdf_seeds, words=_WORDS_OF_PDF, most_bytes=30_000),
    Harness(
        name="pdf_pages",
        executions=1_200,
        make=_make_pages,
        seeds=_page_seeds,
        mutator=_page_change,
        most_bytes=12_000,
        words=DATES,
        rss_mb=1536,
    ),
)
