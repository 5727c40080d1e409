"""Counts in a clause, in figures and in words of six languages, and the band of a scale they fall into."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

_ONES: dict[str, tuple[str, ...]] = {  # two to twelve
    "en": ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    "nl": ("twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"),
    "ru": (
        "дв(?:а|е|ух|оих|ое)", "тр(?:и|ех|ое)", "четыр(?:е|ех)", "пят(?:ь|и|еро)", "шест(?:ь|и)", "сем(?:ь|и)",
        "восемь", "девят(?:ь|и)", "десят(?:ь|и)", "одиннадцат[ьи]", "двенадцат[ьи]",
    ),
    "uk": (
        "дв(?:а|і|ох|оє)", "тр(?:и|ьох|оє)", "чотир(?:и|ьох)", "п'ят(?:ь|и|еро)", "шіст[ьи]?", "сім", "вісім",
        "дев'ят[ьи]", "десят[ьи]", "одинадцят[ьи]", "дванадцят[ьи]",
    ),
    "de": ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
    "fr": ("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
}  # fmt: skip
_TEENS: dict[str, str] = {
    "en": "thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen",
    "nl": "dertien|veertien|vijftien|zestien|zeventien|achttien|negentien",
    "ru": "(?:три|четыр|пят|шест|сем|восем|девят)надцат[ьи]",
    "uk": "(?:три|чотир|п'ят|шіст|сім|вісім|дев'ят)надцят[ьи]",
    "de": "dreizehn|vierzehn|fünfzehn|sechzehn|siebzehn|achtzehn|neunzehn",
    "fr": "treize|quatorze|quinze|seize|dix-sept|dix-huit|dix-neuf",
}
_TENS: dict[str, str] = {  # with what is joined to them: a band or an extent needs no more than "some forty"
    "en": r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?",
    "nl": r"\w*(?:twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig)",
    "ru": r"(?:двад|трид)цат[ьи]\w*|сорока?|(?:пят|шест|сем)[ьи]десят\w*|восемьдесят|восьмидесяти|девяност[оа]",
    "uk": r"(?:двад|трид)цят[ьи]\w*|сорока?|(?:п'ят|шіст|сім|вісім)десят\w*|дев'яност[оа]",
    "de": r"\w*(?:zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig)",
    "fr": r"(?:vingt|trente|quarante|cinquante|soixante|quatre-vingt)\w*(?:-\w+)*",
}
_ABOUT_FIFTEEN, _ABOUT_FORTY = 15, 40
_SCALES: dict[str, dict[str, int]] = {  # a plural without a number is a cautious guess
    "en": {"dozens|scores": 50, "hundreds": 300, "hundred": 100, "thousands": 3000, "thousand": 1000},
    "nl": {"tientallen": 50, "honderden": 300, "honderd": 100, "duizenden": 3000, "duizend": 1000},
    "ru": {"десятк[иоа]\\w*": 50, "сотн[ия]|сотен": 300, "тысячи|тысяча|тысяч|тыс": 1000},
    "uk": {"десятк[иіа]\\w*": 50, "сотні|сотень": 300, "тисячі|тисяча|тисяч|тис": 1000},
    "de": {"dutzende\\w*": 50, "hunderte\\w*": 300, "hundert": 100, "tausende\\w*": 3000, "tausend": 1000},
    "fr": {"dizaines?": 50, "centaines": 300, "cents?|centaine": 100, "milliers": 3000, "mille": 1000},
}
_MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|maart|mrt|mei|okt|märz|mai|dez|févr|avr|juin|juil|août|déc|m_y|"
    "m_rch|янв|фев|март|апр|ма[яйе]|июн|июл|авг|сен|окт|ноя|дек|січ|лют|берез|квіт|трав|черв|лип|серп|верес|жовт|"
    "листопад|груд"
)
_TERMS = (
    r"years?|months?|weeks?|days?|hours?|minutes?|jaar|maand\w*|weken|week|dagen|uur|minuten|лет\w*|год\w*|месяц\w*|"
    r"недел\w*|дн[яей]\w*|час\w*|минут\w*|сут\w*|рок\w*|рік|років|місяц\w*|тиж\w*|годин\w*|хвилин\w*|jahr\w*|monat\w*|"
    r"woche\w*|tage\w*|stunde\w*|minute\w*|ans?|mois|semaines?|jours?|heures?"
)
_MONEY = (
    r"(?:(?:thousand|million|duizend|miljoen|тыс\w*\.?|млн|тис\w*\.?|tausend|mille|millions?)\s*)?"
    r"(?:roubles?|rubles?|roebel\w*|euro\w*|dollar\w*|руб\w*|€|₽|rubel\w*|гривень|рублів)"
)
_AND = "and|to|until|en|tot|tot en met|bis|und|et|au|по|до|и|і|й|-"
_SPANS = (  # what is no count: ages, terms, money, shares, articles, dates
    rf"\d+(?:[.,]\d+)?[\s-]*(?:and a half )?(?:{_TERMS})(?!\w)"
    r"|\d+(?:[.,]\d+)?\s*(?:%|per ?cent|procent|процент\w*|відсотк\w*|prozent|pour cent)"
    rf"|(?:[€$₽]\s*)?\d[\d.,\x00]*\s*{_MONEY}"
    r"|(?:aged?|age of|van|im alter von|в возрасте|віком|âgé\w* de) \d+(?:\s*(?:to|and|tot|bis|до|à|-)\s*\d+)?"
    r"|(?:art(?:icles?|ikel\w*|\.)?|стать\w+|статт\w+|ст|ч|част\w+|section|paragraf|§|№|no|nr|лица|unit|в/ч)\.?\s*[\d.]+"
    rf"|\d{{1,2}}\.? (?:{_AND}) (?=\d{{1,2}}\.? (?:of )?(?:{_MONTHS}))"
    rf"|\d{{1,2}}\.? (?:of )?(?:{_MONTHS})\w*|(?:{_MONTHS})\w* \d{{1,2}}(?!\d)|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}"
    r"|\d{4}-\d\d-\d\d"
)
_NO_COUNT = re.compile(rf"(?<![\w.,])(?:{_SPANS})")
_UNITS = (
    "years?|months?|weeks?|days?|hours?|jaar|maand\\w*|weken|dagen|лет|год\\w*|месяц\\w*|недел\\w*|дн\\w*|рок\\w*|"
    "місяц\\w*|тиж\\w*|jahr\\w*|monat\\w*|woche\\w*|tage\\w*|ans|mois|semaines|jours|times|keer|maal|раза?|рази|mal|fois"
)


def counts(clause: str, lang: str) -> list[tuple[int, int]]:
    """(value, position) of every count in a folded clause; terms, ages, money, shares, articles and dates are none."""
    plain = re.sub(r"(?<=\d)[., \u00a0](?=\d{3}(?!\d))", "\x00", clause)  # same length: figures stay where they are
    plain = _NO_COUNT.sub(lambda m: " " * len(m.group()), plain)
    found = []
    for match in re.finditer(r"(?<![\w.,])\d[\d\x00]{0,9}(?![\w]|[.,]\d)", plain):
        value = int(match.group().replace("\x00", ""))
        if not 1990 <= value <= 2040 or "\x00" in match.group():
            scaled = _scale_after(plain, match.end(), lang)
            found.append((value * scaled, match.start()))
    for words, value in ((_TEENS.get(lang), _ABOUT_FIFTEEN), (_TENS.get(lang), _ABOUT_FORTY)):
        found += [(value, match.start()) for match in _tens(words).finditer(plain)] if words else []
    return sorted([*found, *_worded(plain, lang)], key=lambda item: item[1])


def _scale_after(plain: str, at: int, lang: str) -> int:
    """The factor of "5 thousand", "5 тыс."; 1 where none follows."""
    for words, factor in _SCALES.get(lang, {}).items():
        if factor >= 1000 and re.compile(rf"\s+(?:{words})(?!\w)").match(plain, at):
            return 1000
    return 1


def _worded(plain: str, lang: str) -> Iterator[tuple[int, int]]:
    """Numbers in words: "five thousand" is 5000, "hundreds" a cautious 300, "three" 3."""
    ones, scales = _ONES.get(lang, ()), _SCALES.get(lang, {})
    if not ones:
        return
    for match in _pattern(lang).finditer(plain):
        said = match["one"] or match["alone"]
        factor = next((n for n, one in enumerate(ones, start=2) if said and re.fullmatch(one, said)), 1)
        scale = next((s for words, s in scales.items() if match["scale"] and re.fullmatch(words, match["scale"])), 1)
        if said and scale in (300, 3000):
            scale = 100 if scale == 300 else 1000  # "two hundreds" are two times a hundred
        digits_before = re.search(r"\d\s+$", plain[: match.start()])
        if digits_before is None and not (factor == 1 and scale == 1):
            yield factor * scale, match.start()


@lru_cache(maxsize=16)
def _tens(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])(?!\s+(?:{_UNITS})(?!\w))")


@lru_cache(maxsize=8)
def _pattern(lang: str) -> re.Pattern[str]:
    ones, scales = "|".join(_ONES[lang]), "|".join(_SCALES[lang])
    return re.compile(
        rf"(?<!\w)(?:(?P<one>{ones})(?:\s+|(?={scales})))?(?P<scale>{scales})(?!\w)"
        rf"|(?<!\w)(?P<alone>{ones})(?!\w)(?!\s+(?:{_UNITS})(?!\w))"
    )


def nearest(found: Sequence[tuple[int, int]], span: tuple[int, int]) -> int | None:
    """The count that stands nearest to a span; of two as near the larger; None where there is none."""
    start, end = span
    near = [(min(abs(start - at), abs(at - end)), -value) for value, at in found]
    return -min(near)[1] if near else None


def band(count: int, values: Sequence[str]) -> str:
    """The declared band a count falls into; bands are "0", "11-100" and "more", lowest first."""
    for value in values:
        low, _, high = value.partition("-")
        if low.isdigit() and count <= int(high or low):
            return value
    return values[-1]
