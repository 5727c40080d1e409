"""Months and deadlines on random days: the properties of the computable rules, and the rules written a second time."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from review.deadline_answer import load
from review.deadline_parts import Claim, Freeze
from review.deadlines import compute
from review.declared_regime import MODELS
from review.months import Span, add_months, add_span, months_between
from review.working_days import next_working_day

REGIMES = load()
VW, EU, DE = (REGIMES[name] for name in ("nl_vw2000_decisions", "eu_directive_2013_32", "de_asylg24"))

days = st.dates(date(2000, 1, 1), date(2035, 12, 31))
months = st.integers(0, 60)
extensions = st.sampled_from([(), (9,), (9, 3)])
often = settings(max_examples=150, deadline=None)


@st.composite
def freezes(draw: st.DrawFn) -> Freeze:
    first = draw(days)
    length = draw(st.none() | st.integers(0, 800))
    return Freeze(first_day=first, last_day=None if length is None else first + timedelta(days=length))


def rolled(day: date) -> date:
    return next_working_day(day, "NL")


# Months ---------------------------------------------------------------------------------------------------------------


@given(days, months)
def test_a_missing_day_becomes_the_last_of_its_month(day, number):
    found = add_months(day, number)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == number
    assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)


@given(days, months)
def test_months_agree_with_another_library(day, number):
    assert add_months(day, number) == day + relativedelta(months=number)


@given(days, days, months)
def test_adding_months_keeps_the_order(one, other, number):
    assert (add_months(one, number) <= add_months(other, number)) or one > other


@given(days, months, months)
def test_more_months_are_later(day, one, other):
    assert (add_months(day, one) < add_months(day, other)) == (one < other)


@given(days, st.integers(0, 2000))
def test_the_time_between_two_days_leads_from_one_to_the_other(first, length):
    until = first + timedelta(days=length)
    span = months_between(first, until)
    assert add_span(first, span) == until
    assert span.months >= 0 <= span.days <= 30


def test_a_span_counts_months_before_days():
    assert months_between(date(2024, 1, 31), date(2024, 2, 29)) == Span(1, 0)
    assert months_between(date(2024, 1, 31), date(2024, 2, 28)) == Span(0, 28)


# Properties of every deadline -----------------------------------------------------------------------------------------


@often
@given(days, extensions, freezes(), st.sampled_from(MODELS), st.booleans())
def test_never_below_the_base_and_never_above_the_cap(lodged, extended, freeze, model, roll):
    found = compute(VW, Claim(lodged=lodged, extended=extended), freeze, model=model, roll=rolled if roll else None)
    assert found.base <= found.deadline <= found.hard_cap == add_months(lodged, 21)
    assert found.by_model[model] == found.deadline
    assert any(found.deadline.isoformat() in step.en and found.deadline.isoformat() in step.nl for step in found.steps)


@often
@given(days, extensions, freezes(), st.sampled_from(MODELS))
def test_what_is_not_covered_keeps_its_base(lodged, extended, freeze, model):
    found = compute(VW, Claim(lodged=lodged, extended=extended), freeze, model=model)
    reached = (freeze.last_day is None or lodged <= freeze.last_day) and found.hard_cap >= freeze.first_day
    assert found.covered == reached
    assert found.covered or found.deadline == found.base
    assert found.provisional == (found.covered and freeze.last_day is None)


@often
@given(days, extensions, freezes(), st.sampled_from(MODELS))
def test_the_rules_written_again_with_another_library_agree(lodged, extended, freeze, model):
    base = lodged + relativedelta(months=6 + sum(extended))
    cap = lodged + relativedelta(months=21)
    last = freeze.last_day
    if not ((last is None or lodged <= last) and cap >= freeze.first_day):
        expected = base
    elif model == "fixed_year":
        expected = min(cap, base + relativedelta(years=1))
    elif model == "until_21":
        expected = base if last is not None and last < base else cap
    elif last is None:
        expected = cap
    else:
        after, start = last + timedelta(days=1), max(freeze.first_day, lodged)
        ran = relativedelta(after, start)
        whole = ran.years * 12 + ran.months
        assume(start + relativedelta(months=whole) + timedelta(days=ran.days) == after)  # both libraries count alike
        expected = min(cap, max(base + relativedelta(months=whole) + timedelta(days=ran.days), after))
    assert compute(VW, Claim(lodged=lodged, extended=extended), freeze, model=model).deadline == expected


@often
@given(days, st.integers(0, 400), extensions)
def test_who_lodges_later_is_never_due_earlier(lodged, later, extended):
    one = compute(VW, Claim(lodged=lodged, extended=extended))
    other = compute(VW, Claim(lodged=lodged + timedelta(days=later), extended=extended))
    assert (one.base, one.hard_cap) <= (other.base, other.hard_cap)


@often
@given(days, freezes(), st.integers(1, 400), st.sampled_from(["until_21", "suspension"]))
def test_a_longer_moratorium_never_makes_a_deadline_earlier(lodged, freeze, longer, model):
    assume(freeze.last_day is not None and lodged <= freeze.last_day)
    extended = Freeze(first_day=freeze.first_day, last_day=freeze.last_day + timedelta(days=longer))
    claim = Claim(lodged=lodged)
    # Slack of a short month: a month and 30 days from 1 January are more than two months (months are counted first).
    assert compute(VW, claim, extended, model=model).deadline >= compute(
        VW, claim, freeze, model=model
    ).deadline - timedelta(days=3 if model == "suspension" else 0)


@often
@given(st.sampled_from([EU, DE]), days, freezes())
def test_other_laws_keep_their_bounds_too(regime, lodged, freeze):
    found = compute(regime, Claim(lodged=lodged), freeze)
    assert found.base <= found.deadline <= found.hard_cap
    assert not (found.covered and found.confirmed)
