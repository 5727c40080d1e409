"""Where a document comes from, step by step, and which documents held here come from it (method §3)."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from review.origins_types import Rule
from review.plugin.page import Page

MOST_STEPS = 12  # a longer chain is cut; no real one comes near


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One step up. `quote` is the span it holds for ('' for the whole document), `chain` what stands above it."""

    row: sqlite3.Row
    quote: str
    via: tuple[str, ...]
    chain: tuple[sqlite3.Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """Both directions: where from, and who has it from here. `noted`: by footnotes, of which a report has hundreds.

    `parted`: steps that a person split; they count no more and can be confirmed again.
    """

    above: tuple[Link, ...]
    parted: tuple[Link, ...]
    noted: tuple[Link, ...]
    below: tuple[sqlite3.Row, ...]


async def lineage(page: Page, document_id: int) -> Lineage:
    """The links in force of a document and its passages, on the visitor's day where one is stated."""
    until = page.look.until if page.look.stated_day else "9999-12-31"
    found = await _links(page, document_id, until)
    rows = [row for row in found if row["decision"] != "split"]
    parted = [Link(row=row, quote=row["quote"] or "", via=(), chain=()) for row in found if row["decision"] == "split"]
    above = [
        Link(row=row, quote=row["quote"] or "", via=tuple(json.loads(row["via"])), chain=await _chain(page, row, until))
        for row in rows
        if row["rule"] != Rule.FOOTNOTE
    ]
    noted = [
        Link(row=row, quote=row["quote"] or "", via=(), chain=())
        for row in sorted(rows, key=lambda row: row["id"])
        if row["rule"] == Rule.FOOTNOTE
    ]
    below = await page.rows(
        """select distinct child_id, child_title, child_publisher, child_language, child_public_on, rule, certainty,
             decision
           from site_links where parent_id = ? and child_public_on <= ? and coalesce(decision, '') <> 'split'
           order by child_publisher, child_title, child_id""",
        [document_id, until],
    )
    return Lineage(above=tuple(above), parted=tuple(parted), noted=tuple(noted), below=tuple(below))


async def _links(page: Page, document_id: int, until: str) -> list[sqlite3.Row]:
    """One document's links; what was published later than the day is no origin yet (method §1)."""
    return await page.rows(
        """select * from site_links where child_id = ? and coalesce(parent_public_on, '') <= ?
           order by passage_id is not null, certainty <> 'merged', coalesce(decision, '') <> 'confirm', strength desc,
             id""",
        [document_id, until],
    )


async def _chain(page: Page, row: sqlite3.Row, until: str) -> tuple[sqlite3.Row, ...]:
    """The steps of whole documents above a link, up to the end of the chain; a circle is walked once."""
    seen, at = {row["child_id"]}, row["parent_id"]
    steps: list[sqlite3.Row] = []
    while at is not None and at not in seen and len(steps) < MOST_STEPS:
        seen.add(at)
        links = await _links(page, at, until)
        step = next((r for r in links if r["passage_id"] is None and r["decision"] != "split"), None)
        if step is None:
            break
        steps.append(step)
        at = step["parent_id"]
    return tuple(steps)
