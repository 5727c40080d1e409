"""The archive: what is written can be read, what a killed process left is set aside, what others made comes in once."""

import asyncio
import gzip
import json
import os
import subprocess
import sys
import zipfile
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.foreign import found_in
from crawler.imports import import_archives
from crawler.warc import ArchiveError, Exchange, Place, WarcFile, repair
from review.accounts import Accounts
from review.serve import build
from store import captures, db
from store.archive_read import BytesLost, payload, read_record
from store.captures_check import capture_problems
from store.clock import instant
from store.home import Home
from store.model import Capture
from store.wacz import export

NOW = "2026-01-01T00:00:00Z"


def exchange(path: str, body: bytes, at: str = "2022-03-09T10:00:00Z", **more) -> Exchange:
    headers = (("Content-Type", "text/html"), ("ETag", '"1"'), ("Transfer-Encoding", "chunked"))
    return Exchange(url=f"http://pub.example/{path}", fetched_at=at, status=200, headers=headers, body=body, **more)


def written(path: Path, *exchanges: Exchange) -> list[tuple[int, int]]:
    with WarcFile(path, {"software": "test"}) as out:
        places = [out.response(one) for one in exchanges]
    return [(place.offset, place.length) for place in places]


def capture(path: str, body: bytes, place: Place, at: str = "2022-03-09T10:00:00Z") -> Capture:
    return Capture(
        url=f"http://pub.example/{path}", fetched_at=at, status=200, media_type="text/html", etag='"1"',
        last_modified=None, sha256=sha256(body).hexdigest(), bytes=len(body), warc_file=place.file,
        warc_offset=place.offset, warc_length=place.length,
    )  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.create()
    return made


def test_every_record_is_read_at_its_offset_and_warcio_agrees(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    pages = [exchange(f"{n}", b"page %d" % n * 50, request_headers=(("User-Agent", "us"),)) for n in range(5)]
    for page, (offset, _) in zip(pages, written(path, *pages), strict=True):
        record = read_record(path, offset)
        assert (record.status, record.body) == (200, page.body)
        assert dict(record.headers)["Content-Length"] == str(len(page.body))
        assert "Transfer-Encoding" not in dict(record.headers)
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
    assert read_record(path, places[0][0]).body == b"first " * 99
    with pytest.raises(BytesLost, match=f"offset {places[1][0]}"):
        read_record(path, places[1][0])
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
    assert payload(home.archive, found[1]) == b"one"
    assert [p.suffix for p in home.archive.iterdir()] == [".gz"]


def test_an_archive_taken_in_again_brings_back_what_was_lost(tmp_path: Path, home: Home) -> None:
    path, later = tmp_path / "theirs.warc.gz", "2022-03-11T10:00:00Z"
    with WarcFile(path, {}) as out:
        first = capture("1", b"one", out.response(exchange("1", b"one")))
        out.revisit(replace(exchange("1", b"", later), status=304), of=first)
        out.response(exchange("2", b"two"))
    conn = db.connect(home)
    assert import_archives(conn, home, (path,), recorded_at=NOW).new == 3
    kept = home.archive / captures.get(conn, 1).warc_file
    whole = kept.read_bytes()
    kept.write_bytes(whole[: captures.get(conn, 3).warc_offset])
    assert len(list(capture_problems(conn, home.archive))) == 1
    again = import_archives(conn, home, (path,), recorded_at=NOW)
    assert (again.new, again.held) == (1, 2) and list(capture_problems(conn, home.archive)) == []
    kept.unlink()
    for number in (2, 0):
        again = import_archives(conn, home, (path,), recorded_at=NOW)
        assert (again.new, again.held) == (number, 3 - number) and list(capture_problems(conn, home.archive)) == []
    shown = asyncio.run(build(home, accounts=Accounts()).client.get("/captures/3/original"))
    assert (shown.status_code, shown.content) == (200, b"two")
    out = tmp_path / "out.wacz"
    done = export(conn, home, out, list(captures.between(conn, "2022-01-01T00:00:00Z", NOW)), title="t")
    other = Home(tmp_path / "other")
    taken = import_archives(db.connect(other), other, (out,), recorded_at=NOW)
    assert (done.captures, taken.new, taken.problems) == (3, 3, ())


def test_what_an_archive_brought_first_outlasts_what_it_brings_later(tmp_path: Path, home: Home) -> None:
    """A revisit whose body comes with another archive is taken in by a second try, into a file of its own."""
    earlier, path, later = tmp_path / "a.warc.gz", tmp_path / "b.warc.gz", "2022-03-11T10:00:00Z"
    with WarcFile(earlier, {}) as out:
        first = capture("1", b"one", out.response(exchange("1", b"one")))
    with WarcFile(path, {}) as out:
        out.response(exchange("2", b"two"))
        out.revisit(replace(exchange("1", b"", later), status=304), of=first)
    conn = db.connect(home)
    assert [import_archives(conn, home, (one,), recorded_at=NOW).new for one in (path, earlier, path)] == [1, 1, 1]
    assert list(capture_problems(conn, home.archive)) == []


def test_an_archive_that_grew_brings_only_what_is_new(tmp_path: Path, home: Home) -> None:
    one, two = tmp_path / "1.warc.gz", tmp_path / "2.warc.gz"
    written(one, exchange("1", b"one"))
    written(two, exchange("1", b"one"), exchange("1", b"two", "2022-03-10T10:00:00Z"))
    conn = db.connect(home)
    assert [import_archives(conn, home, (path,), recorded_at=NOW).new for path in (one, two)] == [1, 1]


def test_a_revisit_rests_on_the_body_it_points_to(tmp_path: Path, home: Home) -> None:
    path, later = tmp_path / "a.warc.gz", "2022-03-11T10:00:00Z"
    with WarcFile(path, {}) as out:
        first = capture("1", b"body", out.response(exchange("1", b"body")))
        out.revisit(replace(exchange("1", b"", later), status=304), of=first)
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


def test_damage_never_costs_the_record_behind_it(tmp_path: Path) -> None:
    for turn in range(60):  # as the ids differ, so do the compressed bytes and what the damage makes of them
        path = tmp_path / f"{turn}.warc.gz"
        bodies = [b"%d" % n + bytes(range(256)) * 20 for n in range(4)]
        sent = [replace(exchange(str(n), body), record_id=f"<urn:{turn}:{n}>") for n, body in enumerate(bodies)]
        start, length = written(path, *sent)[1]
        whole, at = path.read_bytes(), start + length // 2
        path.write_bytes(whole[:at] + b"\xff" * 40 + whole[at + 40 :])
        problems: list[str] = []
        assert [found.exchange.url[-1] for found in found_in(path, problems)] == ["0", "2", "3"], turn
        assert problems, turn


def test_a_file_that_breaks_off_is_named_wherever_it_was_cut(tmp_path: Path, home: Home) -> None:
    path = tmp_path / "cut.warc.gz"
    places = foreign(path, *((f"http://pub.example/{n}", b"page %d " % n * 99, {}) for n in range(3)))
    whole = path.read_bytes()
    conn = db.connect(home)
    for cut in (*range(places[2] + 1, len(whole), 37), len(whole) - 1):
        path.write_bytes(whole[:cut])
        taken = import_archives(conn, home, (path,), recorded_at=NOW)
        assert any("cut.warc.gz" in said and str(places[2]) in said for said in taken.problems), (cut, taken.problems)
    path.write_bytes(whole)
    taken = import_archives(conn, home, (path,), recorded_at=NOW)
    assert (taken.held + taken.new, taken.problems) == (3, ())


def test_the_name_of_an_archive_file_is_on_the_disk_before_a_row_points_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(str(Path(f"/proc/self/fd/{number}").readlink())))
    with WarcFile(tmp_path / "a.warc.gz", {}) as out:
        out.response(exchange("1", b"first"))
        out.sync()
        out.sync()
    assert synced[:2] == [str(tmp_path / "a.warc.gz"), str(tmp_path)]
    assert synced.count(str(tmp_path)) == 1


@pytest.mark.parametrize("name", ["absent.warc.gz", "empty.warc.gz"])
def test_what_is_no_archive_is_said(tmp_path: Path, home: Home, name: str) -> None:
    (tmp_path / "empty.warc.gz").touch()
    with pytest.raises(ArchiveError, match=name):
        import_archives(db.connect(home), home, (tmp_path / name,), recorded_at=NOW)


def foreign(path: Path, *pages: tuple[str, bytes, dict[str, str]], packed: bool = True) -> list[int]:
    """A WARC as others write it (warcio's own writer): (path, body, HTTP headers) each; returns the offsets."""
    offsets = []
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=packed)
        for name, body, headers in pages:
            http = StatusAndHeaders("200 OK", list(headers.items()), protocol="HTTP/1.1")
            offsets.append(out.tell())
            writer.write_record(
                writer.create_warc_record(
                    f"http://pub.example/{name}", "response", payload=BytesIO(body), http_headers=http,
                    warc_headers_dict={"WARC-Date": "2022-03-09T10:00:00Z"},
                )
            )  # fmt: skip
    return offsets


def test_brotli_is_undone_and_an_unknown_encoding_is_refused(tmp_path: Path, home: Home) -> None:
    path, text = tmp_path / "packed.warc.gz", b"conscripts " * 300
    bomb = brotli.compress(bytes(60 * 1024 * 1024))
    coded = {"1": brotli.compress(text), "2": b"???", "3": bomb, "4": b"not brotli"}
    foreign(
        path, *((name, body, {"Content-Encoding": "x-odd" if name == "2" else "br"}) for name, body in coded.items())
    )
    conn = db.connect(home)
    taken = import_archives(conn, home, (path,), recorded_at=NOW)
    assert taken.new == 1
    assert [words.split(": ")[2] for words in taken.problems] == [f"http://pub.example/{n}" for n in "234"]
    found = captures.latest(conn, "http://pub.example/1")
    assert found is not None
    assert payload(home.archive, found[1]) == text


@pytest.mark.parametrize("packed", [True, False])
def test_bytes_that_do_not_fit_their_digest_cost_one_record(tmp_path: Path, home: Home, packed: bool) -> None:
    path = tmp_path / ("odd.warc.gz" if packed else "odd.warc")
    pages: list[tuple[str, bytes, dict[str, str]]] = [(str(n), b"page %d " % n * 200, {}) for n in range(3)]
    offsets = [*foreign(path, *pages, packed=packed), path.stat().st_size]
    whole = path.read_bytes()
    record = whole[offsets[1] : offsets[2]]
    odd = zlib.decompress(record, 31) if packed else record
    odd = odd.replace(b"page 1 page 1", b"page 1 page 9", 1)
    path.write_bytes(whole[: offsets[1]] + (gzip.compress(odd) if packed else odd) + whole[offsets[2] :])
    taken = import_archives(db.connect(home), home, (path,), recorded_at=NOW)
    assert taken.new == 2
    assert len(taken.problems) == 1
    assert "http://pub.example/1: its bytes do not fit its digest" in taken.problems[0]


def test_damage_in_a_plain_warc_costs_what_it_hit(tmp_path: Path, home: Home) -> None:
    path = tmp_path / "plain.warc"
    offsets = foreign(path, *((str(n), b"page %d " % n * 50, {}) for n in range(4)), packed=False)
    hurt = bytearray(path.read_bytes())
    hurt[offsets[1] : offsets[1] + 30] = b"?" * 30
    path.write_bytes(hurt)
    taken = import_archives(db.connect(home), home, (path,), recorded_at=NOW)
    assert sorted(url[-1] for url, _ in taken.captures) == ["0", "2", "3"]
    assert "plain.warc: unreadable at offset" in taken.problems[0]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize(
    "head",
    [b"WARC/1.0\r\nWARC-Type: response\r\nX: " + b"a" * 3_000_000 + b"\r\n", b"WARC/1.0\r\n" + b"X: 1\r\n" * 500_000],
    ids=["line", "lines"],
)
def test_a_record_with_endless_header_lines_costs_itself_alone(
    tmp_path: Path, home: Home, head: bytes, packed: bool
) -> None:
    path = tmp_path / ("endless.warc.gz" if packed else "endless.warc")
    cut = foreign(path, *((str(n), b"page %d " % n * 50, {}) for n in range(2)), packed=packed)[1]
    whole, bad = path.read_bytes(), head + b"Content-Length: 0\r\n\r\n\r\n\r\n"
    path.write_bytes(whole[:cut] + (gzip.compress(bad) if packed else bad) + whole[cut:])
    taken = import_archives(db.connect(home), home, (path,), recorded_at=NOW)
    assert sorted(url[-1] for url, _ in taken.captures) == ["0", "1"]
    assert [f"offset {cut} (header lines of more than" in words for words in taken.problems] == [True]


def test_a_response_with_endless_http_headers_costs_itself_alone(tmp_path: Path, home: Home) -> None:
    path = tmp_path / "endless.warc.gz"
    foreign(path, ("0", b"page", {}), ("1", b"page", {"X": "a" * 3_000_000}), ("2", b"page 2", {}))
    taken = import_archives(db.connect(home), home, (path,), recorded_at=NOW)
    assert sorted(url[-1] for url, _ in taken.captures) == ["0", "2"]
    assert len(taken.problems) == 1 and "header lines of more than" in taken.problems[0]


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:59:59-14:00", "2999-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "1989-12-31T23:59:59Z"]
)
def test_a_capture_from_the_future_or_from_before_the_web_is_refused(tmp_path: Path, home: Home, at: str) -> None:
    path = tmp_path / "odd.warc"
    foreign(path, ("0", b"page", {}), ("1", b"page 1", {}), packed=False)
    path.write_bytes(path.read_bytes().replace(b"2022-03-09T10:00:00Z", at.encode(), 1))
    taken = import_archives(db.connect(home), home, (path,), recorded_at=NOW)
    assert taken.new == 1
    assert len(taken.problems) == 1 and "http://pub.example/0: WARC-Date" in taken.problems[0]


def test_a_capture_of_tomorrow_is_an_odd_clock_and_no_more(tmp_path: Path, home: Home) -> None:
    path = tmp_path / "odd.warc"
    foreign(path, ("0", b"page", {}), ("1", b"page 1", {}), packed=False)
    soon, late = (instant(datetime.now(UTC) + timedelta(hours=hours)) for hours in (23, 25))
    data = path.read_bytes().replace(b"2022-03-09T10:00:00Z", soon.encode(), 1)
    path.write_bytes(data.replace(b"2022-03-09T10:00:00Z", late.encode(), 1))
    taken = import_archives(db.connect(home), home, (path,), recorded_at=NOW)
    assert taken.new == 1
    assert f"http://pub.example/1: WARC-Date '{late}' lies in the future" in taken.problems[0]


def wacz_of(path: Path, *members: tuple[str, bytes], digest: str | None = None) -> None:
    with zipfile.ZipFile(path, "w") as box:
        for name, data in members:
            box.writestr(name, data)
        if digest:
            said = {"resources": [{"path": name, "hash": digest} for name, _ in members]}
            box.writestr("datapackage.json", json.dumps(said))


def test_a_wacz_that_was_cut_gives_the_records_it_still_holds(tmp_path: Path, home: Home) -> None:
    warc, wacz = tmp_path / "a.warc.gz", tmp_path / "cut.wacz"
    written(warc, *(exchange(str(n), bytes(range(256)) * 9 + b"%d" % n) for n in range(4)))
    wacz_of(wacz, ("archive/a.warc.gz", warc.read_bytes()))
    wacz.write_bytes(wacz.read_bytes()[: warc.stat().st_size - 100])
    taken = import_archives(db.connect(home), home, (wacz,), recorded_at=NOW)
    assert taken.new == 3
    assert taken.problems[0].startswith("cut.wacz: a damaged zip")


def test_a_changed_wacz_is_said_and_a_bomb_is_not_opened(tmp_path: Path, home: Home) -> None:
    warc, wacz = tmp_path / "a.warc.gz", tmp_path / "odd.wacz"
    written(warc, exchange("1", b"one"))
    wacz_of(wacz, ("archive/a.warc.gz", warc.read_bytes()), digest=f"sha256:{'0' * 64}")
    with zipfile.ZipFile(wacz, "a", zipfile.ZIP_DEFLATED) as box:
        box.writestr("archive/bomb.warc", bytes(30_000_000))
    taken = import_archives(db.connect(home), home, (wacz,), recorded_at=NOW)
    assert taken.new == 1
    assert "odd.wacz!archive/a.warc.gz: does not fit the hash in datapackage.json" in taken.problems[0]
    assert "a zip bomb; not read" in taken.problems[1]


def test_one_content_comes_in_once(tmp_path: Path, home: Home) -> None:
    one, two, body = tmp_path / "1.warc.gz", tmp_path / "2.warc.gz", bytes(range(256)) * 40
    written(one, exchange("1", body), exchange("2", body), exchange("small", b"x"), exchange("small2", b"x"))
    written(two, exchange("3", body, "2022-03-10T10:00:00Z"))
    conn = db.connect(home)
    import_archives(conn, home, (one, two), recorded_at=NOW)
    found = conn.execute("select url, refers_to from captures order by id").fetchall()
    assert [(row["url"][-1], row["refers_to"]) for row in found] == [
        ("1", None), ("2", 1), ("l", None), ("2", None), ("3", 1),
    ]  # fmt: skip
    assert list(capture_problems(conn, home.archive)) == []


def test_a_revisit_that_rests_on_other_bytes_is_seen(tmp_path: Path, home: Home) -> None:
    path, body = tmp_path / "1.warc.gz", bytes(range(256)) * 40
    written(path, exchange("1", body), exchange("2", body))
    conn = db.connect(home)
    import_archives(conn, home, (path,), recorded_at=NOW)
    with db.writing(conn):
        conn.execute("drop trigger if exists captures_no_update")
        conn.execute("update captures set sha256 = ? where id = 2", ["0" * 64])
    assert ["rests on capture 1, whose bytes are others" in said for said in capture_problems(conn, home.archive)] == [
        True
    ]


def test_real_archives_are_read_and_bad_ones_named(shared: Path, home: Home) -> None:
    folder = shared / "data" / "real" / "webrecorder__warcio"
    whole = ("example.warc", "example.warc.gz", "example.arc.gz", "example-resource.warc.gz")
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
        "example-trunc.warc",
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
