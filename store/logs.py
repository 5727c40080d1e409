"""Logs: one set-up for every command, the crawl and the site. A line is one JSON object, and no line holds a secret.

`at` (UTC), `level`, `event` (a short name), `run` (one id for a command and every process that it starts), `process`,
`by` (what runs), then what belongs to the event: `source`, `slot`, `crawl` (runs.id), `ms`, `said`. They lie in
$COI_HOME/logs. A terminal shows warnings in words; with COI_LOG=json standard error carries the same lines instead, for
journald or a container.
"""

import json
import logging
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from store.home import Home
from store.log_file import LogFile
from store.printable import printable
from store.secrets_hidden import hide_environment, without_secrets

RUN = "COI_RUN"  # the variable that carries the id of a run to the processes that it starts
FORM = "COI_LOG"
OURS = "coi"  # the logger of our own events
LONGEST = 8_000  # characters of one value
COMMANDS, CRAWL, SITE = "coi.log", "crawl.log", "site.log"
_bound: ContextVar[dict[str, Any]] = ContextVar("bound", default={})  # noqa: B039 (never changed in place)


class JsonLine(logging.Formatter):
    """One record as one line of JSON, secrets taken out of every value."""

    def __init__(self, by: str) -> None:
        super().__init__()
        self.by = by

    def format(self, record: logging.LogRecord) -> str:
        ours = getattr(record, "fields", None)
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(), "event": getattr(record, "event", record.name),
            "run": run_id(), "process": record.process, "by": self.by,
        }  # fmt: skip
        line |= _bound.get() | (ours if isinstance(ours, dict) else {})
        if said := record.getMessage():
            line["said"] = said
        if record.exc_info and record.exc_info[0]:
            line["fault"] = self.formatException(record.exc_info)
        return json.dumps({name: _clean(value) for name, value in line.items()}, ensure_ascii=False)


class InWords(logging.Formatter):
    """One record for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        fault = f"\n{self.formatException(record.exc_info)}" if record.exc_info and record.exc_info[0] else ""
        return printable(without_secrets(f"{record.levelname.lower()}: {record.getMessage()}{fault}"), keep="\n\t")


def as_json() -> bool:
    """Whether the operator asked for JSON lines on standard error (COI_LOG=json)."""
    return os.environ.get(FORM, "").strip().lower() == "json"


def run_id() -> str:
    """The id of this run: what the parent process handed on, else a new one."""
    if not os.environ.get(RUN):
        os.environ[RUN] = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    return os.environ[RUN]


def begin(home: Home, by: str, *, file: str = COMMANDS, terminal: bool = True) -> None:
    """Set up the logs of this process: `by` says what runs (a command, never its arguments), `file` where it writes.

    Called again it begins anew. What others (Scrapy, uvicorn, Datasette) log from WARNING on goes the same way.
    Without `terminal` nothing is shown in words: a parent process shows what must be seen.
    """
    run_id()
    hide_environment()
    root = logging.getLogger()
    for handler in [found for found in root.handlers if getattr(found, "of_coi", False)]:
        root.removeHandler(handler)
        handler.close()
    lines = JsonLine(by)
    # Where a home can only be read, commands read on without a log; what they cannot write they say themselves.
    log = LogFile(home.logs / file, excused=lambda: file == COMMANDS and not os.access(home.path, os.W_OK))
    handlers: list[logging.Handler] = [log]
    handlers[0].setFormatter(lines)
    if terminal or as_json():
        shown = logging.StreamHandler(sys.stderr)
        shown.setFormatter(lines if as_json() else InWords())
        if not as_json():
            shown.addFilter(lambda record: record.levelno >= logging.WARNING and not getattr(record, "echoed", False))
        handlers.append(shown)
    for handler in handlers:
        handler.of_coi = True  # type: ignore[attr-defined]
        root.addHandler(handler)
    logging.getLogger(OURS).setLevel(logging.INFO)


def event(name: str, said: str = "", *, level: int = logging.INFO, fault: BaseException | None = None,
          echoed: bool = False, **fields: Any) -> None:  # noqa: ANN401  # fmt: skip
    """Log something that happened. `fields` are numbers and names; a fault comes with its traceback.

    `echoed`: it was shown to the person already.
    """
    exc_info = (type(fault), fault, fault.__traceback__) if fault else None
    logging.getLogger(OURS).log(
        level, "%s", said, exc_info=exc_info, extra={"event": name, "fields": fields, "echoed": echoed}
    )


def say(text: str, *, err: bool = False, name: str = "said", **fields: Any) -> None:  # noqa: ANN401
    """Tell the person at the terminal, and the log. With COI_LOG=json only the log, which then is standard error."""
    event(name, text, level=logging.WARNING if err else logging.INFO, echoed=True, **fields)
    if not (as_json() and logging.getLogger(OURS).isEnabledFor(logging.INFO)):
        import click

        click.echo(text, err=err)


@contextmanager
def bound(**fields: object) -> Iterator[None]:
    """Put these fields on every line that is logged within."""
    token = _bound.set(_bound.get() | fields)
    try:
        yield
    finally:
        _bound.reset(token)


@contextmanager
def timed(name: str, **fields: Any) -> Iterator[None]:  # noqa: ANN401
    """Log that something was done and how long it took in ms; or with what it failed (`error`)."""
    began_s, error = time.perf_counter(), ""
    try:
        yield
    except SystemExit as ended:  # how commands end, well or not
        error = "" if ended.code in (0, None) else f"exit code {ended.code}"
        raise
    except BaseException as fault:
        error = f"{type(fault).__name__}: {fault}"
        raise
    finally:
        level = logging.WARNING if error else logging.INFO
        fields |= {"error": error} if error else {}
        event(name, level=level, echoed=True, ms=round((time.perf_counter() - began_s) * 1000), **fields)


def _clean(value: Any) -> Any:  # noqa: ANN401  anything that JSON can hold
    """A value without secrets; what is too long is cut."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, dict):
        return {str(name): _clean(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(one) for one in value]
    text = printable(
        without_secrets(str(value)), keep="\n\t"
    )  # JSON escapes these, but not what else steers a terminal
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ... ({len(text)} characters)"
