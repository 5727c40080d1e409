"""The page of one document: its text by passages with what was found in them, its versions, and what changed."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from review.plugin import cite, comments, lineage_drawn
from review.plugin.compare import lines
from review.plugin.example import invented
from review.plugin.facts import ShownFact, shown_facts
from review.plugin.lineage import lineage
from review.plugin.look import Refused
from review.plugin.marks import Mark, Piece, pieces
from review.plugin.page import Page, open_page
from review.plugin.safety import whole
from review.plugin.translated import of_passages
from review.plugin.words import Words

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

AT_ONCE = 5_000  # passages whose tags one query reads
_ADDRESS = re.compile(r"(https?://[^\s<>\"»”)\]]*[^\s<>\"»”)\].,;:])")
_PAIR = re.compile(r"^(\d{1,6})\.\.(\d{1,6})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNote:
    """A note that a passage cites: its number, and what it says in pieces of words and addresses."""

    number: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One passage as it is read: its marked text, the tags and evidence on it, and the notes that it cites."""

    row: sqlite3.Row
    pieces: tuple[Piece, ...]
    tags: tuple[sqlite3.Row, ...]
    evidence: tuple[sqlite3.Row, ...]
    notes: tuple[ShownNote, ...]
    facts: tuple[ShownFact, ...] = ()
    because: dict[tuple[str, str], tuple[tuple[str, tuple[str, ...]], ...]] = field(default_factory=dict)
    """Of each tag (kind, value) its rules, each with the words that it found."""

    @property
    def plain(self) -> bool:
        """Whether nothing stands beside its words: no tag, no evidence, no note (and so no mark and no fact)."""
        return not (self.tags or self.evidence or self.notes)


async def document(datasette: Datasette, request: Request) -> Response:
    """One document: the newest version known on the visitor's day, or a comparison (?diff=1..2)."""
    page = open_page(datasette, request)
    document_id = int(request.url_vars["document_id"])
    head = await page.row("select * from site_documents where id = ?", [document_id])
    if head is None:
        raise Refused(404, "missing.document", id=document_id)
    versions = await page.rows("select * from site_versions where document_id = ? order by seen_at, id", [document_id])
    if diff := request.args.get("diff"):
        return await _comparison(page, head, versions, diff)
    number = _number(page, document_id, versions)
    version = versions[number - 1] if number else None
    found = await lineage(page, document_id)
    passages = await _passages(page, document_id, version) if version else []
    return await page.html(
        "coi_document.html",
        notice=await _notice(page, head),
        lineage=found,
        drawn=lineage_drawn.draw(head, found),
        cited=await cite.of_version(page, document_id, version["id"]) if version else None,
        head=head,
        versions=versions,
        version=version,
        number=number,
        warnings=json.loads(version["warnings"]) if version else [],
        passages=passages,
        translations=await of_passages(page, [one.row["passage_id"] for one in passages]),
        groups=await page.rows("select id, title, title_nl from target_groups order by title"),
        comments=await comments.count(page, "document", document_id),
        commented=await comments.in_document(page, document_id),
    )


async def of_passage(datasette: Datasette, request: Request) -> Response:
    """The way to a passage by its number alone: its document, in the newest version that has it."""
    page = open_page(datasette, request)
    passage_id = int(request.url_vars["passage_id"])
    row = await page.row(
        """select p.document_id, v.version_id from site_passages p
           join (select max(version_id) as version_id from version_passages where passage_id = ?) v
             on v.version_id = p.version_id
           where p.passage_id = ?""",
        [passage_id, passage_id],
    )
    if row is None:
        raise Refused(404, "missing.passage_page", id=passage_id)
    versions = await page.rows(
        "select id from site_versions where document_id = ? order by seen_at, id", [row["document_id"]]
    )
    number = 1 + [version["id"] for version in versions].index(row["version_id"])
    version = number if number < len(versions) else None
    address = f"/documents/{row['document_id']}{page.look.query(version=version)}#p{passage_id}"
    return Response("", status=302, headers={"location": datasette.urls.path(address)})


async def _notice(page: Page, head: sqlite3.Row) -> str:
    """What the banner says above one document: it is known whether this text was written for the example."""
    if not await page.banner():
        return ""
    of_example = invented(head["source_id"], head["homepage"], head["url"])
    return "site.example_text" if of_example else "site.own_text"


def known(version: sqlite3.Row, basis: str, until: str) -> bool:
    """Whether a version was known by the end of a day, on the public or the held basis."""
    day: str = version["public_on"] if basis == "public" else version["recorded_at"][:10]
    return day <= until


def _number(page: Page, document_id: int, versions: Sequence[sqlite3.Row]) -> int | None:
    """Which version to show, counted from 1: the one asked for, else the newest known on the day, else None."""
    asked = page.request.args.get("version")
    if asked:
        number = whole(asked)
        if number is None or not 1 <= number <= len(versions):
            raise Refused(404, "missing.version", id=document_id, version=asked[:20])
        return number
    if not page.look.stated_day:
        return len(versions) or None
    numbers = [n for n, v in enumerate(versions, 1) if known(v, page.look.basis, page.look.until)]
    return numbers[-1] if numbers else None


async def _passages(page: Page, document_id: int, version: sqlite3.Row) -> list[Shown]:
    rows = await page.rows("select * from site_passages where version_id = ? order by position", [version["id"]])
    ids = sorted({row["passage_id"] for row in rows})
    tags: dict[int, list[sqlite3.Row]] = {}
    evidence: dict[int, list[sqlite3.Row]] = {}
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        marks = ", ".join("?" * len(some))
        for tag in await page.rows(f"select * from site_tags where passage_id in ({marks}) order by kind, value", some):  # noqa: S608 - marks only
            tags.setdefault(tag["passage_id"], []).append(tag)
    for item in await page.rows("select * from site_evidence where document_id = ? order by id", [document_id]):
        evidence.setdefault(item["passage_id"], []).append(item)
    passages = [
        shown(row, tags.get(row["passage_id"], ()), evidence.get(row["passage_id"], ()), page.words) for row in rows
    ]
    return [_with_facts(one, version["published_on"], page.words) for one in passages]


def _with_facts(one: Shown, published_on: str | None, words: Words) -> Shown:
    """A passage on the field with its facts, resolved against the publication of the version that is shown."""
    if not any(tag["kind"] == "group" for tag in one.tags):
        return one
    country = next((tag["value"] for tag in one.tags if tag["kind"] == "country"), None)
    row = one.row
    facts = shown_facts(row["text"], row["language"], words, published_on=published_on, country=country)
    return replace(one, facts=facts)


def shown(row: sqlite3.Row, tags: Sequence[sqlite3.Row], evidence: Sequence[sqlite3.Row], words: Words) -> Shown:
    """Mark one passage's text; each tag is listed once, however many spans it has."""
    spans = [
        Mark(start=t["start"], end=t["end"], kind=t["kind"], label=tag_label(t["kind"], t["value"], words))
        for t in tags
        if t["start"] is not None and t["decision"] != "reject"
    ]
    spans += [
        Mark(
            start=e["start"],
            end=e["end"],
            kind="evidence",
            label=f"{words('kind.evidence', question=e['question_id'])}: {words.code('answer', e['answer'])}",
        )
        for e in evidence
        if e["decision"] != "reject"
    ]
    once = {(t["kind"], t["value"]): t for t in tags}
    return Shown(
        row=row,
        pieces=pieces(row["text"], spans),
        tags=tuple(once.values()),
        evidence=tuple(evidence),
        notes=shown_notes(row["notes"]),
        because=because(row["text"], tags),
    )


def because(text: str, tags: Sequence[sqlite3.Row]) -> dict[tuple[str, str], tuple[tuple[str, tuple[str, ...]], ...]]:
    """Of each tag (kind, value) the rules that gave it, each with the words in the text that it rests on."""
    found: dict[tuple[str, str], dict[str, dict[str, None]]] = {}
    for tag in tags:
        words = found.setdefault((tag["kind"], tag["value"]), {}).setdefault(tag["rule"], {})
        if tag["start"] is not None:
            words[" ".join(text[tag["start"] : tag["end"]].split())] = None
    return {key: tuple((rule, tuple(words)) for rule, words in rules.items()) for key, rules in found.items()}


def shown_notes(notes: str) -> tuple[ShownNote, ...]:
    """The notes of a passage as the store keeps them (JSON), each once, with their addresses apart.

    >>> shown_notes('[{"number": "1", "text": "Meduza, https://a.example/x.", "at": 4}]')[0].parts
    ('Meduza, ', 'https://a.example/x', '.')
    """
    if notes == "[]":
        return ()
    found = dict.fromkeys((note["number"], note["text"]) for note in json.loads(notes))
    return tuple(
        ShownNote(number=number, parts=tuple(part for part in _ADDRESS.split(text) if part)) for number, text in found
    )


def tag_label(kind: str, value: str, words: Words) -> str:
    """A tag in words: 'group: conscripts', 'country: Russia'."""
    name = words.country(value) if kind == "country" else value.replace("_", " ")
    return f"{words.code('kind', kind)}: {name}"


async def _comparison(page: Page, head: sqlite3.Row, versions: Sequence[sqlite3.Row], asked: str) -> Response:
    pair = _PAIR.match(asked)
    numbers = [whole(n) or 0 for n in pair.groups()] if pair else []
    if not numbers or not all(1 <= n <= len(versions) for n in numbers):
        raise Refused(400, "wrong.diff", value=asked[:40])
    texts = []
    for n in numbers:
        rows = await page.rows(
            "select passage_id, text from site_passages where version_id = ? order by position",
            [versions[n - 1]["id"]],
        )
        texts.append([(row["passage_id"], row["text"]) for row in rows])
    found = lines(texts[0], texts[1])
    return await page.html(
        "coi_diff.html",
        notice=await _notice(page, head),
        head=head,
        a=numbers[0],
        b=numbers[1],
        before=versions[numbers[0] - 1],
        after=versions[numbers[1] - 1],
        lines=[line for line in found if line.kind != "same"],
        same=sum(line.kind == "same" for line in found),
    )
