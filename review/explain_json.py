"""The reasoning behind a verdict as one JSON object (coi explain --json)."""

from dataclasses import asdict
from typing import Any

from review.as_json import question_json
from review.assess import question_standing
from review.explain import Explained, missing_votes
from review.method.thresholds import method_rows
from review.standing import Signed


def explained_json(found: Explained, signed: Signed | None = None) -> dict[str, Any]:
    """The verdict as `coi status --json` gives it, and under `steps` everything that it follows from."""
    case, outcome, tally = found.case, found.judged.outcome, found.weighed.tally
    counted = {item.evidence_id: item for item in question_standing(found.judged).evidence}
    rows = {held.item.id: held.row["id"] for held in found.judged.held}
    return {
        "country": found.judged.asked.country,
        "as_of": case.as_of.isoformat(),
        "basis": case.basis.value,
        "reading": case.reading.value,
        "rules_version": outcome.rules_version,
        "verdict": question_json(question_standing(found.judged, signed)),
        "steps": {
            "window_days": case.question.window_days,
            "watershed": found.since.isoformat() if found.since else None,
            "in_time_from": found.earliest.isoformat(),
            "scale": list(case.question.scale),
            "mode": tally.mode,
            "votes": {"in_time": len(tally.timely), "for": len(tally.carriers), "against": len(tally.against)},
            "support": {
                "owners": list(found.support.owners),
                "types": list(found.support.types),
                "direct": list(found.support.direct),
                "independent": found.support.independent,
            },
            "contradictions": [asdict(one) for one in tally.contradictions],
            "resolutions": [
                {
                    "number": one.number,
                    "a": list(one.a),
                    "b": list(one.b),
                    "resolution": one.resolution,
                    "side": one.side,
                    "decided_on": one.decided_on.isoformat() if one.decided_on else None,
                    "actor": one.actor,
                    "reason": one.reason,
                }
                for one in case.resolutions
            ],
            "gates": {"closed": list(outcome.gates_closed), "not_measured": list(outcome.gates_not_measured)},
            "coverage": {
                "decisive": found.judged.coverage.decisive,
                "share": found.judged.coverage.share,
                "not_searched": list(found.judged.coverage.not_searched),
            },
            "status_week_before": outcome.status_week_before.value,
            "certainty_steps": list(outcome.certainty_steps),
            "origins_without_vote": found.silent,
            "origins": [
                {
                    **{name: getattr(one, name) for name in ORIGIN},
                    "items": [
                        {
                            "evidence": rows.get(line.id),
                            **asdict(line),
                            "facts_on": line.facts_on.isoformat() if line.facts_on else None,
                            "published_on": line.published_on.isoformat(),
                            "part": line.part.value,
                            "quote": counted[rows[line.id]].quote if rows.get(line.id) in counted else "",
                        }
                        for line in one.lines
                    ],
                }
                for one in found.origins
            ],
            "without": [
                {
                    "origin": one.origin,
                    **dict(zip(("current", "unambiguous", "reliable"), one.tests, strict=True)),
                    "status": one.status.value,
                }
                for one in found.without
            ],
            "missing": missing_votes(found),
            "thresholds": {name: value for name, value, _ in method_rows()},
        },
    }


ORIGIN = ("id", "label", "grade", "type", "owner", "party", "collected", "vote", "in_time")
