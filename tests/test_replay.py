"""Crawls from an archive: every shape, moments in time order, and the same rows however often it is killed."""

import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from crawler.health import RunResult, Status
from crawler.job import Moment
from crawler.moments import moments_of
from crawler.read.sru import at_record
from crawler.run import crawl
from crawler.source import Source, load_sources
from crawler.spiders import KINDS
from crawler.spiders.sru import search_url
from crawler.warc import Exchange, Place, WarcFile
from store import db
from store.home import Home
from tests.local_crawl import rows

HEAD = """title = "{id}"\npublisher = "Test"\nowner = "test"\ntype = "media"\ngrade = "C"\ngrade_reason = "for a test"
language = "en"\nterms = "own"\nevery = "6 hours"\nstart = [{starts}]\nshape = "{shape}"\n"""
PAPER, GOV, SRU = "http://paper.example", "https://www.gov.uk/api/content/government", "https://search.example/sru"
ONE, TWO, THREE = "2022-03-09T10:00:00Z", "2022-03-10T10:00:00Z", "2022-03-11T10:00:00Z"
FOUR = "2022-03-12T10:00:00Z"
TEXT = "Conscripts of the spring call-up told their mothers by telephone that they had been taken across the border."


def source(folder: Path, name: str, shape: str, starts: list[str], tables: str) -> Source:
    folder.mkdir(parents=True, exist_ok=True)
    listed = ", ".join(f'"{url}"' for url in starts)
    (folder / f"{name}.toml").write_text(HEAD.format(id=name, starts=listed, shape=shape) + tables)
    return load_sources([folder])[name]


def page(title: str, words: str, links: str = "") -> str:
    text = "".join(f"<p>{TEXT} This is paragraph {n} of {title}. {words}</p>" for n in range(4))
    head = f"<html lang=en><head><title>{title}</title></head>"
    return f"{head}<body><article><h1>{title}</h1>{text}{links}</article></body></html>"


def feed(*entries: str, summary: str = "") -> str:
    items = "".join(
        f"<item><title>{e}</title><link>{PAPER}/{e}</link><guid isPermaLink='false'>{e}</guid>"
        f"<description>{summary}</description><pubDate>Wed, 09 Mar 2022 09:00:00 GMT</pubDate></item>"
        for e in entries
    )
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>t</title>{items}</channel></rss>"


def pdf(*pages: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for text in pages:
        for number, line in enumerate([text, TEXT[:80], TEXT[80:]]):
            canvas.drawString(60, 760 - 16 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def gov(path: str, **more) -> str:
    base = {"base_path": f"/government/{path}", "content_id": f"id-{path}", "document_type": "guidance", "locale": "en",
            "schema_name": "publication", "title": path, "first_published_at": "2022-01-05T09:00:00Z"}  # fmt: skip
    return json.dumps(base | more)


def sru(*keys: str, following: str = "") -> str:
    records = "".join(
        f"<record><recordData><gzd><originalData><meta><owmskern><identifier>{key}</identifier><title>{key}</title>"
        f"</owmskern><owmsmantel><available>2022-03-01</available></owmsmantel></meta></originalData><enrichedData>"
        f"<preferredUrl>https://zoek.example/{key}.html</preferredUrl>"
        f"<itemUrl manifestation='html'>https://files.example/{key}/html/{key}.html</itemUrl></enrichedData></gzd>"
        f"</recordData></record>"
        for key in keys
    )
    more = f"<nextRecordPosition>{following}</nextRecordPosition>" if following else ""
    return f"<searchRetrieveResponse xmlns='http://docs.oasis-open.org/ns/search-ws/sruResponse'><records>{records}</records>{more}</searchRetrieveResponse>"


class World:
    """An archive in the making: what was captured, where, when."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder, self.path = folder, folder / "world.warc.gz"
        self.out = WarcFile(self.path, {"software": "test"})
        self.declared = folder / "sources"

    def put(
        self, url: str, at: str, body: str | bytes, kind: str = "text/html; charset=utf-8", status: int = 200
    ) -> Place:
        return self.out.response(
            Exchange(url=url, fetched_at=at, status=status, headers=(("Content-Type", kind),),
                     body=body.encode() if isinstance(body, str) else body)
        )  # fmt: skip

    def home(self, name: str) -> Home:
        made = Home(self.folder / name)
        made.create()
        (made.declared / "sources").symlink_to(self.declared)
        return made


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Four publishers captured on up to three days."""
    made = World(tmp_path_factory.mktemp("w") / "world")
    xml = "application/rss+xml; charset=utf-8"
    source(made.declared, "paper", "feed", [f"{PAPER}/feed"], '[feed]\nattachments = "a.pdf"\n[expect]\nmin_rows = 2')
    source(made.declared, "wire", "feed", [f"{PAPER}/wire"], "[feed]\narticle = false\n[expect]\nmin_rows = 1")
    source(made.declared, "gov", "govuk", [f"{GOV}/collections/c"], '[govuk]\nonly = "land"\n[expect]\nmin_rows = 1')
    source(made.declared, "gazette", "sru", [SRU], '[sru]\nquery = "x>={since} sortBy y"\n[expect]\nmin_rows = 1')
    for at, entries in ((ONE, "ab"), (TWO, "ab"), (THREE, "ab"), (FOUR, "ab")):
        made.put(f"{PAPER}/feed", at, feed(*entries), xml)
    made.put(f"{PAPER}/a", "2022-03-09T10:05:00Z", page("a", "First.", "<a class=pdf href=/r.pdf>report</a>"))
    made.put(f"{PAPER}/r.pdf", "2022-03-09T10:06:00Z", pdf("Page one of it.", "Page two of it."), "application/pdf")
    made.put(f"{PAPER}/b", "2022-03-09T10:07:00Z", page("b", "Other."))
    made.put(f"{PAPER}/a", "2022-03-10T10:05:00Z", page("a", "Edited.", "<a class=pdf href=/r.pdf>report</a>"))
    made.put(f"{PAPER}/b", "2022-03-11T10:05:00Z", "gone", status=410)
    made.put(f"{PAPER}/b", "2022-03-12T10:05:00Z", "gone", status=410)
    made.put(f"{PAPER}/wire", ONE, feed("w", summary=TEXT), xml)
    json_type = "application/json"
    listed = {"api_path": "/api/content/government/publications/land", "base_path": "/government/publications/land"}
    other = {"api_path": "/api/content/government/publications/guide", "base_path": "/government/publications/guide"}
    made.put(f"{GOV}/collections/c", ONE, gov("c", links={"documents": [listed, other]}), json_type)
    files = [{"attachment_type": "html", "title": "Note", "url": "/government/publications/land/note"},
             {"attachment_type": "file", "title": "Note", "url": "https://assets.example/note.pdf"}]  # fmt: skip
    made.put(f"{GOV}/publications/land", ONE, gov("land", details={"attachments": files}), json_type)
    made.put(f"{GOV}/publications/land/note", ONE, gov("note", details={"body": f"<p>{TEXT}</p>"}), json_type)
    made.put("https://assets.example/note.pdf", ONE, pdf("The note."), "application/pdf")
    rules = load_sources([made.declared])["gazette"].sru
    assert rules is not None
    first = search_url(SRU, rules, since="2022-02-02")
    made.put(first, ONE, sru("kst-1-1", following="2"), "application/xml")
    made.put(at_record(first, "2"), ONE, sru("kst-1-2"), "application/xml")
    for key in ("kst-1-1", "kst-1-2"):
        made.put(f"https://files.example/{key}/html/{key}.html", ONE, page(key, "Paper."))
    made.out.close()
    return made


FINAL = """select 'run', source_id, slot, status, requests || ' ' || rows || ' ' || new || ' ' || changed || ' ' ||
             unchanged || ' ' || gone || ' ' || failed, message from runs
           union all select 'capture', url, fetched_at, sha256, warc_file, warc_offset from captures
           union all select 'document', source_id, key, title, url, state || last_seen_at from documents
           union all select 'version', document_id, seen_at, text_sha256, cause, published_on from versions
           union all select 'passage', document_id, text_sha256, text, language, id from passages
           union all select 'problem', run_id, url, problem, remedy, '' from run_problems order by 1, 2, 3, 4, 5, 6"""


def final_rows(home: Home) -> list[tuple[str, ...]]:
    conn = db.connect_readonly(home)
    try:
        return [tuple(map(str, row)) for row in conn.execute(FINAL)]
    finally:
        conn.close()


@pytest.fixture(scope="module")
def undisturbed(world: World) -> tuple[Home, list[RunResult]]:
    home = world.home("undisturbed")
    return home, crawl(home, list(load_sources([world.declared]).values())[-4:], archives=[world.path])


def test_every_moment_is_a_run_of_its_own(undisturbed: tuple[Home, list[RunResult]]) -> None:
    seen = [
        (r.source_id, r.slot.removeprefix("replay:"), r.status, r.counts.new, r.counts.changed, r.counts.gone)
        for r in undisturbed[1]
        if r.source_id == "paper"
    ]
    assert seen == [
        ("paper", ONE, Status.OK, 3, 0, 0),
        ("paper", TWO, Status.OK, 0, 1, 0),
        ("paper", THREE, Status.OK, 0, 0, 0),  # absent once: a server has bad hours
        ("paper", FOUR, Status.OK, 0, 0, 1),
    ], undisturbed[1]


def test_every_shape_keeps_its_documents(undisturbed: tuple[Home, list[RunResult]]) -> None:
    home, results = undisturbed
    assert [(r.source_id, r.status) for r in results if r.status is not Status.OK] == [], results
    assert sorted(rows(home, "select source_id, key, url, state, published_on from documents")) == [
        ("gazette", "kst-1-1", "https://zoek.example/kst-1-1.html", "live", "2022-03-01"),
        ("gazette", "kst-1-2", "https://zoek.example/kst-1-2.html", "live", "2022-03-01"),
        ("gov", "https://assets.example/note.pdf", "https://assets.example/note.pdf", "live", "2000-01-01"),
        ("gov", "id-note", "https://www.gov.uk/government/publications/land/note", "live", "2022-01-05"),
        ("paper", "a", f"{PAPER}/a", "live", "2022-03-09"),
        ("paper", "b", f"{PAPER}/b", "gone", "2022-03-09"),
        ("paper", f"{PAPER}/r.pdf", f"{PAPER}/r.pdf", "live", "2000-01-01"),
        ("wire", "w", f"{PAPER}/w", "live", "2022-03-09"),
    ]  # fmt: skip
    pages = "select distinct page from version_passages join passages p on p.id = passage_id where p.text like 'Page%'"
    assert sorted(rows(home, pages)) == [(1,), (2,)]
    assert rows(
        home, "select seen_at, cause from versions v join documents d on d.id = document_id where key = 'a'"
    ) == [
        ("2022-03-09T10:05:00Z", "first"),
        ("2022-03-10T10:05:00Z", "edited"),
    ]


@pytest.mark.parametrize("seed", range(2))
def test_killed_and_run_again_it_ends_with_the_same_rows(
    world: World, undisturbed: tuple[Home, list[RunResult]], seed: int
) -> None:
    home = world.home(f"killed-{seed}")
    names = [part for name in ("gazette", "gov", "paper", "wire") for part in ("--source", name)]
    command = [
        sys.executable,
        "-m",
        "crawler",
        "--home",
        str(home.path),
        "--from",
        str(world.path),
        "--json",
        *names,
    ]
    wanted = random.Random(seed).randrange(1, 6)  # killed when so many runs have ended
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as child:
        assert child.stdout is not None
        ended = 0
        while ended < wanted:
            line = child.stdout.readline()
            assert line, "the crawl ended before it could be killed"
            ended += json.loads(line)["event"] in ("result", "began")
        child.kill()
    crawl(
        home,
        [load_sources([world.declared])[name] for name in ("gazette", "gov", "paper", "wire")],
        archives=[world.path],
    )
    assert final_rows(home) == final_rows(undisturbed[0])


def test_moments_group_start_pages_and_reach_to_the_next(world: World) -> None:
    watched = source(world.folder / "other", "watched", "watch", ["http://w.example/1", "http://w.example/2"],
                     "[expect]\nmin_rows = 1")  # fmt: skip
    captured = [
        ("http://w.example/2", "2022-01-01T10:00:05Z"),
        ("http://w.example/1", "2022-01-01T10:00:00Z"),
        ("http://w.example/elsewhere", "2022-01-03T00:00:00Z"),
        ("http://W.example/1#top", "2022-01-02T10:00:00Z"),
    ]
    assert moments_of(KINDS[watched.shape], watched, captured) == [
        Moment(
            at="2022-01-01T10:00:00Z", starts=("http://w.example/1", "http://w.example/2"), until="2022-01-02T09:59:59Z"
        ),
        Moment(at="2022-01-02T10:00:00Z", starts=("http://W.example/1#top",), until="2022-01-03T00:00:00Z"),
    ]
    assert moments_of(KINDS[watched.shape], watched, []) == []
