"""Bad input, walked through the commands that people use: refused with field, value and file, and the rest goes on."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coi import cli
from review import refusals, register
from store.home import Home
from tests.alerts_world import HOOK, Mailbox, at, mail_server, prepare, rows, subscribe
from tests.site_home import AT, make
from tests.test_moratoria import ENDED, OWN, second
from tests.test_regimes import SOUND
from tests.test_scenario import scenario
from tests.test_site import Site

REGIME = SOUND.replace('cap = [{ months = 21, article = "art. 2", confirmed = false }]', "")
WRONG = [
    ("moratoria/NL-OWN", OWN + second("2024-06-30", "2024-06-01"), "period 2 starts on 2024-06-30, before"),
    ("moratoria/NL-OWN", OWN.replace("last_day = 2024-06-30", "last_day = 2023-06-30"),
     "last_day 2023-06-30 is before first_day 2024-01-01"),
    ("moratoria/NL-OWN", OWN + ENDED + second("2024-07-01", "2024-06-01"), "extended on 2024-06-01, after"),
    ("moratoria/NL-OWN",
     OWN + '[[group_versions]]\nversion = 1\nwording = "18 to 27"\nwho = "men"\nsource = "letter"\n',
     "group version 1 ('18 to 27') has no valid_from"),
    ("moratoria/NL-OWN", OWN.replace('"nl_vw2000_decisions"', '"nl_vw_200"'), "regime 'nl_vw_200'"),
    ("regimes/xa", REGIME, "cap is missing"),
    ("regimes/xa", SOUND.replace('"XA"', '"NL"'), "NL has nl_vw2000_decisions for decisions on the same lodging days"),
    ("questions/Q1", 'title = "Q"\n', "field 'wording': missing"),
    ("watersheds/w1", 'title = "W"\n', "field 'country': missing"),
]  # fmt: skip


@pytest.fixture
def desk(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Home, Mailbox]]:
    monkeypatch.setenv("COI_HOME", str(home.path))
    monkeypatch.delenv(HOOK, raising=False)
    with mail_server() as box:
        prepare(home, box, at("2022-06-20 05:00"))
        yield home, box


def coi(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def write(home: Home, name: str, text: str) -> Path:
    file = home.declared / f"{name}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(("name", "text", "said"), WRONG)
def test_a_wrong_declaration_is_named_and_told_and_every_deadline_goes_on(desk, name, text, said):
    home, box = desk
    subscribe(home, "anna", "deadline")
    subscribe(home, "carla", "register_broken", country="*")
    file = write(home, name, text)
    answer = coi("moratoria", "--json")
    refused = json.loads(answer.stdout)["refused"]
    assert {one["file"] for one in refused} == {f"{name}.toml"} and any(said in one["problem"] for one in refused)
    assert str(file) in answer.stderr and said in answer.stderr
    assert "NL-RUS-2022" in [one["id"] for one in json.loads(answer.stdout)["moratoria"]]
    first = coi("alerts", "--now", "2022-08-30T06:00:00Z")
    assert first.exit_code == 1 and file.name in first.output  # all is sent, and something is to be set right
    told = {mail["To"].addresses[0].username: mail for mail in box.taken}
    assert "120 days left" in told["anna"]["Subject"]
    assert f"Refused: {name}.toml" in told["carla"]["Subject"]
    assert coi("alerts", "--now", "2022-08-30T07:00:00Z").exit_code == 1 and len(box.taken) == 3  # nothing told twice


def test_what_is_refused_stands_on_the_pages_and_beside_the_status(desk):
    home, _ = desk
    name, text, said = WRONG[0]
    file = write(home, name, text)
    answer = coi("status")
    assert answer.exit_code == 0 and "NL-RUS-2022" in answer.stdout
    assert str(file) in answer.stderr and said in answer.stderr
    assert coi("check").exit_code == 1 and coi("deadline", "--regime", "NL", "--lodged", "2024-01-01").exit_code == 0
    site = Site(home, {})
    for path in ("/", "/moratoria?lang=nl"):
        page = site.get(path).text
        assert f"<code>{name}.toml</code>" in page and str(home.path) not in page
    assert b"UID:NL-RUS-2022.decisions.end" in site.get("/moratoria.ics").content
    file.unlink()
    assert coi("moratoria").stderr == ""


def test_a_broken_row_costs_its_own_page_only(desk):
    home, _ = desk
    with rows(home) as conn:
        conn.execute("update moratoria set declaration = '{}' where id = 'NL-RUS-2022'")
    site = Site(home, {})
    assert "field &#39;halves&#39;: missing" in site.get("/moratoria").text
    assert site.get("/moratoria/NL-RUS-2022").status_code == 503
    assert site.get("/moratoria/NL-UKR-2022").status_code == 200
    assert "halves" in coi("status").stderr
    calendar = site.get("/moratoria.ics").content
    assert b"UID:NL-UKR-2022.decisions.end" in calendar and b"UID:NL-RUS-2022.decisions" not in calendar


def taken_in(home: Home) -> list[str]:
    """What `coi tag` does first: take in every declaration; return what is refused."""
    refused: list[str] = []
    with rows(home) as conn:
        register.sync(conn, home.declared, at=AT, refused=refused)
    return refused


def test_a_question_that_verdicts_cite_cannot_be_withdrawn(home, monkeypatch):
    monkeypatch.setenv("COI_HOME", str(home.path))
    make(home)
    assert coi("assess").exit_code == 0
    shipped = (Path(refusals.__file__).parent / "questions" / "G1.3.toml").read_text("utf-8")
    file = write(home, "questions/G1.98", shipped)
    taken_in(home)
    assert coi("assess").exit_code == 0
    file.unlink()
    for answer in (coi("status"), coi("moratoria")):
        assert answer.exit_code == 0
        assert "questions/G1.98.toml is gone" in answer.stderr and "2 verdicts" in answer.stderr
    assert "questions/G1.98.toml is gone" in taken_in(home)[0]
    questions = [q["id"] for g in json.loads(coi("status", "--json").stdout)["groups"] for q in g["questions"]]
    assert "G1.98" in questions and coi("explain", "RU", "conscripts", "G1.98").exit_code == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"published_on": "2999-01-01"}, ["'published_on'", "2999-01-01", "lies in the future"]),
        ({"origin": "e1"}, ["'origin'", "e0 <- e1 <- e0"]),
    ],
)
def test_evidence_of_the_future_and_a_circle_of_origins(tmp_path, change, said):
    content = scenario()
    content["evidence"][0] |= change
    content["evidence"][1]["origin"] = "e0"
    file = tmp_path / "what-if.json"
    file.write_text(json.dumps(content), "utf-8")
    answer = coi("assess", "--scenario", str(file), "--json")
    assert answer.exit_code == 2
    for one in ("what-if.json", *said):
        assert one in answer.output, answer.output


def test_a_document_of_the_future_is_not_added(home, monkeypatch, tmp_path):
    monkeypatch.setenv("COI_HOME", str(home.path))
    file = tmp_path / "report.txt"
    file.write_text("Conscripts were sent to the front.\n" * 9, "utf-8")
    answer = coi("add", str(file), "--source", "amnesty", "--published", "2999-01-01")
    assert answer.exit_code != 0 and "2999-01-01" in answer.output


def test_a_deadline_on_the_day_of_summer_time_is_told_once_on_its_local_day(desk):
    home, box = desk
    own = OWN.replace("2024-06-30", "2024-03-31")  # in the Netherlands this day has 23 hours
    write(home, "moratoria/NL-OWN", own)
    assert coi("moratoria").stderr == ""
    assert coi("alerts", "--now", "2024-03-20T12:00:00Z").exit_code == 0
    subscribe(home, "anna", "deadline", country="SY")
    told = []
    for now in ("29T22:59", "29T23:01", "30T22:59", "30T23:01", "31T21:59", "31T22:01"):
        assert coi("alerts", "--now", f"2024-03-{now}:00Z").exit_code == 0
        told.append(len(box.taken))
    assert told == [1, 2, 2, 2, 2, 2], [mail["Subject"] for mail in box.taken]  # 7 days (late), then 1 day before
    assert "1 day left" in box.taken[1]["Subject"]


@pytest.mark.usefixtures("desk")
def test_an_unknown_channel_and_a_missing_secret():
    words = ("alerts", "subscriptions", "add", "--person", "anna", "--event", "deadline", "--channel")
    assert "channels/pigeon.toml" in coi(*words, "pigeon").output
    assert HOOK in coi(*words, "hook").output and "'url_env'" in coi(*words, "hook").output
    assert coi(*words, "mail").exit_code == 0
