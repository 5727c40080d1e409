"""What a visitor asks of the search: read from an address or a form, checked, and written into addresses again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from review.filters import WrongFilter, check
from review.plugin.look import Look, Refused
from review.plugin.page import Page
from review.plugin.safety import whole
from store.clock import day
from store.wanted import REVIEWS, Wanted

MOST_TYPED = 500  # characters
MOST_PAGES = 100
WORDS, MEANING = "words", "meaning"
# Fields of the address and the filter that each sets. Those of FACETS are shown with counts, in this order.
FILTERS = {
    "country": "country", "group": "group_id", "topic": "topic", "publisher": "publisher", "type": "source_type",
    "language": "language", "review": "review", "source": "source_id", "from": "published_from", "to": "published_to",
}  # fmt: skip
EVERYTHING = Wanted()


class Fields(Protocol):
    """The fields of an address or of a form."""

    def get(self, name: str) -> str | None:
        """One field, if it was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a visitor asks: words or a question (`by`), or the passage that others should be like; `page` of hits."""

    text: str = ""
    by: str = WORDS
    like: int | None = None
    wanted: Wanted = EVERYTHING
    page: int = 1

    @property
    def anything(self) -> bool:
        return bool(self.text) or self.like is not None


def asked_of(args: Fields, look: Look) -> Asked:
    """Read the search from the fields. Refused (400) for a day that is none or a choice that is none."""
    values = {field: (args.get(name) or "").strip()[:MOST_TYPED] or None for name, field in FILTERS.items()}
    for field in ("published_from", "published_to"):
        if values[field] is not None:
            values[field] = _day(values[field])
    first, last = values["published_from"], values["published_to"]
    if first and last and first > last:
        raise Refused(400, "wrong.from_to", first=first, last=last)
    _choose("review", values["review"], REVIEWS)
    by = args.get("by") or WORDS
    _choose("by", by, (WORDS, MEANING))
    known = {"known_by": look.until, "basis": look.basis} if look.stated_day else {}
    return Asked(
        text=(args.get("q") or "").strip()[:MOST_TYPED],
        by=by,
        like=whole(args.get("like") or ""),
        wanted=Wanted(newest_first=args.get("order") == "newest", **values, **known),  # type: ignore[arg-type]
        page=min(max(whole(args.get("page") or "") or 1, 1), MOST_PAGES),
    )


async def checked(page: Page, asked: Asked) -> Asked:
    """The same search. Refused (400) where a filter names nothing that there is."""
    try:
        await page.read(lambda conn: check(conn, asked.wanted))
    except WrongFilter as error:
        raise Refused(400, "wrong.choice", name=error.name, value=error.value, choices=error.choices) from error
    return asked


def fields_of(asked: Asked, **changes: str | None) -> Iterator[tuple[str, str]]:
    """The fields of the address that make this search again; a change of None leaves one out."""
    now: dict[str, str | None] = {"q": asked.text or None, "like": str(asked.like) if asked.like else None}
    now |= {"by": asked.by if asked.by != WORDS else None, "order": "newest" if asked.wanted.newest_first else None}
    now |= {name: getattr(asked.wanted, field) for name, field in FILTERS.items()}
    yield from ((name, value) for name, value in (now | changes).items() if value)


def address(look: Look, asked: Asked, **changes: str | None) -> str:
    """The query string of this search with changes, on the visitor's day."""
    return look.query(**dict(fields_of(asked, **changes)))


def _day(text: str | None) -> str:
    try:
        return day(text or "").isoformat()
    except ValueError as error:
        raise Refused(400, "wrong.as_of", value=(text or "")[:40]) from error


def _choose(name: str, value: str | None, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        raise Refused(400, "wrong.choice", name=name, value=value[:40], choices=", ".join(choices))
