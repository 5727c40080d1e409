"""Citing: the footnote, RIS, BibTeX and CSL-JSON say what is held, and no text of the world becomes a field in them."""

import json
import re
import shutil
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from coi import cli
from review.cite import formats
from review.cite.clean import address, line
from review.cite.footnote import again, footnote, plain
from review.plugin.words import Words
from store import references
from store.db import connect_readonly
from store.home import Home
from tests.pack_home import LONG_URL, make
from tests.site_home import AT, EVIL, RUSSIAN, passage_of
from tests.test_site import Site

HARD = ["\r\n", "TY  - JOUR", "ER  - ", "{", "}", "\\", "@article{", "%", "\u202e", "\x00", "س", " and "]
TITLES = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(HARD)).map("".join))


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> tuple[Home, dict[str, int]]:
    home = Home(tmp_path_factory.mktemp("cite"))
    return home, make(home)


@pytest.fixture(scope="module")
def site(filled, tmp_path_factory) -> Site:
    return Site(Home(shutil.copytree(filled[0].path, tmp_path_factory.mktemp("site") / "home")), filled[1])


@pytest.fixture(scope="module")
def refs(filled) -> dict[str, references.Reference]:
    home, ids = filled
    conn = connect_readonly(home)
    found = {name: references.of_document(conn, ids[name]) for name in ("paper", "report", "nasty")}
    passage = passage_of(conn, RUSSIAN)
    return found | {"passage": references.of_passages(conn, [passage])[passage]}


def test_a_footnote_says_who_what_when_where_and_which_bytes(refs):
    said = plain(footnote(refs["paper"], Words("en")))
    capture = refs["paper"].sha256
    assert said == (
        "Example Paper, About pskov, 1 June 2022 (date from: the page's own date), https://paper.example/pskov, "
        f"captured 2022-06-20 06:00 UTC, SHA-256 {capture}."
    )
    assert "[Engels], 1 juni 2022" in plain(footnote(refs["paper"], Words("nl")))
    assert "p. 14" in plain(footnote(refs["passage"] and replace(refs["passage"], page=14), Words("en")))
    assert plain(again(refs["paper"], Words("en"), 3)).endswith("1 June 2022 (note 3).")


def test_what_came_by_hand_or_undated_says_so(refs):
    ref = replace(refs["nasty"], published_on=None, published_precision=None)
    said = plain(footnote(ref, Words("en")))
    assert "no date found (public by 20 June 2022)" in said  # of low confidence: known since it was seen
    assert f"SHA-256 of the text {ref.text_sha256}" in said
    assert "undated" in formats.key(ref)
    month = replace(refs["paper"], published_precision="month")
    assert "DA  - 2022/06//\r\n" in formats.ris(month)
    assert formats.csl(month)["issued"] == {"date-parts": [[2022, 6]]}
    assert "date = {2022-06}" in formats.bibtex(month)


def test_an_address_that_is_none_is_no_link(refs):
    for url in ("javascript:alert(1)", "data:text/html,x", "", "https://[bad", "file:///etc/passwd"):
        ref = replace(refs["paper"], url=url)
        assert not [part for part in footnote(ref, Words("en")) if part.kind == "address"]
        assert "UR  -" not in formats.ris(ref)
        assert "URL" not in formats.csl(ref)
        assert "\n  url = " not in formats.bibtex(ref)
    assert "{" not in (address(LONG_URL) or "{")


@given(title=TITLES, publisher=TITLES, author=TITLES)
def test_no_text_of_the_world_becomes_a_field(refs, title, publisher, author):
    ref = replace(refs["passage"], title=title, publisher=publisher, authors=(author,), text=title)
    ris = formats.ris(ref)
    lines = ris.split("\r\n")
    assert lines[-1] == ""
    assert all(re.match(r"^[A-Z][A-Z0-9]  - ", one) for one in lines[:-1])
    assert (lines[0][:2], lines[-2]) == ("TY", "ER  - ")
    assert sum(one.startswith(("TY", "ER")) for one in lines) == 2
    bib = formats.bibtex(ref)
    depth = 0
    for char in bib:
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    assert depth == 0
    assert len(re.findall(r"^@", bib, re.M)) == 1
    assert all(one.startswith(("@", "  ", "}")) for one in bib.splitlines())
    json.dumps(formats.csl(ref)).encode()
    assert re.fullmatch(r"[a-z0-9-]+", formats.key(ref))
    for lang in ("en", "nl"):
        said = plain(footnote(ref, Words(lang)))
        assert "\n" not in said
        assert said.strip() == line(said)


def test_a_command_of_latex_stays_words():
    assert formats.tex("\\input{x} 50% a_b #1 ~^") == (
        r"\textbackslash{}input\textbraceleft{}x\textbraceright{} 50\% a\_b \#1 \textasciitilde{}\textasciicircum{}"
    )


@pytest.mark.parametrize(
    ("form", "kind"),
    [("ris", "application/x-research-info-systems"), ("bib", "application/x-bibtex"), ("json", "application/vnd.cit")],
)
def test_the_site_gives_each_form_as_a_file(site, form, kind):
    answer = site.get("/documents/{nasty}/cite." + form)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["content-disposition"].endswith(f'.{form}"')
    assert "captured" in answer.text.lower() or "came as text" in answer.text.lower()


def test_the_page_of_a_document_and_of_a_passage_can_be_cited(site, filled):
    page = site.get("/documents/{report}?lang=nl").text
    assert "Citeer dit document" in page
    conn = connect_readonly(filled[0])
    old = conn.execute("select id from passages where document_id = ?", [filled[1]["report"]]).fetchone()[0]
    cited = site.get(f"/documents/{{report}}/cite?passage={old}")
    assert cited.status_code == 200
    assert "p. 14" in cited.text
    assert EVIL not in cited.text
    assert f"cite.ris?passage={old}" in cited.text
    assert '<a class="address" href="javascript' not in site.get("/documents/{denial}/cite").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/documents/99999/cite", 404), ("/documents/{paper}/cite?passage=99999", 404),
        ("/documents/{paper}/cite?passage=x", 404), ("/documents/{paper}/cite.pdf", 404),
        ("/documents/{paper}/cite?as_of=2020-01-01", 404), ("/documents/{paper}/cite?as_of=9999-01-01", 400),
        ("/documents/{paper}/cite.ris?as_of=2022-06-21&basis=held", 200),
        ("/documents/{paper}/cite.ris?as_of=2022-06-02&basis=held", 404),
    ],
)  # fmt: skip
def test_what_cannot_be_cited_is_said(site, path, status):
    assert site.get(path).status_code == status


def test_the_command_cites_too(filled, monkeypatch):
    monkeypatch.setenv("COI_HOME", str(filled[0].path))
    run = CliRunner().invoke
    nasty, paper = str(filled[1]["nasty"]), str(filled[1]["paper"])
    both = run(cli, ["cite", "--document", paper, "--document", nasty, "--form", "ris"])
    assert both.exit_code == 0, both.output
    assert [one[:6] for one in both.output.splitlines()].count("TY  - ") == 2  # the title's own is inside a value
    assert len(json.loads(run(cli, ["cite", "--document", paper, "--form", "json"]).output)) == 1
    assert "nothing to cite" in run(cli, ["cite"]).output
    assert run(cli, ["cite", "--document", "99999"]).exit_code == 1
    assert run(cli, ["cite", "--passage", "99999"]).exit_code == 1
    early = run(cli, ["cite", "--document", paper, "--as-of", "2020-01-01"])
    assert "none with this number was known on 2020-01-01" in early.output
    assert run(cli, ["cite", "--document", paper, "--as-of", f"{date.max}"]).exit_code == 2
    assert AT[:10] in run(cli, ["cite", "--document", paper, "--form", "bib"]).output
