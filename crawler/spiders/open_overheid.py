"""open.overheid.nl (sources §2a): search, last changed first -> detail -> the files of the newest version."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.items import As
from crawler.read.model import Entry, Reading
from crawler.shapes import OpenOverheidRules
from crawler.source import Source
from crawler.spiders.base import GONE, Found
from crawler.spiders.failures import Failure, status_of
from crawler.spiders.stamped import StampedSpider


class OpenOverheidSpider(StampedSpider):
    """search -> detail -> first file is the document, further ones are documents of their own (key#2, key#3)."""

    @classmethod
    def starts(cls, source: Source, *, day: str, last_success: str | None) -> tuple[str, ...]:
        """The first page of the search; it has no window, because the last changed stand first."""
        rules = source.rules_as(OpenOverheidRules)
        return tuple(search_url(start, rules) for start in source.starts)

    @classmethod
    def is_start(cls, source: Source, url: str) -> bool:
        """A captured search for the same words and filters, at its first result."""
        ours = _asked(cls.starts(source, day="", last_success=None)[0])
        asked = _asked(url)
        here = any(url.partition("?")[0] == start.partition("?")[0] for start in source.starts)
        return here and asked.get("start", "0") == "0" and _filters(asked) == _filters(ours)

    def follow(self, reading: Reading, response: Response) -> Iterator[Found]:
        """The detail of each result that is new or has changed."""
        endpoint = response.url.partition("?")[0].rstrip("/")
        for entry in self.to_ask_for(reading):
            yield Request(f"{endpoint}/{quote(entry.key or '')}", callback=self.parse_detail,
                          errback=self.detail_failed, cb_kwargs={"listed": entry}, dont_filter=True)  # fmt: skip

    async def parse_detail(self, response: Response, listed: Entry) -> AsyncIterator[Found]:
        """Ask for the files; title and days of the list go with the first, the days with all."""
        reading = await self.read_list(response, counted=False)
        if reading is None:
            return
        if not reading.entries:
            self.account.problem(response.url, f"{listed.title!r} has no file", "open its page; add it by hand "
                                 "(coi add) if it matters", lost=True)  # fmt: skip
        for file in reading.entries:
            first = file.key == listed.key
            entry = replace(
                listed,
                url=listed.url if first else file.url,
                key=file.key,
                title=(listed.title or reading.title) if first else file.title,
                published=listed.published or reading.published,
                modified=listed.modified or reading.modified,
                language=reading.language or listed.language,
                document_type=reading.document_type,
            )
            yield self.document(file.url, As.FILE, entry, page=entry.url)

    def detail_failed(self, failure: Failure) -> None:
        """A detail did not come. Where the document is held and the server says there is none, that is noted."""
        job, listed = self.job, failure.request.cb_kwargs["listed"]
        held = self.held(listed)
        if held is None or status_of(failure) not in GONE:
            self.document_failed(failure)
            return
        said = f"{failure.request.url} answered {status_of(failure)}"
        job.ledger.absent(held.document_id, said, job.now, self.account.absence)


def search_url(endpoint: str, rules: OpenOverheidRules) -> str:
    """The address of the first page of results. Values of filters are percent-encoded twice, days are DD-MM-YYYY."""
    filters = {
        "documentsoort": rules.documentsoort,
        "informatiecategorie": rules.informatiecategorie,
        "thema": rules.thema,
        "organisatie": rules.organisatie,
    }
    asked = {"zoektekst": rules.text} if rules.text else {}
    asked |= {name: quote(value, safe="") for name, value in filters.items() if value}
    for name, day in (("publicatiedatumVan", rules.first_day), ("publicatiedatumTot", rules.last_day)):
        asked |= {name: f"{day:%d-%m-%Y}"} if day else {}
    asked |= {"sort": "laatst-gewijzigd", "start": "0", "aantalResultaten": str(rules.page_size)}
    return f"{endpoint}?{urlencode(asked, quote_via=quote)}"


def _asked(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def _filters(asked: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if name not in ("start", "aantalResultaten", "sort")}
