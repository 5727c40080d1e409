"""ReliefWeb API v2 (sources §9): reports on one country, changed since the last success.

The service wants an appname that it has approved. It stands in the address of each request, and so in the archive; it
says who asks and is no secret.
"""

import os
from collections.abc import Iterator
from dataclasses import replace

from scrapy.http import Response

from crawler.health import remedy
from crawler.items import As
from crawler.read.model import Reading
from crawler.shapes import ReliefwebRules
from crawler.source import Source
from crawler.spiders.asked import AskedSpider
from crawler.spiders.base import Found
from crawler.spiders.failures import Failure, explain, status_of
from crawler.spiders.paged import PagedSpider, since

SETTING = "COI_RELIEFWEB_APPNAME"
_FROM = "filter[conditions][1][value][from]"
_FIELDS = ("title", "url", "url_alias", "body-html", "date.created", "date.original", "date.changed",
           "source.shortname", "source.name", "format.name", "language.code", "file.url")  # fmt: skip


def appname(source: Source) -> str:
    """The approved name that the operator has set ('' where there is none)."""
    return os.environ.get(source.needs.setting if source.needs else SETTING, "").strip()


class ReliefwebSpider(AskedSpider, PagedSpider):
    """window -> pages of reports -> their text, and their files."""

    free = frozenset(["appname", "limit", _FROM])

    @classmethod
    def question(cls, source: Source, *, day: str, last_success: str | None) -> list[tuple[str, str]]:
        """Reports changed since the last success, less the overlap; oldest change first, so that pages hold still."""
        rules = source.rules_as(ReliefwebRules)
        first = since(rules, day=day, last_success=last_success)
        return [
            ("appname", appname(source)),
            ("filter[operator]", "AND"),
            ("filter[conditions][0][field]", "primary_country.iso3"),
            ("filter[conditions][0][value]", rules.country),
            ("filter[conditions][1][field]", "date.changed"),
            (_FROM, f"{first}T00:00:00+00:00"),
            *([("query[value]", rules.text)] if rules.text else []),
            *(("fields[include][]", name) for name in _FIELDS),
            ("sort[]", "date.changed:asc"),
            ("limit", str(rules.page_size)),
            ("offset", "0"),
        ]

    def follow(self, reading: Reading, response: Response) -> Iterator[Found]:
        """The text of each report, and its files as documents of their own; a report without either is a link."""
        files = self.job.source.rules_as(ReliefwebRules).files
        for entry in reading.entries:
            if entry.summary or not (files and entry.attachments):
                read_as = As.ENTRY if entry.summary else As.LINK
                yield self.fetched(response, read_as, entry=entry, page=entry.url or response.url)
            for address in entry.attachments if files else ():
                file = replace(entry, url=address, key=None, summary=None)
                if self.is_news(file):
                    yield self.document(address, As.FILE, file)

    def start_failed(self, failure: Failure) -> None:
        """Say what a refusal means: an appname that is not approved, a version of the service that is gone."""
        needs, status = self.job.source.needs, status_of(failure)
        url, words, _ = explain(failure)
        if status == 403:
            name, how = (needs.setting, needs.how) if needs else (SETTING, remedy("http"))
            self.account.fail(url, f"{words}: the appname in {name} is not approved", how)
        elif status == 410:
            self.account.fail(url, f"{words}: this version of the service is gone",
                              "correct start to the version that apidoc.reliefweb.int names")  # fmt: skip
        else:
            super().start_failed(failure)
