"""The example archive: what is in it, that it says what it is, and that it is built from its texts byte for byte."""

import csv
import json
import platform
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.read.clean import dehyphenated, normalised
from crawler.read.html import PageHints, read_html
from crawler.shapes import Shape
from tests.web.build import ARCHIVE, HERE, build
from tests.web.builder.gazette import search_url
from tests.web.builder.pdf import paper_pdf
from tests.web.builder.texts import MARKS, Edit, Page, Web, load_sites
from tests.web.opened import Response, responses_of, sheets, unpacked

DECIDING = "In the reporting period no posting of conscripts to a war zone was found."


@pytest.fixture(scope="module")
def responses() -> list[Response]:
    return list(responses_of(ARCHIVE))


@pytest.fixture(scope="module")
def webs() -> tuple[Web, ...]:
    return load_sites(HERE / "pages", HERE / "sources")


@pytest.fixture(scope="module")
def built() -> bytes:
    return build()


@pytest.fixture
def chronology(shared: Path) -> dict[str, dict[str, str]]:
    with (shared / "data" / "russia-timeline.csv").open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row for row in csv.DictReader(lines)}


def retold(webs: tuple[Web, ...]) -> Iterator[tuple[str, str]]:
    """(row of the chronology, publication date as the page gives it) of every page and edit that retells one."""
    for web in webs:
        for page in web.site.page:
            if page.fact:
                yield page.fact, page.published
            yield from ((edit.fact, edit.on.isoformat()) for edit in page.edits if edit.fact)


class TestWhatIsInIt:
    def test_many_publishers_in_three_languages_and_five_shapes(self, webs: tuple[Web, ...]) -> None:
        assert len({web.source.publisher for web in webs}) >= 12
        assert {web.language for web in webs} == {"en", "nl", "ru"}
        assert {web.source.shape for web in webs} == {Shape.FEED, Shape.LISTING, Shape.WATCH, Shape.SRU, Shape.GOVUK}
        assert {web.site.feed for web in webs} == {"rss", "atom", None}
        assert 60 <= sum(len(web.site.page) for web in webs) <= 80

    def test_each_page_has_something_to_say(self, webs: tuple[Web, ...]) -> None:
        lengths = {page.path: len(page.body.split()) for web in webs for page in web.site.page}
        assert min(lengths.values()) >= 110, min(lengths, key=lambda path: lengths[path])
        assert max(lengths.values()) <= 500

    def test_it_is_small_and_a_valid_archive(self) -> None:
        assert ARCHIVE.stat().st_size < 1_000_000
        check = subprocess.run(
            [sys.executable, "-m", "warcio.cli", "check", str(ARCHIVE)], capture_output=True, text=True, check=False
        )
        assert check.returncode == 0, check.stdout + check.stderr

    def test_no_real_host_is_in_it(self, responses: list[Response]) -> None:
        assert {response.host.rpartition(".")[2] for response in responses} == {"example"}
        linked = {
            host
            for response in responses
            if response.is_page
            for host in re.findall(r'href="https?://([^/"]+)', response.body.decode())
        }
        assert linked
        assert {host.rpartition(".")[2] for host in linked} == {"example"}

    def test_everything_a_spider_asks_for_is_there(self, webs: tuple[Web, ...], responses: list[Response]) -> None:
        held = {response.url for response in responses}
        for web in webs:
            asked = [search_url(web, 1)] if web.source.shape is Shape.SRU else web.source.starts
            pages = [web.url(page) for page in web.site.page if web.source.shape is not Shape.GOVUK]
            robots = [f"https://{host}/robots.txt" for host in web.hosts]
            assert {*asked, *pages, *robots} <= held, web.source.id


class TestThatItSaysWhatItIs:
    def test_the_mark_is_on_every_page_feed_and_answer(self, responses: list[Response]) -> None:
        for response in responses:
            if response.media_type in ("text/plain", "application/pdf"):
                continue
            text = response.body.decode()
            assert any(mark in text for mark in MARKS.values()), response.url

    def test_the_mark_is_on_every_sheet(self, responses: list[Response]) -> None:
        papers = [response for response in responses if response.media_type == "application/pdf"]
        assert len(papers) == 2
        for paper in papers:
            for number, sheet in enumerate(sheets(paper.body), start=1):
                assert MARKS["en"] in sheet, f"{paper.url} sheet {number}"

    def test_the_mark_is_not_taken_for_the_publishers_text(
        self, webs: tuple[Web, ...], responses: list[Response]
    ) -> None:
        by_url = {web.url(page): (web, page) for web in webs for page in web.site.page}
        read = 0
        for response in responses:
            if response.url not in by_url or not response.is_page:
                continue
            web, page = by_url[response.url]
            hints = PageHints(main=web.source.article.main, title=web.source.article.title)
            for reading in (read_html(response.body, response.url, hints), read_html(response.body, response.url)):
                assert web.mark not in normalised(reading.text), response.url
                bodies = [page.body, *(edit.body for edit in page.edits)]
                assert any(opening(body) in normalised(reading.text) for body in bodies), response.url
            read += 1
        assert read >= 60


class TestFacts:
    def test_only_rows_that_were_read_are_retold_and_each_on_its_own_day(
        self, webs: tuple[Web, ...], chronology: dict[str, dict[str, str]]
    ) -> None:
        for fact, published in retold(webs):
            row = chronology[fact]
            assert row["polarity_conscripts_deployed"] != "unknown", fact
            assert row["publication_date"] == published, fact

    def test_every_row_that_was_read_is_retold(
        self, webs: tuple[Web, ...], chronology: dict[str, dict[str, str]]
    ) -> None:
        known = {name for name, row in chronology.items() if row["polarity_conscripts_deployed"] != "unknown"}
        after = {page.after for web in webs for page in web.site.page if page.after}
        assert {fact for fact, _ in retold(webs)} == known
        assert after <= known

    def test_what_draws_on_a_row_does_not_come_before_it(
        self, webs: tuple[Web, ...], chronology: dict[str, dict[str, str]]
    ) -> None:
        drawing = [(page, page.after) for web in webs for page in web.site.page if page.after]
        assert drawing
        for page, fact in drawing:
            assert page.last_day >= date.fromisoformat(chronology[fact]["publication_date"]), page.path

    def test_the_deciding_sentence_stands_on_sheet_14_and_nowhere_else(self, responses: list[Response]) -> None:
        (body,) = {
            r.body for r in responses if r.url.endswith("general-country-report-russian-federation-april-2021.pdf")
        }
        pages = [normalised(dehyphenated(sheet.replace("\r\n", "\n"))) for sheet in sheets(body)]
        assert len(pages) >= 20
        assert [number for number, text in enumerate(pages, start=1) if DECIDING in text] == [14]


class TestCopiesAndEdits:
    def test_three_outlets_carry_one_wire_story(self, responses: list[Response]) -> None:
        wires = {
            r.url: sentences(r.body.decode())
            for r in responses
            if b"(NewsWire)" in r.body and "<article>" in r.body.decode()
        }
        assert len({urlsplit(url).hostname for url in wires}) == 3
        first, *others = wires.values()
        assert all(len(first & other) / len(first) >= 0.6 for other in others)
        assert any(other != first for other in others)

    def test_a_translation_and_a_citation_link_to_what_they_come_from(self, webs: tuple[Web, ...]) -> None:
        bodies = {web.url(page): page.body for web in webs for page in web.site.page}
        translated = [body for body in bodies.values() if "ranslated from the Russian" in body]
        cited = [body for body in bodies.values() if "according to [" in body]
        assert len(translated) == 2
        assert len(cited) == 1
        for body in translated + cited:
            (link,) = re.findall(r"\]\((\S+)\)", body)
            assert link in bodies

    def test_the_note_was_changed_without_touching_its_dates(self, responses: list[Response]) -> None:
        notes = [
            json.loads(r.body) for r in responses if r.host == "www.govuk.example" and r.url.endswith("-accessible")
        ]
        assert len(notes) == 2
        assert notes[0]["details"]["body"] != notes[1]["details"]["body"]
        for dated in ("first_published_at", "public_updated_at", "updated_at"):
            assert notes[0][dated] == notes[1][dated]

    def test_the_notice_was_edited_once(self, responses: list[Response]) -> None:
        notices = [r for r in responses if r.url.endswith("/temporary-stop-decisions-russian-conscripts")]
        assert [notice.at[:10] for notice in notices] == ["2022-06-30", "2022-12-29"]
        assert "Last update: 28 december 2022" in notices[1].body.decode()


class TestBuilding:
    def test_building_again_gives_the_same_records(self, built: bytes) -> None:
        assert built == build()
        assert unpacked(built) == unpacked(ARCHIVE.read_bytes()), "run: python -m tests.web.build"

    @pytest.mark.skipif(
        platform.system() != "Linux" or "ng" in zlib.ZLIB_RUNTIME_VERSION,
        reason="another zlib packs the same records into other bytes; the records are compared above",
    )
    def test_building_again_gives_the_same_bytes(self, built: bytes) -> None:
        assert built == ARCHIVE.read_bytes(), "run: python -m tests.web.build"

    def test_a_section_that_does_not_fit_on_its_sheet_is_an_error(self, tmp_path: Path) -> None:
        text = tmp_path / "long.md"
        text.write_text("# Short\n---\n# Too long\n\n" + "word " * 2000, "utf-8")
        with pytest.raises(ValueError, match=r"long\.md: section 2 .*Too long"):
            paper_pdf(text, title="t", author="a", published=date(2022, 4, 30), mark="m")

    def test_a_site_without_a_source_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="example_astra: needs both"):
            (tmp_path / "example_astra.toml").write_bytes((HERE / "pages" / "example_astra.toml").read_bytes())
            load_sites(tmp_path, tmp_path / "none")

    @pytest.mark.parametrize(
        ("published", "last"), [("2022-04-20", "2022-04-20"), ("2022-04", "2022-04-30"), ("2023", "2023-12-31")]
    )
    def test_a_month_or_year_counts_as_its_last_day(self, published: str, last: str) -> None:
        page = Page(path="/p", title="t", published=published, body="b", edits=(Edit(on=date(2024, 1, 1), body="c"),))
        assert page.last_day == date.fromisoformat(last)


def opening(body: str) -> str:
    """The first words of a text, before any mark of ours."""
    first = " ".join(body.strip().split("\n\n")[0].split()).removeprefix("## ")
    return normalised(re.split(r"[\[\]]", first)[0])[:60].strip()


def sentences(page: str) -> set[str]:
    """The sentences of an article page's paragraphs."""
    text = " ".join(re.findall(r"<p>(.*?)</p>", page.split("<article>")[1].split("</article>")[0], flags=re.S))
    return {sentence.strip() for sentence in re.split(r"(?<=[.!?])\s+", text) if sentence.strip()}
