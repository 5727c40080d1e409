"""HTML pages: the main text by trafilatura, everything around it (title, address, dates, links) by ourselves.

trafilatura's own metadata costs as much as its text (tech §3); reading them from the one parsed tree is cheaper.
"""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from lxml import html
from trafilatura import bare_extraction

from crawler.read import extractors
from crawler.read.clean import one_line
from crawler.read.code_lines import code_warning, without_code_blocks
from crawler.read.dates import find_date
from crawler.read.html_tree import parse_html
from crawler.read.json_ld import linked
from crawler.read.language import known_language, language_of
from crawler.read.lead import with_lead
from crawler.read.listing_dates import day_written_as
from crawler.read.model import Dated, Kind, Reading, WrongShape
from crawler.read.page_dates import meta_values, page_dates
from crawler.read.page_facts import document_kind, page_authors, page_title
from crawler.read.passages import Block, compose
from crawler.read.period import reference_period
from crawler.read.safe_xml import Element
from crawler.read.walk import EXTRACTED, HTML, absolute, blocks_of, links_of
from crawler.read.walls import asks_consent, refuse_absent, refuse_walls, without_banners

_ABOVE = 3  # lines above the heading of <main> or <article> that may hold its date; in <body> the site's clock is there
_LITTLE = 200  # characters; when trafilatura finds less, the fallback is looked at as well
_FRONT = 3000  # characters in which a report says what period it covers
_PARTS = 4  # blocks; a page of so many that comes back as one has lost its paragraphs
_FALLBACKS = ("//main", "//article", "//*[@role='main']", "//body")
_CHROME = ".//nav|.//header|.//footer|.//aside|.//form"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHints:
    """CSS selectors that a source declares for its pages; each must match exactly one element."""

    main: str | None = None
    title: str | None = None
    date: str | None = None
    date_format: str | None = None  # strptime format; without it the date is looked for in words
    date_language: str | None = None  # ISO 639-1 of the month names


def read_html(
    body: bytes, url: str | None = None, hints: PageHints | None = None, media_type: str | None = None
) -> Reading:
    """One HTML page as title, dates, main text, passages and the links in the main text.

    Raises WrongShape for a body that is no HTML or empty, and for a declared selector that does not match
    exactly one element.
    """
    tree = parse_html(body, url, media_type)
    chosen = _Chosen.of(tree, hints or PageHints(), url)
    metas = meta_values(tree)
    title = chosen.title or page_title(tree, metas)
    blocks, links, warnings = _main_text(tree, chosen.main, url)
    if chosen.main is not None:
        refuse_absent(tree, blocks, url)
    else:
        if asks_consent(tree, blocks) and without_banners(tree):  # the banner was taken for the page
            blocks, links, warnings = _main_text(tree, None, url)
        refuse_walls(tree, blocks, url)
    blocks, code = _without_leaked_code(tree, blocks)
    text, passages = compose(blocks)
    main, said = _main(tree), linked(tree, url)
    dates = page_dates(tree, main, lambda: _visible(main), url, said)
    language = language_of(text) if len(text) >= _LITTLE else known_language(tree.get("lang")) or language_of(text)
    period = reference_period("\n\n".join([title or "", text[:_FRONT]]))
    return Reading(
        kind=Kind.HTML,
        title=title,
        published=chosen.date or dates.published,
        modified=dates.modified,
        language=language or known_language(tree.get("lang")),
        text=text,
        passages=passages,
        links=links,
        canonical_url=_canonical(tree, metas, url),
        document_type=document_kind(metas, said),
        authors=page_authors(main, metas, said),
        period_from=period[0] if period else None,
        period_to=period[1] if period else None,
        warnings=(*warnings, *code_warning(code)),
        extractor=extractors.HTML,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """What the declared selectors point at."""

    main: Element | None = None
    title: str | None = None
    date: Dated | None = None

    @classmethod
    def of(cls, tree: Element, hints: PageHints, url: str | None) -> "_Chosen":
        if not (hints.main or hints.title or hints.date):
            return cls()
        soup = BeautifulSoup(html.tostring(tree, encoding="unicode"), "lxml")
        main = only(soup, hints.main, "main", url) if hints.main else None
        title = only(soup, hints.title, "title", url) if hints.title else None
        return cls(
            main=html.fragment_fromstring(str(main), create_parent="div") if main else None,
            title=one_line(title.get_text(" ")) if title else None,
            date=_declared_date(only(soup, hints.date, "date", url), hints, url) if hints.date else None,
        )


def only(soup: Tag, selector: str, field: str, url: str | None) -> Tag:
    """The one element that a declared selector matches; WrongShape when it matches none or several."""
    found = soup.select(selector)
    if len(found) != 1:
        raise WrongShape(
            f"{url or 'this page'}: the selector {field} = {selector!r} matches {len(found)} elements, must match one; "
            "the page has changed: correct the selector in the source file"
        )
    return found[0]


def _declared_date(element: Tag, hints: PageHints, url: str | None) -> Dated:
    written = str(element.get("datetime") or element.get("content") or element.get_text(" ")).strip()
    if hints.date_format:
        return day_written_as(written, hints.date_format, hints.date_language, url)
    found = find_date(written, [hints.date_language] if hints.date_language else None)
    if found is None:
        raise WrongShape(
            f"{url or 'this page'}: no date in {written[:80]!r}, which date = {hints.date!r} selects; "
            "correct the selector or give date_format"
        )
    return found


def _main_text(
    tree: Element, main: Element | None, url: str | None
) -> tuple[list[Block], tuple[str, ...], tuple[str, ...]]:
    """Blocks and links of the main text, and what the reader should be warned about."""
    base = _base(tree, url)
    if main is not None:
        return list(blocks_of(main, HTML)), links_of(main, base), ()
    found = bare_extraction(tree, url=url, fast=True, include_comments=False, include_links=True)
    body: Element = getattr(found, "body", None)
    blocks = [] if body is None else list(blocks_of(body, EXTRACTED))
    links = () if body is None else links_of(body, base, ("ref", "target"))
    if size(blocks) >= _LITTLE and len(blocks) > 1:
        return with_lead(tree, blocks), links, ()
    fallback = _fallback(tree)
    second = [] if fallback is None else list(blocks_of(fallback, HTML))
    if fallback is None or not _is_better(second, blocks):
        return blocks, links, () if blocks else ("the page has no text",)
    warning = f"no main text found, took all of <{fallback.tag}> ({size(second)} characters)"
    return second, links_of(fallback, base), (warning,)


def _without_leaked_code(tree: Element, blocks: list[Block]) -> tuple[list[Block], int]:
    """The blocks without code that a broken script left in the text; what an author shows in <pre> or <code> stays."""
    kept, code = without_code_blocks(blocks)
    if not code:
        return kept, 0
    shown = _without_spaces("".join("".join(element.itertext()) for element in tree.iter("pre", "code")))
    stays = {id(block) for block in kept}
    chosen = [block for block in blocks if id(block) in stays or _without_spaces(block.text) in shown]
    return chosen, len(blocks) - len(chosen)


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def _is_better(second: list[Block], first: list[Block]) -> bool:
    """Whether the fallback says more; or the same, where trafilatura gave up and ran the whole page into one."""
    if size(first) < _LITTLE:
        return size(second) > size(first)
    lump = first[0].text
    return len(second) >= _PARTS and sum(block.text[:40] in lump for block in second) >= 0.9 * len(second)


def size(blocks: Iterable[Block]) -> int:
    """Characters in all blocks together."""
    return sum(len(block.text) for block in blocks)


def _fallback(tree: Element) -> Element | None:
    """A copy of <main>, <article> or <body> without navigation, the first that has text."""
    for path in _FALLBACKS:
        for element in tree.xpath(path)[:1]:
            copy = deepcopy(element)
            for chrome in copy.xpath(_CHROME):
                chrome.drop_tree()
            without_banners(copy)
            if "".join(copy.itertext()).strip():
                return copy
    return None


def _main(tree: Element) -> Element:
    """<main>, <article> or <body> as it stands in the page."""
    return next((found[0] for path in _FALLBACKS if (found := tree.xpath(path))), tree)


def _visible(main: Element) -> str:
    """The visible text of the page's main part from its heading on: where "Last update: ..." is looked for."""
    lines = [block.text for block in blocks_of(main, HTML)]
    headings = {one_line("".join(heading.itertext())) for heading in main.iter("h1")}
    begin = next((at for at, line in enumerate(lines) if one_line(line) in headings), 0)
    above = _ABOVE if main.tag != "body" else 0
    return "\n".join(lines[max(0, begin - above) :])


def _base(tree: Element, url: str | None) -> str | None:
    declared = next((b.get("href") for b in tree.iter("base") if b.get("href")), None)
    return absolute(declared, url) or url


def _canonical(tree: Element, metas: dict[str, str], url: str | None) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return absolute(link.get("href"), _base(tree, url))
    return absolute(metas.get("og:url"), _base(tree, url))
