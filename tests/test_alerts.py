"""Alerts: what is due is told once, by whatever days the machine runs; real mail server, real web hook, our clock."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.alerts import hours, tokens
from review.alerts.deadlines import stage_due
from review.alerts.desk import AGAIN_AFTER, run
from review.alerts.model import STAGES, Event, Kind
from review.alerts.say import Words, table
from review.alerts.seen import use_link
from review.alerts.subscribing import recipients
from store.home import Home
from tests.alerts_world import (
    HOOK,
    Hook,
    Mailbox,
    at,
    hook_server,
    mail_server,
    prepare,
    rows,
    subscribe,
    tick,
    verdict,
)  # fmt: skip

BEGIN = "2022-06-20 05:00"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as running:
        yield running


@pytest.fixture
def hook() -> Iterator[Hook]:
    with hook_server() as running:
        yield running


@pytest.fixture
def desk(home: Home, box: Mailbox) -> Home:
    """A home whose alerts have looked once, the week before the moratorium."""
    prepare(home, box, at(BEGIN))
    return home


def text_of(mail: object) -> str:
    return mail.get_body(("plain",)).get_content()  # type: ignore[attr-defined]


END = date(2023, 6, 28)


class TestStages:
    @given(st.sets(st.integers(-20, 200), min_size=1, max_size=40))
    def test_each_due_stage_is_told_once_for_any_days_of_running(self, lefts: set[int]) -> None:
        told: dict[int, int] = {}
        last: date | None = None
        for left in sorted(lefts, reverse=True):
            day = END - timedelta(days=left)
            stage = stage_due(END, day, last)
            if stage is not None and stage not in told:  # what the unique key does
                told[stage] = left
            last = day
        first = max(lefts)
        runs = sorted(lefts, reverse=True)
        for stage in STAGES:
            turn = next((left for left in runs if left <= stage), None)  # the first run on or after its day
            if turn is None or (turn < 0 and first == turn):
                assert stage not in told
                continue
            nearest = min(one for one in STAGES if turn <= one)
            before = [left for left in runs if left > turn]
            assert nearest in told, f"nothing told at {turn} days left"
            if nearest == stage and (not before or before[-1] > stage):
                assert told[stage] == turn

    def test_an_old_end_stays_silent(self) -> None:
        assert stage_due(END, END + timedelta(days=40), None) is None
        assert stage_due(END, END + timedelta(days=40), END + timedelta(days=39)) is None
        assert stage_due(END, END + timedelta(days=2), END - timedelta(days=5)) == 1


class TestDeadlines:
    def test_the_mail_says_what_before_after_missing_and_links(self, desk: Home, box: Mailbox) -> None:
        subscribe(desk, "anna", "deadline")
        with rows(desk) as conn:
            verdict(conn, "2022-08-29", "insufficient")
        tick(desk, "2022-08-30 06:00")
        assert [mail["To"] for mail in box.taken] == ["Anna de Vries <anna@example.org>"] * 2  # one for each half
        text = text_of(box.taken[0])
        for said in (
            "120 days left", "28 December 2022", "Before:", "Now:", "WHAT IS MISSING", "CURRENT on 2022-08-29",
            "/moratoria/NL-RUS-2022", "I have seen this", "never safe to return", "nobody has signed",
        ):  # fmt: skip
            assert said in " ".join(text.split()), said
        assert "120 days left" in box.taken[0].get_body(("html",)).get_content()
        tick(desk, "2022-08-30 12:00")
        assert len(box.taken) == 2

    def test_days_off_lose_none_and_only_the_nearest_is_told(self, desk: Home, box: Mailbox) -> None:
        subscribe(desk, "anna", "deadline")
        tick(desk, "2022-08-01 06:00")
        tick(desk, "2022-11-05 06:00")  # 120, 90 and 60 came in between
        assert len(box.taken) == 2
        assert all("53 days left" in mail["Subject"] for mail in box.taken)

    def test_an_extension_starts_new_stages(self, desk: Home, box: Mailbox) -> None:
        subscribe(desk, "anna", "deadline")
        tick(desk, "2022-12-12 06:00")
        tick(desk, "2022-12-20 06:00")  # extended on the 13th, so the 14 days of the first end never come
        tick(desk, "2023-02-28 06:00")
        assert ["28 June 2023" in mail["Subject"] for mail in box.taken] == [False, False, True, True]

    def test_the_day_is_that_of_the_deciding_state(self, desk: Home, box: Mailbox) -> None:
        subscribe(desk, "anna", "deadline")
        tick(desk, "2022-08-29 21:59")  # in the Netherlands it is 23:59
        assert box.taken == []
        tick(desk, "2022-08-29 22:01")
        assert len(box.taken) == 2


class TestStatus:
    def test_a_fall_goes_at_once_a_rise_into_the_digest(self, desk: Home, box: Mailbox) -> None:
        subscribe(desk, "anna", "status_fell", "status_rose")
        with rows(desk) as conn:
            verdict(conn, "2022-07-01", "insufficient")
        tick(desk, "2022-07-01 08:00")
        with rows(desk) as conn:
            verdict(conn, "2022-07-02", "emerging")
        tick(desk, "2022-07-02 08:00")
        assert box.taken == []
        tick(desk, "2022-07-03 05:31")  # 07:31 in Amsterdam
        assert ["rose from insufficient to emerging" in mail["Subject"] for mail in box.taken] == [True]
        with rows(desk) as conn:
            verdict(conn, "2022-07-04", "insufficient")
        tick(desk, "2022-07-04 13:00")
        assert "fell from emerging to insufficient" in box.taken[-1]["Subject"]

    def test_recomputed_history_tells_nothing(self, desk: Home, box: Mailbox) -> None:
        subscribe(desk, "anna", "status_fell")
        with rows(desk) as conn:
            verdict(conn, "2022-07-02", "sufficient")
        tick(desk, "2022-07-02 08:00")
        with rows(desk) as conn:
            verdict(conn, "2021-05-01", "insufficient")
        assert tick(desk, "2022-07-03 08:00").alerts == 0

    def test_fragile_contradiction_and_lapse_before_the_end(self, desk: Home) -> None:
        with rows(desk) as conn:
            verdict(conn, "2022-07-02", "emerging")
        tick(desk, "2022-07-02 08:00")
        with rows(desk) as conn:
            verdict(conn, "2022-07-03", "emerging", fragile=1, fragile_origin="rtl", contradictions=["meduza"],
                    stale_on="2022-09-01")  # fmt: skip
        tick(desk, "2022-07-03 08:00")
        with rows(desk) as conn:
            found = {row["event"]: row["subject"] for row in conn.execute("select event, subject from alerts")}
        assert "rtl" in found["fragile"] and "meduza" in found["contradiction"]
        assert "1 September 2022" in found["stale_before_end"]

    def test_a_verdict_of_a_day_to_come_tells_nothing_before_it_and_hides_nothing(self, desk: Home) -> None:
        def fell() -> list[str]:
            with rows(desk) as conn:
                return [row["subject"] for row in conn.execute("select * from alerts where event = 'status_fell'")]

        with rows(desk) as conn:
            verdict(conn, "2022-07-01", "sufficient")
            verdict(conn, "2022-07-09", "insufficient", computed_at="2022-07-01T06:00:00Z")  # a clock ran ahead
        tick(desk, "2022-07-01 12:00")
        tick(desk, "2022-07-01 12:10")
        assert fell() == []
        with rows(desk) as conn:
            verdict(conn, "2022-07-02", "emerging")
        tick(desk, "2022-07-02 12:00")
        assert ["from sufficient to emerging" in said for said in fell()] == [True]
        for day in ("2022-07-10 12:00", "2022-07-11 12:00"):
            tick(desk, day)
            assert ["from emerging to insufficient" in said for said in fell()] == [False, True]

    def test_the_newest_verdict_is_none_of_a_day_to_come(self, desk: Home) -> None:
        with rows(desk) as conn:
            verdict(conn, "2022-07-01", "sufficient")
            verdict(conn, "2999-01-01", "insufficient")
            assert [row["as_of"] for row in conn.execute("select as_of from current_verdicts")] == ["2022-07-01"]


class TestDigest:
    def test_one_a_day_at_the_local_time_in_the_persons_language(self, desk: Home, box: Mailbox) -> None:
        subscribe(desk, "bert", "status_rose", "reopened")
        with rows(desk) as conn:
            verdict(conn, "2022-09-20", "insufficient")
        tick(desk, "2022-09-20 08:00")
        with rows(desk) as conn:
            verdict(conn, "2022-09-21", "emerging")
        for hour in (8, 12, 20):
            tick(desk, f"2022-09-21 {hour:02}:00")
        tick(desk, "2022-09-22 05:29")
        assert box.taken == []
        tick(desk, "2022-09-22 05:30")
        tick(desk, "2022-09-22 09:00")
        assert len(box.taken) == 1
        assert "meldingen, 22 september 2022" in box.taken[0]["Subject"]
        assert "steeg van ontoereikend naar in opbouw" in text_of(box.taken[0])

    @given(
        st.datetimes(datetime(2022, 1, 1), datetime(2023, 12, 31)),  # noqa: DTZ001
        st.times(),
        st.sampled_from(["Europe/Amsterdam", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "UTC"]),
    )
    def test_every_local_day_has_one_turn(self, moment: datetime, when: time, zone: str) -> None:
        now, tz = moment.replace(tzinfo=UTC), ZoneInfo(zone)
        turn = hours.digest_turn(now, when.replace(microsecond=0), tz)
        assert turn.until.timestamp() <= now.timestamp()
        after = hours.digest_turn(now + timedelta(days=1), when.replace(microsecond=0), tz)
        assert timedelta(0) <= after.day - turn.day <= timedelta(days=2)

    def test_summer_time_has_one_digest_a_day(self) -> None:
        zone, when = ZoneInfo("Europe/Amsterdam"), time(2, 30)  # does not exist on 27 March, twice on 30 October
        for first in (datetime(2022, 3, 26, tzinfo=UTC), datetime(2022, 10, 29, tzinfo=UTC)):
            days = [hours.digest_turn(first + timedelta(minutes=10 * n), when, zone).day for n in range(3 * 144)]
            assert days == sorted(days) and len(set(days)) == 4

    def test_a_move_to_another_zone_loses_and_repeats_nothing(self, desk: Home, box: Mailbox) -> None:
        subscribe(desk, "bert", "status_rose", "reopened")
        with rows(desk) as conn:
            verdict(conn, "2022-09-20", "insufficient")
        tick(desk, "2022-09-20 08:00")
        tick(desk, "2022-09-21 04:00")  # reopened, by the mobilisation
        file = desk.declared / "people" / "bert.toml"
        tick(desk, "2022-09-21 05:30")
        file.write_text(file.read_text().replace("Europe/Amsterdam", "America/New_York"))
        tick(desk, "2022-09-21 11:30")
        with rows(desk) as conn:
            verdict(conn, "2022-09-21", "emerging")
        tick(desk, "2022-09-21 12:00")
        tick(desk, "2022-09-22 11:30")
        assert ["mobilisation" in text_of(mail).lower() for mail in box.taken] == [True, False]
        assert "steeg" in text_of(box.taken[1])


class TestQuietHours:
    def test_nothing_is_sent_in_them_and_nothing_is_lost(self, desk: Home, box: Mailbox) -> None:
        file = desk.declared / "people" / "anna.toml"
        file.write_text(file.read_text() + 'quiet_from = "20:00"\nquiet_to = "07:00"\n')
        subscribe(desk, "anna", "deadline")
        tick(desk, "2022-08-29 23:00")
        assert box.taken == []
        tick(desk, "2022-08-30 05:00")
        assert len(box.taken) == 2

    @pytest.mark.parametrize(("clock", "quiet"), [("21:59", False), ("22:00", True), ("06:59", True), ("07:00", False)])
    def test_over_midnight(self, clock: str, quiet: bool) -> None:
        now = datetime.fromisoformat(f"2022-01-10T{clock}:00+00:00")
        assert hours.is_quiet(now, time(22), time(7), ZoneInfo("UTC")) is quiet


class TestChannels:
    def test_a_web_hook_gets_the_same_message(self, desk: Home, hook: Hook) -> None:
        environ = {HOOK: hook.url}
        subscribe(desk, "anna", "deadline", channel="hook", environ=environ)
        tick(desk, "2022-08-30 06:00", environ)
        assert ["120 days left" in one["title"] for one in hook.posted] == [True, True]
        assert "deadline:NL-RUS-2022:decisions:2022-12-28:120" in " ".join(hook.posted[0]["message"].split())

    def test_what_is_refused_is_tried_again_and_then_dead_and_told(self, desk: Home, box: Mailbox, hook: Hook) -> None:
        environ = {HOOK: hook.url}
        subscribe(desk, "carla", "deadline")  # she has no deputy
        subscribe(desk, "bert", "dead_letter", channel="hook", environ=environ)
        box.refuse = "550 no such user"
        now = at("2022-08-30 06:00")
        for wait in (timedelta(0), *AGAIN_AFTER):
            now += wait
            report = run(desk, now=now, environ=environ)
            assert run(desk, now=now, environ=environ).failed == 0  # not before its time
        assert report.dead == 2 and box.taken == []
        run(desk, now=now + timedelta(days=1), environ=environ)
        assert "coi alerts dead" in " ".join(hook.posted[0]["message"].split())  # which names the person and the error
        assert "carla" not in str(hook.posted) and "no such user" not in str(hook.posted)
        with rows(desk) as conn:
            dead = [row["id"] for row in conn.execute("select id from letter_states where state = 'dead'")]
            for id_ in dead:
                conn.execute("insert into deliveries (letter_id, attempt, outcome, at) values (?, 8, 'retry', ?)",
                             [id_, "2022-09-03T00:00:00Z"])  # fmt: skip
        box.refuse = ""
        run(desk, now=now + timedelta(days=2), environ=environ)
        assert len(box.mailbox()) == 2

    def test_a_channel_that_is_down_does_not_hold_up_the_others(self, desk: Home, box: Mailbox, hook: Hook) -> None:
        environ = {HOOK: hook.url}
        subscribe(desk, "anna", "deadline")
        subscribe(desk, "bert", "deadline", channel="hook", environ=environ)
        hook.status = 500
        report = tick(desk, "2022-08-30 06:00", environ)
        assert (report.sent, report.failed) == (2, 1)
        assert any("'hook'" in problem for problem in report.problems)
        hook.status = 200
        tick(desk, "2022-08-30 07:00", environ)
        assert len(hook.posted) == 2 and len(box.taken) == 2


class TestAcknowledging:
    def test_a_link_is_good_once_and_ends_the_escalation(self, desk: Home, box: Mailbox) -> None:
        subscribe(desk, "anna", "deadline")
        tick(desk, "2022-08-30 06:00")
        links = [re.search(r"token=(\S+)", text_of(mail)).group(1) for mail in box.taken]  # type: ignore[union-attr]
        with rows(desk) as conn:
            assert use_link(conn, desk, links[0], at("2022-08-30 08:00")).new
            assert not use_link(conn, desk, links[0], at("2022-08-30 08:01")).new
            with pytest.raises(tokens.BadToken, match="changed"):
                use_link(conn, desk, links[0].replace(links[0][5], "A" if links[0][5] != "A" else "B"), at(BEGIN))
            with pytest.raises(tokens.BadToken, match="good until"):
                use_link(conn, desk, links[1], at("2023-09-30 08:00"))
            assert conn.execute("select count(*) from audit where table_name = 'acknowledgements'").fetchone()[0] == 1
            assert not conn.execute("select 1 from letters where body like '%token=%'").fetchone()
        box.taken.clear()
        tick(desk, "2022-09-02 06:00")  # three working days later
        assert [mail["To"] for mail in box.taken] == ["Bert Jansen <bert@example.org>"]
        assert "Voor Anna de Vries" in box.taken[0]["Subject"]

    def test_seeing_a_later_stage_is_seeing_the_earlier(self, desk: Home) -> None:
        subscribe(desk, "anna", "deadline")
        tick(desk, "2022-08-30 06:00")
        tick(desk, "2022-09-29 06:00")
        with rows(desk) as conn:
            ids = [row["id"] for row in conn.execute("select id from alerts where event_key like '%:90'")]
        with rows(desk) as conn:
            for id_ in ids:
                conn.execute("insert into acknowledgements (alert_id, actor, acknowledged_at) values (?, 'anna', ?)",
                             [id_, "2022-09-29T07:00:00Z"])  # fmt: skip
            waits = conn.execute("select count(*) from unacknowledged_alerts where country = 'RU'").fetchone()[0]
            assert waits == 0

    def test_a_deputy_of_two_is_told_once_and_each_head_is_reached(self, desk: Home, box: Mailbox) -> None:
        text = (desk.declared / "people" / "anna.toml").read_text()
        for name, head in (("dirk", "emma"), ("emma", "carla")):
            mine = text.replace("anna@", f"{name}@").replace("carla", head)
            (desk.declared / "people" / f"{name}.toml").write_text(mine)
        subscribe(desk, "anna", "deadline")
        subscribe(desk, "dirk", "deadline")
        for day in ("2022-08-30", "2022-09-02", "2022-09-07"):
            tick(desk, f"{day} 06:00")
        told = [str(mail["To"]).split("<")[1].split("@")[0] for mail in box.taken]
        assert sorted(told) == sorted(2 * ["anna", "dirk", "bert", "carla", "emma"])

    @pytest.mark.parametrize(
        ("told", "today", "expected"),
        [
            ("2023-03-30", "2023-04-03", None),
            ("2023-03-30", "2023-04-04", "deputy"),
            ("2022-12-22", "2022-12-27", None),  # Christmas is a Sunday, its second day a Monday
            ("2022-12-22", "2022-12-28", "deputy"),
        ],
    )
    def test_three_working_days_of_the_deciding_state(self, told: str, today: str, expected: str | None) -> None:
        step = hours.next_in_line([hours.Told(kind="owner", on=date.fromisoformat(told))], date.fromisoformat(today),
                                  "NL", deputy="bert", head="carla")  # fmt: skip
        assert (step[0] if step else None) == expected

    def test_the_head_after_easter(self) -> None:
        told = [hours.Told(kind="owner", on=date(2023, 3, 30)), hours.Told(kind="deputy", on=date(2023, 4, 4))]
        days = [date(2023, 4, 4) + timedelta(days=n) for n in range(10)]
        steps = [hours.next_in_line(told, day, "NL", deputy="bert", head="carla") for day in days]
        assert steps.index(("head", "carla")) == 7  # 11 April: Good Friday and Easter Monday lie in between


class TestSubscriptions:
    def test_each_row_stands_for_itself(self) -> None:
        event = Event(kind=Kind.STATUS_FELL, key="k", country="RU", groups=("conscripts",))

        def row(person: str, country: str, group: str, rhythm: str = "digest") -> dict[str, str]:
            return {"person": person, "country": country, "group_id": group, "channel": "mail", "rhythm": rhythm}

        found = recipients(event, [row("a", "*", "*"), row("a", "RU", "conscripts", "immediate"), row("b", "UA", "*"),
                                   row("c", "RU", "deserters"), row("d", "RU", "*")])  # fmt: skip
        assert found == {("a", "mail"): "immediate", ("d", "mail"): "digest"}
        calm = Event(kind=Kind.FRAGILE, key="k", country="RU", groups=("conscripts",))
        assert recipients(calm, [row("a", "*", "*", "immediate")]) == {("a", "mail"): "digest"}


class TestWords:
    def test_every_kind_has_its_words_in_both_languages(self) -> None:
        for kind in Kind:
            for part in ("title", "before", "after"):
                assert f"{kind}.{part}" in table()
        assert Words("nl").left(1) == "nog 1 dag" and Words("en").left(-2) == "ended 2 day(s) ago"

    @pytest.mark.parametrize(("lang", "before"), [("en", "the stage before this one"), ("nl", "het stadium hiervoor")])
    def test_the_stage_before_is_no_earlier_message(self, lang: str, before: str) -> None:
        said = Words(lang)("deadline.before", before_days="120")  # where none was sent, none may be told of
        assert said.startswith(before) and "waarschuwing" not in said

    def test_details_are_json_of_their_own(self, desk: Home) -> None:
        tick(desk, "2022-08-30 06:00")
        with rows(desk) as conn:
            for row in conn.execute("select event, details from alerts"):
                assert json.loads(row["details"])["kind"] == row["event"]
