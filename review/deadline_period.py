"""What a moratorium of the register means for an individual deadline, as it could be known on a day.

The one place where deadlines read the register: when a half ran, whether its end is only planned, whether a court undid
it, and when it was last looked at again.
"""

from dataclasses import dataclass
from datetime import date

from review.deadline_parts import Freeze
from review.declared_moratorium import Half, HalfName, Moratorium
from review.declared_regime import Words
from review.moratorium_clock import read
from review.moratorium_rules import act_of

REVIEWS = ("decided", "extended", "revived")
"""The acts by which a state looked at the uncertainty again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfPeriod:
    """One half: when it ran (None: nothing that moves a deadline; `without` says why), and how sure its days are."""

    regime: str | None
    freeze: Freeze | None
    without: Words | None = None
    confidence: str = "unverified"
    running: bool = False
    last_review: date | None = None


def period_of(moratorium: Moratorium, half: HalfName, as_of: date) -> HalfPeriod:
    """Read one half of a moratorium on a day. An end that was not seen is provisional, like a planned one."""
    found = next((one for one in moratorium.halves if one.half == half), None)
    if found is None:
        return HalfPeriod(regime=None, freeze=None, without=_no_half(moratorium.id, half))
    if found.regime is None:
        return HalfPeriod(regime=None, freeze=None, without=_informal(moratorium.id))
    return _read(moratorium, found, as_of)


def _read(moratorium: Moratorium, half: Half, as_of: date) -> HalfPeriod:
    events = list(enumerate(moratorium.events))
    acts = [act_of(moratorium, event, number) for number, event in events]
    clock = read(acts, half.half, as_of, end=half.end, end_after=half.end_after)
    if clock.first_day is None:
        return HalfPeriod(regime=half.regime, freeze=None, without=_not_known(moratorium.id, as_of))
    mine = [act for act in acts if act.half in (None, half.half) and act.known <= as_of]
    undone = max((act.known for act in mine if act.kind == "annulled"), default=None)
    revived = max((act.known for act in mine if act.kind == "revived"), default=None)
    return HalfPeriod(
        regime=half.regime,
        freeze=Freeze(
            first_day=clock.first_day,
            last_day=clock.last_day,
            provisional=clock.state != "ended",
            annulled=undone is not None and (revived is None or revived < undone),
        ),
        confidence=clock.confidence,
        running=clock.state == "running",
        last_review=max((act.on for act in mine if act.kind in REVIEWS), default=clock.first_day),
    )


def _no_half(moratorium: str, half: HalfName) -> Words:
    return Words(
        en=f"{moratorium} has no half for {half}; the deadline is the base.",
        nl=f"{moratorium} heeft geen deel voor {half}; de termijn is de basis.",
    )


def _informal(moratorium: str) -> Words:
    return Words(
        en=f"{moratorium} is an informal pause, which lengthens nothing by itself; the deadline is the base.",
        nl=f"{moratorium} is een informele pauze, die op zichzelf niets verlengt; de termijn is de basis.",
    )


def _not_known(moratorium: str, as_of: date) -> Words:
    return Words(
        en=f"{moratorium}: no day of entry into force was known on {as_of}; the deadline is the base.",
        nl=f"{moratorium}: op {as_of} was geen dag van inwerkingtreding bekend; de termijn is de basis.",
    )
