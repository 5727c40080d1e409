"""What happened, from the rows before and after. Pure: the same rows give the same events with the same keys."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from review.alerts.model import Event, Kind, SourceChange, Verdict
from review.method.words import Said

RANK = {"insufficient": 0, "emerging": 1, "sufficient": 2}
BAD = ("failing", "broken")
PUBLICATION = {
    "due": Kind.PUBLICATION_DUE,
    "overdue": Kind.PUBLICATION_OVERDUE,
    "arrived": Kind.PUBLICATION_ARRIVED,
}
SILENT_AFTER = timedelta(minutes=30)
"""Of a schedule that looks every ten minutes: three looks missed are no busy machine."""


def verdict_events(before: Verdict, after: Verdict) -> Iterator[Event]:
    """Yield what changed between two verdicts on one question in one reading.

    A fall is told in both readings (the reviewed one can be signed), the rest in the provisional one, which also an
    unattended install has. What counts is the effective status: falls at once, rises after seven days (method §8).
    """
    rank = RANK[after.effective] - RANK[before.effective]
    if rank < 0:
        yield _of_verdict(Kind.STATUS_FELL, before, after, before.effective, after.effective)
    if after.reading != "provisional":
        return
    if rank > 0:
        yield _of_verdict(Kind.STATUS_ROSE, before, after, before.effective, after.effective)
    if after.fragile and not before.fragile:
        yield _of_verdict(Kind.FRAGILE, before, after, "", after.fragile_origin)
    for origin in sorted(after.contradictions - before.contradictions):
        yield _of_verdict(Kind.CONTRADICTION, before, after, "", origin, tail=f":{origin}")


def _of_verdict(kind: Kind, before: Verdict, after: Verdict, was: str, now: str, tail: str = "") -> Event:
    fresh = [p for p in after.passages if p not in set(before.passages)]
    ordered = [*fresh, *(p for p in after.passages if p not in set(fresh)), *before.passages]
    return Event(
        kind=kind,
        key=f"{kind}:{after.country}:{after.question}:{after.reading}:{after.as_of}:{after.digest[:12]}{tail}",
        thread=f"question:{after.country}:{after.question}:{after.reading}",
        country=after.country,
        groups=(after.group,) if after.group else (),
        facts={
            "question": after.question, "wording": after.wording, "wording_nl": after.wording_nl,
            "reading": after.reading, "was": was, "now": now, "as_of": after.as_of, "group": after.group or "",
        },
        reasons=after.reasons,
        passages=tuple(dict.fromkeys(ordered)),
        questions=(after.question,),
        links=(f"/questions/{after.question}",),
    )  # fmt: skip


def reopened_events(
    *, id_: str, title: str, country: str, on: date, questions: Iterable[tuple[str, str | None]]
) -> Iterator[Event]:
    """Yield one event per group for a watershed in force: earlier evidence on these (question, group) is background."""
    by_group: dict[str | None, list[str]] = {}
    for question, group in questions:
        by_group.setdefault(group, []).append(question)
    for group, ids in sorted(by_group.items(), key=lambda item: item[0] or ""):
        yield Event(
            kind=Kind.REOPENED,
            key=f"reopened:{id_}:{on}:{group or '-'}",
            thread=f"watershed:{id_}",
            country=country,
            groups=(group,) if group else (),
            facts={"title": title, "on": on.isoformat(), "group": group or "", "questions": ", ".join(ids)},
            questions=tuple(ids[:3]),
            links=(f"/matrix/{country}",),
        )


def report_event(
    *, document: int, title: str, publisher: str, published_on: str, country: str, group: str, passages: tuple[int, ...]
) -> Event:
    """Return the event of a new official report that speaks about a group (law §7: one on each)."""
    return Event(
        kind=Kind.OFFICIAL_REPORT,
        key=f"report:{document}:{country}:{group}",
        thread=f"report:{document}",
        country=country,
        groups=(group,),
        facts={
            "title": title,
            "publisher": publisher,
            "published_on": published_on,
            "group": group,
            "number": str(len(passages)),
        },
        passages=passages,
        links=(f"/documents/{document}",),
    )


def withdrawn_event(
    *, document: int, title: str, publisher: str, mark: str, noticed_on: str, country: str, group: str,
    rows: Iterable[tuple[int, str]],
) -> Event:  # fmt: skip
    """Return the event of evidence whose text its source took back; rows are (passage, question).

    `mark` names the version or state of the document that no longer has it.
    """
    found = tuple(rows)
    questions = tuple(dict.fromkeys(question for _, question in found))
    return Event(
        kind=Kind.EVIDENCE_WITHDRAWN,
        key=f"withdrawn:{document}:{mark}:{country}:{group}",
        thread=f"withdrawn:{document}",
        country=country,
        groups=(group,),
        facts={"title": title, "publisher": publisher, "noticed_on": noticed_on, "group": group,
               "number": str(len({passage for passage, _ in found})), "questions": ", ".join(questions)},
        passages=tuple(dict.fromkeys(passage for passage, _ in found)),
        questions=questions,
        links=(f"/documents/{document}",),
    )  # fmt: skip


def publication_event(
    *, id_: int, key: str, title: str, country: str, before: str, after: str, first_day: str, last_day: str,
    document: int | None,
) -> Event | None:  # fmt: skip
    """Return the event of an awaited publication that became due, overdue, or arrived; None for 'expected'."""
    kind = PUBLICATION.get(after)
    if kind is None:
        return None
    return Event(
        kind=kind,
        key=f"publication:{key}:{after}:{id_}",
        thread=f"publication:{key}",
        country=country,
        facts={"title": title, "was": before or "expected", "now": after, "first_day_on": first_day,
               "last_day_on": last_day},
        links=(f"/documents/{document}",) if document else (),
    )  # fmt: skip


def source_events(change: SourceChange) -> Iterator[Event]:
    """Yield what a change of a source's state tells: for each country that it is decisive for, else once.

    Failing and broken are told apart (the second does not come back by itself); one failure (suspect) is not told.
    """
    if change.after in BAD and change.after != change.before:
        kind = Kind.SOURCE_BROKEN
    elif change.before in BAD and change.after == "ok":
        kind = Kind.SOURCE_RECOVERED
    else:
        return
    for country in change.countries or (None,):
        yield Event(
            kind=kind,
            key=f"source:{change.source}:{change.after}:{change.id}:{country or '-'}",
            thread=f"source:{change.source}:{country or '-'}",
            country=country,
            decisive=country is not None,
            facts={"title": change.title, "source": change.source, "was": change.before, "now": change.after,
                   "at": change.at},
            reasons=(Said(en=change.message, nl=change.message),),
            links=(f"/sources/{change.source}",),
        )  # fmt: skip


def register_event(*, file: str, problem: str, key: str, state: str | None, country: str | None) -> Event:
    """Return the event of a declaration or row that is refused; `key` names what is wrong, and since when."""
    return Event(
        kind=Kind.REGISTER_BROKEN,
        key=f"register:{key}",
        thread=f"register:{file}",
        country=country,
        state=state,
        decisive=True,
        facts={"file": file},
        reasons=(Said(en=problem, nl=problem),),
        links=("/moratoria",),
    )


def silence_event(*, last_at: str, by: str, heard_at: str | None, now: datetime) -> Event | None:
    """Return the event of a schedule that did not look for half an hour, whether it looks again (`heard_at`) or not.

    The caller leaves out a schedule that was told to stop, and cron, which looks as often as somebody set it to.
    """
    until = datetime.fromisoformat(heard_at) if heard_at else now
    gap = until - datetime.fromisoformat(last_at)
    if gap <= SILENT_AFTER:
        return None
    return Event(
        kind=Kind.SCHEDULER_SILENT,
        key=f"silent:{last_at}",
        thread=f"silent:{last_at}",
        decisive=True,
        facts={
            "by": by,
            "last_at": last_at,
            "heard_at": heard_at or "",
            "gap_minutes": str(int(gap.total_seconds() // 60)),
        },
        links=("/sources",),
    )


def dead_letter_event(*, letter: int, subject: str, attempts: int) -> Event:
    """Return the event of a message that could not be delivered and is tried no more.

    To whom, by which channel and why is not in it: an alert may be read by anybody who may read the site.
    """
    return Event(
        kind=Kind.DEAD_LETTER,
        key=f"dead:{letter}:{attempts}",
        thread=f"dead:{letter}",
        facts={"letter": str(letter), "subject": subject, "number": str(attempts)},
        links=("/alerts",),
    )
