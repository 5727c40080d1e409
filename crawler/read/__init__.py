"""The reading room: bytes in, typed records out. No network, no clock, no database."""

from crawler.read.magic import remedy, unreadable
from crawler.read.model import Kind, Reading, WrongShape
from crawler.read.safe_xml import seen
from crawler.read.sniff import sniff, unzipped

__all__ = ["read"]

SHAPES = ("feed", "sru", "govuk", "html", "pdf", "docx", "text")
# A gazette page is HTML or XML to whoever promised it, and a plain text may turn out to be anything.
_KEEPS = {"html": (Kind.HTML, Kind.GAZETTE)}


def read(body: bytes, *, media_type: str | None = None, url: str | None = None, shape: str | None = None) -> Reading:
    """What one body says. The bytes decide what it is, then the media type, then the ending of the address.

    `shape` is what was promised (one of SHAPES, or None): other bytes raise WrongShape, which names what was
    seen, the size and the remedy. Also raises Locked and Broken. ValueError for an unknown shape.
    """
    if shape is not None and shape not in SHAPES:
        raise ValueError(f"unknown shape {shape!r}; known are {', '.join(SHAPES)}")
    where = url or "this body"
    if not body.strip():
        raise WrongShape(f"{where}: an empty body ({len(body)} bytes){_promise(shape)}; {_REMEDY}")
    body = unzipped(body, where)
    kind = sniff(body, media_type, url)
    if shape is not None and kind not in _KEEPS.get(shape, (Kind(shape),)):
        return _insist(body, shape, media_type, url)
    if kind is None:
        raise WrongShape(f"{where}: {seen(body)}, {len(body)} bytes, is nothing that can be read; {remedy(body)}")
    return _dispatch(kind, body, media_type, url)


_REMEDY = "open the address in a browser and correct the source's url or shape"


def _promise(shape: str | None) -> str:
    return f" where {shape} was promised" if shape else ""


def _insist(body: bytes, shape: str, media_type: str | None, url: str | None) -> Reading:
    """The bytes do not look as promised. The promised reader has the last word: it knows damaged ones of its kind."""
    if unreadable(body):
        raise WrongShape(f"{url or 'this body'}: {seen(body)}{_promise(shape)} ({len(body)} bytes); {remedy(body)}")
    if shape in ("html", "text") and seen(body) in ("text", "HTML"):
        return _dispatch(Kind(shape), body, media_type, url)
    if shape in ("html", "text"):
        raise WrongShape(f"{url or 'this body'}: {seen(body)}{_promise(shape)} ({len(body)} bytes); {_REMEDY}")
    return _dispatch(Kind(shape), body, media_type, url)


def _dispatch(kind: Kind, body: bytes, media_type: str | None, url: str | None) -> Reading:
    """The reader of one kind, imported when first needed: a feed should not wait for the PDF engine to load."""
    if kind is Kind.HTML:
        from crawler.read.html import read_html

        return read_html(body, url, media_type=media_type)
    if kind is Kind.FEED:
        from crawler.read.feed import read_feed

        return read_feed(body, url, media_type=media_type)
    if kind is Kind.PDF:
        from crawler.read.pdf import read_pdf

        return read_pdf(body, url)
    if kind is Kind.TEXT:
        from crawler.read.text import read_text

        return read_text(body, url, media_type)
    if kind is Kind.GAZETTE:
        from crawler.read.gazette import read_gazette

        return read_gazette(body, url, media_type)
    return _dispatch_rarer(kind, body, url)


def _dispatch_rarer(kind: Kind, body: bytes, url: str | None) -> Reading:
    if kind is Kind.SRU:
        from crawler.read.sru import read_sru

        return read_sru(body, url)
    if kind is Kind.GOVUK:
        from crawler.read.govuk import read_govuk

        return read_govuk(body, url)
    from crawler.read.docx import read_docx

    return read_docx(body, url)
