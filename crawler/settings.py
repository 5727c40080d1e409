"""Scrapy settings of one run. Limits and manners stand here, not in any declaration: no source can switch them off."""

from crawler.guard import Allowed
from crawler.source import Source
from crawler.warc import MAX_BODY_BYTES
from store.version import VERSION


def user_agent(contact: str) -> str:
    """Who we are and how to reach whoever runs us."""
    return f"coi-tracker/{VERSION} (country-of-origin information research; +mailto:{contact})"


def settings_for(
    source: Source, *, contact: str, allowed: str, replay: bool, local_delay_s: float | None = None
) -> dict[str, object]:
    """Settings of a run of one source.

    `local_delay_s` is for benchmarks and tests on the operator's own machine: it replaces the delay for the hosts of
    `allowed` (COI_ALLOW_HOSTS) and for no others.
    """
    made: dict[str, object] = _COMMON | {
        "COI_REPLAY": replay,
        "COI_ALLOW_HOSTS": allowed,
        "USER_AGENT": user_agent(contact),
        "DOWNLOAD_DELAY": source.delay_s,
        "ROBOTSTXT_OBEY": True,
    }
    if replay:
        made["DOWNLOAD_HANDLERS"] = {"http": None, "https": None} | _ONLY_WEB
        made["DOWNLOADER_MIDDLEWARES"] = _REPLAYING
    elif source.render:
        from crawler.render import browser_settings  # only now: whoever wants our version needs no Scrapy

        made |= browser_settings() | {"DOWNLOADER_MIDDLEWARES": _LIVE | {"crawler.render.RenderMiddleware": 905}}
    if local_delay_s is not None:
        one = {"concurrency": 16, "delay": local_delay_s, "jitter": 0.0}
        made["DOWNLOAD_SLOTS"] = dict.fromkeys(Allowed.parse(allowed).hosts, one)
        made["CONCURRENT_REQUESTS_PER_DOMAIN"] = 16  # as many connections are kept open
    return made


_ONLY_WEB = {"data": None, "file": None, "ftp": None, "s3": None}

# All that runs in a crawl stands here: Scrapy's own lists are empty, so that nothing is loaded that is then switched
# off (half of a crawl's start) and no new version adds anything unseen. From the spider outward.
_REPLAYING = {
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
    "crawler.archive.ArchiveMiddleware": 900,
}
# Bodies are decompressed (within DOWNLOAD_MAXSIZE) before the archive sees them.
_LIVE = _REPLAYING | {
    "crawler.middlewares.GuardMiddleware": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "crawler.middlewares.BackOffMiddleware": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 910,
    "crawler.middlewares.BudgetMiddleware": 920,  # counts what goes over the wire
}

_COMMON: dict[str, object] = {
    "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
    "DOWNLOAD_HANDLERS": _ONLY_WEB,
    "DOWNLOADER_MIDDLEWARES": _LIVE,
    "DOWNLOADER_MIDDLEWARES_BASE": {},
    "SPIDER_MIDDLEWARES_BASE": {},
    "SPIDER_MIDDLEWARES": {
        "crawler.probe.ProbeMiddleware": 10,
        "crawler.asking.AskingMiddleware": 20,
        "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": 50,
        "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": 800,
    },
    "EXTENSIONS_BASE": {},
    "ITEM_PIPELINES": {"crawler.pipeline.KeepPipeline": 100},
    "DOWNLOAD_MAXSIZE": MAX_BODY_BYTES,
    "DOWNLOAD_WARNSIZE": 0,
    "DOWNLOAD_TIMEOUT": 120,  # for the whole answer: a server that drips is cut off
    "DOWNLOAD_DELAY_JITTER": 0.0,
    "DOWNLOAD_FAIL_ON_DATALOSS": True,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",  # in the order of the list, so that runs repeat
    "SCHEDULER_DISK_QUEUE": "scrapy.squeues.PickleFifoDiskQueue",
    "CONCURRENT_ITEMS": 2,  # Scrapy makes that many tasks for every response, needed or not: 100 cost 10 ms a page
    "CONCURRENT_REQUESTS": 32,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "REDIRECT_MAX_TIMES": 5,
    "RETRY_TIMES": 2,
    "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
    "LOG_ENABLED": False,
}
