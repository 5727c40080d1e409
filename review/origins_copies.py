"""The same text again: containment by sentences and by winnowing fingerprints (method §3 rule 1, tech §7).

Containment, not resemblance: a report that swallows a report must be found. Stock text of a publisher (in more than
three of its documents) is left out when two of its own documents are compared, and only then: text that a publisher
repeats is still taken over when another prints it, and a whole document is never stock.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from review.origins_prints import MIN_SENTENCE_WORDS, Print, print_of
from review.origins_types import Certainty, OriginDoc, OriginLink, Rule

MERGE_AT, PROPOSE_AT = 0.80, 0.50  # method §3 rule 1
SAME_PAGE_AT = 0.90  # of the longer: one publisher's page again, whatever of it is stock
MIN_SHARED_PRINTS = 8  # tech §7: fewer shared fingerprints also occur by accident,
MIN_FLASH_PRINTS = 3  # unless they are nearly all that a flash has
MIN_SHARED_SENTENCES = 3
SWALLOWED = 2  # a text that is so many times longer than a flash it prints is more than that flash
STOCK_PER_PUBLISHER = 3
Stock = Mapping[str, frozenset[int]]  # publisher -> sentences or fingerprints
_Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What earlier documents hold: sentence or fingerprint -> publisher -> their numbers; and whole pages."""

    sentences: dict[int, dict[str, list[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    grams: dict[int, dict[str, list[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    pages: dict[int, int] = field(default_factory=dict)  # all words -> first document with just these

    def add(self, number: int, one: Print) -> None:
        """Take in the next document."""
        for sentence in one.sentences:
            self.sentences[sentence][one.doc.publisher].append(number)
        for gram in one.grams:
            self.grams[gram][one.doc.publisher].append(number)
        self.pages.setdefault(one.whole, number)


def copies(documents: Sequence[OriginDoc], world: tuple[Stock, Stock] | None = None) -> Iterator[OriginLink]:
    """Yield the links of later documents to earlier ones whose text they share, in a fixed order.

    `world`: the stock sentences and fingerprints of each publisher, where more documents are held than are given.
    """
    prints = [print_of(doc) for doc in sorted(documents, key=age)]
    stock, gram_stock = world or (
        _stock((p.doc.publisher, p.sentences) for p in prints),
        _stock((p.doc.publisher, p.grams) for p in prints),
    )
    seen = _Seen()
    for number, current in enumerate(prints):
        linked: dict[int, list[OriginLink]] = {}
        taken: set[tuple[int | None, int | None]] = set()  # a stretch that many print leads to the first of them
        for earlier in sorted(_candidates(current, prints, seen, stock, gram_stock)):
            for step in _compare(current, prints[earlier], stock, gram_stock):
                if step.start is None or (step.start, step.end) not in taken:
                    taken.add((step.start, step.end))
                    linked.setdefault(earlier, []).append(step)
                    yield step
        yield from _sentences_taken(current, prints, seen, stock, linked)
        seen.add(number, current)


def age(doc: OriginDoc) -> tuple[str, str]:
    """Sort key: earliest publication first, undated last, then by id."""
    return (doc.published_on.isoformat() if doc.published_on else "9999", doc.id)


def _stock(parts: Iterable[tuple[str, Iterable[int]]]) -> Stock:
    """What stands in more than three documents of one publisher: its stock sentences, footers, legal paragraphs."""
    counts = Counter((publisher, part) for publisher, items in parts for part in items)
    found: dict[str, set[int]] = defaultdict(set)
    for (publisher, part), n in counts.items():
        if n > STOCK_PER_PUBLISHER:
            found[publisher].add(part)
    return {publisher: frozenset(items) for publisher, items in found.items()}


def _candidates(current: Print, prints: Sequence[Print], seen: _Seen, stock: Stock, gram_stock: Stock) -> Iterator[int]:
    """Numbers of the earlier documents that share enough with this one to be compared; each once."""
    shared: Counter[int] = Counter()
    words: Counter[int] = Counter()
    for s in current.sentences:
        for number in _holders(seen.sentences, s, current.doc.publisher, stock):
            shared[number] += 1
            words[number] += current.lengths[s]
    grams = Counter(
        number for g in current.grams for number in _holders(seen.grams, g, current.doc.publisher, gram_stock)
    )
    page = seen.pages.get(current.whole)
    for number in shared.keys() | grams.keys() | ({page} if page is not None else set()):
        other = prints[number]
        if (
            number == page
            or shared[number] >= MIN_SHARED_SENTENCES
            or words[number] >= MERGE_AT * min(current.own, other.own)
            or _enough(grams[number], min(len(current.grams), len(other.grams)))
        ):
            yield number


def _holders(table: Mapping[int, Mapping[str, list[int]]], part: int, publisher: str, stock: Stock) -> Iterator[int]:
    """Earlier documents with this sentence or fingerprint; a publisher's stock does not lead to its own documents."""
    for other, numbers in table.get(part, {}).items():
        if other != publisher or part not in stock.get(publisher, ()):
            yield from numbers


def _enough(common: int, fewest: int) -> bool:
    """Whether so many common fingerprints are no accident, where the shorter text has `fewest`."""
    return common >= MIN_SHARED_PRINTS or (common >= MIN_FLASH_PRINTS and common >= MERGE_AT * fewest)


def _compare(later: Print, earlier: Print, stock: Stock, gram_stock: Stock) -> Iterator[OriginLink]:
    """Say whether the later document holds the earlier one's text, or is held by it."""
    everything = later.sentences.keys() & earlier.sentences.keys()
    if later.whole == earlier.whole and later.length >= MIN_SENTENCE_WORDS:
        yield _copy(later, earlier, 1.0, "The same text again.")
        return
    if _template(later, earlier, everything):
        return
    page = later.words_of(everything) / max(1, later.own, earlier.own)
    if page >= SAME_PAGE_AT:
        yield _copy(later, earlier, page, f"{page:.0%} of the longer text stands in both.")
        return
    same = later.doc.publisher == earlier.doc.publisher
    own = stock.get(later.doc.publisher, frozenset()) if same else frozenset[int]()
    own_grams = gram_stock.get(later.doc.publisher, frozenset()) if same else frozenset[int]()
    shared = everything - own
    prints_a, prints_b = later.grams - own_grams, earlier.grams - own_grams
    common, fewest = len(prints_a & prints_b), min(len(prints_a), len(prints_b))
    few = min(len(later.sentences.keys() - own), len(earlier.sentences.keys() - own))
    by_words = later.words_of(shared) / max(1, min(later.own, earlier.own))
    by_sentence = len(shared) / max(1, few) if len(shared) >= 2 else 0.0
    by_print = common / max(1, fewest) if _enough(common, fewest) or len(shared) >= MIN_SHARED_SENTENCES else 0.0
    flash = by_words >= MERGE_AT
    held = max(by_sentence, by_print, by_words if flash else 0.0)
    why = f"{held:.0%} of the shorter text stands in both ({len(shared)} sentences, {common} fingerprints)."
    if flash and common < MIN_SHARED_PRINTS and later.own > SWALLOWED * earlier.own:
        yield from _quoted(later, earlier, _runs(later, shared), Certainty.MERGED, "A short text is taken over whole.")
    elif held >= PROPOSE_AT:
        yield _copy(later, earlier, held, why)
    elif len(shared) >= MIN_SHARED_SENTENCES and later.doc.owner != earlier.doc.owner:
        longest = max(_runs(later, shared), key=lambda run: (run[1] - run[0], -run[0]))
        why = f"{len(shared)} sentences are taken over word for word."
        yield from _quoted(later, earlier, [longest], Certainty.MERGED, why)


def _copy(later: Print, earlier: Print, held: float, why: str) -> OriginLink:
    """The later document as a whole comes from the earlier one; `held` is the containment, 0 to 1."""
    return OriginLink(
        child=later.doc.key, parent=earlier.doc.key, label=earlier.doc.title or earlier.doc.id, rule=Rule.COPY,
        strength=held, certainty=Certainty.MERGED if held >= MERGE_AT else Certainty.PROPOSED, why=why,
    )  # fmt: skip


def _quoted(later: Print, earlier: Print, runs: _Spans, certainty: Certainty, why: str) -> Iterator[OriginLink]:
    """Stretches of the later document come from the earlier one."""
    for start, end in runs:
        yield OriginLink(
            child=later.doc.key, parent=earlier.doc.key, label=earlier.doc.title or earlier.doc.id,
            rule=Rule.QUOTATION, certainty=certainty, start=start, end=end,
            strength=(end - start) / max(1, len(later.doc.text)), why=why,
        )  # fmt: skip


def _sentences_taken(
    current: Print, prints: Sequence[Print], seen: _Seen, stock: Stock, linked: Mapping[int, Sequence[OriginLink]]
) -> Iterator[OriginLink]:
    """Propose each sentence that already stood in another document to come from the first that had it.

    One sentence can be all that carries an answer; whether it does is not known here, so each is proposed.
    """
    by_first: dict[int, set[int]] = defaultdict(set)
    for s, (start, end) in current.sentences.items():
        first = min(_holders(seen.sentences, s, current.doc.publisher, stock), default=None)
        if first is None:
            continue
        told = linked.get(first, ())
        if not any(_covers(step, start, end) for step in told):
            by_first[first].add(s)
    for first, shared in sorted(by_first.items()):
        why = "The same sentence stands there, word for word."
        yield from _quoted(current, prints[first], _runs(current, shared), Certainty.PROPOSED, why)


def _covers(step: OriginLink, start: int, end: int) -> bool:
    """Whether a merged step says of this stretch already where it comes from."""
    whole = step.start is None or step.end is None
    return step.certainty is Certainty.MERGED and (whole or (step.start <= start and end <= step.end))  # type: ignore[operator]


def _runs(one: Print, chosen: Iterable[int]) -> _Spans:
    """The stretches that the chosen sentences make, adjoining ones joined, in text order."""
    runs: list[tuple[int, int]] = []
    for start, end in sorted(one.sentences[s] for s in chosen):
        if runs and start - runs[-1][1] <= 2:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs


def _template(one: Print, two: Print, shared: set[int]) -> bool:
    """Whether one owner fills in the same sentences with other figures or another month: two facts (rule 6).

    Most of what differs must be such sentences: one other figure under a story taken over makes no new story.
    """
    if one.doc.owner != two.doc.owner:
        return False
    rest_one = {one.masked[s] for s in one.sentences if s not in shared}
    rest_two = {two.masked[s] for s in two.sentences if s not in shared}
    return len(rest_one & rest_two) > max(len(rest_one), len(rest_two)) / 2
