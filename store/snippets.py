"""A passage's words around what was searched for, with the hits marked in the forms in which they stand there."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from store.lemmas import INVISIBLE, language_code, marked
from store.query import Node, Phrase, Prefix, Word, leaves

WORDS = 32  # shown of a passage
_LOOKED_AT, _MOST_HITS = 20_000, 400  # words and hits of one passage; a passage may be a whole book without paragraphs
_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What hits look like: folded words that stand side by side, beginnings of words, marked lemmas."""

    runs: tuple[tuple[str, ...], ...] = ()
    prefixes: tuple[tuple[str, ...], ...] = ()
    lemmas: frozenset[str] = frozenset()


def sought(node: Node, lemmas: frozenset[str]) -> Sought:
    """What a search looks for, of which the unwanted part is left out; `lemmas`: the marked lemmas of its words."""
    found = list(leaves(node))
    return Sought(
        runs=tuple(_tokens(leaf.text) for leaf in found if isinstance(leaf, Word | Phrase)),
        prefixes=tuple(_tokens(leaf.text) for leaf in found if isinstance(leaf, Prefix)),
        lemmas=lemmas,
    )


def snippet(
    text: str, language: str | None, wanted: Sought, *, around: tuple[str, str] = ("[", "]"), words: int = WORDS
) -> str:
    """The stretch of at most so many words with the most different hits, each hit between `around`.

    >>> snippet("He saw deserters.", "en", Sought(lemmas=frozenset({"en0deserter"})))
    'He saw [deserters].'
    """
    tokens = list(islice(_TOKEN.finditer(text.translate(_FOLD)), _LOOKED_AT))
    hits = _hits(text, tokens, language, wanted)[:_MOST_HITS]
    first = _best_start([start for start, _, _ in hits], [what for _, _, what in hits], words, len(tokens))
    last = min(first + words, len(tokens)) - 1
    begin = tokens[first].start() if first else 0
    end = tokens[last].end() if tokens and (last < len(tokens) - 1 or len(tokens) == _LOOKED_AT) else len(text)
    found, done = [" … " if first else ""], begin
    for start, stop, _ in hits:
        if start < first or stop > last or tokens[start].start() < done:
            continue
        found += [text[done : tokens[start].start()], around[0], text[tokens[start].start() : tokens[stop].end()]]
        found.append(around[1])
        done = tokens[stop].end()
    return "".join([*found, text[done:end], " … " if end < len(text) else ""])


def _hits(
    text: str, tokens: Sequence[re.Match[str]], language: str | None, wanted: Sought
) -> list[tuple[int, int, str]]:
    """(first token, last token, what was found) in the order of the text; the longest first where two begin together.

    The tokens are of the folded text, in which each character stands where it stands in the text itself.
    """
    folded = [token[0] for token in tokens]
    found: list[tuple[int, int, str]] = []
    for run in filter(None, wanted.runs):
        for at in _places(folded, run[0]):
            if tuple(folded[at : at + len(run)]) == run:
                found.append((at, at + len(run) - 1, " ".join(run)))
    for run in filter(None, wanted.prefixes):
        for last, word in enumerate(folded):
            at = last - len(run) + 1
            if word.startswith(run[-1]) and at >= 0 and tuple(folded[at:last]) == run[:-1]:
                found.append((at, last, " ".join(run)))
    code = language_code(language)
    if code and wanted.lemmas:
        found += _joined(text, tokens, code, wanted.lemmas)
        for at, token in enumerate(tokens):
            if (lemma := marked(text[token.start() : token.end()], code)) in wanted.lemmas:
                found.append((at, at, lemma))
    return sorted(found, key=lambda hit: (hit[0], -hit[1]))


def _places(words: Sequence[str], word: str) -> Iterator[int]:
    """Where a word stands."""
    at = -1
    for _ in range(words.count(word)):
        at = words.index(word, at + 1)
        yield at


def _joined(
    text: str, tokens: Sequence[re.Match[str]], code: str, lemmas: frozenset[str]
) -> list[tuple[int, int, str]]:
    """Words that an apostrophe or an invisible sign divides in the index, but not for a reader: обов'язок."""
    found = []
    for at, (token, following) in enumerate(pairwise(tokens)):
        between = text[token.end() : following.start()]
        if len(between) == 1 and (between in "'’ʼ" or ord(between) in INVISIBLE):
            whole = text[token.start() : following.end()].translate(INVISIBLE)
            lemma = marked(whole.replace("’", "'").replace("ʼ", "'"), code)
            found += [(at, at + 1, lemma)] if lemma in lemmas else []
    return found


def _best_start(places: Sequence[int], whats: Sequence[str], words: int, length: int) -> int:
    """The token at which the stretch begins: a little before the hit after which most different hits follow."""
    if length <= words or not places:
        return 0
    best, most = places[0], 0
    for index, place in enumerate(places):
        different = {what for at, what in zip(places[index:], whats[index:], strict=True) if at < place + words - 4}
        if len(different) > most:
            best, most = place, len(different)
    return max(0, min(best - 4, length - words))


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(text.translate(_FOLD)))


class _Folding(dict[int, str]):
    """As unicode61 with remove_diacritics 2 folds: lower case, Latin letters without marks; one character for each."""

    def __missing__(self, code: int) -> str:
        lower = chr(code).lower()
        base = unicodedata.normalize("NFD", lower)[0]
        self[code] = folded = base if base.isascii() and base.isalnum() else lower if len(lower) == 1 else chr(code)
        return folded


_FOLD = _Folding()
