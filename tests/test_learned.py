"""The trained head beside the rules: what it finds in passages that nobody had seen, and that it explains itself."""

import json
from pathlib import Path

import numpy as np
import pytest

from review.encoders import encoder
from review.learned import FILE, Seen, load_head
from review.learned.train import f1
from review.tagging import Tagger, Tags, ToTag
from tests.test_tagging import DEV_DIGEST, digest_of

pytestmark = pytest.mark.skipif(encoder() is None, reason="no sentence encoder is installed")

UNSEEN = Path(__file__).parent / "data" / "passages-unseen.jsonl"
# Measured: 0.857 on our own held-out passages (country 0.80, topic 0.77), 0.984 on the others, lowest group 0.93.
UNSEEN_FLOOR, DEV_FLOOR, GROUP_FLOOR = 0.85, 0.97, 0.90
TOPIC_FLOOR, COUNTRY_FLOOR = 0.75, 0.79


@pytest.fixture(scope="module")
def both() -> Tagger:
    return Tagger()


def tagged(both: Tagger, rows: list[dict]) -> list[Tags]:
    return both.tag_all([ToTag(text=row["text"], lang=row["lang"]) for row in rows])


def scores(both: Tagger, rows: list[dict], tags: list[Tags]) -> dict[str, float]:
    found = [{mention.value for mention in one.groups} for one in tags]
    return {
        name: f1(np.array([name in row["groups"] for row in rows]), np.array([name in one for one in found]))
        for name in both.groups
    }


def test_passages_that_no_vocabulary_was_written_for(both: Tagger) -> None:
    rows = [json.loads(line) for line in UNSEEN.read_text("utf-8").splitlines()]
    tags = tagged(both, rows)
    by_group = scores(both, rows, tags)
    assert sum(by_group.values()) / len(by_group) >= UNSEEN_FLOOR, by_group
    assert sum(one.topic.value == row["topic"] for one, row in zip(tags, rows, strict=True)) >= TOPIC_FLOOR * len(rows)
    countries = [one.country.value if one.country else None for one in tags]
    assert sum(one == row["country"] for one, row in zip(countries, rows, strict=True)) >= COUNTRY_FLOOR * len(rows)


def test_the_labelled_passages(both: Tagger, shared: Path) -> None:
    path = shared / "data" / "passages-dev.jsonl"
    if not path.is_file() or digest_of(path) != DEV_DIGEST:
        pytest.skip("the labelled passages are not beside this checkout, or are another edition")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    by_group = scores(both, rows, tagged(both, rows))
    assert sum(by_group.values()) / len(by_group) >= DEV_FLOOR, by_group
    assert min(by_group.values()) >= GROUP_FLOOR, by_group


def test_what_the_head_finds_alone_shows_its_words(both: Tagger) -> None:
    rows = [json.loads(line) for line in UNSEEN.read_text("utf-8").splitlines()]
    alone = [
        (row["text"], mention)
        for row, one in zip(rows, tagged(both, rows), strict=True)
        for mention in one.groups
        if mention.rule.endswith(":learned")
    ]
    assert alone
    for text, mention in alone:
        assert mention.spans and 0.5 <= mention.score <= 1
        assert all(text[span.start : span.end] == span.surface for span in mention.spans)


def test_a_passage_is_judged_alone(both: Tagger) -> None:
    one = ToTag(text="Conscripts of the spring call-up were sent to Kherson, their mothers say.", lang="en")
    other = ToTag(text="De filmcriticus prees het decor.", lang="nl")
    assert both.tag_all([one, other])[0] == both.tag_all([one])[0]
    assert both.tag_all([]) == []


@pytest.mark.parametrize("text", ["", "x", "9", "\u200b", "§", "אבג", "مرحبا", "😀" * 40])
def test_next_to_nothing_is_nothing(both: Tagger, text: str) -> None:
    assert both.tag_all([ToTag(text=text)])[0].groups == ()


def test_past_what_the_encoder_reads_the_rules_have_the_word(both: Tagger) -> None:
    text = "The weather was fair in the valley and the trains ran on time. " * 40 + "Deserters were shot in the pits."
    assert "deserters" in {one.value for one in both.tag_all([ToTag(text=text, lang="en")])[0].groups}


def test_the_head_belongs_to_its_encoder_and_names_itself(both: Tagger) -> None:
    head = load_head()
    assert head is not None and head.name in both.rules_version and head.name not in Tagger(learned=False).rules_version
    judged = head.judge(np.zeros((1, 512), dtype=np.float32), [Seen(classes=frozenset(), groups={}, topic="other")])[0]
    assert abs(sum(judged.topics.values()) - 1) < 1e-5 and 0 <= judged.field <= 1
    assert load_head(FILE.with_name("none.npz")) is None
