"""A paper as a Word document with real footnotes. The same paper gives the same bytes: no time stands in it."""

import io
from typing import Any

from docx import Document as new_document
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from review.cite.clean import rightward
from review.pack.blocks import Block, Bullets, Cited, Heading, Line, Paper, Para, Picture, Quote, say
from review.pack.footnotes import add_notes, refer
from review.pack.same import repacked
from review.pack.say import Say
from review.pack.word_runs import add_text, paragraph
from review.pack.word_styles import dress
from review.pack.word_table import table
from store.version import SOFTWARE

STYLES = {"plain": "Normal", "lead": "Normal", "small": "SmallText", "note": "Notice", "verdict": "Verdict",
          "two": "TwoSentences", "over": "Over", "origin": "OriginName"}  # fmt: skip


def as_word(paper: Paper, running: str) -> bytes:
    """The file. `running` stands at the head of every page but the first: what it is about, as of when."""
    document = new_document()
    dress(document, paper.language)
    _properties(document, paper)
    end = document.element.body.sectPr
    for block in paper.blocks:
        for element in _elements(block):
            end.addprevious(element)
    _margins(document, running, Say(paper.language))
    if paper.notes:
        add_notes(document, paper.notes)
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue(), first="[Content_Types].xml")


def _elements(block: Block) -> list[Any]:
    """The elements of the body that a block becomes. They are made here: python-docx looks styles up one by one."""
    if isinstance(block, Heading):
        return [_filled(f"Heading{block.level}", ({"text": block.text},))]
    if isinstance(block, Para):
        return [_line(STYLES[block.style], block.line)]
    if isinstance(block, Bullets):
        return [_line("ListBullet", line) for line in block.lines]
    if isinstance(block, Quote):
        return _quote(block)
    if isinstance(block, Picture):  # signs in a table: whoever cannot see it can read it, and nothing has to be drawn
        under = [_line("SmallText", say(text)) for text in (block.key, block.notes) if text]
        return [_line("SmallText", say(str(block.said["title"]), bold=True)), *table(block.grid, _line), *under]
    return table(block, _line)


def _line(style: str, line: Line) -> Any:  # noqa: ANN401 - an lxml element w:p
    found = paragraph(style)
    for one in line:
        if isinstance(one, Cited):
            refer(found, one.number)
        else:
            add_text(
                found, one.text, bold=one.bold, italic=one.italic, struck=one.struck, soft=one.soft, code=one.code,
                language=one.language,
            )  # fmt: skip
    return found


def _filled(style: str, runs: tuple[dict[str, Any], ...]) -> Any:  # noqa: ANN401 - an lxml element w:p
    found = paragraph(style)
    for run in runs:
        add_text(found, **run)
    return found


def _quote(block: Quote) -> list[Any]:
    """A quotation with its note, from right to left where its script runs so, and what it stands for below."""
    quote = paragraph("Quote", rightward=rightward(block.text))
    add_text(quote, block.text, struck=block.struck, language=block.language)
    if block.note:
        refer(quote, block.note)
    return [quote, _line("QuoteAbout", block.about)]


def _margins(document: Document, running: str, words: Say) -> None:
    """The running head and the page number; the first page has its title instead of a head."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    head = section.header.paragraphs[0]
    head.style = "SmallText"
    add_text(head._p, running)
    for footer in (section.footer, section.first_page_footer):
        foot = footer.paragraphs[0]
        foot.style, foot.alignment = "SmallText", 2  # right
        add_text(foot._p, f"{words('pack.page')} ")
        foot._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))
    section.first_page_header.is_linked_to_previous = False


def _properties(document: Document, paper: Paper) -> None:
    """Title, language and maker; the times that the template brings go, and no other comes."""
    properties = document.core_properties
    properties.title, properties.language, properties.author = paper.title[:255], paper.language, SOFTWARE
    properties.comments, properties.last_modified_by = "", SOFTWARE
    root = properties._element
    for child in list(root):
        if child.tag.rpartition("}")[2] in ("created", "modified", "lastPrinted", "revision"):
            root.remove(child)
