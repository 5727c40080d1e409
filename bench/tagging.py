"""Tagging: megabytes a second by the rules, beside bare ahocorasick_rs and a plain alternation; and with the head.

python bench/tagging.py [--files FILE.jsonl ...] [--megabytes 1.0]

Texts are the labelled passages shipped for training (dense: every one is about the field) unless others are given. The
automaton and the alternation hold the same surface forms of one language; they only find words, and tag nothing. With
the head, the bare encoder over the same passages is the peer: nothing that asks it can be faster.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import ahocorasick_rs

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.figures import Figure, table
from review.encoders import must_encode
from review.learned import FILE
from review.tagging import Tagger, ToTag
from review.vocabulary import LANGUAGES

ROUNDS = 3
REGEX_SHARE = 20  # the alternation is given a twentieth of the text, else it takes minutes
MODEL_PASSAGES = 300


def runs(work: Callable[[], object], amount: float, rounds: int = ROUNDS) -> tuple[float, ...]:
    """Amount a second of the processor, in each of some rounds."""
    taken = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        taken.append(amount / (time.process_time() - begin))
    return tuple(taken)


def figures(*, quick: bool, files: list[Path] | None = None, megabytes: float | None = None) -> Iterator[Figure]:
    """Rules for each language beside the automaton and the alternation; the head beside its encoder."""
    files = files or sorted((FILE.parent / "passages").glob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line.strip()]
    rules = Tagger(learned=False)
    for lang in LANGUAGES:
        own = [row["text"] for row in rows if row["lang"] == lang]
        if own:
            yield from _language(rules, lang, own, megabytes or (0.3 if quick else 1.0))
    yield from _head(rows, 40 if quick else MODEL_PASSAGES)


def _language(rules: Tagger, lang: str, own: list[str], megabytes: float) -> Iterator[Figure]:
    size = sum(len(text.encode()) for text in own) / 1e6
    texts = own * max(1, round(megabytes / len(LANGUAGES) / size))
    size = sum(len(text.encode()) for text in texts) / 1e6
    rules.tag(own[0], lang)
    ours = runs(lambda: [rules.tag(text, lang) for text in texts], size)
    forms = sorted(rules.surface_forms(lang), key=len, reverse=True)
    automaton = ahocorasick_rs.AhoCorasick([form.lower() for form in forms])
    bare = runs(lambda: [automaton.find_matches_as_indexes(text.lower(), overlapping=True) for text in texts], size)
    few = texts[: max(1, len(texts) // REGEX_SHARE)]
    plain = re.compile(r"\b(?:" + "|".join(re.escape(form) for form in forms) + r")\b", re.IGNORECASE)
    less = sum(len(text.encode()) for text in few) / 1e6
    slow = runs(lambda: [plain.findall(text) for text in few], less, 1)  # it takes minutes
    about = {"bench": "tagging", "size": round(size * 1e6), "of": "bytes", "unit": "MB/s", "ours": ours}
    yield Figure(what=f"rules, {lang}", beside="bare ahocorasick_rs", theirs=bare, **about)
    yield Figure(what=f"rules, {lang}", beside="one regular expression", theirs=slow, target=8.0, **about)


def _head(rows: list[dict[str, str]], many: int) -> Iterator[Figure]:
    both = Tagger()
    if "+head" not in both.rules_version:
        return  # no encoder is installed: the rules stand alone
    asked = [ToTag(text=row["text"], lang=row["lang"]) for row in rows[:many]]
    both.tag_all(asked[:4])
    texts = [one.text for one in asked]
    yield Figure(bench="tagging", what="rules and trained head", size=len(asked), of="passages", unit="passages/s",
                 ours=runs(lambda: both.tag_all(asked), len(asked)), beside="its encoder alone",
                 theirs=runs(lambda: must_encode().encode(texts), len(asked)), target=0.9)  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=Path, nargs="*")
    parser.add_argument("--megabytes", type=float, default=1.0)
    given = parser.parse_args()
    print(table(figures(quick=False, files=given.files, megabytes=given.megabytes)))


if __name__ == "__main__":
    main()
