"""Origins on a day: from the links in force and what people decided, where each piece of evidence springs from."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from review.method.model import Basis
from review.origins import Certainty, OriginLink, Rule, resolve
from review.origins_linking import link_new

__all__ = ["Origins", "Spring", "link_new", "origins_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spring:
    """Where a statement springs from. `proposed`: another origin with which a merge waits for a person."""

    key: str
    label: str
    proposed: str | None = None


Spans = Mapping[int, tuple[tuple[int, int, str], ...]]  # passage id -> (start, end, key one step up)


@dataclass(frozen=True, slots=True)
class Origins:
    """Every origin on one day, ready to be asked for a piece of evidence."""

    documents: Mapping[int, str]  # document id -> key
    labels: Mapping[str, str]
    merged: Mapping[str, str]  # key -> end of its chain
    proposed: Mapping[str, str]
    spans: Spans
    proposed_spans: Spans
    noted: Spans  # what footnotes cite: counted by review.cited, so that a note never adds an origin

    def of(self, row: Mapping[str, Any]) -> Spring:
        """The origin of one row of evidence (document_id, passage_id, start, end, attributed_to, public_on)."""
        own = self.documents[row["document_id"]]
        start = self._span(row, self.spans) or own
        key = self.merged.get(start, start)
        maybe = self._span(row, self.proposed_spans) or start
        wide = self.proposed.get(maybe, maybe)
        return Spring(key=key, label=self.labels.get(key, key), proposed=wide if wide != key else None)

    def cited(self, row: Mapping[str, Any]) -> Spring | None:
        """What a footnote names as the origin of most of the evidence's words; None where none does."""
        half = (row["end"] - row["start"]) / 2
        notes = self.noted.get(row["passage_id"], ())
        most = [n for n in notes if min(n[1], row["end"]) - max(n[0], row["start"]) >= half]
        key = self._span(row, {row["passage_id"]: tuple(most)})
        end = self.merged.get(key, key) if key else None
        return Spring(key=end, label=self.labels.get(end, end)) if end else None

    def _span(self, row: Mapping[str, Any], spans: Spans) -> str | None:
        """The step that the evidence's own words take, where they stand inside an attributed span."""
        best, most = None, 0
        for start, end, key in spans.get(row["passage_id"], ()):
            shared = min(end, row["end"]) - max(start, row["start"])
            if shared > most:
                best, most = key, shared
        return best


def origins_of(
    conn: sqlite3.Connection,
    as_of: date,
    basis: Basis,
    *,
    country: str | None = None,
    questions: Sequence[str] | None = None,
) -> Origins:
    """Every origin as the documents known on a day show it; splits and confirmations by people included.

    A document that was not public by then is nobody's well-spring yet (method section 1). With `country` only the
    documents that hold evidence on it (`questions` narrows that) and those that their links lead up to, which is all
    that such evidence can spring from.
    """
    only = _documents(conn, country, questions) if country else None
    bound = {"only": None if only is None else json.dumps(only)}
    until = f"{as_of.isoformat()}T23:59:59Z" if basis is Basis.HELD else "9999"
    times = {"until": until, "day": as_of.isoformat()}
    keys, public = {}, {}
    labels: dict[str, str] = {}
    if only is None:
        labels = {row["id"]: row["label"] for row in conn.execute("select id, label from origins")}
    for row in conn.execute(KNOWN if only is None else KNOWN_ONLY, bound | times):
        key = f"doc:{row['source_id']}:{row['key']}"
        keys[row["id"]], public[key] = key, row["public_on"]
        labels[key] = f"{row['publisher']}, “{row['title']}”"
    steps: list[OriginLink] = []
    noted: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    spans: dict[Certainty, dict[int, list[tuple[int, int, str]]]] = {c: defaultdict(list) for c in Certainty}
    decided = _decided(conn, until, bound)
    (rules,) = conn.execute(RULES, {"until": until}).fetchone()
    for row in conn.execute(LINKS if only is None else LINKS_ONLY, {"until": until, "rules": rules} | bound):
        labels.setdefault(row["origin_id"], row["label"])
        decision = _decision(row, decided)
        if decision == "split" or public.get(row["origin_id"], "") > as_of.isoformat():
            continue
        confirmed = decision == "confirm"
        certainty = Certainty.MERGED if confirmed else Certainty(row["certainty"])
        if row["passage_id"] is not None:
            by_note = row["rule"] == Rule.FOOTNOTE and not confirmed
            table = noted if by_note else spans[certainty]
            table[row["passage_id"]].append((row["start"], row["end"], row["origin_id"]))
            continue
        steps.append(_step(row, keys[row["document_id"]], certainty, confirmed))
    return Origins(
        documents=keys,
        labels=labels,
        merged={child: spring.origin for child, spring in resolve(steps).items()},
        proposed={child: spring.origin for child, spring in resolve(steps, include_proposed=True).items()},
        spans=_sorted(spans[Certainty.MERGED]),
        proposed_spans=_sorted(spans[Certainty.PROPOSED]),
        noted=_sorted(noted),
    )


def _sorted(spans: Mapping[int, list[tuple[int, int, str]]]) -> Spans:
    return {passage: tuple(sorted(rows)) for passage, rows in spans.items()}


def _step(row: sqlite3.Row, child: str, certainty: Certainty, confirmed: bool) -> OriginLink:
    """A step of a whole document; what a person confirmed goes before all that rules say."""
    return OriginLink(
        child=child,
        parent=row["origin_id"],
        label=row["label"],
        rule=Rule.PERSON if confirmed else Rule(row["rule"]),
        why=row["why"],
        certainty=certainty,
        via=tuple(json.loads(row["via"])),
        strength=row["strength"],
    )


# Under the title that it had by then: a later one would tell a past day what it could not know.
KNOWN = """
select d.id, d.source_id, d.key, coalesce(nullif(d.publisher, ''), s.publisher) as publisher,
  min(v.public_on) as public_on, coalesce(
    (select w.title from versions w where w.document_id = d.id and w.recorded_at <= :until and w.public_on <= :day
     order by w.seen_at desc, w.id desc limit 1),
    (select w.title from versions w where w.document_id = d.id order by w.seen_at, w.id limit 1)) as title
from documents d join versions v on v.document_id = d.id join sources s on s.id = d.source_id {only} group by d.id
"""
LINKS = """
select l.*, o.label, substr(p.text, l.start + 1, l.end - l.start) as quote
from origin_links l join origins o on o.id = l.origin_id left join passages p on p.id = l.passage_id
-- the rules that were run last: links found by older ones are no more; what a person merged stays
where {only} l.rules_version in (:rules, 'person') and l.found_at <= :until
  and coalesce((select e.event from origin_link_events e where e.origin_link_id = l.id and e.at <= :until
                order by e.id desc limit 1), '') <> 'ended'
order by l.id
"""
RULES = """
select coalesce(
  (select rules_version from origin_rules where at <= :until order by id desc limit 1),
  (select rules_version from origin_links where found_at <= :until and rules_version <> 'person'
   order by id desc limit 1))
"""
DECIDED = """
select k.document_id, k.origin_id, k.passage_id, k.start, k.end,
  substr(p.text, k.start + 1, k.end - k.start) as quote, x.decision
from origin_decisions x join origin_links k on k.id = x.origin_link_id left join passages p on p.id = k.passage_id
where {only} x.decided_at <= :until order by x.id
"""
_ONLY = "in (select value from json_each(:only))"
KNOWN_ONLY, KNOWN = KNOWN.format(only=f"where d.id {_ONLY}"), KNOWN.format(only="")
LINKS_ONLY, LINKS = LINKS.format(only=f"l.document_id {_ONLY} and"), LINKS.format(only="")
DECIDED_ONLY, DECIDED = DECIDED.format(only=f"k.document_id {_ONLY} and"), DECIDED.format(only="")
# The documents with evidence, and those above them, by links to "doc:<source>:<key>" (no source id has a colon).
ABOVE = """
with recursive above (id) as (
  select distinct p.document_id from evidence e join passages p on p.id = e.passage_id
  where e.country = :country and (:questions is null or e.question_id in (select value from json_each(:questions)))
  union
  select d.id from above a join origin_links l on l.document_id = a.id and substr(l.origin_id, 1, 4) = 'doc:'
  join documents d on d.source_id = substr(l.origin_id, 5, instr(substr(l.origin_id, 5), ':') - 1)
    and d.key = substr(l.origin_id, 5 + instr(substr(l.origin_id, 5), ':'))
)
select id from above order by id
"""


def _documents(conn: sqlite3.Connection, country: str, questions: Sequence[str] | None) -> list[int]:
    asked = None if questions is None else json.dumps(list(questions))
    return [row["id"] for row in conn.execute(ABOVE, {"country": country, "questions": asked})]


def _decided(
    conn: sqlite3.Connection, until: str, bound: Mapping[str, str | None]
) -> Mapping[tuple[int, str], Sequence[sqlite3.Row]]:
    """What people decided about steps, by child and parent, oldest first."""
    found: dict[tuple[int, str], list[sqlite3.Row]] = defaultdict(list)
    sql = DECIDED if bound["only"] is None else DECIDED_ONLY
    for row in conn.execute(sql, {"until": until} | dict(bound)):
        found[row["document_id"], row["origin_id"]].append(row)
    return found


def _decision(row: sqlite3.Row, decided: Mapping[tuple[int, str], Sequence[sqlite3.Row]]) -> str | None:
    """The newest decision on this very step: same child, parent and words, whichever rules found it then."""
    for old in reversed(decided.get((row["document_id"], row["origin_id"]), ())):
        if row["passage_id"] is None or old["passage_id"] is None:
            same = row["passage_id"] == old["passage_id"]
        else:
            here = row["passage_id"] == old["passage_id"]
            same = (here and old["start"] < row["end"] and row["start"] < old["end"]) or old["quote"] == row["quote"]
        if same:
            return str(old["decision"])
    return None
