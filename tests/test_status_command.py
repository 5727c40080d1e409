"""coi status for people: short by default, whole where asked; one country or group, two languages."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from coi import cli
from store.home import Home
from tests.site_home import make

DAY = ("--as-of", "2022-06-29")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("filled"))
    make(home)
    return home


def status(home, *words: str, command: str = "status") -> str:
    found = CliRunner().invoke(cli, [command, *words], env={"COI_HOME": str(home.path)})
    assert found.exit_code == 0, found.output
    return found.output


def test_by_default_a_line_a_group_with_its_moratorium_days_counts_and_advice(home):
    short, whole = status(home, *DAY), status(home, *DAY, "--all")
    assert len(short) < len(whole) / 2
    (at,) = [number for number, line in enumerate(short.splitlines()) if line.startswith("RU Conscripts")]
    block = " ".join(short.splitlines()[at : at + 4])
    assert "NL-RUS-2022" in block
    assert "◐" in block
    assert "182" in short
    assert "G1.3" in short  # in the advice
    assert "coi status --all" in short


@pytest.mark.parametrize("words", [("--country", "ru"), ("--group", "Conscripts"), ("--all",)])
def test_the_whole_reason_stands_on_lines_of_its_own(home, words):
    shown = status(home, *DAY, *words)
    reasons = [line for line in shown.splitlines() if line.strip().startswith("CURRENT")]
    assert reasons
    assert max(map(len, reasons)) > 80  # not folded into a narrow column


def test_one_group_is_shown_alone_with_its_moratorium_also_as_json(home):
    one = json.loads(status(home, *DAY, "--group", "conscripts", "--json"))
    assert [group["group"] for group in one["groups"]] == ["conscripts"]
    assert "NL-RUS-2022" in [m["id"] for m in one["moratoria"]]
    every = json.loads(status(home, *DAY, "--json"))
    assert one["groups"][0] in every["groups"]
    assert list(every) == ["as_of", "basis", "reading", "rules_version", "groups", "moratoria", "refused"]


def test_in_dutch(home):
    shown = status(home, *DAY, "--all", "--lang", "nl")
    for words in ("ontoereikend", "ACTUEEL", "Toereikend betekent genoeg om te beslissen", "tot en met 2022-12-28"):
        assert words in shown
    assert "insufficient" not in shown


@pytest.mark.parametrize(("words", "basis"), [((), "held"), (DAY, "public"), ((*DAY, "--basis", "held"), "held")])
def test_today_stands_on_what_is_held_and_the_past_on_what_was_public_as_on_the_site(home, words, basis):
    first = status(home, *words).splitlines()[0]
    assert f"{basis} basis" in first
    assert json.loads(status(home, *words, "--json"))["basis"] == basis
    told = status(home, "RU", "conscripts", "G1.3", *words, command="explain")
    assert f"{basis} basis" in " ".join(told.split())[:200]


def test_it_says_whether_verdicts_of_this_day_and_basis_are_stored(home):
    def first(*words: str) -> str:
        return " ".join(status(home, *words).split("\n\n")[0].split())

    CliRunner().invoke(cli, ["assess"], env={"COI_HOME": str(home.path)})
    today = datetime.now(UTC).date()
    assert "are stored (computed " in first()
    assert f"are of {today}, held basis" in first("--basis", "public")


def test_the_register_in_dutch(home):
    shown = status(home, "--lang", "nl", command="moratoria")
    assert "Laatste dagen tellen mee" in shown
    assert "besluiten" in shown
    assert "Ended" not in shown
