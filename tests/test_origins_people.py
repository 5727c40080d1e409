"""People and origins: confirm, split, merge; that each is kept, carries over to new rules, and moves the status."""

import asyncio
import sqlite3
from datetime import date

import pytest
from click.testing import CliRunner

from coi import cli
from review import register
from review.assess import standing
from review.method.model import Basis
from review.origins_people import decide_link, links_of, merge_documents, waiting
from review.serve import build
from review.wellsprings import origins_of
from store import sources
from store.db import connect, writing
from store.home import Home
from store.origins import LinkDecision, LinkRow, UnknownLink, keep_links, keep_rules, merge, renew_links
from store.verify import database_problems
from tests.site_home import CARDS, answer, keep, mention, passage_of

AT, LATER, LAST = "2022-06-20T06:00:00Z", "2022-06-25T06:00:00Z", "2022-06-26T06:00:00Z"
DAY = date(2022, 6, 25)
FIRST = "Conscripts from Pskov were sent across the border and fought near Kharkiv."
AGAIN = "Conscripts from Pskov were sent across the border and fought near Kharkiv, we learn."
RESEARCHER = {"id": "anna", "role": "researcher"}


def copy(child: int, **changes: object) -> LinkRow:
    """The second paper's text stands in the first."""
    facts: dict[str, object] = {
        "document_id": child, "origin_id": "doc:paper:one", "origin_label": "About one", "rule": "copy",
        "why": "90% stands in both.", "certainty": "merged", "strength": 0.9,
    }  # fmt: skip
    return LinkRow(**(facts | changes))  # type: ignore[arg-type]


@pytest.fixture
def two(home: Home):
    """Two papers with the same answer to G1.3; the rules took the second for a copy of the first."""
    conn = connect(home)
    with writing(conn):
        register.sync(conn, None, at=AT)
        sources.sync(conn, CARDS, declared_at=AT)
        one = keep(conn, "paper", "one", "2022-06-10", (FIRST,))
        other = keep(conn, "watch", "two", "2022-06-11", (AGAIN,))
        for text in (FIRST, AGAIN):
            mention(conn, passage_of(conn, text), text, "Conscripts")
            answer(conn, passage_of(conn, text), text, "isolated", "direct", "2022-06-08")
        keep_rules(conn, "r1", at=AT)
        keep_links(conn, [copy(other)], rules_version="r1", at=AT)
    yield conn, one, other
    conn.close()


def g13(conn: sqlite3.Connection) -> tuple[str, int, int]:
    """Status, origins and items of G1.3 on the day."""
    found = standing(conn, as_of=DAY, basis="public", reading="provisional")
    (question,) = [q for group in found.groups for q in group.questions if q.id == "G1.3"]
    return question.status, question.origins, question.items


def said(link_id: int, decision: str, at: str = LATER) -> LinkDecision:
    return LinkDecision(link_id=link_id, decision=decision, reason="other witnesses", actor="anna", decided_at=at)


def link_id(conn: sqlite3.Connection, document: int) -> int:
    return int(links_of(conn, document)[0]["id"])


def test_a_split_moves_the_status_and_a_confirmation_moves_it_back(two):
    conn, _, other = two
    assert g13(conn) == ("insufficient", 1, 2)
    assert decide_link(conn, said(link_id(conn, other), "split")) > 0  # verdicts were computed anew and kept
    assert g13(conn) == ("emerging", 2, 2)
    kept = "select status from current_verdicts where question_id = 'G1.3' and reading = 'provisional'"
    assert conn.execute(kept).fetchone()[0] == "emerging"
    decide_link(conn, said(link_id(conn, other), "confirm", LAST))
    assert g13(conn) == ("insufficient", 1, 2)
    assert list(database_problems(conn)) == []


def test_a_split_after_a_confirmation_is_judged_anew_and_in_force(two):
    conn, _, other = two
    with writing(conn):
        renew_links(conn, [other], [copy(other, certainty="proposed")], rules_version="r1", at=AT)
    kept = "select status, origins from current_verdicts where question_id = 'G1.3' and reading = 'provisional'"
    made = link_id(conn, other)
    for decision, stands in (("split", ("emerging", 2)), ("confirm", ("insufficient", 1)), ("split", ("emerging", 2))):
        assert decide_link(conn, said(made, decision)) > 0  # all on one day: the last is in force
        assert g13(conn)[:2] == stands
        assert tuple(conn.execute(kept).fetchone()) == stands
    assert decide_link(conn, said(made, "split")) == 0  # nothing is another by saying it again


def test_a_decision_is_a_link_of_the_audit_chain(two):
    conn, _, other = two
    decide_link(conn, said(link_id(conn, other), "split"))
    rows = conn.execute("select row_json from audit where table_name = 'origin_decisions'").fetchall()
    assert len(rows) == 1
    assert "other witnesses" in rows[0][0]
    for act in ("update origin_decisions set decision = 'confirm'", "delete from origin_decisions"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            conn.execute(act)


def test_a_split_holds_for_the_same_step_under_new_rules(two):
    conn, _, other = two
    decide_link(conn, said(link_id(conn, other), "split"))
    with writing(conn):
        keep_rules(conn, "r2", at=LATER)
        renew_links(conn, [other], [copy(other, rule="hyperlink", why="It links there.")], rules_version="r2", at=LATER)
    assert [row["rule"] for row in links_of(conn, other)] == ["hyperlink"]
    assert g13(conn)[:2] == ("emerging", 2)


@pytest.mark.parametrize(("start", "end", "origin"), [(5, 30, "doc:watch:two"), (50, 70, "named:elsewhere")])
def test_a_split_of_words_holds_for_these_words_only(two, start, end, origin):
    conn, _, other = two
    passage = passage_of(conn, AGAIN)
    words = copy(other, passage_id=passage, start=0, end=40, origin_id="named:elsewhere", rule="named")
    with writing(conn):
        renew_links(conn, [other], [words], rules_version="r1", at=AT)
    decide_link(conn, said(link_id(conn, other), "split"))
    again = copy(other, passage_id=passage, start=start, end=end, origin_id="named:elsewhere", rule="quotation")
    with writing(conn):
        keep_rules(conn, "r2", at=LATER)
        renew_links(conn, [other], [again], rules_version="r2", at=LATER)
    row = {"document_id": other, "passage_id": passage, "start": start, "end": end}
    assert origins_of(conn, DAY, Basis.PUBLIC).of(row).key == origin


def test_a_split_of_words_holds_in_the_passage_of_the_next_edition(two):
    conn, _, other = two
    words = copy(other, passage_id=passage_of(conn, AGAIN), start=0, end=40, origin_id="named:x", rule="named")
    with writing(conn):
        renew_links(conn, [other], [words], rules_version="r1", at=AT)
    decide_link(conn, said(link_id(conn, other), "split"))
    edited = f"{AGAIN} More follows."
    with writing(conn):
        keep(conn, "watch", "two", "2022-06-11", (edited,), seen_at=LATER)
        passage = passage_of(conn, edited)
        again = copy(other, passage_id=passage, start=0, end=40, origin_id="named:x", rule="named")
        renew_links(conn, [other], [again], rules_version="r1", at=LATER)
    row = {"document_id": other, "passage_id": passage, "start": 0, "end": 40}
    assert origins_of(conn, DAY, Basis.PUBLIC).of(row).key == "doc:watch:two"


def test_a_persons_merge_counts_survives_new_rules_and_can_be_split(two):
    conn, one, other = two
    with writing(conn):
        renew_links(conn, [other], [], rules_version="r1", at=AT)
    assert g13(conn)[:2] == ("emerging", 2)
    made, _ = merge_documents(conn, other, one, reason="one reporter wrote both", actor="anna", at=LATER)
    merge_documents(conn, other, one, reason="one reporter wrote both", actor="anna", at=LAST)  # sent twice
    assert conn.execute("select count(*) from origin_decisions").fetchone()[0] == 1
    assert g13(conn)[:2] == ("insufficient", 1)
    with writing(conn):
        keep_rules(conn, "r2", at=LATER)
        renew_links(conn, [one, other], [], rules_version="r2", at=LATER)
    assert g13(conn)[:2] == ("insufficient", 1)
    decide_link(conn, said(made, "split", LAST))
    assert g13(conn)[:2] == ("emerging", 2)
    assert list(database_problems(conn)) == []


def test_what_a_person_confirmed_goes_before_what_rules_prefer(two):
    conn, _, other = two
    step = copy(other, rule="hyperlink", origin_id="named:agency", origin_label="Agency")
    with writing(conn):
        keep_links(conn, [step], rules_version="r1", at=AT)
    own = {"document_id": other, "passage_id": passage_of(conn, AGAIN), "start": 0, "end": 9}
    assert origins_of(conn, DAY, Basis.PUBLIC).of(own).key == "named:agency"
    decide_link(conn, said(link_id(conn, other), "confirm"))
    assert origins_of(conn, DAY, Basis.PUBLIC).of(own).key == "doc:paper:one"


def test_what_was_decided_later_was_not_held_before(two):
    conn, _, other = two
    decide_link(conn, said(link_id(conn, other), "split", LAST))
    own = {"document_id": other, "passage_id": passage_of(conn, AGAIN), "start": 0, "end": 9}
    assert origins_of(conn, DAY, Basis.HELD).of(own).key == "doc:paper:one"
    assert origins_of(conn, date(2022, 6, 26), Basis.HELD).of(own).key == "doc:watch:two"


def test_a_link_that_ended_is_not_in_force_and_may_come_again(two):
    conn, _, other = two
    own = {"document_id": other, "passage_id": passage_of(conn, AGAIN), "start": 0, "end": 9}
    for links, at, key in (((), LATER, "doc:watch:two"), ((copy(other),), LAST, "doc:paper:one")):
        with writing(conn):
            renew_links(conn, [other], links, rules_version="r1", at=at)
        assert origins_of(conn, DAY, Basis.PUBLIC).of(own).key == key
    assert origins_of(conn, DAY, Basis.HELD).of(own).key == "doc:watch:two"
    assert conn.execute("select count(*) from origin_links").fetchone()[0] == 1


def test_older_rules_that_run_again_are_in_force_again(two):
    conn, _, other = two
    for rules, links in (("r2", ()), ("r1", (copy(other),))):
        with writing(conn):
            keep_rules(conn, rules, at=LATER)
            renew_links(conn, [other], links, rules_version=rules, at=LATER)
        assert len(links_of(conn, other)) == len(links)


@pytest.mark.parametrize("bad", [lambda c: merge(c, 1, 1, reason="x", actor="a", at=AT),
                                 lambda c: merge(c, 1, 99, reason="x", actor="a", at=AT),
                                 lambda c: decide_link(c, said(99, "split"))])  # fmt: skip
def test_what_cannot_be_meant_is_refused_and_nothing_kept(two, bad):
    conn, _, _ = two
    with pytest.raises(UnknownLink, match=r"itself|no document 99|no link 99"):
        bad(conn)
    assert conn.execute("select count(*) from origin_decisions").fetchone()[0] == 0


class TestCommand:
    def coi(self, home: Home, *words: object, code: int = 0) -> str:
        done = CliRunner().invoke(cli, ["origins", *map(str, words)], env={"COI_HOME": str(home.path)})
        assert done.exit_code == code, done.output
        return done.output

    def test_list_decide_and_merge(self, two, home):
        conn, one, other = two
        made = link_id(conn, other)
        assert f"{made}: document {other} from About one (copy, merged). 90%" in self.coi(home, "list", other)
        self.coi(home, "decide", made, "split", "--reason", "other men", "--actor", "anna")
        assert "split by anna" in self.coi(home, "list", other)
        self.coi(home, "merge", one, other, "--reason", "one reporter", "--actor", "ben")
        assert "(person, proposed; confirm by ben)" in self.coi(home, "list", one)
        assert "there is no document 9999" in self.coi(home, "list", 9999, code=1)
        assert "no link" in self.coi(home, "decide", 99, "split", "--reason", "x", "--actor", "a", code=1)
        assert "--reason" in self.coi(home, "decide", made, "split", "--reason", " ", "--actor", "a", code=2)

    def test_what_waits_is_listed(self, two, home):
        conn, _, other = two
        assert self.coi(home) == "2 documents, 1 origin. No merge waits for a person.\n"
        with writing(conn):
            keep_links(conn, [copy(other, certainty="proposed", origin_id="named:z")], rules_version="r1", at=AT)
        assert len(waiting(conn, limit=5)) == 1
        assert "1 merge waits" in self.coi(home)


class TestPage:
    @pytest.fixture
    def site(self, two, home):
        datasette = build(home)

        def ask(path: str, fields: dict[str, object] | None = None, actor: dict | None = RESEARCHER):
            async def asked():
                cookies = {"ds_actor": datasette.sign({"a": actor}, "actor")} if actor else {}
                shown = await datasette.client.get("/search", cookies=cookies)
                mine = (await datasette.client.get(f"/documents/{two[2]}", cookies=cookies)).cookies.get("ds_csrftoken")
                mine = mine or shown.cookies.get("ds_csrftoken", "")
                if fields is None:
                    return await datasette.client.get(path, cookies=cookies)
                sent = {k: str(v) for k, v in fields.items()} | {"csrftoken": mine}
                return await datasette.client.post(path, data=sent, cookies=cookies | {"ds_csrftoken": mine})

            return asyncio.run(asked())

        return ask

    def test_the_form_splits_and_the_page_says_so(self, two, site):
        conn, _, other = two
        made = link_id(conn, other)
        page = f"/documents/{other}"
        assert f'action="/origins/links/{made}/decide"' in site(page).text
        assert "/decide" not in site(page, actor=None).text.split('id="from"')[1]
        sent = {"decision": "split", "reason": "other <b>men</b>", "seen": 0, "back": page}
        answer = site(f"/origins/links/{made}/decide", sent)
        assert (answer.status_code, answer.headers["location"]) == (303, page)
        text = site(page).text
        assert "split by anna" in text
        assert "other &lt;b&gt;men&lt;/b&gt;" in text
        assert "counts as its own origin" in text
        assert g13(conn)[:2] == ("emerging", 2)

    def test_a_decision_that_came_between_is_shown_and_nothing_is_lost(self, two, site):
        conn, _, other = two
        made = link_id(conn, other)
        decide_link(conn, said(made, "confirm"))
        sent = {"decision": "split", "reason": "no", "seen": 0, "back": "/"}
        answer = site(f"/origins/links/{made}/decide", sent)
        assert answer.status_code == 409
        assert "other witnesses" in answer.text
        assert conn.execute("select count(*) from origin_decisions").fetchone()[0] == 1

    def test_the_form_merges(self, two, site):
        conn, one, other = two
        with writing(conn):
            renew_links(conn, [other], [], rules_version="r1", at=AT)
        answer = site(f"/documents/{other}/merge", {"parent": one, "reason": "one reporter", "back": "/documents/1"})
        assert answer.status_code == 303
        assert g13(conn)[:2] == ("insufficient", 1)
        assert "a person merged them" in site(f"/documents/{other}").text

    @pytest.mark.parametrize(
        ("path", "fields", "status"),
        [
            ("/origins/links/{link}/decide", {"decision": "perhaps", "reason": "x"}, 400),
            ("/origins/links/{link}/decide", {"decision": "split", "reason": " "}, 400),
            ("/origins/links/999/decide", {"decision": "split", "reason": "x"}, 404),
            ("/documents/{other}/merge", {"parent": "999", "reason": "x"}, 404),
            ("/documents/{other}/merge", {"parent": "abc", "reason": "x"}, 404),
            ("/documents/{other}/merge", {"parent": "{other}", "reason": "x"}, 400),
        ],
    )
    def test_what_cannot_be_kept_is_refused(self, two, site, path, fields, status):
        conn, _, other = two
        known = {"link": link_id(conn, other), "other": other}
        answer = site(path.format(**known), {name: value.format(**known) for name, value in fields.items()})
        assert answer.status_code == status
        assert conn.execute("select count(*) from origin_decisions").fetchone()[0] == 0

    def test_a_reader_decides_nothing(self, two, site):
        conn, _, other = two
        sent = {"decision": "split", "reason": "x"}
        path = f"/origins/links/{link_id(conn, other)}/decide"
        assert site(path, sent, {"id": "r", "role": "reader"}).status_code == 403


@pytest.mark.parametrize(
    ("basis", "day", "title"),
    [
        (Basis.PUBLIC, date(2022, 6, 29), "No decisions"), (Basis.PUBLIC, date(2023, 1, 1), "Extended"),
        (Basis.HELD, date(2022, 12, 28), "No decisions"), (Basis.HELD, date(2023, 1, 2), "Extended"),
    ],
)  # fmt: skip
def test_an_origin_bears_the_title_that_its_page_had_by_then(home, basis, day, title):
    conn = connect(home)
    sources.sync(conn, CARDS, declared_at=LATER)
    with writing(conn):
        page = keep(conn, "paper", "notice", "2022-06-29", ("We wait.",), seen_at="2022-06-29T10:00:00Z",
                    title="No decisions")  # fmt: skip
        keep(conn, "paper", "notice", "2022-12-28", ("We wait on.",), seen_at="2023-01-01T10:00:00Z", title="Extended")
    origins = origins_of(conn, day, basis)
    assert origins.labels[origins.documents[page]].endswith(f"“{title}”")
    conn.close()


@pytest.mark.parametrize(("day", "shown"), [(date(2022, 6, 29), {FIRST}), (date(2022, 12, 28), {FIRST, AGAIN})])
def test_words_that_an_edit_brought_are_not_known_before_it(home, day, shown):
    """A small edit keeps the day of what it changed, so that it is no news; its words are no older for it."""
    conn = connect(home)
    with writing(conn):
        register.sync(conn, None, at=AT)
        sources.sync(conn, CARDS, declared_at=AT)
        for text, on in ((FIRST, "2022-06-25"), (AGAIN, "2022-12-27")):
            keep(conn, "paper", "notice", on, (text,), seen_at=f"{on}T10:00:00Z")
            mention(conn, passage_of(conn, text), text, "Conscripts")
            answer(conn, passage_of(conn, text), text, "isolated", "direct", "2022-06-20")
    found = standing(conn, as_of=day, basis="public", reading="provisional", country="RU", question="G1.3")
    items = [item for group in found.groups for one in group.questions for item in one.evidence]
    assert {item.quote for item in items} == shown
    conn.close()
