"""The site: every page in both languages, what it refuses and how, decisions, safety, and Datasette's own pages."""

import asyncio
import html
import json
import re
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review import newer_silence
from review.plugin import VIEWS, compare, example, marks, safety, words
from review.plugin.decisions import way_back
from review.plugin.look import today
from review.plugin.timeline import ticks
from review.serve import METADATA, CannotServe, build, listen
from store import archive_read, captures, expected, health, runs
from store.clock import instant
from store.db import connect, writing
from store.home import Home
from store.model import RunCounts
from tests.site_home import ADMITTED, DENIED, EVIL, RUSSIAN, make

TEMPLATES = Path(words.__file__).parent / "templates"
PAGES = [
    "/", "/matrix/RU", "/questions", "/questions/G1.3?country=RU", "/documents/{paper}", "/documents/{report}",
    "/documents/{edited}?diff=1..2", "/captures/{capture}", "/search", "/search?q=conscripts", "/sources", "/method",
    "/sources?state=suspect", "/sources/watch", "/sources/report",
    "/moratoria/NL-RUS-2022", "/moratoria/NL-PSE-2023", "/moratoria", "/moratoria?state=NL&country=UA",
    "/signoffs", "/brief/moratoria/NL-RUS-2022", "/brief/questions/G1.3", "/documents/{paper}/cite",
    "/queue", "/queue/several", "/coding", "/passages/{admitted}/evidence?start=0&end=9",
    "/moratoria/NL-RUS-2022/newer", "/volume", "/alerts", "/alerts?country=RU&group=conscripts&event=deadline",
]  # fmt: skip
TABLES = ["/coi", "/coi/documents", "/coi/documents/1", "/coi/evidence_matrix"]
AS_OF = "as_of=2022-06-29"
READER = {"id": "reader", "role": "reader"}
RESEARCHER = {"id": "anna", "role": "researcher"}
APPROVER = {"id": "chief", "role": "approver"}


class Site:
    """A Datasette over a filled home, asked in process."""

    def __init__(self, home: Home, ids: dict[str, int]) -> None:
        self.home = home
        self.ids = ids
        self.datasette = build(home)

    def get(self, path: str, actor: dict | None = None, **options):
        return asyncio.run(self._ask("get", path, actor, **options))

    def post(self, path: str, fields: dict, actor: dict | None = None, *, token: bool = True):
        return asyncio.run(self._post(path, fields, actor, token))

    async def _ask(self, verb: str, path: str, actor: dict | None, **options):
        cookies = {"ds_actor": self.datasette.sign({"a": actor}, "actor")} if actor else {}
        cookies |= options.pop("cookies", {})
        path = path.format(**self.ids)
        return await getattr(self.datasette.client, verb)(path, cookies=cookies, **options)

    async def _post(self, path: str, fields: dict, actor: dict | None, token: bool):
        page = await self._ask("get", "/documents/{paper}", RESEARCHER)
        mine = page.cookies["ds_csrftoken"]
        sent = fields | ({"csrftoken": mine} if token else {})
        return await self._ask("post", path, actor, data=sent, cookies={"ds_csrftoken": mine})

    def count(self, table: str) -> int:
        conn = connect(self.home)
        try:
            return conn.execute(f"select count(*) from {table}").fetchone()[0]
        finally:
            conn.close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> tuple[Path, dict[str, int]]:
    """A filled home to copy from, and the ids in it."""
    folder = tmp_path_factory.mktemp("filled")
    return folder, make(Home(folder))


@pytest.fixture(scope="module")
def site(filled, tmp_path_factory) -> Site:
    """A site that many tests read."""
    return Site(Home(shutil.copytree(filled[0], tmp_path_factory.mktemp("site") / "home")), filled[1])


@pytest.fixture
def own(filled, tmp_path) -> Site:
    """A site of one's own, for tests that write."""
    return Site(Home(shutil.copytree(filled[0], tmp_path / "home")), filled[1])


class TestPages:
    @pytest.mark.parametrize("language", ["en", "nl"])
    @pytest.mark.parametrize("path", PAGES)
    def test_each_answers_in_both_languages(self, site, path, language):
        joint = "&" if "?" in path else "?"
        answer = site.get(f"{path}{joint}{AS_OF}&lang={language}")
        assert answer.status_code == 200, answer.text[:400]
        assert f'<html lang="{language}">' in answer.text
        assert words.Words(language)("site.example")[:13] in answer.text  # the reconstruction notice, everywhere
        assert len(re.findall("<h1", answer.text)) == 1

    @pytest.mark.parametrize("path", TABLES)
    def test_datasettes_own_pages_wear_the_same_clothes(self, site, path):
        answer = site.get(path)
        assert answer.status_code == 200
        assert 'class="head"' in answer.text

    @pytest.mark.parametrize("path", [*PAGES, *TABLES, "/nowhere"])
    def test_nothing_inline_and_nothing_from_elsewhere(self, site, path):
        text = site.get(path).text
        assert " style=" not in text
        assert "<style" not in text
        assert not re.search(r"<script(?! src=\"/)", text)
        assert not re.search(r"(?:src=\"|rel=\"stylesheet\" href=\")(?!/(?!/))", text)

    def test_the_two_sentences_stand_where_a_status_stands(self, site):
        for path in ("/", "/matrix/RU", "/questions/G1.3", "/moratoria/NL-RUS-2022", "/moratoria/NL-RUS-2022/newer"):
            assert words.Words("en")("two.first") in site.get(f"{path}?{AS_OF}").text.replace("&#39;", "'")

    def test_links_keep_the_day_and_the_language(self, site):
        text = site.get(f"/?{AS_OF}&lang=nl").text
        links = re.findall(r'href="(/(?:questions|documents|matrix)[^"]*)"', text)
        assert links
        assert all("as_of=2022-06-29" in link and "lang=nl" in link for link in links)


class TestTheDay:
    def test_the_page_goes_back_in_time(self, site):
        then, now = site.get("/?as_of=2022-05-01").text, site.get("/?as_of=2022-06-29").text
        assert "About pskov" not in then
        assert "About pskov" in now

    def test_a_moratorium_does_not_know_its_own_future(self, site):
        then = site.get("/moratoria/NL-RUS-2022?as_of=2022-07-01").text
        later = site.get("/moratoria/NL-RUS-2022?as_of=2022-12-14").text
        for told_later in ("extended", "28 June 2023", "Men who fear mobilisation"):
            assert told_later not in then.split('id="references"')[0]
            assert told_later in later
        assert "28 December 2022" in then

    def test_days_left_stand_beside_dates_in_full(self, site):
        text = site.get(f"/?{AS_OF}").text
        assert "28 December 2022" in text
        assert "182 days left" in text

    def test_evidence_is_shown_by_origin_with_its_role(self, site):
        text = site.get(f"/questions/G1.3?{AS_OF}").text
        assert text.index(ADMITTED) < text.index(DENIED)  # a vote first, the party's denial among the weak voices
        assert "weak voice" in text
        assert "before" in text or "background" in text

    def test_before_anything_was_known_it_says_so(self, site):
        assert "Nothing was known yet on 1 January 2020" in site.get("/?as_of=2020-01-01").text
        assert "7 April 2021" in site.get("/?as_of=2020-01-01").text

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("as_of=yesterday", "is not a day"),
            ("as_of=2022-02-30", "2022-06-29"),
            (f"as_of={today() + timedelta(days=400)}", "has not come yet"),
            ("basis=secret", "public, held"),
            ("reading=fast", "provisional, reviewed"),
        ],
    )
    def test_what_cannot_be_looked_at_is_400_with_words(self, site, query, said):
        answer = site.get(f"/?{query}")
        assert answer.status_code == 400
        assert said in answer.text

    @pytest.mark.parametrize(
        ("path", "status", "said"),
        [
            ("NL-XYZ-1/newer", 404, "NL-XYZ-1"),
            ("NL-RUS-2022/newer?on=2022-06-28", 400, "its first decision is of 29 June 2022"),
            ("NL-RUS-2022/newer?on=2022-07-29&until=2022-07-28", 400, "lies before the decision day"),
            ("NL-RUS-2022/newer?until=2022-01-01", 400, "No decision of NL-RUS-2022 was known by 1 January 2022"),
            (f"NL-RUS-2022/newer?on={today() + timedelta(days=1)}", 400, "has not come yet"),
            (f"NL-RUS-2022/newer?until={today() + timedelta(days=1)}", 400, "has not come yet"),
            ("NL-RUS-2022/newer?on=june", 400, "is not a day"),
            ("NL-RUS-2022/newer?basis=secret", 400, "public, held"),
        ],
    )
    def test_days_between_which_nothing_can_be_newer_are_refused(self, site, path, status, said):
        answer = site.get(f"/moratoria/{path}")
        assert answer.status_code == status
        assert said in answer.text

    @pytest.mark.parametrize("lang", ["en", "nl"])
    def test_silence_about_a_country_that_nobody_collected_is_no_diligence(self, site, lang):
        text = html.unescape(site.get(f"/moratoria/NL-SYR-2024/newer?lang={lang}").text)
        said = newer_silence.NOT_ASSESSED
        assert getattr(said, lang) in text
        for claim in ("All that was public by then was held", "Nothing became known that", "Al wat toen openbaar was",
                      "Er werd niets bekend"):  # fmt: skip
            assert claim not in text

    def test_a_document_unknown_by_then_is_not_shown(self, site):
        text = site.get("/documents/{paper}?as_of=2022-05-01").text
        assert ADMITTED not in text
        assert "not known yet on 1 May 2022" in text

    def test_nothing_held_by_then_stands_above_everything(self, site):
        for path in ("/", "/questions/G1.3"):
            text = site.get(f"{path}?as_of=2022-06-10&basis=held").text
            assert "Nothing was held here on 10 June 2022" in text
            assert text.index("Nothing was held here") < text.index("<fieldset>")
            assert "Nothing was held here" not in site.get(f"{path}?as_of=2022-06-25&basis=held").text

    def test_the_first_step_leads_to_the_day_of_the_example(self, site, own):
        assert 'href="/?as_of=2022-06-29#moratoria"' in site.get("/").text
        with writing(conn := connect(own.home)):
            conn.execute("delete from settings where key = 'example'")
        conn.close()
        assert 'href="#moratoria"' in own.get("/").text


class TestTheExample:
    def test_a_text_that_somebody_added_is_not_called_invented(self, own):
        with writing(conn := connect(own.home)):
            conn.execute("update sources set homepage = 'https://news.nl/' where id = 'report'")
            conn.execute("update documents set url = 'https://news.nl/a' where source_id = 'report'")
        conn.close()
        assert "No text here is a real publication" not in own.get("/").text
        assert "sources marked (reconstruction) were written for the example" in own.get("/").text
        assert "not part of the example" in own.get("/documents/{report}").text
        assert "This text was written for the example" in own.get("/documents/{paper}").text

    @pytest.mark.parametrize("url", ["https://nos.nl/a", "https://example.org/.example/", "https://x.example.com"])
    def test_only_the_reserved_domain_is_the_example(self, url):
        assert not example.invented("manual", url)
        assert not example.invented("example_nos", "https://nos.example/", url)


class TestLineage:
    def test_a_copy_names_its_origin_and_the_origin_its_copy(self, site):
        copy, origin = site.get("/documents/{edited}").text, site.get("/documents/{paper}").text
        for said in ("Where it comes from", "the same text stands in both", "90% of the shorter text", "merged"):
            assert said in copy
        assert f'href="/documents/{site.ids["paper"]}"' in copy
        assert "Documents held here that come from it" in origin
        assert f'href="/documents/{site.ids["edited"]}"' in origin

    def test_the_chain_goes_up_to_what_is_not_held_here(self, site):
        copy = site.get("/documents/{edited}").text
        assert copy.index("and that comes from") < copy.rindex("Agency Elsewhere")
        assert "not held here" in copy

    def test_words_of_a_passage_have_an_origin_of_their_own(self, site):
        text = site.get("/documents/{denial}").text
        assert '<q lang="en" dir="auto">No conscript</q>' in text
        assert "proposed: a person has to say" in text.lower()

    def test_what_came_later_is_no_origin_yet(self, site):
        assert "Agency Elsewhere" in site.get("/documents/{paper}").text
        early = site.get("/documents/{paper}?as_of=2022-06-05").text
        assert f'href="/documents/{site.ids["edited"]}' not in early

    def test_a_split_link_is_gone(self, own):
        with writing(conn := connect(own.home)):
            conn.execute(
                """insert into origin_decisions (origin_link_id, decision, reason, actor, decided_at)
                   select id, 'split', 'other facts', 'anna', '2022-06-26T00:00:00Z' from origin_links
                   where document_id = ?""",
                [own.ids["edited"]],
            )
        conn.close()
        assert "counts as its own origin" in own.get("/documents/{edited}").text

    def test_a_passage_is_found_by_its_number(self, site):
        answer = site.get("/passages/{admitted}")
        assert answer.headers["location"] == f"/documents/{site.ids['paper']}#p{site.ids['admitted']}"
        assert site.get("/passages/9999").status_code == 404


class TestReasons:
    def test_what_votes_is_told_from_what_is_held(self, site):
        assert (
            "1 origin votes, 2 items in time (3 items of 3 origins in all)" in site.get(f"/questions/G1.3?{AS_OF}").text
        )

    def test_the_dutch_page_of_a_moratorium_is_dutch_and_marks_what_is_english(self, site):
        dutch, english = (site.get(f"/moratoria/NL-RUS-2022?lang={one}").text for one in ("nl", "en"))
        assert "<h1>Nederland: besluit- en vertrekmoratorium voor Russische dienstplichtigen" in dutch
        assert "Mannen van 18 tot 27" in dutch
        assert '<li lang="en">Professional soldiers who desert</li>' in dutch
        assert "<li>Professional soldiers who desert</li>" in english
        drawn = re.findall(r"<title>(.*?)</title>", site.get(f"/questions/G1.3?{AS_OF}&lang=nl").text)
        assert any(": incidenteel, " in one or ": geen, " in one for one in drawn)
        assert not any(": isolated, " in one or ": none, " in one for one in drawn)
        assert "Nederland: besluit- en vertrekmoratorium voor Oekraïners" in site.get("/moratoria?lang=nl").text

    def test_gates_and_sources_stand_in_words_with_what_to_do(self, site):
        text = site.get(f"/questions/G1.3?{AS_OF}").text
        assert "A gate holds the status back: coverage: not every decisive source was searched in the window" in text
        assert ">Ministry of Example: news</a>: to search it, run <code>coi crawl --source report</code>" in text

    def test_weak_voices_are_named_once(self, site):
        text = site.get(f"/questions/G1.3?{AS_OF}").text
        assert "CURRENT weak:" in text
        assert "1 weak voice without a vote, named below" in text

    def test_dutch_reasons_have_dutch_words(self, site):
        text = site.get(f"/questions/G1.3?{AS_OF}&lang=nl").text
        assert "(geen, partij bij het conflict)" in text
        assert "a party to the conflict" not in text
        assert "dekking: niet elke beslissende bron" in text


class TestHealth:
    def test_what_is_filled_by_hand_is_not_silent(self, own):
        with writing(conn := connect(own.home)):
            conn.execute("update sources set shape = 'manual' where id = 'party'")
            for source, status in (("paper", "ok"), ("report", "partial")):
                number = runs.start(conn, source, "2022-06-25", origin="network", started_at="2022-06-25T06:00:00Z")
                assert number is not None
                runs.finish(conn, number, RunCounts(requests=1), status, "", ended_at="2022-06-25T06:00:00Z")
        conn.close()
        for path in ("/", "/sources"):
            text = own.get(path).text
            assert "1 of 3 sources that are crawled answered without problems" in text
            assert "1 answered with problems." in text

    def test_a_state_is_a_word_with_its_message_and_filters(self, own):
        with writing(conn := connect(own.home)):
            for after, before in (("suspect", "ok"), ("broken", "failing")):
                health.keep_event(
                    conn,
                    health.SourceEvent(
                        source_id="party", at="2022-06-25T06:00:00Z", kind="run", before=before, after=after,
                        message="11 bytes instead of a feed; look at the address",
                    ),
                )  # fmt: skip
        conn.close()
        text = own.get("/sources").text
        assert text.index("Example Army") < text.index("Example Watch") < text.index("Example Paper")
        assert re.search(r"✕</span> broken</span> \(1\)", text)
        assert "11 bytes instead of a feed; look at the address" in text
        assert "Example Watch" not in own.get("/sources?state=broken").text
        assert own.get("/sources?state=nonsense").status_code == 400
        page = own.get("/sources/party").text
        assert re.search(r"failing → <span class=\"status h-broken\">", page)
        assert "Wants the war to look like a success." in page

    def test_ninety_days_are_drawn_and_said(self, own):
        newest = today() - timedelta(days=1)
        with writing(conn := connect(own.home)):
            for day, status in ((newest, "failed"), (newest - timedelta(days=1), "ok")):
                at = f"{day}T06:00:00Z"
                number = runs.start(conn, "paper", f"due:{at}", origin="network", started_at=at)
                assert number is not None
                runs.finish(conn, number, RunCounts(), status, "no", ended_at=at)
        conn.close()
        text = own.get("/sources/paper").text
        said = f"Last 90 days: 1 ok, 1 failed, 88 without a run. Last failed on {words.Words('en').day(newest)}."
        assert f'aria-label="{said}"' in text

    def test_whether_the_schedule_lives_is_said(self, own):
        assert "Nothing has looked yet what is due" in own.get("/sources").text
        now = datetime.now(UTC)
        for at, stopped, said in (
            (now, False, "Last alive"), (now, True, "as it was told"),
            (now - timedelta(hours=1), False, "Dead: last alive"),
        ):  # fmt: skip
            with writing(conn := connect(own.home)):
                health.beat(conn, at=instant(at), by="coi schedule", stopped=stopped)
            conn.close()
            assert said in own.get("/sources").text

    def test_what_is_awaited_is_named_with_the_document_that_came(self, own):
        with writing(conn := connect(own.home)):
            for key, pattern in (("one", "about general|alert"), ("two", "never written")):
                awaited = expected.Expectation(
                    key=key, title=f"Report {key}", country="RU", sources=(), pattern=pattern, first_day="2021-01-01",
                    last_day="2021-06-01", reason="announced in a letter",
                )  # fmt: skip
                expected.expect(conn, awaited, actor="anna", at="2021-01-01T00:00:00Z")
        conn.close()
        text = own.get("/sources").text
        assert text.index("Report two") < text.index("Report one")
        assert "overdue" in text and "arrived" in text and "2021-04-07" not in text
        assert f'/documents/{own.ids["report"]}"' in text and "7 April 2021" in text


class TestRefusals:
    @pytest.mark.parametrize(
        "path",
        ["/questions/G99.9", "/documents/999", "/captures/999", "/moratoria/XX", "/matrix/ZZ", "/nowhere",
         "/documents/{paper}?version=7", "/questions/G1.3?country=UA", "/captures/999/original"],
    )  # fmt: skip
    def test_what_is_not_there_is_404_and_says_what_to_do(self, site, path):
        answer = site.get(path)
        assert answer.status_code == 404
        assert "Go to the first page" in answer.text

    def test_a_comparison_of_nothing_is_400(self, site):
        assert site.get("/documents/{edited}?diff=1..9").status_code == 400
        assert site.get("/documents/{edited}?diff=../..").status_code == 400

    def test_pages_answer_get_only(self, site):
        assert site.post("/sources", {}).status_code == 405


class TestHostileText:
    def test_a_script_in_a_title_is_text(self, site):
        for path in ("/", "/documents/{report}", "/search?q=abroad", "/coi/documents", "/questions/G1.3?" + AS_OF):
            text = site.get(path).text
            assert EVIL not in text
            assert "&lt;script&gt;" in text

    def test_only_http_addresses_become_links(self, site):
        for path in ("/documents/{denial}", "/coi/documents/{denial}", "/coi/documents"):
            text = site.get(path).text
            assert "javascript:alert" in text
            assert 'href="javascript:' not in text

    @given(st.text(max_size=30))
    def test_no_other_scheme_is_ever_linked(self, rest):
        for scheme in ("javascript:", "data:", "vbscript:", " JavaScript:", "file:///", "//"):
            assert safety.linkable(scheme + rest) is None

    @pytest.mark.parametrize(
        "path", ["/", "/nowhere", "/coi/documents.json", "/coi/documents.csv", "/captures/1/original"]
    )
    def test_every_answer_carries_the_guard(self, site, path):
        headers = site.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "noindex" in headers["x-robots-tag"]

    @pytest.mark.parametrize(
        "back",
        ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "/a\nb"],
    )
    def test_the_way_back_stays_here(self, back):
        assert way_back(back) == "/"


class TestCaptures:
    def test_the_bytes_come_back_as_they_were_and_only_as_a_download(self, site):
        answer = site.get("/captures/{capture}/original")
        assert answer.content == b"<html><script>alert('bytes')</script></html>"
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment")

    def test_bytes_that_do_not_fit_their_hash_are_not_given(self, own):
        path = own.home.archive / "one.warc.gz"
        path.write_bytes(path.read_bytes()[:-40])
        answer = own.get("/captures/{capture}/original")
        assert answer.status_code == 410
        assert "coi verify" in answer.text
        assert str(own.home.path) not in answer.text

    def test_a_file_outside_the_archive_is_never_read(self, own):
        conn = connect(own.home)
        held = captures.get(conn, own.ids["capture"])
        conn.close()
        (own.home.path / "stray.warc.gz").write_bytes((own.home.archive / "one.warc.gz").read_bytes())
        stray = type(held)(
            **{name: getattr(held, name) for name in captures.COLUMNS} | {"warc_file": "../stray.warc.gz"}
        )
        with pytest.raises(archive_read.BytesLost, match="outside the archive"):
            archive_read.payload(own.home.archive, stray)


class TestSearch:
    def test_hits_are_marked_and_filters_narrow(self, site):
        everything = site.get("/search?q=conscripts").text
        assert "Only passages" not in everything
        assert everything.count('<p class="snippet"') == 5  # also "no conscript": forms of a word are joined
        assert "<mark>Conscripts</mark>" in everything
        assert site.get("/search?q=conscripts&source=paper").text.count('<p class="snippet"') == 1
        assert site.get("/search?q=conscripts&group=conscripts").text.count('<p class="snippet"') == 1
        assert RUSSIAN[:5] in site.get("/search?q=" + quote("призывник*") + "&language=ru").text

    def test_a_day_narrows_the_search_and_the_page_says_so(self, site):
        text = site.get("/search?q=conscripts&as_of=2022-06-05").text
        assert "Only passages published by then, as of 5 June 2022" in text
        assert text.count('<p class="snippet"') == 3  # not what was published on 10 June
        assert site.get("/search?q=conscripts&as_of=2022-06-05&basis=held").text.count('<p class="snippet"') == 0

    def test_what_is_read_as_plain_words_says_so(self, site):
        assert "read as plain words" in site.get("/search?q=" + quote('"conscripts from')).text
        assert "read as plain words" not in site.get("/search?q=" + quote('"conscripts from"')).text

    def test_newest_first(self, site):
        text = site.get("/search?q=conscripts&order=newest").text
        assert text.index("10 June 2022") < text.index("1 June 2022<") < text.index("7 April 2021")

    @pytest.mark.parametrize(
        "q", ["", "   ", "***", "(", '"', "a OR", "passages_fts:x", "NEAR(", "l'armée", "x" * 5000]
    )
    def test_whatever_is_typed_gets_a_page(self, site, q):
        assert site.get("/search?q=" + quote(q)).status_code == 200


class TestDecisions:
    def test_nobody_signed_in_is_told_what_to_do_and_nothing_is_kept(self, own):
        for actor in (None, READER):
            answer = own.post("/evidence/{evidence}/decide", {"decision": "accept"}, actor)
            assert answer.status_code == 403
            assert "coi serve" in answer.text
        assert own.count("evidence_decisions") == 0

    def test_a_form_without_its_token_is_refused_with_words(self, own):
        answer = own.post("/evidence/{evidence}/decide", {"decision": "accept"}, RESEARCHER, token=False)
        assert answer.status_code == 403
        assert "Nothing was kept" in answer.text
        assert own.count("evidence_decisions") == 0

    def test_who_has_no_name_decides_nothing(self, own):
        for actor in ({"role": "researcher"}, {"role": "approver", "id": " "}):
            assert own.post("/evidence/{evidence}/decide", {"decision": "accept"}, actor).status_code == 403

    def test_a_bearer_token_that_nobody_gave_does_not_spare_the_forms_token(self, own):
        path, fields = f"/evidence/{own.ids['evidence']}/decide", {"decision": "accept"}
        sent = own._ask("post", path, RESEARCHER, data=fields, headers={"Authorization": "Bearer x"})
        assert (asyncio.run(sent).status_code, own.count("evidence_decisions")) == (403, 0)

    def test_a_decision_is_kept_once_however_often_it_is_sent(self, own):
        fields = {"decision": "reject", "reason": "about reservists", "seen": "0", "back": "/questions/G1.3"}
        for _ in range(2):
            answer = own.post("/evidence/{evidence}/decide", fields, RESEARCHER)
            assert answer.status_code == 303
            assert answer.headers["location"] == "/questions/G1.3"
        assert own.count("evidence_decisions") == 1
        assert own.count("audit where table_name = 'evidence_decisions'") == 1
        assert ADMITTED not in own.get(f"/questions/G1.3?{AS_OF}").text  # the page reckons with it at once

    def test_a_database_that_another_holds_is_503_with_what_was_typed(self, filled, tmp_path, monkeypatch):
        monkeypatch.setattr("store.db.BUSY_MS", 50)
        own = Site(Home(shutil.copytree(filled[0], tmp_path / "home")), filled[1])
        fields = {"decision": "reject", "reason": "<b>my own words</b>", "seen": "0"}
        other = sqlite3.connect(tmp_path / "home" / "coi.db", isolation_level=None)
        other.execute("begin immediate")
        answer = own.post("/evidence/{evidence}/decide", fields, RESEARCHER)
        assert (answer.status_code, own.count("evidence_decisions")) == (503, 0)
        assert "Nothing was kept" in answer.text and "database is locked" in answer.text
        assert "&lt;b&gt;my own words" in answer.text and "Send again" in answer.text
        other.execute("rollback")
        assert own.post("/evidence/{evidence}/decide", fields, RESEARCHER).status_code == 303

    def test_a_stale_form_loses_nothing(self, own):
        own.post("/evidence/{evidence}/decide", {"decision": "accept", "seen": "0"}, RESEARCHER)
        late = {"decision": "reject", "reason": "my own words", "seen": "0"}
        answer = own.post("/evidence/{evidence}/decide", late, {"id": "ben", "role": "approver"})
        assert answer.status_code == 409
        assert "my own words" in answer.text
        assert "anna" in answer.text
        assert own.count("evidence_decisions") == 1

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"decision": "reject"}, "say why"),
            ({"decision": "destroy"}, "is not a decision"),
            ({"decision": "accept", "reason": "x" * 1_000_000}, "1000000 characters"),
        ],
    )
    def test_what_cannot_be_kept_is_400_with_words(self, own, fields, said):
        answer = own.post("/evidence/{evidence}/decide", fields, RESEARCHER)
        assert answer.status_code == 400
        assert said in answer.text

    def test_tags_are_decided_and_added_but_not_invented(self, own):
        tag = {"kind": "group", "value": "conscripts", "decision": "accept", "back": "/documents/1#p1"}
        assert own.post("/passages/{admitted}/tags", tag, RESEARCHER).headers["location"] == "/documents/1#p1"
        new = {"kind": "group", "value": "deserters", "decision": "add"}
        assert own.post("/passages/{admitted}/tags", new, RESEARCHER).status_code == 303
        for value in ("martians", "artists"):
            made_up = {"kind": "group", "value": value, "decision": "accept"}
            assert own.post("/passages/{admitted}/tags", made_up, RESEARCHER).status_code == 400
        assert own.count("tag_decisions") == 2
        page = own.get("/documents/{paper}").text
        assert "accepted by anna" in page
        assert "group: deserters" in page

    def test_the_person_at_this_machine_signs_in_once(self, own):
        token = own.datasette._root_token
        answer = own.get(f"/-/auth-token?token={token}")
        assert answer.status_code == 302
        assert own.get(f"/-/auth-token?token={token}").status_code == 403
        page = own.get("/documents/{paper}", {"id": "root"}).text
        assert 'name="decision"' in page
        assert 'name="decision"' not in own.get("/documents/{paper}").text


# Statements of pages, with what (alias or table) they must look up by an index and not read through.
HOT = {
    "select * from site_tags where passage_id in (1, 2, 3)": "m|x|d",
    "select * from site_evidence where document_id = 1": "e|p|x|d",
    "select * from current_evidence where passage_id = 1 and question_id = 'G1.3' and country = 'RU'": "e|d|x",
    "select * from site_proposals where group_id = 'conscripts' and decision = 'proposed'": "e|p|v",
    "select * from evidence_matrix where question_id = 'G1.3'": "e|p|v|vp|wp|w",
    "select * from answered where question_id = 'G1.3' and country = 'RU'": "e|d|codings",
}


class TestData:
    def test_metadata_names_only_what_exists(self, site):
        declared = json.loads(METADATA.read_text("utf-8"))["databases"]["coi"]
        conn = connect(site.home)
        names = {row["name"] for row in conn.execute("select name from sqlite_master where type in ('table', 'view')")}
        assert set(declared["tables"]) <= names
        for table, said in declared["tables"].items():
            columns = {row["name"] for row in conn.execute(f"pragma table_info([{table}])")}
            named = {*said.get("columns", {}), *said.get("facets", []), *said.get("units", {}), *said.get("first", [])}
            named |= {said[key] for key in ("sort", "sort_desc", "label_column") if key in said}
            assert named <= columns, table
            assert len(said.get("facets", [])) <= 3
        conn.close()
        assert {name for name in names if not name.startswith("sqlite_")} == set(declared["tables"])

    def test_every_example_question_runs_and_reads_only(self, site):
        declared = json.loads(METADATA.read_text("utf-8"))["databases"]["coi"]["queries"]
        for name, query in declared.items():
            assert not query.get("write")
            asked = set(re.findall(r":([a-z]+)", query["sql"]))
            assert asked == set(query.get("params", [])) == set(query.get("asks", {})), name
            assert site.get(f"/coi/{name}.json?_shape=array").status_code == 200, name
        assert ADMITTED in site.get("/coi/evidence_on_a_question.json?question=G1.3&_shape=array").text
        assert "empty: conscripts" in site.get("/coi/newest_on_a_group").text

    def test_what_a_page_asks_for_one_thing_does_not_read_all_of_them(self, site):
        conn = connect(site.home)
        conn.executescript(VIEWS)
        for sql, tables in HOT.items():
            plan = [row["detail"] for row in conn.execute(f"explain query plan {sql}")]
            read = [step for step in plan if re.match(rf"SCAN ({tables})\b", step)]
            assert read == [], (sql, plan)
        conn.close()

    def test_csv_of_a_table_holds_no_formula_and_large_tables_are_counted_when_asked(self, site):
        query = quote("select '=1+1' as a, -5 as b, ' @x' as c, '- dash' as d")
        rows = site.get(f"/coi.csv?sql={query}", READER).text.splitlines()
        assert rows == ["a,b,c,d", "'=1+1,-5,' @x,'- dash"]
        assert site.get("/coi/mentions.json").json()["filtered_table_rows_count"] is None
        for asked in ("_nocount=", "kind=group"):
            assert site.get(f"/coi/mentions.json?{asked}").json()["filtered_table_rows_count"]

    def test_internal_tables_stay_out_of_sight_and_sql_cannot_write(self, site):
        text = site.get("/coi").text
        assert "passages_fts_data" not in text
        assert ">settings<" not in text
        assert site.get("/coi.json?sql=select+1").status_code == 403  # queries of one's own: for people who signed in
        assert site.get("/coi.json?sql=select+1", READER).status_code == 200
        assert site.get("/coi.json?sql=delete+from+sources", READER).status_code == 400
        assert site.get("/coi.json?sql=select+zeroblob(900000000)", READER).status_code == 400
        assert site.get("/coi.db").status_code in (403, 404)

    @pytest.mark.parametrize(
        "path",
        [
            "/coi/codings.json", "/coi/audit.json", "/coi/answered.json", "/coi/codings/1.json",
            "/coi.json?sql=select+*+from+codings", "/coi.json?sql=select+*+from+main.%22AUDIT%22",
            "/coi/documents.json?_where=id+in+(select+passage_id+from+codings)", "/coi.json?sql=select+*+from+answered",
        ],
    )  # fmt: skip
    def test_what_others_coded_is_closed_to_coders_and_strangers(self, site, path):
        assert {site.get(path, actor).status_code for actor in (None, READER, RESEARCHER)} == {403}
        assert {site.get(path, actor).status_code for actor in (APPROVER, {"id": "root"})} <= {200, 404}

    def test_who_is_told_what_is_for_who_operates_the_site(self, site):
        asked = (None, READER, RESEARCHER, APPROVER)
        assert [site.get("/coi/subscriptions.json", actor).status_code for actor in asked] == [403, 403, 403, 200]
        for name in ("letter_states", "current_subscriptions", "unacknowledged_alerts", "Letters"):
            assert site.get(f"/coi/{name}.json").status_code in (403, 404), name
            assert site.get(f"/coi/{name}.json", APPROVER).status_code in (200, 404), name
        assert "audit" not in site.get("/coi", RESEARCHER).text.lower().replace("audit chain of", "")

    def test_the_machine_is_for_its_operator(self, site):
        for path in ("/-/databases.json", "/-/threads.json", "/-/databases"):
            assert [site.get(path, actor).status_code for actor in (None, RESEARCHER, {"id": "root"})] == [
                403,
                403,
                200,
            ]
        assert site.get("/-/versions.json").status_code == 200

    def test_a_query_of_ones_own_says_how_to_sign_in(self, site):
        answer = site.get("/coi?sql=select+1")
        assert answer.status_code == 403
        assert "coi serve" in answer.text
        assert "execute-sql" not in answer.text

    def test_cells_read_as_words_and_lead_on(self, site):
        row = site.get("/coi/evidence/{evidence}").text
        assert f'href="/passages/{site.ids["admitted"]}">Conscripts from Pskov' in row
        assert "About pskov" in row
        assert row.index("<dt>question_id</dt>") < row.index("<dt>answer</dt>") < row.index("<dt>id</dt>")
        table = site.get("/coi/evidence").text
        assert table.index('data-column="answer"') < table.index('data-column="id"')
        assert not re.search(r">(\d+)</a>(?:&nbsp;| )<em>\1</em>", table + site.get("/coi/mentions").text)
        assert "every day" in site.get("/coi/sources").text
        assert "<pre>{" in site.get("/coi/sources/report").text
        hashes = re.findall(r'<code title="([0-9a-f]{64})">([0-9a-f]{12})…', site.get("/coi/captures").text)
        assert hashes
        assert all(whole.startswith(short) for whole, short in hashes)

    def test_table_search_and_facets_work(self, site):
        answer = site.get("/coi/passages?_search=Kharkiv")
        assert "1 row" in answer.text
        assert "official_country_report" in site.get("/coi/sources").text


class TestOddNumbers:
    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/documents/1?version=" + "9" * 5000, 404),
            ("/documents/1?diff=1.." + "9" * 5000, 400),
            ("/documents/" + "9" * 30, 404),
            ("/?as_of=0001-01-01", 200),
            ("/?as_of=0001-01-01&basis=held", 200),
        ],
    )
    def test_no_number_is_a_fault_of_ours(self, site, path, status):
        assert site.get(path).status_code == status


class TestParts:
    def test_every_word_that_a_template_asks_for_exists(self):
        known = words.table()
        asked = {
            key for path in TEMPLATES.glob("*.html") for key in re.findall(r"\bw\('([\w.]+)'[,)]", path.read_text())
        }
        assert len(asked) > 100
        assert asked <= set(known)

    @given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
    def test_marking_never_changes_the_text(self, text, spans):
        found = marks.pieces(text, [marks.Mark(start=a, end=b, kind="group", label="x") for a, b in spans])
        assert "".join(piece.text for piece in found) == text

    @given(st.text(max_size=60), st.text(max_size=60))
    def test_a_comparison_holds_both_texts(self, old, new):
        runs = compare.words(old, new)
        assert "".join(text for kind, text in runs if kind != "added") == old
        assert "".join(text for kind, text in runs if kind != "removed") == new

    @given(st.dates(min_value=today().replace(year=1990), max_value=today()), st.integers(0, 9000))
    def test_the_axis_stays_readable(self, end, days):
        found = ticks(end - timedelta(days=days), end)
        assert len(found) <= 26
        assert all(end - timedelta(days=days) <= day <= end for day, _ in found)

    def test_days_are_spelled_and_nonsense_is_left(self):
        assert words.Words("nl").spell("van 2022-06-29 tot 2022-02-30") == "van 29 juni 2022 tot 2022-02-30"

    def test_a_taken_port_is_said(self):
        taken = listen("127.0.0.1", 0)
        taken.listen()
        with pytest.raises(CannotServe, match="choose another"):
            listen("127.0.0.1", taken.getsockname()[1])
        taken.close()
