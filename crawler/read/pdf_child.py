"""The child process that opens PDFs: one request after the other on standard input, JSON lines on standard output.

pdfium can take 8 GB and abort the whole process on a 2 MB file (tech §4), which nothing inside the process can catch.
So it runs here, under limits that are set anew for each document, and its death is an answer. To start an interpreter
and load the engine costs more than to read a short report, so one child reads many. Run by `pdf_process` only.

A request is a line {"engine", "bytes", "memory_bytes", "cpu_s"} and the body. The answer: {"engine", "pages",
"metadata"}, per page {"page", "lines": [[text, x, y, x_end, y_end, size, bold, marks, gaps], ...], "links", "blank"}
(points; see `pdf_text`; [text] alone where the engine knows no places), or one {"error", "kind"}; and last
{"done", "peak_mb"}.
"""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from crawler.read.pdf_text import is_blank, links_of, text_lines
from store.limits import limit

_ALMOST_NOTHING = 25  # characters on a page
MOST_PAGES = 5000  # no report is longer; a page tree that says so lies


def main() -> int:
    """Answers requests until standard input ends; exit 0 also for refused files, which are lines of their own."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while head := requests.readline():
        asked = json.loads(head)
        body = requests.read(asked["bytes"])
        limit(asked["memory_bytes"], asked["cpu_s"], renewed=True)
        try:
            for line in {"pdfium": _pdfium, "pypdf": _pypdf}[asked["engine"]](body):
                _say(answers, line)
        except (MemoryError, RecursionError) as error:
            _say(answers, {"kind": "broken", "error": f"over the limits ({type(error).__name__})"})
        _say(answers, {"done": True, "peak_mb": _peak_mb()})
        answers.flush()
    return 0


def _peak_mb() -> int:
    """The most memory that this process ever had resident.

    Linux hands `ru_maxrss` on through fork and exec, so that a child of a large parent would look worn from the start;
    the high-water mark of its own memory is in /proc. Elsewhere `getrusage` has to do (macOS counts in bytes).
    """
    import resource

    try:
        with Path("/proc/self/status").open(encoding="ascii") as status:
            return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        unit = 1024 * 1024 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit


def _say(out: BinaryIO, line: dict[str, object]) -> None:
    out.write(json.dumps(line, ensure_ascii=True).encode("ascii") + b"\n")


def _pdfium(body: bytes) -> Iterator[dict[str, object]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        locked = "assword" in str(error)
        yield {"kind": "locked" if locked else "broken", "error": str(error)}
        return
    total = len(document)
    yield {"engine": "pypdfium2", "pages": total, "metadata": document.get_metadata_dict()}
    for index in range(min(total, MOST_PAGES)):
        try:
            page = document[index]
            lines = text_lines(page)
            blank = sum(len(line[0]) for line in lines) < _ALMOST_NOTHING and is_blank(page)
            yield {"page": index + 1, "lines": lines, "links": links_of(document, page), "blank": blank}
            page.close()
        except pypdfium2.PdfiumError as error:
            yield {"page": index + 1, "lines": [], "warning": str(error)}
    document.close()


def _pypdf(body: bytes) -> Iterator[dict[str, object]]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            yield {"kind": "locked", "error": "encrypted with a password"}
            return
        metadata = {str(k).lstrip("/"): str(v) for k, v in (reader.metadata or {}).items()}
        total = len(reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        yield {"kind": "broken", "error": f"{type(error).__name__}: {error}"[:300]}
        return
    yield {"engine": "pypdf", "pages": total, "metadata": metadata}
    for index in range(min(total, MOST_PAGES)):
        try:
            text: Any = reader.pages[index].extract_text()
            yield {"page": index + 1, "lines": [[line] for line in text.splitlines()]}
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError) as error:
            yield {"page": index + 1, "lines": [], "warning": f"{type(error).__name__}: {error}"[:200]}


if __name__ == "__main__":
    sys.exit(main())
