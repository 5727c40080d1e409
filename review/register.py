"""Bring what people declared (groups, questions, watersheds, moratoria) into the store."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from review.declarations import SHIPPED, Declarations, Moratorium, Question, Watershed, load
from review.vocabulary import load_groups
from store import register
from store.db import writing
from store.declared import DeclarationError, stamps_of
from store.register import EventRow, GroupRow, MoratoriumRow, QuestionRow, ScopeRow, WatershedRow

MOST_NAMED = 20
FOLDERS = ("groups", "moratoria", "questions", "speakers", "watersheds")
TAKEN_IN = "declarations"  # the setting that says which files the store knows


def sync(conn: sqlite3.Connection, extra: Path | None, *, at: str, refused: list[str] | None = None) -> Declarations:
    """Load and check every declaration (shipped, and the operator's in `extra`), keep them, return them.

    Runs in the caller's transaction. Raises DeclarationError or ChangedWithoutVersion; then nothing is kept. With a
    list for `refused`, a moratorium that is wrong is named there and left out, and the rest is kept.
    """
    told = len(refused or ())
    before = digest(extra)  # read first: a file that changes meanwhile is taken in next time
    declared = load(extra, refused=refused)
    if refused is not None:
        refused += withdrawn(conn, declared.questions)
    groups = load_groups([extra / "groups"] if extra else [])
    register.keep_groups(
        conn,
        (
            GroupRow(id=g.id, title=g.title, title_nl=g.title_nl, definition=g.definition, version=g.version)
            for g in groups.values()
        ),
    )
    register.keep_questions(conn, map(question_row, declared.questions.values()), declared_at=at)
    register.keep_watersheds(conn, (watershed_row(declared, w) for w in declared.watersheds.values()))
    register.keep_moratoria(conn, map(moratorium_row, declared.moratoria.values()), at=at)
    value = before if len(refused or ()) == told else ""  # what was refused is said again until it is set right
    conn.execute("insert or replace into settings (key, value) values (?, ?)", [TAKEN_IN, value])
    return declared


def fresh(
    conn: sqlite3.Connection, extra: Path | None, *, at: str, strict: bool = False, rows: bool = False
) -> list[str]:
    """Bring the register up to what is declared, where that has changed; return what was refused, one text each.

    `rows`: also where a moratorium's row is not what its file says, whoever changed it. What cannot be taken in leaves
    the register as it was; `strict` raises it (DeclarationError, ChangedWithoutVersion).
    """
    refused: list[str] = []
    if not behind(conn, extra) and not (rows and _differs(conn, extra)):
        return refused
    try:
        with writing(conn):
            sync(conn, extra, at=at, refused=refused)
    except (DeclarationError, register.ChangedWithoutVersion) as error:
        if strict:
            raise
        refused.append(str(error))
    return refused


def withdrawn(conn: sqlite3.Connection, declared: Collection[str]) -> list[str]:
    """Name the questions of the register that no file declares any more (at most twenty): refused, they are asked on.

    Verdicts and evidence answer the wording that is kept; without the question they would say nothing.
    """
    rows = conn.execute(
        """select q.id, q.version, (
               select count(*) from verdicts v where v.question_id = q.id and v.country = q.country) as verdicts,
             (select count(*) from evidence e where e.question_id = q.id and e.country = q.country) as answers
           from current_questions q where q.id not in (select value from json_each(?))
             and (exists (select 1 from verdicts v where v.question_id = q.id and v.country = q.country)
               or exists (select 1 from evidence e where e.question_id = q.id and e.country = q.country))
           order by q.id limit ?""",
        [json.dumps(sorted(declared)), MOST_NAMED],
    )
    return [
        f"questions/{row['id']}.toml is gone, but the register holds question {row['id']} version {row['version']}, "
        f"which {row['verdicts']} verdicts and {row['answers']} pieces of evidence cite: it cannot be withdrawn and is "
        "asked on; put the file back (to let it weigh no more, with decisive = false and a higher version)"
        for row in rows
    ]


def _differs(conn: sqlite3.Connection, extra: Path | None) -> bool:
    kept = {row["id"]: tuple(row) for row in conn.execute("select id, declaration, deciding from moratoria")}
    try:
        declared = load(extra, refused=[]).moratoria.values()
    except DeclarationError:
        return True  # taking it in says why not
    return any(kept.get(one.id) != (one.id, _json(one), json.dumps(one.deciding_ids)) for one in declared)


def behind(conn: sqlite3.Connection, extra: Path | None) -> bool:
    """Whether a file of groups, questions, watersheds, moratoria or speakers says what the store was never told."""
    row = conn.execute("select value from settings where key = ?", [TAKEN_IN]).fetchone()
    return row is None or row[0] != digest(extra)


def digest(extra: Path | None) -> str:
    """One hash of every file that `sync` reads."""
    return _digest(stamps_of(root / folder for root in (SHIPPED, extra) if root for folder in FOLDERS))


@lru_cache(maxsize=4)
def _digest(stamps: tuple[tuple[Path, int], ...]) -> str:
    """Of the files' names and bytes; read once for the times at which they were last written."""
    mine = sha256()
    for path, _ in stamps:
        mine.update(f"{path.parent.name}/{path.name}".encode() + b"\0" + path.read_bytes() + b"\0")
    return mine.hexdigest()


def question_row(question: Question) -> QuestionRow:
    """A declared question as the store keeps it."""
    return QuestionRow(
        id=question.id,
        version=question.version,
        group_id=question.group_id,
        wording=question.wording.en,
        wording_nl=question.wording.nl,
        element=" ".join(question.elements),
        scale_kind=question.scale.value,
        scale=question.scale_values,
        opposite=question.opposites,
        window_days=question.window_days,
        decisive=question.decisive and question.group_id is not None,
        priority=int(question.priority),
        declaration=_json(question),
    )


def watershed_row(declared: Declarations, watershed: Watershed) -> WatershedRow:
    """A declared watershed with the questions its patterns name."""
    return WatershedRow(
        id=watershed.id,
        country=watershed.country,
        title=watershed.title,
        on_day=watershed.on.isoformat(),
        announced_on=watershed.announced_on.isoformat() if watershed.announced_on else None,
        announced=watershed.effect == "announcement",
        confirmed=watershed.confirmed,
        source=watershed.source,
        questions=declared.touched(watershed),
    )


def moratorium_row(moratorium: Moratorium) -> MoratoriumRow:
    """A declared moratorium with its scopes and events."""
    return MoratoriumRow(
        id=moratorium.id,
        state=moratorium.freezing_state,
        country=moratorium.country,
        title=moratorium.title,
        title_nl=moratorium.title_nl,
        deciding=moratorium.deciding_ids,
        declaration=_json(moratorium),
        scopes=tuple(
            ScopeRow(
                side=s.side,
                group_id=s.group,
                services=s.services,
                valid_from=s.valid_from.isoformat() if s.valid_from else None,
                reason=s.reason,
                passage=s.passage,
            )
            for s in moratorium.scope
        ),
        events=tuple(_events(moratorium)),
    )


def _events(moratorium: Moratorium) -> Iterator[EventRow]:
    """Each declared event, by its day; one that opens a period carries the period's days and wording."""
    periods = {period.number: period for period in moratorium.periods}
    for event in sorted(moratorium.events, key=lambda e: (e.known, e.on)):
        period = periods.get(event.period) if event.period is not None else None
        stated = event.stated_end or (period.stated_end if period else None)
        yield EventRow(
            kind=event.kind,
            on_day=event.on.isoformat(),
            day_precision=event.precision,
            known_on=event.known_on.isoformat() if event.known_on else None,
            confidence=event.confidence,
            half=event.half or (period.half if period else None),
            first_day=period.first_day.isoformat() if period and period.first_day else None,
            last_day=period.last_day.isoformat() if period and period.last_day else None,
            stated_end=stated.isoformat() if stated else None,
            end_confidence=period.confidence if period else None,
            wording=period.wording if period else "",
            reference=event.source,
        )


def _json(declaration: Question | Moratorium) -> str:
    return json.dumps(declaration.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
