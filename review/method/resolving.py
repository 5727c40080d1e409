"""When a resolution may set a side aside: a wrong one silences a dissent, so what it says must be so (method §4)."""

from collections.abc import Iterable, Iterator, Mapping

from review.method.model import Basis, Evidence, Resolution, Resolved, Side, Source, SourceType
from review.method.spelling import folded

Problem = tuple[str, str]
"""The field of the resolution, and what is wrong with its value."""


def problems(
    row: Resolution, evidence: Mapping[str, Evidence], sources: Mapping[str, Source], basis: Basis = Basis.PUBLIC
) -> Iterator[Problem]:
    """Say what is wrong with a resolution; nothing is asked of one that is not decided (`resolution` null).

    `evidence` by id holds at least both sides and whatever shares an origin with them.
    """
    if row.resolution is None:
        return
    for name, side in (("a", row.a), ("b", row.b)):
        if not side:
            yield name, f"[] names nobody; a contradiction has two sides, so name the evidence of side {name}"
    if not row.set_aside:
        return
    if basis is Basis.HELD and row.decided_on is None:
        yield "decided_on", "missing; on the held basis a resolution counts from the day it was decided, so write it"
    away, stays = _rows(row.set_aside, evidence), _rows(row.b if row.side is Side.A else row.a, evidence)
    if row.resolution is Resolved.PARTY_INTEREST:
        parties = {one.origin for one in evidence.values() if one.origin and _party(sources[one.source])}
        for one in away:
            if not _party(sources[one.source]) and one.origin not in parties:
                yield (
                    "resolution",
                    f"{row.resolution.value!r} sets aside evidence {one.id!r} of source {one.source!r}, which is no "
                    "party to the conflict; choose another resolution, or the other side",
                )
    what = {Resolved.OTHER_PLACE: "place", Resolved.OTHER_SUBGROUP: "subgroup"}.get(row.resolution)
    for one, other in ((one, other) for one in away for other in stays if what):
        mine, theirs = getattr(one, str(what)), getattr(other, str(what))
        if mine and theirs and folded(mine) == folded(theirs):
            yield (
                "resolution",
                f"{row.resolution.value!r}: evidence {one.id!r} and {other.id!r} both name the {what} {mine!r}; "
                "choose another resolution",
            )


def _rows(ids: Iterable[str], evidence: Mapping[str, Evidence]) -> list[Evidence]:
    return [evidence[one] for one in ids if one in evidence]


def _party(source: Source) -> bool:
    return source.party or source.type is SourceType.PARTY_TO_THE_CONFLICT
