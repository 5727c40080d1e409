"""Dates that a document speaks of itself: "Last update: ...", a dateline, the reference period of a report."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from crawler.read.dates import find_dates
from crawler.read.model import Dated, Precision

_MODIFIED = (
    r"last\s+updated?|updated(?:\s+on)?|last\s+(?:modified|reviewed)",
    r"laatste?\s+(?:bijgewerkt|update|gewijzigd|wijziging)(?:\s+op)?|bijgewerkt(?:\s+op)?|gewijzigd\s+op",
    r"обновлен[оаы]?|последнее\s+обновление|дата\s+обновления|изменено",
    r"оновлено|останнє\s+оновлення|дата\s+оновлення",
    r"zuletzt\s+(?:aktualisiert|geändert|bearbeitet)(?:\s+am)?|aktualisiert(?:\s+am)?|stand",
    r"(?:dernière\s+)?mise\s+à\s+jour(?:\s+le)?|mis\s+à\s+jour(?:\s+le)?|modifié(?:\s+le)?",
)
_PUBLISHED = (
    r"(?:first\s+)?published(?:\s+on)?|publication\s+date|date\s+of\s+publication|posted(?:\s+on)?|released(?:\s+on)?",
    r"date|gepubliceerd(?:\s+op)?|publicatiedatum|geplaatst(?:\s+op)?|nieuwsbericht|datum",
    r"опубликован[оаы]?|дата\s+публикации|дата|опубліковано|дата\s+публікації",
    r"veröffentlicht(?:\s+am)?|erschienen(?:\s+am)?|publiée?(?:\s+le)?|date\s+de\s+publication|paru(?:\s+le)?",
)


def _label(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})\s*[:|–-]?\s*$", re.IGNORECASE)


_LABELS = {"modified": _label(_MODIFIED), "published": _label(_PUBLISHED)}
# A weekday, a place ("Den Haag,") or a word or two may stand beside the date on its line; a sentence may not.
_DATELINE_REST = 45
_HEAD = 1500  # characters; below the head of a document a date on its own line is about something else
_EDGE = 3000  # characters from the top or the bottom within which a label speaks for the whole document


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What a document says of its own age."""

    published: Dated | None = None
    modified: Dated | None = None


def spoken_dates(text: str, languages: Sequence[str] | None = None) -> Spoken:
    """Labelled dates near the top or the bottom, else a line near its top that holds little but a date.

    "Last update" gives `modified`; when no better date exists the caller may use it as published. A date
    inside a sentence is never taken for the document's own.
    """
    found: dict[str, Dated] = {}
    dateline: Dated | None = None
    head, foot = text[:_EDGE], text[_EDGE:][-_EDGE:]
    for part in (head, foot):
        for hit in find_dates(part, languages):
            before = part[max(0, hit.start - 45) : hit.start].rpartition("\n")[2]
            kind = next((kind for kind, label in _LABELS.items() if label.search(before)), None)
            if kind:
                found.setdefault(kind, hit.dated)
            elif dateline is None and part is head and hit.start < _HEAD and _stands_alone(part, hit.start, hit.end):
                dateline = hit.dated
    return Spoken(published=found.get("published") or dateline, modified=found.get("modified"))


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[:start].rpartition("\n")[2].strip()
    after = text[end:].partition("\n")[0].strip()
    return len(before) + len(after) <= _DATELINE_REST and len(before.split()) <= 4 and len(after.split()) <= 4


_FRONT = 20_000  # characters in which a report says what period it covers
_PERIOD_WORD = (
    r"(?:cover(?:s|ing|ed)?|period|verslagperiode|periode|beslaat|период\w*|охватыва\w+|період\w*|охоплю\w+|"
    r"(?:berichts)?zeitraum\w*|umfasst|période|couvre)"
)
_BETWEEN = re.compile(
    r"^\s*(?:(?:up\s+)?(?:to|until|till|through|and)|(?:tot\s+en\s+met|t/m|tot|en)|по|до|и|і|bis(?:\s+(?:zum|einschließlich))?|und|"
    r"à|au|jusqu['’]?(?:à|en|au)|et|[-–—])\s*(?:and\s+including\s+|d['’]|the\s+)?$",
    re.IGNORECASE,
)
_YEAR_WORD = re.compile(r"^\s*(?:года|году|року|г\.|р\.)")
_BEFORE = re.compile(_PERIOD_WORD + r"[^.;\n]{0,60}$", re.IGNORECASE)


def reference_period(text: str) -> tuple[date, date] | None:
    """First and last day of the period that a report says near its beginning that it covers, or None.

    Two dates joined by "to", "tot en met", "по", "bis", "au" ... after a word such as covers, verslagperiode,
    период. A month stands for its first day as beginning and for its last as end.
    """
    flat = " ".join(text[:_FRONT].split())
    hits = list(find_dates(flat))
    for first, last in pairwise(hits):
        joined = _BETWEEN.match(_YEAR_WORD.sub("", flat[first.end : last.start]))
        if joined and _BEFORE.search(flat[: first.start][-90:]):
            begin = first.dated.day.replace(day=1) if first.dated.precision is Precision.MONTH else first.dated.day
            if begin <= last.dated.day:
                return begin, last.dated.day
    return None
