"""What `coi status` shows: how things stand, narrowed to a country or a group, and what of it is stored."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from review.assess import standing
from review.standing import Standing
from review.terminal_words import Say

ASKED = "select distinct country, group_id from current_questions order by 1, 2"


def narrowed(
    conn: sqlite3.Connection, day: date, basis: str, reading: str, country: str | None, group: str | None
) -> Standing:
    """How things stand on a day, of one country or one group where asked. LookupError for what nothing is asked about.

    A group keeps the moratoria that cover it.
    """
    asked = [(row["country"], row["group_id"] or "") for row in conn.execute(ASKED)] if country or group else []
    wanted, name = (country or "").strip().upper() or None, (group or "").strip().casefold() or None
    if wanted and wanted not in {one for one, _ in asked}:
        raise LookupError(f"--country {country}: no question is asked about it; asked are {_said(c for c, _ in asked)}")
    mine = [pair for pair in asked if wanted in (None, pair[0])]
    if name and name not in {one.casefold() for _, one in mine}:
        raise LookupError(f"--group {group}: no question is asked about it; groups are {_said(g for _, g in mine)}")
    found = standing(conn, as_of=day, basis=basis, reading=reading, country=wanted, stored=True)
    if name is None:
        return found
    groups = tuple(one for one in found.groups if one.group.casefold() == name)
    covering = tuple(m for m in found.moratoria if name in {one.casefold() for one in m.groups_in})
    return replace(found, groups=groups, moratoria=covering)


def stored(conn: sqlite3.Connection, found: Standing, language: str) -> str:
    """Say whether verdicts of this day, basis and reading are stored, or of which day and basis the newest are."""
    say = Say(language)
    same = conn.execute(
        "select max(computed_at) as at from verdicts where as_of = ? and basis = ? and reading = ?",
        [found.as_of.isoformat(), found.basis, found.reading],
    ).fetchone()
    if same["at"]:
        return say("stored", at=same["at"])
    last = conn.execute(
        "select as_of, basis from verdicts where reading = ? order by as_of desc, id desc limit 1", [found.reading]
    ).fetchone()
    if last is None:
        return say("stored_none")
    return say("stored_other", day=last["as_of"], basis=say("basis_" + last["basis"]))


def _said(names: Iterable[str]) -> str:
    return ", ".join(sorted({name for name in names if name})) or "none"
