"""Where new pages are announced: RSS, Atom, and lists on several pages."""

from datetime import UTC, datetime, time
from email.utils import format_datetime
from html import escape

from tests.web.builder.html import date_element
from tests.web.builder.texts import State, Web

_NEXT = {"en": "Next", "nl": "Volgende", "ru": "Далее"}


def published_at(state: State) -> datetime:
    """Ten in the morning of the day of publication, UTC."""
    return datetime.combine(state.page.last_day, time(10, tzinfo=UTC))


def _summary(state: State) -> str:
    """The first sentence of the text, without the marks of our texts."""
    first = " ".join(state.body.strip().split("\n\n")[0].split()).lstrip("#>- ")
    return escape(first.split(". ")[0].split("](")[0].replace("[", "")[:200], quote=False)


def rss(web: Web, items: list[State]) -> bytes:
    """RSS 2.0, newest first; the guid is the publisher's own number of the item, not its address."""
    rows = "".join(
        f"<item><title>{escape(s.title, quote=False)}</title><link>{web.url(s.page)}</link>"
        f'<guid isPermaLink="false">{web.source.id}:{s.page.path.strip("/")}</guid>'
        f"<pubDate>{format_datetime(published_at(s))}</pubDate><description>{_summary(s)}</description></item>\n"
        for s in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        f"<title>{escape(web.source.publisher)}</title><link>{web.start}</link><language>{web.language}</language>"
        f"<description>{escape(web.site.tagline)} {web.mark}</description>\n{rows}</channel></rss>\n"
    ).encode()


def atom(web: Web, items: list[State]) -> bytes:
    """Atom 1.0, newest first."""
    rows = "".join(
        f'<entry><title>{escape(s.title, quote=False)}</title><link rel="alternate" href="{web.url(s.page)}"/>'
        f"<id>tag:{web.hosts[0]},2021:{s.page.path.strip('/')}</id>"
        f"<published>{published_at(s):%Y-%m-%dT%H:%M:%SZ}</published>"
        f"<updated>{s.dated_on}T10:00:00Z</updated><summary>{_summary(s)}</summary></entry>\n"
        for s in items
    )
    newest = max(s.dated_on for s in items)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{web.language}">'
        f"<title>{escape(web.source.publisher)}</title><subtitle>{web.mark}</subtitle><id>{web.start}</id>"
        f'<link rel="self" href="{web.start}"/><updated>{newest}T10:00:00Z</updated>\n{rows}</feed>\n'
    ).encode()


def listing(web: Web, items: list[State]) -> dict[str, bytes]:
    """Every page of the list by address, newest first; each but the last links to the next."""
    size = web.site.rows
    chunks = [items[at : at + size] for at in range(0, len(items), size)]
    found = {}
    for number, chunk in enumerate(chunks, start=1):
        url = web.start if number == 1 else f"{web.start}?page={number}"
        found[url] = _list_page(web, chunk, number, last=number == len(chunks)).encode()
    return found


def _list_page(web: Web, chunk: list[State], number: int, *, last: bool) -> str:
    rows = "\n".join(
        f'<li class="row"><h3><a href="{web.url(s.page)}">{escape(s.title)}</a></h3>{date_element(s.page, web)}</li>'
        for s in chunk
    )
    following = "" if last else f'<a rel="next" href="{web.start}?page={number + 1}">{_NEXT[web.language]}</a>'
    return f"""<!DOCTYPE html>
<html lang="{web.language}"><head><meta charset="utf-8"><title>{escape(web.source.publisher)}</title></head>
<body><header><a href="/">{escape(web.source.publisher)}</a></header>
<main><h1>{escape(web.site.title)}</h1><p>{escape(web.site.tagline)}</p>
<ul class="list">
{rows}
</ul>
<p class="pager">{following}</p></main>
<footer><p class="reconstruction">{web.mark}</p></footer></body></html>
"""
