"""What a worker on another machine must know of one source to crawl it as this store would: no texts, nobody's acts.

Rows of the source only, with their numbers: documents and their addresses, of each the newest version without its text
(the hashes of its passages), the captures that say what to revalidate, the rounds that windows and gap alarms look at.
A worker's database that holds them answers the questions of store.held and store.presence as this one would.
"""

import json
import sqlite3
from collections.abc import Iterable

from store.captures import FETCHED_BY
from store.errors import ForPeople

FORMAT = 1

# Newest version of each document, by when its bytes were fetched; newest own capture of each address it came from.
_SCOPE = f"""
create temp table memory_versions as
  select v.id, v.document_id, v.capture_id from documents d join versions v on v.id = (
    select w.id from versions w where w.document_id = d.id order by w.seen_at desc, w.id desc limit 1)
  where d.source_id = :source;
create temp table memory_captures as
  select capture_id as id from memory_versions where capture_id is not null
  union select (select n.id from captures n where n.url = c.url and n.{FETCHED_BY.format(":source")}
                order by n.fetched_at desc, n.id desc limit 1)
        from memory_versions v join captures c on c.id = v.capture_id
  union select c.id from (select moment, ended_at from rounds where source_id = :source and status in ('ok', 'partial')
                          order by id desc limit 1) r
        join captures c on c.fetched_at between r.moment and r.ended_at
        where c.{FETCHED_BY.format(":source")};
insert into memory_captures
  select c.refers_to from memory_captures m join captures c on c.id = m.id where c.refers_to is not null;
create temp table memory_runs as
  select id from runs where id in (
    (select id from rounds where source_id = :source and status in ('ok', 'partial') order by moment desc limit 1),
    (select id from rounds where source_id = :source and status in ('ok', 'partial') order by moment limit 1),
    (select id from rounds where source_id = :source and status in ('ok', 'partial') and failed = 0
     order by moment desc limit 1));
"""
# table -> (columns, where they come from). Validators only of captures whose bytes a worker can fetch: what cannot be
# read again must not be answered with "not modified".
_ROWS = {
    "runs": (
        "id, source_id, slot, moment, started_at, ended_at, status, origin, failed",
        "runs where id in (select id from memory_runs)",
    ),
    "run_problems": (
        "run_id, url, problem, remedy, seen_at",
        """(select (select min(id) from memory_runs) as run_id, p.url, '-' as problem, '' as remedy,
              min(p.seen_at) as seen_at
            from run_problems p join rounds r on r.id = p.run_id where r.source_id = :source group by p.url)
           where run_id is not null""",
    ),
    "captures": (
        "id, url, fetched_at, recorded_at, status, media_type, etag, last_modified, sha256, bytes, warc_file, "
        "warc_offset, warc_length, refers_to",
        """(select c.id, c.url, c.fetched_at, c.recorded_at, c.status, c.media_type,
              case when s.warc_file is not null then c.etag end as etag,
              case when s.warc_file is not null then c.last_modified end as last_modified,
              c.sha256, c.bytes, c.warc_file, c.warc_offset, c.warc_length, c.refers_to
            from captures c left join captures o on o.id = c.refers_to
            left join shared_files s on s.warc_file = coalesce(o.warc_file, c.warc_file)
            where c.id in (select id from memory_captures))
           order by refers_to is not null, id""",
    ),
    "documents": (
        "id, source_id, key, url, state, first_seen_at, last_seen_at, asked_at",
        "documents where source_id = :source order by id",
    ),
    "document_states": (
        "document_id, state, seen_at",
        "document_states where document_id in (select document_id from memory_versions) order by id",
    ),
    "document_addresses": (
        "source_id, address, document_id, since",
        "document_addresses where source_id = :source order by document_id, address",
    ),
    "absences": (
        "document_id, seen_at, said",
        "absences where document_id in (select document_id from memory_versions) order by id",
    ),
    "versions": (
        "id, document_id, capture_id, text_sha256, extractor, seen_at, cause, text, published_on, "
        "published_precision, published_from, published_confidence, modified_on, public_on, recorded_at, needs_ocr",
        """(select v.id, v.document_id, v.capture_id, v.text_sha256, v.extractor, v.seen_at, v.cause, '' as text,
              v.published_on, v.published_precision, v.published_from, v.published_confidence, v.modified_on,
              v.public_on, v.recorded_at, v.needs_ocr
            from memory_versions m join versions v on v.id = m.id order by v.id)""",
    ),
    "passages": (
        "id, document_id, text_sha256, text",
        """(select distinct p.id, p.document_id, p.text_sha256, '-' as text
            from memory_versions m join version_passages vp on vp.version_id = m.id
            join passages p on p.id = vp.passage_id order by p.id)""",
    ),
    "version_passages": (
        "version_id, position, passage_id, start, end",
        """(select vp.version_id, vp.position, vp.passage_id, 0 as start, 1 as end
            from memory_versions m join version_passages vp on vp.version_id = m.id order by 1, 2)""",
    ),
    # Only that a document carries evidence, not which: those are asked for again first.
    "evidence": (
        "examination_id, passage_id, question_id, question_version, country, group_id, answer, directness, start, end, "
        "rule, proposed_by, proposed_at",
        """(select 1 as examination_id, min(p.id) as passage_id, '-' as question_id, 1 as question_version,
              'xx' as country, '-' as group_id, 'unknown' as answer, 'general' as directness, 0 as start, 1 as end,
              '-' as rule, '-' as proposed_by, '2000-01-01T00:00:00Z' as proposed_at
            from memory_versions m join version_passages vp on vp.version_id = m.id
            join passages p on p.id = vp.passage_id
            where exists (select 1 from passages q join evidence e on e.passage_id = q.id
                          where q.document_id = m.document_id)
            group by m.document_id)""",
    ),
}


class MemoryUnfit(ForPeople, ValueError):
    """What a worker was told of a source cannot be used. The message says why and what to do."""


def lines(conn: sqlite3.Connection, source_id: str) -> list[str]:
    """What is known of a source, a JSON array a line: a head, then rows, each with its table; of one moment."""
    said = [json.dumps(["memory", FORMAT, source_id])]
    conn.execute("begin")
    try:
        for statement in _SCOPE.split(";\n"):
            if statement.strip():
                conn.execute(statement, {"source": source_id} if ":source" in statement else {})
        for table, (columns, where) in _ROWS.items():
            for row in conn.execute(f"select {columns} from {where}", {"source": source_id}):
                said.append(json.dumps([table, *row], ensure_ascii=False, separators=(",", ":")))
    finally:
        conn.execute("rollback")  # and with it the temporary tables
    return said


def load(conn: sqlite3.Connection, said: Iterable[str]) -> str:
    """Write such lines into an empty database and return the source's id; that source must be declared there already.

    Foreign keys are not checked meanwhile: of evidence only that it exists was told. Raises MemoryUnfit for lines of
    another release, or that name another table.
    """
    every = iter(said)
    head = json.loads(next(every, "[]"))
    if head[:2] != ["memory", FORMAT]:
        raise MemoryUnfit(f"the memory begins with {head[:2]}, not with {['memory', FORMAT]}; run the same release of "
                          "the tracker on the worker and on the writer")  # fmt: skip
    rows: dict[str, list[list[object]]] = {table: [] for table in _ROWS}
    for line in every:
        table, *values = json.loads(line)
        if table not in rows:
            raise MemoryUnfit(f"the memory names a table {table!r}; run the same release on worker and writer")
        rows[table].append(values)
    conn.execute("pragma foreign_keys = off")
    conn.execute("begin immediate")
    try:
        conn.execute("drop trigger evidence_answers_on_the_scale")  # this copy has no questions
        for table, (columns, _) in _ROWS.items():
            marks = ", ".join("?" for _ in columns.split(","))
            conn.executemany(f"insert into {table} ({columns}) values ({marks})", rows[table])
    except BaseException:
        conn.execute("rollback")
        raise
    conn.execute("commit")
    conn.execute("pragma foreign_keys = on")
    return str(head[2])
