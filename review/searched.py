"""A search by hand, checked before it is kept: what a command and a form send, as rows of the search log."""

import sqlite3
from collections.abc import Sequence
from datetime import date

from babel import Locale, UnknownLocaleError

from store.clock import EARLIEST, modern_day
from store.errors import ForPeople
from store.searches_log import Search

LONGEST = 1_000  # characters of the terms


class CannotRecord(ForPeople, ValueError):
    """A search that cannot be kept. `key` names the sentence of the site's words, `values` what goes into it."""

    def __init__(self, key: str, message: str, **values: object) -> None:
        super().__init__(message)
        self.key = key
        self.values = values


def searches_from(
    conn: sqlite3.Connection,
    *,
    question: str,
    country: str,
    sources: Sequence[str],
    terms: str,
    languages: str,
    period_from: str,
    period_to: str,
    found: str,
    healthy: bool,
    actor: str,
    at: str,
) -> list[Search]:
    """One search of each source. Raises CannotRecord naming the field, what was sent and what it may be.

    A search counts when it names question, terms, languages, period, source and time (method §6), so none may be
    missing; the period ends today at the latest.
    """
    terms = " ".join(terms.split())
    if not terms:
        raise CannotRecord("wrong.terms", "no terms: write the words that were searched for")
    if len(terms) > LONGEST:
        raise CannotRecord(
            "wrong.long",
            f"the terms are {len(terms)} characters long; up to {LONGEST} are kept",
            n=len(terms),
            most=LONGEST,
        )
    spoken = _languages(languages)
    first, last = _day(period_from), _day(period_to)
    today = date.fromisoformat(at[:10])
    if first > last or last > today:
        raise CannotRecord(
            "wrong.period",
            f"the period {first} to {last}: it starts before it ends, and ends today ({today}) at the latest",
            first=first,
            last=last,
        )
    if not found.strip().isascii() or not found.strip().isdecimal() or len(found.strip()) > 6:
        raise CannotRecord(
            "wrong.found", f"found {found[:20]!r}: write how many items came up, 0 for none", value=found[:20]
        )
    known = {row["id"] for row in conn.execute("select id from sources")}
    if not sources:
        raise CannotRecord("wrong.no_source", "no source: name at least one that was searched")
    if unknown := [name for name in sources if name not in known]:
        raise CannotRecord(
            "missing.source", f"no source has the id {unknown[0]!r}; 'coi sources list' names them", id=unknown[0][:60]
        )
    return [
        Search(
            question_id=question, country=country, terms=terms, languages=spoken, period_from=first.isoformat(),
            period_to=last.isoformat(), source_id=source, healthy=healthy, found=int(found) if healthy else 0,
            actor=actor, searched_at=at,
        )
        for source in dict.fromkeys(sources)
    ]  # fmt: skip


def _languages(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(text.replace(",", " ").lower().split()))
    for name in names:
        try:
            Locale.parse(name)
        except (UnknownLocaleError, ValueError) as error:
            raise CannotRecord(
                "wrong.languages", f"{name[:20]!r} is not the code of a language; write for example nl, en, ru",
                value=name[:20],
            ) from error  # fmt: skip
    if not names:
        raise CannotRecord("wrong.languages", "no languages: write for example nl, en, ru", value="")
    return names


def _day(text: str) -> date:
    try:
        return modern_day(text.strip())
    except ValueError as error:
        raise CannotRecord("wrong.old_day", str(error), value=text[:40], earliest=EARLIEST) from error
