"""Saying how a crawl goes: a bar on a terminal, plain lines elsewhere, JSON lines for our own parent process."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from crawler.health import RunResult, Status

if TYPE_CHECKING:
    from rich.progress import TaskID

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
    """A live bar for each source on a terminal; elsewhere a line for each run that begins and each message."""
    if not sys.stderr.isatty():
        yield _plain
        return
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    numbers = TextColumn("{task.fields[said]}")
    columns = (SpinnerColumn(), TextColumn("{task.description:<28}"), numbers, TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as shown:
        tasks: dict[str, TaskID] = {}
        lock = threading.Lock()  # several sources report at once

        def tell(progress: "Progress") -> None:
            if progress.event == "message":
                shown.console.print(progress.text)
                return
            with lock:
                if progress.source_id not in tasks:
                    tasks[progress.source_id] = shown.add_task(progress.source_id, total=None, said="")
                task = tasks[progress.source_id]
                if progress.event == "ended":
                    shown.remove_task(tasks.pop(progress.source_id))
                    return
            elapsed_s = shown.tasks[shown.task_ids.index(task)].elapsed or 0.0
            shown.update(task, said=numbers_of(progress, elapsed_s))

        yield tell


def numbers_of(progress: "Progress", elapsed_s: float) -> str:
    """How a run goes, in numbers: pages, new, changed, rate, what waits.

    >>> from crawler.run import Progress
    >>> numbers_of(Progress(event="went on", pages=30, new=4, changed=1, waiting=12), 15.0)
    '30 pages, 4 new, 1 changed, 2.0 a second, 12 waiting'
    """
    run = f"run {progress.done + 1} of {progress.total}, " if progress.total > 1 else ""
    rate = progress.pages / elapsed_s if elapsed_s >= 1 else 0.0
    return (
        f"{run}{progress.pages} pages, {progress.new} new, {progress.changed} changed, {rate:.1f} a second, "
        f"{progress.waiting} waiting"
    )


def _plain(progress: "Progress") -> None:
    if progress.event in ("message", "began"):
        print(_words(progress), file=sys.stderr)


def line_of(result: RunResult) -> str:
    """One run as a line for people."""
    if result.status is Status.NOT_CONFIGURED:
        return result.message
    counts = result.counts
    said = f"{result.source_id} {result.slot}: {result.status}"
    said += f", {counts.rows} rows, {counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged"
    said += f", {counts.gone} gone, {counts.failed} lost"
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
