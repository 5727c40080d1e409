"""Lists that say when each item last changed: what has not changed since the last success is not asked for again."""

from collections.abc import Iterator

from crawler.read.dates import stamped_day
from crawler.read.model import Entry, Reading
from crawler.spiders.paged import PagedSpider
from store.model import Change


class StampedSpider(PagedSpider):
    """A paged list with days of change.

    The stamp is the publisher's word only: rechecks (recheck_days) ask for the files themselves from time to time.
    """

    def is_news(self, entry: Entry) -> bool:
        """Not held, or changed on the day of the last success or later (a day's stamp does not say at what hour)."""
        if self.held(entry) is None:
            return True
        since = self._last_day()
        return entry.modified is not None and (since is None or entry.modified.day.isoformat() >= since)

    def to_ask_for(self, reading: Reading) -> Iterator[Entry]:
        """The entries whose document is to be fetched; those that stand unchanged are counted as such.

        Without a stamp nobody knows, so the server is asked whether it has changed. A replay asks for all: it costs
        no publisher anything.
        """
        for entry in reading.entries:
            if self.job.replay or entry.modified is None or self.is_news(entry):
                yield entry
            else:
                self.account.changes[Change.UNCHANGED] += 1

    def note_withdrawn(self, entry: Entry) -> None:
        """The publisher says that it took a document back: where it is held, that is noted, and nothing is deleted."""
        if (held := self.held(entry)) is not None:
            self.job.ledger.mark(held.document_id, "withdrawn", self.job.now)

    def _last_day(self) -> str | None:
        """The publisher's day on which the last successful run was made."""
        last = self.job.last_success
        day = stamped_day(last, self.job.source.zone) if last else None
        return day.isoformat() if day else None
