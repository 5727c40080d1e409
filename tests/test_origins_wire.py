"""A wire cluster of twenty outlets, translations with and without a note, other witnesses, a report with footnotes."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from coi import cli
from review.encoders import encoder
from review.origins import OriginDoc, link, resolve
from tests.origins_cases import OUTLETS, QUOTES, REPORT, RUSSIAN, WIRE, WITNESS_EN, WITNESS_RU, Outlet

semantic = pytest.mark.skipif(encoder() is None, reason="the extra `semantic` is not installed")
WIRE_KEY = "doc:Kamenka Wire"


def row(outlet: Outlet) -> dict[str, object]:
    """An outlet's page as a line of JSON."""
    host = outlet.name.lower().replace(" ", "-")
    return {
        "id": outlet.name, "publisher": outlet.name, "owner": host, "url": f"https://{host}.example/41",
        "links": list(outlet.links), "lang": outlet.lang, "published_on": f"2022-03-{outlet.day}",
        "title": outlet.title, "text": outlet.text,
    }  # fmt: skip


def asked(tmp_path, *rows: dict[str, object]) -> dict[str, dict[str, object]]:
    """What the command answers, by id; the home it is given must stay untouched."""
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), "utf-8")
    home = tmp_path / "home"
    result = CliRunner().invoke(cli, ["origins", "--jsonl", str(path)], env={"COI_HOME": str(home)})
    assert result.exit_code == 0, result.output
    assert not home.exists()
    found = [json.loads(line) for line in result.output.splitlines()]
    assert [one["id"] for one in found] == [r["id"] for r in rows]
    assert all(set(one) == {"id", "origin", "why", "passages"} for one in found)
    return {one["id"]: one for one in found}


def test_a_wire_text_in_twenty_outlets_is_one_origin(tmp_path):
    copies = [outlet for outlet in OUTLETS if outlet.lang == "en"]
    found = asked(tmp_path, *(row(outlet) for outlet in copies), row(QUOTES))
    assert len(OUTLETS) == 20
    assert {name for name, one in found.items() if one["origin"] != WIRE_KEY} == {"Essay"}
    assert all(one["why"] for one in found.values())


def test_three_sentences_quoted_lead_there_and_the_essay_stays_its_own(tmp_path):
    found = asked(tmp_path, row(OUTLETS[0]), row(QUOTES))["Essay"]
    assert found["origin"] == "doc:Essay"
    (passage,) = found["passages"]
    assert passage["origin"] == WIRE_KEY
    assert QUOTES.text[passage["start"] : passage["end"]].strip() == " ".join(WIRE[22:25])


@semantic
@pytest.mark.parametrize("lang", ["nl", "ru"])
def test_a_translation_without_a_note_is_found(tmp_path, lang):
    dutch = OUTLETS[-1]
    russian = Outlet(name="Перевод", title="Родители ищут срочников", text=RUSSIAN, day=22, lang="ru")
    one = dutch if lang == "nl" else russian
    found = asked(tmp_path, row(OUTLETS[0]), row(one))
    assert found[one.name]["origin"] == WIRE_KEY, found[one.name]


def test_other_witnesses_of_the_same_event_stay_apart(tmp_path):
    ours = (
        Outlet(name="Свидетели", title="Что видели у гарнизона", text=WITNESS_RU, day=21, lang="ru"),
        Outlet(name="Drivers", title="Bus drivers tell of soldiers from Kamenka", text=WITNESS_EN, day=22),
        Outlet(name="Перевод", title="Родители ищут срочников", text=RUSSIAN, day=22, lang="ru"),
    )
    found = asked(tmp_path, row(OUTLETS[0]), *(row(one) for one in ours))
    assert {name: found[name]["origin"] for name in ("Свидетели", "Drivers")} == {
        "Свидетели": "doc:Свидетели", "Drivers": "doc:Drivers",
    }  # fmt: skip


def test_footnotes_in_plain_text_carry_the_origins_of_a_report(tmp_path):
    wire = row(OUTLETS[0]) | {"url": "https://wire.example/41"}
    report = {"id": 7, "publisher": "Ministry", "lang": "en", "published_on": "2022-06-30", "text": REPORT}
    found = asked(tmp_path, wire, report)[7]
    assert found["origin"] == "doc:7"
    quoted = {(REPORT[p["start"] : p["end"]].split()[-1], p["origin"]) for p in found["passages"]}
    assert quoted == {
        ("contract.", WIRE_KEY), ("whereabouts.", WIRE_KEY), ("period.", "cited:gazette.example/register?nr=7"),
    }  # fmt: skip


def test_the_order_of_lines_is_no_matter(tmp_path):
    rows = [row(outlet) for outlet in OUTLETS if outlet.lang == "en"]
    assert asked(tmp_path, *rows) == asked(tmp_path, *reversed(rows))


def test_a_circle_is_said_to_be_one():
    facts = "Svetlana Morozova keeps a list of 117 men, and Colonel Derbenev of Smolensk got 23 complaints."
    one = OriginDoc(id="a", publisher="Morning Post", owner="a", names=("Morning Post",), published_on=date(2022, 4, 1),
                    text=f"The Evening Star reports that {facts}")  # fmt: skip
    two = OriginDoc(id="b", publisher="Evening Star", owner="b", names=("Evening Star",), published_on=date(2022, 4, 2),
                    text=f"In a village, so the Morning Post reports, {facts}")  # fmt: skip
    found = resolve(link([one, two]))
    assert {spring.origin for spring in found.values()} == {"doc:a"}
    assert all(spring.circular for spring in found.values())


class TestBadLines:
    def run(self, tmp_path, *lines: bytes):
        path = tmp_path / "in.jsonl"
        path.write_bytes(b"\n".join(lines))
        return CliRunner().invoke(cli, ["origins", "--jsonl", str(path)])

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            (b"{", "not JSON"),
            (b"[1]", "list instead of an object"),
            (b"\xff", "not UTF-8"),
            (b'{"text": "x"}', "'id' is None"),
            (b'{"id": "b"}', "'text' is missing"),
            (b'{"id": "b", "text": 3}', "'text' is 3"),
            (b'{"id": "b", "text": "x", "published_on": "1 May"}', "write YYYY-MM-DD"),
            (b'{"id": "b", "text": "x", "links": "http://a"}', "a list of addresses"),
            (b'{"id": "a", "text": "x"}', "id 'a' stands in line 1 already"),
        ],
    )
    def test_a_bad_line_is_named_and_the_others_are_answered(self, tmp_path, line, said):
        result = self.run(tmp_path, b'{"id": "a", "text": "One."}', line, b'{"id": "c", "text": "Two."}')
        assert result.exit_code == 1
        assert [json.loads(out)["id"] for out in result.stdout.splitlines()] == ["a", "c"]
        assert "in.jsonl, line 2: " in result.stderr
        assert said in result.stderr

    def test_a_missing_file_is_named(self, tmp_path):
        result = CliRunner().invoke(cli, ["origins", "--jsonl", str(tmp_path / "none.jsonl")])
        assert result.exit_code == 2
        assert "none.jsonl" in result.stderr

    def test_standard_input_is_read(self):
        result = CliRunner().invoke(cli, ["origins", "--jsonl", "-"], input='{"id": 1, "text": "One."}\n')
        assert json.loads(result.stdout)["id"] == 1

    def test_half_a_character_in_an_id_comes_back_as_it_was(self, tmp_path):
        line = b'{"id": "\\ud800", "text": "One."}'
        assert json.loads(self.run(tmp_path, line).stdout)["id"] == "\ud800"

    @pytest.mark.parametrize("text", ["", "x", "а" * 200_000, "\u200f\u05d0\u200b" * 50, "\ud800"])
    def test_odd_texts_are_answered(self, tmp_path, text):
        line = json.dumps({"id": "a", "text": text}).encode()
        assert json.loads(self.run(tmp_path, line).stdout)["origin"] == "doc:a"


def test_the_translated_seed_leads_to_the_outlet_it_names(tmp_path, shared):
    (path,) = (shared / "seeds").glob("002_*.txt")
    line = {"id": "002", "publisher": "Buna Times", "lang": "en", "published_on": "2022-09-24",
            "text": path.read_text("utf-8")}  # fmt: skip
    assert asked(tmp_path, line)["002"]["origin"] == "named:rtl"


def line(id_: str, text: str, **more: object) -> dict[str, object]:
    return {"id": id_, "publisher": id_, "lang": "en", "published_on": "2022-04-14", "text": text} | more


def test_a_chain_of_citations_ends_at_its_first_text(tmp_path):
    found = asked(
        tmp_path,
        line("Northern Herald", "Eleven conscripts were captured at a bridge, their mothers say in letters to us."),
        line("Evening Star", "Eleven conscripts were captured at a bridge, the Northern Herald reports.",
             published_on="2022-04-15"),
        line("Morning Post", "Their mothers wrote that eleven conscripts were captured at a bridge, according to the "
             "Evening Star.", published_on="2022-04-16"),
        line("Harbour Daily", "The harbour opened late this year, the Northern Herald reports on its front page."),
    )  # fmt: skip
    assert {one["origin"] for one in list(found.values())[:3]} == {"doc:Northern Herald"}
    assert found["Harbour Daily"]["origin"] == "named:northern-herald"


def test_one_statement_in_the_words_of_two_outlets_is_the_statement(tmp_path):
    found = asked(
        tmp_path,
        line("a", "No conscripts are being sent to Ukraine, the Kremlin said."),
        line("b", "В Кремле заявили, что призывников на Украину не отправляют.", lang="ru"),
        line("c", "No conscripts are being sent to Ukraine, the Kremlin said. We met two of them in a hospital in "
             "Rostov. Both had been drafted in October and were shot at near Kharkiv in the first days."),
    )  # fmt: skip
    assert found["a"]["origin"] == found["b"]["origin"] == "said:ru-kremlin:2022-04-14"
    assert found["c"]["origin"] == "doc:c"
    assert [one["origin"] for one in found["c"]["passages"]] == ["said:ru-kremlin:2022-04-14"]


STORY = "Svetlana Morozova counts 117 men, and Colonel Derbenev of Smolensk got 23 complaints."


def test_a_link_without_a_name_leads_there_where_the_text_hands_over(tmp_path):
    url = "https://herald.example/1"
    over = line("b", f"According to a report of yesterday, {STORY}", links=[url])
    bare = line("c", f"Families wait. {STORY}", links=[url])
    also = line("d", f"Families wait. {STORY} Read also: the families of Smolensk.", links=[url])
    found = asked(tmp_path, line("a", f"At home {STORY}", url=url), over, bare | {"text": f"We hear that {STORY[:40]} "
                  "Nobody in Smolensk answers, and Derbenev left."}, also | {"text": "Own report. Morozova of Smolensk "
                  "showed us Derbenev's letter. Read also: the families."})  # fmt: skip
    assert found["b"]["origin"] == "doc:a"
    assert found["c"]["origin"] == "doc:c"
    assert "Proposed, for a person to decide: doc:a" in found["c"]["why"]
    assert "Proposed" not in found["d"]["why"]
