"""The steps between a kept passage and its evidence: tag, propose. Each can be run again at any time.

A step looks at what it has not looked at with its present rules; a killed step goes on where it stopped.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from review import evidence
from review.declarations import Declarations
from review.tagging import Mention, Tagger, Tags, ToTag
from store import evidence as kept_evidence
from store import tags as kept_tags
from store.db import writing
from store.evidence import EvidenceRow
from store.tags import MentionRow, ToExamine

BATCH = 500
OPENING = 4_000  # characters of a document that say what country it is about
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How many passages (or links) a step dealt with, and how many things it found in them."""

    examined: int
    found: int
    last: int = 0  # id of the last passage that was looked at


def tag_new(
    conn: sqlite3.Connection, tagger: Tagger, *, at: str, progress: Progress = lambda n: None, after: int = 0
) -> Done:
    """Tag every passage (with an id above `after`) that these rules have not seen: groups, country, topic."""
    examined = found = 0
    while batch := kept_tags.unexamined(conn, "tag", tagger.rules_version, limit=BATCH, after=after):
        hints = {document: _country_of(conn, tagger, document) for document in {item.document_id for item in batch}}
        asked = [ToTag(text=i.text, lang=i.language, country_hint=hints[i.document_id]) for i in batch]
        tagged = list(zip(batch, tagger.tag_all(asked), strict=True))
        with writing(conn):
            for item, tags in tagged:
                rows = list(mention_rows(tags))
                examination = kept_tags.examined(conn, item.passage_id, "tag", tagger.rules_version, at=at)
                kept_tags.keep_mentions(conn, examination, item.passage_id, rows)
                found += len(rows)
        examined, after = examined + len(batch), batch[-1].passage_id
        progress(len(batch))
    return Done(examined=examined, found=found, last=after)


def _country_of(conn: sqlite3.Connection, tagger: Tagger, document_id: int) -> str | None:
    """The country that passages of a document are about where they name none: as the source declares it, else as the
    document's title and opening show it.
    """
    found = kept_tags.context(conn, document_id, characters=OPENING)
    if found.about:
        return found.about
    whole = tagger.tag(f"{found.title}\n{found.opening}", found.language).country
    return whole.value if whole else None


def mention_rows(tags: Tags) -> Iterator[MentionRow]:
    """One row for each span; a tag of the whole passage has no span."""
    for mention in (*tags.groups, *([tags.country] if tags.country else []), tags.topic):
        for start, end in _spans(mention):
            yield MentionRow(
                kind=mention.kind,
                value=mention.value,
                rule=mention.rule,
                score=mention.score,
                start=start,
                end=end,
                attributes=tuple(dict(mention.attributes).items()),
            )


def _spans(mention: Mention) -> list[tuple[int | None, int | None]]:
    return [(span.start, span.end) for span in mention.spans] or [(None, None)]


def propose_new(
    conn: sqlite3.Connection, declared: Declarations, *, at: str, progress: Progress = lambda n: None
) -> Done:
    """Propose evidence from every tagged passage that these rules have not seen."""
    examined = found = after = 0
    rules = evidence_rules(declared)
    rulebook = evidence.Rulebook.of(declared.speakers.values())
    while batch := kept_tags.unexamined(conn, "evidence", rules, limit=BATCH, after=after):
        proposed = [(item, list(_propose(conn, item, declared, rulebook))) for item in batch]
        with writing(conn):
            for item, proposals in proposed:
                examination = kept_tags.examined(conn, item.passage_id, "evidence", rules, at=at)
                rows = [_evidence_row(p, item, examination, declared, at) for p in proposals]
                kept_evidence.keep_all(conn, rows)
                found += len(rows)
        examined, after = examined + len(batch), batch[-1].passage_id
        progress(len(batch))
    return Done(examined=examined, found=found)


def evidence_rules(declared: Declarations) -> str:
    """The name of the rules in force: cues, the versions of the questions, and the speakers' cards."""
    asked = sorted((question.id, question.version) for question in declared.questions.values())
    voices = sorted(speaker.model_dump_json() for speaker in declared.speakers.values())
    return f"{evidence.EVIDENCE_RULES_VERSION}+{sha256(repr((asked, voices)).encode()).hexdigest()[:8]}"


def _propose(
    conn: sqlite3.Connection, item: ToExamine, declared: Declarations, rulebook: evidence.Rulebook
) -> Iterator[evidence.Proposal]:
    """Ask the rules about one passage, with what is known of its document."""
    tags = list(kept_tags.tags_of(conn, item.passage_id))
    groups = frozenset(value for kind, value, _ in tags if kind == "group")
    countries = [value for kind, value, _ in tags if kind == "country"]
    if not groups or not countries:
        return
    row = conn.execute(
        """select v.published_on, v.published_confidence, v.period_from, v.period_to, s.type, v.public_on
           from version_passages vp join versions v on v.id = vp.version_id
           join documents d on d.id = v.document_id join sources s on s.id = d.source_id
           where vp.passage_id = ? order by v.public_on, v.id limit 1""",
        [item.passage_id],
    ).fetchone()
    passage = evidence.PassageIn(
        text=item.text,
        lang=item.language or "en",
        country=countries[0],
        groups=groups,
        services=frozenset(attributes["service"] for _, _, attributes in tags if "service" in attributes),
        published_on=_day(row["published_on"]),
        published_confidence=row["published_confidence"],
        period_from=_day(row["period_from"]),
        period_to=_day(row["period_to"]),
        source_type=row["type"],
        source_country_party=row["type"] == "party_to_the_conflict",
    )
    yield from evidence.propose(passage, declared.questions.values(), rulebook)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _evidence_row(
    p: evidence.Proposal, item: ToExamine, examination: int, declared: Declarations, at: str
) -> EvidenceRow:
    return EvidenceRow(
        examination_id=examination,
        passage_id=item.passage_id,
        question_id=p.question_id,
        question_version=declared.questions[p.question_id].version,
        country=p.country,
        group_id=p.group_id,
        subgroup=p.subgroup or "",
        answer=p.answer,
        directness=p.directness,
        attributed_to=p.attributed_to or "",
        facts_from=_iso(p.facts_from),
        facts_to=_iso(p.facts_to),
        facts_confidence=p.facts_confidence,
        ongoing=int(p.ongoing),
        whole_period=int(p.whole_period),
        place=p.place or "",
        against_interest=int(p.against_interest),
        start=p.start,
        end=p.end,
        rule=p.rule,
        why=p.why,
        proposed_by=f"rules {evidence.EVIDENCE_RULES_VERSION}",
        proposed_at=at,
    )
