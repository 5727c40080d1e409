"""What became known since the last look, read from the rows. Each finder has a mark: how far it has looked.

A mark moves in the transaction that keeps what was found, so a crash loses and repeats nothing. The first look only
sets the marks: an installation with a history is not told its history; deadlines that run are told at once.
"""

import json
import sqlite3
from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from review.alerts import deadlines, events
from review.alerts.clocks import clocks, day_in, reviews, stale_of
from review.alerts.model import Event, Kind, SourceChange
from review.alerts.verdicts import changes
from review.refusals import refusals
from store import alerts as kept
from store import health
from store import letters as post
from store.clock import instant
from store.db import home_of

Mark = Any  # what JSON can hold; None at the first look
Found = tuple[list[Event], Mark]
OLD_REPORT = timedelta(days=90)  # a report published longer before it was first seen is an addition, no news
CRON_SILENT_AFTER = timedelta(days=1)


def find_deadlines(conn: sqlite3.Connection, mark: Mark, now: datetime) -> Found:
    """Deadline stages and reviews; the mark is the instant of the last look."""
    last = datetime.fromisoformat(mark) if mark else None
    found = []
    for clock in clocks(conn, now):
        day, before = day_in(clock.state, now), day_in(clock.state, last) if last else None
        found.append(deadlines.deadline_event(clock, day, before))
    for review in reviews(conn, now, home_of(conn).declared):
        day, before = day_in(review.state, now), day_in(review.state, last) if last else None
        found.append(deadlines.review_event(review, day, before))
    newest = max(now, last) if last else now
    return [event for event in found if event], newest.isoformat()


def find_stale(conn: sqlite3.Connection, mark: Mark, now: datetime) -> Found:
    """Deciding questions that lapse before a half that still runs; the mark holds those that did at the last look."""
    found, standing = [], []
    for clock in clocks(conn, now):
        if clock.ends_on < day_in(clock.state, now):
            continue
        for event in deadlines.stale_events(clock, stale_of(conn, clock, now)):
            standing.append(event.key.rsplit(":", 1)[0])  # without the day, which moves with every new item
            found.append(event)
    known = set(mark or ())
    return [event for event in found if event.key.rsplit(":", 1)[0] not in known], sorted(set(standing))


def find_verdicts(conn: sqlite3.Connection, mark: Mark, now: datetime) -> Found:
    """Falls, rises, fragile statuses, contradictions between stored verdicts; the mark: the newest id, and the day."""
    day = now.date().isoformat()
    newest = {"id": kept.newest_id(conn, "verdicts"), "day": day}
    if mark is None:
        return [], newest
    pairs = changes(conn, mark["id"], last=mark["day"], day=day)
    return [event for before, after in pairs for event in events.verdict_events(before, after)], newest


def find_reopened(conn: sqlite3.Connection, mark: Mark, now: datetime) -> Found:
    """Watersheds that are in force by now; the mark lists those that were."""
    rows = conn.execute(
        "select * from watersheds where announced = 0 and on_day <= ? order by on_day, id", [now.date().isoformat()]
    ).fetchall()
    keys = {f"{row['id']}:{row['on_day']}" for row in rows}
    found: list[Event] = []
    for row in rows:
        if mark is not None and f"{row['id']}:{row['on_day']}" not in mark:
            questions = conn.execute(
                """select q.id, q.group_id from watershed_questions w join current_questions q on q.id = w.question_id
                   where w.watershed_id = ? order by q.decisive desc, q.id""",
                [row["id"]],
            )
            found += events.reopened_events(
                id_=row["id"],
                title=row["title"],
                country=row["country"],
                on=date.fromisoformat(row["on_day"]),
                questions=[(one["id"], one["group_id"]) for one in questions],
            )
    return found, sorted(keys)


def find_reports(conn: sqlite3.Connection, mark: Mark, now: datetime) -> Found:
    """New official reports that speak about a group; the mark is the newest tag, and since when there are alerts."""
    newest = kept.newest_id(conn, "mentions")
    if mark is None:
        return [], {"mention": newest, "since": now.isoformat()}
    since = datetime.fromisoformat(mark["since"])
    pages: dict[tuple[int, str, str], list[sqlite3.Row]] = {}
    for row in kept.official_mentions(conn, after=mark["mention"]):
        seen = datetime.fromisoformat(row["first_seen_at"])
        published = date.fromisoformat(row["published_on"] or row["first_seen_at"][:10])
        if seen >= since and published >= seen.date() - OLD_REPORT:
            pages.setdefault((row["document_id"], row["country"], row["group_id"]), []).append(row)
    found = [
        events.report_event(
            document=document,
            title=rows[0]["title"],
            publisher=rows[0]["publisher"],
            published_on=rows[0]["published_on"] or rows[0]["first_seen_at"][:10],
            country=country,
            group=group,
            passages=tuple(dict.fromkeys(row["passage_id"] for row in rows)),
        )
        for (document, country, group), rows in pages.items()
    ]
    return found, {**mark, "mention": newest}


def find_withdrawn(conn: sqlite3.Connection, mark: Mark, now: datetime) -> Found:
    """Evidence whose text left its document, by an edit or with the document; the marks are version and state ids."""
    newest = {"versions": kept.newest_id(conn, "versions"), "states": kept.newest_id(conn, "document_states")}
    if mark is None:
        return [], newest
    groups: dict[tuple[int, str, str, str], list[sqlite3.Row]] = {}
    for row in kept.withdrawn_evidence(conn, versions_after=mark["versions"], states_after=mark["states"]):
        groups.setdefault((row["document_id"], row["mark"], row["country"], row["group_id"]), []).append(row)
    found = [
        events.withdrawn_event(
            document=document,
            title=rows[0]["title"],
            publisher=rows[0]["publisher"],
            mark=named,
            noticed_on=rows[0]["noticed_at"][:10],
            country=country,
            group=group,
            rows=[(row["passage_id"], row["question_id"]) for row in rows],
        )
        for (document, named, country, group), rows in groups.items()
    ]
    return found, newest


def find_publications(conn: sqlite3.Connection, mark: Mark, now: datetime) -> Found:
    """Awaited publications that became due, overdue or arrived; the mark is the newest of their events."""
    newest = kept.newest_id(conn, "expectation_events")
    if mark is None:
        return [], newest
    rows = conn.execute(
        """select v.*, x.title, x.country, x.first_day, x.last_day from expectation_events v
           join expectations x on x.id = (select max(y.id) from expectations y where y.key = v.key)
           where v.id > ? order by v.id""",
        [mark],
    )
    found = [
        events.publication_event(
            id_=row["id"], key=row["key"], title=row["title"], country=row["country"], before=row["before"],
            after=row["after"], first_day=row["first_day"], last_day=row["last_day"], document=row["document_id"],
        )
        for row in rows
    ]  # fmt: skip
    return [event for event in found if event], newest


def find_proposals(conn: sqlite3.Connection, mark: Mark, now: datetime) -> Found:
    """Moratoria that the rules read in a document and a person has to confirm; the mark is the newest proposal."""
    newest = kept.newest_id(conn, "moratorium_proposals")
    if mark is None:
        return [], newest
    rows = conn.execute(
        """select p.*, d.id as document_id, d.title, coalesce(nullif(d.publisher, ''), s.publisher) as publisher
           from moratorium_proposals p join versions v on v.id = p.version_id
           join documents d on d.id = v.document_id join sources s on s.id = d.source_id
           where p.id > ? order by p.id""",
        [mark],
    )
    return [
        Event(
            kind=Kind.MORATORIUM_PROPOSED,
            key=f"proposed:{row['document_id']}:{row['act']}:{row['country'] or '-'}:{row['version_id']}",
            thread=f"proposed:{row['document_id']}",
            country=row["country"],
            state=row["state"],
            facts={"title": row["title"], "publisher": row["publisher"], "act": row["act"],
                   "group_said": row["group_said"], "first_day_on": row["first_day"] or "",
                   "last_day_on": row["last_day"] or "", "basis": row["legal_basis"]},
            links=("/moratoria", f"/documents/{row['document_id']}"),
        )
        for row in rows
    ], newest  # fmt: skip


def find_sources(conn: sqlite3.Connection, mark: Mark, now: datetime) -> Found:
    """Sources that broke or recovered; the mark is the newest source event."""
    newest = kept.newest_id(conn, "source_events")
    if mark is None:
        return [], newest
    rows = conn.execute(
        """select e.*, s.title, s.declaration from source_events e join sources s on s.id = e.source_id
           where e.id > ? order by e.id""",
        [mark],
    )
    found: list[Event] = []
    for row in rows:
        change = SourceChange(
            id=row["id"], source=row["source_id"], title=row["title"], before=row["before"], after=row["after"],
            message=row["message"], at=row["at"],
            countries=tuple(json.loads(row["declaration"]).get("decisive_for") or ()),
        )  # fmt: skip
        found += events.source_events(change)
    return found, newest


def find_refused(conn: sqlite3.Connection, mark: Mark, now: datetime) -> Found:
    """Declarations and rows that are refused; the mark names those that were at the last look.

    Like a deadline that runs, what is refused at the first look is told: it may hide one.
    """
    broken = {
        f"{one.file}:{sha256(one.problem.encode()).hexdigest()[:12]}": one
        for one in refusals(conn, home_of(conn).declared)
    }
    found = [
        events.register_event(
            file=one.file, problem=one.problem, key=f"{key}:{instant(now)}", state=one.state, country=one.country
        )
        for key, one in broken.items()
        if key not in (mark or ())
    ]
    return found, sorted(broken)


def find_silence(conn: sqlite3.Connection, mark: Mark, now: datetime) -> Found:
    """A schedule that nobody stopped and that does not look, or did not for a while; it needs no mark."""
    beat = health.heartbeat(conn)
    if beat is None:
        return [], None
    by_cron = "--due" in beat.by  # cron looks as often as somebody set it to
    found = []
    if beat.interval_s and not by_cron:
        began = datetime.fromisoformat(beat.at) - timedelta(seconds=beat.interval_s)
        last = began.strftime("%Y-%m-%dT%H:%M:%SZ")
        found.append(events.silence_event(last_at=last, by=beat.by, heard_at=beat.at, now=now))
    if beat.stopped_at is None:
        allowed = max(CRON_SILENT_AFTER, timedelta(seconds=2 * beat.interval_s)) if by_cron else events.SILENT_AFTER
        if now - datetime.fromisoformat(beat.at) > allowed:
            found.append(events.silence_event(last_at=beat.at, by=beat.by, heard_at=None, now=now))
    return [event for event in found if event], None


def find_dead_letters(conn: sqlite3.Connection, mark: Mark, now: datetime) -> Found:
    """Messages that are tried no more; one that only tells of another dead letter is not told again."""
    newest = kept.newest_id(conn, "deliveries")
    rows = post.died(conn, after=mark or 0)
    return [
        events.dead_letter_event(letter=row["id"], subject=row["about"], attempts=row["attempt"]) for row in rows
    ], newest


FINDERS: dict[str, Callable[[sqlite3.Connection, Mark, datetime], Found]] = {
    "deadlines": find_deadlines,
    "stale": find_stale,
    "verdicts": find_verdicts,
    "reopened": find_reopened,
    "reports": find_reports,
    "withdrawn": find_withdrawn,
    "publications": find_publications,
    "proposals": find_proposals,
    "sources": find_sources,
    "register": find_refused,
    "silence": find_silence,
    "dead_letters": find_dead_letters,
}
