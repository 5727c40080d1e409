"""Passages: slices of the text that outlive an edit elsewhere."""

import itertools
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.read.clean import clean, dehyphenated
from crawler.read.passages import LIMIT, Block, compose, normalised, split

VOCABULARY = "conscript deserter the front was sent not Dienstplichtigen призывников не art. nr. Hague в 2022 UK"
WORDS = st.sampled_from(VOCABULARY.split())
SENTENCES = st.lists(WORDS, min_size=1, max_size=25).map(lambda words: " ".join(words).capitalize() + ".")
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=14).map(" ".join)
LINES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
TEXTS = st.lists(PARAGRAPHS | LINES, min_size=1, max_size=12).map("\n\n".join)
VISIBLE = re.compile(r"\s+")


def bare(text):
    return VISIBLE.sub("", text)


def check_slices(text, passages):
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip() != ""
    for before, after in itertools.pairwise(passages):
        assert before.end <= after.start


@given(TEXTS | st.text(max_size=400))
def test_every_visible_character_is_in_one_passage_or_a_heading(text):
    passages = split(text)
    check_slices(text, passages)
    left, at = [], 0
    for passage in passages:
        left.append(text[at : passage.start])
        at = passage.end
    outside = bare("".join(left) + text[at:])
    headings = list(dict.fromkeys((p.heading or "").replace(" / ", "") for p in passages))
    assert all(bare(heading) in outside for heading in headings)
    assert len(outside) <= sum(len(bare(p.heading or "")) for p in passages)
    assert split(text) == passages


@given(TEXTS)
def test_no_passage_is_longer_than_a_reader_can_take_in(text):
    assert all(len(passage.text) <= LIMIT + 200 for passage in split(text))


@settings(max_examples=60)
@given(st.lists(st.lists(SENTENCES, min_size=2, max_size=6).map(" ".join), min_size=3, max_size=9), st.data())
def test_an_edit_of_one_paragraph_leaves_the_others_alone(paragraphs, data):
    paragraphs = [f"Paragraph number {i} says this about it. {p}" for i, p in enumerate(paragraphs)]
    edited = data.draw(st.integers(0, len(paragraphs) - 1))
    changed = list(paragraphs)
    changed[edited] = "Something else altogether stands here now. " + paragraphs[edited]
    before = {p.text for p in split("\n\n".join(paragraphs))}
    after = {p.text for p in split("\n\n".join(changed))}
    assert all(text in paragraphs[edited] for text in before - after)


def test_long_paragraphs_fall_back_into_step_after_an_edit():
    sentences = [
        f"In week {n} the {n * 7919 % 1000} men of unit {n} were asked to sign a contract again." for n in range(200)
    ]
    before = {p.text for p in split(" ".join(sentences))}
    after = {p.text for p in split(" ".join(["A new first sentence stands here.", *sentences]))}
    assert len(before) > 10
    assert len(before & after) >= len(before) - 3


def test_headings_go_with_what_follows_and_short_lines_are_not_lost():
    text, passages = compose(
        [
            Block(text="Report", heading=True),
            Block(text="1 Service", heading=True),
            Block(text="Last update: 1 May 2022"),
            Block(text="Conscripts are men of 18 to 27 years who serve for one year in the army."),
            Block(text="Unsigned"),
            Block(text="2 Nothing here", heading=True),
        ]
    )
    check_slices(text, passages)
    assert [p.heading for p in passages] == ["Report / 1 Service", None]
    assert passages[0].text.startswith("Last update") and passages[0].text.endswith("Unsigned")
    assert passages[1].text == "2 Nothing here"


def test_pages_stay_apart():
    long = "A sentence about conscripts that is certainly longer than forty characters."
    _, passages = compose([Block(text=long, page=1), Block(text="Note", page=1), Block(text=long, page=2)])
    assert [(p.page, p.text[-4:]) for p in passages] == [(1, "Note"), (2, "ers.")]


WRAPPED = """The ministry looked into the position of conscripts who refuse to serve. It
asked for the reports of the embassies, of aid organisations and of journa-
lists, and compared them. See the annex for a list of all the sources used and
for the questions that nobody could answer.

Because the sources contradict each other it is not clear whether conscripts are
being sent to the front. A decision is therefore put off for half a year."""
ADDRESS = "https://ministry.example/annex/" + "a-very-long-path/" * 9


@pytest.mark.parametrize(
    "text", [WRAPPED, dehyphenated(WRAPPED), WRAPPED.replace("annex", ADDRESS), WRAPPED.replace("journa-\n", "journa")]
)
def test_paragraphs_wrapped_by_hand_stay_whole(text):
    """Whatever makes one of their lines a long one: a joined word, an address."""
    first, second = split(text)
    assert (first.text, second.text) == tuple(text.split("\n\n"))


def test_a_short_paragraph_of_two_lines_stays_whole_when_a_word_is_joined():
    text = "The Minister explained in a letter that for these men a moratorium on depar-\n" + (
        "ture and on decisions is in force from the day of publication in the State Gazette."
    )
    assert len(split(dehyphenated(text))) == 1


def test_lines_that_are_paragraphs_are_cut_although_no_blank_line_parts_them():
    long = "In the spring {} men were called up, and nobody knows how many were asked to sign a contract before that. "
    lines = ["What happened", long.format(12) * 2, long.format(1200), "men: 12; women: none", long.format(7)]
    text = "\n".join(line.strip() for line in lines)
    assert [p.text.split("\n")[0] for p in split(text)] == [text.split("\n")[n] for n in (1, 2, 3)]


def test_abbreviations_do_not_end_a_sentence():
    sentence = "Volgens art. 3 EVRM en paragraaf C2/3.2 Vc. is nr. 12 van toepassing op mr. Jansen en anderen. "
    assert all(p.text.endswith("anderen.") for p in split(sentence * 40))


@given(st.text(max_size=300))
def test_the_normal_form_is_stable(text):
    once = normalised(text)
    assert normalised(once) == once
    assert normalised(unicodedata.normalize("NFD", text)) == once
    assert normalised(f"  {text}\n\n") == once


def test_the_normal_form_ignores_what_nobody_sees():
    assert normalised("dienst\u00adplichtigen\u200b\u00a0 in\r\n Rusland\ufeff") == "dienstplichtigen in Rusland"


@given(st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґў abcXYZéß\n\u00ad-.", max_size=200))
def test_cleaning_keeps_every_letter(text):
    assert clean(text) == text


def test_cleaning_removes_what_cannot_be_stored():
    assert clean("a\x00b\ud800c\ufffed\r\ne\x0bf") == "abcd\nef"


def test_words_broken_by_a_line_end_are_made_whole_and_others_left():
    assert dehyphenated("Vreemdelin-\ngencirculaire") == "Vreemdelingencirculaire"
    assert dehyphenated("besluit-\nen vertrekmoratorium") == "besluit-\nen vertrekmoratorium"
    assert dehyphenated("Noord-\nHolland") == "Noord-\nHolland"
    assert dehyphenated("anti-\nwar protest") == "anti-war\nprotest"
    assert dehyphenated("a Vreemdelin-\n gencirculaire, 2000") == "a Vreemdelingencirculaire,\n2000"
    assert dehyphenated("Vreemde-\nlingen-\ncirculaire 2000") == "Vreemdelingencirculaire\n2000"
    assert dehyphenated("воен-\nнослужащих") == "военнослужащих"
