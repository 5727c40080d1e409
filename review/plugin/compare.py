"""What changed between two versions of a document, passage by passage; within a rewritten passage, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One passage of the comparison: same, removed, added or rewritten (then with its words)."""

    kind: str
    passage_id: int | None
    text: str
    words: tuple[tuple[str, str], ...] = ()  # (same | removed | added, text)


def lines(before: Sequence[tuple[int, str]], after: Sequence[tuple[int, str]]) -> tuple[Line, ...]:
    """Compare two versions given as (passage id, text) in their order."""
    return tuple(_lines(before, after))


def _lines(before: Sequence[tuple[int, str]], after: Sequence[tuple[int, str]]) -> Iterator[Line]:
    matcher = SequenceMatcher(a=[i for i, _ in before], b=[i for i, _ in after], autojunk=False)
    for act, a1, a2, b1, b2 in matcher.get_opcodes():
        if act == "equal":
            yield from (Line(kind="same", passage_id=i, text=text) for i, text in after[b1:b2])
        elif act == "replace" and a2 - a1 == b2 - b1:
            for (_, old), (new_id, new) in zip(before[a1:a2], after[b1:b2], strict=True):
                yield Line(kind="rewritten", passage_id=new_id, text=new, words=words(old, new))
        else:
            yield from (Line(kind="removed", passage_id=None, text=text) for _, text in before[a1:a2])
            yield from (Line(kind="added", passage_id=i, text=text) for i, text in after[b1:b2])


def words(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """The words of both texts in reading order, each run as (same | removed | added, text)."""
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    runs: list[tuple[str, str]] = []
    for act, a1, a2, b1, b2 in SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes():
        if act == "equal":
            runs.append(("same", "".join(b[b1:b2])))
            continue
        runs += [("removed", "".join(a[a1:a2]))] if a2 > a1 else []
        runs += [("added", "".join(b[b1:b2]))] if b2 > b1 else []
    return tuple(runs)
