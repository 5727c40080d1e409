"""Crawling on several machines: the same rows as on one, whatever is repeated, killed, lost or forged."""

import gzip
import json
import shutil
import signal
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import coi
from crawler import steps
from crawler.alone import Busy
from crawler.cluster.handing import job_of
from crawler.cluster.settings import Cluster, ClusterError
from crawler.cluster.shared import Shared
from crawler.cluster.worker import Worker
from crawler.health import Status
from crawler.run import CrawlDied
from crawler.source import Source
from store import db, handed, original
from store.captures_check import capture_problems
from store.clock import utc_now
from store.home import Home
from store.verify import database_problems
from tests.cluster import LOST_AFTER_S, World, end, redis_server, until
from tests.conftest import new_home
from tests.local_crawl import declare, go, rows
from tests.local_site import Site

pytestmark = pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")
DATED = '<meta property="article:published_time" content="2026-01-05T08:00:00+00:00">'
SAME = {  # what two stores must agree on: all but row numbers, instants and places in files
    "documents": "select source_id, key, url, title, language, published_on, state from documents order by 1, 2",
    "versions": """select d.key, v.text_sha256, v.extractor, v.cause, v.title, v.text, v.published_on, v.links, c.url,
      c.sha256, c.refers_to is null from versions v join documents d on d.id = v.document_id
      join captures c on c.id = v.capture_id order by d.source_id, d.key, v.seen_at""",
    "passages": """select d.key, p.text_sha256, p.text, p.language, p.lemmas, vp.start, vp.end, vp.heading
      from version_passages vp join passages p on p.id = vp.passage_id join documents d on d.id = p.document_id
      join versions v on v.id = vp.version_id order by d.source_id, d.key, v.seen_at, vp.position""",
    "captures": """select c.url, c.status, c.media_type, c.etag, c.sha256, c.bytes, o.url from captures c
      left join captures o on o.id = c.refers_to order by c.url, c.fetched_at, c.id""",
    "runs": """select source_id, status, origin, requests, rows, new, changed, unchanged, gone, failed, message
      from runs order by source_id, moment""",
    "problems": """select r.source_id, p.url, p.problem, p.remedy from run_problems p join runs r on r.id = p.run_id
      order by 1, r.moment, 2, 3""",
    "addresses": "select source_id, address from document_addresses order by 1, 2",
    "absences": "select d.key, a.said from absences a join documents d on d.id = a.document_id order by 1, 2",
    "events": "select source_id, kind, before, after, message from source_events order by source_id, id",
}


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def world(home: Home, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("crawler.source.SHIPPED", home.path / "none")
    return World(home, Cluster(f"{redis_url}/0", f"file://{tmp_path}/shared", LOST_AFTER_S))


def told(home: Home) -> dict[str, list[tuple]]:
    return {name: rows(home, sql) for name, sql in SAME.items()}


def unsound(home: Home) -> list[str]:
    conn = db.connect(home)
    try:
        return [*database_problems(conn), *capture_problems(conn, home.archive)]
    finally:
        conn.close()


def three(site: Site, home: Home) -> list[Source]:
    """A feed, watched pages, and a feed whose second document is not there."""
    for name in ("a", "b", "c", "d", "e"):
        site.article(f"/{name}", f"Words of {name} that no other page has.", head=DATED)
    site.feed("/feed", "/a", "/b")
    site.feed("/broken", "/e", "/nowhere")
    return [
        declare(home, "feed", "feed", [f"{site.url}/feed"]),
        declare(home, "watched", "watch", [f"{site.url}/c", f"{site.url}/d"]),
        declare(home, "broken", "feed", [f"{site.url}/broken"]),
    ]


def test_workers_bring_what_a_crawl_on_this_machine_brings(site: Site, world: World, tmp_path: Path) -> None:
    sources = three(site, world.home)
    local = new_home(tmp_path / "local")
    for source in sources:
        declare(local, source.id, source.shape.value, list(source.start))
    for turn, hours_ago in enumerate((12, 6, 0)):  # three turns of six hours, whatever the hour
        for source in sources:
            go(local, source, utc_now(), slot=f"due:{turn}")
        site.asked.clear()
        assert world.hand_out(*sources, hours_ago=hours_ago) == [True] * 3
        world.work()
        assert [one.outcome for one in world.ingest()] == ["ingested"] * 3
        assert told(world.home) == told(local)
        if turn == 0:
            site.article("/c", "Words of c that its editors have changed since.", head=DATED)
            site.article("/f", "A page that came later.")
            site.feed("/feed", "/a", "/b", "/f")
        elif turn == 1:  # unchanged: known by its validators, the bytes brought from the shared store
            assert site.statuses("/d") == [304] and site.statuses("/c") == [200]
            del site.pages["/d"]
    assert unsound(world.home) == []
    assert not list(world.inbox.iterdir()), "what was taken in is gone from the inbox"


@pytest.fixture
def shipped(site: Site, world: World, tmp_path: Path) -> Path:
    """Three shipments in the inbox; a copy of it, and of the writer as it had handed out, beside."""
    world.hand_out(*three(site, world.home))
    conn = db.connect(world.home)
    conn.execute("vacuum into ?", [str(tmp_path / "coi.db")])
    conn.close()
    world.work()
    copy = tmp_path / "inbox"
    shutil.copytree(world.inbox, copy)
    return copy


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.integers(0, 2), min_size=3, max_size=6))
def test_shipments_in_any_order_and_number_give_the_same_rows(
    shipped: Path, world: World, tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    lists = sorted(shipped.glob("*.json"))
    folder = tmp_path_factory.mktemp("again")
    again = World(Home(folder / "home"), Cluster(world.cluster.redis[:-1] + "1", f"file://{folder}/shared"))
    again.home.create()
    shutil.copytree(world.home.declared, again.home.declared, dirs_exist_ok=True)
    shutil.copy(shipped.parent / "coi.db", again.home.database)
    shutil.copy(world.home.path / original.NAME, again.home.path)
    for number in [*order, 0, 1, 2]:
        again.inbox.mkdir(parents=True, exist_ok=True)
        for file in json.loads(lists[number].read_text())["files"]:
            shutil.copy(shipped / file["sha256"], again.inbox)
            if number == order[0] and file["kind"] == "warc":  # as after kill -9 between the bytes and the rows
                shutil.copy(shipped / file["sha256"], again.home.archive / file["name"])
        shutil.copy(lists[number], again.inbox)
        (outcome,) = [one.outcome for one in again.ingest()]
        assert outcome in ("ingested", "again")
    if not rows(world.home, "select 1 from documents"):
        world.ingest()
    assert told(again.home) == told(world.home)
    assert unsound(again.home) == []


def alter(path: Path, change) -> None:
    """Change the journal of a shipment and name it anew, as a forger would who knows the format."""
    listed = json.loads(path.read_text())
    file = next(file for file in listed["files"] if file["kind"] == "journal")
    lines = gzip.decompress((path.parent / file["sha256"]).read_bytes()).decode().splitlines()
    said = [json.loads(line) for line in lines]
    change(said)
    packed = gzip.compress("".join(f"{json.dumps(line)}\n" for line in said).encode())
    file |= {"sha256": sha256(packed).hexdigest(), "size": len(packed)}
    (path.parent / file["sha256"]).write_bytes(packed)
    path.write_text(json.dumps(listed))


def first(said: list, what: str) -> list:
    return next(line for line in said if line[0] == what)


def relist(path: Path, **more) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | more))


def rename(path: Path, name: str) -> None:
    listed = json.loads(path.read_text())
    listed["files"][-1]["name"] = name
    path.write_text(json.dumps(listed))


def resize(path: Path, size: int) -> None:
    listed = json.loads(path.read_text())
    listed["files"][-1]["size"] = size
    path.write_text(json.dumps(listed))


def spoil(path: Path) -> None:
    file = path.parent / json.loads(path.read_text())["files"][-1]["sha256"]
    file.write_bytes(file.read_bytes()[:-1] + b"x")


FORGED = {
    "another byte": (spoil, "do not fit the hash"),
    "a name that leads out": (lambda p: rename(p, "../../coi.db"), "is no name of an archive file"),
    "a file of another source": (lambda p: rename(p, "20260101T000000Z-other-00001.warc.gz"), "is no name of"),
    "an unknown source": (lambda p: relist(p, source_id="nobody"), "no run of source 'nobody'"),
    "an unknown job": (lambda p: relist(p, job="0" * 32), "whose list has another name"),
    "no list": (lambda p: p.write_text("{"), "ValidationError"),
    "a field too many": (lambda p: relist(p, run="rm -rf"), "ValidationError"),
    "a date to come": (
        lambda p: alter(p, lambda s: first(s, "keep")[1].update(published_on="2099-01-01", published_precision="day")),
        "has not come yet",
    ),
    "fetched tomorrow": (
        lambda p: alter(p, lambda s: first(s, "capture")[1].update(fetched_at="2099-01-01T00:00:00Z")),
        "correct the clock of the worker",
    ),
    "another source's document": (
        lambda p: alter(p, lambda s: first(s, "keep")[1].update(source_id="broken")),
        "is said to be of 'broken'",
    ),
    "other words than the archive's": (
        lambda p: alter(p, lambda s: first(s, "capture")[1].update(sha256="0" * 64)),
        "do not fit the hash",
    ),
    "a passage from nowhere": (
        lambda p: alter(p, lambda s: first(s, "keep")[1]["passages"][0].update(text="Never written.")),
        "does not stand at",
    ),
    "larger than it says": (lambda p: resize(p, 10), "has more than 10 bytes"),
    "a number beyond all rows": (
        lambda p: alter(p, lambda s: first(s, "capture")[1].update(bytes=10**30)),
        "holds the number",
    ),
    "half a character": (
        lambda p: alter(p, lambda s: first(s, "keep")[1].update(title="\ud800")),
        "surrogates not allowed",
    ),
    "cut off": (lambda p: alter(p, lambda s: s.pop()), "ends before its run does"),
    "a word of SQL": (lambda p: alter(p, lambda s: s.insert(1, ["drop table", "x"])), "does not know"),
    "an absent document": (lambda p: alter(p, lambda s: s.insert(-1, ["seen", "x", s[1][1]["fetched_at"]])), "has no"),
}


def test_forged_and_broken_shipments_are_refused_by_name(
    site: Site, world: World, redis_url: str, tmp_path: Path
) -> None:
    source = three(site, world.home)[0]
    world.hand_out(source)
    world.work()
    (name,) = [path.name for path in world.inbox.glob("*.json")]
    for number, (what, (change, why)) in enumerate(FORGED.items()):
        folder = tmp_path / f"forged{number}"
        forged = World(Home(folder / "home"), Cluster(f"{redis_url}/2", f"file://{folder}/shared"))
        forged.home.create()
        shutil.copytree(world.home.path, forged.home.path, dirs_exist_ok=True)
        shutil.copytree(world.inbox, forged.inbox)
        change(forged.inbox / name)
        (taken,) = forged.ingest()
        assert taken.outcome == "refused" and why in taken.message, (what, taken)
        assert (forged.inbox.parent / "refused" / name).exists(), what
        assert not list(forged.inbox.glob("*.json")), what
        assert rows(forged.home, "select count(*) from captures") == [(0,)], what
        assert rows(forged.home, "select name from refused_shipments") == [(name,)], what
        if taken.source_id:
            ((status, message),) = rows(forged.home, "select status, message from runs")
            assert status == "failed" and "was refused" in message, what
        assert unsound(forged.home) == [], what


def test_one_run_of_a_source_is_out_at_a_time(site: Site, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    source = three(site, world.home)[0]
    assert world.hand_out(source, source) == [True, False]
    assert world.handing.queue.length() == 1
    with pytest.raises(CrawlDied):
        go(world.home, source)  # by hand, on the writer: two at once would break the delay
    assert not site.asked
    monkeypatch.setenv("COI_HOME", str(world.home.path))
    assert issubclass(Busy, Exception)


def test_what_never_comes_back_is_a_failed_run_that_says_so(site: Site, world: World) -> None:
    source = three(site, world.home)[0]
    world.hand_out(source, hours_ago=11)
    shut = world.handing.give_up(steps.declared(world.home), datetime.now(UTC))
    assert shut == [], "its lease goes on"
    (said,) = world.handing.give_up(steps.declared(world.home), datetime.now(UTC) + timedelta(hours=3))
    assert "nothing came back" in said and "coi worker" in said
    assert rows(world.home, "select status, substr(message, 1, 22) from runs") == [("failed", "feed: handed to a work")]
    assert rows(world.home, "select after from source_events") == [("suspect",)]
    world.hand_out(source)  # the next slot goes out as ever
    assert rows(world.home, "select state from handed_out order by id") == [("lost",), ("out",)]


def test_a_run_that_fails_on_a_worker_says_why(site: Site, world: World) -> None:
    source = declare(world.home, "empty", "feed", [f"{site.url}/not-there"])
    world.hand_out(source)
    world.work()
    assert [one.outcome for one in world.ingest()] == ["ingested"]
    ((status, message),) = rows(world.home, "select status, message from runs")
    assert status == Status.FAILED and "not-there" in message


@pytest.mark.alone
def test_a_killed_workers_run_goes_to_another(site: Site, world: World) -> None:
    for number in range(6):
        site.article(f"/p{number}", f"Words of page {number} that no other has.")
    site.feed("/feed", *(f"/p{number}" for number in range(6)))
    source = declare(world.home, "paper", "feed", [f"{site.url}/feed"], "delay_s = 1")
    world.hand_out(source)
    workers = [world.worker("w1")]
    try:
        site.wait_until_asked(4)
        end(workers, signal.SIGKILL)
        workers.append(world.worker("w2"))
        until(lambda: list(world.inbox.glob("*.json")), "nothing was shipped")
    finally:
        end(workers)
    assert [one.outcome for one in world.ingest()] == ["ingested"]
    assert rows(world.home, "select status, new from runs") == [("ok", 6)]
    assert rows(world.home, "select count(*), count(distinct key) from documents") == [(6, 6)]
    assert unsound(world.home) == []


def test_schedule_hands_out_and_takes_in(site: Site, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from crawler.schedule import scheduler

    monkeypatch.setattr("crawler.cluster.scheduled.EVERY_S", 1)
    three(site, world.home)
    changed = []
    with scheduler(world.home, after=lambda: changed.append(1), away=world.handing):
        until(lambda: rows(world.home, "select count(*) from handed_out") == [(3,)], "nothing was handed out")
        world.work()
        until(lambda: rows(world.home, "select count(*) from runs where status <> 'running'") == [(3,)], "not taken in")
        until(lambda: changed, "nobody was told")
    assert not rows(world.home, "select 1 from handed_out where state <> 'ingested'")


def test_a_redis_that_asks_for_a_password_says_so(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis itself tells whoever brings none to say HELLO."""
    monkeypatch.setenv("COI_HOME", str(tmp_path / "w"))
    monkeypatch.setenv("COI_CONTACT", "tests@example.org")
    client, url = world.handing.queue.client, world.cluster.redis
    client.config_set("requirepass", "s3cret")
    try:
        for redis, why in ((url, "asks for a password"), (url.replace("//", "//:wr0ng@"), "correct the password")):
            said = CliRunner().invoke(coi.cli, ["worker", "--workers", redis, "--shared", world.cluster.shared])
            assert said.exit_code == 1 and why in said.output, said.output
            assert "wr0ng" not in said.output
    finally:
        client.config_set("requirepass", "")


def test_a_worker_does_not_begin_without_its_store(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else every run would be crawled, and nothing of it shipped."""
    monkeypatch.setenv("COI_CONTACT", "tests@example.org")
    folder = tmp_path / "gone"
    found = Cluster(world.cluster.redis, f"file://{folder}")
    Shared(found.shared)
    folder.rmdir()
    folder.write_text("not a folder")
    with pytest.raises(ClusterError, match="shared store"):
        Worker(Home(tmp_path / "w"), found, at_once=1)


def test_a_worker_with_another_store_says_so_and_gives_the_run_back(
    world: World, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from dramatiq.errors import Retry

    monkeypatch.setenv("COI_CONTACT", "tests@example.org")
    world.hand_out(*three(site, world.home))
    conn = db.connect(world.home)
    (run, *_) = handed.all_out(conn)
    conn.close()
    stray = Worker(Home(tmp_path / "w"), Cluster(world.cluster.redis, f"file://{tmp_path}/another"), at_once=1)
    with stray.ready(), pytest.raises(Retry):
        stray.do(job_of(run))
    said = capsys.readouterr().err
    assert f"{tmp_path}/another does not hold memory/" in said
    assert "set COI_SHARED to the same place on every machine" in said
    assert "Traceback" not in said
    assert run.job in said


def test_what_is_missing_is_named(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("COI_HOME", str(home.path))
    monkeypatch.setenv("COI_CONTACT", "tests@example.org")
    shared = f"file://{tmp_path}/shared"
    for redis, store, why in (
        ("", shared, "set COI_REDIS"),
        ("http://:s3cret@127.0.0.1", shared, "does not begin with redis://"),
        ("127.0.0.1:6379", shared, "does not begin with redis://"),
        ("redis://:s3cret@127.0.0.1:abc/0", shared, "the port in COI_REDIS"),
        ("redis://:s3cret@127.0.0.1:0/0", shared, "no port"),
        ("redis:///0", shared, "names no host"),
        ("redis://:s3cret@127.0.0.1/queue", shared, "'/queue', which is no number"),
        (f"redis://:s3cret@127.0.0.1:{port}", shared, f"Redis at 127.0.0.1:{port}"),
        (f"redis://127.0.0.1:{port}", "", "set COI_SHARED"),
        (f"redis://127.0.0.1:{port}", "s3://key:s3cret@bucket", "never in the address"),
        (f"redis://127.0.0.1:{port}", "/srv/shared", "'/srv/shared', neither file:// nor s3://"),
        (f"redis://127.0.0.1:{port}", "ftp://host/shared", "neither file:// nor s3://"),
        (f"redis://127.0.0.1:{port}", "file://srv/shared", "with a third slash"),
        (f"redis://127.0.0.1:{port}", "s3:///prefix", "no bucket"),
    ):
        said = CliRunner().invoke(coi.cli, ["worker", "--workers", redis, "--shared", store])
        assert said.exit_code == 1 and why in said.output, said.output
        assert "s3cret" not in said.output
    with pytest.raises(ClusterError, match="shared store"):
        Shared("nonsense://x")
    assert "s3cret" not in repr(Cluster("redis://:s3cret@h", shared))
