"""What a body is, by looking at it: magic bytes and content first, the label second, the address last."""

import re

from crawler.read.magic import looks_like_text, unreadable
from crawler.read.model import Broken, Kind
from crawler.read.safe_xml import looks_like_html, root_name

MOST_UNZIPPED = 50_000_000  # bytes

_FEED_ROOTS = frozenset(["rss", "rdf", "feed"])
_SRU_ROOTS = frozenset(["searchretrieveresponse", "record", "records", "diagnostics", "explainresponse"])
GAZETTE_ROOTS = frozenset(
    ["officiele-publicatie", "metadata_gegevens", "owms-metadata", "cvdr", "toestand", "open-rechtspraak"]
)
_KOOP_META = re.compile(rb"<meta[^>]+name=[\"']OVERHEID", re.IGNORECASE)
_GOVUK = re.compile(rb"\"(?:schema_name|document_type)\"\s*:")
_JSON_FEED = re.compile(rb"\"version\"\s*:\s*\"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version")


def sniff(body: bytes, media_type: str | None = None, url: str | None = None) -> Kind | None:
    """The kind of the body, or None for bytes that are none of ours (pictures, archives, empty)."""
    if unreadable(body):
        return None
    kind = _by_content(body)
    if kind is not None or _is_other_markup(body):
        return kind
    return _by_label((media_type or "").lower()) or _by_address(url) or _text_or_none(body)


def is_json_feed(body: bytes) -> bool:
    """Whether the body is JSON that calls itself a JSON Feed."""
    return body[:4000].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and _JSON_FEED.search(body) is not None


def unzipped(body: bytes, where: str) -> bytes:
    """A body that was stored as gzip (some servers send files so) unpacked; Broken for a torn one or a bomb."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    import zlib

    unpacker = zlib.decompressobj(wbits=31)
    try:
        found = unpacker.decompress(body, MOST_UNZIPPED)
    except zlib.error as error:
        raise Broken(f"{where}: gzip data that cannot be unpacked ({error}); fetch it again") from error
    if unpacker.unconsumed_tail:
        raise Broken(f"{where}: {len(body)} bytes unpack to more than {MOST_UNZIPPED}; not opened")
    return found


def _is_other_markup(body: bytes) -> bool:
    """XML with a root we do not know, and JSON: data for somebody else, never to be kept as a text."""
    head, tail = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n"), body[-200:].rstrip()
    braces = (head[:1], tail[-1:]) in ((b"{", b"}"), (b"[", b"]"))
    return head.startswith(b"<?xml") or (braces and re.match(rb"[{\[]\s*[\[{\"\]}\d]", head) is not None)


def _by_content(body: bytes) -> Kind | None:
    if b"%PDF-" in body[:1024]:
        return Kind.PDF
    if body.startswith(b"PK\x03\x04"):
        return Kind.DOCX if b"word/" in body else None
    head = body[:4000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] == b"{":
        if is_json_feed(body):
            return Kind.FEED
        return Kind.GOVUK if _GOVUK.search(body) else None
    root = root_name(body)
    if looks_like_html(body):
        return Kind.GAZETTE if _KOOP_META.search(body[:20_000]) else Kind.HTML
    for kind, roots in ((Kind.FEED, _FEED_ROOTS), (Kind.SRU, _SRU_ROOTS), (Kind.GAZETTE, GAZETTE_ROOTS)):
        if root in roots:
            return kind
    return Kind.FEED if root == "channel" else None  # Channel Definition Format


def _by_label(media_type: str) -> Kind | None:
    for part, kind in (
        ("application/pdf", Kind.PDF),
        ("wordprocessingml", Kind.DOCX),
        ("rss", Kind.FEED),
        ("atom", Kind.FEED),
        ("html", Kind.HTML),
        ("text/plain", Kind.TEXT),
    ):
        if part in media_type:
            return kind
    return None


def _by_address(url: str | None) -> Kind | None:
    ending = (url or "").split("?")[0].split("#")[0].lower().rpartition(".")[2]
    return {
        "pdf": Kind.PDF, "docx": Kind.DOCX, "html": Kind.HTML, "htm": Kind.HTML, "rss": Kind.FEED, "atom": Kind.FEED,
        "txt": Kind.TEXT, "md": Kind.TEXT,
    }.get(ending)  # fmt: skip


def _text_or_none(body: bytes) -> Kind | None:
    return Kind.TEXT if body[:4000].strip() and looks_like_text(body) else None
