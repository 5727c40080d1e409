"""A standing as the JSON that scripts rely on (coi status --json)."""

from typing import Any

from review.standing import GroupStanding, HalfStanding, MoratoriumStanding, QuestionStanding, Signed, Standing


def as_json(standing: Standing) -> dict[str, Any]:
    """The exact interface of `coi status --json`; further keys may be added, none is taken away."""
    return {
        "as_of": standing.as_of.isoformat(),
        "basis": standing.basis,
        "reading": standing.reading,
        "rules_version": standing.rules_version,
        "groups": [_group(group) for group in standing.groups],
        "moratoria": [_moratorium(moratorium) for moratorium in standing.moratoria],
    }


def _group(group: GroupStanding) -> dict[str, Any]:
    return {
        "country": group.country,
        "group": group.group,
        "status": group.status,
        "decisive_sufficient": group.decisive_sufficient,
        "decisive_total": group.decisive_total,
        "questions": [question_json(question) for question in group.questions],
        "subgroups": [
            {
                "id": part.id,
                "title": part.title,
                "status": part.status,
                "decisive_sufficient": part.decisive_sufficient,
                "decisive_total": part.decisive_total,
                "weakest": list(part.weakest),
            }
            for part in group.subgroups
        ],
    }


def question_json(question: QuestionStanding) -> dict[str, Any]:
    """One question's verdict: tests with reasons, counts, and the days on which it lapses."""
    return {
        "id": question.id,
        "version": question.version,
        "decisive": question.decisive,
        "status": question.status,
        "effective": question.effective,
        "certainty": question.certainty,
        "tests": {name: {"result": t.result, "reason": t.reason} for name, t in question.tests.items()},
        "gates": list(question.gates),
        "origins": question.origins,
        "items": question.items,
        "agreement": question.agreement,
        "fragile": question.fragile,
        "fragile_origin": question.fragile_origin,
        "stale_on": question.stale_on.isoformat() if question.stale_on else None,
        "falls_on": question.falls_on.isoformat() if question.falls_on else None,
        "announced": list(question.announced),
        "passed": list(question.passed),
        "reopened": {"on": question.reopened_on.isoformat(), "by": question.reopened_by}
        if question.reopened_on
        else None,
        "lapsed": {"sufficient_on": question.sufficient_on.isoformat(), "lapsed_on": question.lapsed_on.isoformat()}
        if question.sufficient_on and question.lapsed_on
        else None,
        "signed": signed_json(question.signed) if question.signed else None,
        "moved": [
            {"id": one.id, "status": one.status, "effective": one.effective, "evidence": list(one.evidence)}
            for one in question.moved
        ],
        "reasons": list(question.reasons),
        "absence": list(question.absence),
        "absence_said": question.absence_said,
        "inputs_digest": question.inputs_digest,
        "judged_on": question.judged_on.isoformat() if question.judged_on else None,
    }


def signed_json(signed: Signed) -> dict[str, Any]:
    """What people signed of a question, and until when it holds or held."""
    return {
        "status": signed.status,
        "computed": signed.computed,
        "proposed_by": signed.proposed_by,
        "approved_by": signed.approved_by,
        "signed_on": signed.signed_on.isoformat(),
        "as_of": signed.as_of.isoformat(),
        "reason": signed.reason,
        "expires_on": signed.expires_on.isoformat() if signed.expires_on else None,
        "expired_on": signed.expired_on.isoformat() if signed.expired_on else None,
        "dissents": list(signed.dissents),
    }


def _moratorium(moratorium: MoratoriumStanding) -> dict[str, Any]:
    return {
        "id": moratorium.id,
        "title": moratorium.title,
        "state": moratorium.state,
        "country": moratorium.country,
        "group": moratorium.group,
        "phase": moratorium.phase,
        "status": moratorium.status,
        "deciding": list(moratorium.deciding),
        "groups_in": list(moratorium.groups_in),
        "groups_out": list(moratorium.groups_out),
        "halves": [half_json(half) for half in moratorium.halves],
        "advice": moratorium.advice,
    }


def half_json(half: HalfStanding) -> dict[str, Any]:
    """One clock: both days inclusive, the end as its publication names it beside them."""
    return {
        "half": half.half,
        "regime": half.regime,
        "legal_basis": half.legal_basis,
        "state": half.state,
        "first_day": half.first_day.isoformat() if half.first_day else None,
        "ends_on": half.ends_on.isoformat() if half.ends_on else None,
        "stated_end": half.stated_end.isoformat() if half.stated_end else None,
        "days_left": half.days_left,
        "provisional": half.provisional,
        "confidence": half.confidence,
    }
