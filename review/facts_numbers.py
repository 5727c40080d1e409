"""How many of whom: counts in figures and words with what they count; money and shares in units of their own.

Ages, terms, dates, articles, pages and case numbers are no counts; nor is a number that counts nothing named.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from review import cue_words as words
from review.cue_numerals import numeral_regex, numeral_value
from review.evidence_cues import LANGUAGES

EXACT, WORDED, VAGUE, NONE, FURTHER = 0.9, 0.85, 0.6, 0.7, 0.1
_ROUND = 0.1  # what "about" leaves open on either side
_SLIGHTLY = 1.25  # "ruim 200" is not 300
_YEARS = range(1900, 2050)
_GAP_WORDS = 3
_MOST_DIGITS = 12
_MODIFIERS = ("slightly", "most", "least", "under", "over", "nearly", "about")
_MONEY = {"€": "euros", "$": "dollars", "₽": "roubles", "₴": "hryvnias"}
_MODIFIED: dict[str, Callable[[int, int], tuple[int | None, int | None]]] = {
    "slightly": lambda low, high: (low, int(high * _SLIGHTLY)),
    "most": lambda low, high: (None, high),
    "least": lambda low, high: (low, None),
    "under": lambda low, high: (None, high - 1),
    "over": lambda low, high: (low + bool(low % 1000), None),  # "over 29 thousand" is a round number
    "nearly": lambda low, high: (int(low * (1 - _ROUND)), high),
    "about": lambda low, high: (int(low * (1 - _ROUND)), int(high * (1 + _ROUND) + 0.5)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNumber:
    """A count: its span in the folded text, the least and the most it says (None: open), and what is counted."""

    start: int
    end: int
    low: int | None
    high: int | None
    unit: str
    whom: str
    confidence: float
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    """A number as it stands, before it is known what it counts."""

    start: int
    end: int
    low: int
    high: int
    rule: str
    sure: float
    plain: bool = False  # figures without a scale: may be a year
    money: str | None = None


def numbers_in(folded: str, lang: str, taken: Sequence[tuple[int, int]] = ()) -> Iterator[FoundNumber]:
    """Yield the counts of a folded text in its order; `taken` are the spans of its dates, which count nothing."""
    if lang not in LANGUAGES:
        return
    starts = [start for start, _ in taken]
    numbers = [number for number in _numbers(folded, lang) if not _inside(number.start, starts, taken)]
    at = 0
    while at < len(numbers):
        joined = _joined(folded, lang, numbers[at : at + 2])
        number = joined or numbers[at]
        at += 2 if joined else 1
        if (found := _counting(folded, lang, number)) is not None:
            yield found


def _inside(at: int, starts: Sequence[int], spans: Sequence[tuple[int, int]]) -> bool:
    index = bisect_right(starts, at) - 1
    return index >= 0 and at < spans[index][1]


_FIGURE = r"\d{1,3}(?:[., ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"


@lru_cache(maxsize=8)
def _number_regex(lang: str) -> re.Pattern[str]:
    scales = words.any_of(lang, "number_1000", "scale_1000"), words.any_of(lang, "number_1000000")
    vague = "|".join(
        f"(?P<{kind}>{words.any_of(lang, kind)})" for kind in sorted(words.kinds(lang, "vague_"), key=_longest(lang))
    )
    return re.compile(
        rf"(?<![\w:/§№])(?<!\d[.,])(?:(?P<money>[€$₽₴]) ?)?(?P<figure>{_FIGURE})(?!\d)"
        rf"(?: ?(?:(?P<thousand>{scales[0]})|(?P<million>{scales[1]}))\.?)?(?!\w|[.,]\d|-[^\W\d])"
        rf"|(?<!\w)(?:(?P<none>{words.any_of(lang, 'number_0')})|{vague or words.NOTHING}"
        rf"|(?P<worded>{numeral_regex(lang)}))"
    )


def _longest(lang: str) -> Callable[[str], int]:
    return lambda kind: -max(len(pattern) for pattern in words.patterns(lang, kind))


def _numbers(folded: str, lang: str) -> Iterator[_Number]:
    for match in _number_regex(lang).finditer(folded):
        name = match.lastgroup or ""
        if match["figure"]:
            found = _figure(match)
            if found is not None:
                yield found
        elif match["none"]:
            yield _Number(start=match.start(), end=match.end(), low=0, high=0, rule="number:none", sure=NONE)
        elif match["worded"]:
            value = numeral_value(match["worded"], lang)
            yield _Number(start=match.start(), end=match.end(), low=value, high=value, rule="number:words", sure=WORDED)
        else:
            low, high = (int(part) for part in name.split("_")[1:])
            yield _Number(start=match.start(), end=match.end(), low=low, high=high, rule="number:vague", sure=VAGUE)


def _figure(match: re.Match[str]) -> _Number | None:
    """A number in figures: 1,200 and 1.200 and 1 200 are thousands, 2,5 thousand is 2500, 12.5 lies in 12 to 13."""
    said = match["figure"]
    if len(said) > _MOST_DIGITS:
        return None
    grouped = re.fullmatch(r"\d{1,3}(?:[., ]\d{3})+", said)
    value = float(re.sub(r"\D", "", said)) if grouped else float(said.replace(",", "."))
    scale = 1000 if match["thousand"] else 1_000_000 if match["million"] else 1
    scaled = round(value * scale, 6)
    return _Number(
        start=match.start(),
        end=match.end(),
        low=int(scaled),
        high=int(scaled) + (scaled != int(scaled)),
        rule="number:figures",
        sure=EXACT,
        plain=said.isdigit() and scale == 1,
        money=_MONEY.get(match["money"] or ""),
    )


def _joined(folded: str, lang: str, pair: Sequence[_Number]) -> _Number | None:
    """'200-300', 'from 200 to 300', 'между 200 и 300' are one number."""
    if len(pair) < 2 or pair[1].start - pair[0].end > 16:
        return None
    first, second = pair
    joint = folded[first.end : second.start].strip()
    if not joint or joint[0].isdigit():
        return None
    opened = words.ends_with(lang, "between").search(words.before(folded, first.start))
    if joint != "-" and not _between(joint, lang, opened=bool(opened)):
        return None
    return replace(first, end=second.end, high=second.high, plain=first.plain and second.plain, rule="number:range")


def _between(joint: str, lang: str, *, opened: bool) -> bool:
    """Whether a word joins two numbers to a range: "to" always, "and" after "between"."""
    if re.fullmatch(words.any_of(lang, "to"), joint):
        return True
    return opened and re.fullmatch(words.any_of(lang, "and_"), joint) is not None


_MAY_COUNT = re.compile(r" ?[%€₽]| [^\W\d]")


def _counting(folded: str, lang: str, number: _Number) -> FoundNumber | None:
    """What a number counts, with the word before it ("about", "at least"); None where it counts nothing."""
    if number.money is None and not _MAY_COUNT.match(folded, number.end):
        return None
    before = words.before(folded, number.start)
    modifier = _modifier_regex(lang).search(before)
    start = number.start - len(before) + modifier.start() if modifier else number.start
    if number.low > number.high or _not_regex(lang).search(words.before(folded, start)):
        return None
    if number.plain and not modifier and number.low in _YEARS and number.high in _YEARS:
        return None
    counted = _unit_regex(lang).match(folded, number.end)
    unit = number.money or (counted.lastgroup if counted else None)
    if unit is None or unit == "no_unit":
        return None
    name = modifier.lastgroup if modifier else None
    low, high = _range(number, name, lang)
    whom = number.money or (counted[unit] if counted else "")
    end = number.end if number.money or counted is None else counted.end()
    far = counted is not None and not number.money and len(counted[0].split()) > len(whom.split())
    if number.rule == "number:words" and number.high == 1 and unit in ("unit_people", "fate") and not modifier:
        return None  # "one man said", "один из них"
    if far and number.high == 1:
        return None  # "one Moscow station, where men"
    unit = "people" if unit == "fate" else unit.removeprefix("unit_")
    return FoundNumber(
        start=start,
        end=end,
        low=low,
        high=high,
        unit=unit,
        whom=whom.strip(),
        confidence=round(number.sure - FURTHER * far, 2),
        rule=f"{number.rule}, {name}" if name else number.rule,
    )


def _range(number: _Number, modifier: str | None, lang: str) -> tuple[int | None, int | None]:
    """Least and most that a number says with the word before it."""
    low, high = number.low, number.high
    if modifier is None:
        return low, high
    if number.rule == "number:vague" and lang in ("ru", "uk") and low % 200 == 0 and high == low * 5 - 1:
        low = high = low // 2  # "около тысячи": after these words the plural form is the singular's genitive
    return _MODIFIED[modifier](low, high)


@lru_cache(maxsize=8)
def _modifier_regex(lang: str) -> re.Pattern[str]:
    named = "|".join(f"(?P<{name}>{words.any_of(lang, name)})" for name in _MODIFIERS)
    return re.compile(rf"(?<!\w)(?:{named})(?: the| de| la| les)? ?$")


@lru_cache(maxsize=8)
def _not_regex(lang: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){words.any_of(lang, 'number_not')}\.?:? ?$")


@lru_cache(maxsize=8)
def _unit_regex(lang: str) -> re.Pattern[str]:
    """The nearest word that a number can count, at most so many other words on, none of them a preposition."""
    gap = rf"(?: (?!{words.any_of(lang, 'gap_ends')})[^\W\d][\w'-]*){{0,{_GAP_WORDS}}}?"
    names = sorted(words.kinds(lang, "unit_"), key=lambda name: name == "unit_people")
    units = "|".join(f"(?P<{name}>{words.any_of(lang, name)})" for name in names)
    percent = r"(?P<percent> ?%)"
    no_unit, fate = words.any_of(lang, "no_unit"), words.any_of(lang, "fate")
    return re.compile(
        rf"{percent}|(?P<euros> ?€)|(?P<roubles> ?₽)|{gap} (?:(?P<no_unit>{no_unit})|{units}|(?P<fate>{fate}))"
    )
