"""HTML bytes as a tree, whatever their encoding."""

import re

from lxml import html
from lxml.etree import ParserError, XMLSyntaxError

from crawler.read.clean import clean
from crawler.read.magic import remedy, unreadable
from crawler.read.model import WrongShape
from crawler.read.safe_xml import Element, seen
from crawler.read.text import decode


def parse_html(body: bytes, url: str | None, media_type: str | None = None) -> Element:
    """The tree of a page, whatever its encoding. WrongShape when the bytes are no HTML."""
    source, _ = decode(body, media_type)
    if not source.strip() or unreadable(body) or seen(body) in _OTHERS:
        raise WrongShape(
            f"{url or 'this body'}: {seen(body)} where HTML was promised ({len(body)} bytes); {remedy(body)}"
        )
    try:
        # Controls out, because lxml reads them and then refuses to move the text they stand in. Given as bytes, because
        # it refuses a str that carries an XML declaration.
        source = _CONTROLS.sub("", clean(source))
        parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=False)
        return html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (ParserError, XMLSyntaxError, ValueError) as error:
        raise WrongShape(f"{url or 'this body'}: no HTML in {len(body)} bytes ({error}); {_REMEDY}") from error


_CONTROLS = re.compile(r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));?(?![0-9a-f])", re.IGNORECASE)
_OTHERS = ("a PDF", "a zip archive", "gzip data", "JSON")
_REMEDY = "open the address in a browser and correct the source's url or shape"
