"""Which days a replay judges, and when the state and the method agree; tests/test_demo.py replays the example."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from review.backtest_acts import AFTER, BEFORE, days
from review.backtest_compare import agrees
from review.backtest_types import Act

TODAY = date(2026, 11, 22)


@given(st.lists(st.dates(date(2005, 1, 1), date(2026, 1, 1)), min_size=1, max_size=5), st.integers(1, 60))
def test_every_act_is_judged_on_its_day_and_no_day_lies_ahead(on, every):
    acts = [Act(on=day, kind="decided", said="not enough", group=None, reason="", confidence="") for day in on]
    judged = days(acts, every_days=every, today=TODAY)
    assert set(on) <= set(judged)
    assert judged == sorted(set(judged))
    assert min(on) - BEFORE == judged[0]
    assert judged[-1] <= min(max(on) + AFTER, TODAY)
    assert all((after - before).days <= every for before, after in pairwise(judged))


def test_only_sufficient_is_enough():
    assert [agrees("enough", s) for s in ("insufficient", "emerging", "sufficient")] == [False, False, True]
    assert [agrees("not enough", s) for s in ("insufficient", "emerging", "sufficient")] == [True, True, False]
