"""Train the head anew: python -m review.learned.train [--also FILE ...]

Reads the labelled passages of `passages/*.jsonl` (our own words; labels as defined in each group's file) and writes
`head.npz`. Same passages, vocabulary and encoder give the same file. The figures that it prints are from five-fold
cross-validation, by whole folds: passages it has not seen.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from review.encoders import must_encode
from review.learned import FIELD, FILE, Numbers, inputs
from review.tagging import Tagger

Yes = NDArray[np.bool_]

FOLDS, STEPS, RATE, MOMENTUM = 5, 500, 0.5, 0.9
SHRINK = 2.0  # L2, per passage
POSITIVE = 3.0  # a missed group weighs as much as three wrong ones: a reviewer deletes faster than finds
COPIES, DEAF, BLIND = 2, 0.8, 0.5  # see `weakened`
SEED = 20_221_122
LEAST = 3  # passages in which a word class must occur to be looked at
TRIED = tuple(np.arange(0.3, 0.71, 0.05))
TOWARDS = 0.5  # thresholds are drawn half-way to this one: few passages decide each


def main() -> None:
    """Train, print what cross-validation says, write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--also", type=Path, action="append", default=[], help="another file of labelled passages")
    files = [*sorted((FILE.parent / "passages").glob("*.jsonl")), *parser.parse_args().also]
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line.strip()]
    tagger, encoder = Tagger(learned=False), must_encode()
    seen = [tagger.seen(row["text"], row["lang"]) for row in rows]
    vectors = encoder.encode([row["text"] for row in rows])
    groups = tuple(tagger.groups)
    topics = tuple(tagger.topics)
    often = {name: sum(name in one.classes for one in seen) for one in seen for name in one.classes}
    classes = tuple(sorted(name for name, times in often.items() if times >= LEAST))
    given = inputs(vectors, seen, classes, groups, topics)
    wanted = np.array(
        [
            [*(g in row["groups"] for g in groups), *(t == row["topic"] for t in topics), row["country"] is not None]
            for row in rows
        ],
        dtype=np.float32,
    )
    out_of_fold = _cross_validated(given, wanted, len(groups), len(topics))
    thresholds = [_threshold(wanted[:, at], out_of_fold[:, at]) for at in range(len(groups))]
    _report(wanted, out_of_fold, groups, len(topics), thresholds)
    weights, bias = fit(*weakened(given, wanted, len(groups) + len(topics)), len(groups), len(topics))
    np.savez_compressed(
        FILE, encoder=encoder.name, classes=np.array(classes), groups=np.array(groups), topics=np.array(topics),
        weights=weights.astype(np.float16), bias=bias.astype(np.float32), thresholds=np.array(thresholds),
    )  # fmt: skip
    print(f"{FILE}: {len(rows)} passages, {given.shape[1]} inputs")


def weakened(given: Numbers, wanted: Numbers, ruled: int) -> tuple[Numbers, Numbers]:
    """The passages, and COPIES of each with most of what the rules found hidden.

    The vocabulary was written with these passages at hand, so the rules are surer here than they will be elsewhere; the
    head must learn to do with less. `ruled` is how many inputs, the last ones, are what the rules said.
    """
    chance = np.random.default_rng(SEED)
    vector = must_encode().dims
    copies = [given]
    for _ in range(COPIES):
        copy = given.copy()
        copy[:, vector:-ruled] *= chance.random((len(copy), copy.shape[1] - vector - ruled)) >= BLIND
        copy[chance.random(len(copy)) < DEAF, -ruled:] = 0
        copies.append(copy)
    return np.vstack(copies), np.vstack([wanted] * (COPIES + 1))


def fit(given: Numbers, wanted: Numbers, groups: int, topics: int) -> tuple[Numbers, Numbers]:
    """Logistic regression by gradient descent: a sigmoid for each group and FIELD, a softmax over the topics."""
    rows, width = given.shape
    weights = np.zeros((width, wanted.shape[1]), dtype=np.float64)
    bias = np.full(wanted.shape[1], -2.0)
    speed = np.zeros_like(weights)
    worth = np.where(wanted > 0, POSITIVE, 1.0)
    worth[:, groups:] = 1.0
    for _ in range(STEPS):
        error = (_squashed(given @ weights + bias, groups, topics) - wanted) * worth
        speed = MOMENTUM * speed + given.T @ error / rows + SHRINK * weights / rows
        weights -= RATE * speed
        bias -= RATE * error.mean(axis=0)
    return weights.astype(np.float32), bias.astype(np.float32)


def _squashed(logits: Numbers, groups: int, topics: int) -> Numbers:
    found = 1 / (1 + np.exp(-logits))
    among = logits[:, groups : groups + topics]
    shares = np.exp(among - among.max(axis=1, keepdims=True))
    found[:, groups : groups + topics] = shares / shares.sum(axis=1, keepdims=True)
    return np.asarray(found)


def _cross_validated(given: Numbers, wanted: Numbers, groups: int, topics: int) -> Numbers:
    found = np.zeros_like(wanted)
    fold = np.arange(len(given)) % FOLDS
    for one in range(FOLDS):
        learnt = weakened(given[fold != one], wanted[fold != one], groups + topics)
        weights, bias = fit(*learnt, groups, topics)
        found[fold == one] = _squashed(given[fold == one] @ weights + bias, groups, topics)
    return found


def _threshold(wanted: Numbers, found: Numbers) -> float:
    best = max(TRIED, key=lambda level: (f1(wanted > 0, found >= level), -abs(level - TOWARDS)))
    return float((best + TOWARDS) / 2)


def f1(wanted: Yes, found: Yes) -> float:
    """The harmonic mean of precision and recall of one yes-or-no column; 1.0 where nothing was wanted or found."""
    hit, told, meant = float((wanted & found).sum()), float(found.sum()), float(wanted.sum())
    return 2 * hit / (told + meant) if told + meant else 1.0


def _report(wanted: Numbers, found: Numbers, groups: Sequence[str], topics: int, thresholds: Sequence[float]) -> None:
    scores = [f1(wanted[:, at] > 0, found[:, at] >= thresholds[at]) for at in range(len(groups))]
    print("group          F1  (five-fold cross-validation)")
    for name, score, level in zip(groups, scores, thresholds, strict=True):
        print(f"{name:12} {score:.2f}  from {level:.2f}")
    among = slice(len(groups), len(groups) + topics)
    right = (wanted[:, among].argmax(axis=1) == found[:, among].argmax(axis=1)).mean()
    on = ((wanted[:, -1] > 0) == (found[:, -1] >= TOWARDS)).mean()
    print(f"macro-F1 {np.mean(scores):.3f}; topic {right:.3f}; {FIELD} {on:.3f}")


if __name__ == "__main__":
    main()
