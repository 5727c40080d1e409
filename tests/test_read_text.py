"""Plain text in any encoding, Word files, languages."""

import io
import json
import zipfile
from datetime import date

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from crawler.read.clean import normalised
from crawler.read.code_lines import code_lines
from crawler.read.docx import read_docx
from crawler.read.language import language_of
from crawler.read.model import Broken, WrongShape
from crawler.read.text import decode, read_text

RUSSIAN = "Призывников срочной службы отправили в приграничный район, сообщили их родственники и юристы. " * 3
DUTCH = "De Staatssecretaris heeft besloten een besluit- en vertrekmoratorium in te stellen in Oekraïne."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251", "koi8-r"])
def test_russian_text_in_any_encoding(encoding):
    reading = read_text(RUSSIAN.encode(encoding))
    assert reading.text == RUSSIAN.strip() and reading.language == "ru"


def test_latin_text_in_any_encoding():
    for encoding in ("utf-8", "latin-1", "cp1252", "utf-16"):
        assert decode(DUTCH.encode(encoding))[0] == DUTCH
    assert decode(DUTCH.encode("cp1252"), "text/plain; charset=windows-1252")[1] == "cp1252"


def test_a_declared_encoding_is_respected_and_a_false_one_is_not():
    text = "Ты"  # too short to guess
    assert decode(text.encode("koi8-r"), "text/plain; charset=koi8-r")[0] == text
    assert decode(text.encode("utf-8"), "text/plain; charset=koi8-r")[0] == text
    for charset in ("nonsense", "hex", "rot13", "zlib", "undefined", "idna", "unicode_escape"):
        assert decode(text.encode("koi8-r"), f"text/plain; charset={charset}")[0]


@given(st.binary(max_size=300))
def test_decoding_never_fails(body):
    assert isinstance(decode(body)[0], str)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda t: t[0] != "\ufeff"))
def test_utf8_always_comes_back(text):
    assert decode(text.encode("utf-8"))[0] == text


def test_controls_are_removed_and_an_empty_text_is_refused():
    assert read_text(b"A title\x00\r\n\r\nText\x0b here.").text == "A title\n\nText here."
    for body in (b"", b" \r\n ", b"\xef\xbb\xbf"):
        with pytest.raises(WrongShape, match="empty text"):
            read_text(body, "https://a.example/x.txt")


def test_the_seeds_read_with_title_and_date(shared):
    seeds = sorted((shared / "seeds").glob("*.txt"))
    days = []
    for path in seeds:
        reading = read_text(path.read_bytes())
        first = next(line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
        assert reading.title == " ".join(first.split()) and len(reading.passages) > 4
        assert all(reading.text[p.start : p.end] == p.text for p in reading.passages)
        days.append(reading.published and reading.published.day)
    assert days == [date(2022, 6, 29), date(2022, 6, 29), None, None, None]
    assert "Vreemdelingencirculaire" in read_text(seeds[1].read_bytes()).text
    assert [read_text(path.read_bytes()).language for path in seeds] == ["en", "nl", "en", "en", "en"]


def test_the_deciding_sentence_of_the_ministers_letter_is_in_one_passage(shared):
    """Its paragraphs are wrapped by hand, and two of them break a word at a line end."""
    body = next((shared / "seeds").glob("001*.txt")).read_bytes()
    passages = [normalised(passage.text) for passage in read_text(body).passages]
    begins, ends = "Vanwege een gebrek aan actuele, eenduidige", "aan deze voorwaarden wordt voldaan."
    assert [begins in p and ends in p for p in passages].count(True) == 1
    assert all(p[0].isupper() for p in passages) and len(passages) < 20


SCRIPTED = """Two men were heard by the court.
function news17() {
    var asked = window.location.host;
    $.get('//' + asked + '/module?id=17', function (data) { $('#n17').html(data); });
    if (asked) {
        return false;
    }
}
news17();
The court (see the ruling; paragraph 7) sends them home;
the function of the appeal is to test that {sic}.
}
jQuery('.more').hide();
Nobody appealed."""


def test_lines_of_program_code_are_dropped_with_a_warning():
    reading = read_text(SCRIPTED.encode())
    kept = [SCRIPTED.split("\n")[n] for n in (0, 9, 10, 11, 13)]
    assert reading.text == "\n".join(kept)
    assert reading.warnings == ("9 lines of program code were left out",)
    assert all(reading.text[p.start : p.end] == p.text for p in reading.passages)


def test_code_after_a_brace_that_never_closes_does_not_take_the_text_with_it():
    text = "function a() {\nThe court decided, after a long hearing;\nNobody appealed."
    assert read_text(text.encode()).text == text.partition("\n")[2]


@pytest.mark.parametrize(
    "line",
    [
        "document. Zie ook de brief (bijlage 3)", "conscript(s);", "function of the appeal (second instance);",
        "window (see above); they fled {sic}", "$ (amounts in dollars);", "let it be = {so};", "artikel 3 (oud);",
    ],
)  # fmt: skip
def test_prose_that_only_looks_like_code_stays(line):
    text = f"The court heard the\n{line}\nand nobody appealed."
    assert read_text(text.encode()).text == text


def test_a_text_of_nothing_but_code_is_refused():
    with pytest.raises(WrongShape, match="nothing but program code"):
        read_text(b"function a() {\n}\na();", "https://a.example/a.js")


def test_no_line_of_the_collected_texts_is_taken_for_code_but_the_one_script(shared):
    rows = (shared / "data/passages-dev.jsonl").read_text(encoding="utf-8").splitlines()
    lines = [line for row in rows for line in json.loads(row)["text"].split("\n")]
    assert not any(code_lines(lines))
    seeds = [read_text(path.read_bytes()) for path in sorted((shared / "seeds").glob("*.txt"))]
    assert [seed.warnings for seed in seeds] == [(), (), ("4 lines of program code were left out",), (), ()]
    assert not any("$" in p.text or "{" in p.text for p in seeds[2].passages)


def test_languages_of_labelled_passages(shared):
    rows = [json.loads(line) for line in (shared / "data/passages-dev.jsonl").read_text(encoding="utf-8").splitlines()]
    right = sum(language_of(row["text"]) == row["lang"] for row in rows)
    print(f"languages right: {right} of {len(rows)}")
    assert right >= 0.97 * len(rows)


@pytest.mark.parametrize(
    ("text", "language"),
    [("", None), ("Moskou", None), ("24 februari", None), ("Київ", "uk"), ("Съезд", "ru"), ("ў Мінску", "be")],
)
def test_little_text_has_a_language_only_if_a_letter_tells(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Mobilisatie en desertie in Rusland", "nl"), ("Kriegsdienstverweigerer in Russland", "de"),
        ("Призыв на срочную службу в 2022 году", "ru"), ("Призов на строкову службу цього року", "uk"),
        ("Les déserteurs de l'armée russe en France", "fr"), ("Conscripts at the border of Ukraine", "en"),
    ],
)  # fmt: skip
def test_titles(title, language):
    assert language_of(title) == language


def word_file():
    document = Document()
    document.add_heading("Verslag over dienstplichtigen", 1)
    document.add_paragraph("Den Haag, 7 april 2021")
    document.add_paragraph(DUTCH)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Jaar", "Opgeroepen dienstplichtigen"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_word_file():
    reading = read_docx(word_file())
    assert (reading.title, reading.language) == ("Verslag over dienstplichtigen", "nl")
    assert reading.published.day == date(2021, 4, 7)
    assert {p.heading for p in reading.passages} == {"Verslag over dienstplichtigen"}
    assert "Jaar | Opgeroepen dienstplichtigen" in reading.text
    assert all(reading.text[p.start : p.end] == p.text for p in reading.passages)


def zipped(name, body):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        (zipped("word/document.xml", b" " * 5_000_000), Broken, "would unpack to 5000000"),
        (zipped("word/document.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), Broken, "entities"),
        (zipped("word/document.xml", b"<a/>"), Broken, "cannot be opened"),
        (zipped("pictures/a.txt", b"a"), WrongShape, "without word/document.xml"),
        (b"PK\x03\x04 torn", WrongShape, "a Word file was promised"),
        (b"<html></html>", WrongShape, "HTML where a Word file was promised"),
    ],
)
def test_hostile_and_wrong_word_files(body, error, says):
    with pytest.raises(error, match=says) as caught:
        read_docx(body, "https://a.example/x.docx")
    assert "https://a.example/x.docx" in str(caught.value)
