"""What the store promises: identity over edits, nothing lost, nonsense refused, tampering visible."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import documents, presence, search, tags
from store.db import StoreError, connect, connect_readonly, writing
from store.documents import public_day
from store.home import Home
from store.identity import identity
from store.model import Change
from store.schema import APPEND_ONLY
from store.sources import sync
from store.tags import TagDecision
from store.verify import database_problems
from tests.conftest import card, version

DAY = "2022-06-30T06:00:00Z"
LATER = "2022-12-28T06:00:00Z"
DECIDE = """insert into tag_decisions (passage_id, kind, value, decision, actor, decided_at)
            values ({passage}, 'group', 'x', '{decision}', '{actor}', '2022-01-01T00:00:00Z')"""


def keep(conn, new, at=DAY):
    with writing(conn):
        return documents.keep(conn, new, capture_id=None, seen_at=at, recorded_at=at)


def passage_ids(conn, version_id):
    rows = conn.execute("select passage_id from version_passages where version_id = ? order by position", [version_id])
    return [row["passage_id"] for row in rows]


class TestIdentity:
    def test_the_same_text_makes_no_new_version(self, conn):
        first = keep(conn, version("One.", "Two."))
        assert first.change is Change.NEW
        assert keep(conn, version("One.", "Two."), LATER).change is Change.UNCHANGED
        assert conn.execute("select count(*) from versions").fetchone()[0] == 1

    def test_an_edit_keeps_the_passages_that_survive_and_their_decisions(self, conn):
        first = keep(conn, version("One.", "Two.", "Three."))
        kept, edited, _ = passage_ids(conn, first.version_id)
        for passage_id in (kept, edited):
            with writing(conn):
                tags.decide(
                    conn,
                    TagDecision(
                        passage_id=passage_id,
                        kind="group",
                        value="conscripts",
                        decision="accept",
                        actor="ada",
                        decided_at=DAY,
                    ),
                )
        second = keep(conn, version("One.", "Two, edited.", "Three."), LATER)
        assert second.change is Change.CHANGED
        assert passage_ids(conn, second.version_id)[0] == kept
        assert list(tags.tags_of(conn, kept)) == [("group", "conscripts", {})]
        assert [row["passage_id"] for row in conn.execute("select passage_id from withdrawn_passages")] == [edited]

    def test_a_newer_extractor_is_no_edit_by_the_publisher(self, conn):
        keep(conn, version("One."))
        assert keep(conn, version("One.", extractor="test/2")).change is Change.REREAD

    def test_the_same_key_at_two_sources_is_two_documents(self, conn):
        with writing(conn):
            sync(conn, [card("other")], declared_at=DAY)
        assert keep(conn, version("One.")).document_id != keep(conn, version("One.", source_id="other")).document_id

    @given(st.text(), st.sampled_from(["\u00ad", "\u200b", "\ufeff"]))
    def test_what_a_reader_cannot_see_changes_no_identity(self, text, invisible):
        assert identity(text) == identity(f"{invisible}{text}{invisible} ")

    def test_what_a_reader_can_see_does(self):
        assert identity("призывник") != identity("призывники")


class TestStates:
    """What became of a document, and what undoes it."""

    DAYS = tuple(f"2022-07-{day:02}T06:00:00Z" for day in range(1, 9))

    @pytest.fixture
    def marked(self, conn):
        """Keep a document on the first day; mark it on the days that follow."""

        def make(*states):
            found = keep(conn, version("One."), self.DAYS[0]).document_id
            with writing(conn):
                for state, day in zip(states, self.DAYS[1:], strict=False):
                    presence.mark_state(conn, found, state, seen_at=day)
            return found

        return make

    def states(self, conn):
        rows = conn.execute("select state, seen_at from document_states order by id")
        return [row["state"] for row in rows], conn.execute("select state from documents").fetchone()["state"]

    def met(self, conn, found, day):
        with writing(conn):
            presence.met_again(conn, found, seen_at=self.DAYS[day])

    @pytest.mark.parametrize("text", ["One.", "One, edited."])
    def test_a_document_that_no_longer_says_it_is_withdrawn_is_live(self, conn, marked, text):
        marked("withdrawn")
        keep(conn, version(text), self.DAYS[3])
        assert self.states(conn) == (["withdrawn", "live"], "live")

    def test_one_that_still_says_so_stays_withdrawn_and_nothing_is_noted(self, conn, marked):
        marked("withdrawn")
        with writing(conn):
            documents.keep(conn, version("One, edited."), capture_id=None, seen_at=self.DAYS[3],
                           recorded_at=self.DAYS[3], withdrawn=True)  # fmt: skip
        assert self.states(conn) == (["withdrawn"], "withdrawn")

    def test_one_that_was_only_met_stays_withdrawn(self, conn, marked):
        self.met(conn, marked("withdrawn"), 3)
        assert self.states(conn) == (["withdrawn"], "withdrawn")

    @pytest.mark.parametrize("before", ["withdrawn", "moved"])
    def test_one_that_was_gone_is_again_what_it_was(self, conn, marked, before):
        self.met(conn, marked(before, "gone"), 4)
        assert self.states(conn) == ([before, "gone", before], before)

    def test_one_that_was_gone_and_comes_back_without_the_words_is_live(self, conn, marked):
        marked("withdrawn", "gone")
        keep(conn, version("One."), self.DAYS[4])
        assert self.states(conn) == (["withdrawn", "gone", "live"], "live")

    @pytest.mark.parametrize("state", ["withdrawn", "gone"])
    def test_an_older_capture_that_comes_in_late_brings_nothing_back(self, conn, marked, state):
        marked("live", "live", state)
        keep(conn, version("One, older."), self.DAYS[2])
        assert self.states(conn) == ([state], state)

    def test_what_moved_stays_moved(self, conn, marked):
        marked("moved")
        keep(conn, version("One, edited."), self.DAYS[3])
        assert self.states(conn) == (["moved"], "moved")


@given(
    published=st.none() | st.dates().map(str),
    modified=st.none() | st.dates().map(str),
    before=st.none() | st.dates().map(str),
    seen=st.dates().map(str),
)
def test_nothing_is_public_later_than_the_day_we_saw_it(published, modified, before, seen):
    assert public_day(published, modified, before, f"{seen}T00:00:00Z") <= seen


@settings(deadline=None)  # the first passage in a language loads its dictionary
@given(order=st.permutations(range(4)))
def test_the_order_of_arrival_does_not_matter(order, tmp_path_factory):
    conn = connect(Home(tmp_path_factory.mktemp("home")))
    sync(conn, [card("paper")], declared_at=DAY)
    states = [
        ("2022-01-05", "One."),
        ("2022-02-05", "One.", "Two."),
        ("2022-03-05", "Two."),
        ("2022-04-05", "One.", "Two."),
    ]
    for index in order:
        day, *paragraphs = states[index]
        keep(conn, version(*paragraphs), f"{day}T00:00:00Z")
    times = conn.execute(
        "select p.text, t.public_on from passages p join passage_times t on t.passage_id = p.id order by p.text"
    )
    assert [tuple(row) for row in times] == [("One.", "2022-01-05"), ("Two.", "2022-02-05")]
    newest = conn.execute("select text from current_versions").fetchone()
    assert newest["text"] == "One.\n\nTwo."
    conn.close()


class TestRefusals:
    def test_rows_that_are_only_added_are_never_changed_or_removed(self, conn):
        keep(conn, version("One."))
        for table in APPEND_ONLY:
            column = conn.execute(f"select name from pragma_table_info('{table}')").fetchone()["name"]
            triggers = {row["name"] for row in conn.execute("select name from sqlite_master where type = 'trigger'")}
            assert {f"{table}_no_update", f"{table}_no_delete"} <= triggers, (table, column)
        for act in ("update passages set text = 'x'", "delete from versions", "delete from documents"):
            with pytest.raises(sqlite3.IntegrityError):
                conn.execute(act)

    @pytest.mark.parametrize(
        ("sql", "says"),
        [
            ("update documents set key = 'b'", "identity"),
            (DECIDE.format(passage=1, decision="accept", actor="  "), "CHECK"),
            (DECIDE.format(passage=1, decision="reject", actor="ada"), "CHECK"),  # without a reason
            (DECIDE.format(passage=99, decision="accept", actor="ada"), "FOREIGN KEY"),
            ("insert into moratoria values ('x', 'NLD', 'RU', 't', '', '[]', '{}', 'now')", "CHECK"),
        ],
    )
    def test_nonsense(self, conn, sql, says):
        keep(conn, version("One."))
        with pytest.raises(sqlite3.IntegrityError, match=says):
            conn.execute(sql)

    def test_a_reader_cannot_write(self, conn, home):
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connect_readonly(home).execute("delete from settings")


def test_a_database_whose_making_was_killed_at_once_is_named(home):
    home.database.touch()
    with pytest.raises(StoreError, match=r"coi\.db is empty.*again"):
        connect_readonly(home)
    connect(home).close()
    connect_readonly(home).close()


class TestAuditChain:
    @pytest.fixture
    def decided(self, conn):
        keep(conn, version("One."))
        for decision in ("accept", "unsure", "later"):
            with writing(conn):
                tags.decide(
                    conn,
                    TagDecision(
                        passage_id=1, kind="group", value="critics", decision=decision, actor="ada", decided_at=DAY
                    ),
                )
        assert list(database_problems(conn)) == []
        return conn

    @pytest.mark.parametrize(
        ("trigger", "tampering"),
        [
            ("tag_decisions_no_update", "update tag_decisions set decision = 'reject', reason = 'x' where id = 2"),
            ("tag_decisions_no_delete", "delete from tag_decisions where id = 2"),
            ("audit_no_update", "update audit set row_json = '{}' where id = 1"),
            ("audit_no_delete", "delete from audit where id = 1"),
        ],
    )
    def test_tampering_shows(self, decided, trigger, tampering):
        decided.execute(f"drop trigger {trigger}")
        decided.execute(tampering)
        assert list(database_problems(decided))


class TestSearch:
    @pytest.fixture
    def found(self, conn):
        keep(conn, version("The conscripts' mothers wrote a letter.", "Призывников отправили домой."))
        return lambda query: [hit.snippet for hit in search.search(conn, query)]

    def test_words_phrases_and_prefixes(self, found):
        assert found("mothers letter") == ["The conscripts' [mothers] wrote a [letter]."]
        assert found('"wrote a letter"') and not found('"letter a wrote"')
        assert found("призывник*") and found("mothers NOT father")

    @pytest.mark.parametrize("query", ["conscripts'", "mothers AND", "(letter", "col:letter", '"', "letter -x", "a*b"])
    def test_no_query_is_a_traceback(self, found, query):
        try:
            found(query)
        except search.SearchError as error:
            assert str(error)

    def test_an_empty_query_says_what_to_do(self, found):
        with pytest.raises(search.SearchError, match="at least one word"):
            found("  ")
