"""SPARQL 1.1 results in JSON (sources §12, Cellar): each row that names an item is an entry.

Columns by name: item and title must be there; date, page (for people), file (to be fetched), key, type and language
where the query gives them.
"""

import re
from calendar import monthrange
from datetime import date

from crawler.read import answers
from crawler.read.answers import Object, an_object, inside, objects, text_of
from crawler.read.dates import stamped_day
from crawler.read.language import known_language
from crawler.read.model import Dated, Entry, Kind, Precision, Reading, WrongShape
from crawler.read.walk import absolute

_PROMISED = "a SPARQL result"
_NEEDED = ("item", "title")
_PART = re.compile(r"(\d{4})(?:-(\d\d))?(?:Z|[+-]\d\d:\d\d)?$")  # xsd:gYear, xsd:gYearMonth


def read_sparql(body: bytes, url: str | None = None, *, zone: str | None = None) -> Reading:
    """The rows of one answer, each item once. Key is the column `key`, else the item itself.

    Raises WrongShape for no JSON (Virtuoso answers errors as text), for the answer of an ASK query, and where a
    needed column is not among the query's variables.
    """
    where = url or "this answer"
    answer = answers.parsed(body, where, _PROMISED)
    page = an_object(answer)
    if "boolean" in page:
        raise WrongShape(f"{where}: the answer of an ASK query where rows were promised; write a SELECT query")
    rows = answers.the_list(answer, where, _PROMISED, "results.bindings")
    columns = inside(page, "head.vars")
    missing = [name for name in _NEEDED if name not in (columns if isinstance(columns, list) else ())]
    if missing:
        raise WrongShape(
            f"{where}: no column {missing[0]!r} among {columns!r}; name the query's columns item, title, date, and "
            "where known page, file, key, type, language"
        )
    found: dict[str, Entry] = {}
    left_out = 0
    for row in objects(rows):
        entry = _entry(row, zone)
        if entry is None:
            left_out += 1
        else:
            found.setdefault(str(entry.key), entry)
    return Reading(
        kind=Kind.FEED,
        entries=tuple(found.values()),
        warnings=(f"{left_out} rows whose item is no http(s) address were left out",) if left_out else (),
    )


def _entry(row: Object, zone: str | None) -> Entry | None:
    item = absolute(_value(row, "item"), None)
    if item is None:
        return None
    file = absolute(_value(row, "file"), None)
    return Entry(
        url=absolute(_value(row, "page"), None) or item,
        key=_value(row, "key") or item,
        title=_value(row, "title"),
        published=_day(_value(row, "date"), zone),
        language=known_language(_value(row, "language")),
        document_type=_value(row, "type"),
        attachments=(file,) if file else (),
    )


def _value(row: Object, name: str) -> str | None:
    return text_of(inside(row, f"{name}.value"))


def _day(written: str | None, zone: str | None) -> Dated | None:
    """The day of a typed literal: xsd:date, xsd:dateTime; of xsd:gYearMonth and xsd:gYear the last day."""
    if written is None:
        return None
    part = _PART.match(written)
    if part is None:
        day = stamped_day(re.sub(r"^(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)$", r"\1", written), zone)
        return Dated(day=day, origin="sparql") if day else None
    year, month = int(part[1]), int(part[2] or 12)
    if year == 0 or not 1 <= month <= 12:
        return None
    last = date(year, month, monthrange(year, month)[1])
    return Dated(day=last, origin="sparql", precision=Precision.MONTH if part[2] else Precision.YEAR)
