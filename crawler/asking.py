"""What is asked for again, and when: young pages at every run, old ones seldom, none less than once a week.

A page that has stood unchanged for long will mostly stand on; to ask for all of them at every run costs the publisher
and us, and finds nothing. So a document that a list shows is asked for again once a quarter of the time has passed for
which it had stood unchanged when it was last asked for, and at the latest after seven days: a page of this morning at
every run, one of four days ago once a day, one of last month once a week. What a list says to have changed is asked
for at once, and watched pages at every run. Publishers edit in place without a word (GOV.UK), hence the seven days.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from scrapy import Request
from scrapy.http import Response

from crawler.items import address_key
from crawler.job import Job
from crawler.read.model import Entry
from store.held import HeldVersion

SHARE = 4  # of the time it stood unchanged
LATEST = timedelta(days=7)


def may_wait(held: HeldVersion, *, now: datetime, said_modified_on: str | None) -> bool:
    """Whether a held document need not be asked for now; `said_modified_on` (YYYY-MM-DD) is what the list says.

    Absent ones (asked for and not there) are asked for by the rule of absences. One that was last met later than now
    was met by a wrong clock: nobody knows when, so it is asked for.
    """
    if said_modified_on and said_modified_on > (held.modified_on or held.seen_at[:10]):
        return False
    asked = datetime.fromisoformat(held.last_seen_at)
    return asked <= now and now - asked < min(LATEST, (asked - _since(held)) / SHARE)


def _since(held: HeldVersion) -> datetime:
    """Since when a document has stood as it is: its own day where its first version is the newest, else the edit."""
    seen = datetime.fromisoformat(held.seen_at)
    day = held.modified_on or held.published_on
    if held.cause != "first" or day is None:
        return seen
    return min(seen, datetime.fromisoformat(day).replace(tzinfo=UTC))


class AskingMiddleware:
    """Holds back requests for documents that may wait. Rechecks, probes and replays are none of its business."""

    def __init__(self, job: Job) -> None:
        self.job = job

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:  # noqa: ANN401 (Scrapy's crawler, whose spider carries our job)
        return cls(crawler.spider.job)

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Pass on what is asked for now; count what stands."""
        async for found in result:
            if isinstance(found, Request) and self._waits(found):
                self.job.log.stood += 1
            else:
                yield found

    def _waits(self, request: Request) -> bool:
        job = self.job
        if job.replay or job.probe or getattr(request.callback, "__name__", "") != "parse_document":
            return False
        entry: Entry | None = request.cb_kwargs.get("entry")
        key = request.cb_kwargs.get("key") or (entry.key if entry else None)
        held = job.ledger.held(job.source.id, key=key, address="", at=job.now) if key else None
        held = held or job.ledger.held(job.source.id, key=None, address=address_key(request.url), at=job.now)
        if held is None or not job.ledger.at_address(job.source.id, held.document_id, address_key(request.url)):
            return False  # new, or at an address that is new: it must be looked at
        modified = entry.modified.day.isoformat() if entry and entry.modified else None
        return may_wait(held, now=datetime.fromisoformat(job.now), said_modified_on=modified)
