"""Verdicts are kept for ever: what each was computed from, as one hash, and what it says."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from hashlib import sha256

from review import marks
from review.judging import Judged
from review.method.thresholds import RULES
from review.standing import QuestionStanding, Standing


def digest(judged: Judged) -> str:
    """The hash of everything that a verdict was computed from; equal inputs give equal digests on any machine.

    Beside the case: what its sources had taken back, what footnotes cite, what is known in machine translation only,
    and why its rows were refused, if they were.
    """
    case = judged.case
    rows = _plain(case) | {
        "evidence": sorted(case.evidence, key=lambda item: item.id),
        "sources": sorted(case.sources, key=lambda source: source.id),
        "resolutions": sorted((_resolution(_plain(row)) for row in case.resolutions), key=_json),
        "withdrawn": {held.item.id: held.withdrawn_on for held in judged.held if held.withdrawn_on},
        "cited": {held.item.id: held.cited.key for held in judged.held if held.cited},
        "fault": judged.fault,
        "machine": sorted(held.item.id for held in judged.held if held.machine),
    }
    return sha256(_json({"rules": RULES.rules_version, "case": rows}).encode()).hexdigest()


def _resolution(row: dict[str, object]) -> dict[str, object]:
    counts = {name: value for name, value in row.items() if name not in ("number", "actor", "reason")}
    return counts | {side: sorted(row[side]) for side in ("a", "b")}  # type: ignore[call-overload]


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=_plain_or_text, ensure_ascii=False)


_names: dict[type, tuple[str, ...]] = {}


def _plain(row: object) -> dict[str, object]:
    kind = type(row)
    if kind not in _names:
        _names[kind] = tuple(field.name for field in fields(row))  # type: ignore[arg-type]
    return {name: getattr(row, name) for name in _names[kind]}


def _plain_or_text(value: object) -> object:
    if is_dataclass(value):
        return _plain(value)
    return sorted(value) if isinstance(value, frozenset) else str(value)


# What only says again what the newest verdict of the day says is not kept (trigger verdicts_once).
KEEP = """
insert into verdicts (as_of, basis, reading, rules_version, country, group_id, question_id, inputs_digest, status,
  effective, certainty, fragile, stale_on, falls_on, origins, items, outcome, next_on, computed_at)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def keep(conn: sqlite3.Connection, standing: Standing, *, at: str) -> int:
    """Keep the verdicts of a standing, append-only; return how many are new. Runs in the caller's transaction."""
    found = [question for group in standing.groups for question in group.questions]
    marks.stood_over(conn, standing.basis, standing.as_of, [(one.country, one.id) for one in found])
    return keep_verdicts(conn, found, as_of=standing.as_of, basis=standing.basis, reading=standing.reading, at=at)


def keep_verdicts(
    conn: sqlite3.Connection, found: Iterable[QuestionStanding], *, as_of: date, basis: str, reading: str, at: str
) -> int:
    """Keep verdicts, append-only; return how many are new. Runs in the caller's transaction."""
    new = 0
    for q in found:
        outcome = {
            "tests": {name: _plain(test) for name, test in q.tests.items()},
            "gates": q.gates,
            "reasons": q.reasons,
            "reasons_nl": q.reasons_nl,
            "agreement": q.agreement,
            "fragile_origin": q.fragile_origin,
            "one_origin_short": q.one_origin_short,
            "contradictions": q.contradictions,
            "absence": {"facts": q.absence, "said": q.absence_said, "said_nl": q.absence_said_nl},
            "passages": sorted({item.passage_id for item in q.evidence}),
            "beside": _beside(q),
            "evidence": [{"id": item.evidence_id, "origin": item.origin, "role": item.role} for item in q.evidence],
        }
        new += conn.execute(
            KEEP,
            [
                as_of.isoformat(), basis, reading, str(RULES.rules_version), q.country, q.group, q.id, q.inputs_digest,
                q.status, q.effective, q.certainty, int(q.fragile), _iso(q.stale_on), _iso(q.falls_on), q.origins,
                q.items, json.dumps(outcome, ensure_ascii=False), _iso(q.next_on), at,
            ],
        ).rowcount  # fmt: skip
    return new


def _beside(q: QuestionStanding) -> dict[str, object]:
    """What stands beside the status, so that a page need not judge again (review.stored)."""
    return {
        "reopened_on": _iso(q.reopened_on),
        "reopened_by": q.reopened_by,
        "sufficient_on": _iso(q.sufficient_on),
        "lapsed_on": _iso(q.lapsed_on),
        "announced": q.announced,
        "moved": [_plain(one) for one in q.moved],
        "counts_as": q.counts_as,
        "covered": q.covered,
        "by_subgroup": q.by_subgroup,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
