"""The reasoning behind a verdict as text for a terminal of 100 columns, in English or Dutch."""

import textwrap
from datetime import timedelta

from review.assess import question_standing
from review.explain import Explained, Line, Origin, Part, missing_votes
from review.explain_say import LEVEL_NL, START, Say
from review.method.judge import week_before
from review.method.model import Kind, Status
from review.method.thresholds import RULES
from review.standing import QuestionStanding, Signed

QUOTE = 160


def text_of(found: Explained, language: str, signed: Signed | None = None) -> str:
    """Return the whole reasoning in order: what counts, who says what, tests, gates, status, what could change."""
    say = Say(language)
    shown = question_standing(found.judged, signed)
    parts = [
        _head(found, shown, say), _time(found, say), _origins(found, shown, say), _current(found, say),
        _unambiguous(found, say), _reliable(found, say), _gates(found, say), _status(found, say), _without(found, say),
        _missing(found, say), _future(found, say),
    ]  # fmt: skip
    reasons = shown.reasons_nl if say.at else shown.reasons
    parts.append([say("h_reasons"), *(say.fold(f"- {reason}") for reason in reasons)])
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n\n" + say.fold(say("standing"), 0)


def _head(found: Explained, shown: QuestionStanding, say: Say) -> list[str]:
    case = found.case
    head = say(
        "head", country=shown.country, question=shown.id, status=say.status(shown.effective), day=case.as_of,
        basis=say.basis(case.basis), reading=say.reading(case.reading), rules=RULES.rules_version,
    )  # fmt: skip
    wording = shown.wording_nl if say.at else shown.wording
    lines = [say.fold(head, 0), say.fold(wording)]
    if shown.signed:
        said = shown.reasons_nl if say.at else shown.reasons
        lines += [say.fold(reason) for reason in said if reason.startswith(("signed ", "getekend als "))]
    return [*lines, say.fold(say("digest", digest=shown.inputs_digest))]


def _time(found: Explained, say: Say) -> list[str]:
    case, day = found.case, found.case.as_of
    days = case.question.window_days
    lines = [say("h_time"), say.fold(say("scale", scale=", ".join(map(say.answer, case.question.scale))))]
    lines.append(say.fold(say("window", days=days, day=day, start=_back(found))))
    titles = [event.title for event in case.watersheds if event.on == found.since and not event.announced]
    if found.since:
        lines.append(say.fold(say("watershed", on=found.since, title="; ".join(titles))))
    else:
        lines.append(say.fold(say("no_watershed")))
    return [*lines, say.fold(say("earliest", earliest=found.earliest))]


def _back(found: Explained) -> object:
    try:
        return found.case.as_of - timedelta(days=found.case.question.window_days)
    except OverflowError:
        return "0001-01-01"


def _origins(found: Explained, shown: QuestionStanding, say: Say) -> list[str]:
    ids = {held.item.id: held.row["id"] for held in found.judged.held}
    quotes = {item.evidence_id: item.quote for item in shown.evidence}
    lines = [say("h_origins", items=sum(len(one.lines) for one in found.origins), origins=len(found.origins))]
    for number, one in enumerate(found.origins, 1):
        lines.append(say.fold(f"[{number}] {one.label}"))
        lines.append(say.fold(_card(one, say) + "; " + _vote(one, say), 6))
        for line in one.lines:
            lines.append(say.fold("- " + _item(line, say), 6))
            why = say(f"p_{line.part}", earliest=found.earliest, lowest=RULES.lowest_voting_grade)
            lines.append(say.fold(why, 8))
            if quote := quotes.get(ids.get(line.id, -1), ""):
                lines.append(say.fold(say("says", quote=textwrap.shorten(quote, QUOTE, placeholder=" ...")), 8))
    return lines


def _card(one: Origin, say: Say) -> str:
    return say(
        "card", type=say.types([one.type]), owner=one.owner, grade=one.grade, party=say("party") if one.party else "",
        collected="" if one.collected else say("reports_only"),
    )  # fmt: skip


def _vote(one: Origin, say: Say) -> str:
    if one.vote is None:
        return say("no_vote")
    return say("votes_timely" if one.in_time else "votes_late", vote=say.answer(one.vote))


def _item(line: Line, say: Say) -> str:
    read_from = say(f"from_{line.basis}") if line.basis in ("period", "ongoing", "limited") else ""
    unsure = "" if line.sure else say("not_sure")
    facts = f"{line.facts_on}{read_from}{unsure}" if line.part is not Part.STRUCK else "-"
    return say(
        "item", id=line.id, answer=say.answer(line.answer), facts=facts, published=line.published_on,
        directness=say.directness(line.directness), grade=line.grade, credibility=line.credibility or "-",
    )  # fmt: skip


def _reason(found: Explained, name: str, say: Say) -> str:
    test = getattr(found.judged.outcome, name)
    return test.reason_nl if say.at else test.reason


def _current(found: Explained, say: Say) -> list[str]:
    lines = [say("h_current", result=say.result(found.weighed.current))]
    if found.case.question.kind is Kind.LAW:
        return [*lines, say.fold(_reason(found, "current", say))]
    timely = len(found.weighed.tally.timely)
    two, one = RULES.current_pass_origins, RULES.current_weak_origins
    return [*lines, say.fold(say("current", timely=timely, two=two, one=one))]


def _unambiguous(found: Explained, say: Say) -> list[str]:
    tally, lines = found.weighed.tally, [say("h_unambiguous", result=say.result(found.weighed.unambiguous))]
    if found.case.question.kind is Kind.LAW:
        lines.append(say.fold(_reason(found, "unambiguous", say)))
    elif tally.mode is None:
        lines.append(say.fold(say("no_mode")))
    elif tally.agreement is None:
        lines.append(say.fold(say("no_agreement", timely=len(tally.timely), need=RULES.assessable_votes)))
    else:
        share = say(
            "agreement", mode=say.answer(tally.mode), votes=len(tally.carriers), against=len(tally.against),
            share=f"{float(tally.agreement):.2f}", pass_=RULES.agreement_pass, fail=RULES.agreement_fail,
        )  # fmt: skip
        lines.append(say.fold(share))
    open_ = say(
        "contradictions", n=len(tally.contradictions), steps=RULES.contradiction_steps, one=RULES.contradictions_weak,
        two=RULES.contradictions_fail,
    )  # fmt: skip
    lines.append(say.fold(open_))
    for one in tally.contradictions:
        said = say(
            "contradiction", origin=one.origin, answers="/".join(map(say.answer, one.answers)),
            evidence=", ".join(one.evidence), holders=", ".join(one.holders),
        )  # fmt: skip
        lines.append(say.fold("- " + said))
    for row in found.case.resolutions:
        resolved = say(
            "resolution", resolution=row.resolution, side=row.side or "-", a=", ".join(row.a), b=", ".join(row.b)
        )
        who = say("resolved_by", number=row.number, day=row.decided_on, actor=row.actor, reason=row.reason)
        lines.append(say.fold("- " + resolved + (who if row.actor else "")))
    return lines


def _reliable(found: Explained, say: Say) -> list[str]:
    held, lines = found.support, [say("h_reliable", result=say.result(found.weighed.reliable))]
    if found.case.question.kind is Kind.LAW:
        return [*lines, say.fold(_reason(found, "reliable", say))]
    counted = say(
        "reliable", mode=say.answer(found.weighed.tally.mode), owners=len(held.owners), types=len(held.types),
        direct=len(held.direct), owner_names=", ".join(held.owners) or "-", type_names=say.types(held.types) or "-",
        direct_names=", ".join(held.direct) or "-",
    )  # fmt: skip
    lines.append(say.fold(counted))
    if held.owners and not held.independent:
        lines.append(say.fold(say("only_parties")))
    needs = say(
        "reliable_needs", owners=RULES.owners_pass, types=RULES.types_pass, direct=RULES.direct_pass,
        weak=RULES.owners_weak,
    )  # fmt: skip
    return [*lines, say.fold(needs)]


def _gates(found: Explained, say: Say) -> list[str]:
    outcome, lines = found.judged.outcome, [say("h_gates")]
    closed = say.gates(outcome.gates_closed)
    lines.append(say.fold(say("gates_closed", names=closed) if closed else say("gates_open")))
    seen = found.judged.coverage
    searched = seen.decisive - len(seen.not_searched)
    lines.append(say.fold(say("coverage", searched=searched, decisive=seen.decisive, need=RULES.gate_coverage)))
    if outcome.gates_not_measured:
        lines.append(say.fold(say("gates_unmeasured", names=say.gates(outcome.gates_not_measured))))
    return lines


def _status(found: Explained, say: Say) -> list[str]:
    outcome, timely = found.judged.outcome, len(found.weighed.tally.timely)
    lines = [say("h_status")]
    if found.weighed.official_report and outcome.status is Status.EMERGING:
        lines.append(say.fold(say("official")))
    said = say(
        "status", day=found.case.as_of, status=say.status(outcome.status), before_day=week_before(found.case.as_of),
        before=say.status(outcome.status_week_before), effective=say.status(found.judged.own),
    )  # fmt: skip
    values = {
        "silent": found.silent, "timely": timely, "certainty_agreement": RULES.certainty_agreement,
        "certainty_general": RULES.certainty_general, "certainty_votes": RULES.certainty_votes,
    }  # fmt: skip
    steps = "; ".join(say(f"step_{name}", **values) for name in outcome.certainty_steps) or say("none")
    level = LEVEL_NL[outcome.certainty] if say.at else outcome.certainty
    start = START[outcome.status][say.at]
    sure = say("certainty", level=level, start=start, status=say.status(outcome.status), steps=steps)
    return [*lines, say.fold(said), say.fold(sure)]


def _without(found: Explained, say: Say) -> list[str]:
    lines = [say("h_fragile")]
    for one in found.without:
        changed = say("changed") if one.status is not found.judged.outcome.status else ""
        current, unambiguous, reliable = (say.result(test) for test in one.tests)
        said = say(
            "without", label=one.label, current=current, unambiguous=unambiguous, reliable=reliable,
            status=say.status(one.status), changed=changed,
        )  # fmt: skip
        lines.append(say.fold("- " + said))
    return lines if found.without else [*lines, say.fold(say("no_votes"))]


def _missing(found: Explained, say: Say) -> list[str]:
    outcome, lines = found.judged.outcome, [say("h_missing")]
    needs = [say(f"m_{name}", n=n, earliest=found.earliest) for name, n in missing_votes(found).items()]
    if found.case.question.kind is Kind.LAW:
        tests = ("current", "unambiguous", "reliable")
        needs += [_reason(found, name, say) for name in tests if getattr(found.weighed, name) != "pass"]
    if outcome.gates_closed:
        needs.append(say("m_gates", names=say.gates(outcome.gates_closed)))
    lines += [say.fold("- " + need) for need in needs] or [say.fold(say("m_none"))]
    return [*lines, say.fold(say("m_one_short"))] if outcome.one_origin_short else lines


def _future(found: Explained, say: Say) -> list[str]:
    outcome, lines = found.judged.outcome, [say("h_future")]
    if outcome.stale_on:
        lines.append(say.fold(say("stale", day=outcome.stale_on)))
    lines.append(say.fold(say("falls", day=outcome.falls_on) if outcome.falls_on else say("no_fall")))
    lines += [say.fold(say("announced", name=name)) for name in outcome.announced]
    for name in outcome.passed:
        on, _, title = name.partition(" ")
        lines.append(say.fold(say("passed", on=on, title=title)))
    if outcome.lapse:
        lines.append(say.fold(say("lapsed", first=outcome.lapse.sufficient_on, day=outcome.lapse.lapsed_on)))
    return lines
