"""The register of moratoria as it could be read on a day: what was declared, what was known of it, its clocks."""

import sqlite3
from dataclasses import dataclass
from datetime import date
from typing import Any

from review.as_json import half_json
from review.declared_moratorium import Moratorium
from review.moratorium import NOT_ASSESSED, declared_as, halves_on, phase_of, sound
from review.moratorium_rules import FIELDS
from review.standing import HalfStanding

ALIASES = {"UK": "GB", "EL": "GR"}  # what people write for what ISO 3166-1 calls otherwise
ORDER = {"running": 0, "announced": 1, "end not seen": 2, "ended": 3, "not known": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One moratorium on a day. `declared` holds nothing that came later, except our own notes on it."""

    declared: Moratorium
    halves: tuple[HalfStanding, ...]
    events: tuple[sqlite3.Row, ...]
    phase: str

    @property
    def over(self) -> bool:
        """Whether it had ended by the day, so that how it ended may be told."""
        return self.phase == "ended"


def code(country: str) -> str:
    """A country code as ISO 3166-1 writes it: UK is GB."""
    return ALIASES.get(country.strip().upper(), country.strip().upper())


def entries(
    conn: sqlite3.Connection, as_of: date, *, state: str | None = None, country: str | None = None
) -> list[Entry]:
    """Every moratorium of which anything was public by the day: the running ones first, then by their last day.

    One whose row cannot be read is left out; review.refusals names it.
    """
    rows = conn.execute(
        """select m.* from moratoria m where (?1 is null or m.state = ?1) and (?2 is null or m.country = ?2)
             and exists (select 1 from standing_events e where e.moratorium_id = m.id and e.known_day <= ?3)
           order by m.id""",
        [code(state) if state else None, code(country) if country else None, as_of.isoformat()],
    ).fetchall()
    return sorted((entry(conn, row, as_of) for row in sound(conn, rows)), key=_order)


def entry(conn: sqlite3.Connection, row: sqlite3.Row, as_of: date) -> Entry:
    """One moratorium, from its row, on a day. Raises DeclarationError where the row cannot be read."""
    declared = declared_as(row["id"], row["declaration"])
    events = conn.execute(
        "select * from standing_events where moratorium_id = ? and known_day <= ? order by on_day, known_day, id",
        [row["id"], as_of.isoformat()],
    ).fetchall()
    halves = halves_on(conn, row["id"], declared.model_dump(mode="json"), as_of)
    return Entry(declared=as_known(declared, as_of), halves=halves, events=tuple(events), phase=phase_of(halves))


def _order(one: Entry) -> tuple[int, int, str]:
    """Running ones by their next end (those without one last), all others the latest first."""
    ends = [half.ends_on.toordinal() for half in one.halves if half.ends_on]
    firsts = [half.first_day.toordinal() for half in one.halves if half.first_day]
    if one.phase == "running":
        return ORDER[one.phase], min(ends, default=date.max.toordinal()), one.declared.id
    return ORDER[one.phase], -max(ends or firsts, default=0), one.declared.id


def as_known(declared: Moratorium, day: date) -> Moratorium:
    """The declaration without what came after a day: periods no event had opened yet, later scopes, groups and events,
    and a planned length that only a later text described.

    Notes that look back (another reading of a day, what rests on inference) stay: they are ours, not the state's.
    """
    events = tuple(event for event in declared.events if event.known <= day)
    opened = {event.period for event in events}
    planned: dict[str, Any] = {}
    if declared.planned_known_on and day < declared.planned_known_on:
        planned = {"planned_months": None, "planned_end": None, "planned_said": ""}
    return declared.model_copy(
        update=planned
        | {
            "events": events,
            "periods": tuple(p for p in declared.periods if p.number in opened),
            "scope": tuple(s for s in declared.scope if s.valid_from is None or s.valid_from <= day),
            "group_versions": tuple(g for g in declared.group_versions if g.valid_from <= day),
        }
    )


def as_json(one: Entry, *, looking_back: bool = False) -> dict[str, Any]:
    """One moratorium as `coi moratoria --json` gives it: countries in ISO 3166-1, ISO dates, last days inclusive.

    Looking back, how it ended is told only once it had; what is unverified and our notes are the register's of today.
    """
    told = one.over or not looking_back
    d = one.declared
    confidence = d.confidence_of()
    return {
        "id": d.id,
        "title": d.title,
        "title_nl": d.title_nl,
        "state": d.freezing_state,
        "country": d.country,
        "origin": d.origin,
        "group": d.group,
        "group_nl": d.group_nl,
        "groups_in": list(d.groups_in),
        "groups_out": list(dict.fromkeys(s.group for s in d.scope if s.side == "out")),
        "group_versions": [g.model_dump(mode="json") for g in d.group_versions],
        "exclusions": list(d.exclusions),
        "legal_basis": list(dict.fromkeys(half.legal_basis for half in d.halves)),
        "phase": one.phase,
        "running": one.phase == "running",
        "dates": _dates(one, confidence),
        "planned_months": d.planned_months,
        "planned_said": d.planned_said,
        "periods": [p.model_dump(mode="json") for p in d.periods],
        "halves": [half_json(h) | {"max_months": m.max_months} for h, m in zip(one.halves, d.halves, strict=True)],
        "events": [_event(row) for row in one.events],
        "missing_information": d.wording_of_gap,
        "end_mode": d.end_mode if told else "",
        "ended_by": d.ended_by if told else "",
        "deciding": list(d.deciding_ids),
        "information": "see coi status" if d.deciding else NOT_ASSESSED,
        "references": [r.model_dump(mode="json") for r in d.references],
        "urls": [r.url for r in d.references if r.url],
        "status": d.checked,
        "confidence": {name: confidence[name] for name in FIELDS},
        "unverified": [u.model_dump(mode="json") for u in d.unverified],
        "notes": list(d.notes),
    }


def _dates(one: Entry, confidence: dict[str, str | None]) -> dict[str, dict[str, str | None] | None]:
    """The four days that are kept apart (law.md section 6), each with how it was known; None: not seen."""

    def first(*kinds: str, last: bool = False) -> sqlite3.Row | None:
        found = [row for row in one.events if row["kind"] in kinds]
        return (found[-1] if last else found[0]) if found else None

    def said(row: sqlite3.Row | None, field: str) -> dict[str, str | None] | None:
        if row is None:
            return None
        return {
            "on": row["on_day"],
            "stated": row["stated_end"] if field == "ended" else None,
            "precision": row["day_precision"],
            "confidence": confidence[field],
        }

    planned = one.declared.planned_expiry
    return {
        "decided": said(first("decided") or first("paused") or first("announced"), "decided"),
        "published": said(first("published"), "published"),
        "in_force": said(first("in_force"), "in_force"),
        "planned_expiry": {"on": planned.isoformat(), "confidence": confidence["planned_expiry"]} if planned else None,
        "ended": said(first("ended", "annulled", last=True), "ended") if one.over else None,
    }


def _event(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "kind": row["kind"],
        "on": row["on_day"],
        "precision": row["day_precision"],
        "known_on": row["known_day"],
        "half": row["half"],
        "first_day": row["first_day"],
        "last_day": row["last_day"],
        "stated_end": row["stated_end"],
        "wording": row["wording"],
        "reference": row["reference"],
        "url": row["url"],
        "confidence": row["confidence"],
        "end_confidence": row["end_confidence"],
        "actor": row["actor"],
        "recorded_at": row["recorded_at"],
    }
