"""One run of the alerts: find, escalate, write, deliver. Killed anywhere, the next run goes on where it stopped.

The guarantee, in full: an event and who is to be told of it are kept in one transaction; each letter is written once
and claimed before it is sent. A kill between a server's "taken" and our note of it leaves a claim without an outcome;
the letter is then sent again, word for word, under the same Message-ID. So nothing is lost, every letter reaches its
server at least once, and at most one extra time per crash; a mailbox that knows Message-IDs shows it once.
"""

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from review import register
from review.alerts import hours, letters, tokens
from review.alerts.letters import Part
from review.alerts.people import Directory, Person
from review.alerts.raising import escalate, raise_all
from review.alerts.say import Words, shown
from review.alerts.sending import NotSent, Outgoing, send
from review.alerts.subscribing import problems
from review.refusals import refusals
from store import health
from store import letters as post
from store.clock import instant
from store.db import connect, writing
from store.declared import DeclarationError
from store.errors import ForPeople
from store.home import Home

AGAIN_AFTER = tuple(timedelta(minutes=m) for m in (5, 15, 60, 180, 360, 720, 1440))
"""How long after each failure it is tried again; after the last, two days in all, the letter is dead."""
DIGEST_AT = time(7, 30)


class Busy(ForPeople, RuntimeError):
    """Another run of the alerts is at work in this home."""


@dataclass(kw_only=True)
class Report:
    """What a run did, and what somebody must set right."""

    alerts: int = 0
    escalated: int = 0
    letters: int = 0
    sent: int = 0
    failed: int = 0
    dead: int = 0
    problems: list[str] = field(default_factory=list)


def run(home: Home, *, now: datetime, environ: Mapping[str, str] | None = None) -> Report:
    """Do everything that is due now. Raises Busy while another run is at work."""
    environ = os.environ if environ is None else environ
    report, directory = Report(), Directory.load(home.declared)
    with _alone(home):
        conn = connect(home)
        try:
            report.problems += [*_brought_up(conn, home, now), *directory.problems, *problems(conn, directory, environ)]
            report.alerts = raise_all(conn, now, complain=report.problems.append)
            report.escalated = escalate(conn, directory, now)
            report.letters = write_letters(conn, directory, now, site=letters.site_of(environ))
            _deliver_all(conn, home, directory, environ, now, report)
            with writing(conn):
                health.note_step(conn, "alerts", at=instant(now))
        finally:
            conn.close()
    report.problems = list(dict.fromkeys(report.problems))
    return report


def _brought_up(conn: sqlite3.Connection, home: Home, now: datetime) -> list[str]:
    """Take in what was declared since, e.g. a watershed, and say which files are wrong; the rest goes on."""
    try:
        said = register.fresh(conn, home.declared, at=instant(now))
    except ForPeople as error:
        said = [f"what is declared was not taken in: {error}"]
    return [*said, *(one.problem for one in refusals(conn, home.declared) if one.problem not in said)]


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """One run at a time: a claim that the holder of this lock finds open is one of a run that died."""
    home.create()
    lock = FileLock(home.locks / "alerts", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise Busy("another 'coi alerts' is at work in this home; it does what is due") from error
    try:
        yield
    finally:
        lock.release()


def write_letters(conn: sqlite3.Connection, directory: Directory, now: datetime, *, site: str) -> int:
    """Write what waits: each immediate alert as a letter of its own, digests whose time has come. Return how many."""
    waiting, written = post.unwritten(conn), 0
    for row in (row for row in waiting if row["rhythm"] == "immediate"):
        key = f"{row['event_key']}/{row['person']}/{row['channel']}/{row['kind']}"
        written += _write(conn, directory, [row], key=key, rhythm="immediate", now=now, site=site)
    digests = sorted((row for row in waiting if row["rhythm"] == "digest"), key=lambda row: (*_to(row), row["id"]))
    for (person, channel), some in groupby(digests, key=_to):
        turn = _turn(directory.people.get(person), now)
        ready = [row for row in some if row["queued_at"] <= instant(turn.until)]
        key = f"digest/{person}/{channel}/{turn.day}"
        if ready and not post.has_letter(conn, key):
            written += _write(conn, directory, ready, key=key, rhythm="digest", now=now, site=site)
    return written


def _to(row: sqlite3.Row) -> tuple[str, str]:
    return row["person"], row["channel"]


def _turn(person: Person | None, now: datetime) -> hours.DigestTurn:
    return hours.digest_turn(now, person.digest_at if person else DIGEST_AT, person.tz if person else ZoneInfo("UTC"))


def _write(
    conn: sqlite3.Connection, directory: Directory, rows: list[sqlite3.Row], *, key: str, rhythm: str, now: datetime,
    site: str,
) -> bool:  # fmt: skip
    """Write one letter in the person's language and keep it with its outbox rows, in one transaction."""
    person = directory.people.get(rows[0]["person"])
    words = Words(person.language if person else "en")
    parts = [_part(row, directory, words) for row in rows]
    if rhythm == "digest":
        lead = words("letter.digest.lead")
        subject = (
            parts[0].shown.title
            if len(parts) == 1
            else words("letter.digest.subject", n=len(parts), on=_turn(person, now).day.isoformat())
        )
    else:
        lead, kind = "", rows[0]["kind"]
        about = words(f"letter.{kind}.subject", owner=_name(directory, rows[0]["owner"])) if kind != "owner" else ""
        subject = f"{about}: {parts[0].shown.title}" if about else parts[0].shown.title
    letter = letters.write(f"[COI] {subject}", lead, parts, language=words.language, site=site, key=key)
    with writing(conn):
        made = post.keep_letter(
            conn, key=key, person=rows[0]["person"], channel=rows[0]["channel"], rhythm=rhythm,
            language=words.language, subject=letter.subject, body=letter.body, html=letter.html,
            outbox=[row["id"] for row in rows], at=instant(now),
        )  # fmt: skip
    return made is not None


def _part(row: sqlite3.Row, directory: Directory, words: Words) -> Part:
    note = ""
    if row["kind"] != "owner":
        note = words(f"letter.{row['kind']}", owner=_name(directory, row["owner"]))
    found = shown(row["event_key"], json.loads(row["details"]), words.language)
    return Part(alert_id=row["alert_id"], shown=found, asks=bool(row["at_once"]), note=note)


def _name(directory: Directory, id_: str) -> str:
    return directory.people[id_].title if id_ in directory.people else id_


def _deliver_all(
    conn: sqlite3.Connection, home: Home, directory: Directory, environ: Mapping[str, str], now: datetime,
    report: Report,
) -> None:  # fmt: skip
    """Send every letter whose time has come; a channel that does not answer is left for the next run."""
    down: set[str] = set()
    key, site = tokens.secret(home), letters.site_of(environ)
    for row in post.open_letters(conn, now=instant(now)):
        person = directory.people.get(row["person"])
        if row["channel"] in down or (person and hours.is_quiet(now, person.quiet_from, person.quiet_to, person.tz)):
            continue
        attempt = row["attempt"] + 1
        with writing(conn):
            post.deliver(conn, row["id"], attempt, "claimed", at=instant(now))
        try:
            message = _outgoing(row, directory.person(row["person"]), attempt, key, site)
            send(directory.channel(row["channel"]), message, environ)
        except (NotSent, DeclarationError) as error:
            if getattr(error, "channel_down", False):
                down.add(row["channel"])
            _failed(conn, row, attempt, str(error), now, report)
            continue
        with writing(conn):
            post.deliver(conn, row["id"], attempt, "sent", at=instant(now))
        report.sent += 1


def _failed(
    conn: sqlite3.Connection, row: sqlite3.Row, attempt: int, error: str, now: datetime, report: Report
) -> None:
    """Keep a failure with when it is tried again, or that it is tried no more."""
    tries = row["tries"]  # before this one
    with writing(conn):
        if tries < len(AGAIN_AFTER):
            next_at = instant(now + AGAIN_AFTER[tries])
            post.deliver(conn, row["id"], attempt, "failed", at=instant(now), error=error, next_at=next_at)
            report.failed += 1
        else:
            post.deliver(conn, row["id"], attempt, "dead", at=instant(now), error=error)
            report.dead += 1
    report.problems.append(f"message {row['id']} to {row['person']} by {row['channel']}: {error}")


def _outgoing(row: sqlite3.Row, person: Person, attempt: int, key: bytes, site: str) -> Outgoing:
    made_at = datetime.fromisoformat(row["made_at"])

    def link(alert_id: int) -> str:
        token = tokens.sign(key, alert_id, person.id, made_at.astimezone(UTC).date())
        return f"{site}/alerts/seen?{'lang=nl&' if person.language == 'nl' else ''}token={token}"

    return Outgoing(
        key=row["key"],
        subject=row["subject"],
        body=letters.fill(row["body"], link),
        html=letters.fill(row["html"], link),
        to=person,
        made_at=made_at,
        attempt=attempt,
    )
