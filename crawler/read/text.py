"""Plain text in any encoding, and the one place where bytes become characters."""

import codecs
import re
from dataclasses import replace

from crawler.read import extractors
from crawler.read.clean import clean, dehyphenated, one_line
from crawler.read.code_lines import code_warning, without_code
from crawler.read.language import language_of
from crawler.read.model import Confidence, Dated, Kind, Reading, WrongShape
from crawler.read.passages import split
from crawler.read.period import reference_period
from crawler.read.spoken_dates import spoken_dates

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(r"charset\s*=\s*(?:[\"']\s*)?([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^>]*?charset\s*=\s*(?:[\"']\s*)?([\w.:-]+)", re.IGNORECASE)
_XML_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:-]+)[\"']", re.IGNORECASE)
# What browsers do (WHATWG Encoding Standard): pages that say Latin-1 or ASCII are Windows-1252.
_BROWSER = {"iso8859-1": "cp1252", "ascii": "cp1252", "latin-1": "cp1252"}
# Python looks these up as encodings too; no page is in one, and "hex" or "unicode-escape" would be an attack.
_NO_ENCODINGS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
# What a text without any label is in, among our languages; the order decides a tie.
_CANDIDATES = ("cp1251", "koi8-r", "koi8-u", "cp1252", "iso8859-5", "cp866", "cp1254", "cp1256", "iso8859-2")
_TITLE_LIMIT = 300
_FRONT = 20_000  # characters in which a report says what period it covers


def read_text(body: bytes, url: str | None = None, media_type: str | None = None) -> Reading:
    """A plain text: title is its first line, the date what it says of itself. WrongShape for a body without text."""
    text, encoding = decode(body, media_type)
    text, code = without_code(clean(text))
    text = dehyphenated(text).strip()
    if code and not text:
        where = url or "this body"
        raise WrongShape(f"{where}: nothing but program code ({len(body)} bytes); correct the source's url or drop it")
    if not text:
        raise WrongShape(f"{url or 'this body'}: an empty text ({len(body)} bytes); fetch it again or drop the address")
    spoken = spoken_dates(text)
    period = reference_period(text[:_FRONT])
    lossy = "�" in text
    return Reading(
        kind=Kind.TEXT,
        title=_title(text),
        published=spoken.published or _as_published(spoken.modified),
        modified=spoken.modified,
        language=language_of(text),
        text=text,
        passages=split(text),
        period_from=period[0] if period else None,
        period_to=period[1] if period else None,
        warnings=(*((f"some bytes are no {encoding} and were replaced",) if lossy else ()), *code_warning(code)),
        extractor=extractors.TEXT,
        attributes={"encoding": encoding},
    )


def _title(text: str) -> str | None:
    """The first line that has a letter or a digit."""
    line = next((line for line in text.split("\n") if any(map(str.isalnum, line))), "")
    return (one_line(line) or "")[:_TITLE_LIMIT] or None


def _as_published(modified: Dated | None) -> Dated | None:
    """A page that only says when it was last edited was not published later than that."""
    return replace(modified, confidence=Confidence.NORMAL) if modified else None


def decode(body: bytes, media_type: str | None = None) -> tuple[str, str]:
    """Bytes as characters, and the encoding used. Never fails: what fits nothing becomes U+FFFD.

    Order: byte order mark; UTF-8 if the bytes are valid UTF-8 (a false label is likelier than an accident);
    the label of the transport, the XML declaration, the HTML meta; and last a guess.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(_without_mark(name, mark), "replace"), name
    wide = _unmarked_utf16(body)
    if wide:
        return body.decode(wide, "replace"), wide
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass  # not UTF-8, so the labels are asked next
    for label in _labels(body, media_type):
        try:
            return body.decode(label), label
        except (UnicodeError, LookupError):
            continue  # a false label; the next may be true
    return _guessed(body)


def _without_mark(name: str, mark: bytes) -> str:
    if name == "utf-8":
        return name
    return f"{name}-{'le' if mark[0] == 0xFF else 'be'}"


def _unmarked_utf16(body: bytes) -> str | None:
    """UTF-16 without a mark: zero bytes, all of them at odd or all at even places (spaces are enough to tell)."""
    head = body[:800]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if even + odd < 2 or (even and odd):
        return None
    return "utf-16-le" if odd else "utf-16-be"


def _labels(body: bytes, media_type: str | None) -> list[str]:
    """Encodings that somebody claims, as Python names, in order of trust; unknown names and UTF-8 left out."""
    head = body[:4096]
    claims = [m[1] for m in [_CHARSET.search(media_type or "")] if m]
    claims += [m[1].decode("ascii", "replace") for m in (_XML_DECLARATION.search(head), _META.search(head)) if m]
    names = []
    for claim in claims:
        try:
            name = codecs.lookup(claim).name
        except LookupError:
            continue  # an encoding nobody knows; the next claim or the guess decides
        if not name.startswith("utf") and name not in _NO_ENCODINGS:
            names.append(_BROWSER.get(name, name))
    return names


def _guessed(body: bytes) -> tuple[str, str]:
    """The likeliest single-byte encoding; Latin text and Cyrillic text are told apart by their letters."""
    from charset_normalizer import from_bytes

    best = from_bytes(body[:20000], cp_isolation=list(_CANDIDATES)).best()
    name = best.encoding if best else "cp1252"
    return body.decode(name, "replace"), name
