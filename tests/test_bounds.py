"""Values that no law, calendar or map has are refused where they are written, with field, value and file."""

import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from coi import cli
from review import deadline_answer
from review.alerts.people import Directory
from review.alerts.subscribing import Row, check
from review.declarations import load
from store.db import connect_memory
from store.declared import DeclarationError
from tests.alerts_world import Mailbox, declare

SHIPPED = Path(deadline_answer.__file__).parent


def copied(home, folder: str, name: str, *changes: tuple[str, str]) -> None:
    """A shipped file in the operator's folder, changed."""
    text = (SHIPPED / folder / f"{name}.toml").read_text("utf-8")
    for was, now in changes:
        assert re.search(was, text, re.S), was
        text = re.sub(was, now, text, count=1, flags=re.S)
    (home.declared / folder).mkdir(parents=True, exist_ok=True)
    (home.declared / folder / f"{name}.toml").write_text(text, "utf-8")


DEPARTURES = r'(half = "departures".*?ends_on = )2023-06-28'


def test_a_half_is_not_longer_than_its_own_months(home):
    copied(home, "moratoria", "NL-RUS-2022", (DEPARTURES, r"\g<1>2024-06-28"))
    with pytest.raises(DeclarationError) as said:
        load(home.declared)
    for part in ("NL-RUS-2022.toml", "ends_on 2024-06-28", "2023-06-28", "max_months", "departures"):
        assert part in str(said.value)
    assert len(str(said.value)) < 600, "it dumps the file"


def test_a_departure_half_is_not_longer_than_the_law_allows():
    found = deadline_answer.moratorium_of("NL-RUS-2022")
    halves = [half.model_copy(update={"ends_on": date(2024, 6, 28), "max_months": None}) for half in found.halves]
    long = found.model_copy(update={"halves": tuple(halves)})
    said = list(deadline_answer.beyond_cap([long], deadline_answer.load()))
    assert len(said) == 1  # decisions of article 43 have no cap of their own
    for part in ("NL-RUS-2022.toml", "field 'halves' (departures)", "ends_on 2024-06-28", "12 months", "art. 45(4)"):
        assert part in said[0]


def test_the_shipped_files_keep_to_their_law():
    assert deadline_answer.check()


def test_a_regime_of_two_hundred_months_is_a_slip(home):
    copied(home, "regimes", "nl_vw2000_departures", ("months = 12", "months = 200"))
    with pytest.raises(DeclarationError, match=r"(?s)nl_vw2000_departures.*'cap.0.months'.*200"):
        deadline_answer.check(home.declared)


def test_overlapping_periods_are_said_once_by_field(home, monkeypatch):
    monkeypatch.setenv("COI_HOME", str(home.path))
    copied(home, "moratoria", "NL-RUS-2022", ("last_day = 2022-12-28", "last_day = 2023-01-28"))
    said = CliRunner().invoke(cli, ["check"]).output
    assert said.count("NL-RUS-2022.toml") == 1, said
    assert "period" in said and "(whole file)" not in said and max(map(len, said.splitlines())) < 600


@pytest.mark.parametrize("model", ["suspension", "fixed_year", "until_21"])
def test_a_day_beyond_the_calendar_is_wrong_use(home, monkeypatch, model):
    monkeypatch.setenv("COI_HOME", str(home.path))
    words = "deadline --regime NL --lodged 2022-06-01 --from 0001-01-01 --to 9999-12-31 --model"
    done = CliRunner().invoke(cli, [*words.split(), model])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert "Traceback" not in done.output
    if model == "suspension":
        assert done.exit_code == 2
        assert "9999" in done.output


def test_a_subscription_is_to_a_country(home):
    declare(home, Mailbox(port=25))
    row = Row(person="anna", country="ZZ", group="*", event="status_fell", channel="mail", rhythm="digest")
    with pytest.raises(DeclarationError, match="'ZZ' is no country"):
        check(connect_memory(), row, Directory.load(home.declared), {})
