"""PDF to text with page numbers. The engine runs in a child process under limits; here its lines become a reading."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crawler.read.clean import clean, one_line
from crawler.read.language import language_of
from crawler.read.model import Broken, Confidence, Dated, Kind, Locked, Reading, WrongShape
from crawler.read.passages import Block, compose
from crawler.read.pdf_layout import Line, blocks_of_pages, without_running
from crawler.read.safe_xml import seen
from crawler.read.spoken_dates import reference_period, spoken_dates

EXTRACTOR = "pdf/1"

MEMORY_BYTES = 1_500_000_000  # tech §4: real files of 2,415 pages fit, both decompression bombs die
WALL_S = 30.0
_ALMOST_NOTHING = 25  # characters on a page; less is a picture of a page
_MOST = 0.5  # of the pages without text: the whole document needs OCR
_PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paged:
    """What the child said."""

    engine: str
    pages: tuple[tuple[Line, ...], ...]
    metadata: Mapping[str, str]
    warnings: tuple[str, ...]


def read_pdf(
    body: bytes, url: str | None = None, *, wall_s: float = WALL_S, memory_bytes: int = MEMORY_BYTES
) -> Reading:
    """A PDF with its text, passages by page, characters per page and the dates it names on its first page.

    Raises WrongShape for what is no PDF, Locked where a password is needed, Broken for a file that neither engine
    opens within `wall_s` seconds (the second gets half of them) and `memory_bytes`.
    """
    where = url or "this PDF"
    if b"%PDF" not in body[:1024]:
        raise WrongShape(
            f"{where}: {seen(body)} where a PDF was promised ({len(body)} bytes); the link may lead to a log-in page"
        )
    paged = _opened(body, where, wall_s, memory_bytes)
    pages = tuple(sum(len(line.text.strip()) for line in page) for page in paged.pages)
    blocks = blocks_of_pages(without_running(paged.pages))
    text, passages = compose(blocks)
    empty = [number for number, characters in enumerate(pages, start=1) if characters < _ALMOST_NOTHING]
    front = "\n".join(clean(line.text) for page in paged.pages[:1] for line in page)
    spoken = spoken_dates(front)
    period = reference_period(text)
    return Reading(
        kind=Kind.PDF,
        title=_title(paged.metadata, blocks),
        published=spoken.published or spoken.modified or _metadata_date(paged.metadata),
        modified=spoken.modified,
        language=language_of(text),
        text=text,
        passages=passages,
        period_from=period[0] if period else None,
        period_to=period[1] if period else None,
        pages=pages,
        needs_ocr=bool(pages) and len(empty) >= _MOST * len(pages),
        warnings=(*paged.warnings, *_about_empty(empty, len(pages))),
        extractor=EXTRACTOR,
        attributes={"engine": paged.engine},
    )


def _opened(body: bytes, where: str, wall_s: float, memory_bytes: int) -> _Paged:
    """By pdfium; if its process dies or refuses the file, once more by pypdf, which mends other damage."""
    reasons: list[str] = []
    for engine, limit_s in (("pdfium", wall_s), ("pypdf", wall_s / 2)):
        lines, death = _run(engine, body, limit_s, memory_bytes)
        refusal = next((line for line in lines if "error" in line), None)
        if refusal and refusal.get("kind") == "locked":
            raise Locked(f"{where}: encrypted with a password; ask the publisher for an open copy and use `coi add`")
        readable = any("page" in line and "warning" not in line for line in lines)
        if not death and not refusal and readable:
            warnings = (f"pdfium failed ({reasons[0]}), read by pypdf",) if reasons else ()
            return _paged(lines, warnings)
        reasons.append(death or (str(refusal["error"]) if refusal else "no page can be loaded"))
    raise Broken(
        f"{where}: this PDF ({len(body)} bytes) cannot be opened: pdfium: {reasons[0]}; pypdf: {reasons[1]}; "
        "fetch it again, or repair it and use `coi add`"
    )


def _run(engine: str, body: bytes, wall_s: float, memory_bytes: int) -> tuple[list[dict[str, object]], str | None]:
    """The child's lines, and how it died if it did."""
    command = [sys.executable, "-m", "crawler.read.pdf_child", engine, str(memory_bytes), str(max(1, int(wall_s)))]
    path = os.pathsep.join(filter(None, (str(_PROJECT), os.environ.get("PYTHONPATH"))))
    try:
        done = subprocess.run(
            command,
            input=body,
            capture_output=True,
            timeout=wall_s,
            check=False,
            env={**os.environ, "PYTHONPATH": path},
        )
    except subprocess.TimeoutExpired:
        return [], f"took more than {wall_s:g} s"
    if done.returncode < 0:
        return [], f"its process was killed by signal {-done.returncode} (over the limit of memory or time)"
    if done.returncode:
        errors = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if "Error" in line]
        return [], f"its process failed ({errors[-1].strip()[:120] if errors else 'out of memory'})"
    return [json.loads(line) for line in done.stdout.splitlines()], None


def _paged(lines: Sequence[Mapping[str, object]], warnings: tuple[str, ...]) -> _Paged:
    head, found = lines[0], list(warnings)
    pages = []
    for line in lines[1:]:
        raw = line.get("lines")
        rows = raw if isinstance(raw, list) else []
        pages.append(tuple(Line(text=str(t), x=x, y=y, y_end=y_end, size=size) for t, x, y, y_end, size in rows))
        if line.get("warning"):
            found.append(f"page {line['page']} cannot be read: {line['warning']}")
    total = head.get("pages")
    if isinstance(total, int) and total > len(pages):
        found.append(f"only the first {len(pages)} of {total} pages were read")
    metadata = head.get("metadata")
    return _Paged(
        engine=str(head["engine"]),
        pages=tuple(pages),
        metadata={str(k): str(v) for k, v in metadata.items()} if isinstance(metadata, dict) else {},
        warnings=tuple(found),
    )


def _title(metadata: Mapping[str, str], blocks: Sequence[Block]) -> str | None:
    """The metadata's title where the first page bears it out; else the first heading, else whatever there is."""
    first = [block for block in blocks if block.page == 1]
    declared = one_line(metadata.get("Title"))
    front = " ".join(block.text for block in first).casefold()
    if declared and declared.casefold() in front:
        return declared
    heading = next((block.text for block in first if block.heading), None)
    return heading or declared or next((block.text[:200] for block in first), None)


def _metadata_date(metadata: Mapping[str, str]) -> Dated | None:
    """The day the file was made: low confidence, files are made over."""
    for name in ("CreationDate", "ModDate"):
        found = re.match(r"D:((?:19|20)\d\d)(\d\d)(\d\d)", metadata.get(name) or "")
        if found:
            try:
                day = date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                continue  # a file that was made on the 31st of June; the other date may be true
            return Dated(day=day, origin="pdf-metadata", confidence=Confidence.LOW)
    return None


def _about_empty(empty: Sequence[int], total: int) -> tuple[str, ...]:
    if not empty:
        return ()
    which = ", ".join(map(str, empty[:20])) + (" ..." if len(empty) > 20 else "")
    return (f"{len(empty)} of {total} pages have almost no text (needs OCR): {which}",)
