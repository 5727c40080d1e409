"""Regimes as declared: what a file must say, alone and beside the others."""

from datetime import date
from pathlib import Path

import pytest

from review.deadline_answer import check, load
from review.deadline_parts import Claim, Freeze
from review.deadlines import compute
from review.declared_regime import Regime
from store.declared import DeclarationError

REGIMES = load()
PACT = REGIMES["eu_regulation_2024_1348"]
SYRIA = Freeze(first_day=date(2024, 12, 14), last_day=date(2025, 6, 13))

SOUND = """
title = "Exampleland: decisions"
title_nl = "Voorbeeldland: beslissingen"
states = ["XA"]
suspends = "decisions"
legal_basis = { en = "Aliens Act", nl = "Vreemdelingenwet" }
confirmed = false
valid_to = 2030-12-31
period = [{ months = 6, article = "art. 1", confirmed = false }]
cap = [{ months = 21, article = "art. 2", confirmed = false }]
extensions = [{ months = 9, article = "art. 3", confirmed = false }]
models = [{ model = "until_21", article = "art. 2", confirmed = false }]
default_model = { model = "until_21", why = { en = "the only one", nl = "de enige" } }
"""
PERIOD = 'period = [{ months = 6, article = "art. 1", confirmed = false }]'


def declared(tmp_path: Path, text: str) -> Regime:
    (tmp_path / "xa.toml").write_text(text, "utf-8")
    return Regime.load(tmp_path / "xa.toml")


def test_an_own_regime_computes(tmp_path):
    found = compute(declared(tmp_path, SOUND), Claim(lodged=date(2024, 8, 31)), SYRIA)
    assert (found.base, found.deadline, found.confirmed) == (date(2025, 2, 28), date(2026, 5, 31), False)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('cap = [{ months = 21, article = "art. 2", confirmed = false }]', "", "cap is missing"),
        ("months = 21", "months = 12", "cap of 12 months is below period and extensions together"),
        ("valid_to = 2030", "valid_from = 2031-01-01\nvalid_to = 2030", "valid_to 2030-12-31 is before valid_from"),
        ('"art. 3",', '"art. 3", valid_from = 2031-01-01,', "extensions: 2031-01-01 to the end reaches past the end"),
        ('"art. 3",', '"art. 3", on_top_of = 4,', "9 months on top of 4, which is not declared"),
        ('"art. 1", confirmed = false', '"art. 1", confirmed = true', "needs the source"),
        ('_model = { model = "until_21"', '_model = { model = "fixed_year"', "default_model is 'fixed_year'"),
        ('model = "until_21", article', 'model = "until_12", article', "until_12"),
        ("suspends =", "suspend =", "Did you mean 'suspends'"),
        ('"XA"', '"Exampleland"', "states.0"),
    ],
)  # fmt: skip
def test_a_regime_that_cannot_hold_is_refused_by_field_and_file(tmp_path, old, new, said):
    assert old in SOUND
    with pytest.raises(DeclarationError) as refused:
        declared(tmp_path, SOUND.replace(old, new))
    assert said in str(refused.value)
    assert "xa.toml" in str(refused.value)


def test_two_values_on_the_same_day_are_refused(tmp_path):
    twice = PERIOD.replace("}]", '}, { months = 8, article = "art. 9", confirmed = false }]')
    with pytest.raises(DeclarationError, match="period: two values hold on the same days"):
        declared(tmp_path, SOUND.replace(PERIOD, twice))


def test_two_regimes_for_the_same_days_of_a_state_are_refused(tmp_path):
    (tmp_path / "regimes").mkdir()
    (tmp_path / "regimes" / "own_nl.toml").write_text(SOUND.replace('"XA"', '"NL"'), "utf-8")
    with pytest.raises(DeclarationError, match=r"regimes/.*toml: NL has .* on the same lodging days"):
        load(tmp_path)


def test_every_value_of_the_shipped_regimes_is_confirmed_at_an_address_or_marked():
    values = [v for r in REGIMES.values() for v in (*r.period, *r.cap, *r.review, *r.extensions, *r.models)]
    assert all(value.source for value in values if value.confirmed)
    assert {value.confirmed for value in (*PACT.period, *PACT.cap, *PACT.review, *PACT.extensions)} == {False}


def test_every_moratorium_rests_on_a_declared_regime():
    assert check().keys() == REGIMES.keys()


def test_a_moratorium_that_names_no_regime_is_refused_by_file(tmp_path):
    shipped = Path(__file__).parents[1] / "review" / "moratoria" / "NL-SYR-2024.toml"
    (tmp_path / "moratoria").mkdir()
    (tmp_path / "moratoria" / "NL-SYR-2024.toml").write_text(
        shipped.read_text("utf-8").replace('"nl_vw2000_decisions"', '"nl_vw_200"'), "utf-8"
    )
    with pytest.raises(DeclarationError, match=r"moratoria/NL-SYR-2024\.toml: regime 'nl_vw_200' .*is not declared"):
        check(tmp_path)
