"""Wrong use ends with exit code 2 and says what is right; what can be understood is understood."""

import pytest
from click.testing import CliRunner

from coi import cli
from tests.site_home import make


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    from store.home import Home

    home = Home(tmp_path_factory.mktemp("filled"))
    make(home)
    return home


def run(home, *words: str):
    return CliRunner().invoke(cli, words, env={"COI_HOME": str(home.path)})


@pytest.mark.parametrize(("words", "said"), [
    (("newer", "NL-FOO"), "no moratorium 'NL-FOO'; known: "),
    (("newer", "NL-RUS-2022", "--until", "2020-01-01"), "no decision was known by 2020-01-01"),
    (("backtest", "--moratorium", "NL-FOO"), "no moratorium 'NL-FOO'; known: "),
    (("deadline", "--regime", "NL", "--lodged", "2024-01-01", "--moratorium", "NL-FOO"), "'NL-FOO' is not in"),
    (("explain", "RU", "conscripts", "G9.9"), "not asked about conscripts"),
    (("explain", "RU", "poets", "G1.3"), "G1.3 is asked about conscripts"),
    (("status", "--country", "XX"), "XX"),
    (("status", "--group", "poets"), "conscripts"),
])  # fmt: skip
def test_wrong_use_is_2(filled, words, said):
    found = run(filled, *words)
    assert found.exit_code == 2, found.output
    assert said in found.output


@pytest.mark.parametrize("words", [("RU", "conscripts", "G1.3"), ("ru", "Conscripts", "g1.3")])
def test_capitals_do_not_matter(filled, words):
    found = run(filled, "explain", *words, "--as-of", "2022-06-29")
    assert found.exit_code == 0, found.output


def test_an_empty_folder_is_no_home_of_alerts(tmp_path):
    from store.home import Home

    found = run(Home(tmp_path / "none"), "alerts")
    assert found.exit_code == 1 and "does not exist" in found.output
    assert not (tmp_path / "none").exists()
