"""When an archive was made: the moments at which the start pages of a source were captured, in time order."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from crawler.job import Moment
from crawler.source import Source
from crawler.spiders.base import SourceSpider
from store.clock import instant

SAME_CRAWL = timedelta(hours=1)  # start pages captured within an hour of each other are one crawl's


def moments_of(spider: type[SourceSpider], source: Source, captured: Iterable[tuple[str, str]]) -> list[Moment]:
    """The crawl moments of one source in captures given as (address, instant).

    Captures of different start pages within an hour form one moment; a page captured again begins the next. Each
    moment reaches to the second before the next begins, so that an article fetched minutes after its feed belongs to
    that feed's moment; the last one reaches to the newest capture given.
    """
    seen = sorted({(at, url) for url, at in captured})
    groups: list[dict[str, str]] = []  # address -> instant
    for at, url in seen:
        if not spider.is_start(source, url):
            continue
        if not groups or url in groups[-1] or _far(min(groups[-1].values()), at):
            groups.append({})
        groups[-1][url] = at
    begins = [min(group.values()) for group in groups]
    ends = [_second_before(at) for at in begins[1:]] + [seen[-1][0] if seen else ""]
    return [
        Moment(at=begin, starts=_in_declared_order(source, group), until=end)
        for begin, group, end in zip(begins, groups, ends, strict=False)
    ]


def _in_declared_order(source: Source, group: dict[str, str]) -> tuple[str, ...]:
    order = {url: number for number, url in enumerate(source.starts)}
    return tuple(sorted(group, key=lambda url: (order.get(url, len(order)), url)))


def _far(one: str, other: str) -> bool:
    return datetime.fromisoformat(other) - datetime.fromisoformat(one) > SAME_CRAWL


def _second_before(at: str) -> str:
    return instant(datetime.fromisoformat(at) - timedelta(seconds=1))
