"""A paper as blocks, from which both Word and HTML are written, so that both say the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from review.cite.footnote import Part
from review.plugin.timeline import Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A run of words. `language` where it is not the paper's own."""

    text: str
    bold: bool = False
    italic: bool = False
    struck: bool = False
    soft: bool = False
    code: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Cited:
    """The place of a footnote, by its number in the paper."""

    number: int


Inline: TypeAlias = Text | Cited
Line: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    level: int
    text: str
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Para:
    """A paragraph; style is plain, lead, small, note (a notice), verdict (a status) or two (the two sentences)."""

    line: Line
    style: str = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of a source with what they stand for, and the note that says where they stand."""

    text: str
    language: str | None
    about: Line
    note: int | None
    struck: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`widths` are shares of the page; the first column heads each row. A plain table of facts has no `head`."""

    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[int, ...]
    small: bool = False
    washed: tuple[int, ...] = ()  # columns with a shade behind them


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Evidence in time: HTML draws it, Word has the table instead. `said` are the words that stand in the drawing."""

    timeline: Timeline
    id: str
    said: Mapping[str, object]
    key: str
    notes: str
    grid: Table


Block: TypeAlias = Heading | Para | Quote | Bullets | Table | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Title, blocks in order, and the notes that they cite, number one first."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    notes: tuple[tuple[Part, ...], ...]


def say(text: str, **style: bool) -> Line:
    """Plain words as a line."""
    return (Text(text=text, **style),)  # type: ignore[arg-type]


def named(name: str, text: str) -> Line:
    """A name in bold and what it says."""
    return (Text(text=f"{name}. ", bold=True), Text(text=text))


def texts(paper: Paper) -> Iterator[str]:
    """Every piece of text of a paper, for whoever looks for words."""
    for block in paper.blocks:
        if isinstance(block, Heading):
            yield block.text
        elif isinstance(block, Quote):
            yield block.text
            yield from _of(block.about)
        elif isinstance(block, Para):
            yield from _of(block.line)
        elif isinstance(block, Picture):
            yield from (str(block.said["title"]), block.key, block.notes)
            yield from (text for row in block.grid.rows for cell in row for text in _of(cell))
        else:
            lines = block.lines if isinstance(block, Bullets) else [cell for row in block.rows for cell in row]
            for line in lines:
                yield from _of(line)
    for note in paper.notes:
        yield "".join(part.text for part in note)


def _of(line: Line) -> Iterator[str]:
    yield from (part.text for part in line if isinstance(part, Text))
