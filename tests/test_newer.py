"""What is frozen and what is newer, as pure functions over rows; tests/test_demo.py reads the example archive."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from review.newer import Change, Dealing, Entry, Known, Tier, dealt_with, digest, ranked, split
from review.newer_words import why

DAYS = st.dates(date(2022, 1, 1), date(2022, 12, 31))
ON, UNTIL = date(2022, 6, 29), date(2022, 12, 13)
ROW = Known(
    id="a", question="G1.3", origin="o", answer="none", directness="direct", decision="proposed", source_id="s",
    document_key="k", text_sha256="0" * 64, start=0, end=5, published_on="2022-06-01", known_on=date(2022, 6, 1),
    facts_from=None, facts_to=None,
)  # fmt: skip
ROWS = st.lists(
    st.builds(
        lambda id_, day, answer, number: replace(ROW, id=id_, known_on=day, answer=answer, document_id=number),
        st.text("abcdef", min_size=4, max_size=4), DAYS, st.sampled_from(["none", "isolated"]), st.integers(0, 9),
    ),
    unique_by=lambda row: row.id, max_size=12,
)  # fmt: skip
FLIP = Change(question="G1.3", what="status", before="insufficient", after="emerging", on=UNTIL)
ENTRIES = st.lists(
    st.builds(
        Entry,
        kind=st.sampled_from(["answer", "unread", "report", "watershed", "withdrawn"]),
        known_on=DAYS,
        questions=st.sampled_from([("G1.3",), ("G1.4",)]),
        deciding=st.booleans(),
        title=st.text("xyz", max_size=2),
        source_type=st.sampled_from(["media", "eu_agency"]),
        added=st.sampled_from([(), (FLIP,), (replace(FLIP, what="current", before="fail", after="weak"),)]),
        stance=st.sampled_from(["contradicts", "differs", "first", "agrees", "none"]),
        before=st.just(("none",)),
        weak=st.booleans(),
        one_short=st.booleans(),
        tried=st.booleans(),
        score=st.none() | st.floats(0, 1),
    ),
    max_size=8,
)


@given(ROWS, DAYS, st.integers(0, 200))
def test_frozen_and_since_are_all_that_was_known_by_the_last_day(rows, on, more):
    until = on + timedelta(days=more)
    frozen, since = split(rows, on, until)
    assert not set(frozen) & set(since)
    assert {*frozen, *since} == {row for row in rows if row.known_on <= until}
    assert all(row.known_on <= on for row in frozen)
    assert all(row.known_on > on for row in since)  # nothing that was known on the decision day is newer


@given(ROWS, st.randoms(), DAYS)
def test_the_same_rows_give_the_same_digest_in_any_order_and_database(rows, random, day):
    mixed = [replace(row, document_id=row.document_id + 7, passage_id=3) for row in rows]
    random.shuffle(mixed)
    assert digest(mixed) == digest(rows)
    if rows:
        other = replace(rows[0], answer="systematic")
        assert digest([other, *rows[1:]]) != digest(rows) != digest(rows[1:])
        frozen, _ = split(rows, day, day)
        assert digest(frozen) == digest(split(mixed, day, day)[0])


def test_the_digest_is_written_down():
    assert digest([]) == "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"  # sha256 of []


@given(ENTRIES, st.randoms())
def test_the_order_of_arrival_does_not_matter_and_what_changes_a_status_comes_first(entries, random):
    mixed = list(entries)
    random.shuffle(mixed)
    found = ranked(entries)
    assert [one.rank for one in found] == list(range(1, len(entries) + 1))
    assert [one.tier for one in found] == sorted(one.tier for one in entries)
    assert [(one.tier, one.weak, one.deciding, one.known_on) for one in ranked(mixed)] == [
        (one.tier, one.weak, one.deciding, one.known_on) for one in found
    ]
    assert all(one.tier is Tier.STATUS for one in found if FLIP in one.added)


@given(ENTRIES)
def test_every_entry_says_why_in_both_languages(entries):
    for entry in entries:
        said = why(entry, ON, UNTIL)
        assert all(one.en and one.nl and one.en != one.nl for one in said)
        assert said or entry.kind in ("report", "withdrawn", "watershed")
        if entry.added:
            assert str(ON) in said[0].en and "G1.3" in said[0].nl


def test_an_act_deals_with_what_was_known_on_its_own_day_and_a_sign_off_with_its_question():
    entry = Entry(kind="answer", known_on=date(2022, 9, 1), questions=("G1.3",))
    act = Dealing(on=date(2022, 9, 1), said="extended")
    assert dealt_with(entry, [act]) == "extended 2022-09-01"
    assert dealt_with(replace(entry, known_on=date(2022, 9, 2)), [act]) is None
    signed = Dealing(on=date(2022, 9, 3), said="signed", question="G1.4")
    assert dealt_with(entry, [signed]) is None
    assert dealt_with(entry, [replace(signed, question="G1.3")]) == "signed 2022-09-03"
