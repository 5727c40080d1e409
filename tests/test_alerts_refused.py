"""Alerts and bad input: refused with field, value and file; the rest goes on."""

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coi import cli
from review.alerts.people import Directory, check
from store import health
from store.declared import DeclarationError
from store.home import Home
from tests.alerts_world import HOOK, Mailbox, at, hook_server, mail_server, prepare, rows, subscribe, tick


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as running:
        yield running


@pytest.fixture
def desk(home: Home, box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("COI_HOME", str(home.path))
    monkeypatch.delenv(HOOK, raising=False)
    prepare(home, box, at("2022-06-20 05:00"))
    return home


def coi(*words: str) -> tuple[int, str]:
    found = CliRunner().invoke(cli, ["alerts", *words])
    return found.exit_code, found.output


ANNA = ("subscriptions", "add", "--person", "anna", "--event", "deadline")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((*ANNA, "--channel", "pigeon"), ["'channel'", "'pigeon'", "channels/pigeon.toml"]),
        ((*ANNA, "--channel", "hook"), ["'url_env'", HOOK, "channels/hook.toml"]),
        ((*ANNA[:3], "zoe", *ANNA[4:], "--channel", "mail"), ["'person'", "'zoe'", "people/zoe.toml"]),
        ((*ANNA, "--channel", "mail", "--group", "pilots"), ["'group'", "'pilots'", "conscripts"]),
        ((*ANNA, "--channel", "mail", "--country", "Russia"), ["'country'", "'Russia'"]),
        ((*ANNA[:5], "weather", "--channel", "mail"), ["'event'", "'weather'", "status_fell"]),
        ((*ANNA[:5], "fragile", "--channel", "mail", "--rhythm", "immediate"), ["'rhythm'", "digest"]),
        ((*ANNA[:5], "source_broken", "--channel", "mail", "--group", "conscripts"), ["'group'", "about no group"]),
        (("ack", "999", "--by", "anna"), ["999", "does not exist"]),
        (("retry", "7"), ["7", "is not dead"]),
        (("test", "pigeon", "--to", "anna"), ["'pigeon'"]),
    ],
)
def test_refused_with_field_value_and_file(desk: Home, words: tuple[str, ...], says: list[str]) -> None:
    code, output = coi(*words)
    assert code in (1, 2)
    for one in says:
        assert one in output, output


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("people/x", 'title = "X"\nstate = "NL"\nzone = "Europe/Atlantis"', ["'zone'", "Europe/Atlantis"]),
        ("people/x", 'title = "X"\nstate = "QQ"', ["'state'", "QQ"]),
        ("people/x", 'title = "X"\nstate = "NL"\naddress = "a b@c"', ["'address'", "a b@c"]),
        ("people/x", 'title = "X"\nstate = "NL"\nquiet_from = "22:00"', ["quiet_to"]),
        ("people/x", 'title = "X"\nstate = "NL"\nlanguage = "de"', ["'language'", "de"]),
        ("people/x", 'title = "X"\nstate = "NL"\ndeputy = "nobody"', ["'deputy'", "'nobody'"]),
        ("channels/x", 'title = "X"\nvia = "apprise"\nurl_env = "https://hooks.example/secret"', ["'url_env'"]),
        ("channels/x", 'title = "X"\nvia = "apprise"\nurl = "json://x"', ["'url'", "url_env"]),
        ("channels/x", 'title = "X"\nvia = "smtp"\nhost = "h"', ["port", "sender"]),
        ("channels/x", 'title = "X"\nvia = "fax"', ["'via'", "fax"]),
    ],
)
def test_a_wrong_file_is_named_and_takes_nobody_with_it(desk: Home, file: str, text: str, says: list[str]) -> None:
    (desk.declared / f"{file}.toml").write_text(text, "utf-8")
    with pytest.raises(DeclarationError) as refused:
        check(desk.declared)
    for one in (f"{file}.toml", *says):
        assert one in str(refused.value)
    assert {"anna", "bert", "carla"} <= set(Directory.load(desk.declared).people)


def test_a_secret_that_went_missing_costs_its_channel_only(desk: Home, box: Mailbox) -> None:
    with hook_server() as hook:
        subscribe(desk, "anna", "deadline")
        subscribe(desk, "bert", "deadline", channel="hook", environ={HOOK: hook.url})
        report = tick(desk, "2022-08-30 06:00")  # the variable is not set
        assert len(box.taken) == 2 and hook.posted == []
        assert any(HOOK in said and "'url_env'" in said and "channels/hook.toml" in said for said in report.problems)
        tick(desk, "2022-08-30 07:00", {HOOK: hook.url})
        assert len(hook.posted) == 2


def test_a_channel_whose_file_is_gone_waits_and_is_named(desk: Home, box: Mailbox) -> None:
    subscribe(desk, "anna", "deadline")
    file = desk.declared / "channels" / "mail.toml"
    kept = file.read_text()
    file.write_text(kept.replace('"smtp"', '"pigeon"'))
    report = tick(desk, "2022-08-30 06:00")
    assert report.sent == 0 and any("channels/mail.toml" in said for said in report.problems)
    file.write_text(kept)
    assert tick(desk, "2022-08-30 07:00").sent == 2


WRONG_ROWS = [
    ("update moratoria set declaration = '{}' where id = 'NL-RUS-2022'", "field 'halves': missing"),
    ("update moratoria set declaration = json_set(declaration, '$.halves[0].regime', 7) where id = 'NL-RUS-2022'",
     "field 'halves.0.regime'"),
    ("update moratoria set deciding = '7' where id = 'NL-RUS-2022'", "int"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "said"), WRONG_ROWS)
def test_a_broken_register_row_costs_itself_only(desk: Home, box: Mailbox, wrong: str, said: str) -> None:
    subscribe(desk, "anna", "deadline", "register_broken")
    subscribe(desk, "bert", "deadline", country="UA")  # 27 August 2022 is six months before the departures end
    with rows(desk) as conn:
        conn.execute(wrong)
    report = tick(desk, "2022-10-30 06:00")  # 120 days before 27 February 2023
    assert [one for one in report.problems if "NL-RUS-2022" not in one] == [] != report.problems
    subjects = sorted(mail["Subject"] for mail in box.taken)
    assert any("Refused: moratoria/NL-RUS-2022.toml" in one for one in subjects), subjects
    assert len([one for one in subjects if "Rus" in one]) == 1, "no deadline of a row that nobody can read"
    told = next(mail for mail in box.taken if "Refused" in mail["Subject"]).get_body(("plain",)).get_content()
    told = " ".join(told.split())
    assert said in told and "NL-RUS-2022" in told and "coi moratoria" in told
    assert any("Oekra" in one for one in subjects), subjects
    assert tick(desk, "2022-10-30 07:00").alerts == 0, "told once"
    assert run_coi("moratoria").exit_code == 0, "and this command reads the file anew"
    assert "NL-RUS-2022" in run_coi("moratoria", "--as-of", "2022-10-30").output
    assert tick(desk, "2022-10-30 08:00").alerts >= 2, "its own deadlines are told as soon as it is whole"


def run_coi(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


@pytest.mark.parametrize(
    ("beats", "now", "told"),
    [
        (["01:00"], "01:20", 0),
        (["01:00"], "01:31", 1),
        (["01:00", "06:00"], "06:01", 1),  # it was dead and looks again
        (["01:00", "01:10"], "01:30", 0),
    ],
)
def test_a_silent_schedule(desk: Home, beats: list[str], now: str, told: int) -> None:
    for clock in beats:
        with rows(desk) as conn:
            health.beat(conn, at=f"2022-08-30T{clock}:00Z", by="coi schedule")
    tick(desk, f"2022-08-30 {now}")
    tick(desk, "2022-08-30 06:02")
    with rows(desk) as conn:
        keys = [
            row["event_key"] for row in conn.execute("select event_key from alerts where event = 'scheduler_silent'")
        ]
    assert len(set(keys)) == len(keys)
    if told:
        assert keys[0] == "silent:2022-08-30T01:00:00Z"


def test_the_rows_are_never_changed(desk: Home, box: Mailbox) -> None:
    subscribe(desk, "anna", "deadline")
    tick(desk, "2022-08-30 06:00")
    for table in ("alerts", "outbox", "letters", "letter_alerts", "deliveries", "subscriptions"):
        with rows(desk) as conn, pytest.raises(sqlite3.IntegrityError, match="never changed"):
            conn.execute(f"delete from {table}")


def test_commands_end_to_end(desk: Home, box: Mailbox) -> None:
    assert coi(*ANNA, "--channel", "mail", "--country", "RU")[0] == 0
    assert "deadline" in coi("subscriptions")[1]
    code, output = coi("--now", "2022-08-30T06:00:00Z", "--json")
    assert (code, json.loads(output)["sent"]) == (0, 2)
    listed = json.loads(coi("list", "--country", "RU", "--open", "--json")[1])["alerts"]
    assert len(listed) == 2
    assert "seen" in coi("ack", str(listed[0]["id"]), "--by", "anna", "--note", "letter is being written")[1]
    assert "had said so" in coi("ack", str(listed[0]["id"]), "--by", "anna")[1]
    assert "sent to Bert" in coi("test", "mail", "--to", "bert")[1]
    assert "Proef van kanaal Mail" in box.taken[-1]["Subject"]
    assert "no dead messages" in coi("dead")[1]
    assert (
        "1 subscription(s) removed"
        in coi("subscriptions", "remove", *ANNA[2:], "--channel", "mail", "--country", "RU")[1]
    )


def test_the_documents_examples_load(desk: Home) -> None:
    docs = Path(__file__).resolve().parents[1] / "docs"
    for doc, folder in (("alerts.md", "people"), ("add-a-channel.md", "channels")):
        for number, text in enumerate(re.findall(r"```toml\n(.*?)```", (docs / doc).read_text("utf-8"), re.DOTALL)):
            (desk.declared / folder / f"example_{number}.toml").write_text(text, "utf-8")
    assert check(desk.declared)["people/example_0"].title == "Anna de Vries"
