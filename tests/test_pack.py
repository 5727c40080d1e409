"""Evidence packs: all of it, the same bytes again, safe to open, and the same in Word, HTML and data."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from lxml import etree

from coi import cli
from review.pack import files
from review.pack.say import table as pack_words
from review.plugin.words import Words
from store.db import connect
from store.home import Home
from tests.conftest import PROJECT
from tests.pack_home import FORMULA, HEBREW, PERSIAN, SECRET, UKRAINIAN, make
from tests.site_home import ADMITTED, EDITED, EVIL, OLD, RUSSIAN

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
AT = "2024-01-05T10:00:00Z"
DAY = ("--as-of", "2022-06-29")
NAMES = {"evidence-pack.docx", "evidence-pack.html", "evidence-pack.json", "evidence.csv", "captures.wacz",
         "SHA256SUMS", "generated.txt"}  # fmt: skip


def run(home: Home, *arguments: object):
    given = ["pack", *map(str, arguments)]
    return CliRunner().invoke(cli, given, env={"COI_HOME": str(home.path)}, catch_exceptions=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    own = Home(tmp_path_factory.mktemp("home"))
    make(own)
    conn = connect(own)
    conn.execute("create table restricted_notes (id integer primary key, text text)")
    conn.execute("insert into restricted_notes (text) values (?)", [SECRET])
    conn.close()
    return own


@pytest.fixture(scope="module")
def made(home, tmp_path_factory) -> dict[str, Path]:
    """The pack of the moratorium in both languages, as folders."""
    out = tmp_path_factory.mktemp("packs")
    for lang in ("en", "nl"):
        said = run(home, "--moratorium", "nl-rus-2022", *DAY, "--lang", lang, "--generated-at", AT, "--out", out / lang)
        assert said.exit_code == 0, said.output
        assert "citations, 1 captures; 7 files" in said.output
    return {lang: out / lang for lang in ("en", "nl")}


@pytest.fixture(scope="module")
def data(made) -> dict:
    return json.loads((made["en"] / files.DATA).read_text("utf-8"))


def words_of(docx: Path, part: str = "word/document.xml") -> str:
    with zipfile.ZipFile(docx) as box:
        root = etree.fromstring(box.read(part))
    lines = ("".join(t.text or "" for t in p.iter(f"{W}t")) for p in root.iter(f"{W}p"))
    return "\n".join(lines)


def html_words(path: Path) -> str:
    """Every text in the HTML, without its style."""
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"<style>.*?</style>", "", path.read_text("utf-8"), flags=re.S)))


def test_every_file_is_there_and_has_its_hash(made):
    for folder in made.values():
        assert {one.name for one in folder.iterdir()} == NAMES
        sums = dict(reversed(one.split("  ")) for one in (folder / files.HASHES).read_text().splitlines())
        assert sums.keys() == NAMES - {files.HASHES}
        for name, digest in sums.items():
            assert sha256((folder / name).read_bytes()).hexdigest() == digest
        assert AT in (folder / files.GENERATED).read_text()


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_two_sentences_stand_under_every_status(made, lang):
    words = Words(lang)
    two = f"{words('two.first')} {words('two.second')}"
    label = pack_words()["pack.status"][lang == "nl"].split("{")[0]
    said = words_of(made[lang] / "evidence-pack.docx").split("\n")
    verdicts = [n for n, one in enumerate(said) if one.startswith(label)]
    assert len(verdicts) > 1
    assert all(said[n + 1] == two for n in verdicts)
    assert html_words(made[lang] / "evidence-pack.html").count(two) >= len(verdicts)


def test_the_papers_say_what_the_data_says(made, data):
    one = next(q for q in data["questions"] if q["id"] == "G1.3")
    word, html = words_of(made["en"] / "evidence-pack.docx"), html_words(made["en"] / "evidence-pack.html")
    for text in (RUSSIAN, ADMITTED, OLD, PERSIAN, HEBREW, UKRAINIAN, FORMULA, one["verdict"]["inputs_digest"]):
        assert (text in word, text in html) == (text != RUSSIAN, text != RUSSIAN)  # no answer rests on that passage
    for said in (word, html):
        assert "Proposed by anna, approved by chief on 27 June 2022" in said
        assert "The signed status departs from the one that was computed for it." in said
        assert "Dissent: piet:" in said
        assert "Resolved on 22 June 2022 by anna: the interest of a party to the conflict, side b set aside." in said
        assert "срочники AND фронт (Russian)" in said
        assert "What is missing" in said
        assert "current_pass_origins" in said
    assert one["verdict"]["signed"]["approved_by"] == "chief"
    assert one["steps"]["resolutions"][0]["reason"] == "Its own army <b>says</b> so."
    assert one["searches"]["by_hand"][0]["found"] == 0
    assert data["format"] == "coi-pack 1"
    assert len(data["sentences"]) == 2
    assert {row["id"] for row in data["sources"]} >= {"paper", "watch", "party", "report"}
    assert data["captures"][0]["sha256"] in word
    assert "window_fast_days" in {row["id"] for row in data["thresholds"]}


def test_what_was_public_and_not_held_is_listed(home, tmp_path):
    run(home, "--question", "G1.3", "--as-of", "2022-06-15", "--out", tmp_path / "q")
    found = json.loads((tmp_path / "q" / files.DATA).read_text("utf-8"))
    missed = {one["title"] for source in found["public_not_held"] for one in source["documents"]}
    assert {"About pskov", "About denial"} <= missed
    assert "About pskov" in words_of(tmp_path / "q" / "evidence-pack.docx")


def test_the_held_basis_knows_nothing_of_later(home, tmp_path):
    said = run(home, "--question", "G1.3", "--as-of", "2022-06-21", "--basis", "held", "--out", tmp_path / "q")
    assert said.exit_code == 0, said.output
    text = (tmp_path / "q" / files.DATA).read_text("utf-8")
    assert ADMITTED in text
    assert EDITED not in text
    assert "chief" not in text  # signed later
    assert "interest of a party" not in words_of(tmp_path / "q" / "evidence-pack.docx")  # resolved later


def test_the_same_day_gives_the_same_bytes(home, tmp_path):
    """Also in a process of its own, where words are hashed otherwise; and made a year later all but the time is."""
    asked = ["--group", "conscripts", "--country", "RU", *DAY]
    for name, at in (("a", AT), ("c", "2025-01-05T10:00:01Z")):
        assert run(home, *asked, "--generated-at", at, "--out", tmp_path / f"{name}.zip").exit_code == 0
    command = [sys.executable, "-m", "coi", "pack", *asked, "--generated-at", AT, "--out", str(tmp_path / "b.zip")]
    beside = os.environ | {"COI_HOME": str(home.path), "PYTHONHASHSEED": "2"}
    done = subprocess.run(command, env=beside, capture_output=True, text=True, cwd=PROJECT)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as one, zipfile.ZipFile(tmp_path / "c.zip") as other:
        assert one.namelist() == other.namelist()
        differ = {Path(name).name for name in one.namelist() if one.read(name) != other.read(name)}
        assert differ == {files.GENERATED, files.HASHES}
        folder = one.namelist()[0].split("/")[0]
        sums = [set(box.read(f"{folder}/{files.HASHES}").decode().splitlines()) for box in (one, other)]
    assert {line.split("  ")[1] for line in sums[0] ^ sums[1]} == {files.GENERATED}


def test_no_restricted_note_and_no_formula_gets_out(made):
    for folder in made.values():
        for path in folder.iterdir():
            bodies = [path.read_bytes()]
            if path.suffix in (".docx", ".wacz"):
                with zipfile.ZipFile(path) as box:
                    bodies += [box.read(name) for name in box.namelist()]
            assert not any(SECRET.encode() in body for body in bodies), path
        rows = list(csv.reader(io.StringIO((folder / files.TABLE).read_bytes().decode("utf-8-sig"), newline="")))
        assert f"'{FORMULA}" in rows[-1] + [cell for row in rows for cell in row]
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        assert len({len(row) for row in rows}) == 1


def test_the_html_is_safe_and_whole_by_itself(made):
    text = (made["en"] / "evidence-pack.html").read_text("utf-8")
    assert EVIL not in text
    assert "<b>&" not in text
    assert not re.search(r"<(script|link|img|iframe|object)|@import|url\(|javascript:", text)
    assert re.search(r'href="(?!#|https?://)', text) is None
    assert re.search(r'<p dir="auto" lang="fa">[^<]*سربازان', text)
    notes = set(re.findall(r'id="note-(\d+)"', text))
    assert notes == set(re.findall(r'href="#note-(\d+)"', text)) == set(re.findall(r'id="ref-(\d+)"', text))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(re.findall(r'id="([^"]+)"', text))


def test_word_has_real_footnotes(made):
    path = made["en"] / "evidence-pack.docx"
    assert Document(str(path)).core_properties.language == "en"
    with zipfile.ZipFile(path) as box:
        body, notes = (etree.fromstring(box.read(f"word/{name}.xml")) for name in ("document", "footnotes"))
        related = box.read("word/_rels/document.xml.rels").decode()
        targets = box.read("word/_rels/footnotes.xml.rels").decode()
        core = box.read("docProps/core.xml").decode()
        assert 'PartName="/word/footnotes.xml"' in box.read("[Content_Types].xml").decode()
    assert "relationships/footnotes" in related
    assert "javascript:" not in targets
    assert "dcterms:" not in core
    cited = [int(one.get(f"{W}id")) for one in body.iter(f"{W}footnoteReference")]
    kept = [int(one.get(f"{W}id")) for one in notes.iter(f"{W}footnote")]
    assert cited == list(range(1, len(cited) + 1))
    assert kept == [-1, 0, *cited]
    said = words_of(path, "word/footnotes.xml")
    assert (
        "Example Paper, About pskov, 1 June 2022 (date from: the page's own date), under “News”, https://paper" in said
    )
    assert "captured 2022-06-20 06:00 UTC, SHA-256" in said
    rightward = [p for p in body.iter(f"{W}p") if p.find(f"{W}pPr/{W}bidi") is not None]
    assert len(rightward) == 2  # Persian and Hebrew


def test_the_captures_are_a_valid_wacz(made, data):
    wacz = made["en"] / files.CAPTURES
    with zipfile.ZipFile(wacz) as box:
        assert "archive/captures.warc.gz" in box.namelist()
        pages = [json.loads(line) for line in box.read("pages/pages.jsonl").splitlines()][1:]
    assert {page["url"] for page in pages} == {one["url"] for one in data["captures"]}
    validator = PROJECT / ".venv" / "wacz" / "bin" / "wacz"
    if not validator.exists():
        pytest.skip("the WACZ validator is not installed: run 'sh .ci/wacz'")
    checked = subprocess.run([validator, "validate", "-f", wacz], capture_output=True, text=True)
    assert "Validation succeeded" in checked.stdout, checked.stdout + checked.stderr


def test_libreoffice_opens_the_paper(made, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice on this machine (Debian: apt-get install libreoffice-writer)")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(made["en"] / "evidence-pack.docx")], check=True, capture_output=True, timeout=180)
    import pypdfium2

    pdf = pypdfium2.PdfDocument(tmp_path / "evidence-pack.pdf")
    said = " ".join("".join(page.get_textpage().get_text_range() for page in pdf).split())
    pdf.close()
    assert "Netherlands: no decisions and no departures" in said
    assert "Example Paper, About pskov, 1 June 2022 (date from" in said  # a footnote
    assert "Строковиків із Пскова" in said
