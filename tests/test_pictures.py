"""The pictures of the site: each says what its table says, hostile names stay text, every country is there."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from docx import Document
from lxml import html

from review import moratorium_register
from review.assess import standing
from review.keeping import keep
from review.plugin import answers_chart, moratoria_map, status_map, strip, timeline, volume
from review.plugin.world import countries
from review.plugin.world_build import project
from store.db import connect, connect_readonly, writing
from store.home import Home
from tests import site_home
from tests.site_home import make
from tests.test_pack import home, made  # noqa: F401 - fixtures
from tests.test_site import AS_OF, Site

DAY = date(2022, 6, 29)
HOSTILE = "</title><script>alert(1)</script>"
FORMULA = "=1+1"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Site:
    """The small home of the site's tests, with hostile publishers and a status that was stored in two months."""
    own = Home(tmp_path_factory.mktemp("pictures"))
    ids = make(own)
    conn = connect(own)
    with writing(conn):
        for key, publisher in (("evil", HOSTILE), ("formula", FORMULA)):
            number = site_home.keep(conn, "paper", key, "2022-05-02", (f"Conscripts of {key} were seen.",))
            conn.execute("update documents set publisher = ? where id = ?", [publisher, number])
        text = "Conscripts of evil were seen."
        site_home.answer(conn, site_home.passage_of(conn, text), text, "isolated", "direct", "2022-05-01")
    for day in (date(2022, 6, 25), date(2022, 7, 20)):
        found = standing(conn, as_of=day, basis="held", reading="provisional", today=date(2026, 1, 1))
        with writing(conn):
            keep(conn, found, at=f"{day}T10:00:00Z")
    conn.close()
    return Site(own, ids)


def question(site: Site, as_of: date):
    conn = connect_readonly(site.home)
    found = standing(conn, as_of=as_of, basis="public", reading="provisional", today=date(2026, 1, 1), question="G1.3",
                     country="RU")  # fmt: skip
    conn.close()
    return next(q for group in found.groups for q in group.questions)


def page(site: Site, path: str):
    answer = site.get(path)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    return html.fromstring(answer.text)


@pytest.mark.parametrize("path", ["/questions/G1.3?country=RU", "/volume", "/moratoria", "/sources/paper"])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_picture_has_a_name_and_no_name_is_markup(site, path, language):
    found = page(site, f"{path}{'&' if '?' in path else '?'}{AS_OF}&lang={language}")
    pictures = [svg for svg in found.iter("svg") if not svg.get("aria-hidden")]
    assert pictures
    for svg in pictures:
        ids = (svg.get("aria-labelledby") or "").split()
        assert svg.get("role") in ("img", "group")
        assert svg.get("aria-label") or (
            ids and all(found.get_element_by_id(one).text_content().strip() for one in ids)
        )
        assert (svg.get("role") == "img") == (not list(svg.iter("a")))  # what holds links is no image


def test_the_timeline_draws_every_dated_item_and_its_marks_lead_there(site):
    found = page(site, f"/questions/G1.3?country=RU&{AS_OF}")
    shown = question(site, DAY)
    links = found.xpath("//figure[.//*[@id='when-title']]//a[path]/@href")
    assert sorted(links) == sorted(f"#e-{item.evidence_id}" for item in shown.evidence)
    assert all(len(found.xpath(f"//*[@id='{link[1:]}']")) == 1 for link in links)
    rows = found.xpath("//figure[.//*[@id='when-title']]//table//tbody/tr")
    assert len(rows) == len(links)
    assert HOSTILE in found.xpath("string(//figure[.//*[@id='when-title']]//*[local-name()='svg'])")


def test_a_mark_speaks_for_against_or_neither_by_its_shape(site):
    shown = question(site, DAY)
    drawn = timeline.draw(shown, DAY, str)
    by_id = {item.evidence_id: item for item in shown.evidence}
    stances = {by_id[p.evidence_id].answer: (p.stance, p.votes) for row in drawn.rows for p in row.points}
    assert stances["isolated"] == ("for", True)
    assert stances["none"][0] == "against"
    assert len({shape.split("m", 1)[1] for shape in timeline.SHAPES.values()}) == 4


def test_the_answers_over_time_are_those_of_the_table(site):
    drawn = answers_chart.draw(question(site, DAY), DAY)
    rows = page(site, f"/questions/G1.3?country=RU&{AS_OF}").xpath("//table[@class='over']/tbody/tr")
    told = [[int(cell.text) for cell in row.xpath("td")] for row in rows]
    assert told == [[*(c.count(answer) for answer, _ in drawn.answers), c.total] for c in reversed(drawn.columns)]
    last = drawn.columns[-1]
    assert last.until == DAY
    assert last.count("isolated") == 2  # the admission and the hostile paper's, of two origins
    assert sum(part.height for part in last.parts) == pytest.approx(drawn.floor - last.parts[-1].y, abs=0.3)


def test_the_months_of_a_status_are_those_that_were_stored(site):
    conn = connect_readonly(site.home)
    held = standing(conn, as_of=date(2022, 8, 10), basis="held", reading="provisional", today=date(2026, 1, 1))
    drawn = status_map.draw(conn, held, "RU")
    stored = dict(conn.execute("select as_of, effective from verdicts where question_id = 'G1.3' and basis = 'held' "
                               "and reading = 'provisional'").fetchall())  # fmt: skip
    assert (
        status_map.draw(
            conn, standing(conn, as_of=DAY, basis="public", reading="provisional", today=date(2026, 1, 1)), "RU"
        )
        is None
    )  # nothing was stored on that basis
    conn.close()
    row = next(row for _, rows in drawn.groups for row in rows if row.question.id == "G1.3")
    by_month = [cell.status for cell in row.cells for _ in range(cell.months)]
    assert [f"{end:%Y-%m}" for end in drawn.ends] == ["2022-06", "2022-07", "2022-08"]
    assert by_month == [stored["2022-06-25"], stored.get("2022-07-20", stored["2022-06-25"]), row.question.effective]
    cells = page(site, "/matrix/RU?as_of=2022-08-10&basis=held").xpath(
        "//table[@class='heat']//tr[.//a[text()='G1.3']]/td"
    )
    assert [int(cell.get("colspan")) for cell in cells] == [cell.months for cell in row.cells]
    assert all(len(cell.text_content().split()) >= 2 for cell in cells)  # a sign and a word


def test_the_map_knows_every_country_of_the_register(site):
    conn = connect_readonly(site.home)
    entries = moratorium_register.entries(conn, date(2026, 1, 1))
    conn.close()
    drawn = moratoria_map.draw(entries)
    mine = {one.declared.country for one in entries}
    assert {place.code for place in drawn.places} == mine
    assert {one.declared.freezing_state for one in entries} <= countries().keys()
    assert all(place.dot or place.path for place in drawn.places)
    assert all(0 <= place.x <= drawn.width and 0 <= place.y <= drawn.height for place in drawn.places)
    assert {"PS", "LB", "BI"} <= {place.code for place in drawn.places if place.dot}
    phases = {place.code: place.phase for place in drawn.places}
    for row in page(site, "/moratoria?as_of=2026-01-01").xpath("//figure[contains(@class, 'map')]//tbody/tr"):
        code = row.xpath("string(th/span)")
        assert moratoria_map.SHAPES[phases.pop(code)] in row.xpath("string(td[1])")
    assert not phases


def test_crimea_is_on_the_map_of_ukraine():
    south = project(34, 44.4)[1]  # of the peninsula
    assert countries()["UA"].box[3] == pytest.approx(south, abs=3)


def test_what_came_in_is_counted_once_each_and_is_the_same_as_csv(site):
    found = page(site, f"/volume?{AS_OF}")
    rows = site.get(f"/volume.csv?{AS_OF}").content.decode("utf-8-sig")
    told = list(csv.DictReader(io.StringIO(rows)))
    conn = connect_readonly(site.home)
    first = "(select min(v.public_on) from versions v where v.document_id = d.id)"
    known = conn.execute(f"select count(*) from documents d where {first} <= ?", [DAY.isoformat()]).fetchone()[0]
    asked = volume.COUNTED.format(day="public_on")
    plan = conn.execute(f"explain query plan {asked}", [DAY.isoformat(), ""]).fetchall()
    conn.close()
    assert sum(int(row["documents"]) for row in told) == known
    for table in found.xpath("//table[contains(@class, 'volume')]"):
        assert sum(int(cell.text) for cell in table.xpath(".//tbody/tr/td[last()]")) == known
    for table in found.xpath("//table[@class='auto']"):
        assert sum(int(cell.text) for cell in table.xpath(".//tbody//td")) == known
    assert any(row["publisher"] == HOSTILE for row in told)
    assert any(row["publisher"] == f"'{FORMULA}" for row in told)
    assert any("USING COVERING INDEX versions_times" in row["detail"] for row in plan)
    assert not any("passages" in row["detail"] for row in plan)


def test_a_source_has_a_state_on_every_day():
    today = date(2022, 6, 29)
    spans = strip.states([(today - timedelta(days=400), "ok"), (today - timedelta(days=9), "failing")], today)
    assert [(one.kind, one.days) for one in spans] == [("ok", strip.DAYS - 10), ("failing", 10)]
    assert strip.states([], today)[0].kind == ""
    drawn = strip.draw({today.isoformat(): "failed"}, today)
    assert [(one.kind, one.days) for one in drawn.spans] == [("none", strip.DAYS - 1), ("failed", 1)]


def test_nothing_at_all_draws_nothing(site):
    assert moratoria_map.draw([]) is None
    assert timeline.draw(question(site, date(2001, 1, 1)), date(2001, 1, 1), str) is None
    assert answers_chart.draw(question(site, date(2001, 1, 1)), date(2001, 1, 1)) is None
    assert site.get("/volume?as_of=2001-01-01").status_code == 200


def test_the_evidence_in_time_is_the_same_in_both_papers_and_the_table(made):  # noqa: F811 - the fixture
    folder = made["en"]
    rows = list(csv.DictReader(io.StringIO((folder / "evidence.csv").read_text("utf-8-sig"))))
    dated = sum(row["question"] == "G1.3" and bool(row["facts_to"] or row["published_on"]) for row in rows)
    text = (folder / "evidence-pack.html").read_text("utf-8")
    drawn = re.search(r"<svg[^>]*when-RU-G1\.3-title.*?</svg>", text, re.S)
    assert dated == len(re.findall(r'<path class="t-(?:for|against|mixed|struck)', drawn[0])) > 5
    table = next(t for t in Document(folder / "evidence-pack.docx").tables if t.cell(0, 1).text == "older")
    cells = [cell.text for row in table.rows[1:] for cell in row.cells[1:]]
    assert sum(int(n or 1) for text in cells for n in re.findall(r"(\d*)[●○■□◆◇×]", text)) == dated
