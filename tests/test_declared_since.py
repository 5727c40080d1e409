"""What is declared is known to the next command, whichever it is: a watershed must not wait for a run of `coi tag`."""

from datetime import date

import pytest
from click.testing import CliRunner

from coi import cli
from review import work
from store.db import connect
from tests.site_home import make

EVENT = """title = "A day on which much changed"
country = "RU"
on = 2022-06-15
effect = "watershed"
confirmed = true
questions = ["G1.*", "G5.*"]
why = "For the test."
source = "tests"
"""


@pytest.fixture
def declared(home, monkeypatch):
    """A home that was judged, and then a watershed that somebody wrote down."""
    monkeypatch.setenv("COI_HOME", str(home.path))
    make(home)
    work.assess(home, as_of=date(2022, 6, 29), basis="public", say=str)
    folder = home.declared / "watersheds"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "RU-2022-06-15-changed.toml").write_text(EVENT, "utf-8")
    return folder / "RU-2022-06-15-changed.toml"


def listed(home):
    conn = connect(home)
    try:
        return len(conn.execute("select 1 from watershed_questions where watershed_id like '%-changed'").fetchall())
    finally:
        conn.close()


@pytest.mark.parametrize(
    "words",
    [
        "assess --as-of 2022-06-29", "status --as-of 2022-06-29", "explain RU conscripts G1.3 --as-of 2022-06-29",
        "signoff propose RU G1.3 --status insufficient --review-on 2099-01-01 --reason r --by anna",
        "newer NL-RUS-2022 --on 2022-06-29 --until 2022-06-30", "alerts",
    ],
)  # fmt: skip
def test_a_new_watershed_counts_at_once(declared, home, words):
    assert listed(home) == 0
    done = CliRunner().invoke(cli, words.split())
    assert done.exit_code == 0, done.output
    assert listed(home) > 10


def test_what_cannot_be_taken_in_is_named_and_the_rest_goes_on(declared):
    declared.write_text(EVENT.replace("2022-06-15\n", "2022-13-15\n"), "utf-8")
    for words in ("assess", "status"):
        done = CliRunner().invoke(cli, [words, "--as-of", "2022-06-29"])
        assert done.exit_code == 0
        assert "-changed.toml" in done.output


def test_the_site_says_so_until_it_is_taken_in(declared, home):
    from tests.test_site import Site

    site = Site(home, {})
    assert "coi assess" in site.get("/?as_of=2022-06-29").text
    assert CliRunner().invoke(cli, ["status", "--as-of", "2022-06-29"]).exit_code == 0
    assert "have changed since they were taken in" not in site.get("/?as_of=2022-06-29").text
