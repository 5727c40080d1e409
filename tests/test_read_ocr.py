"""Pages that are pictures: found page by page, read by OCR where it is installed, and never silently."""

import io

import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from crawler.read import extractors, ocr
from crawler.read.pdf import read_pdf

SAID = [
    "Conscripts were asked to sign a contract in the spring of 2022.",
    "Most of them refused, said three witnesses in the capital.",
]
COVER = "This is the cover letter of the report, with text of its own."


def typed(lines):
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=A4)
    sheet.setFont("Helvetica", 13)
    for number, line in enumerate(lines):
        sheet.drawString(72, 760 - 22 * number, line)
    sheet.showPage()
    sheet.save()
    return out.getvalue()


def scanned(blank=False):
    """A cover letter with text, a page that is a picture of text, and if asked for a page with nothing on it."""
    picture = pypdfium2.PdfDocument(typed(SAID))[0].render(scale=2.5).to_pil().convert("L")
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=A4)
    sheet.drawString(72, 700, COVER)
    sheet.showPage()
    if blank:
        sheet.showPage()
    sheet.drawImage(ImageReader(picture), 0, 0, *A4)
    sheet.showPage()
    sheet.save()
    return out.getvalue()


@pytest.fixture
def without_engine(monkeypatch):
    """A machine without Tesseract."""
    monkeypatch.setenv("PATH", "")
    ocr.engine.cache_clear()
    yield
    ocr.engine.cache_clear()


def test_without_the_extra_the_pages_are_named_with_the_remedy(without_engine):
    reading = read_pdf(scanned(blank=True))
    assert reading.pages_without_text == (3,)  # page 2 is blank: there is nothing to read on it
    assert not reading.needs_ocr and reading.extractor == extractors.PDF
    assert reading.warnings[-1].startswith("1 of 3 pages have almost no text (needs OCR): 3; install Tesseract")


def test_what_the_engine_gives_is_read_and_marked():
    """With an engine of our own, so that it is shown on every machine what becomes of its text."""
    engine = ocr.Engine(name="typist 1", run=lambda body, pages: typed(SAID))
    reading = read_pdf(scanned(), recognise=engine)
    assert reading.extractor == extractors.PDF_OCR and reading.attributes["ocr"] == "typist 1"
    assert "Most of them refused" in reading.text


def test_an_engine_that_fails_is_a_warning():
    def fail(body, pages):
        raise ocr.OcrFailed("it took more than 5 s")

    reading = read_pdf(scanned(), recognise=ocr.Engine(name="none", run=fail))
    assert reading.pages_without_text == (2,) and reading.extractor == extractors.PDF
    assert reading.warnings[0] == "OCR failed: it took more than 5 s"


@pytest.mark.skipif(ocr.engine() is None, reason="the extra `ocr` or Tesseract is not installed")
def test_a_scanned_page_is_read_for_real():
    reading = read_pdf(scanned())
    assert reading.extractor == extractors.PDF_OCR and reading.pages_without_text == ()
    assert COVER in reading.text
    (read,) = [p for p in reading.passages if p.page == 2]
    assert read.text == " ".join(SAID)
    assert reading.warnings == ("text by OCR, page 2: check against the image",)


@pytest.mark.skipif(ocr.engine() is None, reason="the extra `ocr` or Tesseract is not installed")
def test_the_engine_is_stopped_at_its_time_limit(monkeypatch):
    monkeypatch.setattr(ocr, "START_S", 0.1)
    monkeypatch.setattr(ocr, "PAGE_S", 0.1)
    reading = read_pdf(scanned())
    assert reading.pages_without_text == (2,) and "OCR failed: took more than 0.2 s" in reading.warnings
