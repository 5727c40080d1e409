"""Tagging: megabytes a second by the rules, beside a plain alternation; passages a second with the trained head.

python bench/tagging.py [--files FILE.jsonl ...] [--megabytes 1.0]

Texts are the labelled passages shipped for training (dense: every one is about the field) unless others are given. The
alternation holds the same surface forms of one language; it only finds words, and tags nothing.
"""

import argparse
import json
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from review.learned import FILE
from review.tagging import Tagger, ToTag
from review.vocabulary import LANGUAGES

ROUNDS = 3
REGEX_SHARE = 20  # the alternation is given a twentieth of the text, else it takes minutes
MODEL_PASSAGES = 300


def per_second(work: Callable[[], object], amount: float) -> float:
    """Median of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return amount / statistics.median(taken)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=Path, nargs="*", default=sorted((FILE.parent / "passages").glob("*.jsonl")))
    parser.add_argument("--megabytes", type=float, default=1.0)
    given = parser.parse_args()
    rows = [json.loads(line) for file in given.files for line in file.read_text("utf-8").splitlines() if line.strip()]
    rules = Tagger(learned=False)
    print(f"{'language':9} {'rules MB/s':>11} {'regex MB/s':>11} {'ratio':>7}")
    for lang in LANGUAGES:
        own = [row["text"] for row in rows if row["lang"] == lang]
        if not own:
            continue
        size = sum(len(text.encode()) for text in own) / 1e6
        texts = own * max(1, round(given.megabytes / len(LANGUAGES) / size))
        size = sum(len(text.encode()) for text in texts) / 1e6
        rules.tag(own[0], lang)
        ours = per_second(lambda texts=texts, lang=lang: [rules.tag(text, lang) for text in texts], size)
        few = texts[: max(1, len(texts) // REGEX_SHARE)]
        forms = sorted(rules.surface_forms(lang), key=len, reverse=True)
        plain = re.compile(r"\b(?:" + "|".join(re.escape(form) for form in forms) + r")\b", re.IGNORECASE)
        less = sum(len(text.encode()) for text in few) / 1e6
        theirs = per_second(lambda few=few, plain=plain: [plain.findall(text) for text in few], less)
        print(f"{lang:9} {ours:11.2f} {theirs:11.3f} {ours / theirs:7.1f}")
    both = Tagger()
    asked = [ToTag(text=row["text"], lang=row["lang"]) for row in rows[:MODEL_PASSAGES]]
    both.tag_all(asked[:4])
    print(f"with the trained head: {per_second(lambda: both.tag_all(asked), len(asked)):.0f} passages a second"
          if "+head" in both.rules_version else "the encoder is not installed: rules only")  # fmt: skip


if __name__ == "__main__":
    main()
