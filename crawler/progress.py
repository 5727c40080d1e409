"""Saying how a crawl goes: a bar on a terminal, plain lines elsewhere, JSON lines for our own parent process."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from crawler.health import RunResult

if TYPE_CHECKING:
    from crawler.run import Progress

Report = Callable[[RunResult], None]


@contextmanager
def showing(*, as_json: bool) -> Iterator[tuple[Callable[["Progress"], None], Report]]:
    """Give (tell, report): what to call as the crawl goes on, and for each result."""
    if as_json:
        yield _tell_json, lambda result: _write({"event": "result", **asdict(result)})
        _write({"event": "finished"})
    else:
        with bar() as tell:
            yield tell, lambda result: print(line_of(result))


@contextmanager
def bar() -> Iterator[Callable[["Progress"], None]]:
    """A progress bar on a terminal; elsewhere a line for each run that begins and each message."""
    if not sys.stderr.isatty():
        yield lambda progress: print(_words(progress), file=sys.stderr)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("crawl", total=None)

        def tell(progress: "Progress") -> None:
            if progress.event == "message":
                shown.console.print(progress.text)
            else:
                shown.update(task, description=progress.source_id, completed=progress.done, total=progress.total)

        yield tell


def line_of(result: RunResult) -> str:
    """One run as a line for people."""
    counts = result.counts
    said = f"{result.source_id} {result.slot}: {result.status}"
    said += f", {counts.rows} rows, {counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged"
    said += f", {counts.gone} gone, {counts.failed} failed"
    return f"{said}\n  {result.message}" if result.message else said


def _words(progress: "Progress") -> str:
    if progress.event == "message":
        return progress.text
    return f"[{progress.done + 1}/{progress.total}] {progress.source_id} {progress.slot}"


def _tell_json(progress: "Progress") -> None:
    _write(asdict(progress))


def _write(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()
