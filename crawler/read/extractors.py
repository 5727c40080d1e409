"""The names and versions of what reads: one place, so that the crawl can ask who is in use without loading a reader.

Raise a number when the same bytes are read differently: what an older one has read is then read anew.
"""

from crawler.read import ocr

DOCX = "docx/2"
FEED = "feed/2"
GAZETTE = "gazette/1"
GOVUK = "govuk/1"
HTML = "html/2"
LINK = "link/1"  # the terms allow a link only
LISTING = "listing/1"
PDF = "pdf/2"
PDF_OCR = "pdf+ocr/2"  # some of its pages were read by OCR
SRU = "sru/1"
TEXT = "text/2"

CAN_OCR = "ocr"  # pages that are pictures can be read here


def current_extractors() -> frozenset[str]:
    """Names of the extractors in use, and CAN_OCR where OCR is installed."""
    named = (DOCX, FEED, GAZETTE, GOVUK, HTML, LINK, LISTING, PDF, PDF_OCR, SRU, TEXT)
    return frozenset(named) | ({CAN_OCR} if ocr.engine() else set())
