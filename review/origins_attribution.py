"""Who says so: the outlet a document names, the page it links to, its agency mark, the official it quotes.

Source of the rules: method §3, rule 2 and rule 6.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from review.declarations import load
from review.evidence_cues import LANGUAGES, compiled, cue, fold, sentences, vocabularies
from review.evidence_dates import facts_dates
from review.evidence_voices import SpeakerIndex, attributed_to, named_after
from review.origins_facts import facts_of
from review.origins_types import CARRIERS, NEAR_DAYS, NEWS_CHARACTERS, Certainty, OriginDoc, OriginLink, Rule

SHARED_FACTS = 3  # figures and names two tellings of one story have in common
LEAD_SENTENCES = 3
_AGENCIES = frozenset({"afp", "anp", "ap", "dpa", "interfax", "reuters", "ria-novosti", "tass", "ukrinform", "unian"})
_MARK = re.compile(
    r"[(/\[]\s*([A-ZА-ЯЁІЇЄa-z][\w .-]{1,30}?)\s*[)/\]]"
    r"|^\W*(ANP|AFP|Reuters|dpa|AP|TASS|ТАСС)\b(?=\s*[-–—:/)])",
    re.MULTILINE,
)
_SOURCE_LINE = re.compile(
    r"^\W*(?:source|bron|источник|джерело|quelle)\s*:\s*(?:https?://)?(?:www\.)?([\w .&'-]{2,40}?)\s*(?:[.,;(\n]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_TRANSLATED = re.compile(
    r"translat(?:ed|ion) (?:from|of)|vertaald (?:uit|van|naar)|vertaling van|перевод(?:ено)? с|перевод стать"
    r"|переклад з|übersetz\w+ (?:aus|von)|traduit d",
    re.IGNORECASE,
)
_READ_ALSO = re.compile(
    r"(?:read|see) (?:also|more)|lees ook|zie ook|читайте также|читайте також|lesen sie auch|lire aussi", re.IGNORECASE
)
_AGAINST = re.compile(
    r"contrary to|contradict|disput|incorrect|in tegenspraak|anders dan|вопреки|опроверг|entgegen|contrairement",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Library:
    """All documents, to be found by address, by publisher and by the names others use."""

    by_url: Mapping[str, OriginDoc]
    by_publisher: Mapping[str, tuple[OriginDoc, ...]]
    names: tuple[tuple[str, re.Pattern[str]], ...]  # publisher -> its names
    facts: Mapping[str, frozenset[str]]  # document id -> figures and names

    @classmethod
    def of(cls, documents: Sequence[OriginDoc]) -> "Library":
        """Index the documents; of two with one address the smaller id is found."""
        by_url: dict[str, OriginDoc] = {}
        by_publisher: dict[str, list[OriginDoc]] = defaultdict(list)
        names: dict[str, set[str]] = defaultdict(set)
        for doc in sorted(documents, key=lambda d: d.id):
            if doc.url and (address := canonical(doc.url)):
                by_url.setdefault(address, doc)
            by_publisher[doc.publisher].append(doc)
            names[doc.publisher] |= {name for name in doc.names if len(name) > 2}
        tables = ((p, compiled(sorted(found))) for p, found in sorted(names.items()))
        return cls(
            by_url,
            {p: tuple(docs) for p, docs in by_publisher.items()},
            tuple((p, pattern) for p, pattern in tables if pattern is not None),
            {doc.id: facts_of(doc.text) for doc in documents},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    """An outlet named in a sentence: a collected publisher's id, or the slug of a declared or free name."""

    publisher: str | None
    slug: str
    name: str
    start: int
    end: int
    lead: bool


def attributions(doc: OriginDoc, library: Library, speakers: SpeakerIndex) -> Iterator[OriginLink]:
    """Yield what the document says about where it has things from."""
    yield from _statements(doc, speakers)
    mentions = list(_mentions(doc, library, speakers))
    translated = _TRANSLATED.search(doc.text) is not None
    linked = set(_linked(doc, library))
    for mention in mentions:
        link = _link(doc, mention, library, linked, translated)
        if link is not None:
            yield link
    yield from _source_lines(doc, mentions, library)
    yield from _wire_marks(doc, library)
    if translated:
        yield from _translations(doc, library, linked)


def canonical(url: str) -> str | None:
    """An address without what does not identify the page: scheme, www, tracking, fragment, last slash.

    None for what is no address ("http://[bad"): one bad link in a page stops nothing, it only leads nowhere.
    """
    try:
        parts = urlsplit(url.strip().lower())
    except ValueError:
        return None
    query = "&".join(p for p in parts.query.split("&") if p and not p.startswith(("utm_", "fbclid", "ref=", "rss")))
    return parts.netloc.removeprefix("www.") + parts.path.rstrip("/") + (f"?{query}" if query else "")


def slug(name: str) -> str:
    """A name as part of a key: lower case, words joined by "-"."""
    return "-".join(re.findall(r"\w+", name.lower())) or "unnamed"


@lru_cache(maxsize=1)
def outlets() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The declared outlets with all their names in every language."""
    names: dict[str, set[str]] = defaultdict(set)
    for lang in LANGUAGES:
        table: dict[str, tuple[str, ...]] = getattr(vocabularies()["outlets"], lang)
        for key, patterns in table.items():
            names[key] |= set(patterns)
    tables = ((key, compiled(sorted(patterns))) for key, patterns in sorted(names.items()))
    return tuple((key, pattern) for key, pattern in tables if pattern is not None)


@lru_cache(maxsize=1)
def shipped_speakers() -> SpeakerIndex:
    """The speakers that ship with the project."""
    return SpeakerIndex.of(load().speakers.values())


def _statements(doc: OriginDoc, speakers: SpeakerIndex) -> Iterator[OriginLink]:
    """Each sentence that an official speaker is quoted for: one origin per speaker and day, whoever reports it."""
    if not speakers.named(doc.text, doc.lang):
        return
    for start, end in sentences(doc.text):
        sentence = doc.text[start:end]
        voice = attributed_to(sentence, doc.lang, speakers)
        if voice is None or voice.speaker_id is None:
            continue
        day = _statement_day(sentence, doc)
        when = day.isoformat() if day else "undated"
        yield OriginLink(
            child=doc.key, parent=f"said:{voice.speaker_id}:{when}", label=f"{voice.speaker_id}, {when}",
            rule=Rule.STATEMENT, start=start, end=end, why=f"A statement of {voice.name} is reported.",
        )  # fmt: skip


def _statement_day(sentence: str, doc: OriginDoc) -> date | None:
    """The day the sentence gives, if it gives one within two weeks before the publication; else the publication day."""
    dates = facts_dates(sentence, doc.lang, published_on=doc.published_on)
    exact = dates.last if dates.first == dates.last else None
    if (
        exact
        and doc.published_on
        and (doc.published_on - exact).days > NEAR_DAYS
        and exact.year == doc.published_on.year - 1
    ):
        return doc.published_on
    return exact or doc.published_on


def _mentions(doc: OriginDoc, library: Library, speakers: SpeakerIndex) -> Iterator[_Mention]:
    """Outlets named beside a word of quoting, sentence by sentence; never the document's own publisher."""
    quoting = cue("attribution", doc.lang, "quoting")
    if quoting is None:
        return
    for number, (start, end) in enumerate(sentences(doc.text)):
        sentence = doc.text[start:end]
        folded = fold(sentence)
        marks = [m.span() for m in quoting.finditer(folded.text)]
        if not marks or _READ_ALSO.search(sentence) or _AGAINST.search(sentence):
            continue
        lead = number < LEAD_SENTENCES
        found = list(_known(folded.text, marks, doc, library))
        for publisher, key, first, last in found:
            a, b = folded.original(first, last)
            yield _Mention(publisher=publisher, slug=key, name=sentence[a:b], start=start, end=end, lead=lead)
        strong = cue("attribution", doc.lang, "according")
        if found or strong is None:
            continue
        for match in strong.finditer(folded.text):
            if match.group() not in _HANDS_OVER:
                continue
            voice = named_after(sentence, folded.original(match.start(), match.end())[1])
            if voice and not speakers.named(voice.name, doc.lang) and len(voice.name) > 2:
                yield _Mention(publisher=None, slug=slug(voice.name), name=voice.name, start=start, end=end, lead=lead)


# After these words stands a publication, not a person.
_HANDS_OVER = frozenset({
    "citing", "as reported by", "quoting", "with reference to", "onder verwijzing naar", "со ссылкой на", "ссылаясь на",
    "з посиланням на", "посилаючись на", "unter berufung auf", "citant",
})  # fmt: skip


def _known(
    text: str, marks: Sequence[tuple[int, int]], doc: OriginDoc, library: Library
) -> Iterator[tuple[str | None, str, int, int]]:
    """Collected publishers and declared outlets within six words of a word of quoting."""
    taken: list[tuple[int, int]] = []
    tables: list[tuple[str | None, str, re.Pattern[str]]] = [
        (p, slug(p), r) for p, r in library.names if p != doc.publisher
    ]
    own = next((r for p, r in library.names if p == doc.publisher), None)
    tables += [(None, key, r) for key, r in outlets() if key != slug(doc.publisher)]
    for publisher, key, pattern in tables:
        for match in pattern.finditer(text):
            first, last = match.span()
            if any(first < e and s < last for s, e in taken) or (own and own.fullmatch(match.group())):
                continue
            gap = min(_words_between(text, (first, last), mark) for mark in marks)
            if gap <= 6:
                taken.append((first, last))
                yield publisher, key, first, last


def _words_between(text: str, one: tuple[int, int], two: tuple[int, int]) -> int:
    """Words between two spans of one sentence; 0 where they touch or overlap."""
    between = text[min(one[1], two[1]) : max(one[0], two[0])]
    return len(re.findall(r"\w+", between))


def _linked(doc: OriginDoc, library: Library) -> Iterator[str]:
    """Ids of the collected documents of other publishers that the document links to."""
    for url in doc.links:
        target = library.by_url.get(canonical(url) or "")
        if target is not None and target.id != doc.id and target.publisher != doc.publisher:
            yield target.id


def _link(doc: OriginDoc, mention: _Mention, library: Library, linked: set[str], translated: bool) -> OriginLink | None:
    """Lead a mention to the collected document it means, else to the outlet by name."""
    whole = mention.lead and doc.type not in CARRIERS and len(doc.text) <= NEWS_CHARACTERS
    span = (None, None) if whole else (mention.start, mention.end)
    target, rule, why = _target(doc, mention, library, linked)
    if target is not None:
        rule = Rule.TRANSLATION if translated and rule is Rule.HYPERLINK else rule
        return OriginLink(
            child=doc.key,
            parent=target.key,
            label=target.title or target.id,
            rule=rule,
            why=why,
            start=span[0],
            end=span[1],
        )
    return OriginLink(
        child=doc.key, parent=f"named:{mention.slug}", label=mention.name, rule=Rule.NAMED,
        start=span[0], end=span[1], why=f"The text hands over to {mention.name}; no matching document is held.",
    )  # fmt: skip


def _target(
    doc: OriginDoc, mention: _Mention, library: Library, linked: set[str]
) -> tuple[OriginDoc | None, Rule, str]:
    """The collected document of the named publisher that tells the same story, and how it was recognised."""
    if mention.publisher is None:
        return None, Rule.NAMED, ""
    held = library.by_publisher[mention.publisher]
    if pages := [d for d in held if d.id in linked]:
        return pages[0], Rule.HYPERLINK, f"The text names {mention.name} and links to its page."
    best = _best(doc, held, library)
    if best is None:
        return None, Rule.NAMED, ""
    shared = sorted(library.facts[doc.id] & library.facts[best.id])
    return best, Rule.ATTRIBUTION, f"The text names {mention.name}; both have {', '.join(shared[:5])}."


def _best(doc: OriginDoc, held: Sequence[OriginDoc], library: Library) -> OriginDoc | None:
    """The document with most shared figures and names within two weeks; None below the least number."""
    scored = []
    for other in held:
        if other.id == doc.id or doc.published_on is None or other.published_on is None:
            continue
        days = abs((doc.published_on - other.published_on).days)
        shared = len(library.facts[doc.id] & library.facts[other.id])
        if days <= NEAR_DAYS and shared >= SHARED_FACTS:
            scored.append((-shared, days, other.id, other))
    return min(scored, key=lambda s: s[:3])[3] if scored else None


def _source_lines(doc: OriginDoc, mentions: Sequence[_Mention], library: Library) -> Iterator[OriginLink]:
    """A line "Source: X" under the text: X stands between the document and whatever the text itself names."""
    for match in _SOURCE_LINE.finditer(doc.text):
        name = match.group(1).strip()
        if not name or name.lower() in {n.lower() for n in doc.names} | {doc.publisher.lower()}:
            continue
        station = f"named:{_declared_slug(name)}"
        lead = next((m for m in mentions if m.lead and f"named:{m.slug}" != station), None)
        if lead is None:
            yield OriginLink(
                child=doc.key, parent=station, label=name, rule=Rule.SOURCE_LINE, why=f"A source line names {name}."
            )
            continue
        found, _, _ = _target(doc, lead, library, set(_linked(doc, library)))
        parent = found.key if found else f"named:{lead.slug}"
        yield OriginLink(
            child=doc.key, parent=parent, label=lead.name, rule=Rule.SOURCE_LINE, via=(station,),
            why=f"A source line names {name}, and the text it took over names {lead.name}.",
        )  # fmt: skip


def _declared_slug(name: str) -> str:
    """The key of a declared outlet with this name, else the name itself as a key."""
    folded = fold(name).text
    return next((key for key, pattern in outlets() if pattern.fullmatch(folded)), slug(name))


def _wire_marks(doc: OriginDoc, library: Library) -> Iterator[OriginLink]:
    """Agency marks at the head or the foot: "(Reuters)", "/ТАСС/", "ANP -"."""
    for region, text in (("head", doc.text[:300]), ("foot", doc.text[-200:])):
        for match in _MARK.finditer(text):
            name = match.group(1) or match.group(2)
            key = "ap" if name == "AP" else _declared_slug(name)
            if key not in _AGENCIES or key == slug(doc.publisher):
                continue
            publisher = next((p for p, pattern in library.names if pattern.fullmatch(fold(name).text)), None)
            if publisher == doc.publisher:
                continue
            best = _best(doc, library.by_publisher[publisher], library) if publisher else None
            yield OriginLink(
                child=doc.key, parent=best.key if best else f"named:{key}", label=best.title if best else name,
                rule=Rule.WIRE, why=f"An agency mark at the {region}: {name}.",
            )  # fmt: skip


def _translations(doc: OriginDoc, library: Library, linked: set[str]) -> Iterator[OriginLink]:
    """A text that calls itself a translation: the linked page in another language, or the one with the same facts."""
    pages = [d for docs in library.by_publisher.values() for d in docs if d.id in linked and d.lang != doc.lang]
    others = [d for p, docs in sorted(library.by_publisher.items()) for d in docs if d.lang != doc.lang]
    page = min(pages, key=lambda d: d.id) if pages else _best(doc, others, library)
    if page is not None:
        shared = len(library.facts[doc.id] & library.facts[page.id])
        sure = bool(pages) or shared > SHARED_FACTS
        yield OriginLink(
            child=doc.key, parent=page.key, label=page.title or page.id, rule=Rule.TRANSLATION,
            certainty=Certainty.MERGED if sure else Certainty.PROPOSED,
            why=f"The text calls itself a translation; {shared} figures and names agree with this page.",
        )  # fmt: skip
