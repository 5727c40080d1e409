"""WordPress REST (sources §10, §12): posts by their last change, with the text that stands in the answer."""

from collections.abc import Iterator
from urllib.parse import urlencode

from scrapy.http import Response

from crawler.health import remedy
from crawler.items import As
from crawler.read.model import Reading
from crawler.read.wordpress import PAST_THE_END
from crawler.shapes import WordpressRules
from crawler.source import Source
from crawler.spiders.asked import refusal, same_question
from crawler.spiders.base import Failure, Found
from crawler.spiders.paged import PagedSpider, since

_FREE = frozenset(["modified_after", "per_page", "order"])


class WordpressSpider(PagedSpider):
    """pages of posts -> their own text, or (article = true) the page behind; of media: the file."""

    @classmethod
    def starts(cls, source: Source, *, day: str, last_success: str | None) -> tuple[str, ...]:
        """All since first_day, last change first; or (newest_first = false) what was changed since the last success,
        oldest change first, so that pages hold still while they are walked.
        """
        rules = source.rules_as(WordpressRules)
        first = since(rules, day=day, last_success=None if rules.newest_first else last_success)
        order = "desc" if rules.newest_first else "asc"
        question = [*rules.query, ("modified_after", f"{first}T00:00:00"), ("orderby", "modified"), ("order", order),
                    ("per_page", str(rules.page_size)), ("page", "1")]  # fmt: skip
        return tuple(f"{start}?{urlencode(question)}" for start in source.starts)

    @classmethod
    def is_start(cls, source: Source, url: str) -> bool:
        """Our question from whatever day, at its first page."""
        ours = cls.starts(source, day="2000-01-01", last_success=None)
        return any(same_question(url, start, free=_FREE) for start in ours)

    def follow(self, reading: Reading, response: Response) -> Iterator[Found]:
        """The page behind each post, a media item's file, or the text that the answer itself carries."""
        rules = self.job.source.rules_as(WordpressRules)
        if rules.article:
            yield from self.entry_requests(reading, As.PAGE, rules.attachments)
            return
        for entry in reading.entries:
            if not entry.attachments:
                yield self.fetched(response, As.ENTRY, entry=entry, page=entry.url or response.url)
            elif self.job.full or self._is_news(entry):  # an uploaded file is not edited; a new one has a new number
                yield self.document(entry.attachments[0], As.FILE, entry)

    def start_failed(self, failure: Failure) -> None:
        """A page beyond the last one (the last was exactly full) is the end and no fault."""
        refused = refusal(failure)
        if refused and refused.status == 400 and PAST_THE_END in refused.said:
            return
        if refused and refused.said:
            self.account.fail(refused.url, refused.words, remedy("http"))
            return
        super().start_failed(failure)
