"""Wrong green lights: nothing that the method forbids may make a question sufficient. On the real store."""

from dataclasses import replace
from datetime import date
from itertools import zip_longest

import pytest

from review import register, steps, wellsprings
from review.assess import standing
from review.evidence_voices import SpeakerIndex
from review.moratorium import half_on
from review.tagging import tagger
from store import documents, evidence, presence, runs, tags
from store.db import connect, writing
from store.evidence import EvidenceDecision
from store.home import Home
from store.model import KeptNote, RunCounts
from store.sources import sync
from store.tags import TagDecision
from tests.conftest import card, version

NOW = "2022-06-20T06:00:00Z"
DAY = date(2022, 6, 20)
# Three owners, two types, three towns: enough for G1.3 when nothing is wrong with them.
STORIES = {
    "alfa": "Russian conscripts were killed in fighting near Chernihiv in Ukraine on 1 June 2022, "
    "said our reporter there.",
    "bravo": "On 2 June 2022 our monitors saw Russian conscripts taken prisoner outside Kharkiv in Ukraine; "
    "forty names follow.",
    "delta": "This paper has met Russian conscripts wounded in Ukraine near Izium on 3 June 2022 in a hospital in "
    "Rostov.",
}


def healthy(tmp_path):
    """A home with three sources that were crawled well and have published nothing."""
    conn = connect(Home(tmp_path / "home"))
    with writing(conn):
        for name in STORIES:
            declared = '{"decisive_for": ["RU"], "about": "RU"}'
            kind = "ngo" if name == "bravo" else "media"
            sync(conn, [card(name, type=kind, declaration=declared)], declared_at=NOW)
            for moment in ("2022-04-01T06:00:00Z", NOW):
                run = runs.start(conn, name, f"replay:{moment}", origin="archive", started_at=moment)
                runs.finish(conn, run, RunCounts(rows=1), "ok", "", ended_at=moment)
    return conn


@pytest.fixture
def town(tmp_path):
    """A home in which three independent, healthy sources have reported; G1.3 is sufficient."""
    conn = healthy(tmp_path)
    for number, (name, text) in enumerate(STORIES.items(), 1):
        publish(conn, name, f"2022-06-0{number + 1}", text)
    yield conn
    conn.close()


@pytest.fixture
def noted(tmp_path):
    """Like `town`, but each story has the footnote that the test gives it."""

    def build(*notes):
        conn = healthy(tmp_path)
        opened.append(conn)
        for number, ((name, text), note) in enumerate(zip(STORIES.items(), notes, strict=True), 1):
            publish(conn, name, f"2022-06-0{number + 1}", text, notes=(note,))
        return conn

    opened = []
    yield build
    for conn in opened:
        conn.close()


def publish(conn, source, day, *texts, key="a", notes=(), **more):
    """Keep a story; `notes`: what the footnote at the end of each passage says ("" for none)."""
    with writing(conn):
        new = version(
            *texts, source_id=source, key=key, url=f"https://{source}.example/{key}", title=f"Story of {source} {key}",
            published_on=day, published_precision="day", published_from="feed", published_confidence="normal", **more,
        )  # fmt: skip
        with_notes = (
            replace(passage, notes=(KeptNote(number=str(number), text=note, at=len(passage.text)),))
            if note
            else passage
            for number, (passage, note) in enumerate(zip_longest(new.passages, notes, fillvalue=""), 1)
        )
        new = replace(new, passages=tuple(with_notes))
        return documents.keep(conn, new, capture_id=None, seen_at=f"{day}T08:00:00Z", recorded_at=f"{day}T08:00:00Z")


def rejected(evidence_id):
    return EvidenceDecision(evidence_id=evidence_id, decision="reject", reason="hearsay", actor="ada", decided_at=NOW)


def understand(conn, *, link=True):
    with writing(conn):
        declared = register.sync(conn, None, at=NOW)
    steps.tag_new(conn, tagger(), at=NOW)
    if link:
        wellsprings.link_new(conn, SpeakerIndex.of(declared.speakers.values()), at=NOW)
    steps.propose_new(conn, declared, at=NOW)


def question(conn, day=DAY, basis="public", **more):
    found = standing(conn, as_of=day, basis=basis, reading="provisional", today=DAY, country="RU", **more)
    return next(q for g in found.groups for q in g.questions if q.id == "G1.3")


def test_three_independent_reports_are_sufficient_and_a_rise_waits_a_week(town):
    understand(town)
    one = question(town)
    assert (one.status, one.origins, one.effective) == ("sufficient", 3, "sufficient"), one.reasons
    assert question(town, date(2022, 6, 6)).effective == "insufficient"


def test_what_nobody_has_searched_for_copies_is_at_most_emerging(town):
    understand(town, link=False)
    one = question(town)
    assert one.status == "emerging" and any("origins of 3 items" in reason for reason in one.reasons)


def test_a_rejected_answer_and_a_rejected_tag_count_no_more(town):
    understand(town)
    (first, second, _) = town.execute("select id, passage_id from evidence where question_id = 'G1.3'").fetchall()
    with writing(town):
        decision = EvidenceDecision(
            evidence_id=first["id"], decision="reject", reason="hearsay", actor="ada", decided_at=NOW
        )
        evidence.decide(town, decision)
    assert question(town).origins == 2
    with writing(town):
        decision = TagDecision(
            passage_id=second["passage_id"], kind="group", value="conscripts", decision="reject", reason="mobilised",
            actor="ada", decided_at=NOW,
        )  # fmt: skip
        tags.decide(town, decision)
    assert question(town).origins == 1


def test_a_rejected_answer_does_not_come_back_with_an_edit_that_changes_little(town):
    understand(town)
    found = town.execute(
        "select e.id from evidence e join passages p on p.id = e.passage_id join documents d on d.id = p.document_id "
        "where d.source_id = 'alfa'"
    ).fetchone()
    with writing(town):
        decision = EvidenceDecision(
            evidence_id=found["id"], decision="reject", reason="hearsay", actor="ada", decided_at=NOW
        )
        evidence.decide(town, decision)
    edited = STORIES["alfa"].replace("said our reporter", "said one reporter")
    publish(town, "alfa", "2022-06-10", edited, modified_on="2022-06-10")
    publish(town, "alfa", "2022-06-11", edited.replace(".", " ."), modified_on="2022-06-11")  # typography only: no edit
    understand(town)
    assert question(town).origins == 2
    assert town.execute("select count(*) from versions where cause = 'edited'").fetchone()[0] == 1


@pytest.mark.parametrize("state", ["gone", "withdrawn"])
def test_what_its_publisher_took_back_carries_no_answer_from_that_day_on(town, state):
    understand(town)
    document = town.execute("select id from documents where source_id = 'delta'").fetchone()["id"]
    with writing(town):
        presence.mark_state(town, document, state, seen_at="2022-06-15T06:00:00Z")
    assert question(town).status != "sufficient"
    assert question(town, date(2022, 6, 14)).status == "sufficient"


def test_a_later_reading_of_the_page_does_not_bring_back_what_was_withdrawn(town):
    understand(town)
    publish(town, "delta", "2022-06-12", "The story that stood here was withdrawn by the editors.")
    understand(town)
    assert question(town).status != "sufficient"
    again = "The story that stood here was withdrawn by the editors."
    publish(town, "delta", "2022-06-12", again, extractor="test/2")
    understand(town)
    assert question(town).status != "sufficient"


def test_a_changed_question_does_not_keep_answers_to_the_old_one(town):
    understand(town)
    row = dict(town.execute("select * from questions where id = 'G1.3'").fetchone())
    row |= {"version": 2, "wording": "Something else?", "scale": '["no", "yes"]'}
    del row["country"]  # it follows from the declaration
    names = ", ".join(row)
    town.execute(f"insert into questions ({names}) values ({', '.join('?' for _ in row)})", list(row.values()))
    assert (question(town).status, question(town).items) == ("insufficient", 0)


def test_nothing_is_known_before_it_was_public_or_held(town):
    understand(town)
    assert question(town, date(2022, 6, 2)).items == 1
    assert question(town, date(2022, 6, 2), "held").items == 0  # tagged on the 20th, so held from then on
    assert question(town, DAY, "held").items == 3


MEDUZA = "Meduza, 31 May 2022, https://meduza.example/feature/31"


PLAIN = {
    "alfa": "Russian conscripts were killed in fighting near Chernihiv in Ukraine on 1 June 2022.",
    "bravo": "Russian conscripts were taken prisoner outside Kharkiv in Ukraine on 2 June 2022.",
    "delta": "Russian conscripts were wounded near Izium in Ukraine on 31 May 2022.",
}


class TestStatementsThatNameNobody:
    @pytest.fixture
    def told(self, tmp_path):
        def build(texts, days=("2022-06-01", "2022-06-02", "2022-06-03")):
            conn = healthy(tmp_path)
            opened.append(conn)
            for (name, text), day in zip(texts.items(), days, strict=True):
                publish(conn, name, day, text)
            understand(conn)
            return question(conn)

        opened = []
        yield build
        for conn in opened:
            conn.close()

    def test_in_one_week_they_are_one_origin(self, told):
        one = told(PLAIN)
        assert (one.origins, one.items, one.status) == (1, 3, "insufficient"), one.reasons
        assert {item.origin_label for item in one.evidence} == {"Unattributed reports of 2022-W22"}

    def test_in_other_weeks_they_are_several_and_none_is_direct(self, told):
        one = told(PLAIN, ("2022-06-03", "2022-06-08", "2022-06-15"))
        assert (one.origins, one.status) == (3, "emerging"), one.reasons

    def test_what_a_source_found_itself_stands_for_itself(self, told):
        one = told({**PLAIN, "delta": STORIES["delta"]})
        assert (one.origins, one.status) == (2, "emerging"), one.reasons

    def test_rumours_do_not_vote(self, told):
        one = told({name: text.replace("were", "were reportedly") for name, text in PLAIN.items()})
        assert (one.origins, one.status) in {(0, "insufficient"), (1, "insufficient")}, one.reasons

    def test_joining_dissent_makes_no_status_higher(self, tmp_path):
        conn = healthy(tmp_path)
        for number, (name, text) in enumerate(STORIES.items(), 1):
            publish(conn, name, f"2022-06-0{number + 1}", text)
        denials = {
            "alfa": "On 4 June 2022 no Russian conscripts were fighting in Ukraine.",
            "delta": "Not one draftee of the spring intake has been sent to Donetsk or Kherson, as of 6 June 2022.",
        }
        for name, text in denials.items():
            publish(conn, name, "2022-06-12", text, key="denial")
        understand(conn)
        assert question(conn).tests["unambiguous"].result == "weak"  # three of five agree, not three of four
        conn.close()


class TestFootnotes:
    def test_three_reports_that_cite_one_item_are_one_origin(self, noted):
        town = noted(MEDUZA, "See Meduza, 31 May 2022.", f"{MEDUZA}?utm_source=x (accessed 2 June 2022)")
        understand(town)
        one = question(town)
        assert (one.origins, one.status) == (1, "insufficient"), one.reasons
        assert {item.origin_label for item in one.evidence} == {MEDUZA}

    @pytest.mark.parametrize(
        "notes", [(MEDUZA, MEDUZA, "Ibid."), (MEDUZA, "TASS, 1 June 2022", "RBC, 2 June 2022"), (MEDUZA, "", "")]
    )
    def test_one_report_is_one_origin_whatever_its_notes(self, tmp_path, notes):
        town = healthy(tmp_path)
        publish(town, "bravo", "2022-06-10", *STORIES.values(), notes=notes)
        understand(town)
        one = question(town)
        assert (one.origins, one.items, one.status) == (1, 3, "insufficient"), one.reasons
        town.close()

    def test_a_report_of_what_is_held_here_is_no_further_origin(self, town):
        understand(town)
        again = "Russian conscripts were captured near Sumy in Ukraine on 2 June 2022."
        publish(town, "bravo", "2022-06-12", again, key="report", notes=("Alfa, https://alfa.example/a",))
        understand(town)
        assert question(town).origins == 3
        publish(town, "bravo", "2022-06-13", again.replace("Sumy", "Izium"), key="other")
        understand(town)
        assert question(town).origins == 4

    @pytest.mark.parametrize(
        "note", ["", "Interview with a lawyer, Rostov, 1 June 2022", "Ibid.", "See also section 3"]
    )
    def test_a_note_that_names_nothing_changes_nothing(self, noted, note):
        town = noted(note, note, note)
        understand(town)
        assert (question(town).origins, question(town).status) == (3, "sufficient")

    def test_three_reports_that_cite_three_items_are_three(self, noted):
        town = noted(MEDUZA, "TASS, 1 June 2022", "RBC, 2 June 2022")
        understand(town)
        assert (question(town).origins, question(town).status) == (3, "sufficient")

    def test_merged_dissent_makes_no_status_higher(self, town):
        understand(town)
        denial = "On 4 June 2022 no Russian conscripts were fighting in Ukraine, in {} or elsewhere."
        for key, place in (("x", "Sumy"), ("y", "Kherson")):
            publish(town, "bravo", "2022-06-12", denial.format(place), key=key)
        understand(town)
        apart = question(town)
        for key, place in (("x", "Sumy"), ("y", "Kherson")):
            publish(town, "bravo", "2022-06-12", denial.format(place), key=key, extractor="test/2", notes=(MEDUZA,))
        understand(town)
        assert question(town).status == apart.status != "sufficient"

    def test_a_person_who_splits_the_note_off_undoes_it(self, noted):
        town = noted(MEDUZA, MEDUZA, MEDUZA)
        understand(town)
        with writing(town):
            town.execute(
                """insert into origin_decisions (origin_link_id, decision, reason, actor, decided_at)
                   select id, 'split', 'another fact', 'ada', ? from origin_links where rule = 'footnote'""",
                [NOW],
            )
        assert (question(town).origins, question(town).status) == (3, "sufficient")


class TestClock:
    def test_an_annulment_stops_it_and_a_correction_counts_at_once(self, town):
        understand(town)
        assert half_on(town, "NL-RUS-2022", "decisions", date(2022, 7, 1)).ends_on == date(2022, 12, 28)
        insert = """insert into moratorium_events
                      (moratorium_id, kind, on_day, last_day, confidence, actor, recorded_at)
                    values ('NL-RUS-2022', ?, ?, ?, 'verified', 'ada', '2022-07-01T00:00:00Z')"""
        town.execute(insert, ["in_force", "2022-06-29", "2022-11-28"])
        assert half_on(town, "NL-RUS-2022", "decisions", date(2022, 7, 1)).ends_on == date(2022, 11, 28)
        town.execute(insert, ["annulled", "2022-08-01", None])
        assert half_on(town, "NL-RUS-2022", "decisions", date(2022, 9, 1)).days_left == -31


def test_the_first_day_of_the_calendar_is_a_day(town):
    understand(town)
    assert question(town, date.min).items == 0
