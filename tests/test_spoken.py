"""A statement of a declared voice that several outlets report: one origin, called by the voice and not by an outlet."""

from datetime import date

from review.declarations import load
from review.naming import named
from review.spoken import springs
from review.standing import Item
from review.wellsprings import Origins, Spring

SPEAKERS = load().speakers
MOD = SPEAKERS["ru-mod"]
DAY = date(2024, 8, 23)


def row(document: int, answer: str = "none", who: str = "ru-mod") -> dict[str, object]:
    return {
        "document_id": document, "passage_id": document, "start": 0, "end": 9, "question_id": "G1.3", "answer": answer,
        "attributed_to": who, "facts_to": None, "published_on": DAY.isoformat(), "public_on": DAY.isoformat(),
    }  # fmt: skip


def test_a_copy_of_a_report_of_a_statement_is_that_statement():
    keys = {1: "doc:bluewin:a", 2: "doc:herald:b", 3: "doc:herald:c"}
    merged = {"doc:herald:b": "doc:bluewin:a", "doc:herald:c": "doc:bluewin:a"}
    origins = Origins(
        documents=keys, labels={}, merged=merged, proposed=merged, spans={}, proposed_spans={}, noted={},
    )  # fmt: skip
    found = springs([row(1), row(2), row(3, "isolated")], origins, SPEAKERS)
    assert found[0].key == found[1].key == f"said:ru-mod:{DAY}"
    assert found[2] == Spring(key="doc:bluewin:a", label="doc:bluewin:a")  # another answer is another statement


def item(number: int, publisher: str, speaker: str = MOD.title) -> Item:
    return Item(
        evidence_id=number, passage_id=number, document_id=number, origin="said", origin_label="said",
        role="weak voice", answer="none", directness="reported", attributed_to="ru-mod", facts_to=None,
        published_on=DAY.isoformat(), publisher=publisher, source_id=publisher, source_type="party_to_the_conflict",
        grade="E", decision="proposed", place="", quote="", title="t", page=None, language="en", speaker=speaker,
    )  # fmt: skip


def test_weak_voices_name_the_speaker_once_with_all_who_report_it():
    ((en, nl),) = named([item(1, "Bluewin"), item(2, "Dailywrap"), item(3, "Herald")], (), DAY)
    assert f"{MOD.title}, as reported by Herald, Dailywrap, Bluewin, 2024-08-23 (none, a party to the conflict)" in en
    assert f"{MOD.title}, zoals bericht door Herald, Dailywrap, Bluewin" in nl and en.count(MOD.title) == 1
    ((own, _),) = named([item(4, "Ministry", speaker="")], (), DAY)
    assert "Ministry, “t”, 2024-08-23 (none, a party to the conflict)" in own
