"""The reference period of a report: found in six languages, and never invented."""

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.read.months import MONTHS
from crawler.read.period import reference_period

EXPECTED = (date(2021, 4, 1), date(2023, 3, 31))

# The whole month name (in Russian and Ukrainian in the case that the sentence asks for) is put in by its number.
SENTENCES = {
    "en": ("This report covers the period from {} to {}.", "Reporting period: {} – {}", "Covering {} and after."),
    "nl": ("Dit ambtsbericht beslaat de periode van {} tot en met {}.", "Verslagperiode: {} t/m {}", "In {} niet."),
    "de": ("Der Berichtszeitraum reicht von {} bis {}.", "Dieser Bericht umfasst den Zeitraum {} - {}", "Seit {}."),
    "fr": ("Le présent rapport couvre la période allant de {} à {}.", "Période de référence : {} - {}", "En {}."),
    "ru": ("Настоящий доклад охватывает период {} — {}.", "Отчётный период: {} - {}", "С {}."),
    "uk": ("Цей звіт охоплює період {} — {}.", "Звітний період: {} – {}", "З {}."),
}
MONTHS_LONG = {
    language: [max((name for name, n in table.items() if n == number), key=len) for number in range(1, 13)]
    for language, table in MONTHS.items()
}
MONTH = st.tuples(st.integers(1990, 2030), st.integers(1, 12))


@given(st.sampled_from(sorted(SENTENCES)), st.sampled_from([0, 1]), st.tuples(MONTH, MONTH).map(sorted))
def test_months_mean_their_first_and_last_day_in_every_language(language, form, ends):
    (year, month), (last_year, last_month) = ends
    names = MONTHS_LONG[language]
    said = SENTENCES[language][form].format(f"{names[month - 1]} {year}", f"{names[last_month - 1]} {last_year}")
    last = calendar.monthrange(last_year, last_month)[1]
    expected = (date(year, month, 1), date(last_year, last_month, last))
    assert reference_period(f"Title\n\n{said}\n\n{SENTENCES[language][2].format(f'{names[0]} 2031')}") == expected


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.dates(date(1990, 1, 1), date(2030, 1, 1)))
def test_days_that_run_backwards_are_none_and_others_are_as_written(begin, end):
    said = f"Reporting period: {begin.day} {calendar.month_name[begin.month]} {begin.year} - {end.isoformat()}"
    assert reference_period(said) == ((begin, end) if begin <= end else None)


@pytest.mark.parametrize(
    "said",
    [
        "This report covers developments in the Russian Federation between April 2021 and March 2023.",
        "The reference period of this report is 1 April 2021 – 31 March 2023.",
        "This report, which follows the previous report of 7 April 2021, covers April 2021 to March 2023.",
        "The previous report covered April 2019 to March 2021. This report covers April 2021 to March 2023.",
        "Period: 01.04.2021 - 31.03.2023",
        "Algemeen ambtsbericht Russische Federatie over de periode april 2021 - maart 2023",
        "Dit ambtsbericht beschrijft de situatie in de Russische Federatie in de periode van april 2021 tot en met "
        "maart 2023.",
        "Report on the human rights situation in Ukraine\n1 April 2021 to 31 March 2023\n",
        "Berichtszeitraum: 1. April 2021 bis 31. März 2023",
        "Доклад охватывает период с апреля 2021 года по март 2023 года.",
        "Звіт охоплює період з 1 квітня 2021 року до кінця березня 2023 року.",
        "Le rapport couvre la période d'avril 2021 à mars 2023.",
    ],
)
def test_what_publishers_write(said):
    assert reference_period(said) == EXPECTED


@pytest.mark.parametrize(
    ("said", "begin", "end"),
    [
        ("This report covers 1 - 31 March 2022.", date(2022, 3, 1), date(2022, 3, 31)),
        ("The report covers January to June 2022.", date(2022, 1, 1), date(2022, 6, 30)),
        ("Reporting period: 2021–2022", date(2021, 1, 1), date(2022, 12, 31)),
    ],
)
def test_the_first_date_borrows_what_it_leaves_out(said, begin, end):
    assert reference_period(said) == (begin, end)


@pytest.mark.parametrize(
    "said",
    [
        "The law covers the period from April 2021 to March 2023.",
        "This report updates the previous report, which covered April 2019 to March 2021.",
        "In de vorige verslagperiode (april 2019 - maart 2021) was dat anders.",
        "This report finds that in the period from March 2022 to May 2022 many were drafted.",
        "This report covers April 2021 to March 2023. This report covers May 2021 to March 2023.",
        "In the reporting period many men were detained between 3 March 2022 and 4 April 2022.",
        "Reporting period: 06/07/2022 - 08/09/2022",
        "Reporting period: 31 June 2021 - 3 August 2022",
        "This report covers mid-April 2021 to March 2023.",
        "This report covers 2021 to March 2023.",
        "He fled on 3 May 2021 and was heard on 4 May 2022.",
        "",
    ],
)
def test_a_period_is_never_invented(said):
    assert reference_period(said) is None
