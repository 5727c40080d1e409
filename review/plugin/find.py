"""Search over passages: by words, by meaning, and what is like one passage; with what the hits are beside them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review import meaning
from review.plugin.look import Look, Refused
from review.plugin.marks import snippet
from review.plugin.page import Page, open_page
from review.plugin.safety import whole
from store import query
from store.clock import day
from store.facets import Facets, facets, facets_of
from store.search import Hit, SearchError, search
from store.wanted import REVIEWS, Wanted

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

AT_MOST = 50
MOST_TYPED = 500  # characters
OPEN, CLOSE = "\ue000", "\ue001"  # private characters, which no passage's own brackets can be mistaken for
WORDS, MEANING = "words", "meaning"
# Fields of the address and the filter that each sets. Those of FACETS are shown with counts, in this order.
FILTERS = {
    "country": "country", "group": "group_id", "topic": "topic", "publisher": "publisher", "type": "source_type",
    "language": "language", "review": "review", "source": "source_id", "from": "published_from", "to": "published_to",
}  # fmt: skip
FACETS = ("country", "group", "topic", "publisher", "type", "language", "review")
SHOWN = 8  # values of a facet
HIDDEN = ("country", "topic", "publisher", "type", "review")  # filters that have no field in the form
EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a visitor asks: words or a question (`by`), or the passage that others should be like."""

    text: str = ""
    by: str = WORDS
    like: int | None = None
    wanted: Wanted = EVERYTHING

    @property
    def anything(self) -> bool:
        return bool(self.text) or self.like is not None


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
    asked = asked_of(request, page.look)
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
        languages=[
            row["language"]
            for row in await page.rows("select distinct language from documents where language <> '' order by 1")
        ],
        sources=await page.rows("select id, publisher, title from sources order by publisher, title"),
        groups=await page.rows("select id, title, title_nl from target_groups order by title"),
        may_mean=meaning.available() is not None,
        kept={name: value for name, value in fields_of(asked) if name in HIDDEN},
    )


def asked_of(request: Request, look: Look) -> Asked:
    """Read the search from the address. Refused (400) for a day that is none or a choice that is none."""
    args = request.args
    values = {field: (args.get(name) or "").strip()[:MOST_TYPED] or None for name, field in FILTERS.items()}
    for field in ("published_from", "published_to"):
        if values[field] is not None:
            values[field] = _day(values[field])
    _choose("review", values["review"], REVIEWS)
    by = args.get("by") or WORDS
    _choose("by", by, (WORDS, MEANING))
    known = {"known_by": look.until, "basis": look.basis} if look.stated_day else {}
    return Asked(
        text=(args.get("q") or "").strip()[:MOST_TYPED],
        by=by,
        like=whole(args.get("like") or ""),
        wanted=Wanted(newest_first=args.get("order") == "newest", **values, **known),  # type: ignore[arg-type]
    )


def answer(conn: sqlite3.Connection, asked: Asked) -> Found:
    """Search; what cannot be searched says why with a key of words.toml."""
    try:
        if asked.like is not None:
            return _like(conn, asked.like, asked.wanted)
        if asked.by == MEANING:
            return _counted(conn, meaning.nearest_to_text(conn, asked.text, limit=AT_MOST, wanted=asked.wanted))
        hits = search(conn, asked.text, limit=AT_MOST + 1, wanted=asked.wanted, around=(OPEN, CLOSE))
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


def fields_of(asked: Asked, **changes: str | None) -> Iterator[tuple[str, str]]:
    """The fields of the address that make this search again; a change of None leaves one out."""
    now: dict[str, str | None] = {"q": asked.text or None, "like": str(asked.like) if asked.like else None}
    now |= {"by": asked.by if asked.by != WORDS else None, "order": "newest" if asked.wanted.newest_first else None}
    now |= {name: getattr(asked.wanted, field) for name, field in FILTERS.items()}
    yield from ((name, value) for name, value in (now | changes).items() if value)


def address(look: Look, asked: Asked, **changes: str | None) -> str:
    """The query string of this search with changes, on the visitor's day."""
    return look.query(**dict(fields_of(asked, **changes)))


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


def _day(text: str | None) -> str:
    try:
        return day(text or "").isoformat()
    except ValueError as error:
        raise Refused(400, "wrong.as_of", value=text) from error


def _choose(name: str, value: str | None, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        raise Refused(400, "wrong.choice", name=name, value=value, choices=", ".join(choices))
