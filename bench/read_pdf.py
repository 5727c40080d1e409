"""Reading PDF against a bare pypdfium2 loop: python bench/read_pdf.py [FOLDER] [--floor RATIO].

bare      open, every page's text, close; in this process, nothing kept
pages     the same through the child process under limits, with places, footnote marks, cell gaps and links
reading   the whole `read_pdf`: layout, passages, notes, dates, period, language

FOLDER: real PDFs (all of its *.pdf that open without a password and have text). A generated report of 100 pages with
running headers, footnotes and tables is always measured. Best of seven, each of the three in turn; processor time of
this process and of the child together (Linux; elsewhere wall time), since one waits for the other and a busy machine
would be measured otherwise. The child is warm, as in a crawl; what its first start takes is printed too. With --floor,
exit 1 where pages/bare over the real files (without any: over the generated one) is above it.
"""

import argparse
import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.figures import Figure
from crawler.read import pdf_process
from crawler.read.pdf import MEMORY_BYTES, WALL_S, read_pdf
from crawler.read.pdf_process import ask

ROUNDS = 7
PAGES = 100
LEAST_CHARACTERS = 1000
LEAST_MS = 20.0  # of the bare loop; shorter files measure the clock


def generated(pages: int = PAGES) -> bytes:
    """A report with a running header, a page number, 40 lines of text, a table and two footnotes on each page."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=A4)
    for page in range(1, pages + 1):
        sheet.setFont("Helvetica", 9)
        sheet.drawString(72, 810, "Country report Exampleland")
        sheet.drawString(290, 30, str(page))
        sheet.setFont("Helvetica", 10.5)
        for line in range(40):
            words = f"In week {line} of year {page} the men of unit {line * page % 97} were asked to sign a contract"
            sheet.drawString(72, 780 - 14 * line, words)
        for row in range(4):
            for column, text in enumerate((f"Region {row}", str(page * row), f"{row * 7} %")):
                sheet.drawString(72 + 120 * column, 200 - 14 * row, text)
        sheet.setFont("Helvetica", 6.5)
        for note in (1, 2):
            sheet.drawString(72 + sheet.stringWidth("x" * 80, "Helvetica", 10.5), 784 - 14 * note, str(note))
            sheet.drawString(
                72, 90 - 11 * note, f"{note}  Meduza, {note} April 2022, https://meduza.example/{page}/{note}"
            )
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def bare(body: bytes) -> int:
    """What everybody writes first: the text of each page. Returns the number of characters."""
    document = pypdfium2.PdfDocument(body)
    characters = 0
    for page in document:
        textpage = page.get_textpage()
        characters += len(textpage.get_text_range())
        textpage.close()
        page.close()
    document.close()
    return characters


def best_ms(jobs: list[Callable[[], object]]) -> list[float]:
    """The shortest time of each job in milliseconds; the jobs take turns, so that a busy machine hits all alike."""
    best = [float("inf")] * len(jobs)
    for _ in range(ROUNDS):
        for number, job in enumerate(jobs):
            begin = _spent_s()
            job()
            best[number] = min(best[number], 1000 * (_spent_s() - begin))
    return best


def _spent_s() -> float:
    """Processor time of this process and its child so far; wall time where the system does not tell (no /proc)."""
    stat = Path(f"/proc/{pdf_process.child_pid()}/stat")
    if not stat.exists():
        return time.perf_counter()
    fields = stat.read_text().rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


PAGES_TO_BARE = 1.3


def figures(*, quick: bool) -> Iterator[Figure]:
    """The generated report: its pages in the child process, and the whole reading, against the bare loop."""
    body = generated()
    ask("pdfium", body, WALL_S, MEMORY_BYTES)
    plain, paged, whole = best_ms(
        [lambda: bare(body), lambda: ask("pdfium", body, WALL_S, MEMORY_BYTES), lambda: read_pdf(body)]
    )
    about = {"bench": "read_pdf", "size": PAGES, "of": "PDF pages", "unit": "CPU ms", "beside": "bare pypdfium2",
             "theirs": (plain,), "note": f"best of {ROUNDS}"}  # fmt: skip
    yield Figure(what="text of each page, in the child", ours=(paged,), target=PAGES_TO_BARE, **about)
    yield Figure(what="headings, notes, tables, passages", ours=(whole,), **about)


def main() -> int:
    """Measure and print one line for each file and one for all; exit status by --floor."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--floor", type=float, default=None, help="the highest ratio of pages to bare that passes")
    options = parser.parse_args()
    begin = time.perf_counter()
    ask("pdfium", generated(1), WALL_S, MEMORY_BYTES)
    print(f"first start of the child: {1000 * (time.perf_counter() - begin):.0f} ms\n")
    bodies = {"generated": generated()} | (_real(options.folder) if options.folder else {})
    print(f"{'file':34} pages  bare ms pages ms  reading pages/bare reading/bare")
    totals = [0.0, 0.0, 0.0]
    real = len(bodies) > 1
    for name, body in bodies.items():
        times = best_ms(
            [lambda b=body: bare(b), lambda b=body: ask("pdfium", b, WALL_S, MEMORY_BYTES), lambda b=body: read_pdf(b)]
        )
        if times[0] < LEAST_MS:
            continue
        if name != "generated" or not real:
            totals = [total + spent for total, spent in zip(totals, times, strict=True)]
        _print(name, len(pypdfium2.PdfDocument(body)), times)
    _print("all real files" if real else "all", 0, totals)
    return int(options.floor is not None and totals[1] > options.floor * totals[0])


def _print(name: str, pages: int, times: list[float]) -> None:
    plain, paged, whole = times
    shares = f"{paged / plain:10.2f} {whole / plain:12.2f}"
    print(f"{name[-34:]:34} {pages or '':>5} {plain:8.1f} {paged:8.1f} {whole:8.1f} {shares}")


def _real(folder: Path) -> dict[str, bytes]:
    """Every PDF below the folder that opens without a password and has text."""
    found = {}
    for path in sorted(folder.rglob("*.pdf")):
        body = path.read_bytes()
        try:
            if bare(body) > LEAST_CHARACTERS:
                found[str(path.relative_to(folder))] = body
        except pypdfium2.PdfiumError as error:
            print(f"left out: {path.name}: {error}", file=sys.stderr)
    return found


if __name__ == "__main__":
    sys.exit(main())
