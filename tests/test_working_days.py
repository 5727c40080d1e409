"""Working days of the deciding states, across Easter, Christmas and weekends."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.working_days import UnknownState, add_working_days, holiday_name, is_working_day, next_working_day

STATES = ["NL", "DE", "BE", "GB", "DK", "SE", "NO", "AT", "CH", "EU"]
days = st.dates(date(2005, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "number", "state", "expected"),
    [
        ("2026-04-02", 3, "NL", "2026-04-09"),  # Maundy Thursday: Good Friday to Easter Monday are free
        ("2025-12-23", 3, "NL", "2025-12-30"),
        ("2025-12-24", 3, "DE", "2025-12-31"),
        ("2026-04-24", 1, "NL", "2026-04-28"),  # King's Day on Monday
        ("2026-04-24", 1, "DE", "2026-04-27"),
        ("2026-05-01", 0, "DE", "2026-05-04"),  # Labour Day and a weekend
        ("2025-12-24", 1, "UK", "2025-12-29"),
        ("2025-12-24", 1, "EU", "2025-12-25"),  # the Union has no holidays of its own
    ],
)
def test_days_that_people_can_check_in_a_calendar(day, number, state, expected):
    assert add_working_days(date.fromisoformat(day), number, state).isoformat() == expected


def test_a_weekend_moves_to_monday_and_a_working_day_stays():
    assert next_working_day(date(2025, 3, 22), "NL") == date(2025, 3, 24)
    assert next_working_day(date(2025, 3, 24), "NL") == date(2025, 3, 24)


def test_holidays_have_names():
    assert holiday_name(date(2026, 4, 27), "nl") == "King's Day"
    assert holiday_name(date(2026, 4, 28), "NL") is None


@given(days, st.sampled_from(STATES), st.integers(1, 12))
def test_so_many_working_days_lie_between(day, state, number):
    found = add_working_days(day, number, state)
    between = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]
    assert is_working_day(found, state)
    assert sum(is_working_day(one, state) for one in between) == number


@given(days, st.sampled_from(STATES))
def test_the_next_working_day_is_near_and_the_first(day, state):
    found = next_working_day(day, state)
    assert is_working_day(found, state)
    assert 0 <= (found - day).days <= 7
    assert not any(is_working_day(day + timedelta(days=n), state) for n in range((found - day).days))


def test_an_unknown_state_is_refused():
    with pytest.raises(UnknownState, match="'ZZ'"):
        is_working_day(date(2026, 1, 3), "ZZ")
    with pytest.raises(ValueError, match="-1 working days"):
        add_working_days(date(2026, 1, 1), -1, "NL")
