"""Judge every question of a country on a day, and keep the verdicts. `standing` only reads; `keep` only adds."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from review import absence, gates, places, signing
from review.beside import beside, by_subgroup, subgroups_of
from review.cited import placed
from review.declarations import SHIPPED, Speaker
from review.method.judge import judge, week_before
from review.method.model import Basis, Case, CaseError, Evidence, Gate, Reading, Status
from review.method.outcome import Outcome
from review.method.rollup import for_subgroup, roll_up, with_moved, without_evidence
from review.method.status import weakest
from review.method.thresholds import RULES
from review.moratorium import countries_with, moratoria
from review.naming import named, readable
from review.rows import Asked, Held, asked, held_evidence, resolutions
from review.standing import GroupStanding, Item, QuestionStanding, Signed, Standing, TestResult
from review.unattributed import joined
from review.wellsprings import origins_of
from store.searches_log import Search
from store.searches_log import searches as searches_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One question's case and outcome, with what a page shows beside it."""

    asked: Asked
    case: Case
    outcome: Outcome
    own: Status  # effective, of this question alone
    effective: Status  # the weaker of that and the questions split off from it: what groups and moratoria take
    coverage: gates.Coverage
    owed: gates.Owed
    searches: tuple[Search, ...]
    held: tuple[Held, ...]
    withdrawn_lowered: bool
    earlier: "Judged | None" = None  # held basis: as it was judged a week before
    fault: str = ""  # why the rows could not be judged; the question is then judged without any


def standing(
    conn: sqlite3.Connection,
    *,
    as_of: date,
    basis: str,
    reading: str,
    country: str | None = None,
    group: str | None = None,
    question: str | None = None,
    today: date | None = None,
    look_ahead: bool = True,
) -> Standing:
    """How everything stands on a day: groups with their questions, and moratoria.

    basis is public or held, reading reviewed or provisional. Country, group and question narrow what is judged; the
    moratoria of a country are judged only where all its questions are. `look_ahead=False` leaves out fragility and
    the forecast, for pages that only show statuses.
    """
    today = today or datetime.now(UTC).date()
    speakers = speakers_of(conn)
    found: list[GroupStanding] = []
    clocks = []
    for code in [country] if country else _countries(conn):
        judged = judge_country(
            conn, code, as_of=as_of, basis=Basis(basis), reading=Reading(reading), today=today, group=group,
            question=question, speakers=speakers, look_ahead=look_ahead,
        )  # fmt: skip
        found += _groups(conn, code, judged, as_of)
        if group is None and question is None:
            clocks += moratoria(conn, code, as_of, {one.asked.question.id: one for one in judged})
    if country is None and group is None and question is None:
        for code in sorted(set(countries_with(conn)) - set(_countries(conn))):  # no question asks about them yet
            clocks += moratoria(conn, code, as_of, {})
    return Standing(
        as_of=as_of,
        basis=basis,
        reading=reading,
        rules_version=str(RULES.rules_version),
        groups=tuple(found),
        moratoria=tuple(clocks),
    )


def speakers_of(conn: sqlite3.Connection) -> dict[str, Speaker]:
    """The official voices declared for the home that this database lies in, the operator's own included."""
    home = Path(conn.execute("select file from pragma_database_list where name = 'main'").fetchone()[0]).parent
    folders = (SHIPPED / "speakers", home / "declared" / "speakers")
    stamps = tuple((file, file.stat().st_mtime_ns) for folder in folders for file in sorted(folder.glob("*.toml")))
    return _speakers(folders, stamps)


@lru_cache(maxsize=4)
def _speakers(folders: tuple[Path, ...], stamps: tuple[tuple[Path, int], ...]) -> dict[str, Speaker]:
    return Speaker.load_all(folders)


def judge_country(
    conn: sqlite3.Connection,
    country: str,
    *,
    as_of: date,
    basis: Basis,
    reading: Reading,
    today: date,
    speakers: Mapping[str, Speaker],
    group: str | None = None,
    question: str | None = None,
    look_ahead: bool = True,
    look_back: bool = True,
) -> list[Judged]:
    """Judge the questions asked about one country.

    What was held a week before, people's decisions included, is judged from the rows of then: on the held basis a
    decision of yesterday is no reason for a rise today. `look_back=False` leaves that out.
    """
    held_basis = basis is Basis.HELD
    earlier: dict[str, Judged] = {}
    if held_basis and look_back:
        then = judge_country(
            conn, country, as_of=week_before(as_of), basis=basis, reading=reading, today=today, speakers=speakers,
            group=group, question=question, look_ahead=False, look_back=False,
        )  # fmt: skip
        earlier = {one.asked.question.id: one for one in then}
    until = f"{as_of.isoformat()}T23:59:59Z" if held_basis else "9999-12-31T23:59:59Z"
    live = held_basis or as_of >= today
    sources = gates.crawled(conn, country, as_of=as_of if live else today, until=until)
    evidence = held_evidence(
        conn, country, as_of=as_of, held_basis=held_basis, origins=origins_of(conn, as_of, basis), speakers=speakers
    )
    ids = {one.row["id"]: one.item.id for rows in evidence.values() for one in rows}
    resolved = resolutions(conn, country, as_of=as_of, held_basis=held_basis, ids=ids)
    closed = places.closed_since(country)
    searches = searches_of(conn, country, until=until)
    questions = asked(conn, country, as_of)
    reviewed = reading is Reading.REVIEWED
    owed = gates.owed(conn, country, questions, as_of=as_of, until=until, held=held_basis) if reviewed else {}
    judged = []
    for one in questions:
        if (group and one.group != group) or (question and one.question.id != question):
            continue
        rows = tuple(evidence.get(one.question.id, ()))
        settled = resolved.get(one.question.id, ())
        mine = tuple(search for search in searches if search.question_id == one.question.id)
        seen = gates.coverage(one, sources, as_of, live=live, searches=mine)
        owes = owed.get(one.question.id, gates.NOT_MEASURED)
        case = Case(
            as_of=as_of,
            reading=reading,
            basis=basis,
            question=one.question,
            sources=tuple({held.source.id: held.source for held in rows}.values()),
            evidence=(),
            watersheds=one.watersheds,
            resolutions=settled,
            gates_closed=owes.gates
            | (seen.gates if all(held.linked for held in rows) else seen.gates | {Gate.COVERAGE}),
            known_gap=one.known_gap,
            full_coverage=seen.full,
            reporting_bias=closed is not None and closed <= as_of,
            week_before=earlier[one.question.id].outcome.status if one.question.id in earlier else None,
        )
        # What footnotes merge, and statements that name nobody, could as well be the dissent: they may only lower a
        # status (method section 3, rules 4 and 5).
        noted = placed(rows, reading, settled)
        ways: list[tuple[Held, ...]] = []
        for way in (joined(noted, reading), joined(rows, reading), noted, rows):
            ways += [way] if way not in ways else []
        found = (
            _judge(one, replace(case, evidence=_each_once(way)), way, (seen, owes, mine), look_ahead) for way in ways
        )
        weaker = min(found, key=lambda j: (j.effective.rank, j.outcome.status.rank))
        judged.append(replace(weaker, earlier=earlier.get(one.question.id)))
    return judged


def narrowed(one: Judged, subgroup: str) -> Judged:
    """The question as judged on what is said of one sub-group, or of none by name (method §8, critics)."""
    case = for_subgroup(one.case, subgroup)
    if len(case.evidence) == len(one.case.evidence):
        return one
    before = narrowed(one.earlier, subgroup).outcome.status if one.earlier else None
    collected = (one.coverage, one.owed, one.searches)
    return _judge(one.asked, replace(case, week_before=before), one.held, collected, look_ahead=False)


def _each_once(rows: Iterable[Held]) -> tuple[Evidence, ...]:
    return tuple({held.item.id: held.item for held in rows}.values())


def _judge(
    one: Asked,
    case: Case,
    rows: Sequence[Held],
    collected: tuple[gates.Coverage, gates.Owed, tuple[Search, ...]],
    look_ahead: bool,
) -> Judged:
    """Judge one case; what its source has withdrawn may only lower the status (design section 3, rule 4).

    A passage that its publisher took back still stands as dissent, but no longer carries an answer: the case is judged
    with and without it, and the lower status counts.
    """
    fault = ""
    try:
        outcome = judge(case, look_ahead=look_ahead)
    except CaseError as error:  # one question's bad rows cost that question, never the page
        plain = replace(case.question, opposite=())
        fault, case, rows = str(error), replace(case, question=plain, evidence=(), resolutions=()), ()
        outcome = judge(case, look_ahead=look_ahead)
    own, effective = outcome.effective, with_moved(case, outcome.effective)
    gone = {held.item.id for held in rows if held.withdrawn_on and held.withdrawn_on <= case.as_of}
    lowered = False
    if gone:
        without = replace(case, evidence=tuple(item for item in case.evidence if item.id not in gone))
        other = judge(without, look_ahead=look_ahead)
        lowered = other.status.rank < outcome.status.rank
        own = weakest((own, other.effective))
        effective = weakest((effective, with_moved(without, other.effective)))
        outcome = other if lowered else outcome
    return Judged(
        asked=one,
        case=case,
        outcome=outcome,
        own=own,
        effective=effective,
        coverage=collected[0],
        owed=collected[1],
        searches=collected[2],
        held=tuple(rows),
        withdrawn_lowered=lowered,
        fault=fault,
    )


def _countries(conn: sqlite3.Connection) -> list[str]:
    rows = conn.execute(
        "select distinct json_extract(declaration, '$.country') as country from current_questions order by 1"
    )
    return [row["country"] for row in rows]


def _groups(conn: sqlite3.Connection, country: str, judged: Sequence[Judged], as_of: date) -> list[GroupStanding]:
    """Roll the questions up to their groups: the weakest decisive question, and sub-group (method section 8)."""
    signed = signing.in_force(conn, country, as_of, {one.asked.question.id: one.asked.watersheds for one in judged})
    about = subgroups_of(conn, country)
    titles = {row["id"]: row for row in conn.execute("select id, title, title_nl from target_groups")}
    by_group: dict[str, list[Judged]] = {}
    for one in judged:
        if one.asked.group:
            by_group.setdefault(one.asked.group, []).append(one)
    found = []
    for group, members in by_group.items():
        rolled = roll_up({one.asked.question.id: one.effective for one in members if one.asked.decisive})
        parts = by_subgroup(members, about, lambda one, letter: narrowed(one, letter).effective)
        found.append(
            GroupStanding(
                country=country,
                group=group,
                title=titles[group]["title"],
                title_nl=titles[group]["title_nl"],
                status=weakest((rolled.status, *(Status(part.status) for part in parts))).value,
                decisive_sufficient=rolled.sufficient,
                decisive_total=rolled.total,
                questions=tuple(question_standing(one, signed.get(one.asked.question.id)) for one in members),
                subgroups=parts,
            )
        )
    return found


def question_standing(judged: Judged, signed: Signed | None = None) -> QuestionStanding:
    """One verdict with everything that a page or a script shows of it, the signed status beside it."""
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
        inputs_digest=digest(judged.case),
        one_origin_short=outcome.one_origin_short,
        contradictions=tuple(labels.get(found.origin, found.origin) for found in outcome.contradictions),
        **further,
        absence=silence.facts if silence else (),
        absence_said=silence.said.en if silence else "",
        absence_said_nl=silence.said.nl if silence else "",
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
        )


def digest(case: Case) -> str:
    """The hash of everything that a verdict was computed from; equal inputs give equal digests on any machine."""
    rows = asdict(case)
    rows["evidence"] = sorted(rows["evidence"], key=lambda item: item["id"])
    rows["sources"] = sorted(rows["sources"], key=lambda source: source["id"])
    rows["gates_closed"] = sorted(case.gates_closed)
    text = json.dumps({"rules": RULES.rules_version, "case": rows}, sort_keys=True, default=str, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


KEEP = """
insert into verdicts (as_of, basis, reading, rules_version, country, group_id, question_id, inputs_digest, status,
  effective, certainty, fragile, stale_on, falls_on, origins, items, outcome, computed_at)
select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18
-- the newest is in force: a state that comes back (a split after a confirmation) is a verdict again
where ?8 is not (select inputs_digest from verdicts where as_of = ?1 and basis = ?2 and reading = ?3
  and rules_version = ?4 and country = ?5 and question_id = ?7 order by id desc limit 1)
"""


def keep(conn: sqlite3.Connection, standing: Standing, *, at: str) -> int:
    """Keep the verdicts of a standing, append-only, where they are not those in force; return how many are new.

    Runs in the caller's transaction.
    """
    new = 0
    for group in standing.groups:
        for q in group.questions:
            outcome = {
                "tests": {name: asdict(test) for name, test in q.tests.items()},
                "gates": q.gates,
                "reasons": q.reasons,
                "reasons_nl": q.reasons_nl,
                "agreement": q.agreement,
                "fragile_origin": q.fragile_origin,
                "one_origin_short": q.one_origin_short,
                "contradictions": q.contradictions,
                "absence": {"facts": q.absence, "said": q.absence_said, "said_nl": q.absence_said_nl},
                "passages": sorted({item.passage_id for item in q.evidence}),
                "evidence": [{"id": item.evidence_id, "origin": item.origin, "role": item.role} for item in q.evidence],
            }
            new += conn.execute(
                KEEP,
                [
                    standing.as_of.isoformat(), standing.basis, standing.reading, standing.rules_version, q.country,
                    q.group, q.id, q.inputs_digest, q.status, q.effective, q.certainty, int(q.fragile),
                    q.stale_on and q.stale_on.isoformat(), q.falls_on and q.falls_on.isoformat(), q.origins, q.items,
                    json.dumps(outcome, ensure_ascii=False), at,
                ],
            ).rowcount  # fmt: skip
    return new
