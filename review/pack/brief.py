"""One page for the minister's note: where it stands, what is missing, what it rests on. The rest stands in the pack."""

from collections.abc import Sequence
from dataclasses import dataclass

from review.cite.clean import line
from review.cite.footnote import Part, short
from review.pack.gather import Answered, Contents
from review.pack.paper import group_title, left, stand, title
from review.pack.paper_question import TESTS, contradictions, falls, fragile, missing
from review.pack.say import Say
from review.plugin.sides import newest_first, weigh

QUESTIONS, MISSING, RISKS, ITEMS, ITEMS_OF_MANY, FEW = 6, 4, 3, 4, 3, 3
"""What fits on one page of A4; the rest is counted. From FEW questions on fewer passages do."""
WORDING, GAP, SENTENCE, RISK, QUOTE, TITLE = 95, 90, 130, 150, 160, 150  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One half of a moratorium, in words."""

    half: str
    last_day: str
    left: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question: computed and signed beside each other, and the outcome of each test."""

    id: str
    wording: str
    computed: str
    signed: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One passage: what it says, the part it plays, and its citation."""

    quote: str
    language: str | None
    role: str
    citation: tuple[Part, ...]
    document_id: int
    passage_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The page. `status` is a key of words (insufficient ...), everything else is said already."""

    title: str
    about: str
    stand: str
    rules_version: str
    status: str
    advice: str
    clocks: tuple[Clock, ...]
    groups: tuple[str, ...]
    rows: tuple[Row, ...]
    rows_more: int
    missing: tuple[str, ...]
    risks: tuple[str, ...]
    voices: tuple[Voice, ...]
    items: int
    origins: int
    votes: int
    """Origins that vote in time."""
    digest: str


def brief(found: Contents, language: str) -> Brief:
    """Shorten a pack to one page in one language (en, nl)."""
    words, scope, m = Say(language), found.wanted.scope, found.moratorium
    told = [one for one in found.full if one.deciding or not m] or list(found.full)
    shown = told[:QUESTIONS]
    counted = [item for one in told for item in one.standing.evidence]
    return Brief(
        title=_short(title(found, words), TITLE),
        about=scope.name,
        stand=stand(found, words),
        rules_version=found.rules_version,
        status=_status(found),
        advice=words.spell(words.pick(m.advice, m.advice_nl)) if m else "",
        clocks=_clocks(found, words),
        groups=_groups(found, words),
        rows=tuple(_row(one, words, WORDING if len(told) >= FEW else 2 * WORDING) for one in shown),
        rows_more=len(told) - len(shown),
        missing=tuple(_missing(found, told, words)),
        risks=tuple(_risks(told, words)),
        voices=tuple(_voices(found, told, words)),
        items=len(counted),
        origins=len({item.origin for item in counted}),
        votes=sum(one.standing.origins for one in told),
        digest=told[0].standing.inputs_digest if len(told) == 1 else "",
    )


def _status(found: Contents) -> str:
    if found.moratorium:
        return found.moratorium.status
    if found.wanted.scope.question and found.full:
        return found.full[0].standing.effective
    return found.groups[0].status if found.groups else "not assessed"


def _clocks(found: Contents, words: Say) -> tuple[Clock, ...]:
    halves = found.moratorium.halves if found.moratorium else ()
    return tuple(
        Clock(half=words.code("half", each.half), last_day=words.day(each.ends_on) or "–", left=left(each, words))
        for each in halves
    )


def _groups(found: Contents, words: Say) -> tuple[str, ...]:
    if found.wanted.scope.question:
        return ()
    return tuple(
        words(
            "pack.group_line", group=group_title(found, words, one.group), status=words.code("status", one.status),
            n=one.decisive_sufficient, m=one.decisive_total,
        )
        for one in found.groups
    )  # fmt: skip


def _row(one: Answered, words: Say, most: int) -> Row:
    q = one.standing
    return Row(
        id=q.id,
        wording=_short(words.pick(q.wording, q.wording_nl), most),
        computed=q.effective,
        signed=words.code("status", q.signed.status) if q.signed else words("pack.not_signed"),
        tests=tuple(q.tests[name].result for name in TESTS),
    )


def _missing(found: Contents, told: Sequence[Answered], words: Say) -> list[str]:
    """What is missing, of each question where there are several; what does not fit is counted.

    First the decisive sources that were not searched: they are what one can do something about tomorrow.
    """
    named = len(told) > 1
    nothing = words("pack.m_none")
    if named:  # of each question the first only
        firsts = ((one.standing.id, missing(one, words)[0]) for one in told)
        lines = [f"{id_}: {_short(text, GAP)}" for id_, text in firsts if text != nothing]
    else:
        lines = [_short(text, SENTENCE) for one in told for text in missing(one, words)]
    lines = lines or [nothing]
    unread = dict.fromkeys(id_ for one in told for id_ in one.explained.judged.coverage.not_searched)
    if unread:
        names = "; ".join(found.sources[id_]["title"] if id_ in found.sources else id_ for id_ in unread)
        lines.insert(0, _short(words("pack.search_not", names=names), SENTENCE))
    more = len(lines) - MISSING
    return [*lines[:MISSING], words("brief.more", n=more)] if more > 0 else lines


def _risks(told: Sequence[Answered], words: Say) -> list[str]:
    """Open contradictions, single origins that the status hangs on, and the day on which it falls."""
    nothing = {words(key) for key in ("pack.contradictions_none", "pack.fragile_none", "pack.fragile_unvoted")}
    named = len(told) > 1
    lines = [
        f"{one.standing.id}: {text}" if named else text
        for one in told
        for text in (*contradictions(one, words), *fragile(one, words), falls(one, words))
        if text and text not in nothing
    ]
    told_of = [_short(text, RISK) for text in lines[:RISKS]]
    more = len(lines) - RISKS
    return [*told_of, words("brief.more", n=more)] if more > 0 else told_of


def _voices(found: Contents, told: Sequence[Answered], words: Say) -> list[Voice]:
    """The newest passages that vote, one an origin; where none votes the newest that are shown."""
    voting, others = [], []
    for one in told:
        sides = weigh(one.standing)
        voting += [origin.votes[0] for origin in (*sides.supporting, *sides.opposing)]
        others += newest_first(one.standing.evidence)[:2]
    chosen = {item.passage_id: item for item in reversed(newest_first(voting or others))}
    most = ITEMS if len(told) < FEW else ITEMS_OF_MANY
    shown = [item for item in reversed(chosen.values()) if item.passage_id in found.references][:most]
    return [
        Voice(
            quote=_short(line(item.quote), QUOTE),
            language=item.language,
            role=words.code("role", item.role) + (f", {words('tra.only')}" if item.machine else ""),
            citation=short(found.references[item.passage_id], words),
            document_id=item.document_id,
            passage_id=item.passage_id,
        )
        for item in shown
    ]


def _short(text: str, most: int) -> str:
    """Text cut at a word where it is longer than that many characters."""
    return text if len(text) <= most else f"{text[: most - 1].rsplit(' ', 1)[0]}…"
