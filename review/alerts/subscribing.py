"""Who is told of an event: subscriptions are rows, each stands for itself. Matching, and the checks of a new row."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from review.alerts.model import AT_ONCE, Event, Kind
from review.alerts.people import Directory
from review.countries import iso_codes
from store import letters as post
from store.declared import DeclarationError

ANY = "*"
WITHOUT_COUNTRY = frozenset({Kind.SCHEDULER_SILENT, Kind.DEAD_LETTER})
WITHOUT_GROUP = WITHOUT_COUNTRY | {
    Kind.SOURCE_BROKEN, Kind.SOURCE_RECOVERED, Kind.PUBLICATION_DUE, Kind.PUBLICATION_OVERDUE,
    Kind.PUBLICATION_ARRIVED, Kind.MORATORIUM_PROPOSED, Kind.REGISTER_BROKEN,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One subscription: person x country x group x event x channel x rhythm. '*' is any, and none."""

    person: str
    country: str
    group: str
    event: str
    channel: str
    rhythm: str


def recipients(event: Event, rows: Iterable[Mapping[str, Any] | sqlite3.Row]) -> dict[tuple[str, str], str]:
    """Return the rhythm for each (person, channel) that is to be told; of several rows that fit, at once wins."""
    found: dict[tuple[str, str], str] = {}
    for row in rows:
        if row["country"] not in (ANY, event.country) or not (
            row["group_id"] == ANY or row["group_id"] in event.groups
        ):
            continue
        to = (row["person"], row["channel"])
        at_once = event.at_once and row["rhythm"] == "immediate"
        found[to] = "immediate" if at_once else found.get(to, "digest")
    return found


def check(conn: sqlite3.Connection, row: Row, directory: Directory, environ: Mapping[str, str]) -> None:
    """Refuse a subscription that could never be delivered as asked; the message names field, value and file."""
    person, channel = directory.person(row.person), directory.channel(row.channel)
    if row.event not in set(Kind):
        raise DeclarationError(f"field 'event': {row.event!r} is no event; events are: {', '.join(Kind)}")
    kind = Kind(row.event)
    if row.country != ANY and (len(row.country) != 2 or not row.country.isascii() or not row.country.isupper()):
        raise DeclarationError(f"field 'country': {row.country!r}; write two capitals, e.g. RU, or '*' for any")
    if row.country != ANY and row.country not in iso_codes():
        raise DeclarationError(f"field 'country': {row.country!r} is no country of ISO 3166-1; write e.g. RU, or '*'")
    groups = [found["id"] for found in conn.execute("select id from target_groups order by id")]
    if row.group != ANY and row.group not in groups:
        raise DeclarationError(f"field 'group': {row.group!r} is unknown; known: {', '.join(groups)}, or '*' for any")
    if kind in WITHOUT_COUNTRY and row.country != ANY:
        raise DeclarationError(f"field 'country': {row.country!r}, but {kind} is about no country; write '*'")
    if kind in WITHOUT_GROUP and row.group != ANY:
        raise DeclarationError(f"field 'group': {row.group!r}, but {kind} is about no group; write '*'")
    if row.rhythm == "immediate" and kind not in AT_ONCE:
        raise DeclarationError(
            f"field 'rhythm': {kind} comes in the digest; at once only: {', '.join(sorted(AT_ONCE))}"
        )
    if channel.via == "smtp" and person.address is None:
        raise DeclarationError(f"people/{person.id}.toml: field 'address': missing, and {channel.id!r} is mail")
    if lacking := channel.missing(environ):
        raise DeclarationError("\n".join(lacking))


def default_rhythm(event: str) -> str:
    """At once for what may go at once, else the daily digest."""
    return "immediate" if event in AT_ONCE else "digest"


def problems(conn: sqlite3.Connection, directory: Directory, environ: Mapping[str, str]) -> list[str]:
    """Say what is wrong with the subscriptions in force (a file is gone, a secret is missing), each thing once."""
    said: list[str] = []
    for found in conn.execute("select * from current_subscriptions order by id"):
        row = Row(person=found["person"], country=found["country"], group=found["group_id"], event=found["event"],
                  channel=found["channel"], rhythm=found["rhythm"])  # fmt: skip
        try:
            check(conn, row, directory, environ)
        except DeclarationError as error:
            said.append(f"subscription of {row.person!r} to {row.event} by {row.channel!r}: {error}")
    return list(dict.fromkeys(said))


def change(
    conn: sqlite3.Connection,
    row: Row,
    directory: Directory,
    environ: Mapping[str, str],
    *,
    act: str,
    actor: str,
    at: str,
) -> bool:
    """Keep a subscription, or that it ended; False where it stands so already. Runs in the caller's transaction."""
    if act == "subscribe":
        check(conn, row, directory, environ)
    return post.subscribe(
        conn, act=act, person=row.person, country=row.country, group=row.group, event=row.event, channel=row.channel,
        rhythm=row.rhythm, actor=actor, at=at,
    )  # fmt: skip
