"""Nothing found is four different facts: told apart, bounded by where, when and how, and counted where they count."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from coi import cli
from review import gates, work
from review.assess import standing
from review.gates import Crawled
from review.method.model import Question
from review.rows import Asked
from store import runs
from store.db import connect, writing
from store.home import Home
from store.model import RunCounts
from store.searches_log import Search, record
from tests.site_home import make

DAY = date(2022, 6, 29)
REPORT = "official_country_report"


def asked() -> Asked:
    return Asked(
        question=Question(id="G1.5", scale=("none", "isolated", "regular", "systematic"), window_days=90),
        version=1, group="conscripts", wording="Are they sent?", wording_nl="Worden zij gestuurd?", element="L2",
        decisive=True, country="RU", known_gap=False, search_in=("media", "ngo"), watersheds=(),
    )  # fmt: skip


def crawled(name: str, good: str | None, **more) -> Crawled:
    fields = {
        "source_id": name, "type": "media", "every_s": 86_400, "failing_since": None, "title": name.title(),
        "last_good_on": date.fromisoformat(good) if good else None,
    }  # fmt: skip
    return Crawled(**fields | more)


def search(source: str, **more) -> Search:
    fields = {
        "question_id": "G1.5", "country": "RU", "terms": "срочники", "languages": ("ru",),
        "period_from": "2022-03-01", "period_to": "2022-06-29", "source_id": source, "healthy": True, "found": 0,
        "actor": "anna", "searched_at": "2022-06-29T10:00:00Z",
    }  # fmt: skip
    return Search(**fields | more)


class TestCoverage:
    def test_a_crawl_and_a_search_by_hand_count_alike(self):
        sources = [crawled("a", "2022-06-28"), crawled("b", None)]
        assert gates.coverage(asked(), sources, DAY, live=False).share == 0.5
        assert gates.coverage(asked(), sources, DAY, live=False, searches=[search("b")]).share == 1.0

    @pytest.mark.parametrize(
        "change",
        [
            {"healthy": False}, {"question_id": "G1.4"}, {"country": "UA"}, {"period_to": "2022-03-30"},
            {"searched_at": "2022-03-30T10:00:00Z"},
        ],
    )  # fmt: skip
    def test_a_search_counts_only_for_what_it_searched(self, change):
        found = gates.coverage(asked(), [crawled("b", None)], DAY, live=False, searches=[search("b", **change)])
        assert found.share == 0.0

    def test_a_crawl_in_a_language_without_vocabulary_is_no_search(self):
        found = gates.coverage(asked(), [crawled("a", "2022-06-28", language="ka")], DAY, live=False)
        assert found.not_searched == ("a",)

    @pytest.mark.parametrize(("reaches", "share"), [("2022-03-01", 1.0), ("2022-06-01", 0.0), (None, 0.0)])
    def test_a_later_crawl_searched_a_past_window_only_where_it_reaches_back_to_its_first_day(self, reaches, share):
        later = crawled("a", None, reaches_from=date.fromisoformat(reaches) if reaches else None)
        assert gates.coverage(asked(), [later], DAY, live=False).share == share


@pytest.fixture
def home(tmp_path) -> Home:
    made = Home(tmp_path)
    make(made)
    return made


def said(home: Home, question: str, *, basis: str = "public") -> tuple[tuple[str, ...], str, str]:
    conn = connect(home)
    found = standing(conn, as_of=DAY, basis=basis, reading="provisional", question=question)
    conn.close()
    one = next(q for group in found.groups for q in group.questions if q.id == question)
    return one.absence, one.absence_said, one.absence_said_nl


def keep(home: Home, *searches: Search) -> None:
    conn = connect(home)
    with writing(conn):
        record(conn, searches)
    conn.close()


class TestSentence:
    def test_not_searched(self, home):
        facts, en, nl = said(home, "G1.5")
        assert facts == ("not_searched",)
        assert en == "Not searched in the window: Ministry of Example: news."
        assert nl == "Niet doorzocht in het venster: Ministry of Example: news."

    def test_searched_and_nothing_found(self, home):
        keep(home, search("report", terms="conscripts, front", languages=("en", "ru")))
        facts, en, nl = said(home, "G1.5")
        assert facts == ("nothing_found",)
        assert "No source that we searched (" in en
        assert "in English, Russian; " in en and "; terms: conscripts" in en
        assert "in Engels, Russisch; " in nl and "; termen: conscripts" in nl
        for bound in ("Ministry of Example: news", "2022-03-01", "2022-06-29", "conscripts, front"):
            assert bound.lower() in en.lower()
            assert bound.lower() in nl.lower()

    def test_each_language_speaks_for_itself_of_many_sources(self, home):
        keep(home, *(search(name, terms=f"word {name}") for name in ("report", "paper", "watch")))
        _, en, nl = said(home, "G1.5")
        assert (en.count("terms:"), en.count("termen:")) == (3, 0)
        assert (nl.count("terms:"), nl.count("termen:")) == (0, 3)

    def test_found_but_outdated(self, home):
        keep(home, search("report", question_id="G1.3"))
        conn = connect(home)
        found = standing(conn, as_of=date(2023, 6, 29), basis="public", reading="provisional", question="G1.3")
        conn.close()
        one = next(q for group in found.groups for q in group.questions if q.id == "G1.3")
        assert "outdated_or_other" in one.absence
        assert "outdated, without a vote or about another group" in one.absence_said

    def test_unreachable(self, home):
        keep(home, search("report", healthy=False))
        facts, en, _ = said(home, "G1.5")
        assert "unreachable" in facts
        assert "Ministry of Example: news could not be reached on 2022-06-29" in en

    def test_a_question_with_a_vote_says_nothing_of_the_kind(self, home):
        assert said(home, "G1.3") == ((), "", "")

    def test_it_is_not_known_before_it_was_searched(self, home):
        keep(home, search("report", searched_at="2022-06-30T10:00:00Z"))
        assert said(home, "G1.5", basis="held")[0] == ("not_searched",)


class TestCommands:
    @pytest.fixture(autouse=True)
    def at_home(self, home, monkeypatch):
        monkeypatch.setenv("COI_HOME", str(home.path))

    def run(self, *words: str):
        return CliRunner().invoke(cli, list(words))

    def add(self, *more: str):
        base = ["--question", "g1.5", "--source", "report", "--terms", "a b", "--lang", "nl,en", "--by", "anna"]
        return self.run("searched", "add", *base, "--from", "2022-03-01", "--to", "2022-06-29", *more)

    def test_a_search_is_added_and_listed(self):
        assert self.add().exit_code == 0
        listed = json.loads(self.run("searched", "list", "--question", "G1.5", "--json").output)["searches"]
        assert [(one["question_id"], one["terms"], one["languages"]) for one in listed] == [
            ("G1.5", "a b", ["nl", "en"])
        ]
        assert "a b" in self.run("searched", "list").output
        status = json.loads(self.run("status", "--as-of", "2022-06-29", "--json").output)
        one = next(q for group in status["groups"] for q in group["questions"] if q["id"] == "G1.5")
        assert one["absence"] == ["nothing_found"]
        assert "No source that we searched" in " ".join(
            self.run("status", "--as-of", "2022-06-29", "--all").output.split()
        )

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            (["--source", "nowhere"], "no source has the id 'nowhere'"),
            (["--terms", " "], "no terms"),
            (["--lang", "xx-1"], "not the code of a language"),
            (["--to", "2021-01-01"], "starts before it ends"),
            (["--found", "many"], "how many items"),
            (["--question", "X1"], "belongs to no group"),
            (["--question", "G9.9"], "no question has this id"),
        ],
    )
    def test_what_cannot_be_kept_is_told(self, more, said):
        answer = self.add(*more)
        assert answer.exit_code in (1, 2)
        assert said in answer.output.replace("\n", " ")
        assert "Traceback" not in answer.output

    def test_the_queue_and_the_agreement_answer_before_anything_was_read(self):
        found = json.loads(self.run("queue", "--json").output)
        assert set(found) == {"items", "stopping", "to_confirm"}
        measured = json.loads(self.run("agreement", "--question", "G1.3", "--json").output)
        assert [one["alpha"] for one in measured["questions"]] == [None]
        assert "no decisive question" in self.run("queue", "--group", "martians").output
        assert "conscripts" in self.run("agreement").output


def test_a_saved_search_that_cannot_be_run_holds_up_no_verdict(home, monkeypatch):
    conn = connect(home)
    with writing(conn):
        conn.execute(
            """insert into saved_searches (act, name, query, wanted, after_passage, actor, recorded_at)
               values ('save', 'bad', 'soldiers', '{"review": "nonsense"}', 0, 'anna', '2022-06-29T10:00:00Z')"""
        )
    monkeypatch.setenv("COI_HOME", str(home.path))
    said: list[str] = []
    with pytest.raises(work.Unfinished, match="'bad' cannot be run: 'nonsense' is no review status"):
        work.understand(home, say=said.append)
    assert any(line.startswith("searches: FAILED") for line in said) and said[-1].startswith("assess (held basis, ")
    done = CliRunner().invoke(cli, ["tag"])
    assert (done.exit_code, "coi searches --remove NAME" in done.output) == (1, True)


def test_only_a_crawl_made_after_the_day_reaches_back(home):
    """A crawl of April says nothing of June, however old what it brought; one of July says it of both."""
    conn = connect(home)
    with writing(conn):
        run = runs.start(conn, "report", "july", origin="network", started_at="2022-07-10T06:00:00Z")
        runs.finish(conn, run, RunCounts(), "ok", "", ended_at="2022-07-10T06:00:09Z")

    def reach(day: str, later: str) -> date | None:
        days = {"as_of": date.fromisoformat(day), "later": date.fromisoformat(later)}
        return next(one.reaches_from for one in gates.crawled(conn, "RU", until="9999", **days) if one.type == REPORT)

    assert reach("2022-07-09", "2022-12-01") <= date(2022, 7, 9)
    assert reach("2022-07-10", "2022-12-01") is None
    assert reach("2022-07-09", "2022-07-09") is None
