"""The Russian chronology in miniature (method §10): what was known on a day, and what the rules make of it."""

from dataclasses import replace
from datetime import date

from review.method.judge import judge
from review.method.model import Directness, Grade, Question, Resolution, Resolved, Side, SourceType, Status, Watershed
from review.method.outcome import Outcome
from review.method.rollup import advice, for_subgroup, moved_cases, reopened, roll_up, with_moved, without_evidence
from tests.method_cases import EXTENT, add, case, enough, said, source

INVASION = Watershed(on=date(2022, 2, 24), title="invasion")
MOBILISATION = Watershed(on=date(2022, 9, 21), title="partial mobilisation")
REPORT = SourceType.OFFICIAL_COUNTRY_REPORT
CARDS = (
    source("ministry-nl", "A", REPORT),
    source("kremlin", "D", SourceType.PARTY_TO_THE_CONFLICT, party=True, owner="russian state"),
    source("mod", "D", SourceType.PARTY_TO_THE_CONFLICT, party=True, owner="russian state"),
    source("times", "B"),
    source("exile", "B"),
    source("euaa", "A", SourceType.EU_AGENCY),
)


def stated(name: str, by: str, answer: str, day: str, **more):
    """Write a row whose facts and publication fall on one day."""
    return said(name, by, answer, day, published_on=date.fromisoformat(day), **more)


DEPLOYED = (
    stated("report-2021", "ministry-nl", "none", "2021-04-07", directness=Directness.GENERAL),
    stated("denial-march", "kremlin", "none", "2022-03-08"),
    stated("admission", "mod", "isolated", "2022-03-09", against_interest=True),
    stated("denial-april", "kremlin", "none", "2022-04-01", origin="o-denial-march"),
    stated("warship", "times", "isolated", "2022-04-20"),
    stated("missing", "exile", "isolated", "2022-05-17"),
    stated("report-2023", "ministry-nl", "isolated", "2023-03-31", directness=Directness.GENERAL),
)


def on(day: str, rows=DEPLOYED, **more) -> Outcome:
    """Judge G1.3 as of a day."""
    fields = {"as_of": date.fromisoformat(day), "watersheds": (INVASION,)}
    return judge(case(CARDS, rows, **(fields | more)))


def test_before_the_invasion_the_country_report_is_alone():
    assert on("2021-06-30").status is Status.EMERGING
    outcome = on("2021-12-31")
    assert outcome.status is Status.INSUFFICIENT
    assert outcome.current.result == "fail"


def test_2022_06_29_is_emerging_at_most_and_says_why():
    outcome = on("2022-06-29")
    assert outcome.status is Status.EMERGING
    assert (outcome.origins, outcome.agreement, outcome.mode) == (2, 1.0, "isolated")
    assert [vote.origin for vote in outcome.votes if vote.in_time] == ["o-missing", "o-warship"]
    assert outcome.background == ("report-2021",)
    assert outcome.weak == ("denial-april", "denial-march")
    assert "background before 2022-02-24: 1 item (ministry-nl; newest facts 2021-04-07)" in outcome.current.reason
    assert "russian state (none, 2022-04-01, a party to the conflict)" in outcome.current.reason
    assert outcome.reliable.reason == (
        "RELIABLE weak: 2 owner groups (exile, times), 1 source type (media), 2 direct items; "
        "missing for a pass: 1 more owner group, 1 more source type"
    )
    assert "partij bij het conflict" in outcome.current.reason_nl
    assert outcome.stale_on == outcome.falls_on == date(2022, 7, 20)


def test_the_denial_of_april_is_in_time_on_its_last_day_and_still_a_weak_voice():
    assert on("2022-06-30").items == 3
    assert on("2022-07-01").items == 2


def test_the_group_is_insufficient_while_other_decisive_questions_have_no_evidence():
    group = roll_up({"G1.3": on("2022-06-29").effective, "G1.5": Status.INSUFFICIENT, "G1.7a": Status.SUFFICIENT})
    assert (group.status, group.sufficient, group.total, group.weakest) == (Status.INSUFFICIENT, 1, 3, ("G1.5",))
    assert group.said.en == "1 of 3 decisive questions sufficient"
    assert roll_up({}).status is Status.INSUFFICIENT
    assert without_evidence(searched=False).en == "insufficient: not searched"


def test_a_mobilisation_reopens_at_once():
    watersheds = (INVASION, MOBILISATION)
    assert reopened(watersheds, date(2022, 9, 20), date(2022, 7, 1)) is None
    assert reopened(watersheds, date(2022, 9, 21), date(2022, 7, 1)) == MOBILISATION.on
    assert reopened(watersheds, date(2022, 9, 22), date(2022, 9, 21)) == MOBILISATION.on
    assert reopened(watersheds, date(2022, 9, 22), date(2022, 9, 22)) is None


def test_2022_12_13_an_interested_party_does_not_carry_the_end_of_mobilisation():
    over = [stated(f"over{n}", by, "none", "2022-10-28") for n, by in enumerate(("mod", "kremlin"))]
    good = tuple(replace(card, grade=Grade.B) if card.party else card for card in CARDS)
    question = Question(id="G2.2", scale=EXTENT, window_days=90)
    found = case(good, over, as_of=date(2022, 12, 13), watersheds=(MOBILISATION,), question=question)
    outcome = judge(found)
    assert outcome.status is Status.INSUFFICIENT
    assert outcome.reliable.result == "fail"
    assert "only interested parties" in outcome.reliable.reason


def test_2023_03_31_one_official_report_is_emerging_a_week_later():
    assert on("2023-03-30").status is Status.INSUFFICIENT
    outcome = on("2023-03-31")
    assert (outcome.status, outcome.effective) == (Status.EMERGING, Status.INSUFFICIENT)
    assert on("2023-04-07").effective is Status.EMERGING
    assert "one official report votes in time" in " ".join(outcome.reasons)


def test_footnotes_of_the_report_are_origins_of_their_own():
    """An uncollected footnote takes the report's card one grade lower; a collected one its own."""
    footnote = stated("footnote", "ministry-nl", "isolated", "2023-03-31", origin="ngo", directness=Directness.REPORTED)
    outcome = on("2023-04-30", (*DEPLOYED, footnote))
    assert (outcome.origins, outcome.status) == (2, Status.EMERGING)
    assert outcome.reliable.result == "fail"


def test_the_advice_line_never_decides():
    def line(status: Status, *, covered=True, expected=False) -> str:
        return advice(roll_up({"G1.3": status}), full_coverage=covered, report_expected=expected).en

    assert "consider lifting" in line(Status.SUFFICIENT)
    assert "renew short; still missing on G1.3" in line(Status.EMERGING)
    assert "commission information on G1.3" in line(Status.INSUFFICIENT)
    assert "a report is expected" in line(Status.INSUFFICIENT, expected=True)
    assert "not fully searched" in line(Status.INSUFFICIENT, covered=False)
    dutch = advice(roll_up({"G1.3": Status.SUFFICIENT}), full_coverage=True, report_expected=False).nl
    assert "overweeg opheffing" in dutch


def test_a_side_moved_to_a_question_of_its_own_pulls_the_group_down():
    base = add(enough(), said("d", "wire", "systematic", subgroup="guards"))
    row = Resolution(a=("d",), b=("a",), resolution=Resolved.OTHER_SUBGROUP, side=Side.A)
    moved = replace(base, resolutions=(row,))
    assert judge(moved).effective is Status.SUFFICIENT
    (own,) = moved_cases(moved)
    assert (own.question.id, [found.id for found in own.evidence]) == ("G1.3 other_subgroup guards", ["d"])
    assert with_moved(moved, judge(moved).effective) is Status.INSUFFICIENT
    for resolution in (Resolved.ERROR_CORRECTED, Resolved.OTHER_TIME, Resolved.OTHER_PLACE):
        closed = replace(base, resolutions=(replace(row, resolution=resolution),))
        assert with_moved(closed, judge(closed).effective) is Status.SUFFICIENT


def test_a_subgroup_has_its_own_evidence_and_what_names_none():
    base = add(enough(), said("d", "wire", "systematic", subgroup="journalists"))
    assert judge(for_subgroup(base, "Journalists")).status is Status.EMERGING
    assert judge(for_subgroup(base, "artists")).status is Status.SUFFICIENT
