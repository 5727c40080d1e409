"""A text that several tests of one process encode is encoded once: 30 ms of the processor each, the same vector."""

from collections.abc import Sequence

import numpy as np
import pytest

from review import encoders


def remember(patch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    """Let the shipped encoder remember what it read; returns what it remembers."""
    known: dict[str, np.ndarray] = {}
    encode = encoders._Use.encode

    def once(self: encoders._Use, texts: Sequence[str]) -> encoders.Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, encode(self, new), strict=True))
        return np.array([known[text] for text in texts], dtype=np.float32).reshape(len(texts), self.dims)

    patch.setattr(encoders._Use, "encode", once)
    return known
