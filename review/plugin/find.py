"""Search over passages: by words, by meaning, and what is like one passage; with what the hits are beside them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review import meaning
from review.filters import held_languages
from review.plugin.asked import FILTERS, MEANING, Asked, address, asked_of, checked, fields_of
from review.plugin.marks import snippet
from review.plugin.page import Page, open_page
from store import query
from store.facets import Facets, facets, facets_of
from store.search import Hit, SearchError, search
from store.wanted import Wanted

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

AT_MOST = 50
OPEN, CLOSE = "\ue000", "\ue001"  # private characters, which no passage's own brackets can be mistaken for
FACETS = ("country", "group", "topic", "publisher", "type", "language", "review")
SHOWN = 8  # values of a facet
HIDDEN = ("country", "topic", "publisher", "type", "review")  # filters that have no field in the form


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hits as shown. `more`: there are others; `plain`: not well formed, so the words alone were searched."""

    hits: tuple[Hit, ...] = ()
    more: bool = False
    plain: bool = False
    problem: str = ""
    facets: Facets | None = None
    like: sqlite3.Row | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a facet: its name in words, its count, and the address that limits the search to it, or no more."""

    name: str
    count: int
    address: str
    chosen: bool


async def find(datasette: Datasette, request: Request) -> Response:
    """Passages by words or meaning, with filters; the form alone where nothing was asked yet."""
    page = open_page(datasette, request)
    asked = await checked(page, asked_of(request.args, page.look))
    typed = "q" in request.args or asked.like is not None
    found = await page.read(lambda conn: answer(conn, asked)) if typed else Found()
    names = await names_of(page)
    return await page.html(
        "coi_search.html",
        q=asked.text,
        asked=typed,
        by=asked.by,
        wanted=asked.wanted,
        found=found,
        hits=[(hit, snippet(hit.snippet, OPEN, CLOSE)) for hit in found.hits],
        facets=list(shown(page, asked, found.facets, names)),
        chosen=list(chosen(page, asked, names)),
        address=address(page.look, asked),
        number=asked.page,
        first=AT_MOST * (asked.page - 1) + 1,
        before=address(page.look, asked, page=str(asked.page - 1) if asked.page > 2 else None),
        after=address(page.look, asked, page=str(asked.page + 1)),
        languages=await page.read(held_languages),
        sources=await page.rows("select id, publisher, title from sources order by publisher, title"),
        groups=await page.rows("select id, title, title_nl from target_groups order by title"),
        may_mean=meaning.available() is not None,
        kept={name: value for name, value in fields_of(asked) if name in HIDDEN},
    )


def answer(conn: sqlite3.Connection, asked: Asked) -> Found:
    """Search; what cannot be searched says why with a key of words.toml."""
    try:
        if asked.like is not None:
            return _like(conn, asked.like, asked.wanted)
        if asked.by == MEANING:
            return _counted(conn, meaning.nearest_to_text(conn, asked.text, limit=AT_MOST, wanted=asked.wanted))
        skip = AT_MOST * (asked.page - 1)
        hits = search(conn, asked.text, limit=AT_MOST + 1, skip=skip, wanted=asked.wanted, around=(OPEN, CLOSE))
        return Found(
            hits=tuple(hits[:AT_MOST]),
            more=len(hits) > AT_MOST,
            plain=query.parse(asked.text).plain,
            facets=facets(conn, asked.text, wanted=asked.wanted),
        )
    except SearchError:
        return Found(problem="find.no_passage" if asked.like is not None else _unsearchable(asked.text))
    except meaning.NoEncoderError:
        return Found(problem="find.no_meaning")
    except meaning.NothingEncodedError:
        return Found(problem="find.nothing_encoded")


def _like(conn: sqlite3.Connection, passage_id: int, wanted: Wanted) -> Found:
    row = conn.execute(
        """select p.id, p.text, p.language, p.document_id, d.title from passages p
           join documents d on d.id = p.document_id where p.id = ?""",
        [passage_id],
    ).fetchone()
    found = _counted(conn, meaning.nearest_to_passage(conn, passage_id, limit=AT_MOST, wanted=wanted))
    return Found(hits=found.hits, facets=found.facets, like=row)


def _counted(conn: sqlite3.Connection, hits: list[Hit]) -> Found:
    return Found(hits=tuple(hits), facets=facets_of(conn, [hit.passage_id for hit in hits]))


def _unsearchable(text: str) -> str:
    """Why words cannot be searched: there are none, too many, or the beginning of a word is too short."""
    words = query.plain_words(text)
    if len(words) > query.MOST_WORDS:
        return "find.too_long"
    return "find.short_prefix" if words else "find.empty"


async def names_of(page: Page) -> dict[str, str]:
    """The titles of the groups in the visitor's language."""
    rows = await page.rows("select id, title, title_nl from target_groups")
    return {row["id"]: page.words.pick(row["title"], row["title_nl"]) for row in rows}


def shown(
    page: Page, asked: Asked, counted: Facets | None, names: dict[str, str]
) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """Each facet with its values, the commonest first: name of the facet, then values with counts."""
    for name in FACETS if counted else ():
        now = getattr(asked.wanted, FILTERS[name])
        found = counted.of.get(FILTERS[name], ()) if counted else ()
        if len(found) > 1 or now:
            yield (
                name,
                tuple(
                    Value(
                        name=in_words(page, name, one.value, names),
                        count=one.count,
                        address=address(page.look, asked, **{name: None if one.value == now else one.value}),
                        chosen=one.value == now,
                    )
                    for one in found[:SHOWN]
                ),
            )


def chosen(page: Page, asked: Asked, names: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """The filters in use: name, value in words, and the address without it."""
    for name, field in FILTERS.items():
        value = getattr(asked.wanted, field)
        if value is not None:
            yield name, in_words(page, name, value, names), address(page.look, asked, **{name: None})


def in_words(page: Page, name: str, value: str, names: dict[str, str]) -> str:
    """A value of a facet as a reader knows it."""
    words = page.words
    match name:
        case "country":
            return words.country(value)
        case "group":
            return names.get(value, value)
        case "language":
            return words.tongue(value)
        case "from" | "to":
            return words.day(value)
        case "publisher" | "source":
            return value
        case _:
            return words.code({"type": "type", "review": "find.review"}.get(name, name), value)
