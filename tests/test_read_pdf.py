"""PDF: page numbers, paragraphs, and files that mean harm."""

import io
import re
import zlib
from datetime import date

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

from crawler.read.model import Broken, Locked, WrongShape
from crawler.read.pdf import read_pdf
from crawler.read.pdf_layout import blocks_of_pages
from crawler.read.pdf_lines import Line, lines_of_pages
from crawler.read.pdf_process import _Child, _end_current, ask
from crawler.read.pdf_running import without_running

STYLES = getSampleStyleSheet()
TOPICS = ["", "service", "desertion", "objection", "alternative service", "prosecution", "return"]
SENTENCE = "Conscripts of unit {} were asked in week {} to sign a contract, and most of them refused, said witness {}. "


def report(pages=6, running=True):
    """A report of our own: title and date on page 1, a numbered heading and three paragraphs on each page."""
    out = io.BytesIO()

    def edge(canvas, document):
        if running:
            canvas.drawString(72, 800, "Country report Exampleland | confidential")
            canvas.drawString(72, 30, f"Page {document.page} of {pages}")

    story = [Paragraph("Country report on conscripts", STYLES["Title"]), Paragraph("7 April 2021", STYLES["Normal"])]
    story.append(Paragraph("This report covers April 2019 to March 2021.", STYLES["Normal"]))
    for page in range(1, pages + 1):
        story.append(Paragraph(f"{page}. Chapter on {TOPICS[page]}", STYLES["Heading2"]))
        story += [Paragraph(SENTENCE.format(page * page, n, 7 * page + n) * 3, STYLES["BodyText"]) for n in range(3)]
        story.append(PageBreak())
    SimpleDocTemplate(out, pagesize=A4).build(story, onFirstPage=edge, onLaterPages=edge)
    return out.getvalue()


def test_a_report_of_our_own():
    reading = read_pdf(report())
    assert reading.title == "Country report on conscripts"
    assert (reading.published.day, reading.published.origin) == (date(2021, 4, 7), "text")
    assert (reading.period_from, reading.period_to) == (date(2019, 4, 1), date(2021, 3, 31))
    assert len(reading.pages) == 6 and min(reading.pages) > 300 and not reading.needs_ocr
    body = [p for p in reading.passages if p.text.startswith("Conscripts of unit")]
    assert [(p.page, p.heading) for p in body[3:6]] == [(2, "2. Chapter on desertion")] * 3
    assert len(body) == 18 and all(re.search(r"said witness \d+\.$", p.text) for p in body)
    assert "confidential" not in reading.text and "Page 3" not in reading.text
    assert all(reading.text[p.start : p.end] == p.text for p in reading.passages)


def lines(*texts, y=700.0, x=70.0):
    return [Line(text=t, x=x, y=y - 12 * n, y_end=y - 12 * n, size=10.0) for n, t in enumerate(texts)]


def page_of(*texts):
    """A page as the child process gives it."""
    return {"lines": [[t, 70, 700 - 12 * n, 300, 700 - 12 * n, 10, False, [], []] for n, t in enumerate(texts)]}


def test_a_word_broken_by_the_engine_or_the_line_is_whole():
    broken = ["De besluit- en vertrek\ufffemoratoria voor Russische", "dienst-", "plichtigen gelden."]
    (block,) = blocks_of_pages(lines_of_pages([page_of(*broken)]))
    assert block.text == "De besluit- en vertrekmoratoria voor Russische dienstplichtigen gelden."


def test_a_sentence_over_a_page_end_belongs_to_the_page_where_it_begins():
    long = "The ministry said in its answer to the chamber that conscripts were not sent to the"
    first, second = blocks_of_pages([lines(long), [*lines("front and would not be."), *lines("A new one.", y=600)]])
    assert (first.page, first.text) == (1, f"{long} front and would not be.")
    assert (second.page, second.text) == (2, "A new one.")


def test_running_lines_go_and_sentences_that_repeat_once_stay():
    pages = [
        lines("Annual report", f"{n * 2}.1 Deployment", f"Text {n * n} here.") + lines(f"Report 2022 | {n + 2}", y=30)
        for n in range(1, 6)
    ]
    pages[4] = lines("Annual report", "Text 1 here.") + lines("Report 2022 | 7", y=30)
    kept = [[line.text for line in page] for page in without_running(pages)]
    assert kept[4] == ["Text 1 here."]
    assert kept[1] == ["4.1 Deployment", "Text 4 here."]


def raw_pdf(stream, objects=()):
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    parts[: len(objects)] = objects
    body, offsets = b"%PDF-1.5\n", []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(body),
    )


def test_one_child_reads_many_and_is_replaced_when_it_dies():
    whole, bomb = report(1), raw_pdf(zlib.compress(b"BT /F 9 Tf " + b"(abcdefg) Tj " * 800_000, 9))
    held = b"x" * 400_000_000  # the child of a large process is not worn from the start
    _end_current()
    assert ask("pdfium", whole, 10, 1_500_000_000)[1] is None
    child = _Child.current
    assert ask("pdfium", whole, 10, 1_500_000_000)[1] is None and _Child.current is child
    del held
    assert "killed by signal" in str(ask("pdfium", bomb, 4, 250_000_000)[1])
    assert _Child.current is None and child.process.returncode is not None
    assert ask("pdfium", whole, 10, 1_500_000_000)[1] is None and _Child.current is not child


def test_a_file_that_unpacks_to_a_hundred_times_its_size_dies_in_its_own_process():
    bomb = raw_pdf(zlib.compress(b"BT /F 9 Tf " + b"(abcdefg) Tj " * 800_000, 9))
    with pytest.raises(Broken, match="killed by signal") as error:
        read_pdf(bomb, "https://a.example/bomb.pdf", memory_bytes=250_000_000, wall_s=4)
    assert "https://a.example/bomb.pdf" in str(error.value) and "coi add" in str(error.value)


def test_the_wall_limit():
    with pytest.raises(Broken, match="took more than"):
        read_pdf(report(), wall_s=0.0001)


def test_a_page_tree_that_points_at_itself():
    loop = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 3>>"]
    with pytest.raises(Broken):
        read_pdf(raw_pdf(zlib.compress(b"BT ET"), loop), wall_s=10)


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        (b"", WrongShape, "nothing where a PDF was promised"),
        (b"<html><body>Log in</body></html>", WrongShape, "HTML where a PDF was promised"),
        (b"%PDF-1.7 and then nothing of the kind", Broken, "cannot be opened"),
    ],
)
def test_what_is_no_pdf(body, error, says):
    with pytest.raises(error, match=says):
        read_pdf(body, wall_s=10)


def test_a_truncated_report_is_broken_or_says_so():
    whole = report(2)
    try:
        reading = read_pdf(whole[: len(whole) // 2], wall_s=10)
    except Broken:
        return
    assert reading.warnings


def test_real_encrypted_files(shared):
    folder = shared / "data/real"
    files = [*(folder / "pdfminer__pdfminer.six/encryption").glob("*s-*.pdf")]
    files.append(folder / "py-pdf__sample-files/005-libreoffice-writer-password/libreoffice-writer-password.pdf")
    assert len(files) >= 6
    for path in files[-3:]:
        with pytest.raises(Locked, match="password"):
            read_pdf(path.read_bytes())


def test_real_hostile_and_corrupt_files(shared):
    folder = shared / "data/real/pdfminer__pdfminer.six"
    evil = read_pdf((folder / "contrib/issue-1113-evil-xobjects.pdf").read_bytes())
    assert evil.pages and evil.text.startswith("Hello world")
    mended = read_pdf((folder / "zen_of_python_corrupted.pdf").read_bytes())
    assert "Beautiful is better than ugly." in mended.text


def test_a_scanned_file_needs_ocr(shared):
    path = shared / "data/real/py-pdf__sample-files/007-imagemagick-images/imagemagick-images.pdf"
    reading = read_pdf(path.read_bytes())
    assert reading.needs_ocr and len(reading.pages) == 6 and "needs OCR" in reading.warnings[0]


def test_a_real_report_in_russian(shared):
    reading = read_pdf((shared / "data/real/ovdinfo__reports/2014/cr-report/report.pdf").read_bytes())
    assert reading.title == "Политические репрессии в России в 2011—2014 годах: уголовные преследования"
    assert reading.language == "ru" and len(reading.pages) == 28
    whole = [p for p in reading.passages if p.text.endswith((".", ":", ";", "»", "?", "!", "…", ")"))]
    assert len(whole) > 0.6 * len(reading.passages)
    assert {p.page for p in reading.passages} == set(range(1, 29)) - set(range(22, 27))  # its endnotes
