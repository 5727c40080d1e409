"""Runs of a Word paragraph: words with their style, their language, and their direction."""

import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from review.cite.clean import legal

TONGUES = {"en": "en-GB", "nl": "nl-NL", "ru": "ru-RU", "uk": "uk-UA", "de": "de-DE", "fr": "fr-FR", "be": "be-BY",
           "ar": "ar-SA", "fa": "fa-IR", "he": "he-IL", "tr": "tr-TR", "ps": "ps-AF", "ur": "ur-PK"}  # fmt: skip


def paragraph(style: str, *, rightward: bool = False) -> Any:  # noqa: ANN401 - an lxml element w:p
    """An empty w:p element of a style, by the style's id."""
    found, properties = OxmlElement("w:p"), OxmlElement("w:pPr")
    _append(properties, "w:pStyle", val=style)
    if rightward:  # the line that a style has at its left side changes sides
        properties.append(
            parse_xml(
                f"""<w:pBdr {nsdecls("w")}><w:left w:val="nil"/>
                <w:right w:val="single" w:sz="12" w:space="8" w:color="CFCCC4"/></w:pBdr>"""
            )
        )
        _append(properties, "w:bidi")
    found.append(properties)
    return found


def add_text(
    paragraph: Any,  # noqa: ANN401 - an lxml element w:p
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    struck: bool = False,
    soft: bool = False,
    code: bool = False,
    language: str | None = None,
) -> None:
    """Append words to a w:p element; what runs from right to left in runs of its own, line ends as breaks."""
    for rightward, piece in directed(text):
        run = OxmlElement("w:r")
        properties = OxmlElement("w:rPr")
        # The order of these is part of the schema (ISO/IEC 29500-1 section 17.3.2.28).
        if code:
            _append(properties, "w:rStyle", val="CodeText")
        for wanted, tag in ((bold, "w:b"), (bold, "w:bCs"), (italic, "w:i"), (italic, "w:iCs"), (struck, "w:strike")):
            if wanted:
                _append(properties, tag)
        if soft:
            _append(properties, "w:color", val="55585C")
        if rightward:
            _append(properties, "w:rtl")
        if language:
            tongue = TONGUES.get(language.partition("-")[0], language)
            _append(properties, "w:lang", **({"bidi": tongue} if rightward else {"val": tongue}))
        if len(properties):
            run.append(properties)
        _fill(run, piece)
        paragraph.append(run)


def add_link(paragraph: Any, text: str, target: str) -> None:  # noqa: ANN401 - an lxml element w:p
    """Append an address that opens; `target` is the id of its relationship. It may break after its strokes."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), target)
    run = OxmlElement("w:r")
    properties = OxmlElement("w:rPr")
    _append(properties, "w:rStyle", val="Hyperlink")
    run.append(properties)
    _fill(run, text)
    link.append(run)
    paragraph.append(link)


def directed(text: str) -> Iterator[tuple[bool, str]]:
    """Text in pieces that run one way: (from right to left, piece). What has no direction goes on as before.

    >>> list(directed("Тема سرباز 18 text"))
    [(False, 'Тема '), (True, 'سرباز 18 '), (False, 'text')]
    """
    way, ways = False, []
    for char in text:
        kind = unicodedata.bidirectional(char)
        way = True if kind in ("R", "AL") else False if kind == "L" else way
        ways.append(way)
    at = 0
    for rightward, group in groupby(ways):
        length = sum(1 for _ in group)
        yield rightward, text[at : at + length]
        at += length


def _fill(run: Any, text: str) -> None:  # noqa: ANN401 - an lxml element w:r
    for number, part in enumerate(text.split("\n")):
        if number:
            run.append(OxmlElement("w:br"))
        element = OxmlElement("w:t")
        element.text = legal(part)
        element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(element)


def _append(properties: Any, tag: str, **values: str) -> None:  # noqa: ANN401 - an lxml element w:rPr
    element = OxmlElement(tag)
    for name, value in values.items():
        element.set(qn(f"w:{name}"), value)
    properties.append(element)
