"""An operator sees what runs: health, metrics, and the rules on them."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from review.accounts import Account, Accounts
from review.serve import build
from store import health, operating
from store.clock import instant
from store.db import connect, writing
from store.home import Home
from tests.site_home import make
from tests.site_people import TOKEN, Visitor

PROJECT = Path(__file__).parents[1]
RULES = PROJECT / "deploy" / "prometheus-rules.yml"
NOW = datetime.now(UTC)


@pytest.fixture(scope="module", autouse=True)
def now() -> None:
    """The instant at which this module's turn has come: its tests may stand in line for long."""
    global NOW
    NOW = datetime.now(UTC)


@pytest.fixture
def filled(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    make(home)
    conn = connect(home)
    with writing(conn):
        health.beat(conn, at=instant(NOW), by="coi schedule")
        health.note_step(conn, "assess", at=instant(NOW))
    conn.close()
    return home


def here(home: Home) -> Visitor:
    site = build(home, accounts=Accounts())
    return Visitor(site, site.app())


def samples(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def write(home: Home, sql: str, *values: object) -> None:
    conn = connect(home)
    with writing(conn):
        conn.execute(sql, values)
    conn.close()


def test_health_is_well(filled: Home) -> None:
    answer = here(filled).go("GET", "/-/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert answer.json()["checks"] == dict.fromkeys(("database", "schema", "disk", "assess"), "ok") | {
        "schedule": "alive"
    }


def test_a_dead_schedule_and_a_stale_assess_are_seen(filled: Home) -> None:
    conn = connect(filled)
    with writing(conn):
        health.beat(conn, at=instant(NOW - timedelta(hours=2)), by="coi schedule")
        health.note_step(conn, "assess", at=instant(NOW - timedelta(days=2)))
    conn.close()
    visitor = here(filled)
    answer = visitor.go("GET", "/-/health").json()
    assert (answer["status"], answer["checks"]["schedule"], answer["checks"]["assess"]) == ("degraded", "dead", "stale")
    found = samples(visitor.go("GET", "/-/metrics").text)
    assert found["coi_schedule", "dead"] == found["coi_assess_stale",] == 1


def test_what_a_crawl_brought_and_nobody_judged_is_stale(filled: Home) -> None:
    at = instant(NOW - timedelta(hours=3))
    write(filled, "update settings set value = ? where key = 'step:assess'", instant(NOW - timedelta(hours=5)))
    write(filled, "insert into runs (source_id, slot, moment, started_at, ended_at, status, new) "
          "values ('paper', 'x', ?, ?, ?, 'ok', 3)", at, at, at)  # fmt: skip
    conn = connect(filled)
    assert operating.assess_standing(conn, NOW)[0] == "stale"
    conn.close()


def test_a_database_that_cannot_be_read_is_503_and_hides_nothing_else(filled: Home) -> None:
    visitor = here(filled)
    for name in ("coi.db-wal", "coi.db-shm"):
        (filled.path / name).unlink(missing_ok=True)
    filled.database.write_bytes(b"this is no database" * 1000)
    answer = visitor.go("GET", "/-/health")
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "unreadable")
    assert visitor.go("GET", "/-/health?live").json() == {"status": "alive"}
    assert samples(visitor.go("GET", "/-/metrics").text)["coi_up",] == 0


def test_strangers_hear_words_and_operators_numbers(filled: Home) -> None:
    script = Account(name="scrape", role="operator", secret=TOKEN, script=True)
    site = build(filled, accounts=Accounts(scripts=(script,)))
    app = site.app()
    stranger, operator = Visitor(site, app), Visitor(site, app, token=TOKEN)
    said = stranger.go("GET", "/-/health").json()
    assert set(said) == {"status", "checks"}
    assert str(filled.path) not in json.dumps(said) and not re.search(r"\d", json.dumps(said))
    assert re.fullmatch(
        r"[\d.]+ [KMGT]B of [\d.]+ [KMGT]B free", operator.go("GET", "/-/health").json()["details"]["disk"]
    )
    assert stranger.go("GET", "/-/metrics", headers={"accept": "*/*"}).status_code == 401
    assert operator.go("GET", "/-/metrics").status_code == 200


def test_figures_are_those_of_the_rows(filled: Home) -> None:
    conn = connect(filled)
    found = operating.figures(conn, NOW)
    current = conn.execute("select reading, effective, count(*) from current_verdicts group by 1, 2").fetchall()
    assert found.verdicts == {(row[0], row[1]): row[2] for row in current}
    conn.close()
    text = here(filled).go("GET", "/-/metrics").text
    said = samples(text)
    assert said["coi_sources", "suspect"] == 1  # the one whose run failed
    assert said["coi_rows", "documents"] == found.rows["documents"] > 3
    assert said["coi_up",] == said["coi_schema_current",] == 1
    assert said["coi_bytes", "database"] == filled.database.stat().st_size


def test_requests_are_counted_by_how_they_ended(filled: Home) -> None:
    visitor = here(filled)
    visitor.go("GET", "/robots.txt")
    visitor.go("GET", "/nowhere")
    visitor.go("BREW", "/robots.txt")
    said = samples(visitor.go("GET", "/-/metrics").text)
    assert said["coi_request_seconds_count", "GET", "2xx"] == 1
    assert said["coi_request_seconds_count", "GET", "4xx"] == 1
    assert ("coi_request_seconds_count", "BREW", "4xx") not in said


def test_every_figure_that_a_rule_names_is_exposed(
    filled: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = tmp_path / "backups" / "20260101T000000Z"
    made.mkdir(parents=True)
    (made / "manifest.json").write_text('{"made_at": "2026-01-01T00:00:00Z"}', "utf-8")
    monkeypatch.setenv("COI_BACKUPS", str(made.parent))
    conn = connect(filled)
    with writing(conn):
        health.note_step(conn, "alerts", at=instant(NOW))
    conn.close()
    visitor = here(filled)
    visitor.go("GET", "/robots.txt")
    said = samples(visitor.go("GET", "/-/metrics").text)
    names = {key[0] for key in said} | {"coi_nearest_end_days", "coi_source_bad", "coi_verdicts_lapsing"}
    rules = [rule for group in yaml.safe_load(RULES.read_text("utf-8"))["groups"] for rule in group["rules"]]
    asked = {name for rule in rules for name in re.findall(r"\bcoi_\w+", rule["expr"])}
    assert asked <= names and len(rules) >= 12
    pairs = {(m[1], m[3]) for rule in rules for m in re.finditer(r'(coi_\w+)\{(\w+)="(\w+)"\}', rule["expr"])}
    known = {(key[0], label) for key in said for label in key[1:]} | {("coi_verdicts_lapsing", "reviewed")}
    assert pairs <= known
    assert all({"alert", "expr", "labels", "annotations"} <= set(rule) for rule in rules)
