"""The properties that must hold (method §11), on random and nasty rows; each exception is the method's own."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from review.method.chains import followed
from review.method.check import on_scale
from review.method.docket import docket
from review.method.judge import judge
from review.method.model import (
    OFF_SCALE,
    Basis,
    Case,
    Decision,
    Directness,
    Grade,
    Kind,
    Reading,
    Resolved,
    Result,
    Status,
)
from review.method.status import lower, status_on, ways_on, weakest, weigh_on
from review.method.voting import Vote, scene
from tests.method_cases import WINDOW, a_case, a_row, a_source, add, answers_of

often = settings(max_examples=200, deadline=None)
RANDOM = st.randoms(use_true_random=True)


def status(found: Case) -> Status:
    return status_on(docket(found), found.as_of)


def counted(found: Case) -> list[str]:
    return [item.id for item in docket(found).items() if item.known_on <= found.as_of]


def frozen(found: Case) -> Case:
    """Return the case with nothing in it that comes after its day: no news, no watershed, no decision."""
    known, day, held = set(counted(found)), found.as_of, found.basis is Basis.HELD
    return replace(
        found,
        evidence=tuple(
            replace(row, verified_on=row.verified_on if row.verified_on and row.verified_on <= day else None)
            for row in found.evidence
            if row.id in known
        ),
        watersheds=tuple(event for event in found.watersheds if event.on <= day),
        resolutions=tuple(r for r in found.resolutions if not (held and r.decided_on and r.decided_on > day)),
    )


def ballots(found: Case) -> tuple[Vote, ...]:
    """Return every vote with its card, its item and its day: what no copy and no weak voice may touch."""
    return scene(docket(found), found.as_of).votes


def single_mode(found: Case) -> str:
    """Return the one mode of a case; skip the example if there is none or several."""
    tally = judge(found, look_ahead=False)
    assume(tally.mode is not None)
    views = ways_on(docket(found), found.as_of)  # merged and not: with two modes nobody can agree with both
    assume({weigh_on(*one, found.as_of).tally.mode for one in views} == {tally.mode})
    timely = [vote.answers[0] for vote in tally.votes if vote.in_time]
    assume(all(timely.count(other) < timely.count(tally.mode) for other in set(timely) - {tally.mode}))
    return str(tally.mode)


@often
@given(RANDOM)
def test_a_later_copy_by_a_source_no_better_changes_nothing(rng):
    base = a_case(rng)
    originals = [row for row in base.evidence if row.id in counted(base) and row.origin and not row.neighbour]
    assume(originals)
    original = rng.choice(originals)
    graded = {card.id: card.grade for card in base.sources}
    worse = [grade for grade in Grade if grade >= graded[original.source]]
    copyist = a_source(rng, "copyist", worse)
    claimed = a_row(rng, "copy", ["copyist"], [original.answer], base.question.kind)
    copy = replace(
        claimed,
        origin=original.origin,
        published_on=original.published_on + timedelta(days=rng.randint(1, 20)),
        directness=Directness.REPORTED,
        decision=original.decision,
        against_interest=original.against_interest,
        merge_proposed=original.merge_proposed,
        promise=original.promise,
        neighbour=False,
        official_text=False,
        verified_on=None,
        known_on=None,
    )
    after = add(base, copy, sources=(copyist,))
    assert ballots(after) == ballots(base)
    assert status(after) is status(base)


@often
@given(RANDOM)
def test_an_origin_that_agrees_with_a_single_mode_never_lowers(rng):
    base = a_case(rng)
    mode = single_mode(base)
    newcomer = a_source(rng, "newcomer")
    row = a_row(rng, "new", ["newcomer"], [mode], base.question.kind, origin="newcomer", merge_proposed=None)
    assume(not row.official_text)  # the law itself is no voice that agrees with it
    after = add(base, row, sources=(newcomer,))
    before, now = judge(base, look_ahead=False), judge(after, look_ahead=False)
    assert (now.agreement or 0) >= (before.agreement or 0)
    if {one.origin for one in now.contradictions} <= {one.origin for one in before.contradictions}:
        assert now.status.rank >= before.status.rank


@often
@given(RANDOM)
def test_ageing_never_raises(rng):
    base = a_case(rng)
    book = docket(base)
    assert (
        status(replace(frozen(base), as_of=base.as_of + timedelta(days=rng.randint(1, 60)))).rank
        <= status_on(book, base.as_of).rank
    )


@often
@given(RANDOM)
def test_dissent_from_a_single_mode_never_raises(rng):
    base = a_case(rng)
    mode = single_mode(base)
    others = [value for value in answers_of(base.question) if value != mode]
    dissenter = a_source(rng, "dissenter")
    row = a_row(rng, "new", ["dissenter"], others, base.question.kind, origin="dissenter", merge_proposed=None)
    before, now = judge(base, look_ahead=False), judge(add(base, row, sources=(dissenter,)), look_ahead=False)
    assert now.status.rank <= before.status.rank
    assert before.agreement is None or now.agreement <= before.agreement


@often
@given(RANDOM)
def test_a_newer_value_off_the_scale_never_raises(rng):
    base = a_case(rng)
    origins = sorted({row.origin for row in base.evidence if row.origin} | {"brand-new"})
    origin = rng.choice(origins)
    speaker = a_source(rng, "speaker")
    row = a_row(rng, "new", ["speaker"], sorted(OFF_SCALE), base.question.kind, origin=origin, merge_proposed=None)
    newest = max([row.published_on, *(other.published_on for other in base.evidence)])
    newer = replace(row, published_on=newest + timedelta(days=rng.randint(1, 10)))
    base = replace(base, as_of=max(base.as_of, newer.published_on))
    after = add(base, newer, sources=(speaker,))

    def shown(found):
        return {(vote.entries, vote.cards.shown.owner) for vote in ballots(found)}

    assert shown(after) <= shown(base)
    assert status(after).rank <= status(base).rank


@often
@given(RANDOM)
def test_origins_graded_d_to_f_never_change_it(rng):
    base = a_case(rng)
    weak = a_source(rng, "weak", [Grade.D, Grade.E, Grade.F])
    count = rng.randint(1, 3)
    new = tuple(
        a_row(
            rng,
            f"weak{number}",
            ["weak"],
            answers_of(base.question),
            base.question.kind,
            origin="weak",
            merge_proposed=None,
            against_interest=weak.grade is not Grade.D and rng.random() < 0.5,
        )
        for number in range(count)
    )
    after = add(base, *new, sources=(weak,))
    assert ballots(after) == ballots(base)
    assert status(after) is status(base)


@often
@given(RANDOM)
def test_leaving_out_an_origin_is_never_having_had_it(rng):
    base = a_case(rng)
    book = docket(base)
    way = lower(ways_on(book, base.as_of), base.as_of)[0]
    by_origin = {name: {item.id for item in items} for name, items in way.origins_on(base.as_of)}
    now = status(base)
    turned = []
    for name, gone in sorted(by_origin.items()):
        without = replace(base, evidence=tuple(row for row in base.evidence if row.id not in gone))
        if status(without) is not now:
            turned.append(name)
    outcome = judge(base)
    assert list(outcome.fragile_origins) == turned
    assert outcome.fragile == bool(turned)
    assert outcome.fragile_origin == (turned[0] if turned else None)


@often
@given(RANDOM)
def test_order_of_arrival_does_not_matter(rng):
    base = a_case(rng)

    def mixed(items):
        return tuple(rng.sample(items, len(items)))

    shuffled = replace(
        base,
        evidence=mixed(base.evidence),
        sources=mixed(base.sources),
        watersheds=mixed(base.watersheds),
        resolutions=mixed(base.resolutions),
    )
    assert judge(shuffled) == judge(base)


@often
@given(RANDOM)
def test_as_of_today_equals_live(rng):
    base = a_case(rng)
    known = set(counted(base))
    live = replace(base, evidence=tuple(row for row in base.evidence if row.id in known))
    assert judge(base) == judge(live)


@often
@given(RANDOM)
def test_what_was_held_is_a_subset_of_what_was_public(rng):
    base = a_case(rng)
    held, public = (judge(replace(base, basis=basis), look_ahead=False) for basis in (Basis.HELD, Basis.PUBLIC))
    assert set(held.used) <= set(public.used)


@often
@given(RANDOM)
def test_effective_is_the_lower_of_today_and_a_week_ago(rng):
    base = a_case(rng)
    ago = judge(replace(base, as_of=base.as_of - timedelta(days=7)), look_ahead=False)
    now = judge(base, look_ahead=False)
    assert now.status_week_before is ago.status
    assert now.effective is weakest((now.status, ago.status))


@often
@given(RANDOM)
def test_stale_and_falling_days_agree_with_looking_at_every_day(rng):
    base = a_case(rng)
    outcome, nothing_new = judge(base), frozen(base)
    ahead = [
        judge(replace(nothing_new, as_of=base.as_of + timedelta(days=number)), look_ahead=False)
        for number in range(1, WINDOW + 3)
    ]
    stale = next((one.as_of for one in ahead if one.current.result is not Result.PASS), None)
    assert outcome.stale_on == (stale if outcome.current.result is Result.PASS else None)
    assert outcome.falls_on == next((one.as_of for one in ahead if one.status.rank < outcome.status.rank), None)


@often
@given(RANDOM)
def test_the_lapse_agrees_with_looking_at_every_day(rng):
    base = a_case(rng)
    book = docket(base)
    history = [base.as_of - timedelta(days=number) for number in range(140)]
    enough_on = [status_on(book, day) is Status.SUFFICIENT for day in history]
    found = judge(base).lapse
    if enough_on[0] or not any(enough_on):
        assert found is None
        return
    last = enough_on.index(True)
    first = last
    while enough_on[first + 1]:
        first += 1
    assert (found.sufficient_on, found.lapsed_on) == (history[first], history[last - 1])


@often
@given(RANDOM)
def test_sufficient_always_rests_on_what_the_rules_ask(rng):
    """Recount a green light from the votes shown, independently of how it was reached."""
    base = a_case(rng)
    outcome = judge(base, look_ahead=False)
    if outcome.status is not Status.SUFFICIENT:
        return
    timely = [vote for vote in outcome.votes if vote.in_time]
    carriers = [vote for vote in timely if vote.answers == (outcome.mode,)]
    against = [vote for vote in outcome.votes if vote.answers != (outcome.mode,)]
    assert not outcome.gates_closed
    assert len(timely) >= 2
    if base.question.kind is Kind.LAW:
        assert not against
        assert len({vote.owner for vote in carriers}) >= 2
        return
    assert Fraction(len(carriers), len(carriers) + len(against)) >= Fraction(3, 4)
    assert not outcome.contradictions
    assert len({vote.owner for vote in carriers}) >= 3
    assert len({vote.type for vote in carriers}) >= 2
    assert any(not vote.party for vote in carriers)


@often
@given(RANDOM)
def test_a_resolution_that_names_no_side_or_is_genuine_sets_nothing_aside(rng):
    base = a_case(rng)
    bare = replace(base, resolutions=())
    blunt = replace(
        base,
        resolutions=tuple(
            replace(row, resolution=Resolved.GENUINE) if rng.random() < 0.5 else replace(row, side=None)
            for row in base.resolutions
        ),
    )
    assert judge(blunt) == judge(bare)


@often
@given(RANDOM)
def test_rejected_rows_are_as_if_never_proposed(rng):
    base = a_case(rng)
    live = replace(base, evidence=tuple(row for row in base.evidence if row.decision is not Decision.REJECTED))
    assert judge(base) == judge(live)
    accepted = replace(base, evidence=tuple(row for row in base.evidence if row.decision is Decision.ACCEPTED))
    reviewed = replace(base, reading=Reading.REVIEWED)
    assert judge(reviewed) == judge(replace(accepted, reading=Reading.REVIEWED))


@often
@given(RANDOM)
def test_a_proposed_merge_never_raises(rng):
    base = a_case(rng)
    base = replace(base, evidence=tuple(replace(row, merge_proposed=None) for row in base.evidence))
    names = sorted({row.origin for row in base.evidence if row.origin})
    assume(names)
    merging = tuple(replace(row, merge_proposed=rng.choice([None, *names])) for row in base.evidence)
    before, now = judge(base, look_ahead=False), judge(replace(base, evidence=merging), look_ahead=False)
    assert now.status.rank <= before.status.rank
    assert now.effective.rank <= before.effective.rank


@often
@given(RANDOM)
def test_a_chain_of_copies_changes_nothing(rng):
    """A copy that names an item as its origin, or a copy of that: all spring from where the first one does."""
    base = a_case(rng)
    originals = [row for row in base.evidence if row.origin and not row.neighbour and row.id in counted(base)]
    assume(originals)
    above, scale = rng.choice(originals), on_scale(base.question)
    graded = {card.id: card.grade for card in base.sources}
    worse, rows = [grade for grade in Grade if grade >= graded[above.source]], list(base.evidence)
    sources = []
    for number in range(rng.randint(1, 3)):
        sources.append(a_source(rng, f"copyist{number}", worse))
        published = above.published_on + timedelta(days=rng.randint(1, 9))
        rows.append(
            replace(
                above, id=f"copy{number}", source=f"copyist{number}", origin=above.id, published_on=published,
                directness=Directness.REPORTED, official_text=False, verified_on=None, known_on=None,
            )
        )  # fmt: skip
        above = rows[-1]
    after = replace(base, evidence=followed(rows, scale), sources=(*base.sources, *sources))
    assert ballots(after) == ballots(base)
    assert status(after) is status(base)


@often
@given(RANDOM)
def test_spelling_changes_nothing(rng):
    base = a_case(rng)

    def respelt(name):
        return name and rng.choice([name, name.upper(), f" {name}", f"{name}\u200b"])

    rows = [
        replace(
            row, origin=respelt(row.origin), merge_proposed=respelt(row.merge_proposed), place=respelt(row.place),
            subgroup=respelt(row.subgroup), answer=respelt(row.answer),
        )
        for row in base.evidence
    ]  # fmt: skip
    cards = tuple(replace(card, owner=respelt(card.owner)) for card in base.sources)
    odd = replace(base, evidence=followed(rows, on_scale(base.question)), sources=cards)
    before, now = judge(base), judge(odd)
    for name in ("status", "effective", "certainty", "agreement", "origins", "items", "fragile", "stale_on", "used"):
        assert getattr(now, name) == getattr(before, name)


@often
@given(RANDOM)
def test_every_item_is_shown_somewhere(rng):
    """Nothing that counts disappears: a row known on the day votes, is background, weak, off the scale or struck."""
    base = a_case(rng)
    book = docket(base)
    view = scene(book, base.as_of)
    shown = {entry.item.id for one in view.views for entry in (*one.voters, *one.others)}
    shown |= {item.id for one in view.views for item in one.struck}
    assert shown == set(judge(base, look_ahead=False).used) == set(counted(base))
