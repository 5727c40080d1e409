"""A hostile or broken worker, Redis or shared store: nothing forged is kept, and nobody else's runs wait for it."""

import gzip
import json
import os
import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from crawler import steps
from crawler.cluster import scheduled
from crawler.cluster.jobs import Job
from crawler.cluster.settings import Cluster, ClusterError
from crawler.source import Source
from store import captures, db
from store.declared import DeclarationError
from store.home import Home
from store.model import Capture
from tests.cluster import World, redis_server
from tests.local_crawl import declare, rows
from tests.local_site import Site
from tests.test_cluster import DATED, alter, first, unsound

pytestmark = pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")
PAST, FUTURE = "1999-01-01T00:00:00Z", "2099-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def world(home: Home, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("crawler.source.SHIPPED", home.path / "none")
    return World(home, Cluster(f"{redis_url}/0", f"file://{tmp_path}/shared", 5))


def two(site: Site, home: Home) -> tuple[Source, Source]:
    """The source of a hostile worker, and one of an honest worker."""
    for name in ("a", "b", "c"):
        site.article(f"/{name}", f"Words of {name} that no other page has.", head=DATED)
    site.feed("/feed", "/a", "/b")
    return (
        declare(home, "bad", "feed", [f"{site.url}/feed"]),
        declare(home, "good", "watch", [f"{site.url}/c"]),
    )


def key(said: list) -> str:
    return first(said, "keep")[1]["key"]


def now(said: list) -> str:
    return first(said, "capture")[1]["fetched_at"]


def resize(path: Path) -> None:
    """A list whose file is larger in the store than it says."""
    listed = json.loads(path.read_text())
    listed["files"][-1]["size"] = 1
    path.write_text(json.dumps(listed))


def relisted(path: Path, packed: bytes) -> None:
    """Another journal in the place of the one that was shipped."""
    listed = json.loads(path.read_text())
    file = next(file for file in listed["files"] if file["kind"] == "journal")
    file |= {"sha256": sha256(packed).hexdigest(), "size": len(packed)}
    (path.parent / file["sha256"]).write_bytes(packed)
    path.write_text(json.dumps(listed))


def said(change: Callable[[list], object]) -> Callable[[Path], None]:
    return lambda path: alter(path, change)


def emptied(lines: list) -> None:
    end = lines[-1]
    end[1]["counts"] = dict.fromkeys(end[1]["counts"], 0) | {"unchanged": 7, "requests": 7}
    lines[1:] = [end]


HOSTILE = {
    # an instant that is not where the check looks for one
    "seen long ago": said(lambda s: s.insert(-1, ["seen", key(s), PAST, now(s)])),
    "seen in years to come": said(lambda s: s.insert(-1, ["seen", key(s), FUTURE, now(s)])),
    "asked in years to come": said(lambda s: s.insert(-1, ["asked", key(s), FUTURE, now(s)])),
    "gone long ago": said(lambda s: s.insert(-1, ["mark", key(s), "gone", PAST, now(s)])),
    "absent long ago": said(lambda s: s.insert(-1, ["absent", key(s), "404", PAST, now(s)])),
    "a keep too long": said(lambda s: first(s, "keep").append("x")),
    # values that no column takes
    "a number beyond SQLite": said(lambda s: s[-1][1]["counts"].update(new=2**70)),
    "fewer than none": said(lambda s: s[-1][1]["counts"].update(failed=-5)),
    "a message that is an object": said(lambda s: s[-1][1].update(message={"a": 1})),
    "a problem that is a list": said(lambda s: s[-1][1]["problems"].append([["x"], "y", "z", now(s)])),
    "an absence that is an object": said(lambda s: s.insert(-1, ["absent", key(s), {"a": 1}, now(s)])),
    "half a character": said(lambda s: first(s, "keep")[1].update(title="a\ud800")),
    "a key with half a character": said(lambda s: s.insert(-1, ["seen", "\ud800", now(s)])),
    "an offset before the file": said(lambda s: first(s, "capture")[1].update(warc_offset=-1)),
    "an offset beyond SQLite": said(lambda s: first(s, "capture")[1].update(warc_offset=2**70)),
    "a status beyond SQLite": said(lambda s: first(s, "capture")[1].update(status=2**70)),
    "a state that is a list": said(lambda s: first(s, "keep").__setitem__(3, ["live"])),
    "a mark that is a list": said(lambda s: s.insert(-1, ["mark", key(s), ["gone"], now(s)])),
    "a status that is a list": said(lambda s: s[-1][1].update(status=["ok"])),
    "an end that is a list": said(lambda s: s[-1].__setitem__(1, ["ok"])),
    # days and addresses that cannot be
    "a day that never was": said(lambda s: first(s, "keep")[1].update(published_on="2026-02-31")),
    "changed on no day": said(lambda s: first(s, "keep")[1].update(modified_on="2026-02-31")),
    "a period of no days": said(lambda s: first(s, "keep")[1].update(period_from="x", period_to="y")),
    "a document that is a script": said(lambda s: first(s, "keep")[1].update(url="javascript:alert(1)")),
    "a passage that ends before it begins": said(lambda s: first(s, "keep")[1]["passages"][0].update(start=5, end=-1)),
    # a run that is said to be well
    "ok, and asked nothing": said(emptied),
    "a time that runs backwards": said(lambda s: s[-1][1].update(started_at=FUTURE)),
    # files
    "a file that is larger than it says": resize,
    "a journal that is not packed": lambda path: relisted(path, b"[]"),
    "a journal of one deep line": lambda path: relisted(
        path, gzip.compress(b'["journal",1]\n' + b"[" * 200_000 + b"\n")
    ),
    "a journal that is a number": lambda path: relisted(path, gzip.compress(b'["journal",1]\n5\n')),
    "a journal of empty lists": lambda path: relisted(path, gzip.compress(b'["journal",1]\n[]\n["end",{}]\n')),
}


def test_nothing_of_a_hostile_worker_is_kept_and_an_honest_one_does_not_wait(
    site: Site, world: World, redis_url: str, tmp_path: Path
) -> None:
    bad, good = two(site, world.home)
    world.hand_out(bad, good)
    world.work()
    (name,) = [path.name for path in world.inbox.glob("*.json") if json.loads(path.read_text())["source_id"] == "bad"]
    failed = []
    for number, (what, change) in enumerate(HOSTILE.items()):
        folder = tmp_path / f"hostile{number}"
        there = World(Home(folder / "home"), Cluster(f"{redis_url}/2", f"file://{folder}/shared"))
        shutil.copytree(world.home.path, there.home.path)
        shutil.copytree(world.inbox, there.inbox)
        change(there.inbox / name)
        os.utime(there.inbox / name, (1, 1))  # it is the first in the queue
        try:
            taken = {one.source_id: one.outcome for one in there.ingest()}
        except Exception as error:
            failed.append((what, f"nothing was taken in: {error!r}"[:200]))
            continue
        if taken != {"bad": "refused", "good": "ingested"}:
            failed.append((what, taken))
        elif rows(there.home, "select source_id from documents") != [("good",)] or unsound(there.home):
            failed.append((what, "left something"))
    assert not failed, "\n".join(map(str, failed))


GOOD = {"job": "0" * 32, "source_id": "a-1", "slot": "due:x", "memory": "0" * 64, "limit_s": 60,
        "lease_until": FUTURE}  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        {"job": ""}, {"job": "."}, {"job": "../" * 10 + "etc"}, {"job": "/etc"}, {"job": 5}, {"source_id": "../x"},
        {"source_id": ""}, {"memory": "../inbox/x"}, {"limit_s": 10**9}, {"limit_s": "1"}, {"lease_until": "z"},
        {"job": "0" * 32 + "\n"}, {"slot": "\x00"}, {"slot": "due:x\n"}, {"slot": "--journal"}, {"slot": "due:\x1b[2J"},
    ],
)  # fmt: skip
def test_a_message_that_no_writer_sends_never_becomes_a_folder(more: dict[str, object]) -> None:
    Job(**GOOD)
    with pytest.raises(ValueError):
        Job(**(GOOD | more))


@pytest.mark.parametrize("name", ["COI_REDIS", "COI_TOKEN_NIGHTLY", "COI_PERSON_ANNA", "COI_CONTACT"])
def test_no_declaration_tells_a_publisher_what_opens_our_own_doors(name: str, tmp_path: Path) -> None:
    """Who can write to Redis and the shared store hands a worker any declaration; what it needs is sent to its host."""
    home = Home(tmp_path)
    (home.declared / "sources").mkdir(parents=True)
    needs = f'[needs]\nsetting = "{name}"\nhow = "ask the publisher for a key"'
    with pytest.raises(DeclarationError, match=f"{name} is a setting of the tracker itself"):
        declare(home, "bad", "feed", ["https://evil.example/feed"], needs)


def test_what_a_worker_shipped_for_one_source_never_answers_for_another(home: Home) -> None:
    """Else a forged body under a true ETag would become the text of a source that its worker was not given."""
    conn = db.connect(home)
    made = Capture(
        url="https://paper.example/a", fetched_at="2026-01-01T00:00:00Z", status=200, media_type="text/html",
        etag='"true"', last_modified=None, sha256="0" * 64, bytes=1, warc_offset=0, warc_length=1,
        warc_file="20260101T000000Z-the-bad-00001.warc.gz",
    )  # fmt: skip
    with db.writing(conn):
        captures.record(conn, made, recorded_at=made.fetched_at)
    assert captures.latest(conn, made.url, by="the-bad") and captures.latest(conn, made.url)
    assert captures.latest(conn, made.url, by="good") is None and captures.latest(conn, made.url, by="bad") is None
    conn.close()


def test_a_run_that_never_comes_back_has_failed_though_the_shared_store_is_away(site: Site, world: World) -> None:
    _, good = two(site, world.home)
    world.hand_out(good, hours_ago=30)
    shared = Path(world.cluster.shared.removeprefix("file://"))
    shutil.rmtree(shared)
    shared.write_text("")  # no folder any more
    assert steps.declared(world.home)
    scheduled.take_in(world.handing)
    assert rows(world.home, "select status from runs") == [("failed",)]
    assert rows(world.home, "select state from handed_out") == [("lost",)]


def test_a_full_shared_store_does_not_keep_out_what_lies_in_it(site: Site, world: World) -> None:
    _, good = two(site, world.home)
    world.hand_out(good)
    world.work()
    (world.inbox.parent / "archive").write_text("")  # nothing can be written there
    assert [one.outcome for one in world.ingest()] == ["ingested"]
    assert rows(world.home, "select count(*) from shared_files") == [(0,)] and unsound(world.home) == []


def test_a_link_in_a_shared_folder_leads_nowhere(site: Site, world: World, tmp_path: Path) -> None:
    """Else the writer would sweep, copy and overwrite what it leads to: its own home, or its backups."""
    theirs = tmp_path / "backups"
    theirs.mkdir()
    (theirs / "manifest.json").write_text("{}")
    (theirs / "old.warc.gz").write_text("x")
    for file in theirs.iterdir():
        os.utime(file, (1, 1))
    world.inbox.mkdir(parents=True)
    (world.inbox / "sub").symlink_to(theirs)
    (world.inbox / f"{'0' * 32}.json").symlink_to(theirs / "manifest.json")
    (world.inbox / "a.warc.gz").write_text("nobody's, and not named as shipped")
    os.utime(world.inbox / "a.warc.gz", (1, 1))
    os.mkfifo(world.inbox / f"{'1' * 32}.json")
    assert world.ingest() == []
    _, good = two(site, world.home)
    world.hand_out(good)
    world.work()
    assert [one.outcome for one in world.ingest()] == ["ingested"]
    shutil.rmtree(world.inbox)
    world.inbox.symlink_to(theirs)
    with pytest.raises(ClusterError, match="is a link"):
        world.ingest()
    assert {path.name: path.read_text() for path in theirs.iterdir()} == {"manifest.json": "{}", "old.warc.gz": "x"}
    assert (theirs / "manifest.json").stat().st_nlink == 1


def test_a_run_handed_out_by_a_clock_that_was_ahead_does_not_keep_its_source_for_years(
    site: Site, world: World
) -> None:
    _, good = two(site, world.home)
    world.hand_out(good, hours_ago=-24 * 365)
    scheduled.take_in(world.handing)
    assert rows(world.home, "select state from handed_out") == [("lost",)]
    assert rows(world.home, "select status, started_at <= ended_at from runs") == [("failed", 1)]
    assert world.hand_out(good) == [True]
