"""Origins over the store: find the links, keep them, and say for each piece of evidence where it springs from."""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from review.evidence_voices import SpeakerIndex
from review.method.model import Basis
from review.origins import ORIGIN_RULES_VERSION, Certainty, OriginDoc, OriginLink, OriginNote, Rule, link, resolve
from store.db import writing
from store.origins import LinkRow, keep_linkings, keep_links


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


def link_new(conn: sqlite3.Connection, speakers: SpeakerIndex, *, at: str) -> int:
    """Find every link among the documents held and keep those that are new; return how many are.

    Which versions were looked at is kept in the same transaction: what is not, cannot make a question sufficient.
    """
    versions = [row["id"] for row in conn.execute("select id from versions")]  # before: what comes in meanwhile waits
    rows = conn.execute(DOCUMENTS).fetchall()
    notes = _notes(conn)
    documents = {row["id"]: _document(row, notes.get(row["id"], ())) for row in rows}
    ids = {doc.key: document_id for document_id, doc in documents.items()}
    found = [row for step in link(list(documents.values()), speakers) for row in _rows(conn, step, ids)]
    with writing(conn):
        new = keep_links(conn, found, rules_version=ORIGIN_RULES_VERSION, at=at)
        keep_linkings(conn, versions, rules_version=ORIGIN_RULES_VERSION, at=at)
    return new


def origins_of(conn: sqlite3.Connection, as_of: date, basis: Basis) -> Origins:
    """Every origin as the documents known on a day show it; splits and confirmations by people included.

    A document that was not public by then is nobody's well-spring yet (method section 1).
    """
    until = f"{as_of.isoformat()}T23:59:59Z" if basis is Basis.HELD else "9999"
    keys, public = {}, {}
    labels = {row["id"]: row["label"] for row in conn.execute("select id, label from origins")}
    for row in conn.execute(KNOWN):
        key = f"doc:{row['source_id']}:{row['key']}"
        keys[row["id"]], public[key] = key, row["public_on"]
        labels[key] = f"{row['publisher']}, “{row['title']}”"
    steps: list[OriginLink] = []
    noted: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    spans: dict[Certainty, dict[int, list[tuple[int, int, str]]]] = {c: defaultdict(list) for c in Certainty}
    for row in conn.execute(LINKS, {"until": until}):
        if row["decision"] == "split" or public.get(row["origin_id"], "") > as_of.isoformat():
            continue
        certainty = Certainty.MERGED if row["decision"] == "confirm" else Certainty(row["certainty"])
        if row["passage_id"] is not None:
            by_note = row["rule"] == Rule.FOOTNOTE and row["decision"] != "confirm"
            table = noted if by_note else spans[certainty]
            table[row["passage_id"]].append((row["start"], row["end"], row["origin_id"]))
            continue
        steps.append(_step(row, keys[row["document_id"]], certainty))
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


def _step(row: sqlite3.Row, child: str, certainty: Certainty) -> OriginLink:
    return OriginLink(
        child=child,
        parent=row["origin_id"],
        label=row["label"],
        rule=Rule(row["rule"]),
        why=row["why"],
        certainty=certainty,
        via=tuple(json.loads(row["via"])),
        strength=row["strength"],
    )


KNOWN = """
select d.id, d.source_id, d.key, d.title, coalesce(nullif(d.publisher, ''), s.publisher) as publisher,
  min(v.public_on) as public_on
from documents d join versions v on v.document_id = d.id join sources s on s.id = d.source_id group by d.id
"""
LINKS = """
select l.*, o.label, (
  -- what a person decided about this step, whichever rules found it then
  select x.decision from origin_decisions x join origin_links k on k.id = x.origin_link_id
  where k.document_id = l.document_id and k.passage_id is l.passage_id and k.origin_id = l.origin_id
    and x.decided_at <= :until order by x.id desc limit 1) as decision
from origin_links l join origins o on o.id = l.origin_id
-- the newest rules that were run: links found by older ones are no more, links of rules not run yet are missing
where l.rules_version = (select rules_version from origin_links where found_at <= :until order by id desc limit 1)
  and l.found_at <= :until order by l.id
"""
DOCUMENTS = """
select d.id, d.source_id, d.key, d.url, v.title, v.text, v.language, v.links,
       v.published_on, v.public_on,
       coalesce(nullif(d.publisher, ''), s.publisher) as publisher, s.owner, s.type
from current_versions v join documents d on d.id = v.document_id join sources s on s.id = d.source_id order by d.id
"""


NOTES = """
select v.document_id, vp.start, vp.notes from version_passages vp join current_versions v on v.id = vp.version_id
where vp.notes <> '[]' order by v.document_id, vp.position
"""


def _notes(conn: sqlite3.Connection) -> Mapping[int, tuple[OriginNote, ...]]:
    """The footnotes of each document's newest version by document id, in the order of their marks."""
    found: dict[int, list[OriginNote]] = defaultdict(list)
    for row in conn.execute(NOTES):
        found[row["document_id"]] += (
            OriginNote(number=n["number"], text=n["text"], since=row["start"], at=row["start"] + n["at"])
            for n in json.loads(row["notes"])
        )
    return {document: tuple(notes) for document, notes in found.items()}


def _document(row: sqlite3.Row, notes: tuple[OriginNote, ...]) -> OriginDoc:
    return OriginDoc(
        id=f"{row['source_id']}:{row['key']}",
        publisher=row["publisher"],
        owner=row["owner"],
        text=row["text"],
        title=row["title"],
        lang=row["language"] or "en",
        type=row["type"],
        names=names_of(row["publisher"]),
        url=row["url"] or None,
        links=tuple(json.loads(row["links"])),
        published_on=date.fromisoformat(row["published_on"] or row["public_on"]),
        notes=notes,
    )


def names_of(publisher: str) -> tuple[str, ...]:
    """The names by which others cite a publisher: what stands before a bracket, and what stands in it if it is a name.

    >>> names_of("Korrespondent (Correspondent.net)")
    ('Korrespondent', 'Correspondent.net')
    """
    parts = [part.strip() for part in re.split(r"[()]", publisher)]
    return tuple(part for part in parts if part and part.casefold() != "reconstruction")


def _rows(conn: sqlite3.Connection, step: OriginLink, ids: Mapping[str, int]) -> Sequence[LinkRow]:
    """A link as rows: one for a whole document; for a span one for each passage that it touches."""
    whole = LinkRow(
        document_id=ids[step.child], origin_id=step.parent, origin_label=step.label, rule=step.rule.value,
        why=step.why, certainty=step.certainty.value, strength=float(step.strength), via=step.via,
    )  # fmt: skip
    if step.start is None or step.end is None:
        return [whole]
    touched = conn.execute(
        """select vp.passage_id, vp.start, vp.end from version_passages vp
           join current_versions v on v.id = vp.version_id
           where v.document_id = ? and vp.start < ? and vp.end > ?""",
        [ids[step.child], step.end, step.start],
    )
    return [
        replace(
            whole,
            passage_id=row["passage_id"],
            start=max(0, step.start - row["start"]),
            end=min(step.end, row["end"]) - row["start"],
        )
        for row in touched
    ]
