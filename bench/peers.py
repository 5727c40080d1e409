"""What the crawl is measured against: python bench/peers.py bare|trafilatura URL PAGES FILE.

bare         Scrapy alone: walk the list, fetch each page, do nothing with it.
trafilatura  Scrapy and trafilatura (text and metadata) in its callback, one JSON line a page.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import scrapy
from scrapy.crawler import CrawlerProcess


class Bare(scrapy.Spider):
    """The list and its pages."""

    name = "bare"

    def __init__(self, url: str, out: str) -> None:
        super().__init__()
        self.start_urls, self.seen, self.out = [url], 0, Path(out).open("w", encoding="utf-8")  # noqa: SIM115 (closed with the spider)

    def parse(self, response: scrapy.http.TextResponse) -> Iterator[scrapy.Request]:
        for link in response.css("li.row a::attr(href)").getall():
            yield response.follow(link, self.parse_page)
        for link in response.css("a[rel=next]::attr(href)").getall():
            yield response.follow(link, self.parse)

    def parse_page(self, response: scrapy.http.TextResponse) -> None:
        self.seen += 1

    def closed(self, reason: str) -> None:
        self.out.close()
        print(self.seen)


class Trafilatura(Bare):
    """The same, and the text of each page."""

    name = "trafilatura"

    def parse_page(self, response: scrapy.http.TextResponse) -> None:
        from trafilatura import bare_extraction

        found = bare_extraction(response.text, url=response.url, with_metadata=True)
        self.seen += 1
        self.out.write(
            json.dumps({"url": response.url, "title": found.title, "date": found.date, "text": found.text}) + "\n"
        )


if __name__ == "__main__":
    kind, url, out = sys.argv[1:]
    process = CrawlerProcess({"LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS": 32, "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
                              "TELNETCONSOLE_ENABLED": False})  # fmt: skip
    process.crawl({"bare": Bare, "trafilatura": Trafilatura}[kind], url=url, out=out)
    process.start()
