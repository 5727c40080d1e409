"""From a tree of elements to blocks of text: the one walk that HTML, trafilatura's result and gazette XML share."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree

from crawler.read.clean import clean
from crawler.read.passages import Block
from crawler.read.safe_xml import Element, local

_BREAK = "\x1e"  # a line break inside a block, until white space has been collapsed
_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_DOUBLE_BREAK = re.compile(rf"(?: ?{_BREAK} ?){{2,}}")
_BREAKS = re.compile(rf" ?{_BREAK} ?")
_ROW_LIMIT = 600  # characters; a longer table row is page layout, not data


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Which element names mean what."""

    headings: frozenset[str]
    blocks: frozenset[str]
    skip: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()
    rows: frozenset[str] = frozenset()
    cells: frozenset[str] = frozenset()


def names(listed: str) -> frozenset[str]:
    """Element names, written one after the other."""
    return frozenset(listed.split())


HTML = Vocabulary(
    headings=names("h1 h2 h3 h4 h5 h6"),
    blocks=names(
        "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
        "footer form header hr html legend li main nav ol option p pre section select summary table tbody tfoot "
        "thead ul"
    ),
    skip=names("head script style noscript template svg math iframe object canvas audio video button input textarea"),
    breaks=names("br"),
    rows=names("tr"),
    cells=names("td th"),
)
# What trafilatura gives back: a small XML of its own.
EXTRACTED = Vocabulary(
    headings=names("head"),
    blocks=names("body main p list item quote table code ab div"),
    skip=names("graphic"),
    breaks=names("lb"),
    rows=names("row"),
    cells=names("cell"),
)


@dataclass(slots=True)
class _Open:
    """What the walk is inside of."""

    parts: list[str] = field(default_factory=list)
    heading: int = 0
    row: int = 0


def blocks_of(root: Element, words: Vocabulary) -> Iterator[Block]:
    """The visible text below `root`, block by block, in document order.

    A data row of a table is one block, its cells apart by " | ". Two line breaks in a row end a block.
    """
    state = _Open()
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        name = local(element) if event in ("start", "end") else ""
        if event == "start":
            yield from _enter(state, name, element, words)
            if name in words.skip:
                walker.skip_subtree()
            elif element.text:
                state.parts.append(element.text)
        else:
            if event == "end":
                yield from _leave(state, name, words)
            if element is not root and element.tail:
                state.parts.append(element.tail)
    yield from _flush(state)


def _enter(state: _Open, name: str, element: Element, words: Vocabulary) -> Iterator[Block]:
    if name in words.breaks:
        state.parts.append(_BREAK)
    elif name in words.headings:
        yield from _flush(state)
        state.heading += 1
    elif name in words.rows:
        yield from _flush(state)
        if state.row or _is_data_row(element):
            state.row += 1
    elif name in words.blocks or name in words.cells:
        if state.row:
            state.parts.append(" ")
        elif not state.heading:
            yield from _flush(state)


def _leave(state: _Open, name: str, words: Vocabulary) -> Iterator[Block]:
    if name in words.headings:
        yield from _flush(state)
        state.heading = max(0, state.heading - 1)
    elif name in words.rows:
        yield from _flush(state)
        state.row = max(0, state.row - 1)
    elif name in words.cells and state.row:
        state.parts.append(" | ")
    elif name in words.blocks or name in words.cells:
        if state.row:
            state.parts.append(" ")
        elif not state.heading:
            yield from _flush(state)


def _is_data_row(element: Element) -> bool:
    total = 0
    for text in element.itertext():
        total += len(text)
        if total > _ROW_LIMIT:
            return False
    return True


def _flush(state: _Open) -> Iterator[Block]:
    if not state.parts:
        return
    joined = "".join(state.parts)
    state.parts.clear()
    text = _SPACE.sub(" ", joined).strip() if _BREAK in joined else " ".join(joined.split())
    if not text:
        return
    if state.row:
        text = re.sub(r"(?:\| *)+$", "", re.sub(r"^(?: *\|)+", "", text.rstrip()))
    if _BREAK not in text:
        yield Block(text=text, heading=state.heading > 0)
        return
    for piece in _DOUBLE_BREAK.split(text):
        shown = _BREAKS.sub("\n", piece).strip()
        if shown:
            yield Block(text=shown, heading=state.heading > 0)


def links_of(root: Element, base: str | None, where: tuple[str, str] = ("a", "href")) -> tuple[str, ...]:
    """Absolute http(s) addresses that the text below `root` points to, each once, in order, without fragment."""
    tag, attribute = where
    found: dict[str, None] = {}
    for element in root.iter(tag):
        address = absolute(element.get(attribute), base)
        if address:
            found[address] = None
    return tuple(found)


def absolute(href: str | None, base: str | None) -> str | None:
    """The address in full without its fragment, or None where it is no http(s) address."""
    if not href or href.strip().startswith("#"):
        return None
    try:
        address = urldefrag(urljoin(base or "", clean(href).strip())).url
        parts = urlsplit(address)
        # the port is asked for because a false one is an error only then
        known = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port)
        return address if known else None
    except ValueError:
        return None
