"""What words alone do not say: a small head, trained on our own labelled passages, that weighs the rules' findings.

It sees three things of a passage: its sentence vector (review.encoders), which word classes of the vocabulary occur,
and what the rules said with which score. Out come a probability for each group, for each topic, and for being on the
field at all. Linear, so that every tag can be explained; made by `python -m review.learned.train`, shipped as
`head.npz`. Without the encoder it is not used, and the rules stand alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from review.encoders import Encoder, encoder

FILE = Path(__file__).parent / "head.npz"
VECTOR_WEIGHT, RULE_WEIGHT, CLASS_WEIGHT = 4.0, 2.0, 0.5
FIELD = "field"  # the passage is about a country of origin, with or without a target group

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the rules saw in one passage: word classes, groups with their scores, the topic."""

    classes: frozenset[str]
    groups: Mapping[str, float]
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Probabilities of one passage: groups (each on its own), topics (together one), on the field."""

    groups: Mapping[str, float]
    topics: Mapping[str, float]
    field: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The weights, with the names of what goes in and what comes out."""

    encoder_name: str
    classes: tuple[str, ...]
    groups: tuple[str, ...]
    topics: tuple[str, ...]
    weights: Numbers  # (inputs, outputs)
    bias: Numbers  # (outputs,)
    thresholds: Mapping[str, float]  # group -> the probability from which it is a tag
    name: str  # changes with every training

    def judge(self, vectors: Numbers, seen: Sequence[Seen]) -> list[Judged]:
        """Probabilities for passages, given their vectors (a row each) and what the rules saw."""
        logits = inputs(vectors, seen, self.classes, self.groups, self.topics) @ self.weights + self.bias
        ends = len(self.groups), len(self.groups) + len(self.topics)
        alone = 1 / (1 + np.exp(-logits[:, [*range(ends[0]), ends[1]]]))
        together = np.exp(logits[:, ends[0] : ends[1]] - logits[:, ends[0] : ends[1]].max(axis=1, keepdims=True))
        together /= together.sum(axis=1, keepdims=True)
        return [
            Judged(
                groups=dict(zip(self.groups, map(float, one), strict=False)),
                topics=dict(zip(self.topics, map(float, share), strict=True)),
                field=float(one[-1]),
            )
            for one, share in zip(alone, together, strict=True)
        ]


def inputs(
    vectors: Numbers, seen: Sequence[Seen], classes: Sequence[str], groups: Sequence[str], topics: Sequence[str]
) -> Numbers:
    """What the head sees, a row for each passage: vector, classes that occur, scores and topic of the rules."""
    occurs = np.array([[name in one.classes for name in classes] for one in seen], dtype=np.float32)
    scored = np.array([[one.groups.get(name, 0.0) for name in groups] for one in seen], dtype=np.float32)
    topical = np.array([[name == one.topic for name in topics] for one in seen], dtype=np.float32)
    return np.hstack(
        [VECTOR_WEIGHT * vectors, CLASS_WEIGHT * occurs, RULE_WEIGHT * scored, RULE_WEIGHT * topical]
    ).astype(np.float32)


def load_head(file: Path = FILE) -> Head | None:
    """The shipped head; None where it was never trained."""
    if not file.exists():
        return None
    with np.load(file, allow_pickle=False) as kept:
        groups = tuple(map(str, kept["groups"]))
        return Head(
            encoder_name=str(kept["encoder"]),
            classes=tuple(map(str, kept["classes"])),
            groups=groups,
            topics=tuple(map(str, kept["topics"])),
            weights=kept["weights"].astype(np.float32),
            bias=kept["bias"].astype(np.float32),
            thresholds=dict(zip(groups, map(float, kept["thresholds"]), strict=True)),
            name=f"head-{sha256(file.read_bytes()).hexdigest()[:8]}",
        )


@lru_cache(maxsize=1)
def reader() -> tuple[Head, Encoder] | None:
    """The head with the encoder it was trained on; None where either is missing or they do not belong together."""
    head, now = load_head(), encoder()
    return (head, now) if head and now and head.encoder_name == now.name else None
