"""The gate translation: an answer that decides, known to whoever decided on it in machine translation only (method §7).

A person says with each decision what was read (`read_in`). An answer is known in the original once one of those who
gave the decision that stands read the original; who confirms it so opens the gate again. What is rejected after reading
a translation counts as well where it would contradict: a dissent must not fall silent by a translator's mistake.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from review.gates import Owed
from review.method.model import Decision, Gate
from review.method.words import Said
from review.rows import Asked, Held
from store.reason_codes import ReasonCode

NAMED = 5  # passages that the sentence names


def with_translation(owes: Owed, one: Asked, rows: Sequence[Held], as_of: date) -> Owed:
    """What people owe a question, with the gate translation and its sentence where an answer closes it."""
    known = only_translated(one, rows, as_of)
    if not known:
        return owes
    return replace(owes, gates=owes.gates | {Gate.TRANSLATION}, said=(*owes.said, _said(known)))


def only_translated(one: Asked, rows: Sequence[Held], as_of: date) -> tuple[Held, ...]:
    """The answers that decide a question and that people know in machine translation only, each passage once.

    What was published before the last watershed is background and decides nothing. Rather one answer too many: a weak
    voice, or one that is out of time, counts here too.
    """
    cuts = [event.on for event in one.watersheds if not event.announced and event.on <= as_of]
    counted = [held for held in rows if not cuts or held.item.published_on >= max(cuts)]
    accepted = {held.item.answer for held in counted if held.item.decision is Decision.ACCEPTED}
    found = {held.row["passage_id"]: held for held in counted if held.machine and _decides(held, accepted)}
    return tuple(found.values())


def _decides(held: Held, accepted: set[str]) -> bool:
    """Whether it counts, or would contradict what counts had it not been rejected."""
    if held.item.decision is Decision.ACCEPTED:
        return True
    undone = held.row["reason_code"] == ReasonCode.UNDONE
    return held.item.decision is Decision.REJECTED and not undone and bool(accepted - {held.item.answer})


def _said(known: Sequence[Held]) -> Said:
    names = ", ".join(f"{held.row['publisher']} (¶ {held.row['passage_id']})" for held in known[:NAMED])
    more = len(known) - NAMED
    en, nl = (f"{names} and {more} more", f"{names} en nog {more}") if more > 0 else (names, names)
    return Said(
        en=f"decided on in machine translation only, so at most emerging: {en}; it opens when somebody who reads the "
        "language decides the same on it after reading the original",
        nl=f"beslist op alleen een machinevertaling, dus hoogstens in opbouw: {nl}; de poort gaat open als iemand die "
        "de taal leest na lezing van het origineel hetzelfde beslist",
    )
