"""A scenario file: exactly the interface's fields in, exactly its answer out, and errors that name what is wrong."""

import json
from pathlib import Path

import pytest

from review.method import thresholds
from review.method.model import Decision, Directness, Gate, Kind, Reading, Resolved, SourceType
from review.method.scenario import ScenarioError, run
from review.method.scenario_file import (
    ContradictionFile,
    EvidenceFile,
    QuestionFile,
    ScenarioFile,
    SourceFile,
    WatershedFile,
)
from store.declared import DeclarationError

ANSWER = ["current", "unambiguous", "reliable", "status", "effective", "certainty", "fragile", "fragile_origin"]
ANSWER += ["stale_on", "agreement", "origins", "items"]


def scenario() -> dict:
    """Return a scenario with every field of the interface, and no other."""
    row = {
        "id": "e0",
        "source": "s0",
        "origin": "o0",
        "answer": "isolated",
        "facts_from": None,
        "facts_to": "2022-05",
        "period_to": None,
        "published_on": "2022-06-01",
        "directness": "direct",
        "place": None,
        "subgroup": None,
        "against_interest": False,
        "decision": "accepted",
    }
    card = {"id": "s0", "grade": "B", "type": "media", "owner": "w0", "party": False}
    names = range(3)
    return {
        "as_of": "2022-06-29",
        "reading": "reviewed",
        "question": {"id": "G1.3", "scale": ["none", "isolated", "regular", "systematic"], "window_days": 90},
        "watersheds": [{"on": "2022-02-24"}],
        "sources": [card | {"id": f"s{n}", "owner": f"w{n}", "type": "ngo" if n else "media"} for n in names],
        "evidence": [row | {"id": f"e{n}", "source": f"s{n}", "origin": f"o{n}"} for n in names],
        "contradictions": [{"a": ["e0"], "b": ["e1"], "resolution": None, "side": None}],
        "gates_closed": [],
    }


def test_the_answer_has_exactly_the_interfaces_fields(tmp_path: Path):
    file = tmp_path / "what-if.json"
    file.write_text(json.dumps(scenario()), "utf-8")
    found = run(file)
    assert list(found) == ANSWER
    assert all(list(found[test]) == ["result", "reason"] for test in ANSWER[:3])
    plain = {name: found[name] for name in ANSWER[3:]}
    assert plain == {
        "status": "sufficient",
        "effective": "sufficient",
        "certainty": "moderate",
        "fragile": True,
        "fragile_origin": "o0",
        "stale_on": "2022-08-30",
        "agreement": 1.0,
        "origins": 3,
        "items": 3,
    }
    assert json.loads(json.dumps(found)) == run(scenario())


def test_declared_opposites_are_read():
    found = scenario()
    found["question"]["opposite"] = [["isolated", "none"]]
    found["evidence"].append(found["evidence"][0] | {"id": "x", "origin": "ox", "answer": "none"})
    assert run(found)["unambiguous"]["result"] == "weak"


def test_a_month_takes_its_last_day_and_counts_as_known_from_then():
    found = scenario() | {"as_of": "2022-06-29"}
    for row in found["evidence"]:
        row["published_on"] = "2022-06"
    assert run(found)["origins"] == 0
    assert run(found | {"as_of": "2022-06-30"})["origins"] == 3


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("as_of",), "2022-06", "field 'as_of'.*YYYY-MM-DD.*'2022-06'"),
        (("reading",), "draft", "field 'reading'.*'reviewed' or 'provisional'.*'draft'"),
        (("question", "window_days"), 0, "field 'question.window_days'.*0"),
        (("question", "window_days"), True, "field 'question.window_days'.*True"),
        (("question", "scale"), ["none"], r"question.scale \['none'\]"),
        (("question", "opposite"), [["none", "never"]], "question.opposite.*never"),
        (("question", "weight"), 3, "field 'question.weight': unknown field.*3.*window_days"),
        (("note",), "x", "field 'note': unknown field.*'x'.*gates_closed"),
        (("watersheds", 0, "on"), "2022-02-30", "field 'watersheds.0.on'.*2022-02-30"),
        (("sources", 1, "grade"), "G", r"field 'sources.1.grade' \(id 's1'\).*'G'"),
        (("sources", 1, "type"), "blog", "field 'sources.1.type'.*'ngo'.*'blog'"),
        (("sources", 1, "party"), "no", "field 'sources.1.party'.*'no'"),
        (("sources", 1, "id"), "s0", "sources: id 's0' is used more than once"),
        (("evidence", 2, "facts_to"), "june", r"field 'evidence.2.facts_to' \(id 'e2'\).*'june'.*YYYY-MM"),
        (("evidence", 2, "facts_to"), "2022-W22-1", "'2022-W22-1' is not a date"),
        (("evidence", 2, "facts_to"), "2022-13", "'2022-13' is not a day"),
        (("evidence", 2, "facts_from"), "2022-06-02", "'facts_from': 2022-06-02 is after facts_to 2022-05-31"),
        (
            ("evidence", 2, "published_on"),
            "2999-01-01",
            "evidence 'e2': field 'published_on': 2999-01-01 lies in the fut",
        ),
        (("evidence", 2, "facts_from"), "2999-01", "'facts_from'"),
        (("evidence", 2, "facts_to"), ["2022-05-31"], "field 'evidence.2.facts_to'.*2022-05-31"),
        (("evidence", 2, "id"), 7, "field 'evidence.2.id'.*7"),
        (("evidence", 2), "e2", "field 'evidence.2'.*'e2'"),
        (("sources",), {}, "field 'sources'"),
        (("watersheds", 0), {"on": "2022-02-24", "lists": 3}, "field 'watersheds.0.lists': unknown field"),
        (("evidence", 2, "answer"), "often", "evidence 'e2': field 'answer': 'often'.*none, isolated"),
        (("evidence", 2, "source"), "s9", "evidence 'e2': field 'source': 's9'"),
        (("evidence", 2, "directness"), "hearsay", "evidence.2.directness.*'hearsay'"),
        (("evidence", 2, "decision"), None, "evidence.2.decision.*None"),
        (("evidence", 2, "weigth"), 1, r"field 'evidence.2.weigth' \(id 'e2'\): unknown field"),
        (("contradictions", 0, "side"), "c", "contradictions.0.side.*'c'"),
        (("contradictions", 0, "resolution"), "ignored", "contradictions.0.resolution.*'ignored'"),
        (("contradictions", 0, "a"), ["e9"], "field 'contradictions.0.a'.*'e9'"),
        (("contradictions", 0, "a"), ["e1"], "'e1' stands on both sides"),
        (("sources", 1, "id"), "S0 ", "sources: ids 's0' and 'S0 ' read the same"),
        (("question", "scale"), ["none", "isolated", "None "], "question.scale"),
        (("evidence", 2, "origin"), "\u200b", "evidence 'e2': field 'origin'"),
        (("contradictions", 0), {"a": ["e0"], "b": [], "resolution": "other_time", "side": "a"}, "contradictions.0.b'"),
        (
            ("contradictions", 0),
            {"a": ["e0"], "b": ["e1"], "resolution": "party_interest", "side": "a"},
            "contradictions.0.resolution': 'party_interest' sets aside evidence 'e0' of source 's0'",
        ),
        (("gates_closed",), ["mood"], "field 'gates_closed.0'.*'coverage'.*'mood'"),
    ],
)
def test_a_wrong_value_is_named_with_field_and_file(path, value, named, tmp_path: Path):
    content = scenario()
    place = content
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(content), "utf-8")
    with pytest.raises(ScenarioError, match=f"(?s)broken.json.*{named}"):
        run(file)


def test_origins_in_a_circle_are_refused_with_the_circle():
    content = scenario()
    content["evidence"][0]["origin"] = "e1"
    content["evidence"][1]["origin"] = "e2"
    content["evidence"][2]["origin"] = "e0"
    with pytest.raises(ScenarioError, match=r"scenario: evidence 'e0': field 'origin': 'e1'.*e0 <- e1 <- e2 <- e0"):
        run(content)
    content["evidence"][2]["origin"] = "e2"  # a well-spring that names itself is none
    assert run(content)["items"] == 3


def test_a_copy_of_a_copy_springs_from_the_first_of_them():
    content = scenario()
    card, row = content["sources"][0], content["evidence"][0]
    content["sources"] += [card | {"id": f"c{n}", "owner": f"c{n}"} for n in range(2)]
    base = run(scenario() | {"evidence": content["evidence"][:2]})
    copies = [
        row | {"id": "x", "source": "c0", "origin": "e0", "directness": "reported"},
        row | {"id": "y", "source": "c1", "origin": " X", "directness": "reported"},
    ]
    content["evidence"] = [*content["evidence"][:2], *copies]
    found = run(content)
    assert (found["status"], found["origins"], found["items"]) == (base["status"], 2, 4)
    content["evidence"] = [*scenario()["evidence"], row | {"id": "z", "origin": "oz", "merge_proposed": "e1"}]
    assert run(content)["origins"] == 4
    merged = run(content | {"reading": "provisional"})
    content["evidence"][-1]["merge_proposed"] = "O1\u200b"
    assert merged == run(content | {"reading": "provisional"}) and merged["origins"] == 3


def test_spelling_makes_no_voice_independent():
    content = scenario()
    for card, owner in zip(content["sources"], ("Reuters", "reuters", "REUTERS\u200b "), strict=True):
        card["owner"] = owner
    assert run(content)["reliable"]["result"] == "fail"
    content = scenario()
    for row, origin in zip(content["evidence"], ("UN", "un", "UN "), strict=True):
        row["origin"] = origin
    assert run(content)["origins"] == 1
    content = scenario()
    content["question"]["scale"] = ["none", "isolated", "Mixed"]
    for row in content["evidence"]:
        row["answer"] = "Mixed"
    assert run(content)["origins"] == 0
    content["evidence"][0]["answer"] = "Isolated"
    assert run(content)["origins"] == 1


def test_an_answer_that_does_not_vote_gives_no_house_and_no_kind():
    """Three origins of one house by their first item are one house, whoever votes in them (method §1)."""
    content = scenario()
    content["sources"].append(content["sources"][0] | {"id": "x", "owner": "x", "type": "official_country_report"})
    first = content["evidence"][0] | {"source": "x", "published_on": "2022-05-20", "facts_to": "2022-05-20"}
    silent = [first | {"id": f"u{n}", "origin": f"o{n}", "answer": "unclear"} for n in range(3)]
    content["evidence"] += silent
    found = run(content)
    assert found["reliable"]["result"] == "fail" and found["status"] == "insufficient"
    content["evidence"] = [row | {"answer": "isolated", "neighbour": True} for row in silent] + content["evidence"][:3]
    assert run(content)["status"] == "insufficient"
    # nor may such an item lend its kind: one official report must have said it itself
    content |= {"evidence": [silent[0], content["evidence"][3]], "contradictions": []}
    assert run(content)["status"] == "insufficient"


def test_a_guessed_day_of_publication_makes_no_facts_current():
    content = scenario()
    for row in content["evidence"]:
        row |= {"published_certain": False, "facts_to": "2030-01-01"}
    assert run(content)["current"]["result"] == "fail"
    for row in content["evidence"]:
        row |= {"facts_to": None, "period_to": "2030-01-01", "whole_period": True}
    assert run(content)["current"]["result"] == "fail"
    for row in content["evidence"]:
        row["period_to"] = "2022-05"
    assert run(content)["current"]["result"] == "pass"


def test_a_resolution_needs_its_day_where_history_counts():
    content = scenario() | {"basis": "held"}
    content["evidence"].append(content["evidence"][0] | {"id": "x", "origin": "ox", "answer": "systematic"})
    set_aside = {"a": ["x"], "b": ["e1"], "resolution": "other_time", "side": "a"}
    content["contradictions"] = [set_aside]
    with pytest.raises(ScenarioError, match=r"contradictions\.0\.decided_on'"):
        run(content)
    content["contradictions"] = [set_aside | {"decided_on": "2022-06-30"}]
    assert run(content)["status"] == "emerging"
    content["contradictions"] = [set_aside | {"decided_on": "2022-06-01"}]
    assert run(content)["status"] == "sufficient"
    for row in content["evidence"]:
        row["place"] = "Donetsk, Ukraine"
    content["contradictions"] = [set_aside | {"decided_on": "2022-06-01", "resolution": "other_place"}]
    with pytest.raises(ScenarioError, match="'x' and 'e1' both name the place 'Donetsk, Ukraine'"):
        run(content)
    content["evidence"][-1]["place"], content["contradictions"] = "Ukraine", []
    assert run(content)["unambiguous"]["result"] == "weak"


def test_a_proposed_merge_cannot_silence_a_dissent():
    content = scenario() | {"reading": "provisional"}
    dissent = {
        "id": "x",
        "origin": "ox",
        "answer": "systematic",
        "facts_to": "2022-04-30",
        "published_on": "2022-05-01",
    }
    content["evidence"].append(content["evidence"][0] | dissent)
    apart = run(content)
    assert apart["status"] == "emerging"
    content["evidence"][-1]["merge_proposed"] = "o0"
    assert run(content)["status"] == "emerging"


def test_periods_that_run_backwards_are_refused():
    content = scenario()
    content["evidence"][2] |= {"facts_to": None, "period_to": "2022-03", "facts_from": "2022-04"}
    with pytest.raises(ScenarioError, match="'facts_from': 2022-04-01 is after period_to 2022-03-31"):
        run(content)
    content["evidence"][2] |= {"published_on": "2022-03-15", "period_to": None}
    with pytest.raises(ScenarioError, match="'facts_from': 2022-04-01 lies after published_on 2022-03-15"):
        run(content)


def test_what_is_published_after_the_day_does_not_exist_on_it():
    content = scenario()
    content["evidence"].append(content["evidence"][0] | {"id": "x", "origin": "ox", "published_on": "2023-01-01"})
    assert run(content) == run(scenario())


@pytest.mark.parametrize("field", ["as_of", "reading", "question", "sources", "evidence"])
def test_a_missing_field_is_named(field):
    content = scenario()
    del content[field]
    with pytest.raises(ScenarioError, match=f"field '{field}': missing"):
        run(content)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('{"as_of": "2022-06-29",', "not readable as JSON"),
        ("[]", "one JSON object, not list"),
        ('{"reading": "reviewed", "reading": "provisional"}', "'reading' is written twice"),
    ],
)
def test_what_is_not_a_scenario_is_refused(text, named, tmp_path: Path):
    file = tmp_path / "odd.json"
    file.write_text(text, "utf-8")
    with pytest.raises(ScenarioError, match=f"odd.json.*{named}"):
        run(file)
    with pytest.raises(ScenarioError, match=r"absent\.json: cannot be read"):
        run(tmp_path / "absent.json")


def test_every_threshold_is_declared_with_its_reason_in_both_languages(tmp_path: Path):
    rows = thresholds.method_rows()
    assert {name for name, _, _ in rows} == set(thresholds.Thresholds.__dataclass_fields__) - {"rules_version"}
    assert all(value and reason.endswith(".") for _, value, reason in [*rows, *thresholds.method_rows("nl")])
    assert thresholds.RULES.agreement_pass == 0.75
    shortened = tmp_path / "thresholds.toml"
    shortened.write_text(thresholds.FILE.read_text("utf-8").replace('id = "types_pass"', 'id = "typos_pass"'), "utf-8")
    with pytest.raises(DeclarationError, match="types_pass"):
        thresholds.load(shortened)


DOCS = Path(__file__).parents[1] / "docs"


def test_the_example_of_the_documents_runs_and_every_field_is_told():
    told = (DOCS / "scenario.md").read_text("utf-8")
    answer = run(DOCS / "examples" / "scenario.json")
    assert list(answer) == ANSWER
    assert (answer["status"], answer["origins"]) == ("sufficient", 3)
    models = (ScenarioFile, QuestionFile, SourceFile, EvidenceFile, WatershedFile, ContradictionFile)
    gone = [name for model in models for name in model.model_fields if f"`{name}`" not in told]
    assert gone == []
    values = [*Gate, *SourceType, *Kind, *Directness, *Decision, *Resolved, *Reading]
    assert [value for value in values if f"`{value}`" not in told] == []


def test_a_missing_field_points_to_the_document():
    with pytest.raises(ScenarioError, match=r"docs/scenario\.md lists every field.*\n.*'reading': missing"):
        run({name: value for name, value in scenario().items() if name != "reading"})
