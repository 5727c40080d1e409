"""What caps a status at emerging (method §7): the health and coverage of the collection, and what people still owe."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from review.agreement import measure_all
from review.method.model import REVIEWER_GATES, Gate
from review.method.thresholds import RULES
from review.method.words import Said
from review.rows import Asked
from review.unread import unread_of
from review.vocabulary import LANGUAGES
from store.searches_log import Search


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """One decisive source: when it was last crawled in good health up to a day, and since when it has failed."""

    source_id: str
    type: str
    every_s: int | None
    last_good_on: date | None
    failing_since: date | None
    reaches_from: date | None = None  # history: a later crawl brought what it published from this day on
    closed_days: int = 0  # days in a row on which it is never asked: its silence then says nothing
    title: str = ""
    language: str = "en"

    @property
    def understood(self) -> bool:
        """Whether a crawl of it is a search: there is a vocabulary in its language (method §6)."""
        return self.language in LANGUAGES

    def searched_since(self, earliest: date) -> bool:
        """Whether a crawl searched from this day on: one made since, or a later one that brought what is as old."""
        crawled_since = self.last_good_on is not None and self.last_good_on >= earliest
        reached = self.reaches_from is not None and self.reaches_from <= earliest
        return self.understood and (crawled_since or reached)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """`share` of the decisive sources searched in the window (None: no source is declared decisive)."""

    gates: frozenset[Gate]
    share: float | None
    decisive: int
    not_searched: tuple[str, ...]
    searched: tuple[Crawled, ...] = ()  # by a crawl; what people searched stands in the search log
    unreachable: tuple[Crawled, ...] = ()  # failing now; also where an earlier search still counts
    titles: Mapping[str, str] = field(default_factory=dict)  # of the decisive sources, by id

    @property
    def full(self) -> bool:
        """Every decisive source was searched in the window, and there is at least one."""
        return self.share == 1.0


DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
CRAWLED = """
with looked as (
  select s.id, s.title, s.language, s.type, s.every_s, json_extract(s.declaration, '$.window') as window,
    json_extract(s.declaration, '$.decisive_for') as decisive_for,
    (select r.moment from runs r where r.source_id = s.id and r.status in ('ok', 'partial')
       and substr(r.slot, 1, 5) <> 'page:'  -- a single page fetched by hand is no search of the source
       and substr(r.moment, 1, 10) <= :day and r.started_at <= :until order by r.moment desc limit 1) as last_good,
    case when :later > :day and exists (
       select 1 from runs r where r.source_id = s.id and r.status in ('ok', 'partial')
         and substr(r.slot, 1, 5) <> 'page:' and substr(r.moment, 1, 10) > :day and substr(r.moment, 1, 10) <= :later
         and r.started_at <= :until) then (
       select min(v.public_on) from documents d join versions v on v.document_id = d.id where d.source_id = s.id)
     end as reaches_from
  from sources s
  where json_array_length(s.declaration, '$.decisive_for') > 0 and (:country is null or exists (
    select 1 from json_each(s.declaration, '$.decisive_for') where value = :country))
)
select l.*,
  (select r.moment from runs r where r.source_id = l.id and r.status = 'failed' and substr(r.slot, 1, 5) <> 'page:'
     and r.moment > coalesce(l.last_good, '') and substr(r.moment, 1, 10) <= :day and r.started_at <= :until
   order by r.moment limit 1) as failing
from looked l order by l.id
"""


def crawled(
    conn: sqlite3.Connection, country: str, *, as_of: date, until: str, later: date | None = None
) -> tuple[Crawled, ...]:
    """The sources declared decisive for a country, with their health on a day (moments of crawl up to that day).

    `later`: for history on the public basis, the day up to which crawls count: what was published by `as_of` may have
    been fetched since. Such a crawl reaches back as far as what it brought (method §6).
    """
    rows = conn.execute(CRAWLED, {"country": country} | _days(as_of, later, until))
    return tuple(_crawled(row) for row in rows)


def crawled_everywhere(
    conn: sqlite3.Connection, *, as_of: date, until: str, later: date | None = None
) -> dict[str, tuple[Crawled, ...]]:
    """The same for every country that any source is decisive for, in one statement."""
    found: dict[str, list[Crawled]] = {}
    for row in conn.execute(CRAWLED, {"country": None} | _days(as_of, later, until)):
        source = _crawled(row)
        for country in dict.fromkeys(json.loads(row["decisive_for"])):
            found.setdefault(country, []).append(source)
    return {country: tuple(sources) for country, sources in found.items()}


def _days(as_of: date, later: date | None, until: str) -> dict[str, str]:
    return {"day": as_of.isoformat(), "later": (later or as_of).isoformat(), "until": until}


def _crawled(row: sqlite3.Row) -> Crawled:
    return Crawled(
        source_id=row["id"],
        type=row["type"],
        every_s=row["every_s"],
        last_good_on=_day(row["last_good"]),
        failing_since=_day(row["failing"]),
        reaches_from=_day(row["reaches_from"]),
        closed_days=closed_days(row["window"]),
        title=row["title"],
        language=row["language"],
    )


def coverage(
    asked: Asked, sources: Sequence[Crawled], as_of: date, *, live: bool, searches: Iterable[Search] = ()
) -> Coverage:
    """Which gates the collection closes for one question on one day (method section 7).

    A question's decisive sources are those declared decisive for its country whose type the question names. Without
    any, nothing was searched and the coverage gate is closed. A source counts as searched by a healthy crawl if its
    language is one of the vocabulary's, and by a person's recorded search of this question if it answered then; that
    reaches no further than the period that was searched (method §6). A crawl that was made later says of a past window
    what it brought from there: it counts where that reaches back to the window's first day. The health of a source is a
    matter of the present (and of what was held then): history on the public basis, `live` False, only asks whether the
    source was searched.
    """
    by_hand = searched_by_hand(asked, searches)
    return covered(asked.search_in, asked.question.window_days, sources, as_of, live=live, by_hand=by_hand)


def covered(
    search_in: Sequence[str],
    window_days: int,
    sources: Sequence[Crawled],
    as_of: date,
    *,
    live: bool,
    by_hand: Mapping[str, date],
) -> Coverage:
    """The coverage of every question that names these types of sources and has this window; see `coverage`.

    `by_hand`: the last day that people's searches cover, by source.
    """
    decisive = [source for source in sources if source.type in search_in]
    earliest = date.fromordinal(max(1, as_of.toordinal() - window_days))
    missing = tuple(
        s.source_id
        for s in decisive
        if not s.searched_since(earliest) and not (s.source_id in by_hand and by_hand[s.source_id] >= earliest)
    )
    share = 1 - len(missing) / len(decisive) if decisive else None
    gates = set()
    if share is None or share < RULES.gate_coverage:
        gates.add(Gate.COVERAGE)
    if live and any(_unhealthy(source, as_of) for source in decisive):
        gates.add(Gate.SOURCE_HEALTH)
    return Coverage(
        gates=frozenset(gates),
        share=share,
        decisive=len(decisive),
        not_searched=missing,
        searched=tuple(s for s in decisive if s.searched_since(earliest)),
        titles={source.source_id: source.title or source.source_id for source in decisive},
        unreachable=tuple(source for source in decisive if live and source.failing_since),
    )


def searched_by_hand(asked: Asked, searches: Iterable[Search]) -> dict[str, date]:
    """The last day that people's searches of a question cover, by source; those the source did not answer are none."""
    found: dict[str, date] = {}
    for one in searches:
        if one.question_id != asked.question.id or one.country != asked.country or not one.healthy:
            continue
        until = date.fromisoformat(min(one.searched_at[:10], one.period_to))
        found[one.source_id] = max(until, found.get(one.source_id, until))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What people still owe a question: the gates that closes, and what was measured, in words."""

    gates: frozenset[Gate]
    said: tuple[Said, ...] = ()


NOT_MEASURED = Owed(gates=REVIEWER_GATES)
"""The provisional reading: nobody's review is asked for, and the gates are reported as not measured."""


def owed(
    conn: sqlite3.Connection, country: str, asked: Sequence[Asked], *, as_of: date, until: str, held: bool
) -> Mapping[str, Owed]:
    """What the reviewed reading measures of each question: unread passages, and double coding over its group.

    The group is pooled whole, whichever of its questions are `asked`. Four statements, however many they are.

    `until`: decisions and codings count up to this instant. The gate translation depends on the evidence of each
    question and is added where that is known (`read_in.with_translation`).
    """
    pools = _decisive(conn, country, {one.group for one in asked if one.group})
    double = measure_all(conn, country, pools, until=until)
    unread = unread_of(
        conn, country, [one.question.id for one in asked], known_by=as_of.isoformat(), decided_by=until, held=held
    )
    found = {}
    for one in asked:
        gates, said = set(), []
        if coded := double.get(one.group or ""):
            gates |= {Gate.DOUBLE_CODING} if coded.closes else set()
            said.append(coded.said)
        waiting = unread.get(one.question.id, 0)
        if waiting > RULES.gate_unread:
            gates.add(Gate.UNREAD)
        if waiting:
            said.append(
                Said(
                    en=f"{waiting} unread passages are predicted relevant (more than {RULES.gate_unread} close a gate)",
                    nl=f"{waiting} ongelezen passages lijken relevant (meer dan {RULES.gate_unread} sluit een poort)",
                )
            )
        found[one.question.id] = Owed(gates=frozenset(gates), said=tuple(said))
    return found


def _decisive(conn: sqlite3.Connection, country: str, groups: Iterable[str]) -> dict[str, list[str]]:
    """The decisive questions of groups, by group; groups without any are left out."""
    rows = conn.execute(
        """select q.group_id, q.id from questions q where q.country = ?
             and q.group_id in (select value from json_each(?)) and q.decisive = 1
             and q.version = (select max(r.version) from questions r where r.id = q.id) order by q.rowid""",
        [country, json.dumps(sorted(groups))],
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["group_id"], []).append(row["id"])
    return found


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
