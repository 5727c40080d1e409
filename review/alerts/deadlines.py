"""Deadline stages and reviews: which one is due on a day. Pure; a machine that was off loses none and repeats none."""

from collections.abc import Iterator
from datetime import date, timedelta

from review.alerts.model import REVIEW_STAGES, STAGES, Clock, Event, Kind, Review
from review.method.words import Said


def stage_due(ends_on: date, day: date, last_look: date | None, stages: tuple[int, ...] = STAGES) -> int | None:
    """Return the stage to tell on `day`: the nearest whose day has come; None where none is due.

    A stage is due from its day on, so days on which nobody looked lose none; of several that came in between only the
    nearest is told (its key keeps it from being told twice). After the end itself a stage is due only if its day came
    since `last_look` (the day of the look before; None: this is the first), so that old moratoria stay silent.
    """
    left = (ends_on - day).days
    passed = [stage for stage in stages if left <= stage]
    if not passed:
        return None
    nearest = min(passed)
    came = ends_on - timedelta(days=nearest)
    return nearest if left >= 0 or (last_look is not None and last_look < came) else None


def thread_of(clock: Clock) -> str:
    """The thread of the stages before one end of one half; an extension begins another."""
    return f"deadline:{clock.moratorium}:{clock.half}:{clock.ends_on}"


def deadline_event(clock: Clock, day: date, last_look: date | None) -> Event | None:
    """Return the event of the stage that is due for one half on a day of its own state."""
    stage = stage_due(clock.ends_on, day, last_look)
    if stage is None:
        return None
    thread = thread_of(clock)
    later = [one for one in STAGES if one > stage]
    doubt = (
        ()
        if clock.confidence == "verified"
        else (
            Said(
                en=f"The end of this half is {clock.confidence}: no publication that states it was read.",
                nl=f"Het einde van deze helft is {SURE_NL.get(clock.confidence, clock.confidence)}: "
                "geen bekendmaking ervan gelezen.",
            ),
        )
    )
    return Event(
        kind=Kind.DEADLINE,
        key=f"{thread}:{stage}",
        thread=thread,
        country=clock.country,
        groups=clock.groups,
        state=clock.state,
        facts={
            "moratorium": clock.title,
            "moratorium_nl": clock.title_nl,
            "half": clock.half,
            "ends_on": clock.ends_on.isoformat(),
            "left_days": str((clock.ends_on - day).days),
            "stage_days": str(stage),
            "before_days": str(min(later)) if later else "",
            "groups": ", ".join(clock.groups),
        },
        reasons=doubt,
        questions=clock.deciding,
        links=(f"/moratoria/{clock.moratorium}",),
    )


def review_event(review: Review, day: date, last_look: date | None) -> Event | None:
    """Return the event of a review that is coming due: thirty and seven days before, and on its day."""
    stage = stage_due(review.due_on, day, last_look, REVIEW_STAGES)
    if stage is None:
        return None
    thread = f"review:{review.what}:{review.id}:{review.due_on}"
    link = f"/moratoria/{review.id}" if review.what == "duty" else f"/questions/{review.deciding[0]}"
    return Event(
        kind=Kind.REVIEW_DUE,
        key=f"{thread}:{stage}",
        thread=thread,
        country=review.country,
        groups=review.groups,
        state=review.state,
        facts={
            "what": review.what,
            "title": review.title,
            "title_nl": review.title_nl,
            "due_on": review.due_on.isoformat(),
            "left_days": str((review.due_on - day).days),
            "groups": ", ".join(review.groups),
        },
        reasons=() if review.confirmed else (UNCONFIRMED,),
        questions=review.deciding,
        links=(link,),
    )


SURE_NL = {"inferred": "afgeleid", "unverified": "niet geverifieerd"}
UNCONFIRMED = Said(
    en="The interval of this review is not confirmed at its legal source.",
    nl="De termijn van deze toetsing is niet bij de rechtsbron bevestigd.",
)


def stale_events(clock: Clock, stale: Iterator[tuple[str, str, str]]) -> Iterator[Event]:
    """Yield one event for each deciding question that lapses before the half ends: (question, what, first day)."""
    for question, what, on in stale:
        yield Event(
            kind=Kind.STALE_BEFORE_END,
            key=f"stale:{clock.moratorium}:{clock.half}:{clock.ends_on}:{question}:{what}:{on}",
            thread=f"stale:{clock.moratorium}:{question}",
            country=clock.country,
            groups=clock.groups,
            state=clock.state,
            facts={
                "moratorium": clock.title, "moratorium_nl": clock.title_nl, "half": clock.half,
                "ends_on": clock.ends_on.isoformat(),
                "question": question, "what": what, "stale_on": on, "groups": ", ".join(clock.groups),
                "short_days": str((clock.ends_on - date.fromisoformat(on)).days),
            },
            questions=(question,),
            links=(f"/moratoria/{clock.moratorium}", f"/questions/{question}"),
        )  # fmt: skip
