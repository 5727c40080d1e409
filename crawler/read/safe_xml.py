"""XML from strangers: parsed without entities, without network, without a DTD."""

import re
from typing import Any, TypeAlias

from crawler.read.magic import looks_like_text, remedy, unreadable
from crawler.read.model import Broken, WrongShape

Element: TypeAlias = Any  # an lxml element; lxml ships no types

_PROLOG = re.compile(
    rb"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?:[^\[>\"']|\"[^\"]*\"|'[^']*')*(?:\[.*?\]\s*)?>)", re.DOTALL
)
_ENTITY = re.compile(rb"<!ENTITY\b", re.IGNORECASE)


def root_name(body: bytes) -> str | None:
    """Local name of the first element (lower case), past declaration, comments and DOCTYPE; None if there is none."""
    flat = body.replace(b"\x00", b"") if b"\x00" in body[:200] else body
    at = 3 if flat.startswith(b"\xef\xbb\xbf") else 0
    if flat[:2] in (b"\xff\xfe", b"\xfe\xff"):
        at = 2
    while prolog := _PROLOG.match(flat, at):
        at = prolog.end()
    found = re.match(rb"\s*<([A-Za-z_][\w.:-]*)", flat[at : at + 400])
    return found[1].decode("ascii", "replace").rpartition(":")[2].lower() if found else None


def local(element: Element) -> str:
    """Tag of an lxml element without its namespace; empty for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def declares_entities(body: bytes) -> bool:
    """Whether the document brings entity definitions of its own, in any encoding."""
    return bool(_ENTITY.search(body.replace(b"\x00", b"") if b"\x00" in body[:400] else body))


def parse_xml(body: bytes, url: str | None, promised: str) -> Element:
    """The root element. WrongShape when it is no XML at all, Broken when it defines entities or is torn."""
    where = url or "this body"
    if root_name(body) in (None, "html"):
        raise WrongShape(f"{where}: {seen(body)} where {promised} was promised ({len(body)} bytes); {remedy(body)}")
    if declares_entities(body):
        raise Broken(f"{where}: the XML defines entities of its own, which are never expanded; ask the publisher why")
    from lxml import etree  # here, so that telling kinds apart does not wait for it

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Broken(f"{where}: XML that cannot be parsed ({error}), {len(body)} bytes; fetch it again") from error


def seen(body: bytes) -> str:
    """What a body looks like, in a word or two for messages: "HTML", "JSON", "PDF", "nothing" ..."""
    told = unreadable(body)
    if told:
        return told[0]
    text = body.lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if not text:
        return "nothing"
    for magic, name in ((b"%PDF", "a PDF"), (b"PK\x03\x04", "a zip archive"), (b"\x1f\x8b", "gzip data")):
        if text.startswith(magic):
            return name
    if text[:1] in b"{[":
        return "JSON"
    root = root_name(body)
    if looks_like_html(body):
        return "HTML"
    if root:
        return f"XML <{root}>"
    return "text" if looks_like_text(body) else "unknown binary data"


_HTML_TAG = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|p|h[1-6]|article|main|table|br|span)\b", re.IGNORECASE)
_HTML_ROOTS = frozenset(["html", "head", "body", "div", "p", "h1", "article", "main", "table", "br", "span", "section"])


def looks_like_html(body: bytes) -> bool:
    """Whether a body is a page or a piece of one; XML of another root is not, whatever it carries inside."""
    root = root_name(body)
    if root is not None:
        return root in _HTML_ROOTS
    head = body[:4000].lstrip(b"\xef\xbb\xbf \t\r\n")
    return not head.startswith(b"<?xml") and bool(_HTML_TAG.search(head))
