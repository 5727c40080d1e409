"""How much came in, month by month, of whom and in which language: documents are counted, never passages."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.plugin.page import Page, open_page
from review.plugin.status_map import month_ends

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

MONTHS, MOST = 24, 20  # columns, and rows before the rest is taken together
STEP, HEIGHT = 10, 28  # of a drawing, in its own units
# Each document once, in the month in which its first version could be known (public) or was held here (held). The inner
# query reads nothing but the index versions_times; texts and passages are never touched. Months before ?2 are one.
COUNTED = """
select case when first.day < ?2 then '' else substr(first.day, 1, 7) end as month,
       coalesce(nullif(d.publisher, ''), s.publisher) as publisher, coalesce(d.language, '') as language, count(*) as n
from (select document_id, min({day}) as day from versions group by document_id) first
join documents d on d.id = first.document_id join sources s on s.id = d.source_id
where first.day <= ?1 group by 1, 2, 3
"""
DAYS = {"public": "public_on", "held": "substr(recorded_at, 1, 10)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One publisher or language ('' where none is known): `path` draws its months beside those of all others."""

    name: str
    counts: tuple[int, ...]
    before: int  # earlier than the first month drawn
    path: str

    @property
    def total(self) -> int:
        return self.before + sum(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """`months` as YYYY-MM, the newest last; `rest` takes together what is beyond the largest."""

    months: tuple[str, ...]
    largest: tuple[Series, ...]
    rest: Series | None
    others: int  # names in `rest`
    every: tuple[Series, ...]
    width: int = MONTHS * STEP
    height: int = HEIGHT

    @property
    def total(self) -> int:
        return sum(one.total for one in self.every)


async def show(datasette: Datasette, request: Request) -> Response:
    """GET /volume: a row of bars a publisher and a language, and all figures as tables."""
    page = open_page(datasette, request)
    rows = await _rows(page, month_ends(page.look.as_of, MONTHS)[0].replace(day=1).isoformat())
    return await page.html(
        "coi_volume.html",
        by=[(name, volume(rows, name, page.look.as_of)) for name in ("publisher", "language")],
        first_known=await page.first_known(),
    )


async def as_csv(datasette: Datasette, request: Request) -> Response:
    """GET /volume.csv: month, publisher, language, documents; safe to open in a spreadsheet."""
    from review.pack.tables import cells

    page = open_page(datasette, request)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("month", "publisher", "language", "documents"))
    for row in sorted(await _rows(page, ""), key=tuple):
        writer.writerow(cells((row["month"], row["publisher"], row["language"], row["n"])))
    named = {"content-disposition": f'attachment; filename="volume-{page.look.until}.csv"'}
    return Response(out.getvalue().encode("utf-8-sig"), headers=named, content_type="text/csv; charset=utf-8")


async def _rows(page: Page, since: str) -> list[sqlite3.Row]:
    return await page.rows(COUNTED.format(day=DAYS[page.look.basis]), [page.look.until, since])


def volume(rows: Iterable[sqlite3.Row], by: str, as_of: date) -> Volume:
    """The months of every name under `by` (publisher, language), the largest first; bars share one scale a name."""
    months = tuple(f"{end:%Y-%m}" for end in month_ends(as_of, MONTHS))
    found: dict[str, Counter[str]] = {}
    for row in rows:
        found.setdefault(row[by], Counter())[row["month"]] += row["n"]
    every = sorted((_series(name, counts, months) for name, counts in found.items()), key=lambda s: (-s.total, s.name))
    beyond = every[MOST:] if len(every) > MOST + 1 else []
    together: Counter[str] = sum((found[one.name] for one in beyond), Counter())
    return Volume(
        months=months,
        largest=tuple(every[: len(every) - len(beyond)]),
        rest=_series("", together, months) if beyond else None,
        others=len(beyond),
        every=tuple(every),
    )


def _series(name: str, counts: Counter[str], months: Sequence[str]) -> Series:
    drawn = tuple(counts[month] for month in months)
    return Series(name=name, counts=drawn, before=counts.total() - sum(drawn), path=_bars(drawn))


def _bars(counts: Sequence[int]) -> str:
    """Bars on a floor; a month with anything is never lower than one unit."""
    most = max(counts, default=0)
    heights = [max(round(n * (HEIGHT - 1) / most, 1), 1) if n else 0 for n in counts]
    return "".join(f"M{k * STEP + 1} {HEIGHT}v-{h}h{STEP - 2}v{h}z" for k, h in enumerate(heights) if h)
