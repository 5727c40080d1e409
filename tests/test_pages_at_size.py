"""What pages of a large home read or make once for many says the same as what stood for each of them."""

import asyncio
import random
import re
from datetime import date
from html import unescape

import pytest

from review import coding, queue
from review.plugin import uncounted
from review.serve import build
from store import codings
from store.codings import Coding, RelevanceDecision
from store.db import connect, writing
from store.home import Home
from tests.site_home import AT, LATER, answer, keep, make, mention, passage_of

HOSTILE = "9999999999999999999 and 9999999999999999998 in <b>bold</b> & 'quoted'."
TODAY = date(2022, 7, 1)
PEOPLE = ("anna", "ben", "chris")


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The small home with a long document, answers to a question in every third passage, and predictions for all."""
    home = Home(tmp_path_factory.mktemp("many") / "home")
    ids = make(home)
    conn = connect(home)
    texts = [f"Passage {n}: conscripts were sent to place {n}." for n in range(60)]
    texts += [HOSTILE, "Ничего не найдено."]
    ids["long"] = keep(conn, "paper", "long", "2022-06-02", texts, page=3)
    for text in texts[:60:3]:
        mention(conn, passage_of(conn, text), text, "conscripts")
        answer(conn, passage_of(conn, text), text, "isolated", "direct", "2022-05-30")
    found = random.Random(3)
    asked = queue.open_questions(conn, today=TODAY)[:12]
    passages = [row[0] for row in conn.execute("select id from passages order by id")]
    with writing(conn):
        conn.executemany(
            "insert into relevance values (?, ?, ?, ?, ?, 'rules', ?, ?, 0, ?)",
            [
                (one, of.id, of.country, found.choice((0.2, 0.7, 0.9)), found.random(),
                 found.choice(("2020-01-01", "2022-06-02")), AT, AT)
                for of in asked for one in found.sample(passages, 40)
            ],
        )  # fmt: skip
    yield home, conn, ids
    conn.close()


def shown(home, path: str) -> str:
    """A page as a researcher sees it."""
    site = build(home)
    cookie = {"ds_actor": site.sign({"a": {"id": "anna", "role": "researcher"}}, "actor")}
    answered = asyncio.run(site.client.get(path, cookies=cookie))
    assert answered.status_code == 200
    return answered.text


def test_every_passage_of_a_long_document_has_its_words_its_anchor_and_its_forms(filled):
    home, conn, ids = filled
    body = shown(home, f"/documents/{ids['long']}")
    rows = conn.execute(
        "select id, text, language from passages where document_id = ? order by id", [ids["long"]]
    ).fetchall()
    whole = body.split('<div class="passage" id="p')[1:]
    assert [int(part.split('"', 1)[0]) for part in whole] == [row["id"] for row in rows]
    for part, row in zip(whole, rows, strict=True):
        words = re.search(r'<p dir="auto"[^>]*>(.*?)</p>', part, re.DOTALL)
        assert words and unescape(re.sub(r"</?mark[^>]*>", "", words[1])) == row["text"]
        number = row["id"]
        for address in (f"#p{number}", f"/documents/{ids['long']}/cite?passage={number}", f"/search?like={number}",
                        f"/comments?passage={number}", f"/passages/{number}/evidence"):  # fmt: skip
            assert f'href="{address}"' in part
        assert f'action="/passages/{number}/tags"' in part
        assert f'value="/documents/{ids["long"]}#p{number}"' in part
        assert (f'id="p{number}" lang="ru"' in body) == (row["language"] == "ru")
    assert body.count("9999999999999999999") == body.count("9999999999999999998") == 1


def test_what_waits_for_a_coder_is_counted_as_it_is_listed(filled):
    _, conn, _ = filled
    asked = [(one.id, one.version, one.country) for one in queue.open_questions(conn, today=TODAY)]
    found = random.Random(5)
    conn.execute("begin")
    pairs = conn.execute("select passage_id, question_id, country from relevance order by 1, 2").fetchall()
    versions = {question: version for question, version, _ in asked}
    for pair in found.sample(pairs, 200):
        act, actor = found.choice(("code", "code", "decide")), found.choice(PEOPLE)
        passage, question, country = pair
        if act == "decide":
            said = RelevanceDecision(passage_id=passage, question_id=question, country=country, decision="accept",
                                     actor=actor.upper(), decided_at=LATER)  # fmt: skip
            codings.judge(conn, said)
            continue
        try:
            codings.code(conn, Coding(passage_id=passage, question_id=question, country=country, answer="unsure",
                                      question_version=versions[question], actor=actor, coded_at=LATER))  # fmt: skip
        except codings.AlreadyCoded:
            continue
    for actor in (*PEOPLE, "A.nna", "nobody"):
        left = coding.waiting(conn, asked, actor=actor)
        assert left == {one[0]: len(coding.to_code(conn, *one, actor=actor)) for one in asked}
    assert len(set(coding.waiting(conn, asked, actor="anna").values())) > 2
    conn.execute("rollback")


@pytest.mark.parametrize("actor", ["", "anna"])
def test_the_queue_gives_the_first_of_what_it_would_give_in_all(filled, actor):
    _, conn, _ = filled
    asked = queue.open_questions(conn, today=TODAY)
    every = queue.queue(conn, asked, actor=actor, limit=1000)
    assert len({item.question.id for item in every}) == 12 and len(every) == 12 * 40
    assert sorted({(one.passage_id, one.question.id) for one in every}) == sorted(
        tuple(row) for row in conn.execute("select passage_id, question_id from relevance")
    )
    ranked = [one for one in every if not one.audit]
    places = [(-one.priority, -one.question.priority, one.question.id, one.draw) for one in ranked]
    assert places == sorted(places)
    for many in (1, 9, 10, 11, 57):
        assert queue.queue(conn, asked, actor=actor, limit=many) == every[:many]
    assert queue.queue(conn, asked, actor=actor, limit=3, offset=20) == every[20:23]


def test_the_text_index_itself_is_never_counted(filled):
    home, conn, _ = filled
    site = build(home)
    found = asyncio.run(uncounted.counts(site.databases["coi"], 1000))
    assert found.pop("passages_fts_data") is None
    assert found == {table: conn.execute(f"select count(*) from [{table}]").fetchone()[0] for table in found}
    assert asyncio.run(site.databases["coi"].table_counts(1000)).keys() == found.keys() | {"passages_fts_data"}
