"""Cells of Datasette's own tables: ids lead to pages, long hashes and JSON are readable, odd addresses stay text."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from markupsafe import Markup

from review.plugin.safety import linkable
from review.plugin.words import Words

if TYPE_CHECKING:
    from datasette.app import Datasette  # its import loads this plugin

PAGES = {
    "document_id": "/documents/{}", "capture_id": "/captures/{}", "question_id": "/questions/{}",
    "passage_id": "/passages/{}", "moratorium_id": "/moratoria/{}", "source_id": "/coi/sources/{}",
    "version_id": "/coi/versions/{}", "examination_id": "/coi/examinations/{}", "evidence_id": "/coi/evidence/{}",
    "run_id": "/coi/runs/{}", "origin_link_id": "/coi/origin_links/{}", "verdict_id": "/coi/verdicts/{}",
    "group_id": "/coi/target_groups/{}",
}  # fmt: skip
ADDRESSES = frozenset({"url", "homepage"})
DOCUMENTS_OF_JSON = frozenset({"declaration", "outcome"})
LONG = 60  # characters of an address or of a label that are shown
HASH_SHOWN = 12
_HASH = re.compile(r"^[0-9a-f]{64}$")


def cell(
    datasette: Datasette, value: object, column: str, table: str | None
) -> Markup | Awaitable[Markup | None] | None:
    """The cell as HTML where we know better than Datasette; None leaves it to Datasette."""
    if column == "passage_id" and table == "evidence" and isinstance(value, int):
        return _passage(datasette, value)  # the page of one row, where Datasette expands no label
    label: object = value
    if isinstance(value, dict):  # Datasette's expanded foreign key: {"value": ..., "label": ...}
        label, value = value.get("label") or value.get("value"), value.get("value")
    if value in (None, ""):
        return None
    if column in PAGES:
        return _link(datasette, column, value, str(label))
    if column in ADDRESSES:
        return _address(str(value))
    if column == "every_s" and isinstance(value, int):
        return Markup("{}").format(Words("en").every(value))
    if column in DOCUMENTS_OF_JSON:
        return _json(str(value))
    if isinstance(value, str) and _HASH.match(value):
        return Markup('<code title="{}">{}…</code>').format(value, value[:HASH_SHOWN])
    return None


async def _passage(datasette: Datasette, passage_id: int) -> Markup | None:
    """A passage by its first words and its document."""
    found = await datasette.get_database("coi").execute(
        "select p.text, d.title from passages p join documents d on d.id = p.document_id where p.id = ?", [passage_id]
    )
    row = found.first()
    if row is None:
        return None
    return Markup("{} ({}; {})").format(
        _link(datasette, "passage_id", passage_id, row["text"]), passage_id, row["title"]
    )


def _link(datasette: Datasette, column: str, value: object, label: str) -> Markup:
    path = datasette.urls.path(PAGES[column].format(value))
    return Markup('<a href="{}">{}</a>').format(path, _short(label))


def _address(text: str) -> Markup:
    href = linkable(text)
    if href is None:
        return Markup("{}").format(_short(text))
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(href, _short(text))


def _json(text: str) -> Markup | None:
    """JSON on lines of its own, folded; None where it is none."""
    try:
        lines = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except ValueError:
        return None
    return Markup("<details><summary>{} characters of JSON</summary><pre>{}</pre></details>").format(len(text), lines)


def _short(text: str) -> str:
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"
