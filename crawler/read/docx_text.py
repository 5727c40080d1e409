"""The words of a Word paragraph as a reader sees them, with marks where it cites footnotes and endnotes."""

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from crawler.read.clean import clean
from crawler.read.marks import FoundNote, mark
from crawler.read.safe_xml import parse_xml

NOTE_FILES = ("word/footnotes.xml", "word/endnotes.xml")

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SHOWN = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
# Deleted or moved away by a reviewer; the older twin of a text box; the code of a field.
_UNSEEN = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}instrText"})
_NO_NOTE = frozenset({"separator", "continuationSeparator", "continuationNotice"})
_REFERENCES = {f"{_W}footnoteReference": "footnote", f"{_W}endnoteReference": "endnote"}
Element: TypeAlias = Any  # lxml ships no types here
Notes = dict[str, FoundNote]


def text_of(paragraph: Element) -> str:
    """The text of a paragraph: insertions in, deletions out, a mark for each note it cites."""
    return "".join(_pieces(paragraph))


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag == f"{_W}t":
            yield clean(child.text or "")
        elif tag in _SHOWN:
            yield _SHOWN[tag]
        elif tag in _REFERENCES:
            yield mark(f"{_REFERENCES[tag]}:{child.get(f'{_W}id')}")
        elif tag not in _UNSEEN and isinstance(tag, str):
            yield from _pieces(child)


def notes_of(document: Element) -> tuple[Notes, tuple[str, ...]]:
    """Footnotes and endnotes by "footnote:ID" and "endnote:ID", and the addresses they link to.

    Word counts the numbers itself: a note's number is its place among those that the text cites.
    """
    notes: Notes = {}
    links: list[str] = []
    for name in NOTE_FILES:
        part = next((p for p in document.part.package.iter_parts() if str(p.partname) == f"/{name}"), None)
        if part is None:
            continue
        kind = name.removeprefix("word/").removesuffix("s.xml")
        texts = {
            str(note.get(f"{_W}id")): " ".join("\n".join(map(text_of, note.iter(f"{_W}p"))).split())
            for note in parse_xml(part.blob, name, "a Word file's notes").iter(f"{_W}{kind}")
            if note.get(f"{_W}type") not in _NO_NOTE
        }
        cited = [str(r.get(f"{_W}id")) for r in document.element.body.iter(f"{_W}{kind}Reference")]
        for number, note_id in enumerate(dict.fromkeys(cited), start=1):
            if texts.get(note_id):
                notes[f"{kind}:{note_id}"] = FoundNote(number=str(number), text=texts[note_id])
        links += links_of(part)
    return notes, tuple(links)


def links_of(part: Element) -> tuple[str, ...]:
    """The web addresses that a part of the file links to."""
    targets = (str(rel.target_ref) for rel in part.rels.values() if rel.is_external)
    return tuple(dict.fromkeys(target for target in targets if re.match(r"https?://", target)))
