"""From what was judged to what a page or a script shows of it: groups, verdicts, pieces of evidence with their part."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date

from review import absence, signing
from review.beside import beside, by_subgroup, subgroups_of
from review.judging import Judged, narrowed
from review.keeping import digest
from review.method.dating import basis
from review.method.model import Status
from review.method.rollup import roll_up, without_evidence
from review.method.status import weakest
from review.naming import named, readable
from review.standing import GroupStanding, Item, QuestionStanding, Signed, TestResult


def group_standings(
    conn: sqlite3.Connection, country: str, judged: Sequence[Judged], as_of: date
) -> list[GroupStanding]:
    """The groups of what was judged, with every question's standing."""
    signed = signing.in_force(conn, country, as_of, {one.asked.question.id: one.asked.watersheds for one in judged})
    about = subgroups_of(conn, country)
    found = (
        question_standing(one, signed.get(one.asked.question.id), about.get(one.asked.question.id, ()))
        for one in judged
        if one.asked.group
    )
    return rolled_up(conn, country, found)


def rolled_up(conn: sqlite3.Connection, country: str, questions: Iterable[QuestionStanding]) -> list[GroupStanding]:
    """Roll the questions up to their groups: the weakest decisive question, and sub-group (method section 8)."""
    titles = {row["id"]: row for row in conn.execute("select id, title, title_nl from target_groups")}
    by_group: dict[str, list[QuestionStanding]] = {}
    for one in questions:
        if one.group:
            by_group.setdefault(one.group, []).append(one)
    found = []
    for group, members in by_group.items():
        rolled = roll_up({one.id: Status(one.counts_as) for one in members if one.decisive})
        parts = by_subgroup(members)
        found.append(
            GroupStanding(
                country=country,
                group=group,
                title=titles[group]["title"],
                title_nl=titles[group]["title_nl"],
                status=weakest((rolled.status, *(Status(part.status) for part in parts))).value,
                decisive_sufficient=rolled.sufficient,
                decisive_total=rolled.total,
                questions=tuple(members),
                subgroups=parts,
            )
        )
    return found


def question_standing(judged: Judged, signed: Signed | None = None, about: Sequence[str] = ()) -> QuestionStanding:
    """One verdict with everything that a page or a script shows of it, the signed status beside it.

    `about`: the sub-groups that the question asks about.
    """
    one, outcome = judged.asked, judged.outcome
    labels = {held.item.origin: held.origin_label for held in judged.held if held.item.origin}
    said = [readable(text, labels) for text in outcome.reasons]
    said_nl = [readable(text, labels) for text in outcome.reasons_nl]
    if not outcome.used:
        nothing = without_evidence(searched=judged.coverage.full)
        said.append(nothing.en)
        said_nl.append(nothing.nl)
    silence = absence.found_nothing(one, judged.case.as_of, judged.coverage, judged.searches, outcome)
    for each in judged.owed.said:
        said.append(each.en)
        said_nl.append(each.nl)
    items = tuple(_items(judged))
    for en, nl in named(items, one.watersheds, judged.case.as_of):
        said.append(en)
        said_nl.append(nl)
    further, words = beside(judged, signed)
    said += [each.en for each in words]
    said_nl += [each.nl for each in words]
    if judged.coverage.not_searched:
        names = ", ".join(judged.coverage.not_searched)
        said.append(f"Decisive sources not searched in the window: {names}.")
        said_nl.append(f"Beslissende bronnen die in het venster niet zijn doorzocht: {names}.")
    if unlinked := sum(not held.linked for held in judged.held):
        said.append(f"The origins of {unlinked} items are not known yet, so at most emerging; run 'coi tag'.")
        said_nl.append(f"De herkomst van {unlinked} items is nog onbekend, dus hoogstens in opbouw; draai 'coi tag'.")
    if judged.fault:
        said.append(f"Could not be judged, so insufficient: {judged.fault}")
        said_nl.append(f"Kon niet worden beoordeeld, dus ontoereikend: {judged.fault}")
    if judged.withdrawn_lowered:
        said.append("A passage that carried the answer was withdrawn by its source; it counts only as dissent.")
        said_nl.append(
            "Een passage die het antwoord droeg is door haar bron ingetrokken; zij telt alleen als tegenspraak."
        )
    tests = {"current": outcome.current, "unambiguous": outcome.unambiguous, "reliable": outcome.reliable}
    return QuestionStanding(
        id=one.question.id,
        version=one.version,
        country=one.country,
        group=one.group,
        wording=one.wording,
        wording_nl=one.wording_nl,
        element=one.element,
        scale=one.question.scale,
        window_days=one.question.window_days,
        decisive=one.decisive,
        status=outcome.status.value,
        effective=judged.own.value,
        certainty=outcome.certainty.value,
        fragile=outcome.fragile,
        fragile_origin=outcome.fragile_origin,
        stale_on=outcome.stale_on,
        falls_on=outcome.falls_on,
        agreement=outcome.agreement,
        origins=outcome.origins,
        items=outcome.items,
        tests={
            name: TestResult(
                result=t.result.value, reason=readable(t.reason, labels), reason_nl=readable(t.reason_nl, labels)
            )
            for name, t in tests.items()
        },
        gates=tuple(gate.value for gate in outcome.gates_closed),
        reasons=tuple(said),
        reasons_nl=tuple(said_nl),
        watersheds=tuple(
            (event.on.isoformat(), event.title)
            for event in one.watersheds
            if event.on <= judged.case.as_of and not event.announced
        ),
        evidence=items,
        inputs_digest=digest(judged),
        one_origin_short=outcome.one_origin_short,
        contradictions=tuple(labels.get(found.origin, found.origin) for found in outcome.contradictions),
        **further,
        next_on=judged.next_on,
        absence=silence.facts if silence else (),
        absence_said=silence.said.en if silence else "",
        absence_said_nl=silence.said.nl if silence else "",
        judged_on=judged.case.as_of,
        answers=len(items),
        counts_as=judged.effective.value,
        covered=judged.coverage.full,
        by_subgroup=tuple((letter, narrowed(judged, letter).effective.value) for letter in about if one.decisive),
    )


def _items(judged: Judged) -> Iterable[Item]:
    """Each piece of evidence that the reading knew of on the day, with the part it played."""
    outcome = judged.outcome
    mode = outcome.mode
    votes = {name: cast for cast in outcome.votes for name in cast.evidence}
    origin_of = {held.item.id: held for held in judged.held}
    for held in sorted(judged.held, key=lambda h: (h.item.published_on, h.item.id)):
        item, row = held.item, held.row
        if item.id not in outcome.used and item.id not in outcome.struck:
            continue
        cast = votes.get(item.id)
        if item.id in outcome.struck:
            role = "set aside"
        elif item.id in outcome.off_scale:
            role = "no vote"
        elif item.id in outcome.weak:
            role = "weak voice"
        elif item.id in outcome.background:
            role = "background"
        elif cast and cast.in_time:
            role = "vote" if mode is None or item.answer == mode else "dissent"
        elif cast:
            role = "dissent" if mode is not None and item.answer != mode else "out of time"
        else:
            role = "behind its origin's vote"
        origin = held.item.origin or "unattributed"
        read_from, facts_on = basis(item)
        yield Item(
            evidence_id=row["id"],
            passage_id=row["passage_id"],
            document_id=row["document_id"],
            origin=origin,
            origin_label=origin_of[item.id].origin_label,
            role=role,
            answer=item.answer,
            directness=item.directness.value,
            attributed_to=row["attributed_to"],
            facts_to=item.facts_to.isoformat() if item.facts_to else None,
            published_on=item.published_on.isoformat(),
            publisher=row["publisher"],
            source_id=row["source_id"],
            source_type=held.source.type.value,
            grade=held.source.grade.value,
            decision=row["decision"],
            place=row["place"],
            quote=row["text"][row["start"] : row["end"]],
            title=row["title"],
            page=row["page"],
            language=row["language"],
            facts_basis=read_from,
            facts_on=facts_on.isoformat(),
            speaker=held.speaker,
            machine=held.machine,
        )
