"""The sentences of a verdict as a page shows them: names for ids, words for codes, nothing said twice."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from review.plugin.words import Words
from review.standing import QuestionStanding

_WEAK = re.compile(r"; (?P<n>\d+) (?:weak voices? without a vote|zwakke stem(?:men)? zonder stemrecht): .*$", re.DOTALL)
_NAMED = re.compile(r"^(?:Weak voices, shown|Zwakke stemmen, getoond)")
_UNSEARCHED = re.compile(r"^(?P<head>(?:Decisive sources not|Beslissende bronnen die)[^:]*): (?P<ids>[^.]+)\.$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsearched:
    """A decisive source that was not searched in the window: its id, its title and whether it is crawled."""

    id: str
    title: str
    by_hand: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One sentence; `sources` are those it is about, each with something to do."""

    text: str
    sources: tuple[Unsearched, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """What stands in the table of the three tests, by test, and the sentences below it."""

    tests: Mapping[str, str]
    rest: tuple[Reason, ...]


def reasons(question: QuestionStanding, sources: Mapping[str, tuple[str, str]], words: Words) -> Reasons:
    """Put a verdict's sentences into the visitor's words. `sources`: id -> (title, shape)."""
    tests = {name: words.pick(test.reason, test.reason_nl) for name, test in question.tests.items()}
    said = question.reasons_nl if words.language == "nl" and question.reasons_nl else question.reasons
    rest = [text for text in said if text not in tests.values()]
    named = any(_NAMED.match(text) for text in rest)
    return Reasons(
        tests={name: _once(text, words) if named else text for name, text in tests.items()},
        rest=tuple(_reason(text, sources, words) for text in rest),
    )


def _once(text: str, words: Words) -> str:
    """The reason of a test without the weak voices that a sentence below names."""
    return _WEAK.sub(lambda found: "; " + words.count("q.weak", int(found["n"])), text)


def _reason(text: str, sources: Mapping[str, tuple[str, str]], words: Words) -> Reason:
    if found := _UNSEARCHED.match(text):
        return Reason(text=f"{found['head']}:", sources=tuple(_named(found["ids"].split(", "), sources)))
    return Reason(text=text)


def _named(ids: Iterable[str], sources: Mapping[str, tuple[str, str]]) -> Iterable[Unsearched]:
    for id_ in ids:
        title, shape = sources.get(id_, (id_, ""))
        yield Unsearched(id=id_, title=title, by_hand=shape == "manual")
