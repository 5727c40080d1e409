"""A table of the Word paper: lines between its rows only, its head on every page, no row parted between two."""

from collections.abc import Callable, Sequence
from typing import Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls

from review.pack.blocks import Line, Table, say
from review.pack.word_runs import paragraph
from review.pack.word_styles import TEXT_WIDTH_CM

_DXA_PER_CM = 567  # twentieths of a point
_LINE = 'w:val="single" w:sz="4" w:space="0" w:color="CFCCC4"'


def table(block: Table, written: Callable[[str, Line], Any]) -> list[Any]:
    """The table, and an empty line after it; `written` makes a paragraph of a style and a line."""
    total = sum(block.widths)
    widths = [round(TEXT_WIDTH_CM * _DXA_PER_CM * share / total) for share in block.widths]
    style = "TableSmall" if block.small else "TableText"
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    found = parse_xml(
        f"""<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>
        <w:tblBorders><w:top {_LINE}/><w:bottom {_LINE}/><w:insideH {_LINE}/></w:tblBorders>
        <w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="140" w:type="dxa"/>
        </w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid></w:tbl>"""
    )
    if block.head:
        cells = [written(style, say(name, soft=True)) for name in block.head]
        found.append(_row(cells, widths, "w:cantSplit", "w:tblHeader", washed=block.washed))
    for values in block.rows:
        found.append(_row([written(style, line) for line in values], widths, "w:cantSplit", washed=block.washed))
    return [found, paragraph("TableSmall")]


def _row(cells: Sequence[Any], widths: Sequence[int], *tags: str, washed: Sequence[int] = ()) -> Any:  # noqa: ANN401 - an lxml element w:tr
    row = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    for tag in tags:
        properties.append(OxmlElement(tag))
    row.append(properties)
    for column, (content, width) in enumerate(zip(cells, widths, strict=True)):
        shade = '<w:shd w:val="clear" w:color="auto" w:fill="F3F0E8"/>' if column in washed else ""
        cell = parse_xml(f'<w:tc {nsdecls("w")}><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr></w:tc>')
        cell.append(content)
        row.append(cell)
    return row
