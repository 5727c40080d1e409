"""Origins over the store: which documents are new or changed, which links that touches, and keeping what is found."""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from review.origins_types import OriginDoc, OriginLink, OriginNote
from store.origins import LinkRow

DOCUMENTS = """
select d.id, d.source_id, d.key, d.url, v.title, v.text, v.language, v.links,
       v.published_on, v.public_on,
       coalesce(nullif(d.publisher, ''), s.publisher) as publisher, s.owner, s.type
from current_versions v join documents d on d.id = v.document_id join sources s on s.id = d.source_id
where :all or d.id in (select value from json_each(:ids)) order by d.id
"""
NOTES = """
select v.document_id, vp.start, vp.notes from version_passages vp join current_versions v on v.id = vp.version_id
where vp.notes <> '[]' and (:all or v.document_id in (select value from json_each(:ids)))
order by v.document_id, vp.position
"""
TOUCHED = """
select vp.passage_id, vp.start, vp.end from version_passages vp join current_versions v on v.id = vp.version_id
where v.document_id = ? and vp.start < ? and vp.end > ?
"""


def names_of(publisher: str) -> tuple[str, ...]:
    """The names by which others cite a publisher: what stands before a bracket, and what stands in it if it is a name.

    >>> names_of("Korrespondent (Correspondent.net)")
    ('Korrespondent', 'Correspondent.net')
    """
    parts = [part.strip() for part in re.split(r"[()]", publisher)]
    return tuple(part for part in parts if part and part.casefold() != "reconstruction")


def documents_of(conn: sqlite3.Connection, ids: Sequence[int] | None = None) -> dict[int, OriginDoc]:
    """The newest version of these documents (of all, where none are named) as the rules read them, by id."""
    bound = {"all": ids is None, "ids": json.dumps(list(ids or ()))}
    notes: dict[int, list[OriginNote]] = defaultdict(list)
    for row in conn.execute(NOTES, bound):
        notes[row["document_id"]] += (
            OriginNote(number=n["number"], text=n["text"], since=row["start"], at=row["start"] + n["at"])
            for n in json.loads(row["notes"])
        )
    return {row["id"]: _document(row, tuple(notes.get(row["id"], ()))) for row in conn.execute(DOCUMENTS, bound)}


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


def rows_of(conn: sqlite3.Connection, step: OriginLink, ids: Mapping[str, int]) -> Sequence[LinkRow]:
    """A link as rows: one for a whole document; for a span one for each passage that it touches."""
    whole = LinkRow(
        document_id=ids[step.child], origin_id=step.parent, origin_label=step.label, rule=step.rule.value,
        why=step.why, certainty=step.certainty.value, strength=float(step.strength), via=step.via,
    )  # fmt: skip
    if step.start is None or step.end is None:
        return [whole]
    return [
        replace(
            whole,
            passage_id=row["passage_id"],
            start=max(0, step.start - row["start"]),
            end=min(step.end, row["end"]) - row["start"],
        )
        for row in conn.execute(TOUCHED, [ids[step.child], step.end, step.start])
    ]
