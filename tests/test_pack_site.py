"""Packs and briefs on the site and on the command line: downloads, and what cannot be made."""

import asyncio
import csv
import io
import re
import shutil
import tempfile
import zipfile
from html import unescape
from pathlib import Path

import pytest

from review.pack import files
from review.pack.say import table as pack_words
from review.plugin import packs
from review.plugin.words import Words
from store.db import connect
from store.home import Home
from tests.conftest import PROJECT
from tests.pack_home import FORMULA, SECRET, make
from tests.site_home import EVIL
from tests.test_pack import AT, DAY, NAMES, run, words_of
from tests.test_site import Site


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    own = Home(tmp_path_factory.mktemp("home"))
    make(own)
    return own


@pytest.fixture(scope="module")
def site(home, tmp_path_factory) -> Site:
    """The site over the same home."""
    copied = Home(Path(shutil.copytree(home.path, tmp_path_factory.mktemp("site") / "home")))
    conn = connect(copied)
    row = conn.execute("select id from documents where key = 'pskov'").fetchone()
    conn.close()
    return Site(copied, {"paper": row["id"]})


class TestSite:
    @pytest.mark.parametrize(
        "about", ["moratoria/NL-RUS-2022", "groups/RU/conscripts", "groups/ru/conscripts", "questions/g1.3"]
    )
    def test_a_pack_is_downloaded(self, site, about, tmp_path, monkeypatch):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        answer = site.get(f"/pack/{about}.zip?as_of=2022-06-29&lang=nl")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/zip"
        name = re.fullmatch(r'attachment; filename="(coi-pack-[\w.-]+)-nl\.zip"', answer.headers["content-disposition"])
        with zipfile.ZipFile(io.BytesIO(answer.content)) as box:
            assert {Path(one).name for one in box.namelist()} == NAMES
            assert {one.split("/")[0] for one in box.namelist()} == {name[1]}
            assert '<html lang="nl">' in box.read(f"{name[1]}/evidence-pack.html").decode()
        assert SECRET.encode() not in answer.content
        assert not list(tmp_path.iterdir())  # what was made to be sent is gone

    def test_the_evidence_alone_is_a_table(self, site):
        answer = site.get("/pack/questions/G1.3.csv?as_of=2022-06-29")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
        assert f"'{FORMULA}" in {row[rows[0].index("quote")] for row in rows}
        assert site.get("/pack/questions/G9.9.csv").status_code == 404

    @pytest.mark.parametrize("lang", ["en", "nl"])
    @pytest.mark.parametrize(
        "about", ["moratoria/NL-RUS-2022", "moratoria/NL-UKR-2022", "groups/RU/critics", "questions/G1.3"]
    )
    def test_a_brief_is_a_page(self, site, about, lang):
        answer = site.get(f"/brief/{about}?as_of=2022-12-13&lang={lang}")
        assert answer.status_code == 200, answer.text[:300]
        words = Words(lang)
        assert words("two.first") in unescape(answer.text)
        assert f"/pack/{about}.zip" in answer.text
        assert EVIL not in answer.text
        assert " style=" not in answer.text

    @pytest.mark.parametrize("kind", ["pack", "brief"])
    @pytest.mark.parametrize(
        ("about", "query", "status"),
        [
            ("moratoria/NL-XX", "", 404), ("groups/RU/pilots", "", 404), ("groups/XX/conscripts", "", 404),
            ("questions/X1", "", 404), ("questions/G9.9", "", 404), ("moratoria/NL-RUS-2022", "as_of=2020-01-01", 404),
            ("questions/G1.3", "as_of=9999-01-01", 400), ("questions/G1.3", "as_of=soon", 400),
            ("questions/G1.3", "basis=gossip", 400),
        ],
    )  # fmt: skip
    def test_what_there_is_not_gets_its_page(self, site, kind, about, query, status):
        answer = site.get(f"/{kind}/{about}{'.zip' if kind == 'pack' else ''}?{query}")
        assert answer.status_code == status
        assert '<html lang="en">' in answer.text

    def test_the_pages_offer_both(self, site):
        for path, about in (("/moratoria/NL-RUS-2022", "moratoria/NL-RUS-2022"), ("/questions/G1.3", "questions/G1.3"),
                            ("/matrix/RU", "groups/RU/conscripts")):  # fmt: skip
            text = site.get(f"{path}?as_of=2022-06-29").text
            assert f'href="/pack/{about}.zip?as_of=2022-06-29"' in text
            assert f'href="/brief/{about}?as_of=2022-06-29"' in text

    def test_one_who_only_asks_makes_nothing(self, site, monkeypatch):
        monkeypatch.setattr(packs, "_make", lambda *_, **__: pytest.fail("made"))
        assert asyncio.run(site.datasette.client.head("/pack/questions/G1.3.zip")).status_code == 200
        assert asyncio.run(site.datasette.client.head("/pack/questions/G9.9.zip")).status_code == 404

    def test_too_many_at_once_are_sent_away_and_the_others_served(self, site):
        async def ask() -> list[int]:
            paths = ["/pack/questions/G1.3.zip?as_of=2022-06-29"] * (packs.WAITING + 3)
            answers = await asyncio.gather(*map(site.datasette.client.get, [*paths, "/method"]))
            return [answer.status_code for answer in answers]

        found = asyncio.run(ask())
        assert found[-1] == 200
        assert sorted(found[:-1]) == [200] * (packs.WAITING + 1) + [503] * 2


def test_lost_bytes_stop_a_pack_and_leave_nothing_behind(home, tmp_path):
    broken = Home(Path(shutil.copytree(home.path, tmp_path / "home")))
    for kept in broken.archive.iterdir():
        kept.write_bytes(kept.read_bytes()[:-20])
    out = tmp_path / "out"
    out.mkdir()
    said = run(broken, "--question", "G1.3", *DAY, "--out", out / "p")
    assert said.exit_code == 1
    assert "capture 1 of https://paper.example/pskov" in said.output
    assert "coi verify" in said.output
    assert list(out.iterdir()) == []
    assert run(broken, "--question", "G1.3", *DAY, "--no-captures", "--out", out / "p").exit_code == 0
    assert {one.name for one in (out / "p").iterdir()} == NAMES - {files.CAPTURES}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "give one of --moratorium ID"),
        (("--moratorium", "NL-RUS-2022", "--question", "G1.3"), 2, "give one of"),
        (("--group", "conscripts"), 2, "a group belongs to a country"),
        (("--moratorium", "NL-XX"), 1, "no moratorium has the id 'NL-XX'; 'coi moratoria' lists them"),
        (("--country", "RU", "--group", "pilots"), 1, "no question is asked about the group 'pilots' of 'RU'"),
        (("--question", "G9.9"), 1, "no question has the id 'G9.9'"),
        (("--question", "X1"), 1, "informs the reader and is not assessed"),
        (("--moratorium", "NL-RUS-2022", "--as-of", "2020-01-01"), 1, "nobody could know of NL-RUS-2022 on 2020-01-01"),
        (("--question", "G1.3", "--generated-at", "2024-01-05"), 2, "is not an instant"),
        (("--question", "G1.3", "--generated-at", "9999-01-05T10:00:00Z"), 2, "has not come yet"),
        (("--question", "G1.3", "--generated-at", AT, "--as-of", "2024-01-06"), 1, "2024-01-06 has not come yet on"),
    ],
)
def test_what_cannot_be_packed_is_said(home, tmp_path, arguments, code, words):
    said = run(home, *arguments, "--out", tmp_path / "p")
    assert (said.exit_code, list(tmp_path.iterdir())) == (code, [])
    assert words in " ".join(said.output.split())


def test_nothing_of_others_is_replaced(home, tmp_path):
    kept = tmp_path / "mine"
    kept.mkdir()
    (kept / "thesis.txt").write_text("precious")
    for more in ((), ("--force",)):
        assert run(home, "--question", "G1.3", *DAY, *more, "--out", kept).exit_code == 1
    assert (kept / "thesis.txt").read_text() == "precious"
    assert run(home, "--question", "G1.3", *DAY, "--out", tmp_path / "no" / "p").exit_code == 1
    one = tmp_path / "letter.doc"
    one.write_text("mine")
    assert run(home, "--question", "G1.3", *DAY, "--force", "--out", one).exit_code == 1
    assert one.read_text() == "mine"
    for _ in range(2):
        assert run(home, "--question", "G1.3", *DAY, "--force", "--out", tmp_path / "p").exit_code == 0
    assert "exists already" in run(home, "--question", "G1.3", *DAY, "--out", tmp_path / "p").output


def test_a_moratorium_without_questions_has_a_pack_too(home, tmp_path):
    said = run(home, "--moratorium", "NL-UKR-2022", "--as-of", "2022-12-13", "--out", tmp_path / "p")
    assert said.exit_code == 0, said.output
    assert "0 questions in full, 0 citations, 0 captures; 6 files" in said.output
    assert "Information: not assessed" in words_of(tmp_path / "p" / "evidence-pack.docx")


def test_every_word_of_packs_is_used():
    said = "".join(
        path.read_text("utf-8")
        for folder in ("review/pack", "review/plugin/templates")
        for path in (PROJECT / folder).iterdir()
        if path.suffix in (".py", ".html")
    )
    prefixes = {"pack.m_", "pack.search_"}
    names = [key for key in pack_words() if not key.startswith(tuple(prefixes))]
    unused = [key for key in names if key not in said and f'"{key.partition(".")[2]}"' not in said]
    assert unused == []
