"""What the health of the collection says about a question: coverage and source health (method section 7)."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from review.method.model import Gate
from review.method.thresholds import RULES
from review.rows import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """One decisive source: when it was last crawled in good health, and since when it has failed."""

    source_id: str
    type: str
    every_s: int | None
    last_good_on: date | None
    failing_since: date | None
    closed_days: int = 0  # days in a row on which it is never asked: its silence then says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """`share` of the decisive sources searched in the window (None: no source is declared decisive)."""

    gates: frozenset[Gate]
    share: float | None
    decisive: int
    not_searched: tuple[str, ...]

    @property
    def full(self) -> bool:
        """Every decisive source was searched in the window, and there is at least one."""
        return self.share == 1.0


DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
CRAWLED = """
with known as (
  select * from runs where substr(slot, 1, 5) <> 'page:'  -- a single page fetched by hand is no search of the source
    and substr(moment, 1, 10) <= :day and started_at <= :until
)
select s.id, s.type, s.every_s, json_extract(s.declaration, '$.window') as window,
  (select max(r.moment) from known r where r.source_id = s.id and r.status in ('ok', 'partial')) as last_good,
  (select min(r.moment) from known r where r.source_id = s.id and r.status = 'failed'
     and r.moment > coalesce((select max(o.moment) from known o where o.source_id = s.id
       and o.status in ('ok', 'partial')), '')) as failing
from sources s
where exists (select 1 from json_each(s.declaration, '$.decisive_for') where value = :country)
order by s.id
"""


def crawled(conn: sqlite3.Connection, country: str, *, as_of: date, until: str) -> tuple[Crawled, ...]:
    """The sources declared decisive for a country, with their health on a day (moments of crawl up to that day).

    For history on the public basis give a day that lies late: what was published then may have been fetched since.
    """
    rows = conn.execute(CRAWLED, {"country": country, "day": as_of.isoformat(), "until": until})
    return tuple(
        Crawled(
            source_id=row["id"],
            type=row["type"],
            every_s=row["every_s"],
            last_good_on=_day(row["last_good"]),
            failing_since=_day(row["failing"]),
            closed_days=closed_days(row["window"]),
        )
        for row in rows
    )


def coverage(asked: Asked, sources: Sequence[Crawled], as_of: date, *, live: bool) -> Coverage:
    """Which gates the collection closes for one question on one day (method section 7).

    A question's decisive sources are those declared decisive for its country whose type the question names. Without
    any, nothing was searched and the coverage gate is closed. The health of a source is a matter of the present (and
    of what was held then): history on the public basis, `live` False, only asks whether the source was searched.
    """
    decisive = [source for source in sources if source.type in asked.search_in]
    earliest = date.fromordinal(max(1, as_of.toordinal() - asked.question.window_days))
    missing = tuple(s.source_id for s in decisive if s.last_good_on is None or s.last_good_on < earliest)
    share = 1 - len(missing) / len(decisive) if decisive else None
    gates = set()
    if share is None or share < RULES.gate_coverage:
        gates.add(Gate.COVERAGE)
    if live and any(_unhealthy(source, as_of) for source in decisive):
        gates.add(Gate.SOURCE_HEALTH)
    return Coverage(gates=frozenset(gates), share=share, decisive=len(decisive), not_searched=missing)


def _unhealthy(source: Crawled, as_of: date) -> bool:
    """Failing for more than seven days, or silent for more than twice its expected interval."""
    if source.failing_since and (as_of - source.failing_since).days > RULES.gate_failing_days:
        return True
    if source.last_good_on is None or source.every_s is None:
        return source.every_s is not None
    allowed = max(1, RULES.gate_silent_intervals * source.every_s // 86_400)
    return (as_of - source.last_good_on).days > allowed + source.closed_days


def closed_days(window: str | None) -> int:
    """How many days in a row a window of days and hours leaves out; 0 where there is none.

    >>> closed_days("Mo-Fr 06:00-20:00"), closed_days("Mo-Su 06:00-20:00"), closed_days(None)
    (2, 0, 0)
    """
    if not window:
        return 0
    first, last = (DAYS.index(name) for name in window[:5].split("-"))
    return (first - last - 1) % 7


def _day(instant: str | None) -> date | None:
    return date.fromisoformat(instant[:10]) if instant else None
