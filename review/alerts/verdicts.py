"""Stored verdicts as pairs of before and after, each question in each reading by itself."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from review.alerts.events import verdict_events
from review.alerts.model import Verdict
from review.method.words import Said
from store import alerts as kept

TELLING = ("dissent", "vote", "weak voice", "out of time", "set aside", "behind its origin's vote", "background")
"""The parts that evidence played, the most telling first: the passages of a message are taken in this order."""
MOST_REASONS = 6


def changes(conn: sqlite3.Connection, after_id: int, *, last: str, day: str) -> Iterator[tuple[Verdict, Verdict]]:
    """Yield (before, after) for every verdict that tells something since the last look, by question and reading.

    New are those above `after_id`, and those of a day after that of the last look. Only what follows on: a verdict of
    an earlier day than the newest one known (history recomputed) tells nothing, and the first verdict on a question
    has no before. What is of a later day than `day` is not known yet: it neither tells nor hides anything.
    """
    last = min(last, day)  # a clock that ran ahead at the last look
    rows = kept.verdicts_after(conn, after_id, last=last, day=day)
    for (country, question, reading), some in groupby(
        rows, key=lambda row: (row["country"], row["question_id"], row["reading"])
    ):
        before_row = kept.newest_verdict(conn, country, question, reading, until=after_id, day=last)
        for row in some:
            if before_row is not None and row["as_of"] < before_row["as_of"]:
                continue
            if before_row is not None:
                before, after = _plain(before_row), _plain(row)
                if any(verdict_events(before, after)):
                    yield _whole(conn, before, before_row), _whole(conn, after, row)
            before_row = row


def _plain(row: sqlite3.Row) -> Verdict:
    """A verdict without its passages, which are only looked up where something is told."""
    return Verdict(
        country=row["country"],
        group=row["group_id"],
        question=row["question_id"],
        wording=row["wording"] or "",
        wording_nl=row["wording_nl"] or "",
        reading=row["reading"],
        as_of=row["as_of"],
        digest=row["inputs_digest"],
        effective=row["effective"],
        fragile=bool(row["fragile"]),
        fragile_origin=row["fragile_origin"] or "",
        stale_on=row["stale_on"],
        falls_on=row["falls_on"],
        reasons=(),
        passages=(),
        contradictions=frozenset(json.loads(row["contradictions"] or "[]")),
    )


def passages_of(conn: sqlite3.Connection, outcome: Mapping[str, Any]) -> tuple[int, ...]:
    """The passages that a stored outcome rests on, the most telling first."""
    parts = {item["id"]: item["role"] for item in outcome.get("evidence", ())}
    places = kept.passages_of_evidence(conn, parts)
    order = {role: place for place, role in enumerate(TELLING)}
    ranked = sorted(parts, key=lambda id_: (order.get(parts[id_], len(order)), -id_))
    return tuple(dict.fromkeys(places[id_] for id_ in ranked if id_ in places))


def _whole(conn: sqlite3.Connection, verdict: Verdict, row: sqlite3.Row) -> Verdict:
    outcome = json.loads(kept.outcome_of(conn, row["id"]))
    both = zip(outcome.get("reasons", ()), outcome.get("reasons_nl", ()), strict=False)
    return replace(
        verdict,
        reasons=tuple(Said(en=en, nl=nl) for en, nl in both)[:MOST_REASONS],
        passages=passages_of(conn, outcome),
    )
