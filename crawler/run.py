"""Running crawls for the commands: each in a process (`python -m crawler`, forked), for a reactor starts only once."""

import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crawler import warm
from crawler.guard import check_contact
from crawler.health import Problem, RunResult, Status
from crawler.source import Source
from crawler.watchdog import missing
from store.clock import utc_now
from store.errors import ForPeople
from store.home import Home
from store.model import RunCounts

SOURCE_LIMIT_S = 6 * 3600
AFTER_LIMIT_S = 60  # a child that does not end by itself at its limit is ended from outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a crawl says while it runs: a run that began, went on, or ended; or a message about the archive."""

    event: str  # began, went on, ended, message
    source_id: str = ""
    slot: str = ""
    done: int = 0  # runs of this process that have ended
    total: int = 0
    pages: int = 0  # answers so far, in this run
    new: int = 0
    changed: int = 0
    waiting: int = 0  # requests that wait for their turn
    text: str = ""


CHILDREN: set[warm.Crawling] = set()  # crawling processes of this one, so that who stops can stop them
Told = Callable[[Progress], None]


class CrawlDied(ForPeople, RuntimeError):
    """The crawling process ended without saying how its runs went."""


def crawl(
    home: Home,
    sources: Sequence[Source],
    *,
    archives: Sequence[Path] = (),
    page: str | None = None,
    published: date | None = None,
    slot: str | None = None,
    now: str | None = None,
    tell: Told | None = None,
    limit_s: int = SOURCE_LIMIT_S,
    local_delay_s: float | None = None,
    probe: bool = False,
    journal: Path | None = None,
    shared: str | None = None,
) -> list[RunResult]:
    """Crawl the sources, live or (with archives) from files, each run in its own row; return how each went.

    `page` (with the day it was `published`, where a person says so) is fetched as a document of each source, instead
    of what the source declares. `now` (instant) and `slot` name a live run; the same slot is never run twice to its
    end. A `probe` looks at the start pages and one document, keeps neither document nor run, and says what it saw.
    Live, each source has a process of its own and `limit_s` seconds, and one whose setting is missing is told as not
    configured; from archives one process runs all moments of all sources. `journal` and `shared` are of a run for
    another machine (crawler.cluster): the file to note every write in, the store that holds the earlier archive.
    Raises guard.Refused where the live web would be asked without a contact address, CrawlDied where a process ends
    badly.
    """
    warm.ready(source.language for source in sources)
    common = ["--home", str(home.path), "--now", now or utc_now(), "--json"]
    common += ["--slot", slot] if slot else []
    common += ["--page", page] if page else []
    common += ["--published", published.isoformat()] if published else []
    common += ["--local-delay-s", str(local_delay_s)] if local_delay_s is not None else []
    if archives:
        files = [part for path in archives for part in ("--from", str(path))]
        names = [part for source in sources for part in ("--source", source.id)]
        return list(_child([*common, *files, *names], tell, None))
    check_contact(os.environ.get("COI_CONTACT", ""))
    common += ["--probe"] if probe else []
    common += ["--journal", str(journal)] if journal else []
    common += ["--shared", shared] if shared else []
    common += ["--limit-s", str(limit_s)]
    return [result for source in sources for result in _live(source, common, tell, limit_s)]


def lacks(source: Source) -> str:
    """What an operator must set before this source can be crawled, in words; '' where nothing is missing."""
    needs = missing(source)
    return f"not configured: set {needs.setting} ({needs.how})" if needs else ""


def _live(source: Source, shared: Sequence[str], tell: Told | None, limit_s: int) -> Iterable[RunResult]:
    if missing := lacks(source):
        message = f"{source.id}: {missing}"
        return [RunResult(source_id=source.id, slot="", status=Status.NOT_CONFIGURED, message=message)]
    return _child([*shared, "--source", source.id], tell, limit_s + AFTER_LIMIT_S)


def _child(arguments: list[str], tell: Told | None, limit_s: int | None) -> Iterator[RunResult]:
    """Run one child process and give back its results; stopped with SIGTERM when its time is over."""
    child = warm.start(arguments)
    CHILDREN.add(child)
    watch = _stop_after(child, limit_s)
    finished = False
    try:
        for line in child.stdout:
            heard = json.loads(line)
            if heard["event"] == "result":
                yield _result(heard)
            elif heard["event"] == "finished":
                finished = True
                break  # not until the pipe closes: reading processes hold it a little longer
            elif tell:
                tell(Progress(**heard))
    finally:
        _end(child, finished=finished)
        CHILDREN.discard(child)
        if watch:
            watch.cancel()
    if not finished:
        raise CrawlDied(
            f"the crawling process ended with status {child.returncode} before it was done; run the same command "
            "again: what is done stays done, and the rest is taken up where it was left"
        )


def _stop_after(child: warm.Crawling, limit_s: int | None) -> "threading.Timer | None":
    if limit_s is None:
        return None
    timer = threading.Timer(limit_s, child.terminate)
    timer.daemon = True
    timer.start()
    return timer


def _end(child: warm.Crawling, *, finished: bool) -> None:
    """Let the child end by itself; where its reader stopped early, it is no longer heard and stops."""
    if not finished:
        child.stdout.close()
    try:
        child.wait(timeout=30)
    except subprocess.TimeoutExpired:
        child.terminate()
        try:
            child.wait(timeout=30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    child.stdout.close()


def _result(heard: dict[str, object]) -> RunResult:
    """A result line of the child as a record."""
    fields = dict(heard)
    fields.pop("event")
    counts = RunCounts(**fields.pop("counts"))  # type: ignore[arg-type]
    problems = tuple(Problem(**problem) for problem in fields.pop("problems"))  # type: ignore[attr-defined]
    saw: tuple[str, ...] = tuple(fields.pop("saw"))  # type: ignore[arg-type]
    fetched: tuple[str, ...] = tuple(fields.pop("fetched"))  # type: ignore[arg-type]
    fields["status"] = Status(str(fields["status"]))
    return RunResult(**fields, counts=counts, problems=problems, saw=saw, fetched=fetched)  # type: ignore[arg-type]
