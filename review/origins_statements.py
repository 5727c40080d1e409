"""Statements of official speakers: whose, and of which day (method §3 rule 3: one statement, whoever reports it).

The day is the one given beside the word of saying ("said on Wednesday": the Wednesday before the publication, or of
it). Within one document a speaker has one day, unless two are given in so many words; a copy has its original's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from review.cue_words import fold
from review.dates import dates_in
from review.evidence_cues import cue, strip
from review.evidence_dates import facts_dates
from review.evidence_voices import SpeakerIndex, attributed_to
from review.origins_letters import sentences_of
from review.origins_types import NEAR_DAYS, Certainty, OriginDoc, OriginLink, Rule

WORDS_BESIDE = 3  # between a date and the word of saying, or the speaker, whose date it is
_CLAUSE = re.compile(r"[,;:()—–]")
_ANYONE = "-state-voice"  # ends the id of the card for a state that is named without an office


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a speaker says in one sentence; `said` is the day that stands beside the word of saying, if one does."""

    speaker_id: str
    start: int
    end: int
    day: date | None
    said: bool

    @property
    def key(self) -> str:
        """The statement as an origin."""
        return f"said:{self.speaker_id}:{self.day.isoformat() if self.day else 'undated'}"


def statements(doc: OriginDoc, speakers: SpeakerIndex) -> tuple[Statement, ...]:
    """Each sentence that an official speaker is quoted for, or that points back at one ("the spokesman added")."""
    if not speakers.named(doc.text, doc.lang):
        return ()
    found: list[Statement] = []
    last: str | None = None  # who spoke in the sentence before
    for start, end in sentences_of(doc.text):
        sentence = doc.text[start:end]
        voice = attributed_to(sentence, doc.lang, speakers)
        speaker = voice.speaker_id if voice else (last if last and _again(sentence, doc.lang) else None)
        last = speaker
        if speaker is not None:
            beside = [(voice.start, voice.end)] if voice else []
            day = _said_on(sentence, doc, beside)
            found.append(
                Statement(speaker_id=speaker, start=start, end=end, day=day or _day_in(sentence, doc), said=bool(day))
            )
    return tuple(_one_day(found, doc))


def statement_links(
    doc: OriginDoc, speakers: SpeakerIndex, original: OriginDoc | None, *, copy: bool
) -> Iterator[OriginLink]:
    """One origin per speaker and day. `original`: the document held here that this one has from; `copy`: its words."""
    told = statements(original, speakers) if original is not None else ()
    for statement in statements(doc, speakers):
        same = _as_told(statement, told, copy=copy)
        title = speakers.titles.get(same.speaker_id, same.speaker_id).split(" (")[0]
        when = same.day.isoformat() if same.day else "undated"
        yield OriginLink(
            child=doc.key, parent=same.key, label=f"{title}, {when}", rule=Rule.STATEMENT, start=statement.start,
            end=statement.end, why=f"It reports a statement of {when}. Speaker: {title}.",
        )  # fmt: skip


def original_of(doc: OriginDoc, steps: Sequence[OriginLink], held: Mapping[str, OriginDoc]) -> OriginDoc | None:
    """The document held here that this one as a whole has its words or its story from."""
    whole = [s for s in steps if s.start is None and s.certainty is Certainty.MERGED and s.parent in held]
    found = min(whole, key=lambda s: (s.rule is not Rule.COPY, s.parent), default=None)
    return held[found.parent] if found is not None and found.parent != doc.key else None


def _as_told(one: Statement, told: Sequence[Statement], *, copy: bool) -> Statement:
    """The statement as its original has it: the same speaker's, or for a state without an office the office's."""
    country = one.speaker_id.split("-")[0]
    same = [s for s in told if s.speaker_id == one.speaker_id]
    if not same and one.speaker_id == country + _ANYONE:
        same = [s for s in told if s.speaker_id.startswith(f"{country}-")]
    if not same or (one.said and not copy and same[0].speaker_id == one.speaker_id):
        return one
    day = one.day or date.min
    return min(same, key=lambda s: (abs(((s.day or date.min) - day).days), s.start))


def _again(sentence: str, lang: str) -> bool:
    """Whether the sentence hands its statement to the sayer of the one before: "Dat zei de woordvoerder woensdag"."""
    says, again = cue("attribution", lang, "says"), cue("attribution", lang, "again")
    plain = strip("attribution", lang, "unsaid", fold(sentence).text)
    marks = [m.span() for m in says.finditer(plain)] if says else []
    return again is not None and any(again.search(plain[max(0, s - 30) : e + 30]) for s, e in marks)


def _said_on(sentence: str, doc: OriginDoc, beside: Sequence[tuple[int, int]]) -> date | None:
    """The day that stands beside the speaker or a word of saying, in the same clause; None where none does."""
    if doc.published_on is None:
        return facts_dates(sentence, doc.lang, published_on=None).last if beside else None
    folded = fold(sentence)
    places = list(beside)
    for kind in ("says", "according"):
        pattern = cue("attribution", doc.lang, kind)
        places += [folded.original(*m.span()) for m in pattern.finditer(folded.text)] if pattern else []
    for found in dates_in(folded.text, doc.lang, published_on=doc.published_on):
        if found.first != found.last or found.first > doc.published_on:
            continue
        start, end = folded.original(found.start, found.end)
        if any(_beside(sentence, (start, end), place) for place in places):
            return _this_year(found.first, doc.published_on)
    return None


def _beside(sentence: str, day: tuple[int, int], place: tuple[int, int]) -> bool:
    gap = sentence[min(day[1], place[1]) : max(day[0], place[0])]
    if len(gap.split()) > WORDS_BESIDE:
        return False
    opens = day[1] <= place[0] and len(sentence[: day[0]].split()) <= 1  # "On Wednesday, the ministry said"
    return opens or _CLAUSE.search(gap) is None


def _day_in(sentence: str, doc: OriginDoc) -> date | None:
    """The only day the sentence gives, where it is of the two weeks before the publication; else the publication."""
    dates = facts_dates(sentence, doc.lang, published_on=doc.published_on)
    exact = dates.last if dates.first == dates.last else None
    return _this_year(exact, doc.published_on) if exact and doc.published_on else exact or doc.published_on


def _this_year(day: date, published_on: date) -> date:
    """The day, unless it only was taken for one of the year before because it names none."""
    long_ago = (published_on - day).days > NEAR_DAYS and day.year == published_on.year - 1
    return published_on if long_ago else day


def _one_day(found: Sequence[Statement], doc: OriginDoc) -> Iterator[Statement]:
    """Give every statement of a speaker that has no day of its own the day of the nearest that has."""
    for one in found:
        mine = [s for s in found if s.speaker_id == one.speaker_id]
        given = [s for s in mine if s.said]
        if one.said:
            yield one
        elif given:
            yield replace(one, day=min(given, key=lambda s: (abs(s.start - one.start), s.start)).day)
        else:
            days = [s.day for s in mine if s.day is not None and s.day != doc.published_on]
            yield replace(one, day=max(days, default=doc.published_on))
