"""What a person typed into the search box, read into a small tree, and the tree written as FTS5 asks for it.

Words, "phrases", prefix*, AND, OR, NOT and parentheses. NOT excludes the word, phrase or parenthesis after it;
AND, also unwritten, binds closer than OR. What cannot be read so is read as plain words, all of which must occur.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from store import lemmas
from store.errors import ForPeople

MOST_CHARACTERS = 1_000
MOST_WORDS = 64
SHORTEST_PREFIX = 2  # letters; less would read a good part of the index
_DEEPEST = 12  # parentheses within parentheses
_SIGNS = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys(map(chr, range(32)), " "))
_PIECE = re.compile(r'"([^"]*)"|([()])|([^\s()"]+)|(")')
_OPERATORS = frozenset({"AND", "OR", "NOT"})


class SearchError(ForPeople, ValueError):
    """The search cannot be run as written; the message says how to write it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word in any of its forms; with inner signs (5-year, l'armée) its parts stand side by side."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """These words side by side, in exactly these forms."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word that begins so."""

    text: str


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Without:
    wanted: "Node"
    unwanted: "Node"


Node = Word | Phrase | Prefix | All | Any | Without


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search as read. `plain`: it was not well formed, and is read as plain words."""

    node: Node
    plain: bool = False


def parse(text: str) -> Query:
    """Read what was typed. Raises SearchError where there is no word in it, or too much of it.

    >>> parse('deserter (draft OR "call up")').node
    All(parts=(Word(text='deserter'), Any(parts=(Word(text='draft'), Phrase(text='call up')))))
    >>> parse('"not closed').plain
    True
    """
    if len(text) > MOST_CHARACTERS:
        raise SearchError(
            f"the search is {len(text):,} characters long; give at most {MOST_CHARACTERS:,}, or a few words of it"
        )
    seen = text.encode("utf-8", "replace").decode().translate(lemmas.INVISIBLE).translate(_SIGNS)
    if not seen.strip():
        raise SearchError("the search is empty; give at least one word")
    words = plain_words(seen)
    if not words:
        raise SearchError(f"{text!r} has no word or number in it to search for")
    if len(words) > MOST_WORDS:
        raise SearchError(f"the search has {len(words)} words; give at most {MOST_WORDS}")
    try:
        return Query(node=_Reader(_pieces(seen)).whole())
    except _OddError:
        return Query(node=_all([Word(word) for word in words]), plain=True)


def plain_words(text: str) -> list[str]:
    """The words and numbers of a text, without signs.

    >>> plain_words("l'armée 5-year")
    ['l', 'armée', '5', 'year']
    """
    return "".join(letter if letter.isalnum() else " " for letter in text).split()


def leaves(node: Node) -> Iterator[Word | Phrase | Prefix]:
    """The words, phrases and prefixes that a hit may hold; not those it must not."""
    match node:
        case All(parts) | Any(parts):
            for part in parts:
                yield from leaves(part)
        case Without(wanted, _):
            yield from leaves(wanted)
        case _:
            yield node


def as_fts(node: Node, languages: Iterable[str], *, sure: bool = False) -> str:
    """The tree in FTS5's grammar, over the columns `text` and `lemmas` (languages, sure: as lemmas.asked).

    >>> as_fts(parse("deserteurs NOT dienst*").node, ["nl"])
    '((text : "deserteurs" OR lemmas : "nl0deserteur") NOT text : "dienst" *)'
    """
    known = tuple(languages)
    match node:
        case Word(text):
            forms = [f'text : "{text}"', *(f'lemmas : "{lemma}"' for lemma in lemmas.asked(text, known, sure=sure))]
            return f"({' OR '.join(forms)})" if len(forms) > 1 else forms[0]
        case Phrase(text):
            return f'text : "{text}"'
        case Prefix(text):
            return f'text : "{text}" *'
        case All(parts):
            return f"({' AND '.join(as_fts(part, known, sure=sure) for part in parts)})"
        case Any(parts):
            return f"({' OR '.join(as_fts(part, known, sure=sure) for part in parts)})"
        case Without(wanted, unwanted):
            return f"({as_fts(wanted, known, sure=sure)} NOT {as_fts(unwanted, known, sure=sure)})"


class _OddError(Exception):
    """Not well formed: the caller reads plain words."""


def _pieces(text: str) -> list[str | Node]:
    """Signs and operators as text, the rest as leaves."""
    found: list[str | Node] = []
    for phrase, sign, chunk, stray in _PIECE.findall(text):
        if stray or (chunk and not chunk.strip("*")):
            raise _OddError
        if sign or chunk in _OPERATORS:
            found.append(sign or chunk)
        elif chunk:
            found += _leaf(chunk)
        elif plain_words(phrase):
            found.append(Phrase(" ".join(phrase.split())))
        else:
            raise _OddError
    return found


def _leaf(chunk: str) -> list[Node]:
    """One run of characters without blanks: a word, a prefix, or nothing (a lone dash)."""
    start = len(list(takewhile(lambda letter: not letter.isalnum(), chunk)))
    end = len(chunk) - len(list(takewhile(lambda letter: not letter.isalnum(), reversed(chunk))))
    if start >= end:
        return []
    word = chunk[start:end]
    if chunk[end:].startswith("*"):
        if len(word) < SHORTEST_PREFIX:
            raise SearchError(f"{chunk!r} would find almost everything; give at least {SHORTEST_PREFIX} letters")
        return [Prefix(word)]
    return [Word(word)]


def _all(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else All(tuple(parts))


class _Reader:
    """Reads pieces from left to right."""

    def __init__(self, pieces: list[str | Node]) -> None:
        self._pieces, self._at, self._depth = pieces, 0, 0

    def whole(self) -> Node:
        found = self._any()
        if self._at < len(self._pieces):
            raise _OddError
        return found

    def _next(self) -> str | Node | None:
        return self._pieces[self._at] if self._at < len(self._pieces) else None

    def _any(self) -> Node:
        parts = [self._every()]
        while self._next() == "OR":
            self._at += 1
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _every(self) -> Node:
        parts = [self._one()]
        while (following := self._next()) not in (None, "OR", ")"):
            if following == "AND":
                self._at += 1
            if self._next() == "NOT":
                self._at += 1
                parts = [Without(_all(parts), self._one())]
            else:
                parts.append(self._one())
        return _all(parts)

    def _one(self) -> Node:
        piece = self._next()
        self._at += 1
        if piece == "(" and self._depth < _DEEPEST:
            self._depth += 1
            found = self._any()
            if self._next() != ")":
                raise _OddError
            self._at += 1
            self._depth -= 1
            return found
        if piece is None or isinstance(piece, str):
            raise _OddError
        return piece
