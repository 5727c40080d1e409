"""When the facts of an item end, and how sure that is (method §2). Age is never taken from a copy."""

import re
from calendar import IllegalMonthError, monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from review.method.docket import Item
from review.method.model import Evidence, Kind

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})(-[0-9]{2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """An item with the last day its facts are known to hold."""

    item: Item
    on: date
    sure: bool
    """Normal confidence; only then can it be in time."""
    undated: bool = False
    """Nothing but the publication date is known."""


def last_day(text: str) -> date:
    """Read YYYY-MM-DD, or YYYY-MM as the last day of that month; raise ValueError naming the value."""
    found = _DATE.fullmatch(text)
    try:
        if found and found[3]:
            return date.fromisoformat(text)
        if found:
            year, month = int(found[1]), int(found[2])
            return date(year, month, monthrange(year, month)[1])
    except (ValueError, IllegalMonthError) as error:
        raise ValueError(f"{text!r} is not a day of the calendar ({error}); correct it") from error
    raise ValueError(f"{text!r} is not a date; write YYYY-MM-DD, or YYYY-MM when only the month is known")


def dated(items: Sequence[Item], kind: Kind, day: date) -> list[Dated]:
    """Date the items of one origin that are known on a day: their own dates, renewals, then the limits on copies."""
    found = [_own(item, kind, day) for item in items]
    _renew(found)
    return [_limited(entry, found) if entry.item.reported else entry for entry in found]


def basis(row: Evidence) -> tuple[str, date]:
    """What the day of a passage's facts is read from, and that day, before any limit on copies (method §2).

    "stated": its own last day; "period": the end of its report's period; "ongoing": described as ongoing, so the day of
    publication; "published": nothing but that day, which is never in time. A law's own verified text is not told apart.
    """
    published = row.published_on
    if row.facts_to:
        return "stated", min(row.facts_to, published)
    if row.period_to:
        return "period", min(row.period_to, published)
    return ("ongoing" if row.ongoing else "published"), published


def _own(item: Item, kind: Kind, day: date) -> Dated:
    """Date one item by what its passage says; nothing lies after its publication."""
    row = item.evidence
    published = item.published_on
    unverified = kind is Kind.LAW and row.official_text
    if unverified and row.verified_on and row.verified_on <= day:
        return Dated(item=item, on=row.verified_on, sure=True)
    if row.facts_to:
        return Dated(item=item, on=min(row.facts_to, published), sure=_kept(row.facts_to, item) and not unverified)
    if row.period_to:
        sure = row.whole_period and _kept(row.period_to, item) and not unverified
        return Dated(item=item, on=min(row.period_to, published), sure=sure)
    if row.ongoing:
        return Dated(item=item, on=published, sure=row.published_certain and not unverified)
    return Dated(item=item, on=published, sure=False, undated=True)


def _kept(day: date, item: Item) -> bool:
    """Return whether a stated day stands on its own feet: one cut off at publication is as sure as that date is."""
    return day <= item.published_on or item.evidence.published_certain


def _renew(found: list[Dated]) -> None:
    """Apply "no change up to D" of a regular reporter to the last thing it said itself, in place."""
    for place, renewal in enumerate(list(found)):
        item, until = renewal.item, renewal.item.evidence.no_change_to
        if until is None or item.reported or not item.source.regular_mandate:
            continue
        earlier = [
            index
            for index, entry in enumerate(found)
            if entry.item.source.id == item.source.id
            and entry.item.answer == item.answer
            and not entry.item.reported
            and entry.item.published_on < item.published_on
        ]
        if not earlier:
            continue
        last = max(earlier, key=lambda index: found[index].item.first_key)
        if not _kept(until, item):
            continue  # a guessed day of publication renews nothing
        until = min(until, item.published_on)
        for index in (last, place):
            entry = found[index]
            if entry.undated or (entry.on, entry.sure) < (until, True):
                found[index] = replace(entry, on=until, sure=True, undated=False)


def _limited(entry: Dated, found: Sequence[Dated]) -> Dated:
    """Limit a reported item to what its origin had said itself by then, or else to the first report.

    "Newest" is read as of the copy's own publication, and also today: only so does a later copy never change a
    status, whatever facts it claims (method §11). A copy is never better dated than what it copies.
    """
    item = entry.item
    same = [other for other in found if other.item.answer == item.answer]
    own = [other for other in same if not other.item.reported]
    said = [other for other in own if other.item.published_on <= item.published_on]
    model = _newest(said) or _first_report(same, own)
    if model.item is not item:
        if model.undated:
            return Dated(item=item, on=item.published_on, sure=False, undated=True)
        if entry.undated:
            return entry
        entry = replace(entry, on=min(entry.on, model.on), sure=entry.sure and model.sure)
    return _not_after(entry, _newest(own))


def _newest(entries: Sequence[Dated]) -> Dated | None:
    """Return the entry with the latest facts, a dated one before any undated; the less sure on one day."""
    return max(entries, key=lambda entry: (not entry.undated, entry.on, not entry.sure), default=None)


def _first_report(same: Sequence[Dated], own: Sequence[Dated]) -> Dated:
    """Return the earliest published report of an answer, itself no later than the origin's own newest word."""
    first = min((entry for entry in same if entry.item.reported), key=lambda entry: entry.item.first_key)
    return _not_after(first, _newest(own))


def _not_after(entry: Dated, newest: Dated | None) -> Dated:
    if newest is None or entry.undated or entry.on <= newest.on:
        return entry
    return replace(entry, on=newest.on, sure=entry.sure and newest.sure)
