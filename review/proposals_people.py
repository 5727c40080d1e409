"""A named person's word on a proposed moratorium: confirm or reject. Kept once, as a link of the audit chain.

A new moratorium becomes a file of the operator (declared/moratoria/<id>.toml): one fact one file, which a person reads,
completes and keeps under version control. An extension or an end becomes an event of the register: copying a shipped
file to add a line to it would hide every later correction of that file.
"""

import json
import re
import sqlite3
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from review import register
from review.declared_moratorium import Moratorium
from review.moratorium import half_on
from store.db import writing
from store.declared import DeclarationError
from store.errors import ForPeople
from store.home import Home
from store.register import EventRow, add_event, keep_moratoria

ID = re.compile(r"[A-Z]{2}-[A-Z0-9]+(?:-[A-Z0-9]+)*")
BOTH = ["decisions", "departures"]


class CannotDecide(ForPeople, ValueError):
    """The proposal cannot be decided so. The message names what is missing and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a person says of a proposal. `moratorium_id`: the id it gets, or the one that it extends or ends."""

    proposal_id: int
    confirm: bool
    moratorium_id: str
    reason: str
    actor: str
    at: str


def decide(conn: sqlite3.Connection, home: Home, word: Word) -> int:
    """Keep the word and do what it says; return the decision's id. Raises CannotDecide; then nothing is kept."""
    row = conn.execute(
        """select p.*, v.title as document_title, v.public_on, d.url from moratorium_proposals p
           join versions v on v.id = p.version_id join documents d on d.id = v.document_id where p.id = ?""",
        [word.proposal_id],
    ).fetchone()
    if row is None:
        raise CannotDecide(f"there is no proposal {word.proposal_id}; 'coi moratoria proposed' lists them")
    if not word.actor.strip():
        raise CannotDecide("a decision needs the name of who takes it")
    if not word.confirm and not word.reason:
        raise CannotDecide("say why the proposal is rejected")
    decided = "select actor, decision from moratorium_decisions where proposal_id = ?"
    with writing(conn):
        if before := conn.execute(decided, [word.proposal_id]).fetchone():
            raise CannotDecide(f"proposal {word.proposal_id} was decided by {before['actor']} ({before['decision']})")
        if word.confirm:
            (_open if row["act"] == "opens" else _continue)(conn, home, row, word)
        found = conn.execute(
            """insert into moratorium_decisions (proposal_id, decision, moratorium_id, reason, actor, decided_at)
               values (?, ?, ?, ?, ?, ?)""",
            [
                word.proposal_id, "confirm" if word.confirm else "reject", word.moratorium_id if word.confirm else None,
                word.reason, word.actor, word.at,
            ],
        )  # fmt: skip
    return int(found.lastrowid or 0)


def suggested_id(row: sqlite3.Row) -> str:
    """An id for a new moratorium: state, country, year."""
    return f"{row['state']}-{row['country'] or 'XX'}-{(row['first_day'] or row['decided_on'] or row['public_on'])[:4]}"


def _open(conn: sqlite3.Connection, home: Home, row: sqlite3.Row, word: Word) -> None:
    """Write the declaration of a new moratorium and bring it into the register."""
    id_ = word.moratorium_id
    if not ID.fullmatch(id_):
        raise CannotDecide(f"{id_!r} is no id of a moratorium; write it like {suggested_id(row)}")
    file = file_of(home, id_)
    if file.exists() or conn.execute("select 1 from moratoria where id = ?", [id_]).fetchone():
        raise CannotDecide(f"a moratorium {id_} exists already; choose another id")
    if row["country"] is None:
        raise CannotDecide("the text names no country of origin; write the declaration by hand (docs/moratoria.md)")
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    draft.write_text(declaration(conn, row, word), "utf-8")
    try:
        found = Moratorium.load(draft)
    except DeclarationError as error:
        draft.unlink()
        raise CannotDecide(f"what was read makes no valid declaration: {error}") from error
    keep_moratoria(conn, [register.moratorium_row(found)], at=word.at)
    draft.replace(file)


def declaration(conn: sqlite3.Connection, row: sqlite3.Row, word: Word) -> str:
    """The declaration of a proposed moratorium as TOML, for a person to complete."""
    halves = json.loads(row["halves"])
    first, last = row["first_day"], row["last_day"]
    decided = row["decided_on"] or row["public_on"]
    starts = first or decided
    title = row["document_title"] or f"Moratorium of {row['state']} on {row['country']}"
    said = {span["field"]: span["said"] for span in json.loads(row["spans"])}
    lines = [
        f"# Confirmed by {_plain(word.actor)} on {word.at[:10]}, from proposal {row['id']}. Complete it by hand.",
        f"title = {_q(title)}",
        f"freezing_state = {_q(row['state'])}",
        f"country = {_q(row['country'])}",
        f"origin = {_q(said.get('country', row['country']) + ' (as the text names it)')}",
        f"group = {_q(row['group_said'] or 'not read: see the publication')}",
        'end_mode = "open"',
        "",
        "[[periods]]",
        "number = 1",
        *([f"first_day = {first}"] if first else []),
        *([f"last_day = {last}"] if last else []),
        f"wording = {_q(said.get('last_day') or said.get('months') or 'no end was read')}",
        f'confidence = "{"verified" if first and last else "unverified"}"',
    ]
    for half in halves:
        lines += [
            "",
            "[[halves]]",
            f'half = "{half}"',
            f"legal_basis = {_q(row['legal_basis'] or 'not read')}",
            *([f"regime = {_q(regime)}"] if (regime := _regime(conn, row["state"], half)) else []),
            f"first_day = {starts}",
            *([f"ends_on = {last}"] if last else []),
            'confidence = "inferred"',
        ]
    events = [("decided", decided, None if first else 1)] + ([("in_force", first, 1)] if first else [])
    for kind, on, period in events:
        lines += [
            "",
            "[[events]]",
            f'kind = "{kind}"',
            f"on = {on}",
            *([f"known_on = {row['public_on']}"] if on < row["public_on"] else []),
            *([f"period = {period}"] if period else []),
            'confidence = "verified"',
            f"source = {_q(title)}",
        ]
    lines += ["", "[[references]]", f"title = {_q(title)}"]
    address = (row["url"] or "").startswith(("http://", "https://"))
    lines.append(f"url = {_q(row['url'])}" if address else f"number = {_q('document ' + str(row['version_id']))}")
    return "\n".join(lines) + "\n"


def _continue(conn: sqlite3.Connection, home: Home, row: sqlite3.Row, word: Word) -> None:
    """Add an extension or an end to the life of a moratorium of the register."""
    id_ = word.moratorium_id
    if conn.execute("select 1 from moratoria where id = ?", [id_]).fetchone() is None:
        raise CannotDecide(f"the register holds no moratorium {id_!r}; 'coi moratoria' lists their ids")
    halves = json.loads(row["halves"])
    decided = row["decided_on"] or row["public_on"]
    extends = row["act"] == "extends"
    on = decided if extends else row["last_day"] or decided
    if extends:
        _may_extend(conn, id_, halves, row, word)
    add_event(
        conn,
        id_,
        EventRow(
            kind="extended" if extends else "ended",
            on_day=on,
            known_on=row["public_on"] if on < row["public_on"] else None,
            half=None if sorted(halves) == BOTH else halves[0],
            first_day=row["first_day"] if extends else None,
            last_day=row["last_day"] if extends else None,
            wording="; ".join(span["said"] for span in json.loads(row["spans"]) if span["field"] == "last_day"),
            reference=row["document_title"],
            url=row["url"] or "",
            confidence="verified",
        ),
        actor=word.actor,
        at=word.at,
    )


def _may_extend(conn: sqlite3.Connection, id_: str, halves: list[str], row: sqlite3.Row, word: Word) -> None:
    """An extension needs a last day, and a clock that runs; of one that has run out, a reason."""
    if row["last_day"] is None:
        raise CannotDecide("the text names no last day; an extension without one cannot count. Look at the publication")
    on = date.fromisoformat(row["decided_on"] or row["public_on"])
    for half in halves:
        clock = half_on(conn, id_, half, on)
        if clock.ends_on and date.fromisoformat(row["last_day"]) <= clock.ends_on:
            raise CannotDecide(f"{half} of {id_} run until {clock.ends_on} already, past {row['last_day']}")
        if clock.state == "ended" and not clock.provisional:
            raise CannotDecide(f"extended on {on}, after the {half} of {id_} had ended on {clock.ends_on}")
        if clock.state in ("ended", "end not seen") and not word.reason:
            raise CannotDecide(f"{half} of {id_} ran out on {clock.ends_on}, before {on}; say why the extension counts")


def _regime(conn: sqlite3.Connection, state: str, half: str) -> str | None:
    """The regime that this state's moratoria rest on: that of the newest one declared with such a half."""
    row = conn.execute(
        """select json_extract(h.value, '$.regime') as regime from moratoria m, json_each(m.declaration, '$.halves') h
           where m.state = ? and json_extract(h.value, '$.half') = ? and json_extract(h.value, '$.regime') is not null
           order by json_extract(h.value, '$.first_day') desc limit 1""",
        [state, half],
    ).fetchone()
    return row["regime"] if row else None


def _q(text: str) -> str:
    """A TOML string: JSON's is one, where control characters are escaped."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False).replace("\x7f", "")


def _plain(text: str) -> str:
    return " ".join(text.split())


def file_of(home: Home, moratorium_id: str) -> Path:
    """Where a confirmed moratorium is declared."""
    return home.declared / "moratoria" / f"{moratorium_id}.toml"
