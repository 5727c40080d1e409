"""Vectors of passages and titles, kept in SQLite and searched in memory, in two stages.

First the signs: one bit a dimension, compared with all others by XOR and a count of bits; the best CANDIDATES are then
read from the database and ranked by their inner product. numpy comes with the extra `semantic` and is imported only
when a vector is made or searched: everything else of the store works without it.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CANDIDATES = 1_000  # about 10 microseconds each to read and rank
_CHUNK = 65_536  # signs compared at once: they stay in the processor's cache
_READ = 20_000  # vectors read from the database at once
_BITS = 64
CROWD = 10
_COMPARED = 500  # candidates that are compared with each other


@dataclass(frozen=True, slots=True, kw_only=True)
class ToEncode:
    """A passage, or a document's title, that has no vector yet. Exactly one of the ids is set."""

    text: str
    language: str | None
    passage_id: int | None = None
    document_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A passage or title, and how alike it is: the inner product of unit vectors, 1.0 the same.

    score: what the order is by; the likeness, unless crowded passages were to stand back.
    """

    passage_id: int | None
    document_id: int | None
    likeness: float
    score: float


def packed(vector: Sequence[float] | NDArray[np.float32]) -> bytes:
    """A vector as it is kept: its scale as a float32, then a signed byte for each dimension."""
    import numpy as np

    values = np.asarray(vector, dtype=np.float32)
    scale = float(np.abs(values).max()) / 127 or 1.0
    return struct.pack("<f", scale) + np.rint(values / scale).astype(np.int8).tobytes()


def unpacked(blob: bytes) -> NDArray[np.float32]:
    """The vector that was kept, to within a 254th of its largest value."""
    import numpy as np

    found: NDArray[np.float32] = np.frombuffer(blob, np.int8, offset=4).astype(np.float32)
    return found * np.float32(struct.unpack_from("<f", blob)[0])


def keep(
    conn: sqlite3.Connection, encoder: str, items: Sequence[ToEncode], vectors: Iterable[Sequence[float] | Any]
) -> None:
    """Keep the vectors of these items, in their order. One that is held already stays as it is."""
    conn.executemany(
        "insert or ignore into vectors (passage_id, document_id, encoder, vector) values (?, ?, ?, ?)",
        [
            (item.passage_id, item.document_id, encoder, packed(vector))
            for item, vector in zip(items, vectors, strict=True)
        ],
    )


def held(conn: sqlite3.Connection, encoder: str) -> int:
    """How many vectors of this encoder there are."""
    return int(conn.execute("select count(*) from vectors where encoder = ?", [encoder]).fetchone()[0])


def of_passage(conn: sqlite3.Connection, encoder: str, passage_id: int) -> NDArray[np.float32] | None:
    """The vector of a passage, if it has one."""
    row = conn.execute(
        "select vector from vectors where passage_id = ? and encoder = ?", [passage_id, encoder]
    ).fetchone()
    return unpacked(row[0]) if row else None


def tagged_without(conn: sqlite3.Connection, encoder: str, *, limit: int, after: int = 0) -> list[ToEncode]:
    """Passages above `after` with a group tag in force and no vector by this encoder, oldest first."""
    rows = conn.execute(
        """select p.id, p.text, p.language from passages p
           where p.id > ? and not exists (select 1 from vectors v where v.passage_id = p.id and v.encoder = ?)
             and exists (select 1 from mentions m where m.passage_id = p.id and m.kind = 'group'
                         union all select 1 from tag_decisions t where t.passage_id = p.id and t.kind = 'group')
             and exists (select 1 from current_tags t where t.passage_id = p.id and t.kind = 'group'
                         and t.decision <> 'reject')
           order by p.id limit ?""",
        [after, encoder, limit],
    )
    return [ToEncode(text=row[1], language=row[2], passage_id=row[0]) for row in rows]


def untagged_without(conn: sqlite3.Connection, encoder: str, *, limit: int) -> list[ToEncode]:
    """The newest passages that have no vector by this encoder."""
    rows = conn.execute(
        """select p.id, p.text, p.language from passages p
           where not exists (select 1 from vectors v where v.passage_id = p.id and v.encoder = ?)
           order by p.id desc limit ?""",
        [encoder, limit],
    )
    return [ToEncode(text=row[1], language=row[2], passage_id=row[0]) for row in rows]


def titles_without(conn: sqlite3.Connection, encoder: str, *, limit: int) -> list[ToEncode]:
    """Documents with a title and no vector of it by this encoder, oldest first."""
    rows = conn.execute(
        """select d.id, d.title, d.language from documents d
           where trim(d.title) <> ''
             and not exists (select 1 from vectors v where v.document_id = d.id and v.encoder = ?)
           order by d.id limit ?""",
        [encoder, limit],
    )
    return [ToEncode(text=row[1], language=row[2], document_id=row[0]) for row in rows]


@dataclass(slots=True)
class Index:
    """The signs of every vector of one encoder, in memory: 72 bytes each for 512 dimensions."""

    encoder: str
    last_id: int = 0
    ids: list[NDArray[np.int64]] = field(default_factory=list)
    signs: list[NDArray[np.uint64]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def refresh(self, conn: sqlite3.Connection) -> None:
        """Take in what was kept since the last look (vectors are only added)."""
        import numpy as np

        with self.lock:
            while True:
                rows = conn.execute(
                    "select id, vector from vectors where id > ? and encoder = ? order by id limit ?",
                    [self.last_id, self.encoder, _READ],
                ).fetchall()
                if not rows:
                    break
                data = np.frombuffer(b"".join(row[1][4:] for row in rows), np.int8).reshape(len(rows), -1)
                self.ids.append(np.array([row[0] for row in rows], dtype=np.int64))
                self.signs.append(np.ascontiguousarray(signs_of(data).T))  # (words, n): four times as fast to compare
                self.last_id = int(rows[-1][0])
            if len(self.ids) > 1:  # one array again, so that a search is few calls
                self.ids, self.signs = [np.concatenate(self.ids)], [np.concatenate(self.signs, axis=1)]

    def candidates(self, vector: NDArray[np.float32], limit: int) -> list[int]:
        """Ids of the vectors whose signs differ least from this one's, at least `limit` where there are so many."""
        import numpy as np

        with self.lock:
            if not self.ids:
                return []
            ids, signs = self.ids[0], self.signs[0]
        if len(ids) <= limit:
            return [int(found) for found in ids]
        own = signs_of(np.asarray(vector, dtype=np.float32)[None, :])[0]
        apart = np.zeros(len(ids), dtype=np.uint16)
        for start in range(0, len(ids), _CHUNK):
            for word, of_one in zip(signs, own, strict=True):
                apart[start : start + _CHUNK] += np.bitwise_count(word[start : start + _CHUNK] ^ of_one)
        border = int(np.searchsorted(np.cumsum(np.bincount(apart)), limit))
        return [int(found) for found in ids[np.flatnonzero(apart <= border)]]


def signs_of(vectors: NDArray[Any]) -> NDArray[np.uint64]:
    """One bit for each dimension, set where it is above zero: (n, dims) -> (n, dims / 64)."""
    import numpy as np

    bits = np.packbits(vectors > 0, axis=1)
    spare = -bits.shape[1] % (_BITS // 8)
    padded: NDArray[np.uint8] = np.pad(bits, ((0, 0), (0, spare))) if spare else bits
    return np.ascontiguousarray(padded).view(np.uint64)


_indexes: dict[tuple[str, str], Index] = {}
_making = Lock()


def index_of(conn: sqlite3.Connection, encoder: str) -> Index:
    """The index of this database and encoder, kept by the process and brought up to date with each call."""
    file = next(file for _, name, file in map(tuple, conn.execute("pragma database_list")) if name == "main") or ""
    stat = Path(file).stat() if file else None
    key = (f"{file}:{stat.st_ino if stat else id(conn)}", encoder)
    with _making:
        found = _indexes.setdefault(key, Index(encoder=encoder))
    found.refresh(conn)
    return found


def nearest(
    conn: sqlite3.Connection,
    index: Index,
    vector: NDArray[np.float32],
    *,
    limit: int,
    candidates: int = CANDIDATES,
    uncrowded: bool = False,
) -> list[Near]:
    """The vectors most like this one, best first: by their signs, then by their inner product.

    `uncrowded`: for a question, which is unlike any passage. Some passages are near to every question; so twice the
    likeness, less the mean likeness of each candidate to its CROWD nearest fellows, decides the order (CSLS, Conneau
    et al. 2018) and stands as `score`.
    """
    import numpy as np

    ids = index.candidates(vector, candidates)
    rows = conn.execute(
        "select passage_id, document_id, vector from vectors where id in (select value from json_each(?))", [str(ids)]
    ).fetchall()
    if not rows:
        return []
    blobs = [row[2] for row in rows]
    scales = np.frombuffer(b"".join(blob[:4] for blob in blobs), "<f4")
    whole = np.frombuffer(b"".join(blob[4:] for blob in blobs), np.int8).reshape(len(blobs), -1)
    likeness = (whole.astype(np.float32) @ np.asarray(vector, dtype=np.float32)) * scales
    best = np.argsort(-likeness, kind="stable")[: max(limit, _COMPARED) if uncrowded else limit]
    score = likeness[best]
    if uncrowded and len(best) > 1:
        near = whole[best].astype(np.float32) * scales[best, None]
        fellows = np.sort(near @ near.T, axis=1)[:, :-1]  # without itself
        score = 2 * score - fellows[:, -CROWD:].mean(axis=1)
        order = np.argsort(-score, kind="stable")[:limit]
        best, score = best[order], score[order]
    return [
        Near(
            passage_id=rows[at][0],
            document_id=rows[at][1],
            likeness=round(float(likeness[at]), 4),
            score=round(float(value), 4),
        )
        for at, value in zip(best, score, strict=True)
    ]
