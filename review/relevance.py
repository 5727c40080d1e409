"""How likely a passage bears on a question: the rules' own score, corrected by what people decided.

A logistic regression per question (per group where a question has too few decisions), with the rules' score as its
offset: with little to learn from, the rules speak; each decision bends them. Features are what the rules saw and, where
passages have vectors (store table `vectors`), the vector. Class weights even out the rarer side. Deterministic.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from review.relevance_model import LEAST, RULES_MODEL, Model, Pair, learn, learnt_from
from review.relevance_pairs import Label, Target, labels, pairs_of, targets
from store.db import writing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PREDICTED = 0.5  # from here on a passage counts as predicted relevant (gate unread)
BATCH = 2_000
MARKS = "relevance"  # the setting that says up to which rows all was scored
ANEW = "relevance anew"  # the setting that counts, by country and group, how often all its scores were made anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """How many pairs of a passage and a question were scored anew, and for how many questions anything was learnt."""

    pairs: int
    learnt: int


def score_new(conn: sqlite3.Connection, *, at: str) -> Scored:
    """Bring the scores up to date: of passages that are new, changed or decided on, and of questions that learnt.

    One short transaction for each group, so that no other writer waits; how far all was scored is written last, so a
    killed run is made again. Running it with nothing new changes nothing.
    """
    marks, now = _marks(conn), _heads(conn)
    changed = _changed(conn, marks) if marks else None
    with writing(conn):
        if changed is None:
            conn.execute("delete from relevance")
        else:
            _forget(conn, changed)
    encoder = _encoder(conn)
    scored = learnt = 0
    renewed = setting(conn, ANEW)
    by_group: dict[tuple[str, str], list[Target]] = {}
    for target in targets(conn):
        by_group.setdefault((target.group, target.country), []).append(target)
    for (group, country), asked in by_group.items():
        models = _models(conn, group, country, asked, encoder)
        learnt += sum(model.weights is not None for model in models.values())
        anew = [t for t in asked if changed is None or _model_of(conn, t) not in (None, models[t.question_id].name)]
        rest = [t for t in asked if t not in anew]
        with writing(conn):
            if anew:
                scored += _score(conn, pairs_of(conn, group, country, anew), models, at)
                renewed[f"{country} {group}"] = renewed.get(f"{country} {group}", 0) + 1
                _set(conn, ANEW, renewed)
            if rest and changed:
                scored += _score(conn, pairs_of(conn, group, country, rest, changed), models, at)
    with writing(conn):
        _set(conn, MARKS, now)
    return Scored(pairs=scored, learnt=learnt)


# Which rows make a passage be scored anew.
HEADS = {
    "examinations": "select passage_id from examinations where id > ?",
    "versions": """select vp.passage_id from versions n cross join versions v on v.document_id = n.document_id
                   cross join version_passages vp on vp.version_id = v.id where n.id > ?""",
    "tag_decisions": "select passage_id from tag_decisions where id > ?",
    "evidence_decisions": """select e.passage_id from evidence_decisions d cross join evidence e
                             on e.id = d.evidence_id where d.id > ?""",
}


def _heads(conn: sqlite3.Connection) -> dict[str, int]:
    return {table: conn.execute(f"select coalesce(max(id), 0) from {table}").fetchone()[0] for table in HEADS}  # noqa: S608 - ours


def _marks(conn: sqlite3.Connection) -> dict[str, int]:
    return setting(conn, MARKS)


def setting(conn: sqlite3.Connection, key: str) -> dict[str, int]:
    row = conn.execute("select value from settings where key = ?", [key]).fetchone()
    return dict(json.loads(row["value"])) if row else {}


def _set(conn: sqlite3.Connection, key: str, value: dict[str, int]) -> None:
    conn.execute("insert or replace into settings (key, value) values (?, ?)", [key, json.dumps(value)])


def _changed(conn: sqlite3.Connection, marks: dict[str, int]) -> list[int]:
    found: set[int] = set()
    for table, sql in HEADS.items():
        found |= {row["passage_id"] for row in conn.execute(sql, [marks.get(table, 0)])}
    return sorted(found)


def _forget(conn: sqlite3.Connection, passages: Sequence[int]) -> None:
    questions = [
        (row["question_id"], row["country"])
        for row in conn.execute("select distinct question_id, country from relevance")
    ]
    conn.executemany(
        "delete from relevance where question_id = ? and country = ? and passage_id = ?",
        ((question, country, passage) for question, country in questions for passage in passages),
    )


def _encoder(conn: sqlite3.Connection) -> str:
    """The encoder that made most vectors of passages; '' where there are none."""
    row = conn.execute(
        "select encoder from vectors where passage_id is not null group by encoder order by count(*) desc, encoder"
    ).fetchone()
    return row["encoder"] if row else ""


def _models(
    conn: sqlite3.Connection, group: str, country: str, asked: Sequence[Target], encoder: str
) -> dict[str, Model]:
    """What each question learnt; where it has too few decisions of its own, what its group learnt together."""
    said = {target.question_id: labels(conn, target.question_id, country) for target in asked}
    passages = sorted({passage for found in said.values() for passage in found})
    known: dict[str, list[tuple[Pair, Label]]] = {target.question_id: [] for target in asked}
    if passages:
        for target, pair in pairs_of(conn, group, country, asked, passages):
            if pair.passage_id in said[target.question_id]:
                known[target.question_id].append((pair, said[target.question_id][pair.passage_id]))
    together = _learn(conn, [row for rows in known.values() for row in rows], encoder)
    models = {}
    for target in asked:
        own = _learn(conn, known[target.question_id], encoder)
        models[target.question_id] = together if own.weights is None else own
    return models


def _learn(conn: sqlite3.Connection, rows: Sequence[tuple[Pair, Label]], encoder: str) -> Model:
    first = sorted(rows, key=lambda row: (row[1].at, row[0].draw))[: learnt_from(len(rows))]
    pairs, truth = [pair for pair, _ in first], [said.relevant for _, said in first]
    if min(sum(truth), len(truth) - sum(truth)) < LEAST:
        return Model(name=RULES_MODEL)
    return learn(pairs, truth, _vectors(conn, pairs, encoder), encoder=encoder)


def _vectors(conn: sqlite3.Connection, pairs: Sequence[Pair], encoder: str) -> Floats | None:
    """The vectors of the pairs' passages, zeros where a passage has none; None where no encoder was used."""
    if not encoder:
        return None
    import numpy as np

    from store.vectors import unpacked

    rows = conn.execute(
        "select passage_id, vector from vectors where encoder = ? and passage_id in (select value from json_each(?))",
        [encoder, json.dumps([pair.passage_id for pair in pairs])],
    )
    held = {row["passage_id"]: unpacked(row["vector"]) for row in rows}
    dims = len(next(iter(held.values()), ())) or _dims(conn, encoder)
    return np.asarray([held.get(pair.passage_id, np.zeros(dims)) for pair in pairs], dtype=np.float64)


def _dims(conn: sqlite3.Connection, encoder: str) -> int:
    row = conn.execute("select length(vector) - 4 from vectors where encoder = ? limit 1", [encoder]).fetchone()
    return int(row[0])


def _model_of(conn: sqlite3.Connection, target: Target) -> str | None:
    row = conn.execute(
        "select model from relevance where question_id = ? and country = ? limit 1",
        [target.question_id, target.country],
    ).fetchone()
    return row["model"] if row else None


def _score(conn: sqlite3.Connection, rows: Iterable[tuple[Target, Pair]], models: dict[str, Model], at: str) -> int:
    waiting: dict[str, list[tuple[Target, Pair]]] = {}
    scored = 0
    for target, pair in rows:
        batch = waiting.setdefault(target.question_id, [])
        batch.append((target, pair))
        if len(batch) >= BATCH:
            scored += _keep(conn, batch, models[target.question_id], at)
            batch.clear()
    return scored + sum(_keep(conn, batch, models[question], at) for question, batch in waiting.items())


def _keep(conn: sqlite3.Connection, batch: Sequence[tuple[Target, Pair]], model: Model, at: str) -> int:
    pairs = [pair for _, pair in batch]
    if not pairs:
        return 0
    learnt = model.weights is not None
    scores = model.scores(pairs, _vectors(conn, pairs, model.encoder) if learnt else None)
    conn.executemany(
        """insert or replace into relevance (passage_id, question_id, country, score, draw, model, public_on,
             held_at, examination, computed_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (
                pair.passage_id,
                target.question_id,
                target.country,
                score,
                pair.draw,
                model.name,
                pair.public_on,
                pair.held_at,
                pair.examination,
                at,
            )
            for (target, pair), score in zip(batch, scores, strict=True)
        ],
    )
    return len(pairs)
