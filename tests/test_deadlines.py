"""Individual deadlines: the worked cases of the courts, who is covered, what is confirmed, what is refused."""

from datetime import date

import pytest

from review.deadline_answer import load
from review.deadline_parts import Claim, DeadlineError, Freeze
from review.deadlines import compute, departure_max, review_due
from review.declared_regime import for_state
from review.months import BeyondCalendar, add_months
from review.working_days import next_working_day

REGIMES = load()
VW, EU, PACT, DE = (
    REGIMES[name] for name in ("nl_vw2000_decisions", "eu_directive_2013_32", "eu_regulation_2024_1348", "de_asylg24")
)
SYRIA = Freeze(first_day=date(2024, 12, 14), last_day=date(2025, 6, 13))
LEBANON = Freeze(first_day=date(2024, 11, 14), last_day=date(2025, 5, 13))
SUDAN = Freeze(first_day=date(2023, 7, 8), last_day=date(2024, 7, 7))


def rolled(day: date) -> date:
    return next_working_day(day, "NL")


# The worked cases -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lodged", "extended", "freeze", "model", "base", "deadline"),
    [
        ("2024-01-09", (), SUDAN, "fixed_year", "2024-07-09", "2025-07-09"),  # RBDHA:2025:788
        ("2024-01-30", (), SUDAN, "fixed_year", "2024-07-30", "2025-07-30"),  # RBDHA:2025:4844
        ("2023-09-16", (9,), SYRIA, "until_21", "2024-12-16", "2025-06-16"),  # RBDHA:2025:7655
        ("2024-09-05", (), SYRIA, "suspension", "2025-03-05", "2025-09-05"),  # RBDHA:2026:1940
    ],
)
def test_what_courts_computed(lodged, extended, freeze, model, base, deadline):
    found = compute(VW, Claim(lodged=date.fromisoformat(lodged), extended=extended), freeze, model=model)
    assert (found.base.isoformat(), found.deadline.isoformat()) == (base, deadline)
    assert found.confirmed == (model != "suspension")


def test_lebanon_comes_out_as_the_court_counted_on_working_days():
    """RBDHA:2025:15591: 22 March 2025 is a Saturday; both days stand in the steps."""
    claim = Claim(lodged=date(2024, 9, 22))
    plain = compute(VW, claim, LEBANON, model="fixed_year")
    court = compute(VW, claim, LEBANON, model="fixed_year", roll=rolled)
    assert (plain.base, plain.deadline) == (date(2025, 3, 22), date(2026, 3, 22))
    assert (court.base, court.deadline) == (date(2025, 3, 24), date(2026, 3, 24))
    assert plain.confirmed
    assert not court.confirmed
    step = next(step for step in court.steps if "2025-03-22 is" in step.en)
    assert step.en == "2025-03-22 is a Saturday; the next working day is 2025-03-24."
    assert step.nl == "2025-03-22 is een zaterdag; de eerstvolgende werkdag is 2025-03-24."


def test_ukraine_had_two_clocks():
    """Departures stopped at twelve months, decisions ran 21."""
    started = date(2022, 2, 28)
    day, rule = departure_max(REGIMES["nl_vw2000_departures"], started)
    assert (day, rule.confirmed) == (date(2023, 2, 28), True)
    assert compute(VW, Claim(lodged=started), Freeze(first_day=started, last_day=None)).hard_cap == date(2023, 11, 28)


def test_goettingen_let_a_stay_run_21_months():
    found = compute(DE, Claim(lodged=date(2023, 10, 27)), Freeze(first_day=date(2024, 1, 9), last_day=None))
    assert (found.deadline, found.model, found.provisional) == (date(2025, 7, 27), "until_21", True)


def test_the_departure_half_under_the_pact_is_not_confirmed():
    assert not departure_max(REGIMES["nl_vw2000_departures"], date(2026, 7, 1))[1].confirmed


def test_reviews_are_due_after_six_months_and_under_the_regulation_after_four():
    day, rule = review_due(EU, date(2024, 12, 9), date(2024, 1, 1)) or pytest.fail("no rule")
    assert (day, rule.confirmed) == (date(2025, 6, 9), True)
    day, rule = review_due(PACT, date(2026, 7, 1), date(2026, 7, 1)) or pytest.fail("no rule")
    assert (day, rule.confirmed) == (date(2026, 11, 1), False)


# Who is covered -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lodged", "decided", "covered"),
    [
        ("2025-06-13", None, True),  # lodged on the last day
        ("2025-06-14", None, False),
        ("2023-03-14", None, True),  # exactly 21 months old on the first day
        ("2023-03-13", None, False),
        ("2024-06-01", "2024-12-13", False),  # decided the day before
        ("2024-06-01", "2024-12-14", True),  # pending on the first day
        ("2024-01-01", None, True),  # overdue since 1 July, RVS:2025:3082
    ],
)
def test_who_a_moratorium_covers(lodged, decided, covered):
    claim = Claim(lodged=date.fromisoformat(lodged), decided=date.fromisoformat(decided) if decided else None)
    found = compute(VW, claim, SYRIA)
    assert found.covered is covered
    assert (found.deadline == found.base) is not covered


def test_an_overdue_application_is_covered_and_the_judgment_named():
    found = compute(VW, Claim(lodged=date(2024, 1, 1)), SYRIA)
    assert any("RVS:2025:3082" in step.en for step in found.steps)


def test_an_annulled_moratorium_is_for_a_person():
    annulled = Freeze(first_day=date(2023, 12, 19), last_day=date(2024, 4, 24), annulled=True)
    found = compute(VW, Claim(lodged=date(2024, 2, 1)), annulled, model="suspension")
    assert found.deadline == date(2024, 8, 1) + (date(2024, 10, 25) - date(2024, 8, 1))  # 2 months and 24 days
    assert any("A person must check this" in step.en for step in found.steps)


def test_without_a_published_end_a_suspension_goes_to_the_cap():
    found = compute(
        VW, Claim(lodged=date(2024, 3, 1)), Freeze(first_day=date(2024, 4, 1), last_day=None), model="suspension"
    )
    assert (found.deadline, found.provisional) == (date(2025, 12, 1), True)


def test_a_suspension_never_ends_before_the_day_after_the_moratorium():
    """An application overdue for long: base plus six months would lie inside the moratorium."""
    found = compute(VW, Claim(lodged=date(2023, 10, 1)), SYRIA, model="suspension")
    assert found.deadline == date(2025, 6, 14)


def test_until_21_falls_back_to_the_base_when_the_moratorium_ended_first():
    ended = Freeze(first_day=date(2024, 2, 1), last_day=date(2024, 6, 30))
    claim = Claim(lodged=date(2024, 1, 1))
    assert compute(VW, claim, ended, model="until_21").deadline == date(2024, 7, 1)
    running = Freeze(first_day=date(2024, 2, 1), last_day=date(2024, 7, 1))
    assert compute(VW, claim, running, model="until_21").deadline == date(2025, 10, 1)


# What is confirmed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lodged", "regime"),
    [
        ("2026-06-11", "nl_vw2000_decisions"),
        ("2026-06-12", "eu_regulation_2024_1348"),
        ("2024-05-01", "nl_vw2000_decisions"),
    ],
)
def test_the_lodging_day_picks_the_law_of_the_netherlands(lodged, regime):
    day = date.fromisoformat(lodged)
    found = for_state(REGIMES.values(), "NL", "decisions", day)
    assert found is not None
    assert found.id == regime
    assert compute(found, Claim(lodged=day)).confirmed == (lodged == "2024-05-01")


@pytest.mark.parametrize(
    ("lodged", "extended"),
    [
        ("2026-03-01", ()),  # the deadline falls under the transitional rule, which nobody read
        ("2021-01-01", ()),  # before the text of today was seen at work
        ("2024-03-01", (9,)),  # courts rejected the nine months for applications of 2024
    ],
)
def test_what_rests_on_something_unread_says_so_in_both_languages(lodged, extended):
    found = compute(VW, Claim(lodged=date.fromisoformat(lodged), extended=extended))
    assert not found.confirmed
    assert all(why.en and why.nl and why.en != why.nl for why in found.unconfirmed)


# Refusals -------------------------------------------------------------------------------------------------------------


def test_three_months_alone_are_refused():
    with pytest.raises(DeadlineError, match=r"3 months .* only on top of that of 9"):
        compute(VW, Claim(lodged=date(2024, 1, 1), extended=(3,)))


def test_nine_months_do_not_hold_under_the_regulation():
    with pytest.raises(DeadlineError, match="9 months does not hold under eu_regulation_2024_1348"):
        compute(PACT, Claim(lodged=date(2026, 7, 1), extended=(9,)))


def test_a_regime_without_a_ceiling_gives_no_deadline():
    with pytest.raises(DeadlineError, match=r"regimes/gb_pause\.toml declares no period .*no ceiling"):
        compute(REGIMES["gb_pause"], Claim(lodged=date(2024, 12, 1)))


def test_a_model_of_another_law_is_refused():
    with pytest.raises(DeadlineError, match="'fixed_year' is not declared for de_asylg24; choose from until_21"):
        compute(DE, Claim(lodged=date(2024, 1, 1)), SYRIA, model="fixed_year")


def test_a_reversed_period_is_refused():
    with pytest.raises(DeadlineError, match="ends on 2024-01-01, before it begins on 2024-02-01"):
        Freeze(first_day=date(2024, 2, 1), last_day=date(2024, 1, 1))


def test_a_decision_before_the_application_is_refused():
    with pytest.raises(DeadlineError, match="decided on 2023-01-01, before it was lodged"):
        compute(VW, Claim(lodged=date(2024, 1, 1), decided=date(2023, 1, 1)))


def test_a_day_beyond_the_calendar_is_refused():
    with pytest.raises(BeyondCalendar, match="9999-06-01 plus 21 months"):
        add_months(date(9999, 6, 1), 21)
