"""Dates that a document speaks of itself: "Last update: ...", a dateline, "This entry was posted on ..."."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.read.dates import find_dates
from crawler.read.model import Confidence, Dated, Precision

_MODIFIED = (
    r"last\s+updated?(?:\s+on)?|updated(?:\s+on)?|last\s+(?:modified|reviewed|revised|changed)(?:\s+on)?",
    r"laatste?\s+(?:bijgewerkt|update|gewijzigd|wijziging)(?:\s+op)?|bijgewerkt(?:\s+op)?|gewijzigd\s+op",
    r"обновлен[оаы]?|последнее\s+обновление|дата\s+обновления|изменено",
    r"оновлено|останнє\s+оновлення|дата\s+оновлення",
    r"zuletzt\s+(?:aktualisiert|geändert|bearbeitet)(?:\s+am)?|aktualisiert(?:\s+am)?|stand",
    r"(?:dernière\s+)?mise\s+à\s+jour(?:\s+le)?|mis\s+à\s+jour(?:\s+le)?|modifié(?:\s+le)?",
)
# Anybody edits a wiki, and its words are older than the last touch: such a day is a change, never surely a publication.
_EDITED = (
    r"last\s+edited(?:\s+on)?|(?:zuletzt|letzte)\s+(?:bearbeitet|änderung|bearbeitung)(?:\s+am)?|laatst\s+bewerkt(?:\s+op)?|"
    r"последняя\s+правка|последнее\s+изменение|останнє\s+редагування|dernière\s+modification(?:\s+le)?",
)
_PUBLISHED = (
    r"(?:first\s+)?published(?:\s+on)?|publication\s+date|date\s+of\s+publication|(?:posted|written)(?:\s+on)?|"
    r"released(?:\s+on)?",
    r"date|gepubliceerd(?:\s+op)?|publicatiedatum|(?:geplaatst|geschreven)(?:\s+op)?|nieuwsbericht|datum",
    r"опубликован[оаы]?|дата\s+публикации|дата|опубліковано|дата\s+публікації|оприлюднено|размещено",
    r"veröffentlicht(?:\s+am)?|erschienen(?:\s+am)?|(?:geschrieben|verfasst|erstellt|eingestellt)(?:\s+am)?",
    r"publiée?(?:\s+le)?|date\s+de\s+publication|paru(?:\s+le)?|mise?\s+en\s+ligne(?:\s+le)?",
)


def _label(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})\s*[:|–-]?\s*$", re.IGNORECASE)


# A sentence that a page says about itself, wherever it stands.
_THIS = re.compile(
    r"(?<!\w)(?:this\s+(?:entry|article|post|page|story|report)\s+was\s+(?:(?:first|originally|last)\s+)?"
    r"(?P<en>posted|published|written|updated|modified|edited)|"
    r"(?:dit|deze)\s+(?:artikel|bericht|pagina|nieuwsbericht)\s+(?:is|werd)\s+(?:voor\s+het\s+(?:eerst|laatst)\s+)?"
    r"(?P<nl>geplaatst|gepubliceerd|geschreven|gewijzigd|bijgewerkt)?|"
    r"(?P<de>diese[rs]?\s+(?:artikel|beitrag|eintrag|seite)\s+wurde)(?:\s+zuletzt)?|"
    r"cet(?:te)?\s+(?:article|page|entrée)\s+a\s+été\s+(?P<fr>publiée?|mise?\s+en\s+ligne|modifiée?|mise?\s+à\s+jour)|"
    r"(?:эта\s+(?:статья|страница|запись)|этот\s+материал)\s+(?:была?\s+)?(?P<ru>опубликован\w*|обновлен\w*|изменен\w*)|"
    r"(?:ця\s+(?:стаття|сторінка)|цей\s+матеріал)\s+(?:бу[лв]а?\s+)?(?P<uk>опублікован\w*|оновлен\w*|змінен\w*))"
    r"(?:\s+(?:on|op|am|le|в|у))?[\s:,]*(?=\S)",
    re.IGNORECASE,
)
# In German the verb comes last: "Dieser Beitrag wurde am 3. Mai 2022 gesperrt" is no publication.
_GERMAN_VERB = re.compile(
    r"[^.\n]{0,60}?\b(?:veröffentlicht|publiziert|geschrieben|verfasst|erstellt|gepostet|eingestellt|aktualisiert|geändert)|"
    r"\s*(?:um\s+[\d:.]+(?:\s+Uhr)?\s*)?(?:von|unter|in|\||$)",
    re.IGNORECASE,
)
_CHANGE = re.compile(r"updat|modif|edited|gewijzigd|bijgewerkt|zuletzt|à\s+jour|обновл|измен|оновл|змін", re.IGNORECASE)
_LABELS = {"modified": _label(_MODIFIED), "edited": _label(_EDITED), "published": _label(_PUBLISHED)}
# A weekday, a place ("Den Haag,") or a word or two may stand beside the date on its line; a sentence may not.
_DATELINE_REST = 45
_PARTS = re.compile(
    r"(?:(?<!\s)\s+)?[|·•]\s*|(?<!\s)\s+/\s+"
)  # between the parts of a line of facts: date | author | comments
_FACTS = 100  # characters; a line of facts is not longer
_WEEKDAY = 12  # characters; a weekday may stand between a sentence and its date
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
    datelines: list[Dated] = []
    head, foot = text[:_EDGE], text[_EDGE:][-_EDGE:]
    for part in (head, foot):
        for hit in find_dates(part, languages):
            before = part[max(0, hit.start - 45) : hit.start].rpartition("\n")[2]
            kind = next((kind for kind, label in _LABELS.items() if label.search(before)), None)
            if kind:
                found.setdefault(kind, hit.dated)
            elif part is head and hit.start < _HEAD and _stands_alone(part, hit.start, hit.end):
                datelines.append(hit.dated)
    for said in _THIS.finditer(text):
        stated = next(find_dates(text[said.end() : said.end() + 40], languages), None)
        after = text[said.end() + stated.end :][:80] if stated else ""
        if stated and stated.start <= _WEEKDAY and (said["de"] is None or _GERMAN_VERB.match(after)):
            found.setdefault("modified" if _CHANGE.search(said[0]) else "published", stated.dated)
    edited = found.get("edited")
    modified = found.get("modified") or (replace(edited, confidence=Confidence.LOW) if edited else None)
    return Spoken(published=found.get("published") or _dateline(datelines), modified=modified)


def _dateline(lines: Sequence[Dated]) -> Dated | None:
    """The first day, before a month, that has a line of its own; a guess where other days have theirs too."""
    days = [line for line in lines if line.precision is Precision.DAY]
    if len({line.day for line in days}) > 1:
        return replace(days[0], confidence=Confidence.LOW)
    return next(iter(days or lines), None)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether the line holds little but the date, or is a line of facts of which the date is one part."""
    before = text[:start].rpartition("\n")[2].strip()
    after = text[end:].partition("\n")[0].strip()
    if len(before) + len(after) <= _FACTS:
        before, after = _PARTS.split(before)[-1], _PARTS.split(after)[0]
    return len(before) + len(after) <= _DATELINE_REST and len(before.split()) <= 4 and len(after.split()) <= 4
