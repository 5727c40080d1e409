"""What each origin says: one vote, at its latest answer since the watershed (method §2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from review.method.cards import Cards, cards
from review.method.cards import votes as may_vote
from review.method.dating import Dated, dated
from review.method.docket import Docket, Item
from review.method.model import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """The vote of one origin. Several entries: different answers on one day, so no vote in time (split)."""

    origin: str
    cards: Cards
    entries: tuple[Dated, ...]
    lawgivers: frozenset[str] = frozenset()
    """Law questions: the owner groups, if the origin ever gave the enacted text itself."""

    @property
    def party(self) -> bool:
        """Return whether it speaks for a party to the conflict."""
        return self.cards.party

    @property
    def split(self) -> bool:
        """Return whether the origin's latest items contradict each other."""
        return len(self.entries) > 1

    @property
    def answer(self) -> str | None:
        """Return the value voted for; None when split."""
        return None if self.split else self.entries[0].item.answer

    @property
    def on(self) -> date:
        """Return the last day of the facts it votes on."""
        return self.entries[0].on

    def in_time(self, earliest: date) -> bool:
        """Return whether the voting item is in time when facts count from this day on."""
        return not self.split and self.entries[0].sure and self.on >= earliest


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One origin on one day of knowledge: its vote, and everything else of it that is shown."""

    origin: str
    cards: Cards
    vote: Vote | None
    """Since the watershed; None when it has none."""
    voters: tuple[Dated, ...]
    """Items that may vote and date, not set aside."""
    others: tuple[Dated, ...]
    """Weak voices, and values that never vote; not set aside."""
    struck: tuple[Item, ...]
    """Set aside by a resolution: shown struck through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """All origins as known on a day, with the watershed that holds then."""

    known_by: date
    since: date | None
    """The last watershed."""
    starts: date | None
    """The first day of facts that is since the watershed."""
    views: tuple[View, ...]

    @property
    def votes(self) -> tuple[Vote, ...]:
        """Return the votes since the watershed, by origin id."""
        return tuple(view.vote for view in self.views if view.vote)


def in_time_from(day: date, window_days: int, starts: date | None) -> date:
    """Return the first day of facts that is in time on a day: T - W, or the watershed if later (both inclusive)."""
    try:
        start = day - timedelta(days=window_days)
    except OverflowError:  # a window longer than the calendar cuts nothing
        start = date.min
    return start if starts is None else max(start, starts)


Memo = dict[tuple[object, ...], View | None]
"""Views already worked out, for a look over many days: an origin changes only when something of it becomes known."""


def scene(book: Docket, day: date, memo: Memo | None = None) -> Scene:
    """Return every origin with at least one item known by the day."""
    since, starts, aside = book.watershed(day), book.starts(day), book.aside(day)
    memo = {} if memo is None else memo
    views = []
    for origin, items in book.origins_on(day):
        known = [item for item in items if item.known_on <= day]
        verified = sum(bool(item.evidence.verified_on and item.evidence.verified_on <= day) for item in known)
        key = (origin, tuple(item.id for item in known), verified, starts, aside)
        if key not in memo:
            memo[key] = view(origin, known, book.question.kind, day, starts, aside) if known else None
        if found := memo[key]:
            views.append(found)
    return Scene(known_by=day, since=since, starts=starts, views=tuple(views))


def view(origin: str, known: Sequence[Item], kind: Kind, day: date, starts: date | None, aside: frozenset[str]) -> View:
    """Return one origin by the items known of it on the day; at least one."""
    both = cards(known)
    allowed = {item.id for item in known if may_vote(item, both)}
    voters = dated([item for item in known if item.id in allowed], kind, day)
    rest = dated(known, kind, day) if len(allowed) < len(known) else []
    others = [entry for entry in rest if entry.item.id not in allowed]
    struck = _struck([*voters, *others], aside) if aside else frozenset()
    voters = [entry for entry in voters if entry.item.id not in struck]
    return View(
        origin=origin,
        cards=both,
        vote=latest_vote(origin, both, voters, starts),
        voters=tuple(voters),
        others=tuple(entry for entry in others if entry.item.id not in struck),
        struck=tuple(item for item in known if item.id in struck),
    )


def _struck(entries: Sequence[Dated], aside: frozenset[str]) -> frozenset[str]:
    """Return the ids set aside: those named, and what of their answer is undated or has no later facts (method §4)."""
    named = [entry for entry in entries if entry.item.id in aside]
    return frozenset(
        entry.item.id
        for entry in entries
        for name in named
        if entry.item.id == name.item.id
        or (entry.item.answer == name.item.answer and (entry.undated or entry.on <= name.on))
    )


def latest_vote(origin: str, both: Cards, voters: Sequence[Dated], starts: date | None) -> Vote | None:
    """Return the origin's latest answer since the watershed, by facts and then publication."""
    entries = [entry for entry in voters if not entry.undated] or _first_publications(voters)
    folded: dict[tuple[str, date], Dated] = {}
    for entry in entries:
        if starts is not None and entry.on < starts:
            continue
        key = (entry.item.answer, entry.on)
        if key not in folded or entry.item.first_key < folded[key].item.first_key:
            folded[key] = entry
    if not folded:
        return None
    latest = max((entry.on, entry.item.published_on) for entry in folded.values())
    last = [entry for entry in folded.values() if (entry.on, entry.item.published_on) == latest]
    last.sort(key=lambda entry: entry.item.answer)
    texts = any(entry.item.evidence.official_text for entry in voters)
    return Vote(origin=origin, cards=both, entries=tuple(last), lawgivers=both.owners if texts else frozenset())


def _first_publications(voters: Sequence[Dated]) -> list[Dated]:
    """Return undated answers once each, at their first publication: repeating makes nothing newer."""
    first: dict[str, Dated] = {}
    for entry in voters:
        known = first.get(entry.item.answer)
        if known is None or entry.item.first_key < known.item.first_key:
            first[entry.item.answer] = entry
    return list(first.values())
