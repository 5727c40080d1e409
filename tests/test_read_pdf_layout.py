"""How a page is laid out: footnotes, tables, columns, headers that change, hyphens."""

import io

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen import canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from crawler.read.hyphens import Hyphens
from crawler.read.pdf import read_pdf
from crawler.read.pdf_lines import Line
from crawler.read.pdf_running import without_running

STYLES = getSampleStyleSheet()


class Sheet:
    """A page to write on by hand: text, raised figures, type sizes."""

    def __init__(self):
        self.out = io.BytesIO()
        self.canvas = canvas.Canvas(self.out, pagesize=A4)

    def write(self, x, y, text, size=11, font="Helvetica"):
        """Write text at a place; {3} in it is a raised 3."""
        for part in text.replace("{", "|{").replace("}", "}|").split("|"):
            raised = part.startswith("{")
            shown, points = (part.strip("{}"), 0.6 * size) if raised else (part, size)
            self.canvas.setFont(font, points)
            self.canvas.drawString(x, y + 0.35 * size * raised, shown)
            x += self.canvas.stringWidth(shown, font, points)

    def page(self):
        self.canvas.showPage()

    def pdf(self):
        self.canvas.save()
        return self.out.getvalue()


STATEMENTS = [
    "Conscripts of the northern regions were called up in April 2022{1} and sent to the",
    "border, which their parents learned from the news.{2} The ministry denied it.",
]


def with_notes(pages=2):
    sheet = Sheet()
    for page in range(pages):
        for number, line in enumerate(STATEMENTS):
            raised = line.replace("{1}", f"{{{2 * page + 1}}}").replace("{2}", f"{{{2 * page + 2}}}")
            sheet.write(72, 760 - 14 * number, raised)
        sheet.write(72, 700, "Nobody counted how many of them came back, and no source says when they may do so.")
        sheet.write(72, 120, f"{{{2 * page + 1}}} Meduza, 12 April 2022, https://meduza.example/feature/", size=8)
        sheet.write(78, 110, "2022/04/12/conscripts", size=8)
        sheet.write(72, 98, f"{{{2 * page + 2}}} Interview with a mother, Pskov, May 2022", size=8)
        sheet.write(290, 40, str(page + 1), size=9)
        sheet.page()
    return sheet.pdf()


def test_a_footnote_is_tied_to_its_statement_and_is_no_passage():
    reading = read_pdf(with_notes())
    assert "Meduza" not in reading.text and "mother" not in reading.text
    first, plain, second, _ = reading.passages
    assert first.text.startswith(
        "Conscripts of the northern regions were called up in April 2022 and sent to the border"
    )
    assert [note.number for note in first.notes] == ["1", "2"] and [n.number for n in second.notes] == ["3", "4"]
    assert first.text[: first.notes[0].at].endswith("April 2022")
    assert first.text[: first.notes[1].at].endswith("from the news.")
    assert first.notes[0].text == "Meduza, 12 April 2022, https://meduza.example/feature/2022/04/12/conscripts"
    assert reading.links == ("https://meduza.example/feature/2022/04/12/conscripts",)
    assert plain.notes == ()


def test_small_print_that_nobody_cites_stays_in_the_text():
    sheet = Sheet()
    sheet.write(72, 760, "The figures are those of the ministry, which counted them in the spring of that year.")
    sheet.write(72, 746, "They are not complete, and the ministry does not say which regions it left out of them.")
    sheet.write(72, 100, "1 January is a holiday, on which nobody is called up.", size=8)
    sheet.page()
    assert "1 January is a holiday" in read_pdf(sheet.pdf()).text


def test_an_exponent_is_no_footnote():
    sheet = Sheet()
    sheet.write(
        72, 760, "Articles 58{1} to 58{14} of the code were used against opponents in those years, say lawyers."
    )
    sheet.page()
    assert "58¹ to 58¹⁴" in read_pdf(sheet.pdf()).text


def test_endnotes_of_a_real_report_are_tied_to_its_passages(shared):
    reading = read_pdf((shared / "data/real/ovdinfo__reports/2014/cr-report/report.pdf").read_bytes())
    notes = {note.number: note for p in reading.passages for note in p.notes}
    assert len(notes) >= 50
    assert "58¹ до 58¹⁴" in reading.text
    (passage,) = [p for p in reading.passages if any(note.number == "10" for note in p.notes)]
    assert passage.text[: notes["10"].at].endswith("«медлительностью машины правоприменения»")
    assert "http://memo.ru/s/121.html" in notes["10"].text and "http://memo.ru/s/121.html" in reading.links
    assert "Алфавитный список политзаключенных" not in reading.text


def test_a_table_is_read_row_by_row():
    out = io.BytesIO()

    def cell(text):
        return Paragraph(text, STYLES["BodyText"])

    long = "They were asked to sign a contract, often under pressure of their officers, and sent abroad."
    rows = [
        ["Group", "What happens", "Source"],
        ["Deserters", "Up to ten years of prison", "BBC"],
        ["Others", long, "IWM"],
    ]
    story = [cell("The paragraph before the table says what it is about, at some length, and ends here. " * 2)]
    story.append(Table([[cell(text) for text in row] for row in rows], colWidths=[90, 250, 110]))
    story.append(Table([["Region", "2021", "2022"], ["Moscow", "1,200", "14"], ["Pskov", "300", "2"]]))
    story.append(cell("The paragraph after the table says something else about it, and it is the end of the page."))
    SimpleDocTemplate(out, pagesize=A4).build(story)
    text = read_pdf(out.getvalue()).text.split("\n\n")
    assert text[1:7] == [
        "Group | What happens | Source", "Deserters | Up to ten years of prison | BBC", f"Others | {long} | IWM",
        "Region | 2021 | 2022", "Moscow | 1,200 | 14", "Pskov | 300 | 2",
    ]  # fmt: skip
    assert text[0].endswith("and ends here.") and text[7].startswith("The paragraph after")


@pytest.mark.parametrize("interleaved", [False, True])
def test_two_columns_are_read_one_after_the_other(interleaved):
    sheet = Sheet()
    places = [(column, n) for column in (0, 1) for n in range(30)]
    for column, n in sorted(places, key=lambda p: p[1]) if interleaved else places:
        word = ("left", "right")[column]
        sheet.write(60 + 260 * column, 760 - 13 * n, f"and in the {word} column line number {n} goes on", size=10)
    sheet.page()
    text = " ".join(read_pdf(sheet.pdf()).text.split())
    expected = [f"{word} column line number {n} " for word in ("left", "right") for n in range(29)]
    assert [text.find(e) for e in expected] == sorted(text.find(e) for e in expected) and min(
        map(text.find, expected)
    ) >= 0


def placed(*texts, top):
    return [Line(text=t, x=70.0, y=top - 12 * n, y_end=top - 12 * n, size=10.0) for n, t in enumerate(texts)]


def test_headers_of_odd_and_even_pages_chapters_and_printing_dates_go():
    pages = []
    for n in range(1, 13):
        head = "Ministry of Exampleland" if n % 2 else f"Chapter {1 if n < 7 else 2}"
        foot = f"Printed 3 May 2022 14:{n * 2 + 10} | {n + 4}"
        pages.append([*placed(head, f"What page {n * n} says is said once", top=800), *placed(foot, top=30)])
    kept = [[line.text for line in page] for page in without_running(pages)]
    assert kept == [[f"What page {n * n} says is said once"] for n in range(1, 13)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["vertrek\ufffemoratoria"], "vertrekmoratoria"),
        (["общественно\ufffeполитической", "общественно\u00adполитический общественно-политической"],
         "общественно-политической"),
        (["co\ufffeoperation", "their co-operation was"], "co-operation"),
        (["co\ufffelonel", "the colonel said"], "colonel"),
        (["niet\ufffeRussische"], "niet-Russische"),
        (["anti\ufffewar"], "anti-war"),
        (["https://a.example/one\ufffetwo/"], "https://a.example/one-two/"),
    ],
)  # fmt: skip
def test_whose_a_hyphen_at_a_line_end_is(lines, expected):
    assert Hyphens.of(lines).joined(lines[0]) == expected


def test_bold_lines_are_headings():
    sheet = Sheet()
    for n in range(3):
        sheet.write(72, 760 - 90 * n, f"Position of group {n}", font="Helvetica-Bold")
        for k in range(3):
            sheet.write(
                72, 742 - 90 * n - 14 * k, f"In week {k} of the year they were asked to sign a contract, {n} says"
            )
    sheet.page()
    assert [p.heading for p in read_pdf(sheet.pdf()).passages] == [f"Position of group {n}" for n in range(3)]
