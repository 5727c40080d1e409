"""Days out of text and time stamps."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.read.dates import find_date, local_day, stamped_day, url_date, zone_of, zone_of_language
from crawler.read.model import Confidence, Precision
from crawler.read.months import MONTHS
from crawler.read.period import reference_period
from crawler.read.spoken_dates import spoken_dates

DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    "written",
    [
        "29 juni 2022", "29 June 2022", "June 29, 2022", "29th of June 2022", "29.06.2022", "29-6-2022", "2022-06-29",
        "29 июня 2022 года", "29 червня 2022 р.", "29. Juni 2022", "29 juin 2022", "on 29 Jun. 2022, in The Hague",
        "2022-06-29T10:00:00Z",
    ],
)  # fmt: skip
def test_a_day_is_found_in_six_languages(written):
    assert find_date(written).day == date(2022, 6, 29)


@pytest.mark.parametrize("written", ["early 2023", "begin 2023", "31 June 2022", "C2/3.2 of 2000", "2022", ""])
def test_what_is_no_day_gives_none(written):
    assert find_date(written) is None


def test_a_month_stands_for_its_last_day():
    found = find_date("april 2022", ["nl"])
    assert (found.day, found.precision) == (date(2022, 4, 30), Precision.MONTH)
    assert find_date("в феврале 2024 года").day == date(2024, 2, 29)


def test_an_order_that_two_countries_read_differently_is_low_confidence():
    assert find_date("06/07/2022").confidence is Confidence.LOW
    assert find_date("06/29/2022").day == date(2022, 6, 29)


def test_an_unknown_language_is_named():
    with pytest.raises(ValueError, match="'xx'"):
        find_date("1 mei 2022", ["xx"])


@given(DAYS, st.sampled_from(sorted(MONTHS)), st.data())
def test_every_month_name_reads_back(day, language, data):
    names = [name for name, number in MONTHS[language].items() if number == day.month]
    written = f"Text before {day.day} {data.draw(st.sampled_from(names))} {day.year} and after"
    assert find_date(written, [language]).day == day
    assert find_date(written).day == day


@given(INSTANTS)
def test_the_local_day_differs_from_utc_only_in_the_last_hours(instant):
    local = local_day(instant, "Europe/Amsterdam")
    assert local in (instant.date(), instant.date() + timedelta(days=1))
    assert local == instant.date() or instant.hour >= 22
    longest = timedelta(hours=25)  # the day on which summer time ends
    assert local_day(instant + longest, "Europe/Amsterdam") > local


@given(DAYS, st.sampled_from(["Europe/Amsterdam", "Europe/London", "Europe/Kyiv"]))
def test_local_midnight_is_that_day(day, zone):
    from zoneinfo import ZoneInfo

    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    assert local_day(midnight.astimezone(UTC), zone) == day
    assert stamped_day(midnight.astimezone(UTC).isoformat(), zone) == day


def test_stamps_of_a_dutch_publisher():
    assert zone_of("https://www.rijksoverheid.nl/x") == "Europe/Amsterdam"
    assert stamped_day("2022-12-12T23:00:00Z", "Europe/Amsterdam") == date(2022, 12, 13)
    assert stamped_day("2022-10-03T00:15:00+03:00", "Europe/Brussels") == date(2022, 10, 3)
    assert stamped_day("2022-12-12T23:00:00Z") == date(2022, 12, 12)
    assert stamped_day("2022-12-12 and more") == date(2022, 12, 12)
    assert stamped_day("soon") is None
    for impossible in ("0001-01-01", "9999-12-31", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        assert stamped_day(impossible, "America/New_York") is stamped_day(impossible) is None
    assert zone_of("https://web.archive.org/web/2022/https://[x/") is None


def test_errors_say_what_is_wrong():
    with pytest.raises(ValueError, match="no offset"):
        local_day(datetime(2022, 1, 1), "Europe/Amsterdam")  # noqa: DTZ001
    with pytest.raises(ValueError, match="Mars/Olympus"):
        local_day(datetime(2022, 1, 1, tzinfo=UTC), "Mars/Olympus")


@pytest.mark.parametrize(
    "line",
    [
        "Last update: 28 december 2022", "Laatst bijgewerkt op 28 december 2022", "Обновлено: 28 декабря 2022",
        "Оновлено 28 грудня 2022", "Zuletzt aktualisiert am 28. Dezember 2022", "Mis à jour le 28 décembre 2022",
    ],
)  # fmt: skip
def test_last_update_is_understood_in_six_languages(line):
    spoken = spoken_dates(f"A title\n{line}\nAnd then the text goes on for some time.")
    assert spoken.modified.day == date(2022, 12, 28)
    assert spoken.published is None


@pytest.mark.parametrize(
    "line",
    [
        "Nieuwsbericht | 28-12-2022 | 15:34", "Kamerstuk: Kamerbrief | 28-12-2022",
        "Geplaatst op woensdag 28 december 2022",
        "28 грудня 2022, 15:00", "15:00, 28 декабря 2022", "Опубликовано: 28 дек. 2022 г.",
        "Публікація • 28.12.2022 • Новини",
        "Publié le 28/12/2022 à 15h04", "Von A. Schreiber | 28. Dezember 2022",
        "By A. Writer | Dec. 28, 2022 | 4 min read",
        "Dit artikel is geplaatst op 28 december 2022.",
        "This page was first published on Wednesday, 28 December 2022 by us.",
        "Dieser Beitrag wurde am 28. Dezember 2022 um 14:48 von admin in Recht abgelegt.",
        "Cet article a été publié le 28 décembre 2022.", "Эта статья была опубликована 28 декабря 2022 года.",
    ],
)  # fmt: skip
def test_a_line_of_facts_or_a_sentence_about_itself_dates_a_page(line):
    spoken = spoken_dates(f"A title\n{line}\nAnd then the text goes on.")
    assert spoken.published.day == date(2022, 12, 28) and spoken.published.confidence is Confidence.NORMAL


def test_a_sentence_about_itself_counts_wherever_it_stands():
    middle = f"{'Words. ' * 900}\nDieser Artikel wurde zuletzt am 28. Dezember 2022 aktualisiert.\n{'Words. ' * 900}"
    assert spoken_dates(middle).modified.day == date(2022, 12, 28) and spoken_dates(middle).published is None
    assert spoken_dates("Dieser Artikel wurde am 28. Dezember 2022 wegen eines Verfahrens gesperrt.").published is None


def test_two_datelines_are_a_guess_and_a_day_goes_before_a_month():
    two = spoken_dates("A list\n3 May 2022\nSomething\n4 May 2022\nSomething else").published
    assert (two.day, two.confidence) == (date(2022, 5, 3), Confidence.LOW)
    assert spoken_dates("Report Exampleland April 2022\nThe Hague, 29 June 2022\n").published.day == date(2022, 6, 29)


def test_a_wiki_is_edited_not_published():
    spoken = spoken_dates("A page\nIts words.\nThis page was last edited on 17 June 2018, at 15:15.")
    assert spoken.published is None and spoken.modified.day == date(2018, 6, 17)


def test_a_dateline_counts_and_a_date_in_a_sentence_does_not():
    assert spoken_dates("Den Haag, 29 juni 2022\n\nTekst").published.day == date(2022, 6, 29)
    sentence = "The report of 7 April 2021 is from before the invasion of 24 February 2022 and does not say it."
    assert spoken_dates(sentence).published is None


@pytest.mark.parametrize(
    "sentence",
    [
        "This report covers April 2021 to March 2023.",
        "De verslagperiode loopt van april 2021 tot en met maart 2023.",
        "Доклад охватывает период с апреля 2021 года по март 2023 года.",
        "Звіт охоплює період з 1 квітня 2021 року по 31 березня 2023 року.",
        "Der Berichtszeitraum reicht von April 2021 bis März 2023.",
        "Le rapport couvre la période d'avril 2021 à mars 2023.",
    ],
)
def test_the_reference_period(sentence):
    assert reference_period(sentence) == (date(2021, 4, 1), date(2023, 3, 31))


def test_two_dates_without_a_period_are_none():
    assert reference_period("He fled on 3 May 2021 and was heard on 4 May 2022.") is None


def test_a_day_in_an_address_is_low_confidence():
    found = url_date("https://a.example/2022/06/29/news")
    assert (found.day, found.origin, found.confidence) == (date(2022, 6, 29), "url", Confidence.LOW)
    assert url_date("https://a.example/2022/06/news").precision is Precision.MONTH
    assert url_date("https://a.example/news/12345678") is None


def test_an_archived_address_is_that_of_the_page():
    kept = "https://web.archive.org/web/20230307194448/http://nieuws.example.nl/2022/06/29/a"
    assert url_date(kept).day == date(2022, 6, 29) and zone_of(kept) == "Europe/Amsterdam"
    assert url_date("https://web.archive.org/web/20230307/a.example/b") is None
    assert zone_of_language("nl-NL") == "Europe/Amsterdam" and zone_of_language("en") is None
