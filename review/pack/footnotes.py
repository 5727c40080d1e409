"""Footnotes of a Word document: a part of the package of its own (ISO/IEC 29500-1 section 11.3.7), which python-docx
does not make. Notes -1 and 0 are the lines that separate notes from text, as Word expects them.
"""

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part as OpcPart
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree

from review.cite.footnote import Part
from review.pack.word_runs import add_link, add_text

_NAME = PackURI("/word/footnotes.xml")
_EMPTY = f"""<w:footnotes {nsdecls("w", "r")}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>
<w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/>
</w:pPr><w:r><w:continuationSeparator/></w:r></w:p></w:footnote></w:footnotes>"""
_SETTINGS = f"""<w:footnotePr {nsdecls("w")}><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>"""
_AFTER = ("w:endnotePr", "w:compat", "w:docVars", "w:rsids", "m:mathPr", "w:attachedSchema", "w:themeFontLang",
          "w:clrSchemeMapping", "w:doNotIncludeSubdocsInStats", "w:shapeDefaults", "w:doNotEmbedSmartTags",
          "w:decimalSymbol", "w:listSeparator")  # fmt: skip
"""What follows w:footnotePr in the settings of a document (the order is part of the schema)."""


def add_notes(document: Document, notes: Sequence[Sequence[Part]]) -> None:
    """Put the notes into the package, numbered from 1 in their order; `refer` sets the places that cite them."""
    root = parse_xml(_EMPTY)
    part = OpcPart(_NAME, CONTENT_TYPE.WML_FOOTNOTES, b"", document.part.package)
    for number, parts in enumerate(notes, 1):
        root.append(_note(part, number, parts))
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    settings = document.settings.element
    before = next((child for name in _AFTER if (child := settings.find(_name(name))) is not None), None)
    if before is None:
        settings.append(parse_xml(_SETTINGS))
    else:
        before.addprevious(parse_xml(_SETTINGS))


def refer(paragraph: Any, number: int) -> None:  # noqa: ANN401 - an lxml element w:p
    """Cite a note at the end of a paragraph so far."""
    paragraph.append(
        parse_xml(
            f"""<w:r {nsdecls("w")}><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>
            <w:footnoteReference w:id="{number}"/></w:r>"""
        )
    )


def _note(part: OpcPart, number: int, parts: Sequence[Part]) -> Any:  # noqa: ANN401 - an lxml element
    note = parse_xml(
        f"""<w:footnote {nsdecls("w")} w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>
        <w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r></w:p></w:footnote>"""
    )
    paragraph = note.find(qn("w:p"))
    add_text(paragraph, " ")
    for one in parts:
        if one.kind == "address":
            target = part.relate_to(one.text, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            add_link(paragraph, one.text, target)
        else:
            add_text(paragraph, one.text, italic=one.kind == "title", language=one.language)
    return note


def _name(tag: str) -> str:
    prefix, _, local = tag.partition(":")
    if prefix == "m":
        return f"{{http://schemas.openxmlformats.org/officeDocument/2006/math}}{local}"
    return str(qn(tag))
