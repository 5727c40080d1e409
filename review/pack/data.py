"""A pack as data: everything that the papers say, and every step and number that they leave out. Days are ISO 8601."""

from dataclasses import asdict, replace
from typing import Any

from review import missed
from review.as_json import half_json
from review.cite import formats
from review.explain_json import explained_json
from review.method.thresholds import RULES, method_rows
from review.moratorium_register import as_json as entry_json
from review.pack.gather import Answered, Contents
from review.pack.searches import crawls
from review.standing import GroupStanding, Item, MoratoriumStanding
from store.version import SOFTWARE

FORMAT = "coi-pack 1"
SENTENCES = (
    "Sufficient means enough to decide, never safe to return. Clear, reliable news of systematic abuse is sufficient.",
    "The machine proposes, a person decides. The computed status stands beside the signed one.",
)
CARD = ("title", "publisher", "owner", "type", "grade", "grade_reason", "interests", "language", "homepage", "terms")


def as_data(found: Contents) -> dict[str, Any]:
    """The pack as one JSON object. Keys may be added in later releases; none is taken away."""
    wanted, scope = found.wanted, found.wanted.scope
    return {
        "format": FORMAT,
        "software": SOFTWARE,
        "scope": {"kind": scope.kind} | {name: value for name, value in asdict(scope).items() if value},
        "as_of": wanted.as_of.isoformat(),
        "basis": wanted.basis,
        "reading": wanted.reading,
        "live": wanted.live,
        "rules_version": str(RULES.rules_version),
        "sentences": list(SENTENCES),
        "example": found.example,
        "moratorium": _moratorium(found, found.moratorium) if found.moratorium else None,
        "decides": list(found.decides),
        "groups": [_group(group) for group in found.groups],
        "questions": [_question(one, found) for one in found.full],
        "documents": _documents(found),
        "captures": _captures(found),
        "sources": [{"id": id_} | {name: found.sources[id_][name] for name in CARD} for id_ in _sources(found)],
        "public_not_held": missed.as_json(found.missed)["missed"],
        "public_not_held_others": found.missed_others,
        "thresholds": [
            {"id": id_, "value": value, "reason": reason, "reason_nl": dutch}
            for (id_, value, reason), (_, _, dutch) in zip(method_rows(), method_rows("nl"), strict=True)
        ],
        "left_out": {"restricted_notes": "never part of a pack"},
    }


def _moratorium(found: Contents, standing: MoratoriumStanding) -> dict[str, Any]:
    declared = entry_json(found.entry, looking_back=not found.wanted.live) if found.entry else {}
    return declared | {
        "information": standing.status,
        "phase": standing.phase,
        "advice": standing.advice,
        "advice_nl": standing.advice_nl,
        "clocks": [half_json(half) for half in standing.halves],
    }


def _group(group: GroupStanding) -> dict[str, Any]:
    return {
        "country": group.country,
        "group": group.group,
        "title": group.title,
        "status": group.status,
        "decisive_sufficient": group.decisive_sufficient,
        "decisive_total": group.decisive_total,
        "subgroups": [asdict(part) for part in group.subgroups],
        "questions": [
            {
                "id": one.id, "version": one.version, "decisive": one.decisive, "wording": one.wording,
                "status": one.status, "effective": one.effective, "certainty": one.certainty, "origins": one.origins,
                "items": one.items, "falls_on": one.falls_on.isoformat() if one.falls_on else None,
                "signed": one.signed.status if one.signed else None, "inputs_digest": one.inputs_digest,
            }
            for one in group.questions
        ],
    }  # fmt: skip


def _question(one: Answered, found: Contents) -> dict[str, Any]:
    shown = one.standing
    steps = explained_json(one.explained, shown.signed)
    steps["steps"].pop("thresholds")  # once for the whole pack
    return {
        "id": shown.id,
        "version": shown.version,
        "deciding": one.deciding,
        "wording": shown.wording,
        "wording_nl": shown.wording_nl,
        "group": shown.group,
        "element": shown.element,
        "window_days": shown.window_days,
        "watersheds": [{"on": on, "title": title} for on, title in shown.watersheds],
        "reasons_nl": list(shown.reasons_nl),
        "one_origin_short": shown.one_origin_short,
        **steps,
        "evidence": [_item(item, found) for item in shown.evidence],
        "searches": {
            "by_hand": [asdict(search) for search in one.explained.judged.searches],
            "by_crawl": crawls(one.explained.judged),
        },
    }


def _item(item: Item, found: Contents) -> dict[str, Any]:
    ref = found.references.get(item.passage_id)
    place = {"heading": ref.heading, "page": ref.page, "capture": ref.capture_id} if ref else {}
    helped = found.translations.get(item.passage_id, ()) if item.machine else ()
    read = {"machine_translations": [asdict(one) for one in helped]} if helped else {}
    return asdict(item) | place | {"passage": ref.text if ref else ""} | read


def _documents(found: Contents) -> list[dict[str, Any]]:
    """Each document once, as it was cited: with all its dates, and as a reference manager reads it."""
    by_document = {ref.document_id: ref for ref in found.references.values()}
    left_out = {"passage_id", "page", "heading", "text", "text_language"}
    return [
        {name: value for name, value in asdict(ref).items() if name not in left_out}
        | {"csl": formats.csl(replace(ref, passage_id=None, page=None))}
        for _, ref in sorted(by_document.items())
    ]


def _captures(found: Contents) -> list[dict[str, Any]]:
    by_capture = {ref.capture_id: ref for ref in found.references.values() if ref.capture_id}
    return [
        {"id": id_, "url": ref.capture_url, "fetched_at": ref.fetched_at, "sha256": ref.sha256}
        for id_, ref in sorted(by_capture.items())
    ]


def _sources(found: Contents) -> list[str]:
    """The sources of the evidence, and those that were searched or should have been."""
    used = {item.source_id for one in found.full for item in one.standing.evidence}
    for one in found.full:
        judged = one.explained.judged
        used |= {search.source_id for search in judged.searches} | set(judged.coverage.titles)
    return sorted(used & found.sources.keys())
