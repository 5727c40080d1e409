"""The filters of a search, checked before it is made or kept: a value that names nothing is told, never ignored."""

import re
import sqlite3

from babel import Locale, UnknownLocaleError

from store.clock import day
from store.errors import ForPeople
from store.model import SourceType
from store.wanted import REVIEWS, Wanted

COUNTRIES = frozenset(code for code in map(str, Locale("en").territories) if re.fullmatch("[A-Z]{2}", code))
_SHOWN = 40  # characters of a value that a message shows


class WrongFilter(ForPeople, ValueError):
    """A filter that names nothing. `name` as the search page's address has it; `choices`: what it may be."""

    def __init__(self, name: str, value: str, choices: str) -> None:
        shown = value if len(value) <= _SHOWN else value[:_SHOWN] + "…"
        super().__init__(f"{shown!r} is no {name}; choose from: {choices}")
        self.name, self.value, self.choices = name, shown, choices


def check(conn: sqlite3.Connection, wanted: Wanted) -> None:
    """Raise WrongFilter for the first filter that names nothing: no language, group, source, type, country, topic, day.

    A home that tagged nothing yet knows no groups and no topics; then any of them is let through.
    """
    if wanted.language is not None and not _is_language(wanted.language):
        raise WrongFilter("language", wanted.language, ", ".join(held_languages(conn)) or "nl, en, ru, uk, de, fr")
    known: tuple[tuple[str, str | None, list[str]], ...] = (
        ("group", wanted.group_id, _ids(conn, "select id from target_groups order by id") if wanted.group_id else []),
        ("source", wanted.source_id, _ids(conn, "select id from sources order by id") if wanted.source_id else []),
        ("type", wanted.source_type, [str(kind) for kind in SourceType]),
        ("review", wanted.review, list(REVIEWS)),
    )
    for name, value, choices in known:
        if value is not None and choices and value not in choices:
            raise WrongFilter(name, value, ", ".join(choices))
    if wanted.country is not None and wanted.country not in COUNTRIES:
        raise WrongFilter("country", wanted.country, "codes of two letters (ISO 3166-1), e.g. RU, UA, BY, NL")
    if wanted.topic is not None and not re.fullmatch("[a-z_]{1,40}", wanted.topic):
        raise WrongFilter("topic", wanted.topic, "the topics beside the hits of a search")
    for name, value in (("from", wanted.published_from), ("to", wanted.published_to)):
        if value is not None and not _is_day(value):
            raise WrongFilter(name, value, "days written YYYY-MM-DD, e.g. 2022-06-29")
    if wanted.published_from and wanted.published_to and wanted.published_from > wanted.published_to:
        raise WrongFilter("to", wanted.published_to, f"{wanted.published_from} (the first day) or later")


def held_languages(conn: sqlite3.Connection) -> list[str]:
    """The languages of the documents we hold."""
    return _ids(conn, "select distinct language from documents where language <> '' order by 1")


def _ids(conn: sqlite3.Connection, sql: str) -> list[str]:
    return [row[0] for row in conn.execute(sql)]


def _is_language(code: str) -> bool:
    if not re.fullmatch("[a-z]{2,3}", code):
        return False
    try:
        Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return False
    return True


def _is_day(text: str) -> bool:
    try:
        day(text)
    except ValueError:
        return False
    return True
