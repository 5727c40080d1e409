"""Agency marks: at the head or foot of a text, and on copies of a text that bears none itself (method §3 rule 2)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from review.evidence_cues import fold
from review.origins_library import Library, declared_slug, outlets, slug
from review.origins_types import Certainty, OriginDoc, OriginLink, Rule

HEAD, FOOT = 300, 200  # characters in which an agency sets its mark
_AGENCIES = frozenset({
    "afp", "anp", "ap", "belga", "dpa", "epd", "interfax", "interfax-ukraine", "kna", "novosti", "reuters",
    "ria-novosti", "tass", "ukrinform", "unian",
})  # fmt: skip
_MARK = re.compile(
    r"[(/\[]\s*([A-ZА-ЯЁІЇЄa-z][\w .-]{1,30}?)\s*(?:[/,;&+]\s*[\w .-]{2,30})*[)/\]]"
    r"|^\W*(ANP|AFP|Reuters|dpa|AP|TASS|ТАСС)\b(?=\s*[-–—:/)])"
    r"|(?:^|\d|[^\W\d_]|\.)\s*[-–—]\s*(РИА Новости|ТАСС|Интерфакс|Укрінформ|УНІАН|Reuters|AFP|TASS|Interfax)"
    r"(?=\.|,\s*\d|\s*$)",
    re.MULTILINE,
)
# "Reporting by Reuters", "(Reporting by Ivan Petrov, Reuters)", "Bewerking: ANP": whose reporters these are.
_REPORTING = re.compile(
    r"(?:(?:additional )?reporting|writing|editing|text|story|words|coverage) (?:by|from|:)"
    r"|(?:bericht|verslag|berichtgeving|redactie) (?:door|van)"
    r"|with (?:material|files|reporting) (?:from|by)|met (?:medewerking|informatie) van"
    r"|по материалам|с использованием материалов|сообщение агентства|за матеріалами|за повідомленням агентства"
    r"|mit material von|bericht von|text:|avec (?:l'|les? |la |des? )?|par l'agence|reportage de",
    re.IGNORECASE,
)
_AFTER_REPORTING = 60  # characters: reporters' names stand before the agency's


def wire_marks(doc: OriginDoc, library: Library) -> Iterator[OriginLink]:
    """What the marks of a document say: "(Reuters)", "/ТАСС/", "ANP -", "— РИА Новости."."""
    for region, text in (("head", doc.text[:HEAD]), ("foot", doc.text[-FOOT:])):
        names = [match.group(1) or match.group(2) or match.group(3) for match in _MARK.finditer(text)]
        for name in dict.fromkeys((*names, *(_reporters(text) if region == "foot" else ()))):
            key = "ap" if name == "AP" else declared_slug(name)
            if key not in _AGENCIES or key == slug(doc.publisher):
                continue
            publisher = next((p for p, pattern in library.names if pattern.fullmatch(fold(name).text)), None)
            if publisher == doc.publisher:
                continue
            best = library.best(doc, library.by_publisher.get(publisher, ())) if publisher else None
            yield OriginLink(
                child=doc.key, parent=best.key if best else f"named:{key}", label=best.title if best else name,
                rule=Rule.WIRE, why=f"An agency mark at the {region}: {name}.",
            )  # fmt: skip


def _reporters(foot: str) -> Iterator[str]:
    """The agencies named behind "Reporting by" at the end of a text, with or without brackets."""
    for match in _REPORTING.finditer(foot):
        words = foot[match.end() : match.end() + _AFTER_REPORTING].split("\n")[0]
        folded = fold(words)
        for key, pattern in outlets():
            found = pattern.search(folded.text) if key in _AGENCIES else None
            if (
                found is not None
                and (start := folded.original(*found.span())[0]) >= 0
                and (words[start].isupper() or key in ("dpa", "epd", "kna"))
            ):
                yield words[slice(*folded.original(*found.span()))]


def marks_of_copies(marks: Iterable[OriginLink], found: Sequence[OriginLink]) -> Iterator[OriginLink]:
    """The earliest print of a wire text that bears no mark, where later prints bear one: it comes from there too.

    `marks` are those of all documents. Nothing is said where copies name different agencies, or where the document
    itself says where it comes from.
    """
    by_child: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for mark in marks:
        by_child[mark.child].add((mark.parent, mark.label))
    placed = {s.child for s in found if s.start is None and s.certainty is Certainty.MERGED} | by_child.keys()
    named: dict[str, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for step in found:
        if step.rule is Rule.COPY and step.certainty is Certainty.MERGED and step.parent not in placed:
            for agency in by_child.get(step.child, ()):
                named[step.parent][agency] += 1
    for first, agencies in sorted(named.items()):
        ((parent, label), number), *others = sorted(agencies.items())
        if not others and parent != first:
            yield OriginLink(
                child=first, parent=parent, label=label, rule=Rule.WIRE,
                why=f"{number} later prints of this text bear the mark of {label}.",
            )  # fmt: skip
