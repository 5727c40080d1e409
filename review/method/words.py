"""The reasons of CURRENT in sentences, English and Dutch: every number can be recounted from the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from review.method.codes import answer_nl
from review.method.docket import Docket
from review.method.law import enacted
from review.method.model import Kind, Result, Status
from review.method.status import Weighed
from review.method.thresholds import RULES
from review.method.voting import Scene, Vote, in_time_from

RESULT_NL = {Result.PASS: "voldaan", Result.WEAK: "zwak", Result.FAIL: "niet voldaan"}
STATUS_NL = {
    Status.SUFFICIENT: "toereikend",
    Status.EMERGING: "in opbouw",
    Status.INSUFFICIENT: "ontoereikend",
}
STANDING = (
    "Sufficient means enough to decide, never safe to return. The machine proposes, a person decides.",
    "Toereikend betekent genoeg om te beslissen, nooit veilig om terug te keren. "
    "De machine stelt voor, een mens beslist.",
)
"""The two sentences that stand wherever a status stands, in English and in Dutch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One text in both languages."""

    en: str
    nl: str


def count(number: int, en: str, nl: str, en_many: str = "", nl_many: str = "") -> Said:
    """Return a number with its noun, in the plural where the number asks for it."""
    one = number == 1
    return Said(
        en=f"{number} {en if one else en_many or en + 's'}", nl=f"{number} {nl if one else nl_many or nl + 'en'}"
    )


def joined(head: Said, parts: Sequence[Said]) -> Said:
    """Return a head and its parts as one sentence, parts set off by semicolons."""
    return Said(
        en="; ".join([head.en, *(part.en for part in parts)]), nl="; ".join([head.nl, *(part.nl for part in parts)])
    )


def about_current(book: Docket, view: Scene, weighed: Weighed, day: date, stale: date | None) -> Said:
    """Say how many origins are in time, until when, and what lies outside the window."""
    window = book.question.window_days
    timely = enacted(weighed.tally) if book.question.kind is Kind.LAW else weighed.tally.timely
    noun = (
        count(
            len(timely),
            "verified text in force",
            "geverifieerde geldende tekst",
            "verified texts in force",
            "geverifieerde geldende teksten",
        )
        if book.question.kind is Kind.LAW
        else count(len(timely), "origin", "herkomst")
    )
    after = Said(en=f" after {view.since}", nl=f" na {view.since}") if view.since else Said(en="", nl="")
    head = Said(
        en=f"CURRENT {weighed.current}: {noun.en}{after.en} (window {window} d)",
        nl=f"ACTUEEL {RESULT_NL[weighed.current]}: {noun.nl}{after.nl} (venster {window} d)",
    )
    parts = _newest(timely, window)
    if stale:
        parts.append(Said(en=f"no longer passes on {stale}", nl=f"niet meer voldaan op {stale}"))
    if weighed.current is not Result.PASS:
        earliest = in_time_from(day, window, view.starts)
        needed = (1 if book.question.kind is Kind.LAW else RULES.current_pass_origins) - len(timely)
        more = count(needed, "more needed", "meer nodig", "more needed", "meer nodig")
        parts.append(Said(en=f"{more.en}, with facts from {earliest} on", nl=f"{more.nl}, met feiten vanaf {earliest}"))
    return joined(head, [*parts, *_late(weighed), *_background(view), *_weak(view)])


def _newest(timely: Sequence[Vote], window: int) -> list[Said]:
    if not timely:
        return []
    newest = max(vote.on for vote in timely)
    try:
        last: date | str = newest + timedelta(days=window)
    except OverflowError:
        last = "9999-12-31"
    return [
        Said(
            en=f"newest facts {newest}, last day in time {last}",
            nl=f"nieuwste feiten {newest}, laatste dag binnen de termijn {last}",
        )
    ]


def _late(weighed: Weighed) -> list[Said]:
    """Say how many origins answered since the watershed without being in time."""
    late = [vote for vote in weighed.tally.votes if vote not in weighed.tally.timely]
    if not late:
        return []
    names = ", ".join(vote.origin for vote in late)
    number = count(len(late), "origin", "herkomst")
    return [
        Said(
            en=f"{number.en} not in time (too old, at low confidence or split): {names}",
            nl=f"{number.nl} niet binnen de termijn (te oud, onzeker gedateerd of verdeeld): {names}",
        )
    ]


def _background(view: Scene) -> list[Said]:
    """Say what lies before the watershed."""
    since, starts = view.since, view.starts
    if since is None or starts is None:
        return []
    before = [entry for origin in view.views for entry in (*origin.voters, *origin.others) if entry.on < starts]
    if not before:
        return []
    number = count(len(before), "item", "item", nl_many="items")
    owners = ", ".join(sorted({entry.item.source.owner for entry in before}))
    newest = max(entry.on for entry in before)
    return [
        Said(
            en=f"background before {since}: {number.en} ({owners}; newest facts {newest})",
            nl=f"achtergrond van voor {since}: {number.nl} ({owners}; nieuwste feiten {newest})",
        )
    ]


def _weak(view: Scene) -> list[Said]:
    """Say who spoke without a vote because of the grade, since the watershed."""
    by_origin = [
        [entry for entry in origin.others if entry.item.speaks and (view.starts is None or entry.on >= view.starts)]
        for origin in view.views
    ]
    # However many hand it on, what one origin says on one day is one voice.
    weak = [max(of, key=lambda e: (e.on, e.item.id)) for of in by_origin if of]
    if not weak:
        return []
    number = count(len(weak), "weak voice", "zwakke stem", nl_many="zwakke stemmen")
    voices = sorted({(e.item.source.owner, e.item.answer, str(e.on), e.item.party) for e in weak})
    en = ", ".join(
        f"{who} ({what}, {on}{', a party to the conflict' if party else ''})" for who, what, on, party in voices
    )
    nl = ", ".join(
        f"{who} ({answer_nl(what)}, {on}{', partij bij het conflict' if party else ''})"
        for who, what, on, party in voices
    )
    return [Said(en=f"{number.en} without a vote: {en}", nl=f"{number.nl} zonder stemrecht: {nl}")]
