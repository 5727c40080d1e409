"""Who wrote a report and what kind of paper it is, where it says so itself. Wrong is worse than empty."""

import re
from collections.abc import Iterator, Sequence

from crawler.read.clean import one_line

_LABEL = re.compile(
    r"^(?:authors?|written\s+by|prepared\s+by|researched\s+and\s+written\s+by|drafted\s+by|report\s+by|auteurs?|"
    r"opgesteld\s+door|geschreven\s+door|afzender|автор(?:ы|и)?|подготовлен[оы]?|авторы\s+доклада|autor(?:en|in)?|"
    r"verfasst\s+von|verfasser(?:in)?|rédigé\s+par|auteure?s?)\s*(?::|$)\s*(.*)$",
    re.IGNORECASE,
)
# A body on a line of its own; the words after which such a name may go on ("Ministry of Foreign Affairs").
_BODY = re.compile(
    r"^(?:(?:the\s+)?(?:ministry|department|office|directorate|immigration\s+and\s+naturalisation\s+service|danish|"
    r"swedish|norwegian|european\s+union\s+agency|european\s+asylum\s+support\s+office|home\s+office|"
    r"united\s+nations\s+high\s+commissioner|immigration\s+and\s+refugee\s+board|federal\s+office|council\s+of\s+europe)\b"
    r"|ministerie\s+van\b|immigratie-\s*en\s+naturalisatiedienst|dienst\s+terugkeer|adviesraad\b|directoraat|directie\b|"
    r"raad\s+van\s+state|министерство\s|міністерство\s|управление\s+верховного|bundesamt\s+für|bundesministerium|"
    r"auswärtiges\s+amt|staatssekretariat\s+für|ministère\s+d|office\s+français\s+de|commissariat\s+général)",
    re.IGNORECASE,
)
_PART = re.compile(
    r"^(?:directie|directoraat|afdeling|department|division|directorate|unit|section|abteilung|referat)\b",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    r"^(?:EUAA|EASO|UNHCR|OHCHR|Landinfo|Lifos|Cedoca|ACCORD|Asylos|Amnesty International|Human Rights Watch|OFPRA|BFA|"
    r"BAMF|VluchtelingenWerk Nederland|ОВД-Инфо|Мемориал|Memorial|International Crisis Group)$"
)
_TOOL = re.compile(
    r"word|acrobat|adobe|office|writer|latex|\btex\b|pdf|indesign|quark|chrome|skia|windows|scanner|xerox|canon|ricoh|"
    r"konica|kyocera|administrator|\badmin\b|user|gebruiker|пользователь|unknown|onbekend|owner|default|template|anonymous|"
    r"none|microsoft|libre|python|reportlab|[@\\/_<>]|\d",
    re.IGNORECASE,
)
_NAME = re.compile(r"^[^\W\d_][\w.'’-]*(?:\s+(?:&|[^\W\d_][\w.'’-]*))+$")
_SENTENCE = re.compile(
    r"[.!?;]\s|\b(?:is|are|was|were|has|have|said|wordt|zijn|heeft|были|был|является|wurde|sind|est|sont)\b"
)
# What the title, or a line of the first page, calls the paper: at its beginning or behind the country's name.
_TYPES: dict[str, tuple[str, ...]] = {
    "general country report": (
        r"general\s+(?:official\s+)?country(?:\s+of\s+origin)?\s+report", r"algemeen\s+ambtsbericht",
    ),
    "thematic country report": (
        r"thematic\s+(?:official\s+)?(?:country\s+)?report", r"thematisch\s+ambtsbericht",
    ),
    "individual report": (r"individueel\s+ambtsbericht",),
    "query response": (
        r"(?:coi\s+)?query\s+response", r"coi\s+query", r"response\s+to\s+(?:an\s+)?information\s+request",
        r"anfragebeantwortung", r"réponse\s+à\s+(?:une\s+)?demande",
    ),
    "country policy and information note": (r"country\s+policy\s+and\s+information\s+note",),
    "country guidance": (r"country\s+guidance",),
    "country focus": (r"(?:country|coi)\s+focus",),
    "fact-finding report": (
        r"report\s+(?:of|from|on)\s+(?:a\s+)?(?:joint\s+)?fact[- ]finding\s+mission",
        r"fact[- ]finding\s+(?:mission\s+)?report",
    ),
    "country report": (
        r"country(?:\s+of\s+origin(?:\s+information)?)?\s+report", r"coi\s+report",
        r"country\s+reports?\s+on\s+human\s+rights", r"länderbericht", r"landeninformatie", r"landenrapport",
    ),
    "letter to parliament": (
        r"kamerbrief", r"brief\s+van\s+de\s+(?:minister|staatssecretaris|regering)",
        r"aan\s+de\s+voorzitter\s+van\s+de\s+tweede\s+kamer",
    ),
    "answers to parliamentary questions": (
        r"beantwoording\s+(?:van\s+)?(?:de\s+)?(?:schriftelijke\s+)?(?:kamer)?vragen",
        r"antwoord(?:en)?\s+op\s+(?:schriftelijke\s+)?(?:kamer)?vragen",
    ),
    "position paper": (r"position\s+paper", r"unhcr\s+position\s+on"),
}  # fmt: skip
_KINDS = tuple(
    (name, re.compile(rf"(?:^|[:–—|-]\s*)(?:{'|'.join(words)})\b", re.IGNORECASE)) for name, words in _TYPES.items()
)
_FRONT_LINES = 40
_MOST_AUTHORS = 6


def authors_of(front: Sequence[str], declared: str | None = None) -> tuple[str, ...]:
    """Persons and bodies that the lines of the first page name as authors; else the file's own author.

    Behind a label ("Author:"), or a body's name on a line of its own, with the part of it on the next line. The
    file's author counts only where it looks like a name or a body: not a program, a login or a template.
    """
    lines = [line for line in (one_line(text) for text in front[:_FRONT_LINES]) if line]
    found = list(dict.fromkeys(_labelled(lines))) or list(dict.fromkeys(_bodies(lines)))
    if not found and (name := one_line(declared)) and _is_name(name):
        found = [name]
    return tuple(found[:_MOST_AUTHORS])


def document_type_of(front: Sequence[str], title: str | None = None) -> str | None:
    """What the title or the first page calls the paper ("query response", "letter to parliament"), or None."""
    lines = [line for line in (one_line(text) for text in (title or "", *front[:_FRONT_LINES])) if line]
    for line in lines:
        if len(line) > 160:
            continue
        for name, pattern in _KINDS:
            if pattern.search(line) and not _SENTENCE.search(line):
                return name
    return None


def _labelled(lines: Sequence[str]) -> Iterator[str]:
    for at, line in enumerate(lines):
        label = _LABEL.match(line)
        if not label:
            continue
        said = label[1] or (lines[at + 1] if at + 1 < len(lines) else "")
        for name in (
            re.split(r"\s*[;,]\s+|\s+(?:and|en|и|та|und|et)\s+(?=[A-ZА-ЯІЇЄҐ])", said)
            if not _BODY.match(said)
            else (said,)
        ):
            if (_is_name(name) or _BODY.match(name) or _KNOWN.match(name)) and len(name) <= 120:
                yield name.strip(" .")


def _bodies(lines: Sequence[str]) -> Iterator[str]:
    for at, line in enumerate(lines):
        if _KNOWN.match(line):
            yield line
        elif (
            _BODY.match(line) and len(line) <= 100 and not _SENTENCE.search(line) and not line.endswith((".", ":", ","))
        ):
            if at and _PART.match(line) and _BODY.match(lines[at - 1]) and not _PART.match(lines[at - 1]):
                continue  # named with the body above it
            part = lines[at + 1] if at + 1 < len(lines) else ""
            yield f"{line}, {part}" if _PART.match(part) and not _PART.match(line) and len(part) <= 80 else line


def _is_name(name: str) -> bool:
    return (
        len(name) <= 80
        and not _TOOL.search(name)
        and bool(_NAME.match(name) or _BODY.match(name) or _KNOWN.match(name))
    )
