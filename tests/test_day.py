"""A simulated day, shortened: every break is told in time, none looks like nothing new (tests/day.py: the whole)."""

from pathlib import Path

import pytest

from crawler.source import SHIPPED
from crawler.states import State
from store.home import Home
from tests.day import SHORT, Day, line_of

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """Five hours of more than forty sources, of which five break and two recover; one hour is killed and run again."""
    made = Day(Home(tmp_path_factory.mktemp("day") / "home"), SHORT)
    with made.open():
        made.run(lambda tick: print(line_of(tick)))
    return made


def test_at_least_forty_sources_of_all_simulated_shapes_answer(day: Day) -> None:
    assert len(day.publishers) >= 40
    first = day.ticks[0]
    assert {str(result["status"]) for result in first.results} <= {"ok", "partial"}
    assert all(publisher.listed for publisher in day.publishers.values() if publisher.items)


def test_nothing_is_lost_doubled_or_passed_over_in_silence(day: Day) -> None:
    assert list(day.problems()) == []


def test_the_day_checks_what_it_claims_to_check(day: Day) -> None:
    """A document less, an item listed that was never kept, a break that nobody told: each is found."""
    publisher = day.publishers["hrw"] if "hrw" in day.publishers else next(
        publisher for publisher in day.publishers.values() if publisher.items)  # fmt: skip
    publisher.listed.add(999_999)
    try:
        assert any("lost [999999]" in said for said in day.problems())
    finally:
        publisher.listed.discard(999_999)
    one = next(one for one in day.plan.breaks if one.source_id == "rferl")
    quiet = type(one)(source_id="vluchtelingenwerk", how=one.how, begins_h=one.begins_h, ends_h=None, says="x")
    assert any("told never" in said for said in day._noticed(quiet))


def test_a_broken_source_is_well_again_or_is_not(day: Day) -> None:
    states = {one.source_id: day.events(one.source_id)[-1]["after"] for one in day.plan.breaks}
    assert [states.pop(name) for name in ("koop_kamerstukken_19637", "tweedekamer_brieven")] == [State.OK, State.OK]
    assert set(states.values()) <= {State.FAILING, State.BROKEN}
    assert day.half == 1, "the kill cut a run off"


def test_the_sources_are_the_shipped_ones(day: Day) -> None:
    for name in day.publishers:
        mine = (day.home.declared / "sources" / f"{name}.toml").read_text("utf-8").splitlines()
        shipped = (Path(SHIPPED) / f"{name}.toml").read_text("utf-8").splitlines()
        changed = {old.split("=")[0].strip() for old, new in zip(shipped, mine, strict=True) if old != new}
        assert changed <= {"start", "listing", "every"}
