"""Answers, kinds of source and directness have one word in each language, and no Dutch sentence shows a code."""

import re

from review.declarations import load
from review.declared_parts import OFF_SCALE
from review.method.codes import ANSWERS, DIRECTNESS, SOURCE_TYPES
from review.method.judge import judge
from review.method.model import Directness, SourceType
from review.plugin.words import Words
from tests.method_cases import add, case, enough, said, source

ENGLISH_ONLY = {en for en, nl in ANSWERS.values() if en != nl} | {"official country report", "official_country_report"}


def test_every_answer_of_every_question_has_words():
    scales = {value for question in load(None).questions.values() for value in question.scale_values}
    bare = {value for value in {*scales, *OFF_SCALE} - ANSWERS.keys() if not re.fullmatch(r"[\d-]+", value)}
    assert not bare
    assert set(SOURCE_TYPES) == {kind.value for kind in SourceType}
    assert set(DIRECTNESS) == {how.value for how in Directness}


def test_pages_use_the_same_words():
    for language, at in (("en", 0), ("nl", 1)):
        assert all(Words(language).code("answer", code) == both[at] for code, both in ANSWERS.items())
        assert Words(language).code("type", "court") == SOURCE_TYPES["court"][at]


def test_dutch_reasons_hold_no_english_answer():
    """Votes, a contradiction and a weak voice: the three places where a reason names an answer."""
    base = add(enough(), said("d", "fourth", "systematic"), sources=(source("fourth"),))
    found = judge(add(base, said("e", "weak", "isolated"), sources=(source("weak", "E"),)))
    dutch, english = " ".join(found.reasons_nl), " ".join(found.reasons)
    assert "'geen'" in dutch or "'incidenteel'" in dutch
    assert "(stelselmatig)" in dutch
    assert "(systematic)" in english
    quoted = set(re.findall(r"['(]([a-z ]+)[',)]", dutch))
    assert not quoted & (ENGLISH_ONLY | set(ANSWERS) - {nl for _, nl in ANSWERS.values()})


def test_kinds_of_source_stand_in_words():
    houses = [source("ministry", "A", SourceType.OFFICIAL_COUNTRY_REPORT), source("paper")]
    found = judge(case(houses, [said("a", "ministry"), said("b", "paper")]))
    assert "official country report" in found.reliable.reason
    assert "ambtsbericht" in found.reliable.reason_nl
    assert "_" not in found.reliable.reason + found.reliable.reason_nl
