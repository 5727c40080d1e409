"""The notation of terms: what a person writes down in short, written out into surface forms.

`soldier(|s)` gives both forms, `refus(e|ed|ing) to serve` three phrases, `дезертир*` every
word that begins so (also within a phrase), `*plichtig` every word that ends so, and `призывник{м}` the endings of the
declared paradigm м. A hyphen or an apostrophe stands for itself, a blank, or nothing.
"""

import re
from collections.abc import Iterable, Mapping

from review.folding import fold_letters
from store.declared import DeclarationError

MAX_FORMS = 4000  # one term that says more than this is a mistake in its brackets
MAX_LETTERS = 2000  # of one term as it is written
MAX_SHOWN = 80  # letters of a term in a message
MAX_DEPTH = 10  # brackets within brackets

_NAME = re.compile(r"\{([^{}]*)\}")
_TOKEN = re.compile(r"[()|]|[^()|]+")
_OUTSIDE = re.compile(r"\(.*\)")
_JOINT = re.compile(r"[-\u2019']")

Endings = Mapping[str, tuple[str, ...]]  # by paradigm name


def check_class(name: str, lang: str, terms: Iterable[str], endings: Endings) -> None:
    """Raise DeclarationError for an empty term, and for an overlapping one: all it finds, another term finds too."""
    said: dict[str, list[str]] = {}
    where = f"word class {name!r}, language {lang}, term "
    written = [(term, expand(term, endings, where + shown(term))) for term in terms]
    for term, patterns in written:
        for pattern in patterns:
            said.setdefault(pattern, []).append(term)
    for term, patterns in written:
        covers = [_cover(pattern, term, said) for pattern in patterns]
        if all(covers):
            raise DeclarationError(f"{where}{term!r}: overlaps with {covers[0]!r}, which finds all of it; remove one")


def shown(term: str) -> str:
    """A term as a message shows it: in quotation marks, its beginning where it is long."""
    return repr(term if len(term) <= MAX_SHOWN else term[:MAX_SHOWN] + "…")


def _cover(pattern: str, term: str, said: Mapping[str, list[str]]) -> str | None:
    """Return another term that finds whatever this pattern finds, if there is one."""
    if len(said[pattern]) > 1:
        same = said[pattern]
        return next((other for other in same if other != term), term)
    for end in range(2, len(pattern)):
        if pattern[end - 1] not in " *" and pattern[:end] in said and said[pattern[:end]] != [term]:
            return said[pattern[:end]][0]
    return None


def expand(term: str, endings: Endings, where: str) -> dict[str, None]:
    """Return the folded patterns of one term, in order; raise DeclarationError naming `where` if it says nothing."""
    if len(term) > MAX_LETTERS:
        raise DeclarationError(f"{where}: {len(term):,} letters; a term has at most {MAX_LETTERS:,}. Split it")
    if term.replace(" ", "").removesuffix("*").isalnum():  # nothing to write out, as most terms are
        return {_pattern(fold_letters(term, keep="* "), where): None}
    text = _NAME.sub(lambda found: "(" + "|".join(_endings(found[1], endings, where)) + ")", term)
    if "{" in text or "}" in text:
        raise DeclarationError(f"{where}: a brace is not opened or not closed; a paradigm is written {{name}}")
    phrases = _phrases(fold_letters(_JOINT.sub("-", text), keep="(|)*- "), where)
    patterns: dict[str, None] = {}
    for phrase in phrases:
        patterns[_pattern(phrase.replace("-", " "), where)] = None
        if "-" in phrase:
            patterns[_pattern(phrase.replace("-", ""), where)] = None
    return patterns


def _phrases(text: str, where: str) -> list[str]:
    """Write out the bracketed choices of a term; raise DeclarationError for a loose bracket or too many forms."""
    tokens = _TOKEN.findall(text)
    phrases, rest = _alternatives(tokens, 0, where)
    if rest != len(tokens) or "|" in _OUTSIDE.sub("", text):
        raise DeclarationError(f"{where}: a bracket is not opened, or '|' stands outside brackets")
    return [" ".join(phrase.split()) for phrase in phrases]


def _alternatives(tokens: list[str], position: int, where: str, depth: int = 0) -> tuple[list[str], int]:
    """Read `x|y|z` up to the closing bracket or the end; return what it can say and where it ends."""
    if depth > MAX_DEPTH:
        raise DeclarationError(f"{where}: brackets stand more than {MAX_DEPTH} deep; write it as several terms")
    done: list[str] = []
    current = [""]
    while position < len(tokens) and tokens[position] != ")":
        part = tokens[position]
        position += 1
        if part == "|":
            done += current
            current = [""]
            continue
        said = [part]
        if part == "(":
            said, position = _alternatives(tokens, position, where, depth + 1)
            if position == len(tokens):
                raise DeclarationError(f"{where}: a bracket is not closed")
            position += 1
        current = [left + right for left in current for right in said]
        if len(done) + len(current) > MAX_FORMS:
            raise DeclarationError(f"{where}: more than {MAX_FORMS} forms; split it")
    return done + current, position


def _endings(name: str, endings: Endings, where: str) -> tuple[str, ...]:
    if name not in endings:
        raise DeclarationError(f"{where}: no paradigm {name!r}; valid: {', '.join(sorted(endings)) or 'none'}")
    return endings[name]


def _pattern(phrase: str, where: str) -> str:
    """Turn a folded phrase into a pattern: '*' stands for the rest of a word, a blank at an end for a word's edge."""
    words = phrase.split()
    if not any(word.strip("*") for word in words):
        raise DeclarationError(f"{where}: the term is empty; every form needs at least one letter")
    first, last = words[0].startswith("*"), words[-1].endswith("*")
    inner = " ".join(words)[first:] if not last else " ".join(words)[first:-1]
    if any("*" in word.removesuffix("*") for word in inner.split()) or inner.startswith("*"):
        raise DeclarationError(f"{where}: '*' may stand only at the start of the term or at the end of a word")
    return ("" if first else " ") + inner + ("" if last else " ")
