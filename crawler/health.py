"""How a run went: what it counted, what went wrong, and what that makes of it (ok, partial, failed).

A run that finds less than its source declares has failed; finding nothing is never "nothing new" (design §10).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from crawler.read.model import Entry
from crawler.source import Source
from store.model import Change, RunCounts


class Status(StrEnum):
    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    NOT_CONFIGURED = "not configured"  # the operator has not set what the source needs; nothing was asked
    SKIPPED = "skipped"  # this slot had already ended; nothing was done


NOTHING = RunCounts()
FRESH_LOSSES = 2  # so many new documents, all lost, are no accident


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that went wrong: where, what was seen, what to do."""

    url: str
    what: str
    remedy: str
    lost: bool = False  # something was not collected because of it


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What the run of one source at one moment came to."""

    source_id: str
    slot: str
    status: Status
    message: str
    counts: RunCounts = NOTHING
    problems: tuple[Problem, ...] = ()
    saw: tuple[str, ...] = ()  # of a probe: what it saw, in words
    fetched: tuple[str, ...] = ()  # of a probe: the addresses of the lists and of the document it looked at


_FIELDS = {"title": "a title", "url": "an address", "published": "a date"}
_REMEDIES = {
    "robots": "the publisher does not want this fetched; ask for permission or remove the address from the source",
    "http": "open the address in a browser; if it moved, correct the source file",
    "network": "check the connection and the address; the next run tries again",
    "archive": "give the archive that holds it with --from, or crawl the live site",
    "shape": "save the page (coi capture), compare it with the source file and correct that",
}


def remedy(kind: str) -> str:
    """What to do about a kind of problem; KeyError for a kind nobody described."""
    return _REMEDIES[kind]


@dataclass(slots=True, kw_only=True)
class RunLog:
    """The running account of one run. The only mutable thing a spider and its pipeline share."""

    source: Source
    day: date  # the day of the run, for max_silence_days
    requests: int = 0
    rows: int = 0
    filled: Counter[str] = field(default_factory=Counter)  # field -> rows that carry it
    failed: int = 0
    gone: int = 0
    changes: dict[Change, int] = field(default_factory=lambda: dict.fromkeys(Change, 0))
    problems: list[Problem] = field(default_factory=list)
    failure: str = ""  # why the whole run has failed; the first reason stands
    known_losses: frozenset[str] = frozenset()  # addresses that earlier runs have lost: members only, forbidden
    stood: int = 0  # held documents that need not be asked for in this run
    left_over: int = 0  # addresses that the budget left for the next run
    newest: date | None = None  # newest publication day that a list or page gave
    interrupted: bool = False
    saw: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def problem(self, url: str, what: str, do: str, *, lost: bool = False) -> None:
        """Note a problem; `lost` when something was not collected because of it."""
        what = what.removeprefix(f"{url}: ")  # readers name the address too
        self.problems.append(Problem(url=url, what=what, remedy=do, lost=lost))
        self.failed += lost

    def leave(self, url: str, why: str) -> None:
        """Note that an address was left for the next run; said once, however many there are."""
        self.left_over += 1
        if self.left_over == 1:
            self.problem(url, f"{why}: this and what comes after it is left for the next run",
                         "raise budget in the source file if that happens in every run", lost=True)  # fmt: skip

    def fail(self, url: str, what: str, do: str) -> None:
        """The run as a whole has failed; what it still finds is kept."""
        what = what.removeprefix(f"{url}: ")
        self.failure = self.failure or f"{self.source.id}: {url}: {what}; {do}"
        self.problem(url, what, do, lost=True)

    def absence(self, is_gone: bool) -> None:
        """Count a held document that was not there; it is gone once that was seen twice, a day apart."""
        self.gone += is_gone

    def dated(self, day: date | None) -> None:
        """Remember the newest day seen (those in the future are nobody's news)."""
        if day and day <= self.day and (self.newest is None or day > self.newest):
            self.newest = day

    def listed(self, entries: Sequence[Entry]) -> None:
        """Count the rows of a list, and which fields they carry."""
        self.rows += len(entries)
        for entry in entries:
            self.filled.update(name for name in ("title", "url", "published") if getattr(entry, name))
            self.dated(entry.published.day if entry.published else None)

    def result(self, slot: str) -> RunResult:
        """Close the account: compare with what the source expects, and say it in words."""
        status, message = self._judged()
        counts = RunCounts(
            requests=self.requests,
            rows=self.rows,
            new=self.changes[Change.NEW],
            changed=self.changes[Change.CHANGED],
            unchanged=self.changes[Change.UNCHANGED] + self.changes[Change.REREAD],
            gone=self.gone,
            failed=self.failed,
        )
        return RunResult(
            source_id=self.source.id,
            slot=slot,
            status=status,
            message=message,
            counts=counts,
            problems=tuple(self.problems),
            saw=tuple(self.saw),
            fetched=tuple(self.fetched),
        )

    def _judged(self) -> tuple[Status, str]:
        if self.interrupted:
            return Status.INTERRUPTED, f"{self.source.id}: stopped before it was done; the same slot takes it up again"
        failure = self.failure or self._short_of_expected() or self._all_lost()
        if failure:
            return Status.FAILED, failure
        if self.problems:
            first = self.problems[0]
            more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
            return Status.PARTIAL, f"{self.source.id}: {first.url}: {first.what}; {first.remedy}{more}"
        return Status.OK, ""

    def _short_of_expected(self) -> str:
        expect = self.source.expect
        if expect is None:
            return ""
        where = f"{self.source.id}: {', '.join(self.source.starts)}"
        if self.rows < expect.min_rows:
            return f"{where}: {self.rows} rows found, at least {expect.min_rows} expected; {remedy('shape')}"
        for name, least in expect.fill.items():
            if self.rows and self.filled[name] < least * self.rows:
                return (
                    f"{where}: {self.filled[name]} of {self.rows} rows have {_FIELDS[name]}, at least {least:.0%} "
                    f"expected; {remedy('shape')}"
                )
        if expect.max_silence_days is not None and self.newest is not None:
            silence = (self.day - self.newest).days
            if silence > expect.max_silence_days:
                return (
                    f"{where}: the newest item is of {self.newest}, {silence} days ago, at most "
                    f"{expect.max_silence_days} expected; {remedy('shape')}"
                )
        return ""

    def _all_lost(self) -> str:
        """A list that could be read is no success when nothing new behind it could: what it named was not searched.

        Held pages that were met again, or need not be asked for, do not vouch for the new ones. What earlier runs lost
        as well (members only, forbidden) is known, and makes no failure of its own.
        """
        kept = self.changes[Change.NEW] + self.changes[Change.CHANGED]
        fresh = [problem for problem in self.problems if problem.lost and problem.url not in self.known_losses]
        nothing_at_all = not self.stood and not any(self.changes.values())
        if not self.failed or kept or not (nothing_at_all or len(fresh) >= FRESH_LOSSES):
            return ""
        lost = next(problem for problem in self.problems if problem.lost)
        return (
            f"{self.source.id}: all {self.failed} that were new are lost, e.g. {lost.url}: {lost.what}; {lost.remedy}"
        )
