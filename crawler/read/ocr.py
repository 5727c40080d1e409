"""Text on pages that are pictures: OCRmyPDF with Tesseract (the extra `ocr`), in a process group under limits.

What it reads is a guess at each letter. So the reading's extractor names it, and each page that it read has a warning.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

REMEDY = 'install Tesseract and `pip install "coi-tracker[ocr]"`, then read it anew'
MEMORY_BYTES = 2_000_000_000  # for each of its processes
START_S = 30.0
PAGE_S = 20.0  # a page of A4 at 300 dpi takes 3 to 8 s on one processor
MOST_PAGES = 100
_WANTED = ("eng", "nld", "rus", "ukr", "deu", "fra")  # Tesseract's names of the languages that we read


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The PDF with a text layer (None where it failed), who made it, and what went wrong."""

    body: bytes | None
    engine: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """An installed engine: its name with version, and what makes a PDF with text of a PDF and some of its pages."""

    name: str
    run: Callable[[bytes, Sequence[int]], bytes]


class OcrFailed(Exception):
    """The engine ran and gave nothing; the message says why."""


def caution(page: int) -> str:
    """The warning that a page's text is a machine's guess."""
    return f"text by OCR, page {page}: check against the image"


def recognised(body: bytes, pages: Sequence[int], engine: Engine | None) -> Recognised | None:
    """These pages (1-based) read by the engine; None where there is none. A failure is a warning, never an error."""
    if engine is None:
        return None
    wanted = list(pages)[:MOST_PAGES]
    left = len(pages) - len(wanted)
    more = (f"OCR read {MOST_PAGES} pages and left {left}",) if left else ()
    try:
        return Recognised(body=engine.run(body, wanted), engine=engine.name, warnings=more)
    except OcrFailed as error:
        return Recognised(body=None, warnings=(f"OCR failed: {error}",))


@cache
def engine() -> Engine | None:
    """OCRmyPDF, where it and Tesseract are installed; looked up once per process."""
    try:
        name = f"ocrmypdf {version('ocrmypdf')}"
    except PackageNotFoundError:
        return None
    tesseract = shutil.which("tesseract")
    return Engine(name=name, run=_ocrmypdf) if tesseract else None


def _ocrmypdf(body: bytes, pages: Sequence[int]) -> bytes:
    wall_s = START_S + PAGE_S * len(pages)
    with tempfile.TemporaryDirectory(prefix="coi-ocr-") as folder:
        source, target = Path(folder, "in.pdf"), Path(folder, "out.pdf")
        source.write_bytes(body)
        said = _run(
            [
                "--pages", ",".join(map(str, pages)), "--force-ocr", "--output-type", "pdf", "--optimize", "0",
                "--jobs", "1", "--quiet", "--language", "+".join(languages()), "--tesseract-timeout", str(2 * PAGE_S),
                "--max-image-mpixels", "120", str(source), str(target),
            ],
            Path(folder), wall_s,
        )  # fmt: skip
        if not target.exists():
            raise OcrFailed(said or "ocrmypdf gave nothing")
        return target.read_bytes()


def _run(arguments: Sequence[str], folder: Path, wall_s: float) -> str:
    """Run it with its children as one group, killed as one; what it complained of last."""
    log = folder / "log.txt"
    with log.open("wb") as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", "crawler.read.ocr_child", str(MEMORY_BYTES), str(int(wall_s) + 1), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=complaints,
            stderr=complaints,
            start_new_session=True,
            env={
                **os.environ,
                "TMPDIR": str(folder),
                "OMP_THREAD_LIMIT": "1",
                "PYTHONPATH": os.pathsep.join((str(Path(__file__).resolve().parents[2]), *filter(None, sys.path))),
            },
        )
        try:
            process.wait(wall_s)
        except subprocess.TimeoutExpired as error:
            raise OcrFailed(f"took more than {wall_s:g} s") from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.returncode < 0:
        return f"its process was killed by signal {-process.returncode} (over the limit of memory or time)"
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    return f"{lines[-1][:200] if lines else 'no message'} (exit {process.returncode})" if process.returncode else ""


@cache
def languages() -> tuple[str, ...]:
    """Those of our languages that Tesseract has here; English where it cannot tell."""
    tesseract = shutil.which("tesseract")
    if tesseract is None:
        return ("eng",)
    listed = subprocess.run([tesseract, "--list-langs"], capture_output=True, text=True, timeout=20, check=False)
    held = set(listed.stdout.split())
    return tuple(name for name in _WANTED if name in held) or ("eng",)
