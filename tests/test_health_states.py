"""Health: every break is an event within one cadence, recovery says how long it lasted, silence of ours is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import watchdog
from crawler.cadence import next_slot
from crawler.source import Source, load_sources
from crawler.states import BAD, Ran, State, after_run
from review import gates
from store import health, runs
from store.clock import instant
from store.db import connect, writing
from store.health import Condition
from store.model import RunCounts
from store.sources import sync
from tests.test_schedule import declare

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MISSING = Condition(state="never_run", failures=0, first_run_s=None, last_success_s=None)


class World:
    """A store with one hourly source, and a clock that only moves when told to."""

    def __init__(self, home, **changes) -> None:
        self.source = Source.model_validate(declare(home, every="1 hours").model_dump() | changes)
        self.conn, self.now = connect(home), START
        with writing(self.conn):
            sync(self.conn, [self.source.card], declared_at=instant(START))

    def run(self, status: str, message: str = "", *, origin="network", slot="", lost=0, wait=HOUR):
        """Let one run end, a while later; give back the event it made."""
        self.now += wait
        at = instant(self.now)
        with writing(self.conn):
            number = runs.start(self.conn, self.source.id, slot or f"due:{at}", origin=origin, started_at=at)
            assert number is not None
            counts = RunCounts(failed=lost)
            runs.finish(self.conn, number, counts, status, message, ended_at=at)
            return watchdog.record_outcome(self.conn, self.source, number, at=at)

    def look(self, wait=timedelta(0), by="coi schedule"):
        self.now += wait
        with writing(self.conn):
            return watchdog.look(self.conn, {self.source.id: self.source}, [], now=self.now, by=by)

    def looks(self, until: datetime) -> list[str]:
        """Look every ten minutes, as the schedule does; give back what was said."""
        said: list[str] = []
        while self.now + timedelta(minutes=10) <= until:
            said += self.look(wait=timedelta(minutes=10)).messages
        return said

    @property
    def state(self) -> str:
        return self.row["state"]

    @property
    def row(self):
        return self.conn.execute("select * from source_health where id = 'local'").fetchone()

    def events(self) -> list[tuple[str, str, str]]:
        rows = self.conn.execute("select kind, before, after from source_events order by id")
        return [tuple(row) for row in rows]


@pytest.fixture
def world(home) -> World:
    return World(home)


class TestRuns:
    def test_worse_step_by_step_and_well_again_at_once(self, world):
        assert world.state == "never_run"
        found = [world.run(status, f"seen {n}") for n, status in enumerate(["ok", *["failed"] * 4, "failed", "ok"])]
        after = [event.after if event else None for event in found]
        assert after == ["ok", "suspect", "failing", None, "broken", None, "ok"]
        assert found[1].message == "seen 1"
        assert "2 failed runs in a row: seen 2" in found[2].message
        assert found[-1].message == "answers again after 5 hours (6 hours since it last did)"
        assert (world.state, world.row["since"]) == ("ok", instant(world.now))

    def test_three_days_without_success_are_broken_for_a_daily_source(self, home):
        world = World(home, every="1 days")
        world.run("ok")
        after = [world.run("failed", "no", wait=timedelta(days=1)).after for _ in range(3)]
        assert after == ["suspect", "failing", "broken"]

    def test_what_is_nice_to_have_alarms_nobody(self, home):
        world = World(home, optional=True)
        found = [world.run("failed", "no") for _ in range(6)]
        assert [event.after if event else None for event in found] == ["suspect", None, None, None, None, None]

    def test_a_run_with_losses_is_an_answer_that_says_what_it_lost(self, world):
        world.run("failed", "timeout")
        event = world.run("partial", "3 pages answered 500", lost=3)
        assert event.after == "ok"
        assert "but 3 lost: 3 pages answered 500" in event.message

    @pytest.mark.parametrize(
        ("status", "how"),
        [("failed", {"origin": "archive"}), ("failed", {"slot": "page:https://a.example/"}), ("interrupted", {})],
    )
    def test_replays_single_pages_and_stopped_runs_say_nothing_of_a_source(self, world, status, how):
        world.run("ok")
        assert world.run(status, "no", **how) is None
        assert world.state == "ok"

    @given(st.lists(st.booleans(), min_size=1, max_size=12), st.sampled_from([3600, 86_400, 604_800]), st.booleans())
    def test_the_first_failure_is_told_and_only_an_answer_makes_well(self, successes, every_s, optional):
        seen, now_s = MISSING, 1.0
        for success in successes:
            now_s += every_s
            seen = replace(
                seen,
                failures=0 if success else seen.failures + 1,
                first_run_s=seen.first_run_s or now_s,
                last_success_s=now_s if success else seen.last_success_s,
            )
            change = after_run(
                seen, Ran(success=success, lost=0, message="m"), every_s=every_s, optional=optional, now_s=now_s
            )
            state = change.after if change else State(seen.state)
            assert (state is State.OK) == success
            assert success or state in BAD
            assert change is not None or seen.failures != 1
            assert not optional or state in (State.OK, State.SUSPECT)
            if State(seen.state) in BAD and not success:
                order = [State.SUSPECT, State.FAILING, State.BROKEN]
                assert 0 <= order.index(state) - order.index(State(seen.state)) <= 1
            seen = replace(seen, state=state)


class TestWatchdog:
    def test_a_due_run_that_did_not_happen_is_told_once(self, world):
        world.run("ok")
        due = next_slot(watchdog.cadence_of(world.source), world.now)
        world.look()
        assert world.looks(until=due + HOUR) == []
        (said,) = world.looks(until=due + 5 * HOUR)
        assert f"local: the run due at {instant(due)} did not happen" in said
        assert world.state == "suspect"
        assert world.run("ok").message.startswith("answers again after")
        assert world.state == "ok"

    def test_what_never_ran_is_late_too(self, world):
        assert world.look().messages == ()
        (said,) = world.looks(until=START + 4 * HOUR)
        assert "did not happen" in said
        assert world.state == "never_run"

    def test_cron_that_looks_once_a_day_makes_an_hourly_source_not_late(self, world):
        for _ in range(3):
            world.look(wait=timedelta(days=1), by=watchdog.CRON)
            world.run("ok", wait=timedelta(minutes=1))
        told = [kind for kind, *_ in world.events()]
        assert told.count("late") == 1  # the first look cannot know yet how often cron comes

    def test_a_schedule_that_was_dead_is_told_and_one_that_was_stopped_is_not(self, world):
        world.look()
        assert "the schedule was dead for 2 hours" in world.look(wait=2 * HOUR).messages[0]
        with writing(world.conn):
            health.beat(world.conn, at=instant(world.now), by="coi schedule", stopped=True)
        assert not any("dead" in said for said in world.look(wait=2 * HOUR).messages)

    def test_what_waits_for_a_setting_is_not_configured_and_says_how(self, home, monkeypatch):
        world = World(home, needs={"setting": "COI_TESTS_KEY", "how": "ask the publisher for a key"})
        assert world.look().messages == ("local: set COI_TESTS_KEY: ask the publisher for a key",)
        assert world.looks(until=START + 9 * HOUR) == []
        assert (world.state, world.row["state_message"]) == (
            "not_configured",
            "set COI_TESTS_KEY: ask the publisher for a key",
        )
        monkeypatch.setenv("COI_TESTS_KEY", "k")
        world.look()
        assert world.state == "never_run"

    def test_a_run_whose_process_cannot_live_any_more_is_closed(self, world):
        with writing(world.conn):
            runs.start(world.conn, "local", "due:x", origin="network", started_at=instant(START))
        world.look(wait=HOUR)
        assert world.row["last_status"] == "running"
        world.look(wait=6 * HOUR)
        assert world.row["last_status"] == "interrupted"


class TestGates:
    """What the health of a decisive source does to a verdict (method §7): the same runs make both."""

    def unhealthy(self, world, on: datetime) -> bool:
        (source,) = gates.crawled(world.conn, "RU", as_of=on.date(), until="9999")
        return gates._unhealthy(source, on.date())

    def test_a_broken_decisive_source_closes_the_gate_and_a_recovered_one_opens_it(self, home):
        world = World(home, every="1 days", decisive_for=("RU",))
        world.run("ok")
        assert not self.unhealthy(world, world.now)
        for _ in range(9):
            world.run("failed", "no", wait=timedelta(days=1))
        assert world.state == "broken"
        assert self.unhealthy(world, world.now)
        world.run("ok", slot="page:https://a.example/")
        assert self.unhealthy(world, world.now)
        world.run("partial", "2 lost", lost=2)
        assert not self.unhealthy(world, world.now)

    @pytest.mark.parametrize(("window", "closed"), [(None, True), ("Mo-Fr 06:00-20:00", False)])
    def test_a_weekend_outside_the_window_is_no_silence(self, home, window, closed):
        world = World(home, every="6 hours", decisive_for=("RU",), window=window)
        world.run("ok", wait=timedelta(days=4))  # a Friday
        assert self.unhealthy(world, world.now + timedelta(days=2)) == closed
        assert self.unhealthy(world, world.now + timedelta(days=5))


def test_a_day_is_as_bad_as_its_worst_run(world):
    for status in ("ok", "failed", "ok"):
        world.run(status, "no")
    rows = world.conn.execute("select day, runs, worst from source_days").fetchall()
    assert [tuple(row) for row in rows] == [("2026-03-02", 3, "failed")]


def test_the_last_slot_before_the_window_closes_is_not_missed_in_the_evening() -> None:
    """Hourly cron in a window to 19:00: what did not run at 18:30 waits for the morning, and is late only then."""
    source = next(iter(load_sources().values())).model_copy(
        update={"every": "1 hours", "window": "Mo-Fr 07:00-20:00", "zone": "Europe/Amsterdam"}
    )
    since = datetime.fromisoformat("2026-01-05T17:30:00Z")
    for now, late in (("2026-01-05T19:30:00Z", False), ("2026-01-06T06:20:00Z", False), ("2026-01-06T08:30:00Z", True)):
        assert bool(watchdog._missed(source, since, datetime.fromisoformat(now), 3600)) == late
