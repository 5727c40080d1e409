"""The look of the Word paper: one type family, A4, quiet headings; and the styles that notes and addresses need."""

from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

SERIF, MONO = "Times New Roman", "Courier New"
INK, SOFT, ACCENT = RGBColor(0x1D, 0x1F, 0x21), RGBColor(0x55, 0x58, 0x5C), RGBColor(0x1C, 0x4A, 0x72)
TEXT_WIDTH_CM = 21.0 - 2 * 2.2
SIZES = {1: 20, 2: 14, 3: 11.5, 4: 11}
PARAGRAPHS = {  # name: (points, colour, italic, before, after)
    "Over": (9.5, SOFT, False, 0, 0),
    "Notice": (10.5, INK, False, 4, 8),
    "Verdict": (13.5, INK, False, 6, 2),
    "TwoSentences": (9.5, SOFT, True, 0, 6),
    "SmallText": (9.5, SOFT, False, 0, 6),
    "OriginName": (11, INK, False, 8, 2),
    "QuoteAbout": (9.5, SOFT, False, 0, 7),
    "TableText": (9.5, INK, False, 1.5, 1.5),
    "TableSmall": (8.5, INK, False, 1.5, 1.5),
}


def dress(document: Document, language: str) -> None:
    """Give a new document the page, the styles and the language of a paper."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
    normal = document.styles["Normal"]
    _font(normal, 11, INK)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(6), 1.12
    normal.paragraph_format.widow_control = True
    _tongue(normal, language)
    for level, size in SIZES.items():
        heading = document.styles[f"Heading {level}"]
        _font(heading, size, INK, bold=level < 4, italic=level == 4)
        heading.paragraph_format.space_before = Pt({1: 0, 2: 22, 3: 12, 4: 10}[level])
        heading.paragraph_format.space_after = Pt({1: 10, 2: 6, 3: 3, 4: 3}[level])
        heading.paragraph_format.keep_with_next = True
    _line(document.styles["Heading 2"], "top", "CFCCC4", space=6)
    for name, (size, colour, italic, before, after) in PARAGRAPHS.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _font(style, size, colour, italic=italic)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    document.styles["OriginName"].paragraph_format.keep_with_next = True
    document.styles["Verdict"].paragraph_format.keep_with_next = True
    _line(document.styles["Notice"], "left", "1C4A72", space=8, size=18)
    _line(document.styles["TwoSentences"], "left", "CFCCC4", space=8)
    quote = document.styles["Quote"]
    _font(quote, 11, INK)
    quote.paragraph_format.left_indent = Cm(0.5)
    quote.paragraph_format.space_after, quote.paragraph_format.keep_with_next = Pt(1), True
    _line(quote, "left", "CFCCC4", space=8, size=12)
    document.styles["QuoteAbout"].paragraph_format.left_indent = Cm(0.5)
    _font(document.styles["List Bullet"], 11, INK)
    document.styles["List Bullet"].paragraph_format.space_after = Pt(3)
    _notes(document, normal)


def _notes(document: Document, normal: Any) -> None:  # noqa: ANN401 - a docx style
    note = document.styles.add_style("Footnote Text", WD_STYLE_TYPE.PARAGRAPH)
    note.base_style = normal
    note.element.set(qn("w:styleId"), "FootnoteText")
    _font(note, 8.5, INK)
    note.paragraph_format.space_after, note.paragraph_format.line_spacing_rule = Pt(1), WD_LINE_SPACING.SINGLE
    mark = document.styles.add_style("Footnote Reference", WD_STYLE_TYPE.CHARACTER)
    mark.element.set(qn("w:styleId"), "FootnoteReference")
    mark.font.superscript = True
    link = document.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb = ACCENT
    code = document.styles.add_style("Code Text", WD_STYLE_TYPE.CHARACTER)
    code.element.set(qn("w:styleId"), "CodeText")
    code.font.name, code.font.size = MONO, Pt(8)


def _font(style: Any, points: float, colour: RGBColor, *, bold: bool = False, italic: bool = False) -> None:  # noqa: ANN401
    """One family in every script: Latin, Cyrillic, and those from right to left (cs)."""
    font = style.font
    font.size, font.bold, font.italic, font.color.rgb = Pt(points), bold, italic, colour
    font.cs_bold, font.cs_italic = bold, italic
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    names = " ".join(f'w:{name}="{SERIF}"' for name in ("ascii", "hAnsi", "eastAsia", "cs"))
    properties.insert(0, parse_xml(f"<w:rFonts {nsdecls('w')} {names}/>"))
    size = properties.find(qn("w:sz"))
    other = properties.find(qn("w:szCs"))
    if other is None:
        other = OxmlElement("w:szCs")
        size.addnext(other)
    other.set(qn("w:val"), str(round(points * 2)))


def _tongue(style: Any, language: str) -> None:  # noqa: ANN401 - a docx style
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    element = OxmlElement("w:lang")
    element.set(qn("w:val"), {"nl": "nl-NL"}.get(language, "en-GB"))
    element.set(qn("w:bidi"), "ar-SA")
    properties.append(element)


def _line(style: Any, side: str, colour: str, *, space: int, size: int = 6) -> None:  # noqa: ANN401 - a docx style
    """A thin line at one side of a paragraph; in its place in the schema, before shading and spacing."""
    properties = style.element.get_or_add_pPr()
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/></w:pBdr>'
    )
    after = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:bidi", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc",
             "w:outlineLvl")  # fmt: skip
    before = next((child for name in after if (child := properties.find(qn(name))) is not None), None)
    if before is None:
        properties.append(border)
    else:
        before.addprevious(border)
