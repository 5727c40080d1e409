"""What a citation names: a document or one of its passages, with its dates, where they come from, and its capture."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from store.clock import END_OF_TIME

_FIELDS = """
d.id as document_id, d.source_id, s.type as source_type, coalesce(nullif(d.publisher, ''), s.publisher) as publisher,
d.key, d.url, d.state, v.id as version_id, v.title, v.language, v.authors, v.published_on, v.published_precision,
v.published_from, v.published_confidence, v.modified_on, v.public_on, v.recorded_at, v.text_sha256,
c.id as capture_id, c.url as capture_url, c.fetched_at, c.sha256
"""
# Of the versions that show a passage the first that anyone could know, rather one whose bytes are held; what was not
# known by the day comes last: an edit keeps the day of what it changed but little.
_PASSAGES = f"""
select p.id as passage_id, p.text, p.language as text_language, {_FIELDS},
  (select x.page from version_passages x where x.version_id = v.id and x.passage_id = p.id
   order by x.position limit 1) as page,
  coalesce((select x.heading from version_passages x where x.version_id = v.id and x.passage_id = p.id
   order by x.position limit 1), '') as heading
from json_each(:ids) j join passages p on p.id = j.value join documents d on d.id = p.document_id
join sources s on s.id = d.source_id
join versions v on v.id = (
  select w.id from versions w where w.document_id = p.document_id and exists (
    select 1 from version_passages x where x.version_id = w.id and x.passage_id = p.id)
  order by w.public_on <= :day and w.recorded_at <= :until desc, w.capture_id is null, w.public_on, w.id limit 1)
left join captures c on c.id = v.capture_id
order by p.id
"""
_DOCUMENT = f"""
select null as passage_id, '' as text, null as text_language, {_FIELDS}, null as page, '' as heading
from documents d join sources s on s.id = d.source_id
join versions v on v.id = (select w.id from versions w where w.document_id = d.id and w.public_on <= :day
  and w.recorded_at <= :until order by w.seen_at desc, w.id desc limit 1)
left join captures c on c.id = v.capture_id
where d.id = :id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A document, or a passage of it, as it was captured. Instants are UTC text, days ISO text, hashes SHA-256 in hex.

    `published_from` says where the day of publication was found. Without a capture the text came by hand.
    """

    document_id: int
    source_id: str
    source_type: str
    publisher: str
    authors: tuple[str, ...]
    title: str
    language: str | None
    key: str
    url: str
    state: str
    version_id: int
    published_on: str | None
    published_precision: str | None
    published_from: str
    published_confidence: str
    modified_on: str | None
    public_on: str
    recorded_at: str
    text_sha256: str
    capture_id: int | None
    capture_url: str | None
    fetched_at: str | None
    sha256: str | None
    passage_id: int | None = None
    page: int | None = None
    heading: str = ""
    text: str = ""
    text_language: str | None = None


def of_passages(
    conn: sqlite3.Connection, ids: Iterable[int], *, day: date = date.max, until: str = END_OF_TIME
) -> Mapping[int, Reference]:
    """References to passages by their ids, each to the version that made it known by a day, held by an instant."""
    bound = {"ids": json.dumps(sorted(set(ids))), "day": day.isoformat(), "until": until}
    return {row["passage_id"]: _reference(row) for row in conn.execute(_PASSAGES, bound)}


def of_document(
    conn: sqlite3.Connection, document_id: int, *, day: date = date.max, until: str = END_OF_TIME
) -> Reference | None:
    """The reference to the newest version of a document that was known by a day; None where there is none."""
    bound = {"id": document_id, "day": day.isoformat(), "until": until}
    row = conn.execute(_DOCUMENT, bound).fetchone()
    return _reference(row) if row else None


def _reference(row: sqlite3.Row) -> Reference:
    fields = {name: row[name] for name in Reference.__slots__ if name != "authors"}
    return Reference(authors=tuple(str(one) for one in json.loads(row["authors"])), **fields)
