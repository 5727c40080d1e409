"""WordPress REST (sources §10, §12): posts by their last change, with the text that stands in the answer."""

from collections.abc import Iterator

from scrapy.http import Response

from crawler.items import As
from crawler.read.model import Reading
from crawler.read.wordpress import PAST_THE_END
from crawler.shapes import WordpressRules
from crawler.source import Source
from crawler.spiders.asked import AskedSpider
from crawler.spiders.base import Found
from crawler.spiders.failures import Failure, explain, status_of
from crawler.spiders.paged import PagedSpider, since


class WordpressSpider(AskedSpider, PagedSpider):
    """pages of posts -> their own text, or (article = true) the page behind; of media: the file."""

    free = frozenset(["modified_after", "per_page", "order"])

    @classmethod
    def question(cls, source: Source, *, day: str, last_success: str | None) -> list[tuple[str, str]]:
        """All since first_day, last change first; or (newest_first = false) what was changed since the last success,
        oldest change first, so that pages hold still while they are walked.
        """
        rules = source.rules_as(WordpressRules)
        first = since(rules, day=day, last_success=None if rules.newest_first else last_success)
        order = "desc" if rules.newest_first else "asc"
        return [*rules.query, ("modified_after", f"{first}T00:00:00"), ("orderby", "modified"), ("order", order),
                ("per_page", str(rules.page_size)), ("page", "1")]  # fmt: skip

    def follow(self, reading: Reading, response: Response) -> Iterator[Found]:
        """The page behind each post, a media item's file, or the text that the answer itself carries."""
        if self.job.source.rules_as(WordpressRules).article:
            yield from super().follow(reading, response)
            return
        for entry in reading.entries:
            if not entry.attachments:
                yield self.fetched(response, As.ENTRY, entry=entry, page=entry.url or response.url)
            elif self.job.full or self.is_news(entry):  # an uploaded file is not edited; a new one has a new number
                yield self.document(entry.attachments[0], As.FILE, entry)

    def start_failed(self, failure: Failure) -> None:
        """A page beyond the last one (the last was exactly full) is the end and no fault."""
        if not (status_of(failure) == 400 and PAST_THE_END in explain(failure)[1]):
            super().start_failed(failure)
