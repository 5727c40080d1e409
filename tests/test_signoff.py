"""What stands beside a computed status: sign-offs with four eyes and an end, reopened, lapsed, moved, sub-groups."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from markupsafe import escape

from coi import cli
from review import beside as beside_of
from review import work
from review.as_json import as_json
from review.assess import keep, narrowed, standing
from review.method.model import Basis, Reading, Status, Watershed
from review.method.thresholds import method_rows
from review.plugin.words import Words
from review.reports_expected import report_expected
from review.signing import expiry
from review.signoff_acts import CannotSign
from review.signoff_acts import answer as sign
from review.standing import Signed
from store import evidence, expected, signoffs
from store.clock import utc_now
from store.db import connect, writing
from store.evidence import EvidenceDecision, EvidenceRow
from store.expected import Expectation
from store.signoffs import Act, SignoffError
from store.verify import database_problems
from tests import site_home
from tests.site_home import AT, DENIED, LATER, answer, make, passage_of
from tests.test_site import Site

DAY = date(2022, 6, 29)


@pytest.fixture
def full(home):
    """The small home, open for writing."""
    make(home)
    conn = connect(home)
    yield conn
    conn.close()


def seen(conn, day: date = DAY, basis: str = "public", reading: str = "provisional"):
    return standing(conn, as_of=day, basis=basis, reading=reading, country="RU")


def asked(conn, question: str = "G1.3", **more):
    return next(q for g in seen(conn, **more).groups for q in g.questions if q.id == question)


def signed(conn, *, as_of: date = DAY, at: str = "2022-06-30T10:00:00Z", until: str | None = "2022-12-28") -> int:
    """Let anna propose and ben approve a status on the verdict of a day."""
    with writing(conn):
        keep(conn, seen(conn, as_of, reading="reviewed"), at=at)
        verdict = conn.execute(
            "select max(id) from verdicts where question_id = 'G1.3' and reading = 'reviewed'"
        ).fetchone()[0]
        number = signoffs.add(conn, act(verdict, expires_on=until, signed_at=at))
        signoffs.add(conn, act(verdict, act="approve", actor="ben", proposal_id=number, signed_at=at))
    return number


def act(verdict: int, **more) -> Act:
    fields = {
        "verdict_id": verdict, "act": "propose", "status": "emerging", "reason": "two witnesses", "actor": "anna",
        "signed_at": "2022-06-30T10:00:00Z",
    }  # fmt: skip
    return Act(**fields | more)


def test_a_proposal_keeps_its_own_verdict_only_and_only_that_is_judged_again(full, home, monkeypatch):
    monkeypatch.setenv("COI_HOME", str(home.path))
    today = datetime.now(UTC).date()
    first = work.assess(home, as_of=today, basis="held", say=print)
    command = ["signoff", "propose", "ru", "g1.3", "--status", "insufficient", "--reason", "as computed",
               "--review-on", str(today + timedelta(days=30)), "--by", "anna"]  # fmt: skip
    before = full.execute("select count(*) from verdicts").fetchone()[0]
    answer = CliRunner().invoke(cli, command)
    assert answer.exit_code == 0, answer.output
    assert full.execute("select count(*) from verdicts").fetchone()[0] == before  # it was kept already
    assert "no question of RU" in CliRunner().invoke(cli, [*command[:3], "G99", *command[4:]]).output
    again = work.assess(home, as_of=today, basis="held", say=print)
    assert (first.judged, again.judged, list(again.why)) == (first.questions, 1, ["what was signed"])


class TestSigned:
    def test_it_stands_beside_the_computed_one_until_its_last_day(self, full):
        assert asked(full).signed is None
        signed(full)
        found = asked(full, day=date(2022, 7, 1))
        assert (found.signed.status, found.signed.computed) == ("emerging", "insufficient")
        assert (found.signed.approved_by, found.signed.expired_on) == ("ben", None)
        assert (
            "signed emerging, computed insufficient (departs from the insufficient computed for 2022-06-29); by anna "
            "and ben on 2022-06-30, ends on 2022-12-28; reason: two witnesses"
        ) in found.reasons
        late = asked(full, day=date(2022, 12, 28))
        assert late.signed.expired_on <= date(2022, 12, 28)
        body = as_json(seen(full, date(2022, 7, 1)))
        (json_of,) = [q for g in body["groups"] for q in g["questions"] if q["id"] == "G1.3"]
        assert json_of["signed"]["expires_on"] == "2022-12-28"
        assert list(database_problems(full)) == []

    def test_history_knows_no_signature_of_later(self, full):
        signed(full)
        assert asked(full, day=date(2022, 6, 29)).signed is None

    def test_a_watershed_ends_it_at_once_and_reopens_until_the_next_signature(self, full):
        signed(full)
        mobilised = asked(full, day=date(2022, 10, 1))
        assert mobilised.signed.expired_on == date(2022, 9, 30)  # annexation lists G1.3
        assert mobilised.reopened_on == date(2022, 9, 30)
        assert any(reason.startswith("reopened on 2022-09-30 by: Claimed annexation") for reason in mobilised.reasons)
        signed(full, as_of=date(2022, 9, 29), at="2022-10-02T10:00:00Z", until=None)
        assert asked(full, day=date(2022, 10, 3)).reopened_on == date(2022, 9, 30)  # of a verdict from before it
        signed(full, as_of=date(2022, 10, 1), at="2022-10-04T10:00:00Z", until=None)
        assert asked(full, day=date(2022, 10, 5)).reopened_on is None

    def test_a_watershed_after_the_signature_ends_it_also_where_the_clock_had_run_ahead(self, full):
        signed(full, as_of=date(2022, 12, 1), until=None)
        mobilised = asked(full, day=date(2022, 10, 1))
        assert (mobilised.signed.expired_on, mobilised.reopened_on) == (date(2022, 9, 30), date(2022, 9, 30))

    def test_four_eyes_and_only_answers_to_proposals(self, full):
        number = signed(full)
        verdict = full.execute("select verdict_id from signoffs where id = ?", [number]).fetchone()[0]
        for spelt in (" ANNA", "A.nna", "Аnnа", "a n n a", "Ånna\u200b"):  # the third with two Cyrillic letters
            with pytest.raises(SignoffError, match=r"four eyes.*look like one person's"):
                signoffs.add(full, act(verdict, act="approve", actor=spelt, proposal_id=number))
        with pytest.raises(SignoffError, match="at least one letter"):
            signoffs.add(full, act(verdict, actor=" . "))
        with pytest.raises(SignoffError, match="not an answer to a proposal"):
            signoffs.add(full, act(verdict + 1, act="approve", actor="ben", proposal_id=number))
        with pytest.raises(SignoffError, match="no proposal has the number 99"):
            signoffs.proposal(full, 99)

    def test_withdrawn_is_no_longer_in_force_and_dissent_is_shown(self, full):
        number = signed(full)
        verdict = full.execute("select verdict_id from signoffs where id = ?", [number]).fetchone()[0]
        signoffs.add(
            full,
            act(verdict, act="dissent", actor="cleo", status="insufficient", reason="one house", proposal_id=number),
        )
        assert asked(full, day=date(2022, 7, 1)).signed.dissents == ("cleo: insufficient; one house",)
        signoffs.add(full, act(verdict, act="withdraw", proposal_id=number, signed_at="2022-07-05T10:00:00Z"))
        assert asked(full, day=date(2022, 7, 4)).signed is not None
        assert asked(full, day=date(2022, 7, 5)).signed is None

    def test_it_ends_at_whatever_comes_first(self, full):
        of = seen(full, DAY)
        question = replace(asked(full), stale_on=date(2022, 8, 28), falls_on=date(2022, 8, 1))
        ends = expiry(question, of, date(2022, 9, 1))
        assert [end.on.isoformat() for end in ends][:3] == ["2022-08-01", "2022-08-28", "2022-09-01"]
        assert (ends[3].on, ends[3].why) == (date(2022, 12, 29), "NL-RUS-2022 ends (decisions)")


def test_the_command_asks_to_explain_and_for_a_second_person(full, home, monkeypatch):
    monkeypatch.setenv("COI_HOME", str(home.path))
    today = datetime.now(UTC).date()
    run = CliRunner()

    def coi(*words: str):
        return run.invoke(cli, ["signoff", *words])

    soon = (today + timedelta(days=30)).isoformat()
    usual = ["RU", "g1.3", "--review-on", soon, "--reason", "seen", "--by", "anna"]
    assert "explain with --departing" in coi("propose", *usual, "--status", "sufficient").output
    assert "choose a day after today" in coi("propose", "RU", "G1.3", "--review-on", "2020-01-01", "--reason", "r",
                                             "--status", "insufficient").output  # fmt: skip
    assert "no question of RU" in coi("propose", "RU", "G9.9", *usual[2:], "--status", "insufficient").output
    assert "would have ended" in coi("propose", *usual, "--status", "insufficient", "--as-of", "2022-06-29").output
    ahead = coi("propose", *usual, "--status", "insufficient", "--as-of", "2099-01-01")
    assert (ahead.exit_code, "has not come yet" in ahead.output) == (2, True)
    made = coi("propose", *usual, "--status", "sufficient", "--departing", "own mission")
    assert made.exit_code == 0, made.output
    assert f"ends on {soon} (its review date)" in made.output
    assert "four eyes" in coi("approve", "1", "--by", "Anna", "--reason", "r").output
    assert "four eyes" in coi("approve", "1", "--by", "Ａnnа", "--reason", "r").output  # wide, with a Cyrillic letter
    assert coi("dissent", "1", "--status", "insufficient", "--reason", "one house", "--by", "cleo").exit_code == 0
    assert "Missing option '--reason'" in coi("approve", "1", "--by", "ben").output
    assert coi("approve", "1", "--by", "ben", "--reason", "read it").exit_code == 0
    assert "approved by ben" in coi("list").output
    assert "is approved by ben" in coi("approve", "1", "--by", "dora", "--reason", "r").output
    listed = json.loads(coi("list", "--json").output)["signoffs"]
    assert listed[0]["reason"] == "seen. Departs from the computed insufficient: own mission"
    assert listed[0]["dissents"] == [{"by": "cleo", "status": "insufficient", "reason": "one house"}]
    assert asked(full, day=today).signed.status == "sufficient"
    assert list(database_problems(full)) == []


def test_what_was_proposed_as_computed_is_not_approved_once_less_is_computed(full):
    """Nobody explained that departure; a proposal that departs did explain itself."""
    today = datetime.now(UTC).date()
    with writing(full):
        keep(full, seen(full, reading="reviewed"), at=AT)
        kept = full.execute("select * from verdicts where question_id = 'G1.3' and reading = 'reviewed'").fetchone()
        row = dict(kept) | {"id": None, "as_of": today.isoformat(), "basis": "held", "effective": "emerging"}
        row["next_on"] = None
        made = full.execute(f"insert into verdicts values ({', '.join('?' for _ in row)})", [*row.values()]).lastrowid
        number = {
            status: signoffs.add(full, act(made, status=status, signed_at=utc_now()))
            for status in ("emerging", "sufficient", "insufficient")
        }
        with pytest.raises(CannotSign, match="now 'insufficient' is computed"):
            sign(full, number["emerging"], "approve", status=None, reason="read", actor="ben")
        for status in ("sufficient", "insufficient"):  # departing up and down, each with its reason
            sign(full, number[status], "approve", status=None, reason="read", actor="ben")


def test_a_clock_that_stepped_back_answers_nothing_before_it_was_proposed(full):
    verdict = full.execute("select verdict_id from signoffs where id = ?", [signed(full)]).fetchone()[0]
    with writing(full):
        number = signoffs.add(full, act(verdict, reason="anew", signed_at="2090-01-01T00:00:00Z", expires_on=None))
    for answer_ in ("approve", "withdraw"):
        with pytest.raises(CannotSign, match=r"2090-01-01T00:00:00Z.*set the clock right"):
            sign(full, number, answer_, status=None, reason="read", actor="ben")


def test_of_two_approved_ones_the_newer_counts_and_the_list_says_so(full, home, monkeypatch):
    monkeypatch.setenv("COI_HOME", str(home.path))
    run = CliRunner()
    soon = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()

    def coi(*words: str) -> str:
        return run.invoke(cli, ["signoff", *words]).output

    for number, status in (("1", "insufficient"), ("3", "emerging")):
        coi("propose", "RU", "G1.3", "--status", status, "--departing", "own", "--review-on", soon, "--reason", "r",
            "--by", "anna")  # fmt: skip
        said = coi("approve", number, "--by", "ben", "--reason", "read")
    assert "it replaces proposal 1, which is in force no more" in said
    first, second = json.loads(coi("list", "--json"))["signoffs"]
    assert (first["replaced_by"], second["replaces"], second["replaced_by"]) == (3, [1], None)
    listed = coi("list")
    assert "replaced by proposal 3" in listed
    assert "replaces proposal 1" in listed
    assert "place in the list of all acts" in listed
    assert asked(full, day=datetime.now(UTC).date()).signed.status == "emerging"
    coi("withdraw", "3", "--by", "anna", "--reason", "too soon")
    assert json.loads(coi("list", "--json"))["signoffs"][0]["replaced_by"] is None


class TestHeld:
    def test_what_was_decided_yesterday_raises_nothing_today(self, full):
        """Held long ago, accepted yesterday: the week before knew no accepted evidence, so the rise waits."""
        text = "Two conscripts were seen at the front."
        site_home.keep(full, "watch", "front", "2022-06-10", (text,))
        answer(full, passage_of(full, text), text, "isolated", "direct", "2022-06-08")
        for (row,) in full.execute("select id from evidence").fetchall():
            decided = EvidenceDecision(
                evidence_id=row, decision="accept", actor="anna", decided_at="2022-07-09T08:00:00Z"
            )
            evidence.decide(full, decided)
        day = date(2022, 7, 10)
        now = asked(full, day=day, basis=Basis.HELD.value, reading=Reading.REVIEWED.value)
        assert now.status != "insufficient"
        assert now.effective == "insufficient"
        week = asked(full, day=day + timedelta(days=7), basis="held", reading="reviewed")
        assert week.effective == week.status == now.status


class TestParts:
    def test_a_subgroup_of_the_critics_has_a_status_of_its_own(self, full):
        critics = next(g for g in seen(full).groups if g.group == "critics")
        assert [part.id for part in critics.subgroups] == list("abcdefghij")
        assert set(beside_of.TITLES_NL) == set("abcdefghij")
        whole = {part.id: part.decisive_total for part in critics.subgroups}
        assert whole["a"] == whole["d"] == 11  # ten common questions (one with two scales, one not decisive), one own
        assert Status(critics.status).rank <= min(Status(part.status).rank for part in critics.subgroups)
        assert all("G5.a" not in part.weakest for part in critics.subgroups if part.id != "a")

    def test_it_is_judged_without_what_names_another_subgroup(self, full):
        version = full.execute("select version from current_questions where id = 'G5.4'").fetchone()[0]
        for letter, text in (("a", DENIED), ("", "They write letters.")):
            found = EvidenceRow(
                passage_id=passage_of(full, text), question_id="G5.4", question_version=version, country="RU",
                group_id="critics", subgroup=letter, answer="isolated", directness="direct", start=0, end=4,
                rule="test", proposed_by="rules test", proposed_at=AT, facts_to="2022-06-01",
            )  # fmt: skip
            evidence.keep_all(full, [found])
        from review.assess import judge_country, speakers_of

        (one,) = judge_country(
            full, "RU", as_of=DAY, basis=Basis.PUBLIC, reading=Reading.PROVISIONAL, today=DAY,
            speakers=speakers_of(full), question="G5.4",
        )  # fmt: skip
        assert len(one.case.evidence) == 2
        assert len(narrowed(one, "b").case.evidence) == 1
        assert narrowed(one, "a") is one

    def test_a_moved_side_is_a_question_of_its_own_and_the_group_takes_the_weaker(self, full):
        rows = {row["answer"]: row["id"] for row in full.execute("select id, answer from evidence order by id desc")}
        full.execute(
            """insert into contradictions (question_id, country, side_a, side_b, resolution, side, reason, actor,
                 decided_at) values ('G1.3', 'RU', ?, ?, 'other_subgroup', 'a', 'guards', 'anna', ?)""",
            [f"[{rows['isolated']}]", f"[{rows['none']}]", LATER],
        )
        found = asked(full)
        (moved,) = found.moved
        assert (moved.id, moved.effective, len(moved.evidence)) == ("G1.3 other_subgroup", "insufficient", 1)
        assert any("the group takes the weaker" in reason for reason in found.reasons)


class TestExpected:
    def test_a_report_is_expected_from_the_day_it_was_said_until_it_came(self, full):
        assert not report_expected(full, "RU", DAY)
        awaited = Expectation(
            key="nl-2022", title="General country report", country="RU", sources=("report",), pattern="report on",
            first_day="2022-07-01", last_day="2022-07-31", reason="the letter of May",
        )  # fmt: skip
        with writing(full):
            expected.expect(full, awaited, actor="anna", at="2022-06-28T08:00:00Z")
        assert not report_expected(full, "RU", date(2022, 6, 27))
        assert report_expected(full, "RU", DAY)
        assert not report_expected(full, "BY", DAY)
        assert report_expected(full, "RU", date(2022, 9, 1))  # overdue is awaited still


def test_the_words_of_the_site_know_what_stands_beside():
    for language in ("en", "nl"):
        words = Words(language)
        assert words("q.lapsed_on", first="2023-03-31", day="2023-06-30")
        assert words("mat.subgroups")


def test_an_announcement_reopens_nothing_and_a_lapse_is_a_sentence(full):
    one = Signed(
        status="sufficient", computed="sufficient", proposed_by="a", approved_by="b", signed_on=date(2022, 3, 1),
        as_of=date(2022, 2, 1), reason="r", expires_on=None,
    )  # fmt: skip
    announced = Watershed(on=date(2022, 2, 24), title="said only", announced=True)
    assert beside_of._reopened((announced,), DAY, one) is None
    event = Watershed(on=date(2022, 2, 24), title="invasion")
    assert beside_of._reopened((event,), DAY, one) == event
    assert beside_of._reopened((event,), DAY, replace(one, as_of=date(2022, 2, 24))) is None


@pytest.mark.parametrize(("language", "words"), [("en", ("Computed", "departs from insufficient", "Dissent:")),
                                               ("nl", ("Berekend", "wijkt af van", "Afwijkend oordeel:"))])  # fmt: skip
def test_wherever_a_signed_status_stands_the_computed_one_and_the_reason_stand_beside(
    full, home, monkeypatch, language, words
):
    number = signed(full, until="2022-12-28")
    verdict = full.execute("select verdict_id from signoffs where id = ?", [number]).fetchone()[0]
    with writing(full):
        signoffs.add(full, act(verdict, act="dissent", actor="cleo", status="insufficient", reason="one house",
                               proposal_id=number, signed_at="2022-06-30T11:00:00Z"))  # fmt: skip
    site = Site(home, {})
    for path in ("/", "/questions", "/questions/G1.3", "/moratoria/NL-RUS-2022", "/matrix/RU"):
        page = site.get(f"{path}?lang={language}&as_of=2022-07-01&country=RU").text
        gone = [word for word in (*words, "two witnesses", "cleo: insufficient; one house") if word not in page]
        assert gone == [], path
    monkeypatch.setenv("COI_HOME", str(home.path))
    told = CliRunner().invoke(cli, ["explain", "RU", "conscripts", "G1.3", "--as-of", "2022-07-01", "--lang", language])
    shown = " ".join(told.output.split("1. W")[0].split())
    assert "two witnesses" in shown
    assert "cleo: insufficient; one house" in shown
    listed = CliRunner().invoke(cli, ["status", "--as-of", "2022-07-01", "--reading", "reviewed"])
    assert "G1.3: signed emerging" in " ".join(listed.output.split())
    listed = CliRunner().invoke(cli, ["status", "--as-of", "2022-07-01", "--reading", "reviewed", "--all"])
    block = " ".join(listed.output.split("RU Conscripts")[0].split())
    assert "G1.3: signed emerging, computed insufficient (departs from" in block
    assert "reason: two witnesses; dissent by cleo" in block


@pytest.mark.parametrize(
    ("language", "parts", "again", "by"),
    [("en", "Sub-groups", "Reopened.", "approved by ben"), ("nl", "Deelgroepen", "Heropend.", "goedgekeurd door ben")],
)
def test_the_pages_show_what_stands_beside(full, home, language, parts, again, by):
    signed(full)
    site = Site(home, {})
    assert parts in site.get(f"/matrix/RU?lang={language}&as_of=2022-06-29").text
    page = site.get(f"/questions/G1.3?country=RU&lang={language}&as_of=2022-10-05").text
    assert again in page
    assert by in page
    method = site.get(f"/method?lang={language}").text
    rows = method_rows(language)
    gone = [name for name, _, why in rows if f"<code>{name}</code>" not in method or str(escape(why)) not in method]
    assert gone == []
