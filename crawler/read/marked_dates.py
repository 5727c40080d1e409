"""Days that the markup of a page points at: <time>, elements whose class says date, the pictures it shows."""

import re
from collections.abc import Iterator
from dataclasses import replace

from crawler.read.dates import find_dates, stamp, url_date
from crawler.read.model import Confidence, Dated, Precision
from crawler.read.safe_xml import Element

PUBLICATION = re.compile(r"publi|gepubl|опубл|veröff|posted|dateline|entry-date|geplaatst|erstellt", re.IGNORECASE)
UPDATED = re.compile(
    r"updat|modif|edited|bijgewerkt|gewijzigd|обновл|оновл|aktualis|geändert|mis(?:e)?.à.jour", re.IGNORECASE
)
# Parts of a page that belong to others: its comments, its neighbours. Whole words, so that "has-sidebar" is not one.
_FOREIGN = re.compile(
    r"(?:^|\s)(?:comments?|commentlist|reacties?|respond|related|sidebar|widget|teasers?|recent|popular|promo|"
    r"recommended|read-?more|latest|trending|events?|agenda|calendar|archive-list)(?:[\s_-]|$)",
    re.IGNORECASE,
)
_FOREIGN_TAGS = frozenset(["footer", "header"])
_OWN_HEAD = re.compile(r"entry|post|article|content|single|node|news", re.IGNORECASE)
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date|datum|dateline|datetime|pubdate|published|publish(?:ed)?-?(?:date|on)?|posted(?:-?on)?|timestamp|"
    r"submitted|byline|(?:post|entry|article|node|page|single-post)-?(?:meta|info|details|date|head))(?:[\s_-]|$)",
    re.IGNORECASE,
)
# Days of something else, and the clock that some sites carry.
_OTHER_DATE = re.compile(
    r"current|today|clock|now(?:\W|$)|event|birth|deadline|expir|copyright|calendar|start|end-?date|due|picker",
    re.IGNORECASE,
)
_SHORT = 120  # characters; more around a date is a sentence about something else
_MANY = 3  # different days; a page with more is a list or carries comments
_PICTURE = ("src", "data-src", "data-permalink", "data-orig-file")


def time_elements(main: Element, zone: str | None) -> tuple[Dated | None, Dated | None]:
    """First <time> that marks publication and first that marks a change, by its words and classes."""
    published: list[Dated] = []
    modified: list[Dated] = []
    for element in main.iter("time"):
        dated = stamp(element.get("datetime") or "".join(element.itertext()), zone, "time-element")
        if dated is None or is_foreign(element, main):
            continue
        about = " ".join([element.get("class") or "", element.get("itemprop") or "", _before(element)])
        if PUBLICATION.search(about) or element.get("pubdate") is not None:
            published.insert(0, dated)
            break
        (modified if UPDATED.search(about) else published).append(dated)
    return _first(published, _MANY), modified[0] if modified else None


def classed_elements(main: Element) -> tuple[Dated | None, Dated | None]:
    """First short element whose class or id says date (class="post-date"), and first that says it of a change.

    Where such elements name several days, which of them is meant is a guess: low confidence.
    """
    published: list[Dated] = []
    modified: list[Dated] = []
    for element in main.xpath(".//*[@class or @id]"):
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        if not _DATE_CLASS.search(name) or _OTHER_DATE.search(name):
            continue
        text = " ".join("".join(element.itertext()).split())
        found = list(find_dates(text)) if len(text) <= _SHORT else []
        if not found or is_foreign(element, main):
            continue
        dates = [replace(hit.dated, origin="text") for hit in found if hit.dated.precision is Precision.DAY]
        if len(dates) == 1:
            said = name + text[: found[0].start][-40:] + _before(element)
            (modified if UPDATED.search(said) and not PUBLICATION.search(said) else published).append(dates[0])
    return _first(published, 1), modified[0] if modified else None


def picture_date(tree: Element) -> Dated | None:
    """The earliest day in the addresses of a page's pictures, low confidence: what is left where nothing speaks.

    The page was hardly made before its first picture was put up. Months alone are too vague.
    """
    days = [dated for address in _pictures(tree) if (dated := url_date(address)) and dated.precision is Precision.DAY]
    return min(days, key=lambda dated: dated.day, default=None)


def _pictures(tree: Element) -> Iterator[str]:
    for element in tree.iter("img"):
        yield from (address for name in _PICTURE if (address := element.get(name)))


def _first(dates: list[Dated], most: int) -> Dated | None:
    first = dates[0] if dates else None
    if first and len({dated.day for dated in dates}) > most:
        return replace(first, confidence=Confidence.LOW)
    return first


def is_foreign(element: Element, main: Element) -> bool:
    """Whether the element stands in a part of the page that belongs to comments, neighbours, the calendar or the site.

    Head and foot of an article are its own, those of the page are not (some sites show the day of today there).
    """
    edge = False
    while element is not None and element is not main and element.tag not in ("body", "html"):
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag in ("nav", "aside") or _FOREIGN.search(named):
            return True
        if element.tag in _FOREIGN_TAGS:
            edge = edge or not (element.tag == "header" and _OWN_HEAD.search(named))
        elif element.tag == "article":
            edge = False
        element = element.getparent()
    return edge and (element is None or element.tag not in ("article", "main"))


def _before(element: Element) -> str:
    """The words just before an element: its older sibling's or its parent's text."""
    previous = element.getprevious()
    parent = element.getparent()
    words = (previous.tail or previous.text) if previous is not None else (parent.text if parent is not None else "")
    return (words or "")[-40:] if isinstance(words, str) else ""
