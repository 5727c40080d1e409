"""Which passages to translate: those asked for, or what waits to be read in a language that no reviewer reads."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from review.alerts.people import Directory
from review.relevance import PREDICTED
from store.errors import ForPeople

SITE = frozenset({"en", "nl"})  # the languages of the site, which whoever uses it reads


class NoSuchPassages(ForPeople, LookupError):
    """What was asked for is not held; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One passage to translate."""

    passage_id: int
    text: str
    text_sha256: str
    language: str


_COLUMNS = "p.id as passage_id, p.text, p.text_sha256, p.language"
_ONE = f"select {_COLUMNS} from passages p where p.id = ?"  # noqa: S608 - our own columns
_DOCUMENT = f"""select {_COLUMNS} from current_versions v join version_passages vp on vp.version_id = v.id
  join passages p on p.id = vp.passage_id where v.document_id = ? order by vp.position"""  # noqa: S608 - ours
# Evidence first, then the queue by how likely a passage bears on its question.
_WAITING = f"""
with waiting (passage_id, rank) as (
  select passage_id, 2.0 from current_evidence
  where decision <> 'reject' and (:question is null or question_id = :question)
  union all
  select r.passage_id, r.score from relevance r
  where r.score >= :least and (:question is null or r.question_id = :question) and not exists (
    select 1 from answered a where a.passage_id = r.passage_id and a.question_id = r.question_id
      and a.country = r.country and a.decision in ('accept', 'reject')))
select {_COLUMNS} from waiting w join passages p on p.id = w.passage_id
where p.language is null or p.language not in (select value from json_each(:read))
group by p.id order by max(w.rank) desc, p.id
"""  # noqa: S608 - our own columns


def passage(conn: sqlite3.Connection, passage_id: int) -> list[Wanted]:
    """One passage. Raises NoSuchPassages."""
    return _some(conn.execute(_ONE, [passage_id]), f"no passage {passage_id} is held")


def document(conn: sqlite3.Connection, document_id: int) -> list[Wanted]:
    """The passages of the newest version of a document, in its order. Raises NoSuchPassages."""
    return _some(conn.execute(_DOCUMENT, [document_id]), f"no document {document_id} with passages is held")


def waiting(conn: sqlite3.Connection, read: Collection[str], question: str | None = None) -> list[Wanted]:
    """The passages in evidence and in the queue (of one question) that are in none of the languages `read`.

    Raises NoSuchPassages for a question that nobody declared.
    """
    if question is not None:
        row = conn.execute("select id from current_questions where lower(id) = lower(?)", [question]).fetchone()
        if row is None:
            raise NoSuchPassages(f"no question has the id {question!r}; the page /questions lists them")
        question = row["id"]
    bound = {"question": question, "least": PREDICTED, "read": json.dumps(sorted(read))}
    return [_wanted(row) for row in conn.execute(_WAITING, bound)]


def languages_read(declared: Path) -> frozenset[str]:
    """The languages that the declared people read between them; those of the site where nobody says."""
    people = Directory.load(declared).people.values()
    return frozenset(language for person in people for language in person.reads) or SITE


def _some(rows: Iterable[sqlite3.Row], otherwise: str) -> list[Wanted]:
    found: Sequence[Wanted] = [_wanted(row) for row in rows]
    if not found:
        raise NoSuchPassages(otherwise)
    return list(found)


def _wanted(row: sqlite3.Row) -> Wanted:
    return Wanted(
        passage_id=row["passage_id"], text=row["text"], text_sha256=row["text_sha256"], language=row["language"] or ""
    )
