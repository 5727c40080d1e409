"""Dates in six languages: one reader for the facts of a passage and for its evidence."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.cue_words import DATE_WORDS, VOCABULARIES, fold
from review.dates import dates_in
from review.evidence_cues import LANGUAGES, vocabularies
from review.evidence_dates import facts_dates
from review.facts import facts_of

PUBLISHED = date(2023, 5, 10)  # a Wednesday

# Language, text, the words, from and to as the facts say them, first and last as the evidence takes them ("" for none).
BOTH = [
    ("en", "in the week of 14 April", "week of 14 April", "2023-04-14", "2023-04-20", "2023-04-14", "2023-04-20"),
    ("en", "on April 14 conscripts left", "April 14", "2023-04-14", "2023-04-14", "2023-04-14", "2023-04-14"),
    ("en", "by the first week of March", "March", "2023-03-01", "2023-03-31", "2023-03-01", "2023-03-31"),
    ("en", "(March to 11 November 2022)", "March to 11 November 2022", "2022-03-01", "2022-11-11", "2022-03-01",
     "2022-11-11"),
    ("en", "between March and May", "March and May", "2023-03-01", "2023-05-10", "2023-03-01", "2023-05-10"),
    ("en", "by mid-April", "by mid-April", "", "2023-04-15", "2023-04-10", "2023-04-15"),
    ("en", "since the amendment of 24 September 2022", "since the amendment of 24 September 2022", "2022-09-24",
     "2023-05-10", "2022-09-24", ""),
    ("en", "after the spring of 2022", "after the spring of 2022", "2022-05-31", "2023-05-10", "2022-05-31", ""),
    ("en", "since March until now", "since March", "2023-03-01", "2023-05-10", "2023-03-01", ""),
    ("en", "before 2022", "before 2022", "", "2022-01-01", "2022-01-01", "2022-01-01"),
    ("en", "the first ten months of 2022", "first ten months of 2022", "2022-01-01", "2022-10-31", "2022-01-01",
     "2022-10-31"),
    ("nl", "sinds januari en tot half april 2023", "januari en tot half april 2023", "2023-01-01", "2023-04-15",
     "2023-01-01", "2023-04-15"),
    ("nl", "van maart tot en met mei 2022", "maart tot en met mei 2022", "2022-03-01", "2022-05-31", "2022-03-01",
     "2022-05-31"),
    ("nl", "behandelde vorig jaar 214 zaken", "vorig jaar", "2022-01-01", "2022-12-31", "2022-01-01", "2022-12-31"),
    ("ru", "с 14.04.2022-15.05.2022", "14.04.2022-15.05.2022", "2022-04-14", "2022-05-15", "2022-04-14", "2022-05-15"),
    ("ru", "погиб 14.04.2022г.", "14.04.2022г", "2022-04-14", "2022-04-14", "2022-04-14", "2022-04-14"),
    ("ru", "к маю 2022-го", "к маю 2022-го", "", "2022-05-31", "2022-05-01", "2022-05-31"),
    ("ru", "за три дня, 1-3 марта 2022 года", "1-3 марта 2022 года", "2022-03-01", "2022-03-03", "2022-03-01",
     "2022-03-03"),
    ("uk", "перші сім місяців 2022 року", "перші сім місяців 2022 року", "2022-01-01", "2022-07-31", "2022-01-01",
     "2022-07-31"),
    ("de", "aus den Jahren 2021 bis Juni 2022", "2021 bis Juni 2022", "2021-01-01", "2022-06-30", "2021-01-01",
     "2022-06-30"),
    ("de", "zwischen Januar und Juni", "Januar und Juni", "2022-01-01", "2022-06-30", "2022-01-01", "2022-06-30"),
    ("fr", "depuis le 1er janvier 2023", "depuis le 1er janvier 2023", "2023-01-01", "2023-05-10", "2023-01-01", ""),
    ("fr", "depuis l'été 2022", "depuis l'été 2022", "2022-06-01", "2023-05-10", "2022-06-01", ""),
]  # fmt: skip
BESIDE = [  # language, text: a date of the text that is not when its facts happened
    ("en", "the Act of 2002 and the 2002 Act"),
    ("de", "verfolgt werden heute vor allem Frauen"),
    ("ru", "он служил пятнадцать лет назад"),
    ("nl", "wie zaterdag was opgepakt"),
]
NONE = [  # language, text without any date
    ("en", "They come on Saturday evenings, drafted the previous autumn."),
    ("nl", "Elke zaterdag leggen zij bloemen."),
    ("ru", "В Прощёное воскресенье каждую субботу."),
    ("fr", "Pas d'autres cas cette année-là."),
]


@pytest.mark.parametrize(("lang", "text", "said", "begins", "ends", "first", "last"), BOTH)
def test_facts_and_evidence_read_the_same(
    lang: str, text: str, said: str, begins: str, ends: str, first: str, last: str
) -> None:
    (fact,) = [fact for fact in facts_of(text, lang, published_on=PUBLISHED) if fact.kind == "date"]
    assert (text[fact.start : fact.end], _said(fact.first), _said(fact.last)) == (said, begins, ends)
    evidence = facts_dates(text, lang, published_on=PUBLISHED)
    assert (_said(evidence.first), _said(evidence.last)) == (first, last)


def _said(day: date | None) -> str:
    return day.isoformat() if day else ""


@pytest.mark.parametrize(("lang", "text"), BESIDE)
def test_what_only_stands_beside_the_facts_dates_no_evidence(lang: str, text: str) -> None:
    assert any(fact.kind == "date" for fact in facts_of(text, lang, published_on=PUBLISHED))
    assert facts_dates(text, lang, published_on=PUBLISHED).first is None


@pytest.mark.parametrize(("lang", "text"), NONE)
def test_what_is_no_date(lang: str, text: str) -> None:
    assert not [fact for fact in facts_of(text, lang, published_on=PUBLISHED) if fact.kind == "date"]


def test_the_year_that_closes_a_list_holds_for_the_months_before() -> None:
    found = list(dates_in("in november and december 2022 and january 2023", "en", published_on=None))
    assert [str(one.first) for one in found] == ["2022-11-01", "2022-12-01", "2023-01-01"]


def test_this_year_is_only_the_frame_of_a_month_that_is_named() -> None:
    found = facts_dates("In April 2023 a man was charged, the only one this year.", "en", published_on=PUBLISHED)
    assert (found.first, found.last) == (date(2023, 4, 1), date(2023, 4, 30))


def test_an_uncertain_publication_makes_what_is_counted_from_it_uncertain() -> None:
    for text, sure in (("in March", "low"), ("last year", "low"), ("in March 2022", "normal")):
        assert facts_dates(text, "en", published_on=PUBLISHED, published_confidence="low").confidence == sure


def test_a_limit_without_a_year_lies_ahead_only_where_it_is_near() -> None:
    assert facts_dates("accepted until June", "en", published_on=PUBLISHED).first is None
    assert facts_dates("confirmed by September", "en", published_on=PUBLISHED).last == date(2022, 9, 30)


_MONDAYS = ("on monday", "maandag", "в понедельник", "у понеділок", "am montag", "lundi")


@pytest.mark.parametrize(("lang", "monday"), list(zip(LANGUAGES, _MONDAYS, strict=True)))
def test_a_weekday_with_its_date_is_that_day(lang: str, monday: str) -> None:
    for rest, day in (("", date(2023, 5, 8)), (" 18.04.2022", date(2022, 4, 18))):
        found = dates_in(monday + rest, lang, published_on=PUBLISHED)
        assert [one.first for one in found] == [day]


@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.integers(0, 500), st.sampled_from(LANGUAGES))
def test_a_day_in_figures_is_that_day_in_every_language(day: date, later: int, lang: str) -> None:
    for written in (day.isoformat(), f"{day:%d.%m.%Y}", f"{day.day}/{day.month}/{day.year}"):
        found = facts_dates(written, lang, published_on=day + timedelta(later))
        assert (found.first, found.last) == (day, day)


@given(st.text(max_size=120), st.sampled_from(LANGUAGES), st.dates(date(2015, 1, 1), date(2030, 1, 1)))
def test_any_text_is_read(text: str, lang: str, published: date) -> None:
    found = list(dates_in(fold(text).text, lang, published_on=published))
    assert all(one.first <= one.last and one.start < one.end for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("lang", "text"),
    [("en", "in the summer or autumn of last year"), ("nl", "in de zomer of herfst van vorig jaar"),
     ("ru", "летом или осенью прошлого года"), ("uk", "влітку або восени минулого року"),
     ("de", "im Sommer oder Herbst letzten Jahres")],
)  # fmt: skip
def test_two_seasons_of_a_year_end_with_the_second(lang: str, text: str) -> None:
    found = facts_dates(text, lang, published_on=PUBLISHED)
    assert (str(found.first), str(found.last)) == ("2022-06-01", "2022-11-30")


@pytest.mark.parametrize(
    ("lang", "text"),
    [("en", "From 1 January 2024 the age rises."), ("nl", "Vanaf 1 januari 2024 stijgt de leeftijd."),
     ("ru", "С 1 января 2024 года возраст повышается."), ("uk", "З 1 січня 2024 року вік підвищується."),
     ("de", "Ab dem 1. Januar 2024 steigt das Alter."), ("fr", "À partir du 1er janvier 2024, l'âge augmente.")],
)  # fmt: skip
def test_what_begins_later_is_a_fact_ahead_and_no_day_of_evidence(lang: str, text: str) -> None:
    (fact,) = facts_of(text, lang, published_on=PUBLISHED)
    assert str(fact.first) == "2024-01-01" and facts_dates(text, lang, published_on=PUBLISHED).first is None


@pytest.mark.parametrize(
    ("lang", "text"),
    [("en", "A conscript born in 2004 died."), ("nl", "Een in 2004 geboren soldaat viel."),
     ("ru", "Погиб солдат 2004 года рождения."), ("uk", "Загинув солдат 2004 року народження."),
     ("de", "Ein 2004 geborener Soldat fiel."), ("fr", "Un soldat né en 2004 est mort.")],
)  # fmt: skip
def test_a_year_of_birth_dates_nothing(lang: str, text: str) -> None:
    assert [f for f in facts_of(text, lang, published_on=PUBLISHED) if f.kind == "date"] == []


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize("text", ["last week", "yesterday", "last year", "next year", "three weeks ago", "last autumn"])
def test_the_ends_of_the_calendar_are_no_error(day: date, text: str) -> None:
    facts_dates(f"They left {text}, in the winter of 9999.", "en", published_on=day)


def test_a_season_alone_is_shown_and_dates_no_evidence() -> None:
    text = "In het najaar werden dienstplichtigen gestuurd."
    (fact,) = facts_of(text, "nl", published_on=PUBLISHED)
    assert (str(fact.first), str(fact.last)) == ("2022-09-01", "2022-11-30")
    assert facts_dates(text, "nl", published_on=PUBLISHED).first is None


def test_no_kind_of_words_is_declared_twice() -> None:
    for lang in LANGUAGES:
        kinds = [kind for name in VOCABULARIES for kind in getattr(vocabularies()[name], lang)]
        assert len(kinds) == len(set(kinds))
        assert all(len(vocabularies()["calendar"].patterns(lang, kind)) == 12 for kind in ("months", "months_short"))
    assert set(DATE_WORDS) < set(VOCABULARIES)
