"""Which questions can have another verdict than before: from what came in since the marks, and from the days between.

Rather one question too many than one too few: what is named here is judged again, and its rows decide. A question that
is not named has the same inputs as before, and no day lies between on which its result could turn (forecast.next_turn).
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from review import places
from review.marks import Marks, Pair
from review.relevance import HEADS as SCORED
from review.touched_sql import (
    ABOUT,
    DOCUMENTS,
    DUE,
    IN_COUNTRY,
    IN_GROUP,
    LATER_PUBLIC,
    NEWLY_KNOWN,
    OF_DOCUMENTS,
    PASSAGES_OF,
    QUESTIONS,
    READ_BY_PEOPLE,
    SEARCHED,
    SIGNED,
    STATES_SINCE,
)  # fmt: skip

MANY = 20_000  # new documents or passages from which on it is simpler to judge everything
Wanted = dict[Pair, str]


@dataclass(slots=True)
class Touched:
    """What has to be judged again, each question with the first reason that was found."""

    everything: str = ""  # the reason why all is judged
    both: Wanted = field(default_factory=dict)
    reviewed: Wanted = field(default_factory=dict)  # only the reading that asks for people's work

    def add(self, pairs: Iterable[Pair], why: str) -> None:
        """Name questions for both readings."""
        for pair in pairs:
            self.both.setdefault(pair, why)

    def add_reviewed(self, pairs: Iterable[Pair], why: str) -> None:
        """Name questions for the reviewed reading."""
        for pair in pairs:
            self.reviewed.setdefault(pair, why)


def touched(conn: sqlite3.Connection, old: Marks, new: Marks, basis: str) -> Touched:
    """What the rows between two marks, and the days between them, may have changed."""
    why = _everything(old, new, basis)
    if why:
        return Touched(everything=why)
    found = Touched()
    grown = {table: since for table, since in old.heads.items() if new.heads[table] > since}
    for table in grown.keys() & QUESTIONS.keys():
        why, sql = QUESTIONS[table]
        found.add(_pairs(conn, sql, {"since": grown[table]}), why)
    found.add(old.again, "a verdict was kept for a signature")
    found.add(old.unlinked, "origins may be known now")
    documents = {row[0] for table in grown.keys() & DOCUMENTS.keys()
                 for row in conn.execute(DOCUMENTS[table], {"since": grown[table]})}  # fmt: skip
    _declared(conn, old, new, found)
    embargoed: set[int] = set()
    if new.as_of != old.as_of:
        embargoed = _days(conn, old, new, basis, found)
    if len(documents | embargoed) > MANY:
        return Touched(everything="many new documents")
    found.add(_pairs(conn, OF_DOCUMENTS, {"ids": _list(documents | embargoed)}), "new or changed documents and origins")
    passages = _passages(conn, old, grown, embargoed)
    if len(passages) > MANY:
        return Touched(everything="many new passages")
    _reviewed(conn, old, new, grown, passages, found)
    return found


def _everything(old: Marks, new: Marks, basis: str) -> str:
    if old.world != new.world:
        return "the program or what is declared in files has changed"
    if old.origin_rules != new.origin_rules:
        return "the rules for origins have changed"
    if new.as_of < old.as_of:
        return "an earlier day than the last run"
    if basis == "held" and new.as_of != old.as_of:
        return "a new day on the held basis"
    if any(new.heads[table] < old.heads.get(table, 0) for table in new.heads) or old.heads.keys() != new.heads.keys():
        return "the database is another one"
    if any(old.scored.get(table, 0) > new.scored.get(table, 0) for table in old.scored):
        return "all scores were made anew"
    return ""


def _declared(conn: sqlite3.Connection, old: Marks, new: Marks, found: Touched) -> None:
    """What changes in place: health and coverage of the sources, declared events, the end of moratoria."""
    for country in old.coverage.keys() | new.coverage.keys():
        before, after = old.coverage.get(country, {}), new.coverage.get(country, {})
        if changed := [kind for kind in after if before.get(kind) != after[kind]]:
            found.add(_of_kinds(conn, country, changed), "health or coverage of sources")
    events = (old.watersheds.get(name) for name in old.watersheds if old.watersheds[name] != new.watersheds.get(name))
    later = (new.watersheds[name] for name in new.watersheds if old.watersheds.get(name) != new.watersheds[name])
    for country in {event[0] for event in (*events, *later) if event}:
        found.add(_pairs(conn, IN_COUNTRY, {"country": country}), "declared events")
    if old.ended != new.ended:
        found.add(_pairs(conn, SIGNED, {}), "moratoria that ended")


def _of_kinds(conn: sqlite3.Connection, country: str, kinds: Collection[str]) -> list[Pair]:
    wanted = [json.loads(kind) for kind in kinds]
    return [
        (row["country"], row["question_id"])
        for row in conn.execute(IN_COUNTRY, {"country": country})
        if [json.loads(row["search_in"]), row["window_days"]] in wanted
    ]


def _days(conn: sqlite3.Connection, old: Marks, new: Marks, basis: str, found: Touched) -> set[int]:
    """What the passage of days may have changed; return the documents that became public meanwhile."""
    days = {"last": old.as_of, "day": new.as_of, "basis": basis}
    found.add(_pairs(conn, DUE, days), "the day has come on which it may turn")
    found.add(_pairs(conn, SEARCHED, {}), "searches by hand age")
    found.add(_pairs(conn, SIGNED, {}), "sign-offs end")
    found.add(_pairs(conn, NEWLY_KNOWN, days), "an event became known")
    for country, closed in places.closed_countries().items():
        if date.fromisoformat(old.as_of) < closed.since <= date.fromisoformat(new.as_of):
            found.add(_pairs(conn, IN_COUNTRY, {"country": country}), "the country was closed to reporters")
    states = {row[0] for row in conn.execute(STATES_SINCE, days)}
    return states | {row[0] for row in conn.execute(LATER_PUBLIC, days)}


def _passages(conn: sqlite3.Connection, old: Marks, grown: dict[str, int], embargoed: set[int]) -> set[int]:
    """The passages whose scores, or whose reading by people, may have changed.

    The scores may lag behind: what they had not taken in at the last run counts as new.
    """
    found = {row[0] for row in conn.execute(PASSAGES_OF, {"ids": _list(embargoed)})}
    for table, sql in SCORED.items():
        since = min(old.heads[table], old.scored.get(table, old.heads[table]))
        found |= {row[0] for row in conn.execute(sql, [since])}
    return found


def _reviewed(
    conn: sqlite3.Connection, old: Marks, new: Marks, grown: dict[str, int], passages: set[int], found: Touched
) -> None:
    """What people owe is measured over a whole group: name all its questions, for the reviewed reading."""
    groups = {name: why for name, why in ((name, "scores were learnt anew") for name in new.renewed)
              if new.renewed[name] != old.renewed.get(name)}  # fmt: skip
    about: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in conn.execute(ABOUT, {"ids": _list(passages)}):
        about[row["passage_id"]][row["kind"]].add(row["value"])
    for tags in about.values():
        for country in tags["country"]:
            groups |= {f"{country} {group}": "new passages to be read" for group in tags["group"]}
    for table in grown.keys() & READ_BY_PEOPLE.keys():
        for row in conn.execute(READ_BY_PEOPLE[table], {"since": grown[table]}):
            groups[f"{row['country']} {row['group_id']}"] = "what people coded or decided"
    for name, why in groups.items():
        country, _, group = name.partition(" ")
        found.add_reviewed(_pairs(conn, IN_GROUP, {"country": country, "group": group}), why)


def _pairs(conn: sqlite3.Connection, sql: str, bound: Mapping[str, object]) -> list[Pair]:
    return [(row["country"], row["question_id"]) for row in conn.execute(sql, bound)]


def _list(ids: Iterable[int]) -> str:
    return json.dumps(sorted(ids))
