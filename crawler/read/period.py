"""The reference period of a report: "covers the period from April 2021 to March 2023", in six languages.

Only what the document says of itself counts: a period that it gives for a law, a wave of arrests or the report before
it is somebody else's, and two that contradict each other are none.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from crawler.read.period_range import range_at, range_pattern, ranges_in

__all__ = ["reference_period"]

_REPORT = (
    r"(?:reports?|note|update|document|publication|quer(?:y|ies)|response|assessment|overview|review|study|paper|"
    r"(?:ambts|landen|thema)?bericht|verslag|rapport|notitie|rapportage|"
    r"доклад\w*|отч[её]т\w*|обзор\w*|справк\w+|исследовани\w+|звіт\w*|доповід\w+|огляд\w*|довідк\w+|"
    r"\w*bericht\w*|rapport|étude)"
)
_THIS = (
    r"(?:this|the\s+present|the\s+current|dit|deze|het\s+(?:voorliggende|onderhavige)|настоящ\w+|этот|данн\w+|цей|ц[яе]|"
    r"даний|dieser?|dieses|(?:der|die|das)\s+vorliegende|ce(?:tte)?|(?:le|la)\s+présente?)"
)
_OWN = re.compile(rf"\b{_THIS}\s+(?:[\w-]+\s+){{0,5}}?{_REPORT}\b", re.IGNORECASE)
_NOUN = re.compile(rf"\b{_REPORT}\b", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:previous|earlier|preceding|last|former|prior|next|vorige?|voorgaande|eerdere?|voorlaatste|volgende?|laatste|"
    r"предыдущ\w+|прошл\w+|прежн\w+|следующ\w+|попередн\w+|минул\w+|наступн\w+|vorherig\w*|vorig\w*|früher\w*|letzt\w*|"
    r"nächst\w*|précédente?s?|dernière?s?|prochaine?s?)\b",
    re.IGNORECASE,
)
_PAST_OR_RELATIVE = re.compile(
    r"\b(?:which|that|who|die|dat|welke|котор\w+|який|яка|яке|welche[rs]?|qui)\s+(?:\w+\s+){0,2}$|"
    r"\b(?:covered|besloeg|bestreek|охватывал\w?|охоплюва\w+|umfasste|couvrait)$",
    re.IGNORECASE,
)
_COVERS = re.compile(
    r"\b(?:cover(?:s|ed|ing)?|spans?|beslaat|besloeg|beslaan|bestrijkt|bestreek|охватыва\w+|охоплю\w+|umfasst|umfasste|"
    r"erfasst|deckt|couvre|couvrait)\b",
    re.IGNORECASE,
)
_DESCRIBES = re.compile(
    r"\b(?:describes?|deals\s+with|concerns?|relates\s+to|refers\s+to|presents?|provides|addresses|focus(?:es|ing)?\s+on|"
    r"beschrijft|betreft|gaat\s+over|heeft\s+betrekking\s+op|ziet\s+op|behandelt|описыва\w+|касается|отража\w+|"
    r"подготовлен\w*|описує|стосується|відображає|beschreibt|betrifft|behandelt|bezieht\s+sich\s+auf|décrit|concerne|"
    r"porte\s+sur|présente)\b",
    re.IGNORECASE,
)
_PERIOD = (
    r"(?:period|timeframe|time\s+frame|periode|tijdvak|verslagperiode|период\w*|період\w*|zeitraum\w*|berichtszeitraum\w*|"
    r"période)"
)
_PERIOD_WORD = re.compile(rf"\b{_PERIOD}\b", re.IGNORECASE)
_LABEL = re.compile(
    r"\b(?:(?:the\s+)?(?:reporting|reference|research)\s+period|period\s+(?:covered|under\s+(?:review|consideration))|"
    r"covered\s+period|time\s*frame\s+(?:covered|of\s+this\s+report)|verslag(?:leggings)?periode|onderzoeksperiode|"
    r"rapportageperiode|referentieperiode|отч[её]тн\w+\s+период\w*|рассматриваем\w+\s+период\w*|"
    r"звітн\w+\s+період\w*|період\w*\s+звітності|berichtszeitraum\w*|berichtsperiode|untersuchungszeitraum\w*|"
    r"période\s+(?:de\s+référence|couverte|considérée|examinée|sous\s+revue|d['’]examen|de\s+rapport))\b",
    re.IGNORECASE,
)
_BARE_LABEL = re.compile(rf"(?:^|\n)[ \t]*(?:covering\s+(?:the\s+)?)?{_PERIOD}[ \t]*:?", re.IGNORECASE)
# What may stand between such a label and its dates, and nothing else: "the reference period of this report is from".
_FILLER = re.compile(
    r"(?:[\s:(,–—-]+|\b(?:of|for|to|this|the|these|report|reports|update|is|was|are|runs|ran|from|between|covers?|covered|"
    r"extends|spans|starts|begins|on|coi|country|general|events|van|voor|dit|het|de|ambtsbericht|algemeen|algemene|"
    r"verslag|rapport|is|loopt|liep|beslaat|betreft|tussen|over|вся|этого|настоящего|данного|доклада|отч[её]та|с|со|от|"
    r"между|составляет|охватывает|за|цього|звіту|з|із|від|між|охоплює|становить|des|der|dieses|dieser|berichts|berichtes|"
    r"ist|war|vom|von|zwischen|reicht|umfasst|erstreckt|sich|du|de|ce|présent|est|va|s['’]étend|entre|allant|le|la|d['’]|"
    rf"l['’]|couvre|year|jaar|год|рік|jahr|année|{_PERIOD})\b)*",
    re.IGNORECASE,
)
_FAR = r"[^.;!?\d]{0,110}?"
_CLAUSE = re.compile(
    r"\b(?:that|dat|что|що|dass|que|because|when|who|mid|early|late|half|medio|begin|eind|начал\w+|середин\w+|кон\w+|"
    r"початк\w+|кінц\w+|mitte|anfang|ende|début|fin|mi)\b",
    re.IGNORECASE,
)
# Between sentences; not after the "31." of a German date.
_SENTENCE = re.compile(r"(?:(?<=[.;!?…])(?<!\D\d\.)(?<!\D\d\d\.)\s+(?=[\"“«(]?[^\W\d_a-zа-яіїєґ])|\n\s*\n)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_TITLE_LINES = 12
_LONGEST_TITLE = 200


def reference_period(text: str) -> tuple[date, date] | None:
    """First and last day of the period that a report says it covers, or None. Give it the beginning of the report.

    A month or year stands for its first day as beginning and its last as end; "1 - 31 March 2022" and "April to
    December 2022" borrow what they leave out. What is said of "this report" or behind a label ("Verslagperiode: ...")
    goes before what is said of "the report" or stands in a title. Two different periods of one rank give None.
    """
    ranks: dict[int, set[tuple[date, date]]] = {}
    for rank, period in (*_in_sentences(text), *_in_title(text)):
        ranks.setdefault(rank, set()).add(period)
    best = ranks[min(ranks)] if ranks else set()
    return next(iter(best)) if len(best) == 1 else None


def _in_sentences(text: str) -> Iterator[tuple[int, tuple[date, date]]]:
    for part in _SENTENCE.split(text):
        if not part or not _YEAR.search(part):
            continue
        sentence = " ".join(part.split())
        yield from _labelled(sentence, part)
        yield from _said_of_the_report(sentence)


def _labelled(sentence: str, lines: str) -> Iterator[tuple[int, tuple[date, date]]]:
    """ "Reporting period: 1 January 2022 - 30 June 2022"; a bare "Period:" only at the beginning of a line."""
    for pattern, text in ((_LABEL, sentence), (_BARE_LABEL, lines)):
        for label in pattern.finditer(text):
            before = text[max(0, label.start() - 40) : label.start()]
            period = range_at(text, _after_filler(text, label.end()))
            if period and not _OTHER.search(before):
                yield 1, period


def _after_filler(text: str, at: int) -> int:
    found = _FILLER.match(text, at)
    return found.end() if found else at


def _said_of_the_report(sentence: str) -> Iterator[tuple[int, tuple[date, date]]]:
    for pattern, needs_period in ((_COVERS, False), (_DESCRIBES, True)):
        for verb in pattern.finditer(sentence):
            rank = _rank(sentence[: verb.start()], verb[0])
            period = _after_verb(sentence, verb.end(), rank, needs_period) if rank else None
            if rank and period:
                yield rank, period


def _rank(before: str, verb: str) -> int | None:
    """1 where the verb speaks of this report, 2 of a report, None of anything else or of the report before."""
    own = list(_OWN.finditer(before))
    noun = list(_NOUN.finditer(before))
    if not noun or len(before) - noun[-1].end() > 90:
        return None
    since = before[own[-1].end() :] if own else before
    if _OTHER.search(since) and (not own or _PAST_OR_RELATIVE.search(since) or _PAST_OR_RELATIVE.search(verb)):
        return None
    return 1 if own else 2


def _after_verb(sentence: str, at: int, rank: int, needs_period: bool) -> tuple[date, date] | None:
    """The range behind the verb: of this report also behind a few words ("covers developments in Russia between")."""
    start = _after_filler(sentence, at)
    if range_pattern().match(sentence, start):
        said = sentence[at:start]
    elif rank == 1 and (found := _far().match(sentence, at)):
        start, said = found.end(), found[0]
    else:
        return None
    if _CLAUSE.search(said) or (needs_period and not _PERIOD_WORD.search(said)):
        return None
    return range_at(sentence, start)


@cache
def _far() -> re.Pattern[str]:
    return re.compile(rf"{_FAR}(?={range_pattern().pattern})", re.IGNORECASE)


def _in_title(text: str) -> Iterator[tuple[int, tuple[date, date]]]:
    """ "Report on human rights in Exampleland: 1 August 2022 - 31 January 2023", on one line or the range below it."""
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()][:_TITLE_LINES]
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else ""
        for start, end, period in ranges_in(line) if len(line) <= _LONGEST_TITLE else ():
            if line[end:].strip(" ).,"):
                continue
            head = line[:start].rstrip()
            alone = not head.strip("( ") and len(above) <= _LONGEST_TITLE
            title = above if alone else head
            parted = alone or head.endswith((":", ",", "(", "–", "—", "-", "|")) or _opens(head)
            if parted and _NOUN.search(title) and not _OTHER.search(title):
                yield 2, period


_OPENS = re.compile(
    rf"\b{_PERIOD}(?:\s+(?:from|of|van|с|з|vom|von|du|de|d['’]))?$|\b(?:for|voor|за|für|pour)$", re.IGNORECASE
)


def _opens(head: str) -> bool:
    return _OPENS.search(head) is not None
