"""The model behind predicted relevance: a logistic regression with the rules' score as its offset, in plain numpy.

With little to learn from, the rules speak; each decision bends them. Class weights even out the rarer side; the same
decisions give the same weights on any machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RULES_MODEL = "rules"
LEAST = 5  # decisions of each side before anything is learnt
PENALTY = 1.0  # of the squared weights; vectors are of length VECTOR_WEIGHT
BIAS_PENALTY = 0.01  # nearly free: how many passages are relevant at all is for people to say
VECTOR_WEIGHT = 3.0
FEATURES = ("proposed", "off_scale", "other_question", "tag", "spans", "grade", "cues")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One passage and one question, with what the rules saw of it."""

    passage_id: int
    examination: int
    draw: float
    features: tuple[float, ...]
    public_on: str = ""
    held_at: str = ""

    @property
    def rule_score(self) -> float:
        """What the rules alone say: evidence was proposed, or only the group and some words fit. Between 0 and 1."""
        proposed, off_scale, _, tag, _, _, cues = self.features
        if proposed:
            return 0.8
        return 0.6 if off_scale else 0.05 + 0.25 * cues + 0.1 * tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What was learnt for one question. `weights` None: nothing, the rules' score stands."""

    name: str
    weights: Floats | None = None
    encoder: str = ""

    def scores(self, pairs: Sequence[Pair], vectors: Floats | None) -> list[float]:
        """Probabilities, in the order of the pairs."""
        if self.weights is None:
            return [pair.rule_score for pair in pairs]
        import numpy as np

        z = matrix(pairs, vectors) @ self.weights + offsets(pairs)
        return [float(p) for p in 1 / (1 + np.exp(-np.clip(z, -30, 30)))]


def learnt_from(decisions: int) -> int:
    """How many of so many decisions, the earliest first, a model learns from: it grows by a tenth at a time.

    So that one more decision does not change the scores of all passages.

    >>> [learnt_from(n) for n in (9, 10, 12, 100, 105)]
    [9, 10, 12, 99, 99]
    """
    grown = 2 * LEAST
    if decisions < grown:
        return decisions
    while (more := max(grown + 1, round(grown * 1.1))) <= decisions:
        grown = more
    return grown


def learn(pairs: Sequence[Pair], truth: Sequence[int], vectors: Floats | None, *, encoder: str = "") -> Model:
    """Fit the weights by Newton's method; the rules alone where either side has fewer than LEAST decisions.

    The name of the model says how many decisions it learnt from, with a digest of them.
    """
    yes = sum(truth)
    if min(yes, len(truth) - yes) < LEAST:
        return Model(name=RULES_MODEL)
    import numpy as np

    x, y, base = matrix(pairs, vectors), np.asarray(truth, dtype=np.float64), offsets(pairs)
    each = np.where(y > 0, len(y) / (2 * yes), len(y) / (2 * (len(y) - yes)))
    penalty = np.full(x.shape[1], PENALTY)
    penalty[0] = BIAS_PENALTY
    weights = _fitted(x, y, base, each, penalty)
    seen = sorted((pair.draw, said) for pair, said in zip(pairs, truth, strict=True))
    digest = sha256(repr((seen, encoder)).encode()).hexdigest()[:8]
    return Model(name=f"learnt from {len(truth)} decisions ({digest})", weights=weights, encoder=encoder)


def _fitted(x: Floats, y: Floats, base: Floats, each: Floats, penalty: Floats) -> Floats:
    """The weights with the least penalised log-loss: Newton's method, a step halved while it makes things worse."""
    import numpy as np

    def loss(weights: Floats) -> float:
        z = x @ weights + base
        return float(each @ (np.logaddexp(0, z) - y * z) + 0.5 * penalty @ weights**2)

    weights = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ weights + base, -30, 30)))
        slope = x.T @ (each * (p - y)) + penalty * weights
        curve = (x * (each * p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step, now = np.linalg.solve(curve, slope), loss(weights)
        while loss(weights - step) > now and float(np.abs(step).max()) > 1e-9:
            step = step / 2
        weights = weights - step
        if float(np.abs(step).max()) < 1e-6:
            break
    return weights


def matrix(pairs: Sequence[Pair], vectors: Floats | None) -> Floats:
    """One row for each pair: a one, the features, and the vector where there are vectors."""
    import numpy as np

    plain = np.asarray([(1.0, *pair.features) for pair in pairs], dtype=np.float64).reshape(-1, 1 + len(FEATURES))
    return plain if vectors is None else np.hstack([plain, VECTOR_WEIGHT * vectors])


def offsets(pairs: Iterable[Pair]) -> Floats:
    """The rules' scores as log-odds."""
    import numpy as np

    score = np.asarray([pair.rule_score for pair in pairs], dtype=np.float64)
    return np.log(score / (1 - score))
