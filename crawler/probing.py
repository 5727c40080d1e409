"""Looking at live sources (coi sources check) and saving what was seen as a test case (coi capture)."""

import difflib
import json
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from crawler.due import at_once
from crawler.health import RunResult, Status
from crawler.items import ListToRead
from crawler.progress import bar
from crawler.read.model import ReadError, Reading
from crawler.run import CrawlDied, Told, crawl
from crawler.shapes import Shape
from crawler.source import Source
from store import archive_read, captures, db
from store.clock import utc_now
from store.declared import Closed
from store.errors import ForPeople
from store.home import Home
from store.model import Capture

LIMIT_S = 300
_ENDINGS = {"json": "json", "html": "html", "xml": "xml", "pdf": "pdf", "rss": "xml", "atom": "xml"}


class NothingToSave(ForPeople, RuntimeError):
    """The source gave nothing that a case could be made of; the message holds what was seen."""


def probe(home: Home, sources: Sequence[Source]) -> list[RunResult]:
    """Look at each crawled source: start pages and one document. Keeps neither documents nor runs."""
    home.create()
    slot = f"probe:{utc_now()}"
    crawled = [source for source in sources if source.shape is not Shape.MANUAL]
    with bar() as tell, ThreadPoolExecutor(at_once()) as pool:
        return list(pool.map(lambda source: _probe(home, source, slot, tell), crawled))


def _probe(home: Home, source: Source, slot: str, tell: Told) -> RunResult:
    try:
        return crawl(home, [source], slot=slot, tell=tell, limit_s=LIMIT_S, probe=True)[0]
    except CrawlDied as error:
        return RunResult(source_id=source.id, slot="", status=Status.FAILED, message=str(error))


def in_words(result: RunResult, *, day: str) -> list[str]:
    """What a probe saw, as lines for people; `day` (YYYY-MM-DD) is what verified_on may say from now on."""
    said = [f"{result.source_id}: {result.status}", *(f"  {line}" for line in result.saw)]
    said += [f"  ! {problem.url}: {problem.what}; {problem.remedy}" for problem in result.problems]
    if result.status is Status.NOT_CONFIGURED:
        return [result.message]
    if result.status is Status.OK:
        return [*said, f"  if that is what the site shows, write verified_on = {day} into the source file"]
    return said if result.problems else [*said, f"  ! {result.message}"]


def as_record(result: RunResult) -> dict[str, object]:
    """A probe for a script: {id, status, message, saw, problems: [{url, what, remedy}]}."""
    problems = [{"url": p.url, "what": p.what, "remedy": p.remedy} for p in result.problems]
    return {"id": result.source_id, "status": result.status.value, "message": result.message,
            "saw": list(result.saw), "problems": problems}  # fmt: skip


def case_folder(home: Home, source_id: str) -> Path:
    """Where the case of a source belongs: of a shipped one in the checkout, of the operator's own in the home."""
    beside = Path(__file__).resolve().parents[1] / "tests" / "sources"
    own = (home.declared / "sources" / f"{source_id}.toml").exists()
    return (beside if beside.is_dir() and not own else home.path / "cases") / source_id


def save_case(home: Home, source: Source, folder: Path) -> Iterable[str]:
    """Probe one source and save its pages into the folder; says what was written and how it differs from before.

    page.<ending> is the start page, article.<ending> the document behind it. Raises NothingToSave where nothing came.
    """
    result = probe(home, [source])[0]
    yield from in_words(result, day=utc_now()[:10])
    if not result.fetched:
        raise NothingToSave(f"{source.id}: nothing was saved, because nothing could be read: {result.message}")
    folder.mkdir(parents=True, exist_ok=True)
    conn = db.connect_readonly(home)
    for name, url in _named(source, result.fetched):
        found = captures.latest(conn, url)
        if found is None:
            raise NothingToSave(f"{url}: no capture of it is held; run the same command again")
        capture = found[1]
        holder = captures.get(conn, capture.refers_to) if capture.refers_to else capture
        body = archive_read.payload(home.archive, holder)
        path = folder / f"{name}.{_ending(capture)}"
        path.write_bytes(body)
        yield f"{path}: {len(body)} bytes of {url}"
        if name == "page" and source.shape is not Shape.WATCH:
            yield from _compared(source, folder, url, capture, body)
    conn.close()
    if folder == case_folder(home, source.id) and folder.is_relative_to(Path(__file__).resolve().parents[1]):
        yield f"now run: pytest tests/test_sources.py -k {source.id}"


def _named(source: Source, fetched: Sequence[str]) -> list[tuple[str, str]]:
    """The pages of a case: the first list, and the last thing fetched, which is the document."""
    if source.shape is Shape.WATCH or len(fetched) == 1:
        return [("page", fetched[0])]
    return [("page", fetched[0]), ("article", fetched[-1])]


def _ending(capture: Capture) -> str:
    return next((ending for word, ending in _ENDINGS.items() if word in capture.media_type.lower()), "html")


def _compared(source: Source, folder: Path, url: str, capture: Capture, body: bytes) -> list[str]:
    """How the list is read now, beside what the case expects; a new case gets a first expected.json."""
    from crawler.reading_lists import list_page  # the readers load slowly, and only here

    task = ListToRead(body=body, url=url, media_type=capture.media_type, shape=source.shape,
                      rules=source.rules_as(Closed), language=source.language, zone=source.zone)  # fmt: skip
    try:
        read = list_page(task)
    except ReadError as error:
        return [f"! {error}"]
    seen, file = entries_of(read), folder / "expected.json"
    if not file.exists() and not seen:
        return [f"{file}: not made, because no entry could be read; correct the source file, then capture again"]
    if not file.exists():
        file.write_text(json.dumps({"url": url, "entries": seen, "next": read.next_url}, indent=1, ensure_ascii=False)
                        + "\n", "utf-8")  # fmt: skip
        return [f"{file}: made from what is read now; check every value, and add what you expect of the document"]
    before = json.loads(file.read_text("utf-8")).get("entries", [])
    old, new = (json.dumps(entries, indent=1, ensure_ascii=False).splitlines() for entries in (before, seen))
    return list(difflib.unified_diff(old, new, "expected", "read now", lineterm="")) or ["the entries are as expected"]


def entries_of(read: Reading) -> list[dict[str, str | None]]:
    """The entries of a list as a case writes them."""
    return [
        {"url": entry.url, "key": entry.key, "title": entry.title,
         "published_on": entry.published.day.isoformat() if entry.published else None}
        for entry in read.entries
    ]  # fmt: skip
