"""Origins and the links that lead to them. Nothing is taken back: links end by a further row, people decide by one."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from store.errors import ForPeople

BY_PERSON = "person"  # the rules version (and rule) of a link that a person made


class UnknownLink(ForPeople, LookupError):
    """A link or a document that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """One step from a document (or a span of one of its passages) to where its statement comes from."""

    document_id: int
    origin_id: str  # doc:<source>:<key>, named:rtl, said:ru-kremlin:2022-04-01
    origin_label: str
    rule: str
    why: str
    certainty: str  # merged, proposed
    strength: float
    via: tuple[str, ...] = ()
    passage_id: int | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDecision:
    """What a person says of one link: confirm or split."""

    link_id: int
    decision: str
    reason: str
    actor: str
    decided_at: str


def keep_links(conn: sqlite3.Connection, links: Iterable[LinkRow], *, rules_version: str, at: str) -> int:
    """Keep the links that are not held yet; return how many are new."""
    new = 0
    for link in links:
        conn.execute(
            "insert into origins (id, label, first_seen_at) values (?, ?, ?) on conflict (id) do nothing",
            [link.origin_id, link.origin_label, at],
        )
        new += conn.execute(
            """insert into origin_links (document_id, passage_id, start, end, origin_id, rule, why, certainty, strength,
                 via, rules_version, found_at)
               values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing""",
            [
                link.document_id, link.passage_id, link.start, link.end, link.origin_id, link.rule, link.why,
                link.certainty, link.strength, json.dumps(link.via, ensure_ascii=False), rules_version, at,
            ],
        ).rowcount  # fmt: skip
    return new


def renew_links(
    conn: sqlite3.Connection, documents: Collection[int], links: Iterable[LinkRow], *, rules_version: str, at: str
) -> int:
    """Let just these links be in force for these documents; return how many are new or came again.

    What was held and is not among them has ended; a link is the same if every fact of it is, its reason included.
    """
    held = _in_force(conn, documents, rules_version)
    wanted = {_facts(link): link for link in links}
    ended = [link_id for facts, (link_id, ended) in held.items() if facts not in wanted and not ended]
    again = [link_id for facts, (link_id, ended) in held.items() if facts in wanted and ended]
    conn.executemany(
        "insert into origin_link_events (origin_link_id, event, at) values (?, ?, ?)",
        [(link_id, "ended", at) for link_id in ended] + [(link_id, "again", at) for link_id in again],
    )
    new = [link for facts, link in wanted.items() if facts not in held]
    return keep_links(conn, new, rules_version=rules_version, at=at) + len(again)


def _facts(link: LinkRow) -> tuple[object, ...]:
    return (
        link.document_id, link.passage_id, link.start, link.end, link.origin_id, link.rule, link.why, link.certainty,
        link.strength, link.via,
    )  # fmt: skip


def _in_force(
    conn: sqlite3.Connection, documents: Collection[int], rules_version: str
) -> Mapping[tuple[object, ...], tuple[int, bool]]:
    """Every link that these rules found for these documents: its facts -> (id, whether it has ended)."""
    rows = conn.execute(
        """select l.*, (select e.event from origin_link_events e where e.origin_link_id = l.id
                        order by e.id desc limit 1) as event
           from origin_links l where l.rules_version = ? and l.document_id in (select value from json_each(?))
           order by l.id""",
        [rules_version, json.dumps(sorted(documents))],
    )
    return {
        (
            row["document_id"], row["passage_id"], row["start"], row["end"], row["origin_id"], row["rule"], row["why"],
            row["certainty"], row["strength"], tuple(json.loads(row["via"])),
        ): (row["id"], row["event"] == "ended")
        for row in rows
    }  # fmt: skip


def keep_rules(conn: sqlite3.Connection, rules_version: str, *, at: str) -> None:
    """Keep from when these rules look for origins, unless they are the ones that did so already."""
    newest = conn.execute("select rules_version from origin_rules order by id desc limit 1").fetchone()
    if newest is None or newest[0] != rules_version:
        conn.execute("insert into origin_rules (rules_version, at) values (?, ?)", [rules_version, at])


def keep_linkings(conn: sqlite3.Connection, versions: Iterable[int], *, rules_version: str, at: str) -> None:
    """Keep that these rules have looked for the well-springs of these versions."""
    conn.executemany(
        "insert into linkings (version_id, rules_version, linked_at) values (?, ?, ?) on conflict do nothing",
        [(version, rules_version, at) for version in versions],
    )


def decide(conn: sqlite3.Connection, decision: LinkDecision) -> int:
    """Add a person's decision on a link; the newest is in force. Returns its id. Raises UnknownLink."""
    if conn.execute("select 1 from origin_links where id = ?", [decision.link_id]).fetchone() is None:
        raise UnknownLink(f"there is no link {decision.link_id}; 'coi origins list DOCUMENT' shows those of a document")
    found = conn.execute(
        "insert into origin_decisions (origin_link_id, decision, reason, actor, decided_at) values (?, ?, ?, ?, ?)",
        [decision.link_id, decision.decision, decision.reason, decision.actor, decision.decided_at],
    )
    return int(found.lastrowid or 0)


def merge(conn: sqlite3.Connection, child: int, parent: int, *, reason: str, actor: str, at: str) -> int:
    """Let a person say that one document comes from another that the rules did not link. Returns the link's id.

    The link belongs to no rules version and so survives all; a later 'split' undoes it. Raises UnknownLink.
    """
    if child == parent:
        raise UnknownLink(f"document {child} cannot come from itself; name the other document")
    origin, label = _origin_of(conn, parent)
    _origin_of(conn, child)
    row = LinkRow(
        document_id=child, origin_id=origin, origin_label=label, rule=BY_PERSON, why="A person says so.",
        certainty="proposed", strength=1.0,
    )  # fmt: skip
    keep_links(conn, [row], rules_version=BY_PERSON, at=at)
    link_id = conn.execute(
        "select id from origin_links where document_id = ? and origin_id = ? and rules_version = ?",
        [child, origin, BY_PERSON],
    ).fetchone()[0]
    last = conn.execute(
        "select decision, reason, actor from origin_decisions where origin_link_id = ? order by id desc limit 1",
        [link_id],
    ).fetchone()
    if last is None or tuple(last) != ("confirm", reason, actor):  # else the same form, sent twice
        decide(conn, LinkDecision(link_id=link_id, decision="confirm", reason=reason, actor=actor, decided_at=at))
    return int(link_id)


def _origin_of(conn: sqlite3.Connection, document_id: int) -> tuple[str, str]:
    """A document as an origin: (key, label)."""
    row = conn.execute("select source_id, key, title from documents where id = ?", [document_id]).fetchone()
    if row is None:
        raise UnknownLink(f"there is no document {document_id}; its number stands in the address of its page")
    return f"doc:{row['source_id']}:{row['key']}", row["title"] or f"document {document_id}"
