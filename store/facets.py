"""What the hits of a search are: counts by country, group, topic, publisher, type, language, year and review."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from store.query import parse
from store.search import match_of
from store.wanted import ACCEPTED, REJECTED, Wanted, filtered

# Facets are counted over so many of the newest hits; what is counted is said.
COUNT_AT_MOST = 2_000
_FACET_VALUES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One value, and how many of the hits that were counted have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What the hits are: of each facet its commonest values. `counted`: so many hits; `capped`: there are more."""

    counted: int
    capped: bool
    of: dict[str, tuple[Facet, ...]]


def facets(conn: sqlite3.Connection, query: str, *, wanted: Wanted | None = None) -> Facets:
    """Count what the newest COUNT_AT_MOST hits are: language, country, group, topic, publisher, type, year, review."""
    asked = wanted or Wanted()
    sql, bound = filtered(asked)
    rows = conn.execute(
        _FACETS.format(hits=f"select f.rowid as id from passages_fts f {sql} order by f.rowid desc limit :most"),
        bound | {"query": match_of(conn, parse(query).node, asked), "most": COUNT_AT_MOST + 1},
    ).fetchall()
    return _facets(rows)


def facets_of(conn: sqlite3.Connection, passage_ids: Iterable[int]) -> Facets:
    """Count what these passages are."""
    ids = list(passage_ids)
    hits = "select value as id from json_each(:ids)"
    return _facets(conn.execute(_FACETS.format(hits=hits), {"ids": str(ids)}).fetchall())


_FACETS = f"""
with hits as materialized ({{hits}}),
  about as materialized (
    select h.id, p.language, d.published_on, s.type, coalesce(nullif(d.publisher, ''), s.publisher) as publisher
    from hits h cross join passages p on p.id = h.id cross join documents d on d.id = p.document_id
    cross join sources s on s.id = d.source_id),
  tagged as materialized (
    select h.id, m.kind, m.value from hits h cross join mentions m on m.passage_id = h.id
      and m.examination_id = (select max(x.id) from examinations x where x.passage_id = h.id and x.step = 'tag')
    union
    select h.id, t.kind, t.value from hits h cross join tag_decisions t on t.passage_id = h.id
      and t.decision in ('add', 'accept')
    except
    select h.id, t.kind, t.value from hits h cross join tag_decisions t on t.passage_id = h.id
      and t.decision = 'reject' and t.id = (select max(u.id) from tag_decisions u where u.passage_id = t.passage_id
                                            and u.kind = t.kind and u.value = t.value)),
  reviewed as (
    select id, case when {ACCEPTED.format(row="h.id")} then 'accepted'
                    when {REJECTED.format(row="h.id")} then 'rejected' else 'undecided' end as review from hits h)
select 'all' as facet, '' as value, count(*) as n from hits
union all select 'language', coalesce(language, ''), count(*) from about group by 2
union all select 'publisher', publisher, count(*) from about group by 2
union all select 'source_type', type, count(*) from about group by 2
union all select 'year', substr(published_on, 1, 4), count(*) from about where published_on is not null group by 2
union all select case kind when 'group' then 'group_id' else kind end, value, count(*) from tagged group by kind, value
union all select 'review', review, count(*) from reviewed group by 2
"""


def _facets(rows: Iterable[sqlite3.Row]) -> Facets:
    of: dict[str, list[Facet]] = {}
    counted = 0
    for row in rows:
        if row["facet"] == "all":
            counted = row["n"]
        elif row["value"]:
            of.setdefault(row["facet"], []).append(Facet(value=row["value"], count=row["n"]))
    return Facets(
        counted=min(counted, COUNT_AT_MOST),
        capped=counted > COUNT_AT_MOST,
        of={
            name: tuple(sorted(found, key=lambda facet: (-facet.count, facet.value))[:_FACET_VALUES])
            for name, found in of.items()
        },
    )
