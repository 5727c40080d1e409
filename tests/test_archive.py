"""The archive: what is written can be read, what a killed process left is set aside, what others made comes in once."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from crawler.imports import import_archives
from crawler.warc import ArchiveError, Exchange, WarcFile, read_at, repair
from store import captures, db
from store.home import Home

NOW = "2026-01-01T00:00:00Z"


def exchange(path: str, body: bytes, at: str = "2022-03-09T10:00:00Z", **more) -> Exchange:
    headers = (("Content-Type", "text/html"), ("ETag", '"1"'), ("Transfer-Encoding", "chunked"))
    return Exchange(url=f"http://pub.example/{path}", fetched_at=at, status=200, headers=headers, body=body, **more)


def written(path: Path, *exchanges: Exchange) -> list[tuple[int, int]]:
    with WarcFile(path, {"software": "test"}) as out:
        places = [out.response(one) for one in exchanges]
    return [(place.offset, place.length) for place in places]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.create()
    return made


def test_every_record_is_read_at_its_offset_and_warcio_agrees(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    pages = [exchange(f"{n}", b"page %d" % n * 50, request_headers=(("User-Agent", "us"),)) for n in range(5)]
    for page, (offset, _) in zip(pages, written(path, *pages), strict=True):
        status, headers, body = read_at(path, offset)
        assert (status, body) == (200, page.body)
        assert dict(headers)["Content-Length"] == str(len(page.body))
        assert "Transfer-Encoding" not in dict(headers)
    checked = subprocess.run([sys.executable, "-m", "warcio.cli", "check", str(path)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("lost", [1, 7, 100])
def test_a_record_cut_by_a_kill_is_set_aside(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "a.warc.gz"
    places = written(path, exchange("1", b"first " * 99), exchange("2", bytes(range(256)) * 9))
    whole = path.read_bytes()
    path.write_bytes(whole[:-lost])
    (tmp_path / "a.warc.gz.open").touch()

    said = repair(tmp_path)

    assert len(said) == 1
    assert f"a.warc.gz.truncated-{places[1][0]}" in said[0]
    assert path.read_bytes() == whole[: places[1][0]]
    assert read_at(path, places[0][0])[2] == b"first " * 99
    with pytest.raises(ArchiveError, match=f"offset {places[1][0]}"):
        read_at(path, places[1][0])
    assert repair(tmp_path) == []


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    with WarcFile(tmp_path / "a.warc.gz", {}) as out:
        out.response(exchange("1", b"x"))
        assert repair(tmp_path) == []
        assert (tmp_path / "a.warc.gz.open").exists()
    assert not (tmp_path / "a.warc.gz.open").exists()


def test_an_archive_comes_in_once_with_its_own_instants(tmp_path: Path, home: Home) -> None:
    path = tmp_path / "theirs.warc.gz"
    written(path, exchange("1", b"one"), exchange("1", b"two", "2022-03-10T10:00:00Z"), exchange("2", b"one"))
    conn = db.connect(home)
    first = import_archives(conn, home, (path,), recorded_at=NOW)
    again = import_archives(conn, home, (path,), recorded_at=NOW)

    assert (first.new, again.new) == (3, 0)
    assert again.captures == first.captures
    found = captures.latest(conn, "http://pub.example/1", at="2022-03-09T23:59:59Z")
    assert found is not None
    assert read_at(home.archive / found[1].warc_file, found[1].warc_offset)[2] == b"one"
    assert [p.suffix for p in home.archive.iterdir()] == [".gz"]


def test_an_archive_that_grew_brings_only_what_is_new(tmp_path: Path, home: Home) -> None:
    one, two = tmp_path / "1.warc.gz", tmp_path / "2.warc.gz"
    written(one, exchange("1", b"one"))
    written(two, exchange("1", b"one"), exchange("1", b"two", "2022-03-10T10:00:00Z"))
    conn = db.connect(home)
    assert [import_archives(conn, home, (path,), recorded_at=NOW).new for path in (one, two)] == [1, 1]


def test_a_revisit_rests_on_the_body_it_points_to(tmp_path: Path, home: Home) -> None:
    path, later = tmp_path / "a.warc.gz", "2022-03-11T10:00:00Z"
    with WarcFile(path, {}) as out:
        out.response(exchange("1", b"body"))
        out.revisit(exchange("1", b"", later), of="2022-03-09T10:00:00Z")
    conn = db.connect(home)
    import_archives(conn, home, (path,), recorded_at=NOW)
    found = captures.latest(conn, "http://pub.example/1")
    assert found is not None
    assert (found[1].fetched_at, found[1].status, found[1].refers_to) == (later, 200, 1)
    assert found[1].sha256 == captures.get(conn, 1).sha256


def test_a_wacz_is_read_by_handle_and_its_names_are_never_paths(tmp_path: Path, home: Home) -> None:
    warc, wacz = tmp_path / "a.warc.gz", tmp_path / "theirs.wacz"
    written(warc, exchange("1", b"one"))
    with zipfile.ZipFile(wacz, "w") as box:
        box.writestr("datapackage.json", "{}")
        box.writestr("archive/../../../outside.warc.gz", warc.read_bytes())
    before = sorted(tmp_path.iterdir())
    taken = import_archives(db.connect(home), home, (wacz,), recorded_at=NOW)
    assert (taken.new, taken.problems) == (1, ())
    assert sorted(tmp_path.iterdir()) == before


def test_a_body_that_inflates_beyond_the_limit_is_named_and_left_out(tmp_path: Path, home: Home) -> None:
    path = tmp_path / "bomb.warc.gz"
    written(path, exchange("bomb", bytes(60 * 1024 * 1024)), exchange("2", b"fine"))
    taken = import_archives(db.connect(home), home, (path,), recorded_at=NOW)
    assert taken.new == 1
    assert "http://pub.example/bomb: body of more than 52428800 bytes" in taken.problems[0]


def test_damage_in_the_middle_costs_one_record(tmp_path: Path, home: Home) -> None:
    path = tmp_path / "hurt.warc.gz"
    places = written(path, *(exchange(str(n), bytes(range(256)) * 20 + b"%d" % n) for n in range(4)))
    hurt = bytearray(path.read_bytes())
    middle = places[1][0] + places[1][1] // 2
    hurt[middle : middle + 40] = b"\xff" * 40
    path.write_bytes(hurt)
    taken = import_archives(db.connect(home), home, (path,), recorded_at=NOW)
    assert taken.new == 3
    assert taken.problems
    assert "hurt.warc.gz" in taken.problems[0]
    assert str(places[1][0]) in taken.problems[0]


@pytest.mark.parametrize("name", ["absent.warc.gz", "empty.warc.gz"])
def test_what_is_no_archive_is_said(tmp_path: Path, home: Home, name: str) -> None:
    (tmp_path / "empty.warc.gz").touch()
    with pytest.raises(ArchiveError, match=name):
        import_archives(db.connect(home), home, (tmp_path / name,), recorded_at=NOW)


def test_real_archives_are_read_and_bad_ones_named(shared: Path, home: Home) -> None:
    folder = shared / "data" / "real" / "webrecorder__warcio"
    whole = ("example.warc", "example.warc.gz", "example.arc.gz", "example-resource.warc.gz", "example-trunc.warc")
    conn = db.connect(home)
    for name in whole:
        assert import_archives(conn, home, (folder / name,), recorded_at=NOW).captures, name
    assert captures.latest(conn, "http://example.com/") is not None
    post = import_archives(conn, home, (folder / "post-test.warc.gz",), recorded_at=NOW)
    assert post.captures == (), "an answer to a POST is no answer to a GET"
    for name in (
        "example-bad-non-chunked.warc.gz",
        "example-bad.warc.gz.bad",
        "bad.arc",
        "example-wrong-chunks.warc.gz",
    ):
        taken = import_archives(conn, home, (folder / name,), recorded_at=NOW)
        assert taken.problems, name
        assert all(said.startswith(name) and "offset" in said for said in taken.problems)
    assert import_archives(conn, home, (folder / whole[0],), recorded_at=NOW).new == 0


def test_real_wacz_files_are_read(shared: Path, home: Home) -> None:
    folder = shared / "data" / "real" / "webrecorder__py-wacz"
    paths = (folder / "valid_example_1.wacz", folder / "valid_example_2.wacz")
    taken = import_archives(db.connect(home), home, paths, recorded_at=NOW)
    assert taken.captures
    assert taken.problems == ()
