"""Word files: footnotes tied to their statement, tracked changes, authors, links."""

import io
import zipfile

import pytest
from docx import Document

from crawler.read.docx import read_docx
from crawler.read.model import Broken, ReadError

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FOOTNOTES = f"""<?xml version="1.0" encoding="UTF-8"?>
<w:footnotes {W}><w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:t xml:space="preserve">Meduza, 12 April 2022, </w:t></w:r>
<w:r><w:t>https://meduza.example/12</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="3"><w:p><w:r><w:t>Interview with a lawyer, Tbilisi, 3 May 2022</w:t></w:r></w:p></w:footnote>
</w:footnotes>"""
BODY = """<w:p><w:r><w:t>Country report on conscripts</w:t></w:r></w:p>
<w:p><w:r><w:t>Author: Jane van der Berg</w:t></w:r></w:p>
<w:p><w:r><w:t>Conscripts were sent to the front in spring</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>
<w:r><w:t xml:space="preserve"> and </w:t></w:r><w:ins w:id="9"><w:r><w:t>most of </w:t></w:r></w:ins>
<w:del w:id="8"><w:r><w:delText>all of </w:delText></w:r></w:del><w:r><w:t>them came back.</w:t></w:r>
<w:r><w:footnoteReference w:id="3"/></w:r></w:p>
<w:p><w:r><w:t>Nobody knows how many of them had been asked to sign a contract.</w:t></w:r></w:p>"""


def word_file(body=BODY, footnotes=FOOTNOTES):
    """A Word file of python-docx with our own body, and the part with the footnotes that python-docx does not write."""
    plain = io.BytesIO()
    document = Document()
    document.core_properties.author = "Administrator"
    document.save(plain)
    out = io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name).decode("utf-8", "surrogateescape")
            if name == "word/document.xml":
                content = content.replace("<w:body>", f"<w:body>{body}")
            elif name == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
                content = content.replace(
                    "</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
                )
            elif name == "word/_rels/document.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
                content = content.replace(
                    "</Relationships>",
                    f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>',
                )
            target.writestr(name, content.encode("utf-8", "surrogateescape"))
        target.writestr("word/footnotes.xml", footnotes)
    return out.getvalue()


def test_a_footnote_belongs_to_the_passage_and_the_place_where_it_is_cited():
    reading = read_docx(word_file())
    (cited,) = [p for p in reading.passages if p.notes]
    assert cited.text.endswith("Conscripts were sent to the front in spring and most of them came back.")
    first, second = cited.notes
    assert (first.number, first.text) == ("1", "Meduza, 12 April 2022, https://meduza.example/12")
    assert cited.text[: first.at].endswith("in spring") and second.at == len(cited.text)
    assert "Meduza" not in reading.text and reading.links == ("https://meduza.example/12",)


def test_authors_and_type_of_a_word_file():
    reading = read_docx(word_file())
    assert reading.authors == ("Jane van der Berg",)
    assert reading.document_type == "country report"
    assert read_docx(word_file(BODY.replace("Author: ", "By "))).authors == ()  # "Administrator" is nobody


def test_entities_in_the_footnotes_are_not_opened():
    bomb = FOOTNOTES.replace("<w:footnotes", '<!DOCTYPE x [<!ENTITY a "aaaa">]><w:footnotes')
    with pytest.raises(Broken, match="entities"):
        read_docx(word_file(footnotes=bomb))


def test_a_word_file_with_a_damaged_part_is_broken_and_does_not_crash():
    out = io.BytesIO()
    Document().save(out)
    sound = out.getvalue()
    with zipfile.ZipFile(io.BytesIO(sound)) as box:
        at = box.getinfo("word/styles.xml").header_offset + 200
    for wrong in (sound[:at] + b"\xff" * 60 + sound[at + 60 :], sound[:40] + sound[80:]):
        with pytest.raises(ReadError, match=r"Word file"):
            read_docx(wrong)
