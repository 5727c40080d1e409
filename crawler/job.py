"""One run as the spider, its middlewares and its pipeline see it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from crawler.health import RunLog
from crawler.ledger import Ledger
from crawler.read.model import Entry
from crawler.readers import Readers
from crawler.source import Source
from crawler.warc import WarcFile
from store.clock import Clock
from store.model import Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A crawl moment of an archive: when the start pages were captured, which, and up to when captures belong to it."""

    at: str
    starts: tuple[str, ...]
    until: str  # captures fetched later than this belong to the next moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A run of one source in one slot, live (moment is None) or from the archive."""

    source: Source
    slot: str
    now: str  # instant of the run: the scheduled one, or the archive's moment
    log: RunLog
    ledger: Ledger
    readers: Readers
    archive: "Archive"
    clock: Clock  # what the time is when something is fetched
    moment: Moment | None = None
    probe: bool = False  # look at the start pages and one document, keep nothing (coi sources check)
    given: Entry | None = None  # what a person says of a page that came by hand
    texts: dict[str, str] = field(default_factory=dict)  # hash of a text -> the held document that has it in this run
    claimed: dict[str, str] = field(default_factory=dict)  # canonical address -> the page that took it in this run

    @property
    def replay(self) -> bool:
        return self.moment is not None

    @property
    def last_success(self) -> str | None:
        """When the source last had a run that did not fail."""
        return self.ledger.last_success(self.source.id, self.now)

    @property
    def searched_until(self) -> str | None:
        """Up to when everything was collected that was published: windows begin there."""
        return self.ledger.searched_until(self.source.id, self.now)

    @property
    def full(self) -> bool:
        """Whether lists are walked to their end: from an archive, at first, and once in each week."""
        last = self.last_success
        if self.replay or last is None:
            return True
        return datetime.fromisoformat(last).isocalendar()[:2] != self.day.isocalendar()[:2]

    @property
    def day(self) -> date:
        return datetime.fromisoformat(self.now).date()


@dataclass(slots=True, kw_only=True)
class Archive:
    """The archive folder, and the file this run writes to (opened when the first response comes)."""

    folder: Path
    source_id: str
    now: str
    max_bytes: int
    bring: Callable[[Capture], None] | None = None  # fetch the bytes of a capture that lies on another machine
    _file: WarcFile | None = None

    def file(self, ledger: Ledger) -> WarcFile:
        """The file to write to: a new one at the start of a run and when the last is full."""
        if self._file is None or self._file.size >= self.max_bytes:
            self._file = WarcFile(self._free_path(), {"software": "coi-tracker", "format": "WARC File Format 1.0"})
            ledger.follow(self._file)
        return self._file

    def here(self, *held: Capture) -> None:
        """See to it, where that is possible, that the records of these captures can be read here."""
        for capture in held if self.bring else ():
            self.bring(capture)  # type: ignore[misc]

    def _free_path(self) -> Path:
        stamp = self.now.replace("-", "").replace(":", "")
        for number in range(1, 100_000):
            path = self.folder / f"{stamp}-{self.source_id}-{number:05}.warc.gz"
            if not path.exists():
                return path
        raise OSError(f"{self.folder}: no free file name left for {stamp}-{self.source_id}")
