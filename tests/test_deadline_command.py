"""coi deadline: what scripts read, what people read, and what is refused."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coi import cli

ASKED = ["base", "deadline", "hard_cap", "model", "steps", "confirmed"]


def run(tmp_path: Path, *args: str) -> Result:
    return CliRunner().invoke(cli, ["deadline", *args], env={"COI_HOME": str(tmp_path)})


def found(tmp_path: Path, *args: str) -> dict:
    result = run(tmp_path, *args, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_keys_that_scripts_rely_on(tmp_path):
    answer = found(
        tmp_path, "--regime", "NL", "--lodged", "2024-09-05", "--from", "2024-12-14", "--to", "2025-06-13",
        "--model", "suspension",
    )  # fmt: skip
    assert list(answer)[: len(ASKED)] == ASKED
    assert [answer[key] for key in ASKED if key != "steps"] == [
        "2025-03-05", "2025-09-05", "2026-06-05", "suspension", False,
    ]  # fmt: skip
    assert answer["by_model"] == {"fixed_year": "2026-03-05", "until_21": "2026-06-05", "suspension": "2025-09-05"}
    assert answer["departure_half"] is None  # nobody said that departures were suspended


@pytest.mark.parametrize("how", [["--moratorium", "NL-SYR-2024"], ["--from", "2024-12-14", "--to", "2025-06-13"]])
@pytest.mark.parametrize("model", ["fixed_year", "until_21", "suspension"])
def test_the_register_and_the_same_days_by_hand_agree(tmp_path, how, model):
    answer = found(tmp_path, "--regime", "NL", "--lodged", "2024-09-05", "--model", model, *how)
    expected = {"fixed_year": "2026-03-05", "until_21": "2026-06-05", "suspension": "2025-09-05"}
    assert answer["deadline"] == expected[model]


def test_lebanon_as_the_court_counted(tmp_path):
    lebanon = ["--regime", "NL", "--lodged", "2024-09-22", "--moratorium", "NL-LBN-2024", "--model", "fixed_year"]
    assert found(tmp_path, *lebanon)["deadline"] == "2026-03-22"
    rolled = found(tmp_path, *lebanon, "--roll-to-working-day")
    assert (rolled["base"], rolled["deadline"], rolled["confirmed"]) == ("2025-03-24", "2026-03-24", False)


def test_as_of_a_day_the_planned_end_counts_and_is_provisional(tmp_path):
    russia = ["--regime", "NL", "--lodged", "2022-05-01", "--moratorium", "NL-RUS-2022", "--model", "suspension"]
    early = found(tmp_path, *russia, "--as-of", "2022-07-01")
    late = found(tmp_path, *russia)
    assert (early["period"]["last_day"], early["provisional"]) == ("2022-12-28", True)
    assert (late["period"]["last_day"], late["provisional"]) == ("2023-06-28", False)
    assert early["deadline"] < late["deadline"]
    assert early["review"]["due"] == "2022-12-29"
    assert late["review"] is None


def test_an_annulled_moratorium_ran_until_the_judgment(tmp_path):
    answer = found(tmp_path, "--regime", "NL", "--lodged", "2024-01-05", "--moratorium", "NL-PSE-2023")
    assert (answer["period"]["last_day"], answer["for_a_person"]) == ("2024-04-24", True)


@pytest.mark.parametrize(
    ("lodged", "moratorium", "day", "marks"),
    [
        ("2023-11-01", "NL-PSE-2023", "2026-11-22", ["annulled: a person must check", "courts disagree"]),
        ("2022-08-01", "NL-RUS-2022", "2026-11-22", ["the period is inferred", "courts disagree"]),
        ("2022-08-01", "NL-RUS-2022", "2022-09-01", ["provisional", "courts disagree"]),
        ("2023-07-10", "NL-RUS-2022", "2026-11-22", ["the period is inferred"]),  # lodged after a last day so known
    ],
)
def test_a_deadline_is_no_surer_than_the_weakest_thing_it_rests_on(tmp_path, lodged, moratorium, day, marks):
    asked = ["--regime", "NL", "--lodged", lodged, "--moratorium", moratorium, "--as-of", day]
    answer = found(tmp_path, *asked)
    assert (answer["confirmed"], answer["law_confirmed"]) == (False, True)
    assert len(answer["unconfirmed"]) >= len(marks)
    head = run(tmp_path, *asked).output.splitlines()[0]
    assert "(NOT CONFIRMED; " in head and all(mark in head for mark in marks), head
    dutch = run(tmp_path, *asked, "--lang", "nl").output
    assert "(NIET BEVESTIGD; " in dutch.splitlines()[0] and "niet bevestigd: " not in dutch.splitlines()[0]


def test_an_informal_pause_lengthens_nothing(tmp_path):
    answer = found(tmp_path, "--regime", "NL", "--lodged", "2026-01-05", "--moratorium", "NL-IRN-2026")
    assert (answer["covered"], answer["deadline"]) == (False, answer["base"])


def test_ukraine_had_its_own_day_for_departures(tmp_path):
    answer = found(tmp_path, "--regime", "NL", "--lodged", "2022-03-01", "--moratorium", "NL-UKR-2022")
    half = answer["departure_half"]
    assert (half["max"], half["last_day"], half["ended"]) == ("2023-02-28", "2023-02-27", "2023-02-27")
    (step,) = [step for step in answer["steps"] if step.startswith("Departure half")]
    assert step == "Departure half: in force from 2022-02-28, ended: until and including 2023-02-27."


def test_a_departure_half_that_runs_ends_on_the_day_that_the_register_would_name(tmp_path):
    answer = found(tmp_path, "--regime", "NL", "--lodged", "2022-05-01", "--moratorium", "NL-RUS-2022", "--as-of",
                   "2022-07-01")  # fmt: skip
    (step,) = [step for step in answer["steps"] if step.startswith("Departure half")]
    assert "= 2023-06-29, so at most until and including 2023-06-28" in step
    assert answer["departure_half"]["ended"] is None


def test_an_application_that_is_not_covered_has_no_departure_half(tmp_path):
    answer = found(tmp_path, "--regime", "NL", "--lodged", "2025-07-01", "--moratorium", "NL-SYR-2024")
    assert (answer["covered"], answer["departure_half"]) == (False, None)


@pytest.mark.parametrize(("lodged", "moratorium", "en", "nl", "mark"), [
    ("2023-03-14", "NL-SYR-2024", "Note: 2024-09-14 lies before the moratorium began (2024-12-14)",
     "Let op: 2024-09-14 ligt vóór het begin", "2024-09-14  (chosen, before the moratorium began, earliest)"),
    ("2022-03-01", "NL-UKR-2022", "Note: 2023-09-01 lies within the moratorium (until and including 2023-11-27)",
     "Let op: 2023-09-01 valt binnen het moratorium", "2023-09-01  (chosen, within the moratorium, earliest)"),
])  # fmt: skip
def test_a_day_before_or_within_the_moratorium_is_explained(tmp_path, lodged, moratorium, en, nl, mark):
    told = ["--regime", "NL", "--lodged", lodged, "--moratorium", moratorium]
    english = run(tmp_path, *told).output
    assert en in english
    assert mark in english
    assert nl in run(tmp_path, *told, "--lang", "nl").output


def test_a_review_of_what_has_ended_is_said_to_change_nothing(tmp_path):
    told = ["--regime", "NL", "--lodged", "2024-09-05", "--moratorium", "NL-SYR-2024", "--reviewed", "2024-12-20"]
    assert found(tmp_path, *told)["steps"][-1].startswith(
        "--reviewed 2024-12-20 changes nothing: the moratorium ended (last day 2025-06-13)"
    )
    assert found(tmp_path, *told, "--as-of", "2025-01-01")["review"]["from"] == "2024-12-20"


@pytest.mark.parametrize("state", ["GB", "BE", "NO", "CH", "DK", "IE"])
def test_no_states_law_is_put_in_the_place_of_anothers(tmp_path, state):
    told = run(tmp_path, "--regime", state, "--lodged", "2024-01-01")
    assert told.exit_code == 2
    assert "--regime EU" not in told.output
    assert "Periods are declared for DE, EU, NL; take none of these for another state's law" in told.output
    assert "docs/add-a-regime.md" in told.output
    dutch = run(tmp_path, "--regime", state, "--lodged", "2024-01-01", "--lang", "nl").output
    assert "Termijnen zijn er voor DE, EU, NL" in dutch
    assert "Periods are" not in dutch


def test_a_lodging_day_after_the_pact_takes_the_regulation_and_says_that_nothing_is_confirmed(tmp_path):
    answer = found(tmp_path, "--regime", "nl", "--lodged", "2026-07-01", "--extended-6m", "--as-of", "2026-08-01")
    assert (answer["regime"], answer["base"], answer["confirmed"]) == ("eu_regulation_2024_1348", "2027-07-01", False)
    assert answer["unconfirmed"]
    assert {rule["confirmed"] for rule in answer["rests_on"]} == {False}


def test_what_is_not_known_of_reviews_under_the_pact_is_marked(tmp_path):
    answer = found(
        tmp_path, "--regime", "NL", "--lodged", "2026-07-01", "--from", "2026-07-01", "--as-of", "2026-08-01"
    )
    assert answer["review"]["confirmed"] is False
    assert "NOT CONFIRMED" in answer["steps"][-1]


def test_a_regime_can_be_asked_for_by_its_id(tmp_path):
    answer = found(tmp_path, "--regime", "eu_directive_2013_32", "--lodged", "2024-08-31")
    assert (answer["base"], answer["hard_cap"], answer["confirmed"]) == ("2025-02-28", "2026-05-31", True)


def test_people_read_the_steps_in_their_language(tmp_path):
    told = ["--regime", "NL", "--lodged", "2024-09-05", "--moratorium", "NL-SYR-2024", "--model", "suspension"]
    english, dutch = run(tmp_path, *told).output, run(tmp_path, *told, "--lang", "nl").output
    assert "Deadline: 2025-09-05 (NOT CONFIRMED; model as asked, courts disagree)" in english
    assert "Base: 2024-09-05 + 6 months (Vw 2000 art. 42(1)) = 2025-03-05." in english
    assert "Termijn: 2025-09-05 (NIET BEVESTIGD; model zoals gevraagd, rechters verschillen)" in dutch
    assert "suspension: het liep van 2024-12-14 tot en met 2025-06-13, 6 maanden" in dutch


def test_an_operators_own_regime_is_read(tmp_path):
    folder = tmp_path / "declared" / "regimes"
    folder.mkdir(parents=True)
    how = (Path(__file__).parents[1] / "docs" / "add-a-regime.md").read_text("utf-8")
    (folder / "xa_decisions.toml").write_text(how.split("```toml\n")[1].split("```")[0], "utf-8")
    assert found(tmp_path, "--regime", "XA", "--lodged", "2024-01-31")["base"] == "2024-07-31"


LODGED = ["--regime", "NL", "--lodged", "2024-01-01"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([*LODGED, "--from", "2024-03-01", "--to", "2024-02-01"], "ends on 2024-02-01, before it begins on 2024-03-01"),
        ([*LODGED, "--to", "2024-02-01"], "--to needs --from"),
        ([*LODGED, "--moratorium", "NL-SYR-2024", "--from", "2024-02-01"], "leave out --from and --to"),
        ([*LODGED, "--moratorium", "NL-SYR-2042"], "'NL-SYR-2042' is not in the register; close to it: NL-SYR-2024"),
        ([*LODGED, "--moratorium", "DE-SYR-2024"], "DE-SYR-2024 is a freeze of DE"),
        ([*LODGED, "--model", "longest"], "'longest' is not one of"),
        ([*LODGED, "--extended-3m"], "only on top of that of 9 months"),
        ([*LODGED, "--extended-6m"], "an extension of 6 months does not hold under nl_vw2000_decisions"),
        ([*LODGED, "--decided", "2023-12-31"], "decided on 2023-12-31, before it was lodged"),
        (["--regime", "NL", "--lodged", "2024-02-30"], "'2024-02-30' is not a day"),
        (["--regime", "NL", "--lodged", "2024-02-02", "--as-of", "2024-02-01"], "lodged on 2024-02-02 lies after"),
        (["--regime", "NL", "--lodged", "9999-01-01"], "lodged on 9999-01-01 lies after"),
        (["--regime", "ZZ", "--lodged", "2024-01-01"], "no regime 'ZZ'"),
        (["--regime", "UK", "--lodged", "2024-01-01"], "regimes/gb_pause.toml declares no period"),
        (["--regime", "nl_vw2000_departures", "--lodged", "2024-01-01"], "is about departures"),
        (["--lodged", "2024-01-01"], "Missing option '--regime'"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_with_the_value(tmp_path, args, said):
    result = run(tmp_path, *args)
    assert result.exit_code == 2
    assert said in result.output


def test_a_regime_without_a_cap_is_refused_with_its_file_and_the_others_go_on(tmp_path):
    folder = tmp_path / "declared" / "regimes"
    folder.mkdir(parents=True)
    (folder / "xb.toml").write_text(
        'title = "B"\ntitle_nl = "Bee"\nstates = ["XB"]\nsuspends = "decisions"\nconfirmed = false\n'
        'legal_basis = { en = "Act", nl = "Wet" }\nperiod = [{ months = 6, article = "art. 1", confirmed = false }]\n',
        "utf-8",
    )
    result = run(tmp_path, *LODGED)
    assert result.exit_code == 0 and "Deadline: 2024-07-01" in result.stdout
    assert "regimes/xb.toml" in result.stderr and "cap is missing" in result.stderr
    result = run(tmp_path, "--regime", "XB", "--lodged", "2024-01-01")
    assert result.exit_code == 2 and "xb.toml" in result.stderr and "no regime 'XB'" in result.stderr


def test_a_shipped_regime_that_somebody_wrote_over_wrongly_is_not_taken_for_it(tmp_path):
    folder = tmp_path / "declared" / "regimes"
    folder.mkdir(parents=True)
    (folder / "nl_vw2000_decisions.toml").write_text('title = "NL"\n', "utf-8")
    result = run(tmp_path, *LODGED)
    assert result.exit_code == 2 and "nl_vw2000_decisions.toml" in result.stderr
    assert run(tmp_path, "--regime", "DE", "--lodged", "2024-01-01").exit_code == 0
