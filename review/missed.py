"""What we missed: public by a day, and not held then, by source (method §1)."""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

NAMED = 3  # documents that are named for each source; the rest are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """One document that anyone could have known before we held it."""

    document_id: int
    title: str
    url: str
    public_on: date
    held_on: date
    evidence: int  # answers that it gave, as far as any were found

    @property
    def days(self) -> int:
        """How many days it was public before we held it."""
        return (self.held_on - self.public_on).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """What one source had published by the day and we held only later; documents with evidence first."""

    source_id: str
    title: str
    documents: tuple[Late, ...]

    @property
    def evidence(self) -> int:
        """How many answers were missing."""
        return sum(one.evidence for one in self.documents)

    @property
    def longest(self) -> int:
        """The most days that one of them was public before we held it."""
        return max(one.days for one in self.documents)


def missed(conn: sqlite3.Connection, as_of: date) -> tuple[Missed, ...]:
    """By source, the one with most missing answers first; what is held by now, since nobody can list the rest."""
    rows = conn.execute(
        """select k.*, (select count(*) from current_evidence e join passages p on p.id = e.passage_id
                        where p.document_id = k.document_id and e.decision <> 'reject') as evidence
           from (select d.id as document_id, d.source_id, s.title as source, d.title, d.url,
                        min(v.public_on) as public_on, substr(min(v.recorded_at), 1, 10) as held_on
                 -- only what came in afterwards can be late: an index finds it, and mostly it is little
                 from (select distinct document_id from versions where recorded_at >= date(:day, '+1 day')) n
                 cross join documents d on d.id = n.document_id join versions v on v.document_id = d.id
                 join sources s on s.id = d.source_id
                 group by d.id having min(v.public_on) <= :day and substr(min(v.recorded_at), 1, 10) > :day) k
           order by evidence desc, k.public_on, k.document_id""",
        {"day": as_of.isoformat()},
    )
    by_source: dict[tuple[str, str], list[Late]] = defaultdict(list)
    for row in rows:
        by_source[row["source_id"], row["source"]].append(
            Late(
                document_id=row["document_id"],
                title=row["title"],
                url=row["url"],
                public_on=date.fromisoformat(row["public_on"]),
                held_on=date.fromisoformat(row["held_on"]),
                evidence=row["evidence"],
            )
        )
    found = [Missed(source_id=key[0], title=key[1], documents=tuple(late)) for key, late in by_source.items()]
    return tuple(sorted(found, key=lambda one: (-one.evidence, -len(one.documents), one.source_id)))


def said(found: Sequence[Missed]) -> str:
    """The list in lines for people."""
    if not found:
        return "Everything that we hold now and was public by then was held then."
    lines = []
    for source in found:
        lines.append(
            f"{source.title} ({source.source_id}): {len(source.documents)} documents with {source.evidence} answers, "
            f"at most {source.longest} days late"
        )
        lines += [
            f"  public {one.public_on}, held {one.held_on}: {one.title or one.url} ({one.evidence} answers)"
            for one in source.documents[:NAMED]
        ]
        if len(source.documents) > NAMED:
            lines.append(f"  and {len(source.documents) - NAMED} more")
    return "\n".join(lines)


def as_json(found: Sequence[Missed]) -> dict[str, Any]:
    """The list as scripts read it."""
    return {
        "missed": [
            {
                "source": source.source_id,
                "title": source.title,
                "documents": [
                    {
                        "id": one.document_id, "title": one.title, "url": one.url, "evidence": one.evidence,
                        "public_on": one.public_on.isoformat(), "held_on": one.held_on.isoformat(),
                    }
                    for one in source.documents
                ],
            }
            for source in found
        ]
    }  # fmt: skip
