"""The entries of the list of what is newer: by origin, each with what it would change; the gap; events and reports."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from review.assess import Judged
from review.method.docket import docket
from review.newer import Dealing, Entry, Known, dealt_with, split
from review.newer_effects import TRIED, Weighing, days_known, known_by
from review.newer_rows import edits, events, reports, unread
from review.rows import Held


def rows_of(judged: Judged, ids: Iterable[str], origins: Mapping[str, str] | None = None) -> list[Known]:
    """These pieces of evidence as they stand on a list, in the order of their day."""
    days, wanted = days_known(docket(judged.case)), set(ids)
    once = {held.item.id: held for held in judged.held if held.item.id in wanted}
    rows = [_known(held, days[name], origins or {}) for name, held in once.items()]
    return sorted(rows, key=lambda row: (row.known_on, row.id))


def _known(held: Held, known_on: date, origins: Mapping[str, str]) -> Known:
    item, row = held.item, held.row
    return Known(
        id=item.id,
        question=held.question_id,
        origin=origins.get(item.id, item.origin or "unattributed"),
        answer=item.answer,
        directness=item.directness.value,
        decision=item.decision.value,
        source_id=row["source_id"],
        document_key=row["key"],
        text_sha256=row["text_sha256"],
        start=row["start"],
        end=row["end"],
        published_on=item.published_on.isoformat(),
        known_on=known_on,
        facts_from=item.facts_from.isoformat() if item.facts_from else None,
        facts_to=item.facts_to.isoformat() if item.facts_to else None,
        origin_label=held.origin_label,
        publisher=row["publisher"],
        source_type=held.source.type.value,
        title=row["title"],
        quote=row["text"][row["start"] : row["end"]],
        language=row["language"],
        page=row["page"],
        document_id=row["document_id"],
        passage_id=row["passage_id"],
    )


def merged(judged: Judged) -> dict[str, str]:
    """The origin of each piece of evidence on the day of the case, proposed merges made."""
    return {item.id: name for name, items in docket(judged.case).origins_on(judged.case.as_of) for item in items}


def of_question(one: Weighing, dealt: Sequence[Dealing], on: date) -> list[Entry]:
    """What is new on one question: answers by origin, withdrawn passages, answers that no longer count."""
    fresh = rows_of(one.now, one.known - one.frozen, merged(one.now))
    # On the held basis a decision of a person can bring back what was known long before; it is new from that decision.
    day = one.now.case.as_of
    decided = _decided(one.now, on)
    fresh = [row if row.known_on > on else replace(row, known_on=decided.get(row.id, day)) for row in fresh]
    _, since = split(fresh, on, day)
    groups: dict[tuple[str, str | None], list[Known]] = defaultdict(list)
    for row in since:
        probe = Entry(kind="answer", known_on=row.known_on, questions=(one.id,))
        groups[row.origin, dealt_with(probe, dealt)].append(row)
    newest = sorted(groups.items(), key=lambda item: (item[1][-1].known_on, item[0][0]), reverse=True)
    found = [_answers(one, rows, past, n < TRIED) for n, ((_, past), rows) in enumerate(newest)]
    lost = one.frozen - one.known
    found += [
        _entry(row, "taken back", known_on=decided.get(row.id, day), left_out=one.taken_out([row.id]))
        for row in rows_of(one.then, lost)
    ]
    gone = {held.item.id: held.withdrawn_on for held in one.now.held if held.withdrawn_on}
    before = {held.item.id for held in one.then.held if held.withdrawn_on}
    names = [name for name, when in gone.items() if name in one.frozen - before and when and when <= day]
    for row in rows_of(one.then, names):
        when = gone[row.id]
        found.append(
            _entry(row, "withdrawn", known_on=when if when and when > on else day, left_out=one.taken_out([row.id]))
        )
    for resolution in one.now.case.resolutions:
        if resolution.decided_on and on < resolution.decided_on <= day:
            found.append(
                Entry(
                    kind="resolution",
                    known_on=resolution.decided_on,
                    questions=(one.id,),
                    title=resolution.resolution.value.replace("_", " ") if resolution.resolution else "",
                    left_out=one.by_resolution(resolution),
                )
            )
    return found


def _decided(judged: Judged, on: date) -> dict[str, date]:
    """When a person decided on a piece of evidence, by its id, where that was after a day."""
    days = {held.item.id: held.row["decided_at"] for held in judged.held if held.row["decided_at"]}
    return {name: day for name, text in days.items() if (day := date.fromisoformat(text[:10])) > on}


def _answers(one: Weighing, rows: Sequence[Known], past: str | None, tried: bool) -> Entry:
    """All that one origin newly says on one question: the newest passage speaks for it."""
    newest, ids = rows[-1], [row.id for row in rows]
    stance, before = one.stance(row.answer for row in rows)
    return replace(
        _entry(newest, "answer"),
        rows=tuple(rows),
        added=one.added(ids, newest.known_on) if tried else (),
        left_out=one.left_out(ids) if tried else (),
        tried=tried,
        stance=stance,
        before=before,
        weak=set(ids) <= {*one.now.outcome.weak, *one.now.outcome.off_scale},
        one_short=one.now.outcome.one_origin_short,
        dealt_with=past,
    )


def _entry(row: Known, kind: str, **more: object) -> Entry:
    base = Entry(
        kind=kind,  # type: ignore[arg-type]
        known_on=row.known_on,
        questions=(row.question,),
        title=row.title,
        publisher=row.publisher,
        source_type=row.source_type,
        document_id=row.document_id,
        passage_id=row.passage_id,
        quote=row.quote,
        language=row.language,
        page=row.page,
        origin=row.origin_label or row.origin,
        answer=row.answer,
        rows=(row,),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def gap_of(public: Judged, held: Judged, deciding: Sequence[str]) -> list[Entry]:
    """What was public on the decision day and not held here then, by origin, with what it weighs on that day."""
    one = Weighing.of(public, public)
    missing = one.known - known_by(docket(held.case))
    groups: dict[str, list[Known]] = defaultdict(list)
    for row in rows_of(public, missing, merged(public)):
        groups[row.origin].append(row)
    newest = sorted(groups.values(), key=lambda rows: (rows[-1].known_on, rows[-1].id), reverse=True)
    return [
        replace(
            _entry(rows[-1], "answer", rows=tuple(rows)),
            deciding=one.id in deciding,
            left_out=one.left_out([row.id for row in rows]) if n < TRIED else (),
            tried=n < TRIED,
            weak={row.id for row in rows} <= {*public.outcome.weak, *public.outcome.off_scale},
        )
        for n, rows in enumerate(newest)
    ]


def others(
    conn: sqlite3.Connection,
    country: str,
    weighed: Sequence[Weighing],
    rows: Sequence[Known],
    entries: Sequence[Entry],
    days: tuple[date, date],
    *,
    held: bool,
) -> list[Entry]:
    """Events, reports, edits and unread passages; a document with a new answer of its own is not told twice."""
    on, until = days
    asked = [one.id for one in weighed]
    by = {one.id: one for one in weighed}
    told = {row.document_id for entry in entries for row in entry.rows if entry.kind != "taken back"}
    found = []
    for entry, happens in events(conn, country, asked, on, until):
        mine = tuple(name for name in entry.questions if name in by)
        weight = tuple(c for name in mine for c in by[name].by_event(happens, entry.title))
        found.append(replace(entry, questions=mine, left_out=weight))
    found += [one for one in reports(conn, country, on, until, held=held) if one.document_id not in told]
    listed = {row.document_id for row in rows} - told
    found += edits(conn, listed, on, until, held=held)
    short = {one.id for one in weighed if one.now.outcome.one_origin_short}
    found += [
        replace(one, one_short=bool(set(one.questions) & short))
        for one in unread(conn, country, asked, on, until, held=held)
    ]
    return found
