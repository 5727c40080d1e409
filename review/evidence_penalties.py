"""Law, sentences and cheap neighbours of the deployment question.

Answers G1.1a, G1.5, G1.7a, G1.7b, G2.2, G3.3, G3.4 and G5.2.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from review.evidence_cues import fold, has, sentences
from review.evidence_types import PassageIn

VOCABULARY = "penalties"
_TENS = {
    "en": {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10},
    "nl": {"twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9, "tien": 10},
    "ru": {"две": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6, "семь": 7, "восемь": 8, "девять": 9, "десять": 10},
}
_SCALES = {
    "en": {"dozens": 50, "hundreds": 300, "hundred": 100, "thousands": 3000, "thousand": 1000},
    "nl": {"tientallen": 50, "honderden": 300, "honderd": 100, "duizenden": 3000, "duizend": 1000},
    "ru": {"десятки": 50, "сотни": 300, "сотен": 100, "тысячи": 1000, "тысяч": 1000, "тысяча": 1000},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer on a question's scale, with the span it rests on, before dates and voices are added."""

    question_id: str
    value: str
    rule: str
    why: str
    start: int
    end: int
    place: str | None = None
    subgroup: str | None = None


def other_answers(passage: PassageIn) -> Iterator[Answer]:
    """Answers to the questions that simple cues can tell apart; one per question, the first sentence that gives it."""
    given: set[str] = set()
    for start, end in sentences(passage.text):
        clause = fold(passage.text[start:end]).text
        for question_id, value, rule, why in _of_sentence(clause, passage):
            if question_id not in given:
                given.add(question_id)
                yield Answer(question_id=question_id, value=value, rule=rule, why=why, start=start, end=end)


def _of_sentence(clause: str, passage: PassageIn) -> Iterator[tuple[str, str, str, str]]:
    """(question, value, rule, why) for each rule that one folded sentence meets."""
    if "conscripts" in passage.groups:
        yield from _evasion(clause, passage)
        yield from _contract(clause, passage.lang)
    if "reservists" in passage.groups and _called_up(clause, passage.lang):
        yield "G2.2", "isolated", "called-up", "Individual call-ups under the mobilisation are described."
    if "deserters" in passage.groups and _votes_as_deserter(passage):
        yield from _deserters(clause, passage.lang)
    if "critics" in passage.groups and _seen(clause, passage.lang, "critics", "cases"):
        count = counted(clause, passage.lang, years=False)
        if count is not None:
            yield "G5.2", band(count, (0, 100, 1000)), "counted-cases", f"A count of cases is given: about {count}."


def _seen(clause: str, lang: str, *kinds: str) -> bool:
    return all(has(VOCABULARY, lang, kind, clause) for kind in kinds)


def _called_up(clause: str, lang: str) -> bool:
    """Whether a call-up under the mobilisation is told, not feared, possible, denied or of peacetime."""
    return _seen(clause, lang, "called", "mobilised") and not has(VOCABULARY, lang, "feared", clause)


def _votes_as_deserter(passage: PassageIn) -> bool:
    """Only contract soldiers, and deserters whose service is unknown, vote in G3 (questions §1)."""
    return not passage.services or bool(passage.services & {"contract", "unknown"})


def _evasion(clause: str, passage: PassageIn) -> Iterator[tuple[str, str, str, str]]:
    """G1.7a (what the law punishes), G1.7b (which sentences are given) and G1.1a (who is liable)."""
    lang = passage.lang
    about = _seen(clause, lang, "evasion") or (_seen(clause, lang, "article") and "328" in clause)
    near = about or has(VOCABULARY, lang, "evasion", fold(passage.text).text)
    if about and _seen(clause, lang, "range") and not _seen(clause, lang, "sentenced"):
        if _seen(clause, lang, "prison"):
            yield "G1.7a", "yes", "law-prison", "The law is said to allow imprisonment for avoiding call-up."
        elif _seen(clause, lang, "fine"):
            yield "G1.7a", "partly", "law-fine", "The law is said to punish avoiding call-up with a fine."
    if near and (found := _sentences_given(clause, lang)):
        yield "G1.7b", *found
    if _seen(clause, lang, "liable"):
        yield "G1.1a", "yes", "law-liable", "Ages, liability or deferral are laid down."


def _sentences_given(clause: str, lang: str) -> tuple[str, str, str] | None:
    """Band of prison terms to be served that one sentence tells of."""
    verdict = _seen(clause, lang, "sentenced") or _seen(clause, lang, "fine")
    if not verdict or _seen(clause, lang, "range"):
        return None
    if _seen(clause, lang, "hardly"):
        return "1-10", "prison-rare", "Imprisonment for avoiding call-up is called rare."
    if _seen(clause, lang, "only"):
        return "0", "fines-only", "Those convicted were fined."
    if _seen(clause, lang, "prison") and _seen(clause, lang, "sentenced"):
        count = counted(clause, lang, years=True) or 1
        return (
            band(count, (0, 10, 100)),
            "prison-given",
            f"Prison terms for avoiding call-up are reported: about {count}.",
        )
    if _seen(clause, lang, "fine"):
        return "0", "fined", "The case ended in a fine."
    return None


def _contract(clause: str, lang: str) -> Iterator[tuple[str, str, str, str]]:
    """G1.5: pressed, deceived or forced into a contract."""
    if _seen(clause, lang, "contract", "pressed"):
        yield "G1.5", "isolated", "pressed-to-sign", "Pressure or deceit to sign a contract is described."


def _deserters(clause: str, lang: str) -> Iterator[tuple[str, str, str, str]]:
    """G3.3 (numbers of cases) and G3.4 (punishment without trial)."""
    if _seen(clause, lang, "cases") and (count := counted(clause, lang, years=True)) is not None:
        yield "G3.3", band(count, (0, 100, 1000)), "counted-cases", f"A count of cases is given: about {count}."
    if _seen(clause, lang, "pit"):
        yield "G3.4", "isolated", "outside-court", "Punishment outside any court is described."


def counted(clause: str, lang: str, *, years: bool) -> int | None:
    """The largest count in a sentence; article numbers, years and (with `years`) lengths of terms are no counts."""
    plain = re.sub(r"(?<=\d)[., \u00a0](?=\d{3}(?!\d))", "", clause)
    plain = re.sub(r"(?:art(?:icle|ikel)?|стать\w+|ст|ч|section|№|no)\.?\s*[\d.]+", " ", plain)
    if years:
        plain = re.sub(
            r"\d+(?:[.,]\d+)?[\s-]*(?:and a half )?(?:years?|months?|jaar|maanden|лет|года?|месяц\w*)", " ", plain
        )
    numbers = [int(n) for n in re.findall(r"(?<![\w.,])\d{1,7}(?![\w]|[.,]\d)", plain) if not 1990 <= int(n) <= 2040]
    numbers += [factor * scale for factor, scale in _worded(plain, lang)]
    return max(numbers, default=None)


def _worded(clause: str, lang: str) -> Iterator[tuple[int, int]]:
    """Factor and scale of each number in words: "five thousand" is (5, 1000), "hundreds" a cautious (1, 300)."""
    factors, scales = _TENS.get(lang, {}), _SCALES.get(lang, {})
    if not scales:
        return
    for match in re.finditer(rf"(?<!\w)({'|'.join(factors)})?\s*({'|'.join(scales)})(?!\w)", clause):
        yield factors.get(match[1] or "", 1), scales[match[2]]


def band(count: int, tops: tuple[int, int, int]) -> str:
    """The declared band a count falls into: "0", up to the second top, up to the third, or "more"."""
    zero, low, high = tops
    if count <= zero:
        return str(zero)
    if count <= low:
        return f"{zero + 1}-{low}"
    return f"{low + 1}-{high}" if count <= high else "more"
