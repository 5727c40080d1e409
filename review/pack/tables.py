"""The evidence as CSV, for people who open it in a spreadsheet: no cell becomes a formula there."""

import csv
import io
from collections.abc import Iterable

from review.cite.clean import line
from review.cite.formats import key
from review.formulas import FORMULA
from review.pack.gather import Contents

HEAD = (
    "question", "group", "country", "origin", "role", "answer", "directness", "attributed_to", "facts_to",
    "published_on", "place", "quote", "language", "document", "publisher", "source_type", "grade", "decision",
    "page", "url", "captured", "sha256", "cite_key", "evidence_id", "passage_id", "document_id",
)  # fmt: skip


def evidence_csv(found: Contents) -> bytes:
    """One row a piece of evidence; UTF-8 with a mark, as spreadsheets expect it, lines ended by CR LF."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for one in found.full:
        shown = one.standing
        for item in shown.evidence:
            ref = found.references.get(item.passage_id)
            place = (ref.page, ref.url, ref.fetched_at, ref.sha256, key(ref)) if ref else ("",) * 5
            writer.writerow(
                cells(
                    (
                        shown.id, shown.group, shown.country, item.origin_label, item.role, item.answer,
                        item.directness, item.attributed_to, item.facts_to, item.published_on, item.place, item.quote,
                        item.language, item.title, item.publisher, item.source_type, item.grade, item.decision, *place,
                        item.evidence_id, item.passage_id, item.document_id,
                    )
                )
            )  # fmt: skip
    return out.getvalue().encode("utf-8-sig", "replace")


def cells(values: Iterable[object]) -> list[str]:
    """Cells of one row: text on one line, and an apostrophe before whatever a spreadsheet would compute.

    >>> cells(["=1+1", "@x", " -2", 7, None])
    ["'=1+1", "'@x", "'-2", '7', '']
    """
    return [_cell(value) for value in values]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = str(value)
    shown = line(text)
    return f"'{shown}" if text.startswith(FORMULA) or shown.startswith(FORMULA) else shown
