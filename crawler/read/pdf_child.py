"""The child process that opens a PDF: bytes on standard input, JSON lines on standard output.

pdfium can take 8 GB and abort the whole process on a 2 MB file (tech §4), which nothing inside the process can
catch. So it runs here, under limits, and its death is an answer. Run by `crawler.read.pdf` only:

    python -m crawler.read.pdf_child pdfium|pypdf MEMORY_BYTES CPU_SECONDS

Lines: {"engine", "pages", "metadata"} first, then per page {"page", "lines": [[text, x, y, y_end, size], ...]} (points,
baselines from below at the first and the last character; null where the engine does not know), or one
{"error", "kind"}.
"""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any

MOST_PAGES = 5000  # no report is longer; a page tree that says so lies


def main(arguments: list[str]) -> int:
    """Reads standard input with the named engine; exit 0 also for a refused file, which is a line of its own."""
    engine, memory_bytes, cpu_s = arguments[0], int(arguments[1]), int(arguments[2])
    _limit(memory_bytes, cpu_s)
    body = sys.stdin.buffer.read()
    out = sys.stdout.buffer
    try:
        for line in {"pdfium": _pdfium, "pypdf": _pypdf}[engine](body):
            out.write(json.dumps(line, ensure_ascii=True).encode("ascii") + b"\n")
    except (MemoryError, RecursionError) as error:
        _say(out, "broken", f"over the limits ({type(error).__name__})")
    out.flush()
    return 0


def _limit(memory_bytes: int, cpu_s: int) -> None:
    """Hard limits where the system has them; macOS refuses RLIMIT_AS, there the wall limit of the parent remains."""
    import resource

    for name, value in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CPU, cpu_s), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(name, (value, value))
        except (ValueError, OSError) as error:
            print(f"limit {name} not set: {error}", file=sys.stderr)


def _say(out: Any, kind: str, error: str) -> None:  # noqa: ANN401 - a binary stream
    out.write(json.dumps({"kind": kind, "error": error}).encode("ascii") + b"\n")


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
            yield {"page": index + 1, "lines": _pdfium_lines(page)}
            page.close()
        except pypdfium2.PdfiumError as error:
            yield {"page": index + 1, "lines": [], "warning": str(error)}


def _pdfium_lines(page: Any) -> list[list[object]]:  # noqa: ANN401 - pypdfium2 ships no types
    """Each line with the place and size of its first visible character: enough to see paragraphs and headings."""
    import ctypes

    import pypdfium2.raw as raw

    textpage = page.get_textpage()
    text = textpage.get_text_range()
    upright = page.get_rotation() == 0  # else "below" is not where the next line stands
    x, y, x_end, y_end = (ctypes.c_double() for _ in range(4))
    lines: list[list[object]] = []
    at = 0
    for line in text.split("\r\n"):
        first, last = at + len(line) - len(line.lstrip()), at + len(line.rstrip()) - 1
        at += len(line) + 2
        if not line.strip():
            continue
        known = upright and raw.FPDFText_GetCharOrigin(textpage, first, x, y)
        # pdfium gives a word that was broken over two lines as one line: its end stands lower than its beginning
        if known and raw.FPDFText_GetCharOrigin(textpage, last, x_end, y_end):
            size = raw.FPDFText_GetFontSize(textpage, first)
            lines.append([line, round(x.value, 1), round(y.value, 1), round(y_end.value, 1), round(size, 1)])
        else:
            lines.append([line, None, None, None, None])
    textpage.close()
    return lines


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
            text = reader.pages[index].extract_text()
            yield {"page": index + 1, "lines": [[line, None, None, None, None] for line in text.splitlines()]}
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError) as error:
            yield {"page": index + 1, "lines": [], "warning": f"{type(error).__name__}: {error}"[:200]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
