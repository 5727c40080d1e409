"""Footnotes as origins: what a note names, which statement it is about, and that it never adds an origin."""

import asyncio
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from coi import cli
from review.cited import placed
from review.method.docket import docket
from review.method.model import (
    Case,
    Decision,
    Directness,
    Evidence,
    Grade,
    Question,
    Reading,
    Resolution,
    Resolved,
    Side,
    Source,
    SourceType,
)
from review.method.voting import scene
from review.origins import OriginDoc, OriginNote, Rule, link
from review.origins_notes import statement
from review.plugin.documents import shown_notes
from review.rows import Held
from review.serve import build
from review.wellsprings import Spring
from store.db import connect_readonly
from store.home import Home
from tests.test_read_docx import word_file

DAY = date(2023, 6, 1)
SAID = "Conscripts of the garrison were taken across the border at night."
MEDUZA = "Meduza, 12 April 2022, https://meduza.example/feature/12"


def noted(id_, *notes, text=SAID, **known):
    """A report with one passage; every note's mark stands at the end of it."""
    given_ = ((str(n), note) for n, note in enumerate(notes, 1) if note is not None)
    kept = tuple(OriginNote(number=number, text=note, since=0, at=len(text)) for number, note in given_)
    facts = {"publisher": f"p-{id_}", "owner": f"o-{id_}", "published_on": DAY} | known
    return OriginDoc(id=id_, text=text, notes=kept, **facts)


def held(id_="x", **known):
    facts = {"publisher": "Meduza", "names": ("Meduza",), "published_on": date(2022, 4, 12)} | known
    return OriginDoc(id=id_, text="The harbour froze late this year.", owner="meduza", **facts)


def cited(*documents):
    """(document, what its footnotes lead to), in the order of the marks; each once."""
    return [(s.child, s.parent) for s in link(documents) if s.rule is Rule.FOOTNOTE]


@pytest.mark.parametrize(
    ("note", "origin"),
    [
        (MEDUZA, "cited:meduza.example/feature/12"),
        (f"{MEDUZA}?utm_source=x, accessed 3 May 2023.", "cited:meduza.example/feature/12"),
        ("See Meduza, 12 April 2022", "cited:meduza:2022-04-12"),
        ("Медуза, 12.04.2022", "cited:meduza:2022-04-12"),
        ("Human Rights Watch, Russia: no way out, 3 May 2023, p. 4", "cited:human-rights-watch:2023-05-03"),
        ("Meduza, 12 april 2022, https://meduza.example (geraadpleegd op 3 mei 2023)", "cited:meduza:2022-04-12"),
        ("Interview with a lawyer, Tbilisi, 3 May 2022", None),
        ("Vertrouwelijke bron, 3 mei 2022", None),
        ("See also Meduza, 12 April 2022", None),
        ("Contrary to Meduza, 12 April 2022", None),
        ("Zie paragraaf 3.2", None),
        ("Ibid., p. 4", None),
        ("Meduza", None),
        ("Idem", None),
        ("", None),
        ("Nobody knows; Meduza, 12 April 2022; TASS, 13 April 2022", "cited:meduza:2022-04-12"),
    ],
)  # fmt: skip
def test_what_a_note_names(note, origin):
    assert cited(noted("r", note)) == ([("doc:r", origin)] if origin else [])


@pytest.mark.parametrize(
    ("note", "known", "found"),
    [
        ("Families wait, https://www.meduza.example/12/?utm_source=x", {"url": "https://meduza.example/12"}, True),
        ("Meduza, 12 April 2022", {}, True),
        ("Meduza, Families of the garrison wait, April 2022", {"title": "Families of the garrison wait"}, True),
        ("Meduza, 13 April 2022", {}, False),
        ("Meduza, “Quite another story of that day”, 12 April 2022", {}, False),
        ("Meduza, 12 April 2022, https://meduza.example/other", {"url": "https://meduza.example/12"}, False),
        ("TASS, 12 April 2022", {}, False),
        (MEDUZA, {"url": "https://meduza.example/feature/12", "published_on": date(2024, 1, 1)}, False),
    ],
)
def test_a_held_document_is_recognised_by_address_title_or_day(note, known, found):
    assert (cited(noted("r", note), held(**known)) == [("doc:r", "doc:x")]) is found


def test_of_two_items_of_one_day_none_is_meant_more_than_the_other():
    assert cited(noted("r", "Meduza, 12 April 2022"), held("x"), held("y")) == [("doc:r", "cited:meduza:2022-04-12")]


def test_with_and_without_its_address_it_is_one_item():
    found = cited(noted("r", MEDUZA), noted("s", "Meduza, 12 April 2022, p. 3", text=SAID + " So it was."))
    assert {parent for _, parent in found} == {"cited:meduza.example/feature/12"}


@pytest.mark.parametrize(
    "same", ["Ibid.", "Ibidem, p. 7", "Idem", "Там же, с. 3", "Ebd., S. 4", "See footnote 1", "Zie noot 1."]
)
def test_the_same_again_is_the_note_before_it(same):  # fmt: skip
    one, two = SAID, " They came back in May."
    notes = (
        OriginNote(number="1", text=MEDUZA, since=0, at=len(one)),
        OriginNote(number="2", text=same, since=0, at=len(one + two)),
    )
    doc = OriginDoc(id="r", publisher="p", owner="o", text=one + two, notes=notes, published_on=DAY)
    steps = [s for s in link([doc]) if s.rule is Rule.FOOTNOTE]
    assert [(doc.text[s.start : s.end], s.parent) for s in steps] == [
        (one, "cited:meduza.example/feature/12"),
        (two.strip(), "cited:meduza.example/feature/12"),
    ]


def test_the_same_again_behind_a_gap_is_nobody():
    doc = noted("r", MEDUZA, None, "Ibid.")  # note 2 was not found by the reader
    assert [s.why for s in link([doc]) if s.rule is Rule.FOOTNOTE] == [f"Footnote 1: {MEDUZA}"]


def test_a_note_is_about_the_sentence_before_its_mark_from_the_last_mark_on():
    text = "It was cold. Men were sent in spring and most of them came back. Nobody knows more."
    middle, end = text.index(" and most"), text.index(" Nobody")
    notes = [OriginNote(number=str(n), text="x", since=0, at=at) for n, at in enumerate((0, middle, end, end), 1)]
    doc = OriginDoc(id="r", publisher="p", owner="o", text=text, notes=tuple(notes))
    spans = [statement(doc, note) for note in notes]
    assert [text[slice(*span)] if span else None for span in spans] == [
        None, "Men were sent in spring", "and most of them came back.", "and most of them came back.",
    ]  # fmt: skip


def test_addresses_of_a_note_stand_apart_and_a_note_cited_twice_stands_once():
    note = '{"number": "3", "text": "<b>See</b> https://a.example/x (p. 2).", "at": 4}'
    (shown,) = shown_notes(f"[{note}, {note}]")
    assert (shown.number, shown.parts) == ("3", ("<b>See</b> ", "https://a.example/x", " (p. 2)."))


SOURCE = Source(id="s", grade=Grade.B, type=SourceType.MEDIA, owner="o", party=False)


def row(number, origin, key, day, answer="yes", merge=None, decision=Decision.PROPOSED, directness=Directness.DIRECT):
    item = Evidence(
        id=str(number), source="s", origin=origin, answer=answer, published_on=DAY + timedelta(days=day),
        directness=directness, decision=decision, merge_proposed=merge,
    )  # fmt: skip
    return Held(
        item=item, source=SOURCE, question_id="Q", row={}, origin_label=origin, linked=True, withdrawn_on=None,
        cited=Spring(key=key, label=key) if key else None,
    )  # fmt: skip


def origins_by(rows, reading, day):
    case = Case(
        as_of=DAY + timedelta(days=9), reading=reading, sources=(SOURCE,), evidence=tuple(one.item for one in rows),
        question=Question(id="Q", scale=("no", "yes"), window_days=365),
    )  # fmt: skip
    views = scene(docket(case), DAY + timedelta(days=day)).views
    return len(views), sum(1 for view in views if view.vote)


NAMES = st.sampled_from(["r1", "r2", "r3", "m", "h"])
ROWS = st.lists(
    st.tuples(
        NAMES, st.none() | NAMES, st.integers(0, 3), st.sampled_from(["yes", "yes", "yes", "no"]),
        st.none() | st.none() | NAMES, st.sampled_from(Decision), st.sampled_from(Directness),
    ),
    max_size=8,
)  # fmt: skip


@given(ROWS, st.sampled_from(Reading), st.sets(st.integers(0, 7), max_size=2))
@settings(max_examples=400, deadline=None)
def test_notes_never_add_an_origin_on_any_day(drawn, reading, aside):
    before = [row(number, *facts) for number, facts in enumerate(drawn)]
    settled = Resolution(a=tuple(map(str, sorted(aside))), b=("99",), resolution=Resolved.OTHER_TIME, side=Side.A)
    after = placed(before, reading, (settled,))
    assert [one.item.id for one in after] == [one.item.id for one in before]
    for day in range(4):
        known, voting = origins_by(after, reading, day)
        known_before, voting_before = origins_by(before, reading, day)
        assert known <= known_before
        assert voting <= voting_before


def test_five_notes_of_one_report_are_one_origin_and_shared_ones_are_proposed_to_merge():
    five = [row(n, "r1", f"cited:{n}", 1) for n in range(5)]
    assert origins_by(placed(five, Reading.PROVISIONAL, ()), Reading.PROVISIONAL, 9)[0] == 1
    shared = [row(n, f"r{n // 2}", f"cited:{n % 2}", 1) for n in range(6)]
    assert origins_by(placed(shared, Reading.PROVISIONAL, ()), Reading.PROVISIONAL, 9)[0] == 1


def test_a_note_settles_no_disagreement():
    rows = [row(1, "r1", "m", 1, "yes"), row(2, "r2", "m", 1, "no")]
    assert placed(rows, Reading.PROVISIONAL, ()) == tuple(rows)


def test_what_is_cited_and_speaks_itself_is_reported():
    own = row(1, "m", None, 0)
    report, more = row(2, "r", "m", 2), row(3, "r", None, 2)
    _, moved, stays = placed([own, report, more], Reading.PROVISIONAL, ())
    assert (moved.item.origin, moved.item.directness, stays) == ("m", Directness.REPORTED, more)


BODY = "".join(
    f"<w:p><w:r><w:t>{text}</w:t></w:r>{note}</w:p>"
    for text, note in (
        ("Country report on conscripts in Russia", ""),
        (
            "Russian conscripts were killed in fighting near Chernihiv in Ukraine on 1 June 2022.",
            '<w:r><w:footnoteReference w:id="2"/></w:r>',
        ),
    )
)


def test_a_word_file_with_a_footnote_from_end_to_end(tmp_path, monkeypatch):
    monkeypatch.setenv("COI_HOME", str(tmp_path / "home"))
    path = tmp_path / "report.docx"
    path.write_bytes(word_file(BODY))

    def coi(*arguments):
        done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
        assert done.exit_code == 0, done.output
        return done.output

    coi("add", path, "--published", "2022-06-10")
    coi("tag")
    conn = connect_readonly(Home.from_environment())
    links = [tuple(found) for found in conn.execute("select origin_id, rule, why from origin_links")]
    assert links == [
        ("cited:meduza.example/12", "footnote", "Footnote 1: Meduza, 12 April 2022, https://meduza.example/12")
    ]
    conn.close()

    async def page(path):
        site = build(Home.from_environment())
        return (await site.client.get(path)).text

    answer = asyncio.run(page("/questions/G1.3?country=RU&as_of=2022-06-20"))
    assert "Meduza, 12 April 2022, https://meduza.example/12" in answer  # the origin that its evidence stands under
    shown = asyncio.run(page("/documents/1"))
    assert (
        '<a href="https://meduza.example/12" rel="noreferrer external">https://meduza.example/12</a></bdi></li>'
        in shown
    )
    assert "a footnote cites it" in shown and "<b>1</b> <bdi>Meduza, 12 April 2022, " in shown
