"""What a pack is asked for: a moratorium, a group or a question, on a day, on a basis, in a reading."""

import sqlite3
from dataclasses import dataclass
from datetime import date

from store.errors import ForPeople


class CannotPack(ForPeople, ValueError):
    """A pack cannot be made as asked. `key` names the sentence of the site's words, `values` what goes into it."""

    def __init__(self, key: str, message: str, **values: object) -> None:
        super().__init__(message)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One moratorium, one group of a country, or one question; what is not meant is ''."""

    country: str
    moratorium: str = ""
    group: str = ""
    question: str = ""

    @property
    def kind(self) -> str:
        return "moratorium" if self.moratorium else "question" if self.question else "group"

    @property
    def name(self) -> str:
        """Its id, fit for the name of a file: NL-RUS-2022, RU-conscripts, RU-G1.3."""
        return self.moratorium or f"{self.country}-{self.question or self.group}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A scope as it stood on a day. `today` is the day it is made on: only a past day is history (method §7)."""

    scope: Scope
    as_of: date
    basis: str
    reading: str
    today: date

    @property
    def live(self) -> bool:
        return self.basis == "held" or self.as_of >= self.today

    @property
    def name(self) -> str:
        """The name of the pack's folder and file, without the ending."""
        return f"coi-pack-{self.scope.name}-{self.as_of}-{self.basis}-{self.reading}"


def of_moratorium(conn: sqlite3.Connection, id_: str) -> Scope:
    """The scope of a moratorium. Raises CannotPack where the register has none of that id."""
    row = conn.execute("select id, country from moratoria where lower(id) = lower(?)", [id_.strip()]).fetchone()
    if row is None:
        raise CannotPack(
            "missing.moratorium", f"no moratorium has the id {id_[:60]!r}; 'coi moratoria' lists them", id=id_[:60]
        )
    return Scope(country=row["country"], moratorium=row["id"])


def of_group(conn: sqlite3.Connection, country: str, group: str) -> Scope:
    """The scope of a group of a country. Raises CannotPack where no question is asked about it there."""
    row = conn.execute(
        """select group_id from current_questions
           where group_id = ? and country = ? limit 1""",
        [group.strip(), country.strip().upper()],
    ).fetchone()
    if row is None:
        raise CannotPack(
            "missing.pack_group",
            f"no question is asked about the group {group[:60]!r} of {country[:20]!r}; 'coi status' names the groups",
            group=group[:60], country=country[:20],
        )  # fmt: skip
    return Scope(country=country.strip().upper(), group=row["group_id"])


def of_question(conn: sqlite3.Connection, id_: str) -> Scope:
    """The scope of a question. Raises CannotPack where none has that id, or it belongs to no group."""
    row = conn.execute(
        "select id, group_id, country from current_questions where lower(id) = lower(?)",
        [id_.strip()],
    ).fetchone()
    if row is None:
        raise CannotPack(
            "missing.question", f"no question has the id {id_[:60]!r}; 'coi status' names them", id=id_[:60]
        )
    if row["group_id"] is None:
        raise CannotPack(
            "missing.pack_question",
            f"the question {row['id']} informs the reader and is not assessed, so there is no pack of it",
            id=row["id"],
        )
    return Scope(country=row["country"], question=row["id"], group=row["group_id"])
