"""Alerts as an Atom feed (RFC 4287), in one language. Pure: the same alerts, the same bytes."""

import json
import re
import sqlite3
from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as Tree

from review.alerts.say import Shown, Words, shown

ATOM, XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed(
    alerts: Sequence[sqlite3.Row], *, title: str, path: str, page: str, site: str, language: str, looked_at: str
) -> bytes:
    """Return the feed of rows of store.alerts, the newest first. `path` is its own address, `page` that of its page.

    A feed must say when it changed, also one that holds nothing: `looked_at` is when verdicts were last
    made.

    Ids do not name the host, so a site that moves tells nobody anything twice; an alert never changes, and neither does
    its entry.
    """
    words = Words(language)
    Tree.register_namespace("", ATOM)
    Tree.register_namespace("xhtml", XHTML)
    root = Tree.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": words.language})
    _add(root, "id", uuid5(NAMESPACE_URL, f"coi-tracker:feed:{path}").urn)
    _add(root, "title", title)
    _add(root, "updated", max((row["raised_at"] for row in alerts), default=looked_at))
    _add(_add(root, "author"), "name", words("feed.author"))
    _add(root, "link", rel="self", type="application/atom+xml", href=site + path)
    _add(root, "link", rel="alternate", type="text/html", href=site + page)
    for row in alerts:
        _entry(root, row, words, site)
    return bytes(Tree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _entry(root: Tree.Element, row: sqlite3.Row, words: Words, site: str) -> None:
    said = shown(row["event_key"], json.loads(row["details"]), words.language)
    entry = _add(root, "entry")
    # Raised at is part of the id because two homes count their rows apart: key and instant name the alert.
    _add(entry, "id", uuid5(NAMESPACE_URL, f"coi-tracker:alert:{row['event_key']}:{row['raised_at']}").urn)
    _add(entry, "title", said.title)
    _add(entry, "updated", row["raised_at"])
    _add(entry, "published", row["raised_at"])
    tail = "?lang=nl" if words.language == "nl" else ""
    _add(entry, "link", rel="alternate", type="text/html", href=f"{site}/alerts/{row['id']}{tail}")
    _add(entry, "category", term=row["event"], label=said.kind)
    _add(entry, "summary", f"{said.lead} {words('part.before')}: {said.before}. {words('part.after')}: {said.after}.")
    _content(_add(entry, "content", type="xhtml"), said, words, site)


def _content(content: Tree.Element, said: Shown, words: Words, site: str) -> None:
    """Before, after, why, what is missing, passages and links, as a letter says them."""
    div = _html(content, "div")
    _html(div, "p", said.lead)
    facts = _html(div, "dl")
    for name, value in (("before", said.before), ("after", said.after)):
        _html(facts, "dt", words(f"part.{name}"))
        _html(facts, "dd", value)
    for section in said.sections:
        _html(div, "h3", section.heading)
        lines = _html(div, "ul")
        for line in section.lines:
            _html(lines, "li", line)
    if said.passages:
        _html(div, "h3", words("part.passages"))
    for cited in said.passages:
        _html(div, "blockquote", cited.quote, **({"lang": cited.language} if cited.language else {}))
        _html(_html(div, "p"), "a", cited.citation, href=site + cited.path)
    if said.paths:
        _html(div, "h3", words("part.links"))
        for path in said.paths:
            _html(_html(div, "p"), "a", path, href=site + path)


def _add(parent: Tree.Element, name: str, text: str = "", **attributes: str) -> Tree.Element:
    return _made(parent, f"{{{ATOM}}}{name}", text, attributes)


def _html(parent: Tree.Element, name: str, text: str = "", **attributes: str) -> Tree.Element:
    return _made(parent, f"{{{XHTML}}}{name}", text, attributes)


def _made(parent: Tree.Element, name: str, text: str, attributes: dict[str, str]) -> Tree.Element:
    found = Tree.SubElement(parent, name, {key: _NOT_XML.sub("", value) for key, value in attributes.items()})
    found.text = _NOT_XML.sub("", text) or None
    return found
