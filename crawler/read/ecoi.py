"""ecoi.net document search (sources §7): JSON with a piece of HTML, which names documents by their numbers.

Known is only the element that carries the number; title and day are looked for around it.
"""

from collections.abc import Iterator
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from crawler.read import answers
from crawler.read.answers import an_object, asked_number, asking, text_of
from crawler.read.clean import one_line
from crawler.read.dates import find_date, stamp
from crawler.read.model import Confidence, Dated, Entry, Kind, Reading, WrongShape
from crawler.read.safe_json import count_of

_PROMISED = "an ecoi.net search answer"
_NUMBERED = ".graphbutton-link[data-permalink-target]"


def read_ecoi(body: bytes, url: str | None = None) -> Reading:
    """The documents of one page of results: key is ecoi.net's number, the address its document page.

    `summary` is the row's own words, to choose by and not to be kept. Raises WrongShape for no JSON (an error page),
    for JSON without `content`, and where hits are announced and none can be found in the HTML.
    """
    where = url or "this answer"
    page = an_object(answers.parsed(body, where, _PROMISED))
    content, hits, pages = page.get("content"), page.get("hits"), page.get("pages")
    if not isinstance(content, str) or not isinstance(hits, int):
        said = answers.fault(page) or f"JSON with {', '.join(list(page)[:5]) or 'nothing in it'}"
        raise WrongShape(f"{where}: {said} where {_PROMISED} (hits, pages, content) was promised; open it in a browser")
    number = asked_number(url, "page", 1)
    entries = tuple(_entries(content, url))
    if hits and not entries and number == 1:
        raise WrongShape(
            f"{where}: {hits} hits announced and no {_NUMBERED} in the HTML ({len(content)} characters): ecoi.net has "
            "changed its search page; compare it with the saved case"
        )
    more = url is not None and isinstance(pages, int) and number < pages and bool(entries)
    return Reading(
        kind=Kind.FEED,
        entries=entries,
        total=count_of(hits),
        next_url=asking(url, page=str(number + 1)) if url and more else None,
    )


def _entries(content: str, url: str | None) -> Iterator[Entry]:
    soup = BeautifulSoup(content, "lxml")
    done: set[str] = set()
    for mark in soup.select(_NUMBERED):
        number = str(mark.get("data-permalink-target") or "").strip()
        if not number.isascii() or not number.isdigit() or number in done:
            continue
        done.add(number)
        row = _row(mark)
        yield Entry(
            url=urljoin(url or "https://www.ecoi.net/", f"/en/document/{number}.html"),
            key=number,
            title=_title(row, number),
            published=_day(row),
            summary=one_line(row.get_text(" ")),
        )


def _row(mark: Tag) -> Tag:
    """The largest element around a mark that holds no other document's mark."""
    row = mark
    while (above := row.parent) is not None and above.name not in ("body", "html", "[document]"):
        if len({str(one.get("data-permalink-target")) for one in above.select(_NUMBERED)}) > 1:
            break
        row = above
    return row


def _title(row: Tag, number: str) -> str | None:
    """The words of the link to the document page, else of the row's heading."""
    places = [*row.select(f"a[href*='/document/{number}']"), *row.select("h1, h2, h3, h4, h5, h6")]
    return next((words for place in places if (words := one_line(place.get_text(" ")))), None)


def _day(row: Tag) -> Dated | None:
    """A marked-up time, else the first date in words, which is then a guess."""
    marked = row.select_one("time[datetime]")
    told = stamp(text_of(marked.get("datetime")), None, "ecoi") if marked else None
    if told:
        return told
    found = find_date(row.get_text(" "), ("en", "de"))
    return Dated(day=found.day, precision=found.precision, origin="ecoi", confidence=Confidence.LOW) if found else None
