"""The three tests and the status, worked by hand: each boundary on both of its sides (method §2, §4, §5, §7, §8)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from review.method.check import CaseError
from review.method.dating import basis
from review.method.judge import judge
from review.method.model import (
    Case,
    Certainty,
    Decision,
    Directness,
    Gate,
    Kind,
    Question,
    Reading,
    Resolution,
    Resolved,
    Result,
    Side,
    SourceType,
    Status,
    Watershed,
)
from tests.method_cases import EXTENT, TODAY, add, case, enough, said, source

SUFFICIENT, EMERGING, INSUFFICIENT = Status.SUFFICIENT, Status.EMERGING, Status.INSUFFICIENT
WIRE, PAPER, MONITOR = source("wire"), source("paper"), source("monitor", kind=SourceType.NGO)
MINISTRY = source("ministry", "D", SourceType.PARTY_TO_THE_CONFLICT, party=True)


def votes(*answers: str, **more) -> Case:
    """Write a case of one vote per answer, each from a house of its own, of two kinds."""
    kinds = (SourceType.MEDIA, SourceType.NGO)
    houses = [source(f"s{number}", kind=kinds[number % 2]) for number in range(len(answers))]
    return case(houses, [said(f"e{n}", f"s{n}", answer) for n, answer in enumerate(answers)], **more)


def test_three_houses_of_two_kinds_with_a_witness_are_sufficient():
    outcome = judge(enough())
    assert (outcome.status, outcome.effective) == (SUFFICIENT, SUFFICIENT)
    assert (outcome.origins, outcome.items, outcome.agreement, outcome.mode) == (3, 3, 1.0, "isolated")
    assert outcome.fragile_origins == ("o-a", "o-b", "o-c")
    assert outcome.stale_on == outcome.falls_on == date(2022, 8, 31)
    assert outcome.current.reason.startswith(
        "CURRENT pass: 3 origins (window 90 d); newest facts 2022-06-01, last day in time 2022-08-30"
    )


def test_no_evidence_is_insufficient_with_very_low_certainty_at_worst():
    outcome = judge(case([], [], reporting_bias=True))
    assert [outcome.current.result, outcome.unambiguous.result, outcome.reliable.result] == [Result.FAIL] * 3
    assert (outcome.status, outcome.certainty, outcome.agreement) == (INSUFFICIENT, Certainty.VERY_LOW, None)
    assert not outcome.fragile


# --- CURRENT ---


@pytest.mark.parametrize(("facts", "in_time"), [("2022-03-31", True), ("2022-03-30", False)])
def test_the_window_includes_its_first_day(facts, in_time):
    assert judge(case([WIRE], [said("a", "wire", facts=facts)])).origins == int(in_time)


@pytest.mark.parametrize(("facts", "in_time"), [("2022-06-02", True), ("2022-06-01", False)])
def test_the_watershed_includes_its_own_day(facts, in_time):
    row = said("a", "wire", facts=facts)
    outcome = judge(case([WIRE], [row], watersheds=(Watershed(on=date(2022, 6, 2)),)))
    assert outcome.origins == int(in_time)
    assert outcome.background == (() if in_time else ("a",))


@pytest.mark.parametrize(("count", "result"), [(0, "fail"), (1, "weak"), (2, "pass")])
def test_current_counts_origins(count, result):
    assert judge(votes(*["none"] * count)).current.result == result


def test_an_announced_watershed_is_shown_and_never_cuts():
    ahead = Watershed(on=date(2022, 7, 20), title="new call-up")
    talk = Watershed(on=date(2022, 6, 5), title="declared over", announced=True)
    outcome = judge(replace(enough(), watersheds=(ahead, talk)))
    assert outcome.status is SUFFICIENT
    assert outcome.stale_on == date(2022, 8, 31)
    assert outcome.announced == ("2022-07-20 new call-up",)
    assert outcome.passed == ("2022-06-05 declared over",)  # its day has come, so nobody is still waiting for it
    said = "since 2022-06-05 (an announcement, it voids nothing): declared over"
    assert said in outcome.reasons and "announced: 2022-07-20 new call-up" in outcome.reasons
    assert not any("announced: 2022-06-05" in reason for reason in outcome.reasons)


@pytest.mark.parametrize(
    ("more", "read_from"),
    [
        ({"facts": "2022-06-01"}, "stated"),
        ({"facts": None, "period_to": date(2022, 6, 5), "whole_period": True}, "period"),
        ({"facts": None, "ongoing": True}, "ongoing"),
        ({"facts": None}, "published"),
    ],
)
def test_a_page_says_from_what_the_counted_day_of_facts_is_read(more, read_from):
    row = said("a", "wire", **more)
    (vote,) = judge(case([WIRE], [row])).votes
    assert basis(row) == (read_from, vote.facts_to) and vote.in_time == (read_from != "published")


def test_without_facts_to_the_publication_date_never_makes_it_current():
    base = case([WIRE], [said("a", "wire", facts=None)])
    assert judge(base).origins == 0
    assert judge(replace(base, evidence=(said("a", "wire", facts=None, ongoing=True),))).origins == 1
    unsure = said("a", "wire", facts=None, ongoing=True, published_certain=False)
    assert judge(replace(base, evidence=(unsure,))).origins == 0


def test_a_reference_period_counts_only_when_the_passage_speaks_of_all_of_it():
    row = said("a", "wire", facts=None, period_to=date(2022, 6, 1))
    assert judge(case([WIRE], [row])).origins == 0
    assert judge(case([WIRE], [replace(row, whole_period=True)])).origins == 1


def test_facts_after_publication_end_on_the_publication_day():
    row = said("a", "wire", facts="2023-01-01", published_on=date(2022, 3, 30))
    assert judge(case([WIRE], [row])).origins == 0


def test_a_copy_does_not_freshen_and_does_not_count_twice():
    old = said("a", "wire", facts="2022-03-01", published_on=date(2022, 3, 2), origin="o")
    copy = said("b", "paper", facts="2022-06-01", origin="o", directness=Directness.REPORTED)
    outcome = judge(case([WIRE, PAPER], [old, copy]))
    assert (outcome.origins, outcome.items) == (0, 0)


def test_a_copy_cannot_have_said_before_its_origin_what_it_says_later():
    """Otherwise the copy, published first, would take the place of the witness."""
    early = said("a", "wire", facts="2022-05-01", published_on=date(2022, 5, 2), origin="o")
    later = said("b", "wire", facts="2022-06-01", origin="o")
    fields = {"origin": "o", "published_on": date(2022, 6, 5), "directness": Directness.REPORTED}
    outcome = judge(case([WIRE, PAPER], [early, later, said("c", "paper", facts="2022-06-01", **fields)]))
    assert outcome.votes[0].evidence == ("b",)


def test_an_origin_votes_once_at_its_latest_answer():
    first = said("a", "wire", "none", "2022-06-01", origin="o")
    outcome = judge(case([WIRE], [first, said("b", "wire", "regular", "2022-06-02", origin="o")]))
    assert (outcome.origins, outcome.items, outcome.mode) == (1, 2, "regular")
    later = said("b", "wire", "regular", "2022-06-01", origin="o", published_on=date(2022, 6, 11))
    assert judge(case([WIRE], [first, later])).mode == "regular"


def test_different_answers_on_one_day_are_no_vote_and_one_dissent():
    pair = [said("x", "wire", "none", origin="o"), said("y", "wire", "regular", origin="o")]
    outcome = judge(add(enough(), *pair))
    assert outcome.origins == 3
    assert outcome.agreement == 0.75
    assert outcome.contradictions == ()
    pair[1] = replace(pair[1], answer="systematic")
    outcome = judge(add(enough(), *pair))
    assert [(one.origin, one.answers) for one in outcome.contradictions] == [("o", ("systematic",))]
    assert outcome.status is EMERGING


def test_an_undated_repetition_stays_at_its_first_publication():
    first = said("a", "wire", "systematic", None, origin="o", published_on=date(2022, 2, 1))
    again = said("b", "wire", "systematic", None, origin="o")
    watershed = (Watershed(on=date(2022, 2, 24)),)
    assert judge(case([WIRE], [first, again], watersheds=watershed)).votes == ()
    assert len(judge(case([WIRE], [again], watersheds=watershed)).votes) == 1


def test_an_undated_answer_does_not_count_beside_a_dated_one():
    dated = said("a", "wire", "none", "2022-05-01", origin="o")
    vague = said("b", "wire", "systematic", None, origin="o", published_on=date(2022, 6, 20))
    assert judge(case([WIRE], [dated, vague])).mode == "none"


def test_no_change_renews_what_a_regular_reporter_said_itself():
    yearly = source("yearly", regular_mandate=True)
    old = said("a", "yearly", facts="2022-01-01", published_on=date(2022, 1, 5), origin="o")
    fields = {"origin": "o", "directness": Directness.GENERAL, "no_change_to": date(2022, 6, 1)}
    outcome = judge(case([yearly], [old, said("b", "yearly", facts=None, **fields)]))
    assert outcome.origins == 1
    assert outcome.votes[0].evidence == ("a",)
    assert judge(case([source("yearly")], [old, said("b", "yearly", facts=None, **fields)])).origins == 0


def test_unknown_never_replaces_an_answer():
    later = said("z", "wire", "unknown", "2022-06-09", origin="o-a")
    outcome = judge(add(enough(), later))
    assert outcome.status is SUFFICIENT
    assert outcome.off_scale == ("z",)


def test_evidence_of_later_days_does_not_exist_yet():
    assert judge(replace(enough(), as_of=date(2022, 6, 9))).used == ()


# --- cards and grades ---


@pytest.mark.parametrize(("grade", "counts"), [("A", 1), ("C", 1), ("D", 0), ("F", 0)])
def test_only_grades_a_to_c_vote(grade, counts):
    outcome = judge(case([source("x", grade)], [said("a", "x")]))
    assert outcome.origins == counts
    assert outcome.items == 1


@pytest.mark.parametrize(("grade", "counts"), [("B", 1), ("C", 0)])
def test_an_uncollected_origin_has_the_card_of_its_first_report_one_grade_lower(grade, counts):
    row = said("a", "x", directness=Directness.REPORTED)
    assert judge(case([source("x", grade)], [row])).origins == counts


def test_the_well_spring_gives_the_card_when_an_item_of_it_is_held():
    reported = said("a", "wire", origin="o", published_on=date(2022, 6, 2), directness=Directness.REPORTED)
    own = said("b", "ministry", origin="o")
    outcome = judge(case([WIRE, MINISTRY], [reported, own]))
    assert outcome.origins == 0
    assert outcome.weak == ("a", "b")


@pytest.mark.parametrize(("grade", "counts"), [("D", 1), ("E", 0), ("F", 0)])
def test_an_admission_against_its_own_interest_counts_one_grade_up(grade, counts):
    party = source("party", grade, SourceType.PARTY_TO_THE_CONFLICT, party=True)
    outcome = judge(case([party], [said("a", "party", against_interest=True)]))
    assert outcome.origins == counts
    assert all(vote.party for vote in outcome.votes)


def test_against_interest_lifts_only_a_party():
    assert judge(case([source("x", "D")], [said("a", "x", against_interest=True)])).origins == 0


def test_a_value_off_the_scale_cannot_lift_the_card():
    rumour = said("a", "tabloid", origin="o", directness=Directness.REPORTED)
    own = said("b", "wire", "unknown", origin="o", published_on=date(2022, 6, 20))
    assert judge(case([source("tabloid", "C"), WIRE], [rumour, own])).origins == 0


# --- UNAMBIGUOUS ---


@pytest.mark.parametrize(
    ("answers", "agreement", "result"),
    [
        (["none"], None, "fail"),
        (["none", "isolated"], 0.5, "fail"),
        (["none"] * 3 + ["isolated"] * 3, 0.5, "fail"),
        (["none"] * 2 + ["isolated"], 2 / 3, "weak"),
        (["none"] * 3 + ["isolated"], 0.75, "pass"),
        (["none"] * 4 + ["isolated"], 0.8, "pass"),
        (["none"] * 4 + ["regular"], 0.8, "weak"),
        (["none"] * 8 + ["regular"] * 2, 0.8, "fail"),
    ],
)
def test_agreement_and_contradictions(answers, agreement, result):
    outcome = judge(votes(*answers))
    assert outcome.agreement == agreement
    assert outcome.unambiguous.result == result


def test_dissent_does_not_age_and_support_does():
    old = {"facts": "2022-03-01", "published_on": date(2022, 3, 2)}
    assert judge(add(enough(), said("d", "wire", "none", **old))).agreement == 0.75
    assert judge(add(enough(), said("d", "wire", "isolated", **old))).agreement == 1.0


def test_a_contradiction_needs_a_common_place_with_any_holder_even_an_old_one():
    house = [source("x"), WIRE, PAPER, MONITOR]
    base = [said(n, by, place="border") for n, by in (("a", "wire"), ("b", "paper"), ("c", "monitor"))]
    far = said("x", "x", "systematic", place="front")
    assert judge(case(house, [*base, far])).contradictions == ()
    holder = said("h", "x", place="Front", facts="2022-01-10", published_on=date(2022, 1, 11))
    (found,) = judge(case(house, [*base, far, holder])).contradictions
    assert (found.origin, found.holders) == ("o-x", ("h",))
    other_group = replace(holder, subgroup="officers")
    assert judge(case(house, [*base, replace(far, subgroup="drivers"), other_group])).contradictions == ()


def test_declared_opposites_and_the_ends_of_two_values_contradict():
    near = votes("none", "none", "none", "isolated")
    assert judge(near).contradictions == ()
    declared = replace(near.question, opposite=(("isolated", "none"),))
    assert len(judge(replace(near, question=declared)).contradictions) == 1
    two = Question(id="q", scale=("yes", "no", "unclear"), window_days=90)
    assert len(judge(votes("yes", "yes", "yes", "no", question=two)).contradictions) == 1


def test_off_scale_values_are_no_steps():
    scale = ("none", "unclear", "isolated")
    question = Question(id="q", scale=scale, window_days=90, opposite=())
    assert len(judge(votes("none", "none", "none", "isolated", question=question)).contradictions) == 1
    wider = replace(question, scale=("none", "unclear", "isolated", "regular"))
    assert judge(votes("none", "none", "none", "isolated", question=wider)).contradictions == ()


@pytest.mark.parametrize(
    ("resolution", "side", "status"),
    [
        (None, None, EMERGING),
        (None, Side.A, EMERGING),
        (Resolved.OTHER_TIME, None, EMERGING),
        (Resolved.GENUINE, Side.A, EMERGING),
        (Resolved.OTHER_TIME, Side.A, SUFFICIENT),
        (Resolved.PARTY_INTEREST, Side.B, INSUFFICIENT),
    ],
)
def test_a_resolution_sets_aside_the_side_it_names(resolution, side, status):
    dissent = said("d", "wire", "systematic")
    row = Resolution(a=("d",), b=("a", "b"), resolution=resolution, side=side)
    outcome = judge(replace(add(enough(), dissent), resolutions=(row,)))
    assert outcome.status is status
    aside = {Side.A: ("d",), Side.B: ("a", "b"), None: ()}[side]
    assert outcome.struck == (aside if resolution not in (None, Resolved.GENUINE) else ())


def test_a_side_takes_along_the_same_answer_of_its_origin_that_is_no_newer():
    rows = [
        said("d", "wire", "systematic", "2022-06-01", origin="o"),
        said("older", "wire", "systematic", "2022-05-01", origin="o"),
        said("vague", "wire", "systematic", None, origin="o"),
        said("newer", "wire", "systematic", "2022-06-02", origin="o"),
        said("other", "wire", "none", "2022-05-01", origin="o"),
    ]
    row = Resolution(a=("d",), b=("a",), resolution=Resolved.ERROR_CORRECTED, side=Side.A)
    outcome = judge(replace(add(enough(), *rows), resolutions=(row,)))
    assert outcome.struck == ("d", "older", "vague")
    assert len(outcome.contradictions) == 1


# --- RELIABLE, gates, the official report, the seven days ---


def carried(*houses: tuple[str, SourceType], direct: bool = True, party: bool = False) -> Result:
    """Return RELIABLE for votes of one value by (owner, type)."""
    how = Directness.DIRECT if direct else Directness.GENERAL
    cards = [source(f"s{n}", kind=kind, owner=owner, party=party) for n, (owner, kind) in enumerate(houses)]
    return judge(case(cards, [said(f"e{n}", f"s{n}", directness=how) for n in range(len(cards))])).reliable.result


def test_owner_groups_types_and_a_witness():
    media, ngo = SourceType.MEDIA, SourceType.NGO
    assert carried(("x", media), ("y", media), ("z", ngo)) == "pass"
    assert carried(("x", media), ("y", media), ("z", media)) == "weak"
    assert carried(("x", media), ("y", media), ("z", ngo), direct=False) == "weak"
    assert carried(("x", media), ("y", ngo)) == "weak"
    assert carried(("x", media), ("x", media), ("x", ngo)) == "fail"
    assert carried(("x", media), ("y", media), ("z", ngo), party=True) == "fail"


@pytest.mark.parametrize("gate", list(Gate))
def test_a_closed_gate_caps_at_emerging_and_reviewer_gates_wait_for_reviewers(gate):
    base = replace(enough(), gates_closed=frozenset({gate}))
    assert judge(base).status is EMERGING
    needs_people = gate in (Gate.UNREAD, Gate.DOUBLE_CODING, Gate.TRANSLATION)
    outcome = judge(replace(base, reading=Reading.PROVISIONAL))
    assert outcome.status is (SUFFICIENT if needs_people else EMERGING)
    assert outcome.gates_not_measured == ((gate,) if needs_people else ())


@pytest.mark.parametrize("kind", [SourceType.OFFICIAL_COUNTRY_REPORT, SourceType.EU_AGENCY])
def test_one_official_report_is_emerging_until_somebody_dissents(kind):
    base = case([source("report", kind=kind), MINISTRY, WIRE], [said("a", "report")])
    assert judge(base).status is EMERGING
    assert judge(add(base, said("w", "ministry", "systematic"))).status is EMERGING
    assert judge(add(base, said("d", "wire", "none", "2022-01-01"))).status is INSUFFICIENT
    assert judge(replace(base, as_of=date(2022, 8, 31))).status is INSUFFICIENT


def test_a_documented_gap_is_emerging_only_with_full_coverage():
    base = case([], [], known_gap=True)
    assert judge(base).status is INSUFFICIENT
    covered = replace(base, full_coverage=True)
    assert judge(covered).status is EMERGING
    assert judge(replace(covered, gates_closed=frozenset({Gate.COVERAGE}))).status is INSUFFICIENT


@pytest.mark.parametrize(("day", "effective"), [(16, INSUFFICIENT), (17, SUFFICIENT)])
def test_a_rise_waits_a_week_and_a_fall_does_not(day, effective):
    """All is published on 10 June: the rise counts seven days later, not six."""
    assert judge(replace(enough(), as_of=date(2022, 6, day))).effective is effective
    assert judge(replace(enough(), as_of=date(2022, 8, 30))).effective is SUFFICIENT
    assert judge(replace(enough(), as_of=date(2022, 8, 31))).effective is INSUFFICIENT


def test_a_lapse_is_remembered():
    found = judge(replace(enough(), as_of=date(2022, 10, 1))).lapse
    assert (found.sufficient_on, found.lapsed_on) == (date(2022, 6, 10), date(2022, 8, 31))
    assert judge(enough()).lapse is None


@pytest.mark.parametrize(
    ("answers", "more", "certainty"),
    [
        (["none"] * 4, {}, "high"),
        (["none"] * 3, {}, "moderate"),
        (["none"] * 3 + ["isolated"], {}, "moderate"),
        (["none"] * 4, {"reporting_bias": True}, "moderate"),
        (["none"] * 2, {}, "low"),
        (["none"], {}, "very low"),
    ],
)
def test_certainty_steps_down(answers, more, certainty):
    assert judge(votes(*answers, **more)).certainty == certainty


def test_certainty_counts_general_votes_and_origins_without_a_vote():
    base = votes(*["none"] * 6)
    general = [replace(row, directness=Directness.GENERAL) for row in base.evidence]
    assert judge(replace(base, evidence=(*general[:2], *base.evidence[2:]))).certainty == "high"
    assert judge(replace(base, evidence=(*general[:3], *base.evidence[3:]))).certainty_steps == ("general",)
    weak = [said(f"w{n}", "weak") for n in range(7)]
    house = (source("weak", "E"),)
    assert judge(add(base, *weak[:6], sources=house)).certainty == "high"
    assert judge(add(base, *weak, sources=house)).certainty_steps == ("silent_origins",)


def test_credibility_ignores_the_grade():
    houses = [source(f"s{n}", "F") for n in range(3)]
    rows = [said(f"e{n}", f"s{n}", "none") for n in range(3)]
    numbers = [one.number for one in judge(case(houses, rows)).credibility]
    assert numbers == [1, 1, 1]
    assert [one.number for one in judge(case(houses, rows[:2])).credibility] == [2, 2]
    assert [one.number for one in judge(case(houses, rows[:1])).credibility] == [3]
    against = replace(rows[1], answer="regular")
    assert [one.number for one in judge(case(houses, [rows[0], against])).credibility] == [4, 4]
    superseded = replace(rows[2], answer="systematic", origin="o-e0", published_on=date(2022, 6, 12))
    third = replace(rows[2], id="e3", answer="regular")
    found = {one.evidence: one.number for one in judge(case(houses, [rows[0], superseded, against, third])).credibility}
    assert found["e0"] == 5
    assert [one.number for one in judge(case(houses, [replace(rows[0], answer="mixed")])).credibility] == [6]


# --- law ---


def law(*more, **fields) -> Case:
    """Write a law question: the gazette's text, verified on 1 June, and its commentary by others."""
    gazette = source("gazette", "A", SourceType.GOVERNMENT_STATEMENT, party=True, owner="state")
    verified = fields.pop("verified_on", date(2022, 6, 1))
    row = {"official_text": True, "verified_on": verified, "published_on": date(2015, 1, 1)}
    text = said("text", "gazette", "yes", None, **row)
    question = Question(id="G2.5", scale=("yes", "partly", "no"), window_days=365, kind=Kind.LAW)
    return case([gazette, WIRE, MINISTRY], [text, *more], question=question, **fields)


def test_a_confirmed_text_in_force_carries_a_law_question():
    reader = said("a", "wire", "yes")
    outcome = judge(law(reader))
    assert outcome.status is SUFFICIENT
    assert outcome.stale_on == date(2023, 6, 2)
    assert judge(law()).status is INSUFFICIENT
    assert judge(law(replace(reader, answer="partly"))).unambiguous.result == "fail"
    assert judge(law(reader, verified_on=None)).current.result == "fail"
    assert judge(law(said("a", "ministry", "yes", against_interest=True))).reliable.result == "fail"


def test_whose_house_gave_the_text_does_not_confirm_it():
    ministry = replace(MINISTRY, owner="state", party=False, type=SourceType.GOVERNMENT_STATEMENT)
    row = {"official_text": True, "verified_on": date(2022, 6, 1)}
    mirror = said("b", "wire", "yes", None, **row)
    base = law(said("a", "ministry", "yes"), mirror)
    base = replace(base, sources=(base.sources[0], WIRE, ministry))
    assert judge(base).status is INSUFFICIENT
    # neither by an older version of the text, nor in the origin that later gave a reading
    stale = replace(base.evidence[0], verified_on=date(2020, 6, 1))
    assert judge(replace(base, evidence=(stale, *base.evidence[1:]))).status is INSUFFICIENT
    same = replace(base.evidence[1], origin=stale.origin)
    assert judge(replace(base, evidence=(stale, same, mirror))).status is INSUFFICIENT
    reader = said("c", "monitor", "yes")
    assert judge(add(base, reader, sources=(source("monitor", kind=SourceType.NGO),))).status is SUFFICIENT


@pytest.mark.parametrize(("amended", "status"), [(date(2022, 5, 31), SUFFICIENT), (date(2022, 6, 1), INSUFFICIENT)])
def test_a_text_must_be_verified_after_its_last_amendment(amended, status):
    base = law(said("a", "wire", "yes"), watersheds=(Watershed(on=amended),))
    assert judge(base).status is status


# --- readings, merges, bad rows ---


def test_readings_count_decisions_and_proposed_merges():
    base = enough()
    proposed = replace(base.evidence[0], decision=Decision.PROPOSED)
    mixed = replace(base, evidence=(proposed, *base.evidence[1:]))
    assert judge(mixed).status is EMERGING
    assert judge(replace(mixed, reading=Reading.PROVISIONAL)).status is SUFFICIENT
    merging = replace(proposed, merge_proposed="o-b")
    merged = replace(mixed, evidence=(merging, *base.evidence[1:]), reading=Reading.PROVISIONAL)
    assert judge(merged).origins == 2


def test_unattributed_items_of_one_answer_and_week_are_one_origin():
    rows = [said(f"e{day}", "wire", origin=None, published_on=date(2022, 6, day)) for day in (6, 12, 13)]
    assert judge(case([WIRE], rows)).origins == 2


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"source": "nobody"}, "'nobody' is not among the sources"),
        ({"answer": "sometimes"}, "'sometimes' is not on the scale"),
        ({"facts_from": date(2022, 6, 2)}, "2022-06-02 is after facts_to 2022-06-01"),
        ({"verified_on": TODAY}, "belongs to an official text only"),
        ({"official_text": True}, "only a question of kind 'law'"),
        ({"origin": ""}, "field 'origin'"),
    ],
)
def test_a_row_that_cannot_be_judged_is_refused_by_name(change, named):
    row = replace(said("a", "wire"), **change)
    with pytest.raises(CaseError, match=named):
        judge(case([WIRE], [row]))
    with pytest.raises(CaseError, match="used more than once"):
        judge(case([WIRE], [said("a", "wire"), said("a", "wire")]))


def test_a_stance_without_extent_is_isolated_or_none():
    outcome = judge(case([WIRE, PAPER], [said("a", "wire", "supports"), said("b", "paper", "refutes")]))
    assert {vote.answers for vote in outcome.votes} == {("isolated",), ("none",)}


def test_windows_longer_than_the_calendar_do_not_break():
    question = Question(id="q", scale=EXTENT, window_days=9_000_000)
    outcome = judge(replace(enough(), question=question))
    assert (outcome.status, outcome.stale_on) == (SUFFICIENT, None)
    assert judge(replace(enough(), as_of=date.min + timedelta(days=3))).status is INSUFFICIENT


def test_one_statement_in_two_outlets_is_one_weak_voice():
    army = source("army", "D", SourceType.PARTY_TO_THE_CONFLICT, party=True)
    rows = [said("a", "army", "none", origin="o"), said("b", "army", "none", origin="o")]
    assert "1 weak voice without a vote: army" in judge(case([army], rows)).current.reason
