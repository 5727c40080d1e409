"""The facts of a passage: when, where, how many of whom, with spans into the original text."""

import io
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.facts import Fact, facts_of
from review.plugin.facts import shown_facts
from review.plugin.words import Words
from review.tag_lines import tagged_lines

LANGUAGES = ("en", "nl", "ru", "uk", "de", "fr")
PUBLISHED = date(2023, 5, 10)  # a Wednesday

DATES = [  # language, sentence, the words, first day, last day
    ("en", "In the autumn draft of 2022 many hid.", "autumn draft of 2022", "2022-10-01", "2022-12-31"),
    ("en", "They served there from 24 February to 1 April 2022.", "24 February to 1 April 2022", "2022-02-24",
     "2022-04-01"),
    ("en", "He fled on April 14, 2022.", "April 14, 2022", "2022-04-14", "2022-04-14"),
    ("en", "The office was raided last week.", "last week", "2023-05-01", "2023-05-07"),
    ("en", "The law enters into force on 1 January 2024.", "1 January 2024", "2024-01-01", "2024-01-01"),
    ("en", "Between November and March 2023 nobody wrote.", "November and March 2023", "2022-11-01", "2023-03-31"),
    ("nl", "Sinds maart worden zij opgeroepen.", "Sinds maart", "2023-03-01", "2023-05-10"),
    ("nl", "Na de zomer van 2022 bleef het stil.", "Na de zomer van 2022", "2022-08-31", "2023-05-10"),
    ("nl", "Drie weken geleden kwam de brief.", "Drie weken geleden", "2023-04-16", "2023-04-22"),
    ("nl", "Eind september 2022 vertrok hij.", "Eind september 2022", "2022-09-21", "2022-09-30"),
    ("nl", "In de eerste helft van 2022 gebeurde niets.", "eerste helft van 2022", "2022-01-01", "2022-06-30"),
    ("ru", "Осенью 2022 года начался призыв.", "Осенью 2022 года", "2022-09-01", "2022-11-30"),
    ("ru", "В марте прошлого года он уехал.", "марте прошлого года", "2022-03-01", "2022-03-31"),
    ("ru", "Это было с 1 по 5 марта 2022 года.", "1 по 5 марта 2022 года", "2022-03-01", "2022-03-05"),
    ("ru", "За последние три месяца ничего не изменилось.", "последние три месяца", "2023-02-09", "2023-05-10"),
    ("uk", "Восени 2022 року почався призов.", "Восени 2022 року", "2022-09-01", "2022-11-30"),
    ("uk", "Так тривало з 2014 по 2022 рік.", "2014 по 2022 рік", "2014-01-01", "2022-12-31"),
    ("de", "Vor zwei Monaten floh er.", "zwei Monaten", "2023-03-01", "2023-03-31"),
    ("de", "Seit dem 21. September 2022 gilt die Mobilmachung.", "Seit dem 21. September 2022", "2022-09-21",
     "2023-05-10"),
    ("fr", "Il a fui l'automne dernier.", "automne dernier", "2022-09-01", "2022-11-30"),
    ("fr", "La loi du 1er avril 2022 a changé cela.", "1er avril 2022", "2022-04-01", "2022-04-01"),
]  # fmt: skip
NUMBERS = [  # language, sentence, the words, least, most, what is counted
    ("en", "The committee recorded 41 conscripts.", "41 conscripts", 41, 41, "conscripts"),
    ("en", "Dozens of reservists refused.", "Dozens of reservists", 20, 99, "reservists"),
    ("en", "Between 200 and 300 deserters were named.", "200 and 300 deserters", 200, 300, "deserters"),
    ("en", "At least two hundred soldiers left.", "At least two hundred soldiers", 200, None, "soldiers"),
    ("en", "Not one conscript was sent.", "Not one conscript", 0, 0, "conscripts"),
    ("en", "He paid a fine of 200,000 roubles.", "200,000 roubles", 200_000, 200_000, "roubles"),
    ("nl", "Er liepen ruim 200 zaken.", "ruim 200 zaken", 200, 250, "cases"),
    ("nl", "Het ging om eenenveertig dienstplichtigen.", "eenenveertig dienstplichtigen", 41, 41, "conscripts"),
    ("ru", "Там было около тысячи человек.", "около тысячи человек", 900, 1100, "people"),
    ("ru", "Возбуждено 2,5 тысячи уголовных дел.", "2,5 тысячи уголовных дел", 2500, 2500, "cases"),
    ("ru", "Сорок один отказник вернулся.", "Сорок один отказник", 41, 41, "deserters"),
    ("uk", "Щонайменше 41 строковик загинув.", "Щонайменше 41 строковик", 41, None, "conscripts"),
    ("uk", "Було п'ятсот солдатів.", "п'ятсот солдатів", 500, 500, "soldiers"),
    ("de", "Einundvierzig Soldaten schwiegen.", "Einundvierzig Soldaten", 41, 41, "soldiers"),
    ("de", "Mehr als 200 Verfahren laufen.", "Mehr als 200 Verfahren", 201, None, "cases"),
    ("fr", "Une centaine de conscrits ont écrit.", "Une centaine de conscrits", 90, 110, "conscripts"),
    ("fr", "Environ 15 % des hommes.", "Environ 15 %", 13, 17, "percent"),
]
PLACES = [  # language, whose people, sentence, the name, the kind of soil
    ("en", "RU", "They were held in Belgorod.", "Belgorod", "own_soil"),
    ("en", "RU", "They were driven into Ukraine.", "Ukraine", "war_zone"),
    ("en", "UA", "He was called up in Kharkiv.", "Kharkiv", "own_soil"),
    ("en", "RU", "He fled to Kazakhstan.", "Kazakhstan", "abroad"),
    ("nl", "RU", "Zij dienen op de Krim.", "Krim", "occupied"),
    ("nl", "RU", "Het kamp ligt op Russisch grondgebied.", "Russisch grondgebied", "own_soil"),
    ("ru", "RU", "Их отправили в Херсон.", "Херсон", "occupied"),
    ("ru", "RU", "Он живёт в Самаре.", "Самаре", "own_soil"),
    ("uk", "UA", "Він утік до Польщі.", "Польщі", "abroad"),
    ("de", "RU", "Sie standen an der Front.", "an der Front", "war_zone"),
    ("fr", "RU", "Ils ont été envoyés en Crimée.", "Crimée", "occupied"),
]
NOTHING = [  # language, sentence, the kind of fact that it does not tell
    ("en", "The 20-year-old was charged under article 328 of the criminal code.", "number"),
    ("en", "See page 14, case no. 41, of men aged 18 to 27 years.", "number"),
    ("en", "In 2022 conscripts left; they may go home.", "number"),
    ("en", "The draft is held twice a year, from 1 April to 15 July.", "date"),
    ("en", "They may march home.", "date"),
    ("en", "He had left the army years ago.", "date"),
    ("en", "Moscow denied it, and so did everyone near the Ukrainian border.", "place"),
    ("nl", "De 41-jarige man kreeg twaalf maanden volgens artikel 338.", "number"),
    ("ru", "20-летнему призывнику дали 12 месяцев по статье 328.", "number"),
    ("de", "Der 20-Jährige diente zwölf Monate in der 41. Brigade.", "number"),
    ("fr", "L'article 328 prévoit deux ans.", "number"),
]


def only(kind: str, sentence: str, lang: str, country: str | None = None) -> list[Fact]:
    """The facts of one kind."""
    found = facts_of(sentence, lang, published_on=PUBLISHED, country=country)
    return [fact for fact in found if fact.kind == kind]


@pytest.mark.parametrize(("lang", "sentence", "said", "first", "last"), DATES)
def test_dates_are_resolved_against_the_publication(lang: str, sentence: str, said: str, first: str, last: str) -> None:
    found = only("date", sentence, lang)
    assert [(sentence[f.start : f.end], str(f.first), str(f.last)) for f in found] == [(said, first, last)]


@pytest.mark.parametrize(("lang", "sentence", "said", "low", "high", "unit"), NUMBERS)
def test_numbers_say_how_many_of_whom(
    lang: str, sentence: str, said: str, low: int | None, high: int | None, unit: str
) -> None:
    found = only("number", sentence, lang)
    assert [(sentence[f.start : f.end], f.low, f.high, f.unit) for f in found] == [(said, low, high, unit)]


@pytest.mark.parametrize(("lang", "country", "sentence", "name", "soil"), PLACES)
def test_places_are_seen_from_the_country_of_origin(
    lang: str, country: str, sentence: str, name: str, soil: str
) -> None:
    found = only("place", sentence, lang, country)
    assert [(sentence[f.start : f.end], f.name, f.soil) for f in found] == [(name, name, soil)]


@pytest.mark.parametrize(("lang", "sentence", "kind"), NOTHING)
def test_what_is_no_fact(lang: str, sentence: str, kind: str) -> None:
    assert only(kind, sentence, lang, "RU") == []


def test_without_a_publication_date_only_dates_with_a_year_are_read() -> None:
    found = facts_of("Since March, and last week; on 24 February 2022 and since June 2022.", "en")
    assert [(str(f.first), f.last and str(f.last)) for f in found] == [
        ("2022-02-24", "2022-02-24"),
        ("2022-06-01", None),
    ]


def test_a_day_after_publication_needs_a_sentence_that_looks_ahead() -> None:
    assert only("date", "The draft of 1 October 2023 took 41 men.", "en") == []
    assert [str(f.first) for f in only("date", "The draft will begin on 1 October 2023.", "en")] == ["2023-10-01"]


@pytest.mark.parametrize(
    "text",
    [
        "Ruim 200 dienst-\nplichtigen sinds maart in Belgo-\nrod.",
        "Ruim\u00a0200 dienst\u00adplichtigen sinds ma\u200bart in Belgorod.",
        "RUIM 200 DIENSTPLICHTIGEN SINDS  MAART IN BELGOROD.",
    ],
)
def test_broken_lines_and_hidden_signs_change_nothing(text: str) -> None:
    found = facts_of(text, "nl", published_on=PUBLISHED, country="RU")
    assert [(f.kind, f.low, str(f.first)) for f in found] == [
        ("number", 200, "None"),
        ("date", None, "2023-03-01"),
        ("place", None, "None"),
    ]
    assert found[-1].end == len(text) - 1


def test_latin_letters_in_a_cyrillic_word_change_nothing() -> None:
    found = facts_of("Oсенью 2022 года прибыл 41 cрочник.", "ru", published_on=PUBLISHED)  # Latin O and c
    assert [f.value for f in found] == ["2022-09-01 to 2022-11-30", "41 conscripts"]


_MIXTURE = """in since until from to between and of the last this week month year March may 14 2022 2023 41 12,000
hundred thousand dozens about at least conscripts men cases autumn draft Ukraine Belgorod will . , - ; 1.4.2022
sinds maart ruim zaken осенью года около тысячи человек срочников по в Херсоне vor Wochen en avril"""
_WORDS = st.sampled_from(_MIXTURE.split())


@given(st.lists(_WORDS, max_size=30), st.sampled_from(LANGUAGES), st.dates(date(2015, 1, 1), date(2035, 1, 1)))
def test_spans_and_ranges_hold_for_any_words(said: list[str], lang: str, published_on: date) -> None:
    text = " ".join(said)
    for fact in facts_of(text, lang, published_on=published_on, country="RU"):
        assert 0 <= fact.start < fact.end <= len(text)
        assert 0 < fact.confidence <= 1
        assert fact.first is None or fact.last is None or fact.first <= fact.last
        assert fact.low is None or fact.high is None or fact.low <= fact.high


_LOOKS_BACK = "in of the March 2022 2023 2031 14 autumn winter last week Monday 12 , year"
_PAST = st.sampled_from(_LOOKS_BACK.split())


@given(st.lists(_PAST, max_size=20), st.dates(date(2015, 1, 1), date(2030, 1, 1)))
def test_a_text_that_only_looks_back_names_no_year_to_come(said: list[str], published_on: date) -> None:
    for fact in facts_of(" ".join(said), "en", published_on=published_on):
        near = fact.rule.startswith("date:day") and fact.confidence < 0.9  # "14 March" a few days ahead is announced
        assert near or fact.last is None or fact.last <= published_on


@given(st.text(max_size=200), st.sampled_from([*LANGUAGES, "xx", ""]))
def test_any_text_has_a_sensible_result(text: str, lang: str) -> None:
    for fact in facts_of(text, lang, published_on=PUBLISHED, country="RU"):
        assert 0 <= fact.start < fact.end <= len(text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_million_letters_take_seconds(lang: str) -> None:
    sentence = "Gemeld werd iets over 41 mannen, мы видели, in March 2022 wurden sie dans la ville. "
    began = time.process_time()
    facts_of("a" * 300_000 + sentence * (700_000 // len(sentence)), lang, published_on=PUBLISHED, country="RU")
    assert time.process_time() - began < 30


def test_the_command_says_the_facts_of_each_line() -> None:
    line = '{"id": 1, "lang": "nl", "published_on": "2023-05-10", "text": "Sinds maart zijn er 41 dienstplichtigen."}'
    (answer,) = tagged_lines(io.StringIO(line), "x", [])
    assert [(f["kind"], f["value"]) for f in answer["facts"]] == [
        ("date", "2023-03-01 to 2023-05-10"),
        ("number", "41 conscripts"),
    ]
    assert answer["facts"][0]["from"] == "2023-03-01"


def test_a_wrong_day_of_publication_names_the_line() -> None:
    faults: list[str] = []
    assert not list(tagged_lines(io.StringIO('{"id": 1, "text": "x", "published_on": "2023-13-01"}'), "x", faults))
    assert faults[0].startswith("x, line 1: 'published_on': '2023-13-01' is not a day")


def test_a_page_shows_what_is_said_and_how_it_was_read() -> None:
    text = "Sinds maart zijn minstens 41 dienstplichtigen naar de frontlinie gestuurd."
    shown = shown_facts(text, "nl", Words("nl"), published_on="2023-05-10", country="RU")
    assert [(fact.said, fact.read) for fact in shown] == [
        ("Sinds maart", "1 maart 2023 tot en met 10 mei 2023"),
        ("minstens 41 dienstplichtigen", "minstens 41 dienstplichtigen"),
        ("frontlinie", "in het oorlogsgebied"),
    ]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "One man said no."),
        ("ru", "Один из них погиб."),
        ("nl", "Een man zei niets."),
        ("fr", "Un homme est mort."),
    ],
)
def test_one_of_them_is_no_number_of_people(lang, text):
    assert [f for f in facts_of(text, lang, published_on=PUBLISHED) if f.kind == "number"] == []


@pytest.mark.parametrize(("lang", "text"), [("uk", "понад 29 тисяч чоловіків"), ("en", "more than 29,000 men")])
def test_more_than_a_round_number_is_at_least_that(lang, text):
    (found,) = facts_of(text, lang, published_on=PUBLISHED)
    assert (found.low, found.high) == (29000, None)
