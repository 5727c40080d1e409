"""When the example's crawler came by, and what it saw: each time something new had appeared, the morning after."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from crawler.shapes import Shape
from tests.web.builder import feeds, gazette, govuk
from tests.web.builder.html import page_html
from tests.web.builder.pdf import paper_pdf
from tests.web.builder.texts import State, Web, state_at, states
from tests.web.builder.warc import Captured

PAPERS = Path(__file__).parents[1] / "papers"
_HTML, _XML, _PDF = "text/html; charset=utf-8", "application/xml; charset=utf-8", "application/pdf"
_TYPES = {Shape.GOVUK: "application/json; charset=utf-8", Shape.SRU: _XML, Shape.LISTING: _HTML}
_PAUSE = timedelta(minutes=1)  # between two requests of one visit
ROBOTS = "User-agent: *\nDisallow: /search\nDisallow: /account\nAllow: /\n"


def captures(webs: tuple[Web, ...]) -> Iterator[Captured]:
    """Everything in the archive, site by site."""
    for web in webs:
        yield from _site(web)


def moments(web: Web) -> list[datetime]:
    """The visits to one site: the morning after each publication and each edit."""
    return sorted({state.known_from for page in web.site.page for state in states(page)})


def _site(web: Web) -> Iterator[Captured]:
    visits = moments(web)
    for host in web.hosts:
        url = f"https://{host}/robots.txt"
        yield Captured(url=url, at=visits[0] - _PAUSE, media_type="text/plain", body=ROBOTS.encode())
    seen: set[tuple[str, date]] = set()
    for visit in visits:
        now = _standing(web, visit)
        yield from _announced(web, visit, now)
        fresh = [state for state in now if (state.page.path, state.changed_on) not in seen]
        for number, state in enumerate(fresh, start=1):
            yield from _fetched(web, state, now, visit + number * _PAUSE)
        seen.update((state.page.path, state.changed_on) for state in fresh)


def _standing(web: Web, moment: datetime) -> list[State]:
    """Every page as it stands at this moment, newest publication first."""
    found = [state for page in web.site.page if (state := state_at(page, moment))]
    return sorted(found, key=lambda state: (state.page.last_day, state.page.path), reverse=True)


def _announced(web: Web, visit: datetime, now: list[State]) -> Iterator[Captured]:
    """What the start addresses answered at this visit (a watched page is its own start address)."""
    shape = web.source.shape
    if shape is Shape.FEED:
        newest = now[: web.site.rows]
        is_atom = web.site.feed == "atom"
        body = feeds.atom(web, newest) if is_atom else feeds.rss(web, newest)
        media_type = f"application/{'atom' if is_atom else 'rss'}+xml; charset=utf-8"
        yield Captured(url=web.start, at=visit, media_type=media_type, body=body, has_etag=True)
        return
    readers = {Shape.LISTING: feeds.listing, Shape.SRU: gazette.answers, Shape.GOVUK: govuk.answers}
    if shape in readers:
        for number, (url, body) in enumerate(readers[shape](web, now).items()):
            at = visit + timedelta(seconds=10 * number)
            yield Captured(url=url, at=at, media_type=_TYPES[shape], body=body, has_etag=shape is Shape.GOVUK)


def _fetched(web: Web, state: State, now: list[State], at: datetime) -> Iterator[Captured]:
    """The page itself, in this state, and the paper that belongs to it."""
    if web.source.shape is Shape.GOVUK:
        return  # the note is one of the answers
    related = [other.page for other in now if other.page is not state.page][:3]
    body = page_html(web, state, related)
    modified = datetime.combine(state.dated_on, time(10, tzinfo=UTC)) if state.page.shown != "none" else None
    urls = [web.url(state.page)]
    if web.source.shape is Shape.SRU:
        urls.append(gazette.manifestation(web, state))
    for url in urls:
        yield Captured(url=url, at=at, media_type=_HTML, body=body, modified=modified, has_etag=_has_etag(url))
    if paper := state.page.paper:
        pdf = paper_pdf(
            PAPERS / paper.text,
            title=state.title,
            author=web.source.publisher,
            published=state.page.last_day,
            mark=web.mark,
        )
        yield Captured(url=urljoin(web.start, paper.path), at=at + _PAUSE / 2, media_type=_PDF, body=pdf)


def _has_etag(url: str) -> bool:
    """Some sites send validators and some do not; here it hangs on the host's name, so that it stays."""
    return len(str(urlsplit(url).hostname)) % 2 == 0
