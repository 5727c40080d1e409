"""Independent origins: where each document has its statements from (method §3). Pure; the order of input is no matter.

Keys are stable text: "doc:<id>" for a document held here, "named:<slug>" for an outlet that is not,
"cited:<address>" for what only a footnote names, and "said:<speaker>:<day>" for an official statement, whoever reports
it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import pairwise

from review.cue_words import DATE_WORDS
from review.encoders import encoder
from review.evidence_voices import SpeakerIndex
from review.origins_attribution import attributions, called_links, shipped_speakers
from review.origins_called import one_name
from review.origins_copies import Stock, copies
from review.origins_letters import readable
from review.origins_library import Library, Names
from review.origins_loose import loose
from review.origins_mentions import mentions
from review.origins_notes import footnotes
from review.origins_persons import interviews
from review.origins_rounds import one_place, rounds
from review.origins_statements import original_of, statement_links
from review.origins_types import Certainty, OriginDoc, OriginLink, OriginNote, Rule, Wellspring
from review.origins_versions import versions
from review.origins_wires import marks_of_copies, wire_marks
from review.rules_digest import rules_digest

__all__ = [
    "ORIGIN_RULES_VERSION", "Certainty", "OriginDoc", "OriginLink", "OriginNote", "Rule", "Wellspring", "World",
    "link", "resolve", "rules_version",
]  # fmt: skip

CODE_VERSION = 1
OWNER_DAYS = 7
OWNER_FACTS = 6
OWNER_SHARE = 0.4  # of the shorter story's figures and names
RULES = ("origins", "origins_index", "origins_linking", "origins_rows")  # what links, and what is looked at for it
VOCABULARIES = ("attribution", "deployment", "incidents", "outlets", *DATE_WORDS)
_PREFERENCE = {rule: number for number, rule in enumerate(Rule)}


def _version() -> str:
    """Name of the rules in force: the code's number and a digest of vocabularies and rule files."""
    return f"origins-{CODE_VERSION}-{rules_digest(RULES, VOCABULARIES)[:12]}"


ORIGIN_RULES_VERSION = _version()


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is held besides the documents given: the names of all publishers, and what each of them always prints."""

    names: Names
    stock: Stock  # sentences
    gram_stock: Stock  # fingerprints


def rules_version(speakers: SpeakerIndex) -> str:
    """The name of the rules with what else decides about links: the speakers' names, and the encoder in use."""
    names = sorted((lang, card, pattern.pattern) for lang, t in speakers.by_language.items() for card, pattern in t)
    used = encoder()
    parts = repr((names, sorted(speakers.titles.items()), used.name if used else ""))
    return f"{ORIGIN_RULES_VERSION}+{sha256(parts.encode()).hexdigest()[:8]}"


def link(
    documents: Sequence[OriginDoc],
    speakers: SpeakerIndex | None = None,
    *,
    world: World | None = None,
    children: Collection[str] | None = None,
) -> tuple[OriginLink, ...]:
    """Every step from a document (or a span of it) to where it has that from, sorted and each once.

    With `children` (document ids) only their steps; `world` where more is held than is given. Raises ValueError for
    two documents with one id.
    """
    ordered = sorted(map(readable, documents), key=lambda doc: doc.id)
    for one, two in pairwise(ordered):
        if one.id == two.id:
            raise ValueError(f"two documents have the id {one.id!r}; give each its own")
    wanted = {doc.key for doc in ordered if children is None or doc.id in children}
    library = Library.of(ordered, world.names if world else None)
    index = speakers or shipped_speakers()
    found = list(copies(ordered, (world.stock, world.gram_stock) if world else None))
    marks = [mark for doc in ordered for mark in wire_marks(doc, library)]
    found += marks
    named = cache(lambda doc: tuple(mentions(doc, library, index)))
    for doc in ordered:
        if doc.key in wanted:
            found += attributions(doc, library, named(doc))
    found += rounds(ordered, library, named, wanted)
    called_so = list(called_links(ordered, library, index, wanted))
    found = list(one_place([*one_name(found, called_so), *called_so], {doc.key: doc for doc in ordered}))
    found += marks_of_copies(marks, found)
    found += _statements(ordered, index, found, wanted)
    found += footnotes(ordered, library)
    found += interviews(ordered, index)
    by_child: dict[str, list[OriginLink]] = defaultdict(list)
    for step in found:
        by_child[step.child].append(step)
    found += loose(ordered, by_child, wanted)
    known = {(step.child, step.parent) for step in found if step.start is None}
    found += versions(ordered, library.facts, known, wanted)
    found += _same_owner(ordered, library, known)
    once = {
        (s.child, s.parent, s.rule, s.start, s.end): s
        for s in sorted(found, key=_order)
        if s.child != s.parent and s.child in wanted
    }
    return tuple(sorted(once.values(), key=_order))


def resolve(links: Iterable[OriginLink], *, include_proposed: bool = False) -> dict[str, Wellspring]:
    """Follow the steps of whole documents up to the chain's end: child key -> well-spring.

    Spans are left out: they move a passage, not its document. A circle collapses into its smallest key.
    """
    parents = _parents(links, include_proposed)
    return {child: _follow(child, parents) for child in sorted(parents)}


def _statements(
    documents: Sequence[OriginDoc], speakers: SpeakerIndex, found: Iterable[OriginLink], wanted: Collection[str]
) -> Iterator[OriginLink]:
    """Official statements, of the day that the original gives where the document has it from one held here."""
    held = {doc.key: doc for doc in documents}
    steps: dict[str, list[OriginLink]] = defaultdict(list)
    for step in found:
        steps[step.child].append(step)
    for doc in documents:
        if doc.key in wanted:
            original = original_of(doc, steps[doc.key], held)
            copy = any(s.rule is Rule.COPY and original and s.parent == original.key for s in steps[doc.key])
            yield from statement_links(doc, speakers, original, copy=copy)


def _order(step: OriginLink) -> tuple[object, ...]:
    return (
        step.child, step.certainty is not Certainty.MERGED, _PREFERENCE[step.rule], -step.strength, step.parent,
        step.start or -1, step.end or -1, step.label, step.why,
    )  # fmt: skip


def _parents(links: Iterable[OriginLink], include_proposed: bool) -> dict[str, OriginLink]:
    """The one step each document takes: merged before proposed, then by rule, then by strength."""
    chosen: dict[str, OriginLink] = {}
    for step in sorted(links, key=_order):
        wanted = step.certainty is Certainty.MERGED or include_proposed
        if step.start is None and wanted:
            chosen.setdefault(step.child, step)
    return chosen


def _follow(child: str, parents: Mapping[str, OriginLink]) -> Wellspring:
    """Walk up from one document; a key met twice is a circle."""
    chain, reasons, proposed = [child], [], False
    at = child
    while at in parents:
        step = parents[at]
        reasons.append(step.why)
        proposed = proposed or step.certainty is Certainty.PROPOSED
        if step.parent in chain:
            circle = chain[chain.index(step.parent) :]
            return Wellspring(
                origin=min(circle), chain=tuple(chain), circular=True, proposed=proposed,
                why="Circular: " + " -> ".join([*circle, step.parent]) + " name each other.",
            )  # fmt: skip
        chain += [*step.via, step.parent]
        at = step.parent
    return Wellspring(origin=at, chain=tuple(chain), why=" ".join(reasons), proposed=proposed)


def _same_owner(documents: Sequence[OriginDoc], library: Library, known: set[tuple[str, str]]) -> Iterator[OriginLink]:
    """Propose one origin for documents of one owner within seven days that share many figures and names (rule 3)."""
    seen: dict[tuple[str, str], list[OriginDoc]] = defaultdict(list)
    for doc in sorted((d for d in documents if d.published_on), key=lambda d: (d.published_on, d.id)):
        counts: dict[str, int] = defaultdict(int)
        near: dict[str, OriginDoc] = {}
        for fact in library.facts[doc.id]:
            for other in reversed(seen[(doc.owner, fact)]):  # the newest first: the first too old ends the search
                if (doc.published_on - other.published_on).days > OWNER_DAYS:  # type: ignore[operator]
                    break
                counts[other.id] += 1
                near[other.id] = other
            seen[(doc.owner, fact)].append(doc)
        for other_id in sorted(counts):
            other = near[other_id]
            smaller = min(len(library.facts[doc.id]), len(library.facts[other_id]))
            if counts[other_id] >= max(OWNER_FACTS, OWNER_SHARE * smaller) and (doc.key, other.key) not in known:
                yield OriginLink(
                    child=doc.key, parent=other.key, label=other.title or other.id, rule=Rule.SAME_OWNER,
                    certainty=Certainty.PROPOSED, strength=counts[other_id],
                    why=f"Same owner ({doc.owner}) within a week, {counts[other_id]} figures and names in common.",
                )  # fmt: skip
