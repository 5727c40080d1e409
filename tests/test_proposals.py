"""Texts of states that impose, extend or end a moratorium: what is read of them, and a person's word on it."""

import json
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from coi import cli
from review import register
from review.declared_moratorium import Moratorium
from review.moratorium import half_on
from review.proposals import Paper, propose
from review.proposals_people import CannotDecide, Word, decide
from review.proposals_steps import propose_moratoria
from store import documents, sources
from store.db import connect, writing
from store.home import Home
from store.model import KeptPassage, NewVersion
from store.verify import database_problems
from tests.site_home import card

AT = "2026-11-20T06:00:00Z"
PAGES = Path(__file__).parent / "web" / "pages"
REAL = Path(__file__).parents[2] / "shared" / "data" / "real" / "WetSuiteLeiden__wetsuite-core"
DECREE = """Besluit tot het instellen van een besluitmoratorium en vertrekmoratorium voor vreemdelingen uit Jemen

Den Haag, 12 oktober 2026

Gelet op artikel 43 en artikel 45, vierde lid, van de Vreemdelingenwet 2000;

Er wordt een besluitmoratorium en een vertrekmoratorium ingesteld voor vreemdelingen met de Jemenitische nationaliteit.
Dit besluit treedt in werking met ingang van 14 oktober 2026 en geldt tot en met 13 april 2027.
"""
EXTENSION = """Het besluit- en vertrekmoratorium voor Jemenieten in Jemen loopt af op 14 april 2027.
Ik verleng het moratorium met zes maanden, tot 14 oktober 2027."""


def read(text: str, lang: str = "nl", title: str = "", published: date = date(2026, 10, 14)):
    return propose(Paper(title=title, text=text, language=lang, state="NL", published_on=published))


class TestReading:
    def test_a_decree_with_the_words_of_each_field(self):
        found = read(DECREE)
        assert (found.act, found.country, found.halves) == ("opens", "YE", ("decisions", "departures"))
        assert (found.decided_on, found.first_day, found.last_day) == (
            date(2026, 10, 12), date(2026, 10, 14), date(2027, 4, 13),
        )  # fmt: skip
        assert found.group_said == "vreemdelingen met de Jemenitische nationaliteit"
        assert found.legal_basis.startswith("artikel 43") and found.legal_basis.endswith("Vreemdelingenwet 2000")
        for span in found.spans:
            assert span.end == 0 or DECREE[span.start : span.end].strip() == span.said.strip()

    @pytest.mark.parametrize(
        ("text", "lang", "expected"),
        [
            ("Het moratorium voor Soedan wordt met ingang van 8 januari 2024 verlengd met zes maanden.", "nl",
             ("extends", "SD", date(2024, 1, 8), date(2024, 7, 7))),
            ("Dat moratorium loopt op 29 december 2022 af. Ik verleng het met zes maanden, tot 29 juni 2023.", "nl",
             ("extends", None, date(2022, 12, 29), date(2023, 6, 28))),
            ("Het besluit- en vertrekmoratorium voor Libanon wordt niet verlengd en eindigt op 14 mei 2025.", "nl",
             ("ends", "LB", None, date(2025, 5, 13))),
            ("De IND neemt tijdelijk geen besluiten op asielaanvragen van mensen uit Venezuela.", "nl",
             ("opens", "VE", None, None)),
            ("The service will not decide for six months on asylum applications by Yemeni families.", "en",
             ("opens", "YE", None, None)),
            ("The moratorium on decisions for Sudan has been extended until and including 7 July 2024.", "en",
             ("extends", "SD", None, date(2024, 7, 7))),
            ("The service will decide again on applications filed by asylum seekers from Lebanon.", "en",
             ("ends", "LB", None, None)),
        ],
    )  # fmt: skip
    def test_acts_of_all_three_kinds(self, text, lang, expected):
        found = read(text, lang)
        assert (found.act, found.country, found.first_day, found.last_day) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "De Kamer verzoekt om een besluitmoratorium voor Jemen in te stellen.",
            "Ik zie geen aanleiding een besluitmoratorium voor Jemen in te stellen.",
            "Bij brief van 29 juni 2022 heb ik een besluitmoratorium voor Rusland ingesteld.",
            "Voor Russische dienstplichtigen geldt sinds 29 juni 2022 een besluit- en vertrekmoratorium.",
            "Bent u bereid een moratorium voor Jemen in te stellen?",
            "De vergunning voor het terras wordt verlengd tot 1 mei 2025.",
            "",
        ],
    )
    def test_what_only_recalls_asks_or_wishes_decides_nothing(self, text):
        assert read(text) is None

    def test_letters_of_the_example(self):
        pages = tomllib.loads((PAGES / "example_gazette.toml").read_text("utf-8"))["page"]
        found = [propose(Paper(title=p["title"], text=p["body"], language="nl", state="NL")) for p in pages]
        assert [one and (one.act, one.country) for one in found] == [("opens", "RU"), None, ("extends", "RU"), None]
        assert found[2].last_day == date(2023, 6, 28)  # "tot 29 juni 2023"

    def test_real_publications_that_decide_none(self):
        files = sorted(REAL.glob("*.xml"))
        if not files:
            pytest.skip(f"{REAL} is not here: captured files lie beside a checkout, not in it")
        for file in files:
            assert read(file.read_text("utf-8", "replace")) is None, file.name


@pytest.fixture
def town(tmp_path):
    """A home with a decree of a state's gazette that the rules have read."""
    home = Home(tmp_path / "home")
    conn = connect(home)
    with writing(conn):
        register.sync(conn, None, at=AT)
        gazette = replace(card("gazette", "Gazette", "government_statement", "B"), owner="nl-state", language="nl")
        sources.sync(conn, [gazette], declared_at=AT)
        keep(conn, "ye", "2026-10-13", DECREE)
    yield home, conn
    conn.close()


def keep(conn, key: str, published: str, text: str) -> None:
    """Keep a publication of the gazette."""
    passage = KeptPassage(text=text, start=0, end=len(text), page=None, heading="", language="nl")
    version = NewVersion(
        source_id="gazette", key=key, url=f"https://gazette.example/{key}", title=f"Publicatie {key}", language="nl",
        text=text, extractor="test 1", passages=(passage,), published_on=published, published_precision="day",
        published_from="the page's own date", published_confidence="normal",
    )  # fmt: skip
    at = f"{published}T06:00:00Z"
    documents.keep(conn, version, capture_id=None, seen_at=at, recorded_at=at)


def word(id_: int, moratorium: str = "NL-YEM-2026", *, confirm: bool = True, reason: str = "") -> Word:
    return Word(proposal_id=id_, confirm=confirm, moratorium_id=moratorium, reason=reason, actor="ada", at=AT)


class TestPeople:
    def test_a_confirmed_decree_is_a_declaration_that_runs(self, town):
        home, conn = town
        assert propose_moratoria(conn, at=AT).proposed == 1
        assert propose_moratoria(conn, at=AT).read == 0  # nothing is read twice
        (row,) = conn.execute("select * from open_moratorium_proposals").fetchall()
        decide(conn, home, word(row["id"]))
        declared = Moratorium.load(home.declared / "moratoria" / "NL-YEM-2026.toml")
        assert [half.regime for half in declared.halves] == ["nl_vw2000_decisions", "nl_vw2000_departures"]
        clock = half_on(conn, "NL-YEM-2026", "decisions", date(2026, 10, 14))
        assert (clock.state, clock.ends_on, clock.days_left) == ("running", date(2027, 4, 13), 181)
        assert register.fresh(conn, home.declared, at=AT) == []  # the file says what the register holds
        assert conn.execute("select count(*) from open_moratorium_proposals").fetchone()[0] == 0
        with pytest.raises(CannotDecide, match="was decided by ada"):
            decide(conn, home, word(row["id"]))
        assert conn.execute("select count(*) from audit where table_name = 'moratorium_decisions'").fetchone()[0] == 1
        assert [said for said in database_problems(conn) if "moratori" in said] == []

    def test_an_extension_becomes_an_event(self, town):
        home, conn = town
        propose_moratoria(conn, at=AT)
        decide(conn, home, word(1))
        with writing(conn):
            keep(conn, "ye2", "2027-04-01", EXTENSION)
        propose_moratoria(conn, at=AT)
        row = conn.execute("select * from open_moratorium_proposals").fetchone()
        assert (row["act"], row["moratorium_id"]) == ("extends", "NL-YEM-2026")
        decide(conn, home, word(row["id"], row["moratorium_id"]))
        assert half_on(conn, "NL-YEM-2026", "departures", date(2027, 4, 14)).ends_on == date(2027, 10, 13)
        register.fresh(conn, home.declared, at=AT)
        assert half_on(conn, "NL-YEM-2026", "departures", date(2027, 4, 14)).ends_on == date(2027, 10, 13)

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            (word(1, "../evil"), "is no id"),
            (word(1, "NL-RUS-2022"), "exists already"),
            (word(1, confirm=False), "say why"),
            (word(9), "no proposal 9"),
        ],
    )
    def test_what_cannot_be_decided_keeps_nothing(self, town, said, why):
        home, conn = town
        propose_moratoria(conn, at=AT)
        with pytest.raises(CannotDecide, match=why):
            decide(conn, home, said)
        assert conn.execute("select count(*) from moratorium_decisions").fetchone()[0] == 0
        assert not (home.declared / "moratoria").exists() or not list((home.declared / "moratoria").iterdir())

    def test_what_the_register_holds_already_is_not_proposed(self, town):
        _, conn = town
        text = "Ik stel voor zes maanden een besluitmoratorium in voor vreemdelingen uit Syrië."
        with writing(conn):
            keep(conn, "sy", "2024-12-12", text)
        done = propose_moratoria(conn, at=AT)
        assert (done.proposed, done.known) == (1, 1)

    def test_the_command_lists_and_rejects(self, town, monkeypatch):
        home, conn = town
        propose_moratoria(conn, at=AT)
        monkeypatch.setenv("COI_HOME", str(home.path))
        run = CliRunner().invoke
        (listed,) = json.loads(run(cli, ["moratoria", "proposed", "--json"]).output)["proposals"]
        assert listed["suggested_id"] == "NL-YE-2026" and listed["spans"]
        assert run(cli, ["moratoria", "reject", "1", "--reason", "a test", "--actor", "ada"]).exit_code == 0
        assert run(cli, ["moratoria", "confirm", "1", "--id", "NL-YE-2026"]).exit_code == 2
        assert "Nothing is proposed" in run(cli, ["moratoria", "proposed"]).output


class TestThePage:
    def test_a_named_person_confirms_on_the_page(self, town):
        from tests.test_site import READER, RESEARCHER, Site

        home, conn = town
        propose_moratoria(conn, at=AT)
        site = Site(home, {"paper": 1})
        page = site.get("/moratoria", RESEARCHER).text
        assert "vreemdelingen met de Jemenitische nationaliteit" in page
        address, sent = "/moratoria/proposals/1/decide", {"decision": "confirm", "moratorium": "NL-YEM-2026"}
        assert site.post(address, sent, READER).status_code == 403
        assert site.post(address, sent | {"decision": "maybe"}, RESEARCHER).status_code == 400
        assert "is no id" in site.post(address, sent | {"moratorium": "yemen"}, RESEARCHER).text
        assert site.post(address, {"decision": "reject"}, RESEARCHER).status_code == 400  # without a reason
        assert site.post(address, sent, RESEARCHER).status_code == 303
        later = site.get("/moratoria?country=YE").text
        assert "NL-YEM-2026" in later and "confirmed" in later and "anna" in later
        assert "13 April 2027" in site.get("/moratoria/NL-YEM-2026").text
