"""`coi doctor` says what is wrong with a home, each with a remedy; and no secret."""

import json
import os
import stat
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from filelock import FileLock

from coi import cli
from crawler.doctor import of_sources
from crawler.warc import Exchange, WarcFile
from review.doctor import of_people
from store import captures, doctor, health
from store.backup import back_up
from store.clock import instant
from store.db import connect, writing
from store.doctor import ASKS, Finding, Level
from store.doctor_home import of_home
from store.doctor_rights import locks
from store.doctor_versions import programs, versions
from store.home import Home
from store.model import Capture
from tests.site_home import make

NOW = datetime.now(UTC)
WATCH = """
title = "Watch"
publisher = "Watch"
owner = "watch"
type = "ngo"
grade = "B"
grade_reason = "a careful observer"
language = "en"
terms = "own"
every = "1 days"
shape = "feed"
start = ["https://watch.example.org/feed"]
decisive_for = ["RU"]
[expect]
min_rows = 1
"""


@pytest.fixture(scope="module", autouse=True)
def now() -> None:
    """The instant at which this module's turn has come: its tests may stand in line for long."""
    global NOW
    NOW = datetime.now(UTC)


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path / "home")
    make(home)
    for name in [one for one in os.environ if one.startswith(("COI_PERSON_", "COI_TOKEN_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COI_HOME", str(home.path))
    return home


def by_name(findings: object) -> dict[str, Finding]:
    return {one.name: one for one in findings}  # type: ignore[attr-defined]


def change(home: Home, sql: str, *values: object) -> None:
    conn = connect(home)
    with writing(conn):
        conn.execute(sql, values)
    conn.close()


def test_the_command_says_it_for_people_and_scripts(filled: Home) -> None:
    said = CliRunner().invoke(cli, ["doctor"])
    assert "database.schema" in said.output and "looked at" in said.output
    found = CliRunner().invoke(cli, ["doctor", "--json"])
    findings = json.loads(found.output)["findings"]
    assert {"disk.free", "version.sqlite", "lock.schedule", "clock.rows", "people", "sources"} <= {
        f["name"] for f in findings
    }
    todo = [one for one in findings if one["level"] in ("todo", "now")]
    assert found.exit_code == (1 if todo else 0) and json.loads(found.output)["well"] == (not todo)
    assert all(one["remedy"] for one in todo)


def used_well(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A schedule runs, and a backup was made."""
    conn = connect(home)
    with writing(conn):
        health.beat(conn, at=instant(NOW), by="coi schedule")
    conn.close()
    backup = home.path.parent / "backups"
    back_up(home, backup)
    monkeypatch.setenv("COI_BACKUPS", str(backup))


def test_a_home_that_is_well_asks_nothing(filled: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    used_well(filled, monkeypatch)
    assert [one for one in of_home(filled, NOW) if one.level in ASKS] == []
    assert [one for one in (*versions(), *programs()) if one.level is Level.NOW] == []


def test_no_home_is_said(tmp_path: Path) -> None:
    (one,) = of_home(Home(tmp_path / "nowhere"), NOW)
    assert "does not exist" in one.value and one.level in ASKS


def test_an_open_home_and_a_foreign_file(filled: Home) -> None:
    filled.path.chmod(0o755)
    (filled.path / "site-secret").write_text("s" * 64)
    found = by_name(of_home(filled, NOW))
    assert "chmod 700" in found["rights.home"].remedy and "site-secret" in found["rights.secrets"].value
    if os.geteuid() == 0:
        os.chown(filled.path / "site-secret", 12345, -1)
        assert "chown" in by_name(of_home(filled, NOW))["rights.owner"].remedy
    filled.path.chmod(0o700)
    assert stat.S_IMODE(filled.path.stat().st_mode) == 0o700
    assert by_name(of_home(filled, NOW))["rights.home"].level is Level.OK


def test_who_holds_a_lock_and_who_left_one(filled: Home) -> None:
    (filled.locks / "paper.example.txt").write_text("process 1, since then: crawl of paper")
    (filled.locks / "paper.example.lock").touch()
    held = FileLock(filled.path / "schedule.lock")
    with held:
        found = by_name(locks(filled, NOW))
        assert str(os.getpid()) in found["lock.schedule"].value
        assert "gone" in found["lock.paper.example"].value
    assert "no process" in by_name(locks(filled, NOW))["lock.schedule"].value


def test_a_clock_that_is_behind_what_is_recorded(filled: Home) -> None:
    behind = datetime(2022, 6, 1, tzinfo=UTC)
    one = by_name(of_home(filled, behind))["clock.rows"]
    assert one.level is Level.NOW and "later than now" in one.value


def test_a_clock_that_differs_from_the_publishers(filled: Home) -> None:
    at = "2026-01-01T12:10:00Z"
    conn = connect(filled)
    with writing(conn), WarcFile(filled.archive / "new.warc.gz", {"software": "tests"}) as warc:
        conn.execute("insert into runs (source_id, slot, moment, started_at, ended_at, status) "
                     "values ('paper', 'new', ?, ?, ?, 'ok')", [at, at, at])  # fmt: skip
        for host in ("a.example", "b.example", "c.example"):
            url, body = f"https://{host}/", host.encode()
            said = (("Date", "Thu, 01 Jan 2026 11:59:00 GMT"), ("Age", "60"))
            place = warc.response(Exchange(url=url, fetched_at=at, status=200, headers=said, body=body))
            captures.record(conn, Capture(
                url=url, fetched_at=at, status=200, media_type="", etag=None, last_modified=None, bytes=len(body),
                sha256=sha256(body).hexdigest(), warc_file=place.file, warc_offset=place.offset,
                warc_length=place.length), recorded_at=at)  # fmt: skip
    conn.close()
    one = by_name(of_home(filled, NOW))["clock.skew"]
    assert one.value.startswith("+600 s against the Date of 3") and "NTP" in one.remedy


def test_a_database_that_is_none(filled: Home) -> None:
    for name in ("coi.db-wal", "coi.db-shm"):
        (filled.path / name).unlink(missing_ok=True)
    filled.database.write_bytes(b"this is no database" * 1000)
    assert by_name(of_home(filled, NOW))["database"].level is Level.NOW


def test_a_dead_schedule_a_stale_assess_and_a_late_backup(filled: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    conn = connect(filled)
    with writing(conn):
        health.beat(conn, at=instant(NOW - timedelta(hours=3)), by="coi schedule")
        health.note_step(conn, "assess", at=instant(NOW - timedelta(days=3)))
    conn.close()
    made = filled.path.parent / "backups" / "20260101T000000Z"
    made.mkdir(parents=True)
    monkeypatch.setenv("COI_BACKUPS", str(made.parent))
    assert "holds none" in by_name(of_home(filled, NOW))["backup"].value
    (made / "manifest.json").write_text('{"made_at": "2026-01-01T00:00:00Z"}', "utf-8")
    found = by_name(of_home(filled, NOW))
    assert found["schedule"].level is Level.NOW and "start it again" in found["schedule"].remedy
    assert "coi assess" in found["assess"].remedy
    assert "2026-01-01" in found["backup"].value and found["backup"].level in ASKS


def test_a_broken_decisive_source_comes_first(filled: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COI_CONTACT", raising=False)
    folder = filled.declared / "sources"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "watch.toml").write_text(WATCH, "utf-8")
    change(filled, "insert into source_events (source_id, at, kind, before, after, message) "
           "values ('watch', '2022-06-25T06:00:00Z', 'run', 'failing', 'broken', 'the feed is empty')")  # fmt: skip
    found = by_name(of_sources(filled, NOW))

    assert found["source.watch"].level is Level.NOW and "decisive for RU" in found["source.watch"].value
    assert "the feed is empty" in found["source.watch"].remedy
    assert found["setting.COI_CONTACT"].level in ASKS
    assert "e.g. watch, last asked" in found["sources.overdue"].value


def test_secrets_are_present_or_not_and_never_printed(filled: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COI_PERSON_ANNA", "anna researcher pbkdf2_sha256$480000$salt$" + "h" * 43 + "=")
    monkeypatch.setenv("DATASETTE_SECRET", "c00kie-secret-value")
    monkeypatch.setenv("COI_CONTACT", "ops@ministry.example")
    change(
        filled,
        "insert into subscriptions (act, person, country, group_id, event, channel, rhythm, actor, recorded_at) values "
        "('subscribe', 'anna', '*', '*', 'deadline', 'teams', 'immediate', 'anna', '2022-06-25T06:00:00Z')",
    )
    found = by_name(of_people(filled))
    assert "nobody is approver or operator" in found["people"].remedy and "1 researcher" in found["people"].value
    assert found["channel.teams"].level in ASKS and "is not set" in found["channel.teams"].remedy
    said = CliRunner().invoke(cli, ["doctor"]).output
    assert "c00kie" not in said and "pbkdf2" not in said and "ops@ministry" not in said


def test_a_message_that_was_given_up(filled: Home) -> None:
    change(filled, "insert into letters (key, person, channel, rhythm, language, subject, body, html, made_at) values "
           "('k', 'anna', 'mail', 'immediate', 'en', 's', 'b', 'h', '2022-06-25T06:00:00Z')")  # fmt: skip
    change(filled, "insert into deliveries (letter_id, attempt, outcome, error, at) values "
           "(1, 1, 'dead', 'refused', '2022-06-25T06:00:00Z')")  # fmt: skip
    assert by_name(of_people(filled))["alerts.dead"].level is Level.NOW


def test_what_a_home_in_use_lacks_is_to_do_and_of_one_that_was_tried_a_note(
    filled: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COI_BACKUPS", raising=False)

    def look(home: Home) -> dict[str, Finding]:
        return by_name([*of_home(home, NOW), *of_people(home)])

    names = ("schedule", "backup", "alerts.subscriptions")
    found = look(filled)
    assert {found[name].level for name in names} == {Level.TODO} and all(found[name].remedy for name in names)
    assert "ever ran" in found["schedule"].value
    tried = Home(filled.path.parent / "tried")
    connect(tried).close()
    found = look(tried)
    assert {found[name].level for name in names} == {Level.NOTE}
    monkeypatch.setenv("COI_HOME", str(tried.path))
    said = CliRunner().invoke(cli, ["doctor"]).output
    assert "to know of" in said and "all well" not in said


def test_a_disk_that_lasts_for_ever_is_not_counted_in_days(filled: Home) -> None:
    (filled.archive / "new.warc.gz").write_bytes(b"x")
    assert "more than ten years" in by_name(doctor.machine(filled))["disk.days"].value


def test_what_breaks_one_part_hides_no_other() -> None:
    def breaks():
        yield doctor.found("a", "well")
        raise OSError("gone")

    assert [one.name for one in doctor.safely(breaks())] == ["a", "doctor"]
