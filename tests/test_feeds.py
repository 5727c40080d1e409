"""Alerts on the site, as Atom and as a calendar: a real home with real alerts, read back by existing parsers."""

import asyncio
import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import feedparser
import icalendar
import pytest

from review.alerts import agenda, ical, tokens
from review.alerts.agenda import Entry
from review.alerts.desk import run
from store import expected, signoffs
from store.db import connect, connect_readonly, writing
from store.home import Home
from store.signoffs import Act
from tests.alerts_world import PEOPLE, at, declare, mail_server, rows, subscribe, verdict
from tests.site_home import make
from tests.test_site import APPROVER, READER, RESEARCHER, Site

REPORT = expected.Expectation(
    key="nl-report", title="Country report; part 1, <draft> of a title that is long enough to be folded → twice",
    country="RU", sources=(), pattern="Country report", first_day="2023-02-01", last_day="2023-03-31",
    reason="announced\nin a letter",
)  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> tuple[Path, dict[str, int]]:
    """A home whose alerts told of a deadline, a fall, reviews and a lapse in the autumn of 2022."""
    home = Home(tmp_path_factory.mktemp("filled"))
    ids = make(home)
    (home.declared / "people").mkdir(parents=True)
    for name, text in PEOPLE.items():
        (home.declared / "people" / f"{name}.toml").write_text(text, "utf-8")
    run(home, now=at("2022-08-20 06:00"), environ={})
    with rows(home) as conn:
        verdict(conn, "2022-08-21", "sufficient", stale_on="2022-12-01")
        expected.expect(conn, REPORT, actor="anna", at="2022-09-01T00:00:00Z")
    run(home, now=at("2022-08-31 06:00"), environ={})
    with rows(home) as conn:
        verdict(conn, "2022-09-22", "insufficient", stale_on="2022-11-01")
    for day in ("2022-09-22", "2022-11-29", "2022-12-14"):
        run(home, now=at(f"{day} 06:00"), environ={})
    return home.path, ids


@pytest.fixture
def own(filled, tmp_path) -> Site:
    return Site(Home(shutil.copytree(filled[0], tmp_path / "home")), filled[1])


@pytest.fixture(scope="module")
def site(filled, tmp_path_factory) -> Site:
    return Site(Home(shutil.copytree(filled[0], tmp_path_factory.mktemp("site") / "home")), filled[1])


def fall(site: Site) -> int:
    conn = connect(site.home)
    found = conn.execute("select id from alerts where event = 'status_fell'").fetchone()[0]
    conn.close()
    return found


def entries(home: Home, now: str, **asked: str) -> dict[str, Entry]:
    conn = connect_readonly(home)
    found = agenda.entries(conn, at(f"{now} 12:00"), home.declared, language=asked.pop("language", "en"), **asked)
    conn.close()
    return {entry.uid: entry for entry in found}


class TestPage:
    def test_what_nobody_has_seen_comes_first_with_its_reasons(self, site):
        text = site.get("/alerts?country=RU").text
        assert (
            text.index("fell from sufficient to insufficient") < text.index('id="others"') < text.index("Reopened by")
        )
        assert "CURRENT on 22 September 2022" in text
        assert "Nobody has said that this was seen" in text
        assert "Earlier of the same matter" in text  # stages of one deadline are one matter
        assert "<form" not in text.split('id="waits"')[1].split("<footer")[0]  # nobody is signed in

    def test_filters_narrow_and_nonsense_is_refused(self, site):
        assert site.get("/alerts?event=status_fell").text.count('<article class="origin"') == 1
        assert "fell from" not in site.get("/alerts?group=deserters").text
        assert "fell from" not in site.get("/alerts?as_of=2022-09-21").text
        statuses = [site.get(f"/alerts?{query}").status_code for query in ("event=x", "country=XX", "group=martians")]
        assert statuses == [400, 404, 404]
        assert site.get("/alerts/99999").status_code == 404

    def test_one_says_it_was_seen_and_it_waits_no_more(self, own):
        path = f"/alerts/{fall(own)}/seen"
        for actor in (None, READER):
            assert own.post(path, {}, actor).status_code == 403
        for _ in range(2):
            assert own.post(path, {"note": "we <look> into it"}, RESEARCHER).headers["location"] == "/alerts"
        assert own.count("acknowledgements") == own.count("audit where table_name = 'acknowledgements'") == 1
        text = own.get("/alerts?event=status_fell", RESEARCHER).text
        assert "Seen by anna" in text
        assert "we &lt;look&gt; into it" in text
        assert "I have seen this" not in text
        assert own.post("/alerts/99999/seen", {}, RESEARCHER).status_code == 404


class TestLink:
    def token(self, site: Site, alert_id: int) -> str:
        return tokens.sign(tokens.secret(site.home), alert_id, "bert", datetime.now(UTC).date())

    def test_looking_changes_nothing_and_the_button_needs_no_account(self, own):
        token = self.token(own, fall(own))
        page = own.get(f"/alerts/seen?lang=nl&token={token}")
        assert "Deze link is voor bert" in page.text
        assert "no-store" in page.headers["cache-control"]
        assert own.count("acknowledgements") == 0
        assert own.post("/alerts/seen", {"token": token}, token=False).status_code == 403
        assert own.count("acknowledgements") == 0
        for _ in range(2):
            answer = own.post("/alerts/seen?lang=nl", {"token": token})
            assert answer.status_code == 303
        assert own.count("acknowledgements where actor = 'bert'") == 1
        again = own.get(answer.headers["location"]).text
        assert "bert heeft gezegd" in again
        assert "<button>Ik heb dit gezien" not in again

    @pytest.mark.parametrize("token", ["", "x", "bm90.b3Vycw", "é.é"])
    def test_a_link_that_is_not_ours_is_refused_and_keeps_nothing(self, own, token):
        assert own.get("/alerts/seen", params={"token": token}).status_code == 403
        answer = own.post("/alerts/seen", {"token": token})
        assert answer.status_code == 403
        assert "copy it whole" in answer.text
        assert own.count("acknowledgements") == 0

    def test_a_dutch_reader_gets_a_dutch_page_and_an_old_link_says_so(self, own):
        with mail_server() as box:
            declare(own.home, box)
            subscribe(own.home, "bert", "deadline")
            run(own.home, now=at("2023-03-31 09:00"), environ={})
            links = re.findall(r"(/alerts/seen\S+)", box.taken[0].get_body(("plain",)).get_content())
        refused = own.get(links[0]).text  # the mail is of 2023, and a link is good for a year
        assert '<html lang="nl">' in refused
        assert "gold tot en met 2024-03-31" in refused and "good until" not in refused
        assert "neem hem in zijn geheel over" in own.get("/alerts/seen?lang=nl&token=x").text

    def test_whom_a_message_did_not_reach_is_shown_to_that_person_and_to_who_operates(self, own):
        with mail_server() as box:
            declare(own.home, box)
            subscribe(own.home, "bert", "deadline")
            box.refuse = "550 no such mailbox bert@example.org"
            for day in range(8):
                for hour in (6, 12, 20):
                    run(own.home, now=at(f"2023-03-{day + 1:02} {hour:02}:00"), environ={})
        conn = connect(own.home)
        dead = conn.execute("select id from alerts where event = 'dead_letter'").fetchone()[0]
        conn.close()
        for path in (f"/alerts/{dead}", "/alerts?event=dead_letter", f"/coi/alerts/{dead}", "/alerts.atom"):
            for actor in (None, READER, RESEARCHER):
                text = own.get(path, actor).text
                assert "Not delivered" in text and "bert" not in text and "no such mailbox" not in text, (path, actor)
        for actor in ({"id": "bert", "role": "reader"}, {"id": "ops", "role": "operator"}, APPROVER):
            assert "bert, mail: " in own.get(f"/alerts/{dead}", actor).text
        assert own.get("/coi/letters.json", RESEARCHER).status_code == 403
        assert own.get("/coi/letters.json", APPROVER).status_code == 200

    def test_who_has_seen_it_is_told_to_people_with_a_role(self, own):
        path = f"/alerts/{fall(own)}"
        own.post(f"{path}/seen", {"note": "we look"}, RESEARCHER)
        assert "Seen by anna" in own.get(path, READER).text and "we look" in own.get(path, READER).text
        assert "Seen, " in own.get(path).text and "anna" not in own.get(path).text


class TestAtom:
    @pytest.mark.parametrize("path", ["/alerts.atom", "/alerts/ru.atom", "/alerts/RU/conscripts.atom?lang=nl"])
    def test_it_is_a_feed_that_readers_read(self, site, path):
        answer = site.get(path)
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        read = feedparser.parse(answer.content)
        assert (read.bozo, read.version) == (False, "atom10")
        assert {link.rel for link in read.feed.links} == {"self", "alternate"}
        ids = [entry.id for entry in read.entries]
        assert len(ids) == len(set(ids)) > 3
        assert read.feed.updated == max(entry.updated for entry in read.entries)
        assert all(entry.title and entry.summary and entry.content and entry.tags for entry in read.entries)
        links = [entry.link.removeprefix("http://localhost") for entry in read.entries]
        assert site.get(links[0]).status_code == 200

    def test_ids_outlive_a_move_and_another_language(self, site, monkeypatch):
        here = feedparser.parse(site.get("/alerts.atom").content)
        monkeypatch.setenv("COI_SITE", "https://coi.example/")
        there = feedparser.parse(site.get("/alerts.atom?lang=nl").content)
        assert [entry.id for entry in here.entries] == [entry.id for entry in there.entries]
        assert there.entries[0].link.startswith("https://coi.example/alerts/")

    def test_a_feed_holds_its_country_and_group_only(self, site):
        titles = [entry.title for entry in feedparser.parse(site.get("/alerts/RU/conscripts.atom").content).entries]
        assert any("fell from" in title for title in titles)
        assert all(title.startswith("Russia:") for title in titles)
        empty = feedparser.parse(site.get("/alerts/FR.atom").content)
        assert (empty.bozo, empty.entries) == (False, [])
        assert site.get("/alerts/XX.atom").status_code == site.get("/alerts/RU/martians.atom").status_code == 404

    def test_pages_name_their_feeds(self, site):
        for path, feed in (
            ("/alerts?country=RU&group=conscripts", "/alerts/RU/conscripts.atom"),
            ("/moratoria/NL-RUS-2022", "/alerts/RU.atom"),
            ("/moratoria?state=NL", "/moratoria.ics?state=NL"),
            ("/moratoria/NL-RUS-2022", "/moratoria.ics?state=NL&amp;country=RU"),
        ):
            text = site.get(path).text
            assert re.search(rf'<link rel="alternate" [^>]*href="{re.escape(feed)}"', text), (path, feed)
            assert site.get(feed.replace("&amp;", "&")).status_code == 200


class TestCalendar:
    def test_it_is_a_calendar_by_the_standard(self, site):
        answer = site.get("/moratoria.ics")
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert b"\n" not in answer.content.replace(b"\r\n", b"")
        assert max(map(len, answer.content.split(b"\r\n"))) <= 75  # octets, RFC 5545 section 3.1
        read = icalendar.Calendar.from_ical(answer.content)
        assert read["version"] == "2.0"
        assert read["prodid"]
        events = read.walk("VEVENT")
        assert not any(event.errors for event in events)
        assert len({event["uid"] for event in events}) == len(events) > 35
        for event in events:
            assert event["dtstamp"].dt.utcoffset().total_seconds() == 0
            assert not isinstance(event["dtstart"].dt, datetime)
            assert event["dtend"].dt > event["dtstart"].dt
        report = next(event for event in events if event["uid"] == "expected.nl-report@coi-tracker")
        assert str(report["summary"]) == f"Expected (Russia): {REPORT.title}"
        assert REPORT.reason in report["description"]
        assert site.get("/moratoria.ics").content == answer.content

    def test_in_dutch_it_and_the_alerts_name_the_moratorium_in_dutch(self, site):
        title = "Nederland: besluit- en vertrekmoratorium voor Russische dienstplichtigen"
        events = icalendar.Calendar.from_ical(site.get("/moratoria.ics?lang=nl&state=NL&country=RU").content).events
        assert any(title in event["description"] for event in events)
        assert any(title in e.title for e in feedparser.parse(site.get("/alerts/RU.atom?lang=nl").content).entries)

    def test_it_is_narrowed_by_state_and_country(self, site):
        uids = {
            str(event["uid"])
            for event in icalendar.Calendar.from_ical(site.get("/moratoria.ics?state=NL&country=RU").content).events
        }
        assert {uid.split("@")[0] for uid in uids} == {
            "NL-RUS-2022.decisions.end", "NL-RUS-2022.departures.end", "NL-RUS-2022.review", "NL-RUS-2022.G1.3.stale",
            "expected.nl-report",
        }  # fmt: skip
        assert b"UID:DE-" not in site.get("/moratoria.ics?state=NL").content
        assert b"UID:GB-" not in site.get("/moratoria.ics?state=NL").content
        assert site.get("/moratoria.ics?state=XX").status_code == 404
        assert site.get("/moratoria.ics?as_of=2022-06-29").status_code == 400

    def test_a_moved_end_is_the_same_entry_with_a_higher_sequence(self, filled):
        home = Home(filled[0])
        first, later, over = (entries(home, day) for day in ("2022-08-01", "2022-12-14", "2026-01-01"))
        for half in ("decisions", "departures"):
            uid = f"NL-RUS-2022.{half}.end"
            assert [day[uid].first for day in (first, later, over)] == [
                date(2022, 12, 28), date(2023, 6, 28), date(2023, 6, 28)
            ]  # fmt: skip
            assert first[uid].sequence < later[uid].sequence <= over[uid].sequence
            assert first[uid].changed < later[uid].changed < over[uid].changed
            assert "Planned" in first[uid].summary
            assert "Planned" not in over[uid].summary  # what is past stays
        moved = [day["NL-RUS-2022.review"] for day in (first, later)]
        assert [entry.first for entry in moved] == [date(2022, 12, 29), date(2023, 6, 13)]
        assert moved[0].sequence < moved[1].sequence

    def test_a_lapse_moves_with_its_verdict(self, filled):
        uid = "NL-RUS-2022.G1.3.stale"
        assert uid not in entries(Home(filled[0]), "2022-08-20")
        before, after = (entries(Home(filled[0]), day)[uid] for day in ("2022-08-25", "2022-09-25"))
        assert (before.first, after.first) == (date(2022, 12, 1), date(2022, 11, 1))
        assert before.sequence < after.sequence
        assert after.changed == at("2022-09-22 06:00")

    def test_a_later_signoff_moves_its_entry(self, own):
        found = []
        for expires_on, day in (("2022-12-31", "2022-09-23"), ("2023-02-28", "2022-10-23")):
            with writing(conn := connect(own.home)):
                verdict_id = conn.execute("select max(id) from verdicts").fetchone()[0]
                facts = {"verdict_id": verdict_id, "status": "insufficient", "reason": "as computed",
                         "signed_at": f"{day}T09:00:00Z"}  # fmt: skip
                number = signoffs.add(conn, Act(act="propose", actor="anna", expires_on=expires_on, **facts))
                signoffs.add(conn, Act(act="approve", actor="bert", proposal_id=number, **facts))
            conn.close()
            found.append(entries(own.home, day, state="NL")["RU.G1.3.signoff"])
        assert [entry.first for entry in found] == [date(2022, 12, 31), date(2023, 2, 28)]
        assert found[0].sequence < found[1].sequence
        assert found[1].changed == at("2022-10-23 09:00")
        assert "RU.G1.3.signoff" not in entries(own.home, "2022-10-23", state="DE")

    def test_taking_an_act_back_never_lowers_a_sequence(self, own):
        uid = "NL-RUS-2022.decisions.end"
        before = entries(own.home, "2022-12-14")[uid]
        with writing(conn := connect(own.home)):
            conn.execute(
                """insert into moratorium_events (moratorium_id, kind, on_day, confidence, retracts, actor, recorded_at)
                   select moratorium_id, 'retracted', on_day, 'verified', id, 'tests', '2022-12-14T09:00:00Z'
                   from moratorium_events where moratorium_id = 'NL-RUS-2022' and kind = 'extended'"""
            )
        conn.close()
        after = entries(own.home, "2022-12-14")[uid]
        assert (before.first, after.first) == (date(2023, 6, 28), date(2022, 12, 28))
        assert after.sequence > before.sequence

    def test_what_was_annulled_or_taken_back_is_cancelled_and_does_not_vanish(self, own):
        uid = "NL-PSE-2023.decisions.end"
        before, after = (entries(own.home, day)[uid] for day in ("2024-04-01", "2024-05-01"))
        assert (before.cancelled, after.cancelled) == (False, True)
        assert before.first == after.first == date(2024, 6, 18) and after.sequence > before.sequence
        assert "24 April 2024" in after.lines[1] and "Cancelled" in after.summary
        assert not entries(own.home, "2024-05-01")["NL-PSE-2023.departures.end"].cancelled
        uids = ["NL-RUS-2022.decisions.end", "expected.nl-report", "RU.G1.3.signoff", "NL-RUS-2022.G1.3.stale"]
        with writing(conn := connect(own.home)):
            verdict_id = conn.execute("select max(id) from verdicts").fetchone()[0]
            facts = {"verdict_id": verdict_id, "status": "insufficient", "reason": "as computed",
                     "signed_at": "2022-12-13T09:00:00Z"}  # fmt: skip
            number = signoffs.add(conn, Act(act="propose", actor="anna", expires_on="2023-01-31", **facts))
            signoffs.add(conn, Act(act="approve", actor="bert", proposal_id=number, **facts))
        stood = entries(own.home, "2022-12-14")
        assert not any(stood[uid].cancelled for uid in uids)
        with writing(conn):
            conn.execute(
                """insert into moratorium_events (moratorium_id, kind, on_day, confidence, retracts, actor, recorded_at)
                   select moratorium_id, 'retracted', on_day, 'verified', id, 'tests', '2022-12-14T09:00:00Z'
                   from standing_events where moratorium_id = 'NL-RUS-2022'"""
            )
            expected.cancel(conn, REPORT.key, reason="it was dropped", actor="anna", at="2022-12-14T09:00:00Z")
            signoffs.add(conn, Act(act="withdraw", actor="anna", proposal_id=number, **facts))
            verdict(conn, "2022-12-14", "insufficient", stale_on=None, computed_at="2022-12-14T09:00:00Z")
        conn.close()
        gone = entries(own.home, "2022-12-15", language="nl")
        for uid in uids:
            assert gone[uid].cancelled and gone[uid].sequence > stood[uid].sequence, uid
        read = icalendar.Calendar.from_ical(ical.write(gone.values(), language="nl", site="https://coi.example"))
        cancelled = {str(event["uid"]).split("@")[0]: event for event in read.events if event.get("status")}
        assert not any(event.errors for event in read.events) and set(uids) <= set(cancelled)
        assert str(cancelled[uids[0]]["status"]) == "CANCELLED" and "Vervallen" in cancelled[uids[0]]["summary"]

    def test_control_characters_and_line_breaks_do_not_break_it(self):
        evil = Entry(
            uid="a", kind="end", first=date(2022, 1, 1), last=date(2022, 1, 1), summary="x\x07\nEND:VEVENT\n;,\\",
            lines=("\x00\r\nBEGIN:VEVENT",), path="/", sequence=0, changed=at("2022-01-01 00:00"),
        )  # fmt: skip
        (event,) = icalendar.Calendar.from_ical(ical.write([evil], language="en", site="https://coi.example")).events
        assert str(event["summary"]) == "x\nEND:VEVENT\n;,\\"
        assert "BEGIN:VEVENT" in event["description"]


def test_an_empty_feed_is_as_old_as_the_last_look_not_of_1970(site):
    text = site.get("/alerts/FJ.atom").text
    conn = connect_readonly(site.home)
    (looked,) = conn.execute("select max(computed_at) from verdicts").fetchone()
    conn.close()
    found = feedparser.parse(text)
    assert found.entries == []
    assert found.feed.updated >= looked
    assert "1970" not in text


def test_a_calendar_of_a_state_without_moratoria_is_not_found_and_says_which_have_some(site):
    found = site.get("/moratoria.ics?state=ZZ")
    assert found.status_code == 404
    assert "States that have one: " in found.text
    assert "NL" in found.text.split("States that have one: ")[1]
    assert site.get("/moratoria.ics?state=FJ&lang=nl").status_code == 404
    assert site.get("/moratoria.ics?state=uk").status_code == 200


def test_other_verbs_are_refused(site):
    for path in ("/alerts", "/alerts.atom", "/moratoria.ics"):
        assert asyncio.run(site._ask("put", path, None)).status_code == 405
