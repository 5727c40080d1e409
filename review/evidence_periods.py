"""Periods in words: "the first half of 2023", "за восемь месяцев 2023 года", "between 11 and 14 January".

A period of a year is a span of whole months; a range is told by the word between two dates.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

_COUNT: dict[str, tuple[str, ...]] = {  # two to eleven, as they stand before "months"
    "en": ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    "nl": ("twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf"),
    "de": ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf"),
    "fr": ("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze"),
    "ru": (
        "дв[ау]\\w*", "тр[иеё]\\w*", "четыр\\w+", "пят\\w+", "шест\\w+", "сем\\w+", "вос\\w+", "девят\\w+", "десят\\w+",
        "одиннадцат\\w+",
    ),
    "uk": (
        "дв[аі]\\w*", "тр[иь]\\w*", "чотир\\w+", "п'ят\\w+", "шіст\\w+", "сім|семи", "вісім|восьми", "дев'ят\\w+",
        "десят\\w+", "одинадцят\\w+",
    ),
}  # fmt: skip
_MONTHS_OF = {  # "the first N months of 2023"; in Russian and Ukrainian "за N месяцев 2023 года" says the same
    "en": r"first {n} months of {y}",
    "nl": r"eerste {n} maanden van {y}",
    "de": r"ersten {n} monaten? (?:des jahres |von )?{y}",
    "fr": r"{n} premiers mois (?:de l'annee |de l'année |de )?{y}",
    "ru": r"(?:за|первы[ех]) {n} месяц\w+ {y}",
    "uk": r"(?:за|перші|перших) {n} місяц\w+ {y}",
}
_HALVES = {  # {h} is the first or the second
    "en": (r"{h} half of {y}", ("first", "second")),
    "nl": (r"{h} (?:helft|halfjaar) van {y}", ("eerste", "tweede")),
    "de": (r"{h} (?:halbjahre?s?|hälfte(?: des jahres| von)?) {y}", ("erste[ns]?", "zweite[ns]?")),
    "fr": (r"{h} (?:semestre|moitié) (?:de )?{y}", ("premi[eè]re?", "(?:seconde?|deuxième)")),
    "ru": (r"{h} (?:полугоди\w+|половин[еыу]) {y}", ("перво[ем]|перв(?:ое|ой|ую)", "второ[ем]|втор(?:ое|ой|ую)")),
    "uk": (r"{h} (?:півріч\w+|половин\w+) {y}", (r"перш\w+", r"друг\w+")),
}
_QUARTERS = {
    "en": (r"{q} quarter of {y}", ("first", "second", "third", "(?:fourth|last)")),
    "nl": (r"{q} kwartaal van {y}", ("eerste", "tweede", "derde", "(?:vierde|laatste)")),
    "de": (r"{q} (?:quartal|vierteljahr) {y}", ("erste[ns]?", "zweite[ns]?", "dritte[ns]?", "vierte[ns]?")),
    "fr": (r"{q} trimestre (?:de )?{y}", ("premier", "(?:deuxième|second)", "troisième", "quatrième")),
    "ru": (r"{q} квартал\w* {y}", ("перв\\w+", "втор\\w+", "трет\\w+", "четверт\\w+")),
    "uk": (r"{q} квартал\w* {y}", ("перш\\w+", "друг\\w+", "трет\\w+", "четверт\\w+")),
}
_TO = {
    "en": r"(?:and|to|until|till|through|-)(?: the)?",
    "nl": r"(?:en|tot|tot en met|t/m|-)",
    "de": r"(?:und|bis|bis zum|-)",
    "fr": r"(?:et|et le|au|à|jusqu'au|-)",
    "ru": r"(?:по|до|и|-)",
    "uk": r"(?:по|до|і|й|та|-)",
}
_MID = {
    "en": r"mid-?\s?",
    "nl": r"(?:midden|half|medio)\s",
    "de": r"mitte\s",
    "fr": r"(?:mi-|la mi-)",
    "ru": r"середин\w\s",
    "uk": r"середин\w\s",
}
_END = "(?:-го)?"
Period = tuple[date, date, tuple[int, int]]


def periods(folded: str, lang: str) -> Iterator[Period]:
    """First and last day, and the place, of each part of a named year: N months, a half, a quarter."""
    if lang in _MONTHS_OF:
        for months, word in enumerate(_COUNT[lang], start=2):
            yield from _found(_MONTHS_OF[lang].replace("{n}", rf"(?:{word}|{months})"), folded, 1, months)
        shape, ordinals = _HALVES[lang]
        for half, ordinal in enumerate(ordinals):
            yield from _found(shape.replace("{h}", f"(?:{ordinal})"), folded, 1 + 6 * half, 6 + 6 * half)
        shape, quarters = _QUARTERS[lang]
        for quarter, ordinal in enumerate(quarters):
            yield from _found(shape.replace("{q}", ordinal), folded, 1 + 3 * quarter, 3 + 3 * quarter)


def _found(pattern: str, folded: str, first: int, last: int) -> Iterator[Period]:
    for match in re.finditer(rf"(?<!\w)(?:{pattern.replace('{y}', '(20[0-9][0-9])')})(?!\w)", folded):
        year = int(next(group for group in match.groups() if group))
        yield date(year, first, 1), date(year, last, monthrange(year, last)[1]), match.span()


def range_start(folded: str, at: int, lang: str) -> int | None:
    """The first day number of a range whose second day begins at `at`: 11 in "between 11 and 14 January"."""
    match = re.search(rf"(?<![\d.,])(\d{{1,2}})\.?{_END} {_TO.get(lang, '-')} ?$", folded[:at])
    return int(match[1]) if match else None


def linked(folded: str, end: int, start: int, lang: str) -> bool:
    """Whether the words between two dates make them one range ("March and October 2022")."""
    between = folded[end:start].strip()
    mid = _MID.get(lang, "").removesuffix(r"\s")
    return re.fullmatch(rf"(?:{_TO.get(lang, '-')})(?: (?:{mid}))?", between) is not None


def is_middle(folded: str, at: int, lang: str) -> bool:
    """Whether the month that begins at `at` is meant to its middle ("mid-June")."""
    mid = _MID.get(lang)
    return mid is not None and re.search(rf"(?<!\w){mid}$", folded[:at]) is not None
