"""Fingerprints of code: hashes of short rows of symbols, thinned out so that no longer row goes without one.

After Schleimer, Wilkerson and Aiken, "Winnowing: local algorithms for document fingerprinting", SIGMOD 2003.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from .tokens import Symbol

__all__ = ["ROW", "WINDOW", "fingerprints"]

ROW = 8  # symbols in a row: shorter ones are what Python itself makes everyone write
WINDOW = 4  # rows of ROW + WINDOW - 1 symbols have a fingerprint for certain

Hashes = NDArray[np.uint64]
Places = NDArray[np.intp]


def fingerprints(symbols: Sequence[Symbol]) -> tuple[Hashes, Places]:
    """Return the fingerprints and the place of the first symbol of each, in order; both empty for a short text."""
    texts = [one.text for one in symbols]
    each = {text: _number(text) for text in set(texts)}
    numbers = np.array([each[text] for text in texts], dtype=np.uint64)
    if len(numbers) < ROW:
        return np.empty(0, np.uint64), np.empty(0, np.intp)
    rows = np.lib.stride_tricks.sliding_window_view(numbers, ROW)
    hashes = _mixed((rows * _WEIGHTS).sum(axis=1, dtype=np.uint64))
    window = min(WINDOW, len(hashes))
    # Of equals the last, so that a row that repeats itself has few fingerprints.
    views = np.lib.stride_tricks.sliding_window_view(hashes, window)[:, ::-1]
    places = np.unique(np.arange(len(views)) + window - 1 - views.argmin(axis=1))
    return hashes[places], places


def _number(text: str) -> int:
    """Return a number for a symbol, the same in every process."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


_WEIGHTS = np.array([pow(0x9E3779B97F4A7C15, place, 1 << 64) for place in range(ROW)], dtype=np.uint64)


def _mixed(hashes: Hashes) -> Hashes:
    """Stir the bits, so that which of them is the smallest does not depend on the last symbol alone."""
    hashes = (hashes ^ (hashes >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    stirred: Hashes = hashes ^ (hashes >> np.uint64(29))
    return stirred
