"""Channels, bloggers and authors of posts, declared nowhere: one origin for each name (method §3 rule 2).

A text that calls a name a channel or a blogger, or has it write on a social medium, makes the name known; where it is
known, also "Rybar: ..." and "Rybar wrote" lead there, in every document. A name that is only set before a colon by
several owners is proposed.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from review.cue_words import fold
from review.evidence_cues import cue
from review.evidence_voices import SpeakerIndex, attributed_to
from review.origins_facts import latin
from review.origins_letters import sentences_of
from review.origins_library import Library, declared_slug, outlets, slug
from review.origins_mentions import LEAD_SENTENCES, Mention
from review.origins_types import Certainty, OriginDoc, OriginLink, Rule

NEAR_WORDS = 8  # between the words of a post and the word of saying that belongs to it
NAME_CHARACTERS = 300  # before the word that calls it a channel; a longer "name" is none, and costs its square
_CAPITAL = r"[A-ZА-ЯЁЇІЄҐÀ-ÖØ-Þ]"
_ONE = rf"(?:@\w{{2,}}|{_CAPITAL}[\w'’-]*\w)"
_NAME = re.compile(rf"(?<![\w@]){_ONE}(?:[ ]{_ONE}){{0,2}}")
_AFTER = re.compile(rf"\s*(?:[\"«„“'‘]\s*)?({_ONE}(?:[ ]{_ONE}){{0,2}})")
_BEFORE = re.compile(rf"({_ONE}(?:[ ]{_ONE}){{0,1}})(?:['’]s?)?[\"»“”]?\s+(?:{_ONE}\s+)?$")
_APPOSED = re.compile(rf"({_ONE}(?:[ ]{_ONE}){{0,1}}),\s+(?:[\w'’-]+\s+){{0,4}}$")  # "Rybar, a pro-war blogger"
_CLAUSE = re.compile(r"[,;:]")
_ARTICLE = re.compile(r"\b(?:ein\w*|der|die|das|dem|den|des|mehrere|viele|einige|zwei|drei)\s+$", re.IGNORECASE)
_GERMAN_NOUN = re.compile(r"\w+(?:en|er|e|ung|heit|keit)")  # in German every noun has a capital
_SOURCE = re.compile(r"\W*(?:source|bron|источник|джерело|quelle)\s*:\s*", re.IGNORECASE)
_HEAD = re.compile(rf"^\W*({_ONE}(?:[ ]{_ONE}){{0,2}})[\"»“”]?\s*(?:\([^()]{{0,40}}\)\s*)?:\s(?=\W*[A-ZА-ЯЁЇІЄҐÀ-Þ])")
# Capitalised words that open a sentence or a heading, and are nobody's name.
_NOBODY_WORDS = """nobody someone somebody everyone everybody people many some others another no one two three users
niemand iemand iedereen mensen velen sommigen anderen gebruikers никто кто-то люди многие другие пользователи все
ніхто хтось люди багато інші користувачі всі jemand alle viele manche andere nutzer personne certains beaucoup d'autres
as like on in the a an according here this that these he she they it we i you but and so then later
earlier today at yesterday update updated exclusive video photo photos picture analysis opinion comment breaking live
question answer background summary report note notes news source sources fact facts conclusion correction editor
monday tuesday telegram facebook twitter instagram youtube tiktok vk vkontakte bluesky livejournal x wie zoals
als op in de het een dit dat hij zij ze wij volgens ook maar bron bronnen nieuws vraag antwoord analyse foto im
am auf der die das ein eine er sie es wir laut auch aber quelle quellen frage antwort eilmeldung exklusiv fotos
comme sur dans le la les un une il elle ils on nous selon aussi mais vidéo exclusif analyse réponse mise
actualité как в во на об о по он она они мы это так также но фото видео источник вопрос ответ обновлено срочно
кратко справка як у в на про за він вона вони ми це так також але фото відео джерело питання відповідь оновлено
терміново коротко телеграм телеграме телеграмі фейсбуке вконтакте твиттере"""
_NOBODY = frozenset(_NOBODY_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A name to which a sentence hands its statement: `known` as a channel by its words, `head` set before a colon."""

    stem: str
    name: str
    number: int  # of the sentence
    start: int
    end: int
    known: bool
    head: bool


def calls(doc: OriginDoc, speakers: SpeakerIndex) -> tuple[Call, ...]:
    """Every name that a sentence may be from, declared speakers and the document's own publisher left out."""
    return tuple(call for call in _calls(doc) if not _official(call, doc, speakers))


def _official(call: Call, doc: OriginDoc, speakers: SpeakerIndex) -> bool:
    """Whether the name is a declared speaker's, or the post is one's ("the army's spokesman wrote on Telegram")."""
    if speakers.named(call.name, doc.lang):
        return True
    voice = attributed_to(doc.text[call.start : call.end], doc.lang, speakers) if call.known else None
    return voice is not None and voice.speaker_id is not None


@lru_cache(maxsize=4096)
def _calls(doc: OriginDoc) -> tuple[Call, ...]:
    own = {stem_of(name) for name in (*doc.names, doc.publisher)}
    folded = fold(doc.text)
    spans: dict[int, dict[str, list[tuple[int, int]]]] = {}
    parts = sentences_of(doc.text)
    starts = [start for start, _ in parts]
    for kind in _KINDS:
        if kind == _KINDS[-2] and not any(cues["posting"] or cues["blogger"] for cues in spans.values()):
            break  # further words of quoting count only where somebody posts
        pattern = cue("attribution", doc.lang, kind)
        for match in pattern.finditer(folded.text) if pattern else ():
            start, end = folded.original(*match.span())
            number = bisect_right(starts, start) - 1
            if number >= 0:
                since = starts[number]
                spans.setdefault(number, {k: [] for k in _KINDS})[kind].append((start - since, end - since))
    found = []
    for number, (start, end) in enumerate(parts):
        head = ":" in doc.text[start : min(end, start + _HEAD_REACH)]
        if number not in spans and not head:
            continue
        sentence, cues = doc.text[start:end], spans.get(number) or {k: [] for k in _KINDS}
        for name, known, headed in _in_sentence(sentence, doc.lang, cues, head=head):
            stem = stem_of(name)
            if len(stem) > 2 and stem not in own:
                found.append(
                    Call(stem=stem, name=name, number=number, start=start, end=end, known=known, head=headed)
                )  # fmt: skip
    return tuple(found)


def stem_of(name: str) -> str:
    """A name in one alphabet, each word without its ending: Rybar, Рыбаря and "Rybar's" are one."""
    words = re.findall(r"\w+", re.sub(r"['’]s\b", "", name.lower()))
    return " ".join(latin(word)[:5] for word in words)


def called(
    documents: Sequence[OriginDoc], speakers: SpeakerIndex, library: Library, wanted: Collection[str]
) -> Iterator[tuple[OriginDoc, Mention, bool]]:
    """Yield (document, mention, whether it is certain) for what wanted documents have from somebody called so."""
    found = {doc.key: calls(doc, speakers) for doc in documents}
    names: dict[str, set[str]] = defaultdict(set)
    owners: dict[str, set[str]] = defaultdict(set)
    heads: dict[str, set[str]] = defaultdict(set)
    for doc in documents:
        for call in found[doc.key]:
            owners[call.stem].add(doc.owner)
            if call.known:
                names[call.stem].add(call.name)
            if call.head:
                heads[call.stem].add(call.name)
    for doc in documents:
        for call in found[doc.key] if doc.key in wanted else ():
            publisher, key = _held(call.name, doc, library)
            sure = bool(names[call.stem]) or publisher is not None or key is not None
            if publisher is None and key is None:
                if not names[call.stem] and not (call.head and len(owners[call.stem]) > 1):
                    continue
                key = _slug(names[call.stem] or heads[call.stem])
            elif not (call.known or call.head):
                continue  # an outlet that is named beside a word of saying is found by its cues
            yield doc, Mention(
                publisher=publisher, slug=key or slug(publisher or ""), name=call.name, start=call.start, end=call.end,
                lead=call.number < LEAD_SENTENCES,
            ), sure  # fmt: skip


def one_name(steps: Sequence[OriginLink], called_so: Sequence[OriginLink]) -> Iterator[OriginLink]:
    """The steps to names, with one key for those that somebody calls a channel, however their ending is written."""
    keys = {stem_of(step.label): step.parent for step in called_so if step.certainty is Certainty.MERGED}
    for step in steps:
        named = step.rule in (Rule.NAMED, Rule.SOURCE_LINE) and step.parent.startswith("named:")
        key = keys.get(stem_of(step.label)) if named else None
        yield replace(step, parent=key) if key else step


def _held(name: str, doc: OriginDoc, library: Library) -> tuple[str | None, str | None]:
    """The collected publisher, or the declared outlet, that has this name."""
    folded = fold(name).text
    publisher = next((p for p, pattern in library.names if p != doc.publisher and pattern.fullmatch(folded)), None)
    key = next((key for key, pattern in outlets() if pattern.fullmatch(folded)), None)
    return publisher, slug(publisher) if publisher else key


def _slug(names: Collection[str]) -> str:
    """One key for all spellings of a name: the shortest in Latin letters, else the first."""
    plain = {re.sub(r"['’]s\b", "", name).lstrip("@") for name in names}
    return declared_slug(min(plain, key=lambda name: (not name.isascii(), len(name), name)))


_KINDS = ("says", "posting", "blogger", "handing", "quoting", "according")
_HEAD_REACH = 120  # characters in which a name and a colon stand


def _in_sentence(
    sentence: str, lang: str, spans: Mapping[str, Sequence[tuple[int, int]]], *, head: bool
) -> Iterator[tuple[str, bool, bool]]:
    """Yield (name, known, head) for the names of one sentence; `spans`: its cues by kind."""
    if head and (match := _HEAD.match(sentence)) and (name := _clean(match[1])):
        yield name, False, True
    if head and (source := _SOURCE.match(sentence)):
        yield from ((name, False, False) for name in [_clean_match(_AFTER.match(sentence, source.end()))] if name)
    for _, end in spans["handing"]:
        yield from ((name, False, False) for name in [_clean_match(_AFTER.match(sentence, end))] if name)
    saying = [*spans["says"], *spans["quoting"]]
    if not saying and not spans["posting"] and not (spans["blogger"] and spans["according"]):
        return
    named = [name for span in spans["blogger"] if (name := _called_so(sentence, span))]
    if not named and spans["posting"]:
        near = [s for s in saying if any(_words(sentence, s, p) <= NEAR_WORDS for p in spans["posting"])]
        named = [name for p in spans["posting"] if (name := _clean_match(_AFTER.match(sentence, p[1])))]
        named = named or [n for n in [_beside(sentence, lang, near, spans["posting"], 3)] if n]
    for name in named[:1]:
        yield name, True, False
    if not named and (name := _beside(sentence, lang, saying, spans["posting"], 0)):
        yield name, False, False


def _called_so(sentence: str, span: tuple[int, int]) -> str:
    """The name behind the word that calls it a channel, else the one right before ("Rybar's Telegram channel")."""
    before = sentence[max(0, span[0] - NAME_CHARACTERS) : span[0]]
    return (
        _clean_match(_AFTER.match(sentence, span[1]))
        or _clean_match(_BEFORE.search(before))
        or _clean_match(_APPOSED.search(before))
    )


def _clean_match(match: re.Match[str] | None) -> str:
    return _clean(match[1]) if match else ""


_Spans = Sequence[tuple[int, int]]


def _beside(sentence: str, lang: str, marks: _Spans, taken: _Spans, most: int) -> str:
    """The capitalised name nearest to one of the words of saying, at most so many words away, in the same clause."""
    best: tuple[int, int, str] | None = None
    for match in _NAME.finditer(sentence):
        name, span = _clean(match.group()), match.span()
        if not name or any(span[0] < end and start < span[1] for start, end in (*taken, *marks)):
            continue
        if lang == "de" and (_ARTICLE.search(sentence[: span[0]]) or _GERMAN_NOUN.fullmatch(name)):
            continue
        near = (
            mark for mark in marks if not re.search(r"[,;:]", sentence[min(span[1], mark[1]) : max(span[0], mark[0])])
        )
        away = min((_words(sentence, span, mark) for mark in near), default=most + 1)
        if away <= most and (best is None or (away, span[0]) < best[:2]):
            best = (away, span[0], name)
    return best[2] if best else ""


def _clean(name: str) -> str:
    """The name without words that only open the sentence; "" where nothing is left."""
    words = name.split()
    while words and words[0].lower().strip("'’") in _NOBODY:
        words = words[1:]
    while words and words[-1].lower() in _NOBODY:
        words = words[:-1]
    return re.sub(r"['’]s?$", "", " ".join(words))


def _words(sentence: str, one: tuple[int, int], two: tuple[int, int]) -> int:
    return len(re.findall(r"[\w'’-]+", _gap(sentence, one, two)))


def _gap(sentence: str, one: tuple[int, int], two: tuple[int, int]) -> str:
    return sentence[min(one[1], two[1]) : max(one[0], two[0])]
