"""Questions, watersheds, moratoria and speakers agree with each other, and disagreement is refused by name."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.declarations import Declarations, Scale, load, natural
from store.declared import DeclarationError


@pytest.fixture(scope="module")
def declared() -> Declarations:
    return load()


def question_text(**changes: str) -> str:
    lines = {
        "title": '"Own question"', "group_id": '"conscripts"', "set": '"G1"', "country": '"RU"', "elements": '["L2"]',
        "scale": '"extent"', "volatility": '"V4"', "window_days": "90", "window_reason": '"Fast facts."',
        "decisive": "true", "priority": "false", "version": "1", "search_in": '["ngo"]', "examples_in": '["one"]',
        "examples_out": '["two"]',
    }  # fmt: skip
    body = "\n".join(f"{key} = {value}" for key, value in (lines | changes).items())
    return f'{body}\n[wording]\nen = "Is it so?"\nnl = "Is dat zo?"\n'


def test_every_set_is_complete(declared):
    """Numbers of questions per set: the rows of the question set, two for each row with two scales."""
    sizes = {}
    for question in declared.questions.values():
        sizes[question.set] = sizes.get(question.set, 0) + 1
    assert sizes == {"G1": 18, "G2": 13, "G3": 11, "G4": 7, "G5": 21, "G6": 2, "G7": 3, "G8": 1, "X": 5}


def test_the_first_question_is_deployment(declared):
    question = declared.questions["G1.3"]
    assert (question.scale, question.window_days, question.decisive, question.priority) == (
        Scale.EXTENT,
        90,
        True,
        True,
    )
    assert question.scale_values == ("none", "isolated", "regular", "systematic")


def test_law_and_practice_are_apart(declared):
    law, practice = declared.questions["G1.7a"], declared.questions["G1.7b"]
    assert (law.scale, law.window_days) == (Scale.LAW, 365)
    assert (practice.scale, practice.window_days) == (Scale.NUMBER, 180)


def test_modifiers_and_cross_cutting_questions_have_no_group(declared):
    assert {q.set for q in declared.questions.values() if q.group_id is None} == {"G6", "G7", "G8", "X"}


def test_priority_implies_decisive_and_critics_have_subgroups(declared):
    for question in declared.questions.values():
        assert question.decisive or not question.priority
        assert bool(question.subgroups) == (question.set == "G5")


@pytest.mark.parametrize(
    ("watershed", "inside", "outside"),
    [
        ("RU-2022-02-24-invasion", {"G1.7a", "G3.2", "G2.2", "G5.4", "G4.4"}, {"G2.1", "G5.1", "G5.2", "G4.1", "X1"}),
        ("RU-2022-03-04-false-information", {"G5.1", "G5.a"}, {"G1.3"}),
        ("RU-2022-09-21-mobilisation", {"G2.5", "G1.5", "G1.6", "G3.1a", "G3.1b"}, {"G1.3", "G3.10"}),
        ("RU-2022-09-30-annexation", {"G1.3", "G1.4", "G7.2"}, {"G1.5"}),
        ("RU-2024-01-01-age-18-30", {"G1.1a", "G1.1b"}, {"G1.10", "G1.11"}),
    ],
)
def test_watersheds_list_their_questions(declared, watershed, inside, outside):
    touched = set(declared.touched(declared.watersheds[watershed]))
    assert inside <= touched
    assert not outside & touched


def test_dates_of_general_knowledge_are_marked(declared):
    unconfirmed = {w.on for w in declared.watersheds.values() if not w.confirmed}
    assert {date(2022, 3, 4), date(2022, 9, 24)} <= unconfirmed
    assert date(2022, 9, 21) not in unconfirmed


def test_the_announcement_of_the_end_voids_nothing(declared):
    effects = {w.on: w.effect for w in declared.watersheds_of("G2.1")}
    assert effects[date(2022, 10, 31)] == "announcement"
    assert effects[date(2022, 9, 21)] == "watershed"


def test_the_moratorium_waits_for_deployment_only(declared):
    moratorium = declared.moratoria["NL-RUS-2022"]
    assert moratorium.deciding_ids == ("G1.3",)
    assert {(p.first_day, p.last_day) for p in moratorium.periods} == {
        (date(2022, 6, 29), date(2022, 12, 28)),
        (date(2022, 12, 29), date(2023, 6, 28)),
    }
    assert {h.half for h in moratorium.halves} == {"decisions", "departures"}


def test_who_is_in_and_who_is_out(declared):
    scope = {(s.side, s.group, s.services) for s in declared.moratoria["NL-RUS-2022"].scope}
    assert scope == {
        ("in", "conscripts", ()), ("in", "deserters", ("conscript",)), ("out", "deserters", ("contract",)),
        ("out", "critics", ()), ("out", "reservists", ()),
    }  # fmt: skip


def test_an_own_question_is_added_and_its_file_name_is_its_id(tmp_path):
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "G1.99.toml").write_text(question_text(), "utf-8")
    assert load(tmp_path).questions["G1.99"].title == "Own question"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"group_id": '"conscript"'}, "group 'conscript' is unknown"),
        ({"opposites": '[["none", "always"]]'}, "'always' is not on the scale"),
        ({"scale": '"number"'}, "values .the bands. and unit"),
        ({"subgroups": '["z"]'}, "sub-group 'z' is unknown"),
        ({"window": "90"}, "Did you mean 'window_days'"),
    ],
)
def test_a_wrong_question_is_refused_by_name(tmp_path, changes, message):
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "G1.99.toml").write_text(question_text(**changes), "utf-8")
    with pytest.raises(DeclarationError, match=message):
        load(tmp_path)


def test_a_watershed_must_name_questions_that_exist(tmp_path):
    (tmp_path / "watersheds").mkdir()
    text = 'title = "Own"\ncountry = "RU"\non = 2025-05-01\neffect = "watershed"\nconfirmed = true\n'
    (tmp_path / "watersheds" / "own.toml").write_text(text + 'questions = ["G9.1"]\nwhy = "why"\nsource = "own"\n')
    with pytest.raises(DeclarationError, match=r"own\.toml: 'G9\.1' names no declared question"):
        load(tmp_path)


@given(st.dates(), st.integers(min_value=1, max_value=400))
def test_a_period_never_runs_backwards(first, days):
    from review.declarations import Period

    period = {"number": 1, "wording": "six months", "confidence": "verified"}
    assert Period(first_day=first, last_day=first, **period).first_day == first
    with pytest.raises(ValueError, match="is before first_day"):
        Period(first_day=first, last_day=first - timedelta(days=min(days, (first - date.min).days or 1)), **period)


def test_questions_stand_in_natural_order(declared):
    ids = list(declared.questions)
    assert ids == sorted(ids, key=natural)
    assert ids.index("G1.9") < ids.index("G1.10")
