"""Captures out and in again: what is exported passes the validator of its ecosystem and gives the same home back."""

import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from reportlab.pdfgen.canvas import Canvas

from crawler.archive_cli import archive
from crawler.health import Status
from crawler.run import crawl
from crawler.source import load_sources
from crawler.warc import Exchange, WarcFile
from store import db
from store.archive_read import payload
from store.captures import get
from store.captures_check import capture_problems
from store.cdxj import surt
from store.home import Home
from tests.conftest import PROJECT, new_home
from tests.local_crawl import rows, second_home
from tests.local_site import Page, Site, serving

T1, T2 = "2022-09-09T10:00:00Z", "2022-09-10T10:00:00Z"
DAY_BEFORE = "Thu, 08 Sep 2022 10:00:00 GMT"
DAYS = ("--from", "2022-09-09", "--to", "2022-09-10")
SECOND = ("--from", "2022-09-10", "--to", "2022-09-10")
SOURCE = """title = "{id}"\npublisher = "Test"\nowner = "{id}"\ntype = "media"\ngrade = "C"\ngrade_reason = "for a test"
language = "en"\nterms = "own"\nevery = "6 hours"\nshape = "feed"\nstart = ["{url}/{id}.xml"]\n[expect]\nmin_rows = 1"""
KEPT = """select 'document', source_id, key, url, title, state, published_on from documents
          union all select 'version', d.key, v.text_sha256, v.seen_at, v.cause, v.published_on, v.public_on
            from versions v join documents d on d.id = v.document_id
          union all select 'passage', d.key, p.text_sha256, p.text, '', '', ''
            from passages p join documents d on d.id = p.document_id order by 1, 2, 3, 4"""


def pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for number in range(20):
        canvas.drawString(60, 760 - 16 * number, f"Line {number}: conscripts were told to sign contracts by officers.")
    canvas.save()
    return out.getvalue()


def run(home: Home, *arguments: object) -> Result:
    return CliRunner().invoke(archive, [str(one) for one in arguments], env={"COI_HOME": str(home.path)})


def sources_of(home: Home) -> list:
    known = load_sources([home.declared / "sources"])
    return [known["other"], known["paper"]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Site]]:
    """Two sources crawled on two days: an edit, pages that stand, a server without validators, redirects, one PDF."""
    home = new_home(tmp_path_factory.mktemp("w") / "first")
    with serving() as site, pytest.MonkeyPatch.context() as patch:
        patch.setenv("COI_CONTACT", "tests@example.org")
        patch.setenv("COI_ALLOW_HOSTS", site.host)
        for name in ("paper", "other"):
            (home.declared / "sources" / f"{name}.toml").write_text(SOURCE.format(id=name, url=site.url))
        for path in ("/a", "/b", "/new"):
            site.article(path)
        site.article("/plain", "Their mothers wrote to the prosecutor again. " * 20, etag=False)
        site.pages["/old"] = Page(b"", status=301, headers={"Location": "/older"})
        site.pages["/older"] = Page(b"", status=308, headers={"Location": "/new"})
        site.pages["/r.pdf"] = site.pages["/copy.pdf"] = Page(pdf(), "application/pdf")
        site.feed("/paper.xml", "/a", "/b", "/plain", "/old", "/r.pdf", dated=DAY_BEFORE)
        site.feed("/other.xml", "/copy.pdf", dated=DAY_BEFORE)
        for now in (T1, T2):
            done = crawl(home, sources_of(home), now=now, local_delay_s=0)
            assert [one.status for one in done] == [Status.OK, Status.OK], done
            site.article("/a", "Edited on the second day.")
        yield home, site


def test_one_content_is_kept_once_and_still_two_documents(crawled: tuple[Home, Site]) -> None:
    home, _ = crawled
    conn = db.connect_readonly(home)
    bodies = "select count(*) from captures where refers_to is null and media_type = 'application/pdf'"
    assert conn.execute(bodies).fetchone()[0] == 1
    assert conn.execute("select count(*) from documents where key like '%pdf%' or url like '%.pdf'").fetchone()[0] == 2
    plain = conn.execute(
        "select id, refers_to, status from captures where url like '%/plain' order by fetched_at"
    ).fetchall()
    assert [(row["refers_to"], row["status"]) for row in plain] == [(None, 200), (plain[0]["id"], 200)]
    again = conn.execute("select refers_to from captures where url like '%/r.pdf' or url like '%copy.pdf'").fetchall()
    assert sum(row["refers_to"] is not None for row in again) == 3
    assert {payload(home.archive, get(conn, row[0])) for row in again if row[0]} == {pdf()}
    assert list(capture_problems(conn, home.archive)) == []


def test_a_body_that_was_lost_is_fetched_in_full_again(
    crawled: tuple[Home, Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, site = crawled
    monkeypatch.setenv("COI_CONTACT", "tests@example.org")
    monkeypatch.setenv("COI_ALLOW_HOSTS", site.host)
    home = second_home(first, tmp_path / "lossy")
    source = sources_of(home)[0]
    crawl(home, [source], now=T1, local_delay_s=0)
    for kept in home.archive.iterdir():
        kept.write_bytes(bytes(kept.stat().st_size))
    again = crawl(home, [source], now=T2, local_delay_s=0)[0]
    assert (again.status, again.counts.unchanged) == (Status.OK, 1), again
    whole = "select count(*) from captures where fetched_at >= '2022-09-10' and status = 200 and refers_to is null"
    assert rows(home, whole) == [(2,)]
    assert site.statuses("/copy.pdf")[-2:] == [304, 200]


def test_redirects_are_captures_too(crawled: tuple[Home, Site]) -> None:
    found = rows(crawled[0], "select status from captures where url like '%/old' or url like '%/older' order by id")
    assert found == [(301,), (308,), (301,), (308,)]


def test_the_export_gives_the_same_home_again(crawled: tuple[Home, Site], tmp_path: Path) -> None:
    home, _ = crawled
    wacz = tmp_path / "all.wacz"
    said = run(home, "export", *DAYS, wacz)
    assert said.exit_code == 0, said.output
    number = rows(home, "select count(*) from captures")[0][0]
    assert f"{number} captures from {T1[:10]}" in said.output
    assert run(home, "export", *DAYS, tmp_path / "again.wacz").exit_code == 0
    assert wacz.read_bytes() == (tmp_path / "again.wacz").read_bytes()

    other = second_home(home, tmp_path / "second")
    done = crawl(other, sources_of(home), archives=[wacz])
    assert {one.status for one in done} == {Status.OK}, [one.problems for one in done]
    assert rows(other, KEPT) == rows(home, KEPT)
    assert run(other, "export", *DAYS, tmp_path / "third.wacz").exit_code == 0
    assert lines_of(tmp_path / "third.wacz") == lines_of(wacz)


def lines_of(wacz: Path) -> set[tuple]:
    """The index without places: what was captured when, and with which bytes."""
    with zipfile.ZipFile(wacz) as box:
        packed = box.read("indexes/index.cdx.gz")
    found = set()
    for line in zlib.decompress(packed, 31).decode().splitlines():
        key, at, said = line.split(" ", 2)
        facts = json.loads(said)
        found.add((key, at, facts["url"], facts["status"], facts["mime"], facts["digest"]))
    return found


def test_the_index_is_sorted_and_leads_to_the_records(crawled: tuple[Home, Site], tmp_path: Path) -> None:
    wacz = tmp_path / "all.wacz"
    run(crawled[0], "export", *DAYS, wacz)
    with zipfile.ZipFile(wacz) as box:
        lines = zlib.decompress(box.read("indexes/index.cdx.gz"), 31).splitlines()
        warc = box.read("archive/captures.warc.gz")
        pages = [json.loads(line) for line in box.read("pages/pages.jsonl").splitlines()]
        assert box.getinfo("archive/captures.warc.gz").compress_type == zipfile.ZIP_STORED
    assert lines == sorted(lines)
    for line in lines:
        facts = json.loads(line.split(b" ", 2)[2])
        begin, length = int(facts["offset"]), int(facts["length"])
        record = zlib.decompress(warc[begin : begin + length], 31)
        assert f"WARC-Target-URI: {facts['url']}\r\n".encode() in record
    assert pages[0]["format"] == "json-pages-1.0"
    assert len(pages) - 1 == rows(crawled[0], "select count(*) from versions")[0][0]


def test_the_validator_of_the_ecosystem_accepts_it(crawled: tuple[Home, Site], tmp_path: Path) -> None:
    validator = PROJECT / ".venv" / "wacz" / "bin" / "wacz"
    if not validator.exists():
        pytest.skip("the WACZ validator is not installed: run 'sh .ci/wacz'")
    for name, days in (("all", DAYS), ("second", SECOND)):
        wacz = tmp_path / f"{name}.wacz"
        run(crawled[0], "export", *days, wacz)
        checked = subprocess.run([validator, "validate", "-f", wacz], capture_output=True, text=True)
        assert "Validation succeeded" in checked.stdout, checked.stdout + checked.stderr
        with zipfile.ZipFile(wacz) as box:
            for member in [one for one in box.namelist() if one.endswith(".warc.gz")]:
                (tmp_path / "one.warc.gz").write_bytes(box.read(member))
                command = [sys.executable, "-m", "warcio.cli", "check", str(tmp_path / "one.warc.gz")]
                warcio = subprocess.run(command, capture_output=True, text=True)
                assert warcio.returncode == 0, warcio.stdout
    script = "import sys, surt\nfor url in sys.argv[1:]: print(surt.surt(url))"
    command = [str(validator.with_name("python")), "-c", script, *URLS]
    theirs = subprocess.run(command, capture_output=True, text=True, check=True)
    assert [surt(url) for url in URLS] == theirs.stdout.split()


URLS = ("http://www.Example.com/A/b?b=2&a=1", "https://example.org:8443/x/", "http://x.nl", "https://www2.x.nl/a/?",
        "http://127.0.0.1:8000/a", "https://example.org:443/", "https://www.gov.uk/api/content/x")  # fmt: skip


def test_bodies_from_outside_the_range_come_along_and_make_no_moment(
    crawled: tuple[Home, Site], tmp_path: Path
) -> None:
    home, _ = crawled
    wacz = tmp_path / "second.wacz"
    said = run(home, "export", *SECOND, wacz)
    assert "earlier ones that they rest on" in said.output
    with zipfile.ZipFile(wacz) as box:
        assert "archive/originals.warc.gz" in box.namelist()
    other = second_home(home, tmp_path / "other")
    done = crawl(other, sources_of(home), archives=[wacz])
    assert [(one.status, one.slot[:17]) for one in done] == [(Status.OK, f"replay:{T2[:10]}")] * 2, done
    assert rows(other, "select count(*), min(seen_at) >= '2022-09-10' from versions") == [(6, 1)]


def test_a_source_takes_only_its_own(crawled: tuple[Home, Site], tmp_path: Path) -> None:
    home, site = crawled
    wacz = tmp_path / "other.wacz"
    assert run(home, "export", *DAYS, "--source", "other", wacz).exit_code == 0
    wanted = {f"{site.url}/{path}" for path in ("other.xml", "copy.pdf", "robots.txt")}
    assert {facts[2] for facts in lines_of(wacz)} == wanted


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "2021-01-01", "--to", "2021-01-02"), "no captures from 2021-01-01 to 2021-01-02; there are"),
        (("--from", "2022-09-10", "--to", "2022-09-09"), "is after"),
        (("--from", "yesterday", "--to", "2022-09-09"), "'yesterday' is not a day"),
    ],
)
def test_what_cannot_be_exported_is_said(
    crawled: tuple[Home, Site], tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    said = run(crawled[0], "export", *arguments, tmp_path / "no.wacz")
    assert said.exit_code in (1, 2)
    assert words in said.output
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_exists_is_not_replaced_unasked(crawled: tuple[Home, Site], tmp_path: Path) -> None:
    wacz = tmp_path / "mine.wacz"
    wacz.write_text("precious")
    assert "exists already" in run(crawled[0], "export", *DAYS, wacz).output
    assert wacz.read_text() == "precious"
    assert run(crawled[0], "export", *DAYS, "--force", wacz).exit_code == 0
    assert zipfile.is_zipfile(wacz)


def test_lost_bytes_stop_an_export_and_leave_nothing_behind(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    theirs, out = tmp_path / "theirs.warc.gz", tmp_path / "out"
    out.mkdir()
    with WarcFile(theirs, {"software": "test"}) as file:
        file.response(Exchange(url="http://pub.example/1", fetched_at=T1, status=200, headers=(), body=b"one"))
    assert run(home, "import", theirs).exit_code == 0
    for kept in home.archive.iterdir():
        kept.write_bytes(kept.read_bytes()[:-20])
    said = run(home, "export", *DAYS, out / "x.wacz")
    assert said.exit_code == 1
    assert "capture 1 of http://pub.example/1" in said.output
    assert list(out.iterdir()) == []


def test_import_says_what_it_took_and_what_not(tmp_path: Path, shared: Path) -> None:
    home = Home(tmp_path / "home")
    warcio, wacz = shared / "data/real/webrecorder__warcio", shared / "data/real/webrecorder__py-wacz"
    good, digest, bad = wacz / "valid_example_2.wacz", warcio / "example-trunc.warc", warcio / "bad.arc"
    said = run(home, "import", good, digest, bad, tmp_path / "absent.wacz")
    assert said.exit_code == 1
    assert "valid_example_2.wacz: 1 captures taken, 0 held already, 0 refused" in said.output
    assert "http://example.com/: its bytes do not fit its digest" in said.output
    assert "absent.wacz: no such archive" in said.output
    assert "3 of 4 files gave nothing" in said.output
    again = run(home, "import", good)
    assert again.exit_code == 0
    assert "0 captures taken, 1 held already" in again.output
    conn = db.connect_readonly(home)
    assert list(capture_problems(conn, home.archive)) == []
    conn.close()
