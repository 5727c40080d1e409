"""Who says so: the outlet a document names, the page it links to, its agency mark, the official it quotes.

Source of the rules: method §3, rule 2 and rule 6.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from review.declarations import load
from review.evidence_cues import cue, fold
from review.evidence_voices import SpeakerIndex
from review.origins_called import called
from review.origins_letters import sentences_of
from review.origins_library import SHARED_FACTS, Library, declared_slug
from review.origins_mentions import AGAINST, READ_ALSO, Mention
from review.origins_types import CARRIERS, NEWS_CHARACTERS, Certainty, OriginDoc, OriginLink, Rule
from review.origins_versions import told_abroad

_SOURCE_LINE = re.compile(
    r"^\W*(?:source|bron|источник|джерело|quelle)\s*:\s*+(?:https?://)?(?:www\.)?([\w .&'-]{2,40}?)\s*(?:[.,;(\n]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_TRANSLATED = re.compile(
    r"translat(?:ed|ion) (?:from|of)|vertaald (?:uit|van|naar)|vertaling van|перевод(?:ено)? с|перевод стать"
    r"|переклад з|übersetz\w+ (?:aus|von)|traduit d",
    re.IGNORECASE,
)


def attributions(doc: OriginDoc, library: Library, named: Sequence[Mention]) -> Iterator[OriginLink]:
    """Yield what the document says about where it has things from; `named` are its mentions of outlets."""
    translated = _TRANSLATED.search(doc.text) is not None
    linked = library.linked(doc)
    for mention in named:
        yield _link(doc, mention, library, linked, translated)
    yield from _source_lines(doc, named, library, linked)
    yield from _bare_links(doc, named, library, linked)
    if translated:
        yield from _translations(doc, library, linked)


@lru_cache(maxsize=1)
def shipped_speakers() -> SpeakerIndex:
    """The speakers that ship with the project."""
    return SpeakerIndex.of(load().speakers.values())


def called_links(
    documents: Sequence[OriginDoc], library: Library, speakers: SpeakerIndex, wanted: Collection[str]
) -> Iterator[OriginLink]:
    """What wanted documents (keys) have from channels, bloggers and authors of posts, whoever named them as such."""
    for doc, mention, sure in called(documents, speakers, library, wanted):
        step = _link(doc, mention, library, library.linked(doc), translated=False)
        why = f"{mention.name} stands before a colon here and elsewhere; whether that is one author is to be seen."
        yield step if sure else replace(step, certainty=Certainty.PROPOSED, why=why)


def _reports_itself(doc: OriginDoc, mention: Mention) -> bool:
    """Whether another sentence was told to this very publication: then only the words handed over come from there."""
    pattern = cue("attribution", doc.lang, "own")
    if pattern is None or pattern.search(fold(doc.text).text) is None:
        return False
    others = (doc.text[a:b] for a, b in sentences_of(doc.text) if (a, b) != (mention.start, mention.end))
    return any(pattern.search(fold(sentence).text) for sentence in others)


def _link(
    doc: OriginDoc, mention: Mention, library: Library, linked: frozenset[str], translated: bool
) -> OriginLink:  # fmt: skip
    """Lead a mention to the collected document it means, else to the outlet by name."""
    whole = mention.lead and doc.type not in CARRIERS and len(doc.text) <= NEWS_CHARACTERS
    whole = whole and not _reports_itself(doc, mention)
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
    doc: OriginDoc, mention: Mention, library: Library, linked: frozenset[str]
) -> tuple[OriginDoc | None, Rule, str]:
    """The collected document of the named publisher that tells the same story, and how it was recognised."""
    if mention.publisher is None:
        return None, Rule.NAMED, ""
    held = library.by_publisher.get(mention.publisher, ())
    if pages := [d for d in held if d.id in linked]:
        return pages[0], Rule.HYPERLINK, f"The text names {mention.name} and links to its page."
    best = library.best(doc, held)
    if best is None:
        best = library.alike(doc, held, mention.name)
        if best is not None:
            return best, Rule.ATTRIBUTION, f"The text names {mention.name} and has most words of this story."
        best = told_abroad(doc, (mention.start, mention.end), held)
        return best, Rule.ATTRIBUTION, f"The text names {mention.name}, whose page of these days says it alike."
    shared = sorted(library.facts[doc.id] & library.facts[best.id])
    return best, Rule.ATTRIBUTION, f"The text names {mention.name}; both have {', '.join(shared[:5])}."


def _bare_links(
    doc: OriginDoc, named: Sequence[Mention], library: Library, linked: frozenset[str]
) -> Iterator[OriginLink]:
    """A link to a collected page whose outlet is not named: it leads there where the story is the same.

    Merged where the text hands over to somebody whom it does not name ("according to a report"); else a person has to
    say, since a link can also mean "read also" or "this is wrong" (method §3 rule 6).
    """
    if not linked or READ_ALSO.search(doc.text) or AGAINST.search(doc.text) or doc.type in CARRIERS:
        return
    pages = [d for docs in library.by_publisher.values() for d in docs if d.id in linked]
    meant = {mention.publisher for mention in named}
    page = library.best(doc, [d for d in pages if d.publisher not in meant])
    if page is None:
        return
    cues = cue("attribution", doc.lang, "according")
    over = not named and cues is not None and cues.search(fold(doc.text).text) is not None
    yield OriginLink(
        child=doc.key, parent=page.key, label=page.title or page.id, rule=Rule.HYPERLINK,
        certainty=Certainty.MERGED if over else Certainty.PROPOSED,
        why=f"It links to this page; {len(library.facts[doc.id] & library.facts[page.id])} figures and names agree.",
    )  # fmt: skip


def _source_lines(
    doc: OriginDoc, named: Sequence[Mention], library: Library, linked: frozenset[str]
) -> Iterator[OriginLink]:
    """A line "Source: X" under the text: X stands between the document and whatever the text itself names."""
    for match in _SOURCE_LINE.finditer(doc.text):
        name = match.group(1).strip()
        if not name or name.lower() in {n.lower() for n in doc.names} | {doc.publisher.lower()}:
            continue
        station = f"named:{declared_slug(name)}"
        lead = next((m for m in named if m.lead and f"named:{m.slug}" != station), None)
        if lead is None:
            yield OriginLink(
                child=doc.key, parent=station, label=name, rule=Rule.SOURCE_LINE, why=f"A source line names {name}."
            )
            continue
        found, _, _ = _target(doc, lead, library, linked)
        parent = found.key if found else f"named:{lead.slug}"
        yield OriginLink(
            child=doc.key, parent=parent, label=lead.name, rule=Rule.SOURCE_LINE, via=(station,),
            why=f"A source line names {name}, and the text it took over names {lead.name}.",
        )  # fmt: skip


def _translations(doc: OriginDoc, library: Library, linked: frozenset[str]) -> Iterator[OriginLink]:
    """A text that calls itself a translation: the linked page in another language, or the one with the same facts."""
    pages = [d for docs in library.by_publisher.values() for d in docs if d.id in linked and d.lang != doc.lang]
    others = [d for p, docs in sorted(library.by_publisher.items()) for d in docs if d.lang != doc.lang]
    page = min(pages, key=lambda d: d.id) if pages else library.best(doc, others)
    if page is not None:
        shared = len(library.facts[doc.id] & library.facts[page.id])
        sure = bool(pages) or shared > SHARED_FACTS
        yield OriginLink(
            child=doc.key, parent=page.key, label=page.title or page.id, rule=Rule.TRANSLATION,
            certainty=Certainty.MERGED if sure else Certainty.PROPOSED,
            why=f"The text calls itself a translation; {shared} figures and names agree with this page.",
        )  # fmt: skip
