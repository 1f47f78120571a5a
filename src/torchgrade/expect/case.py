"""Two arrays that differ, as the rules that look for a cause read them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from .numbers import Array, differing

__all__ = ["Case"]

_NOISE = 1e-4


@dataclass(frozen=True)
class Case:
    """What came and what was asked for: widened arrays of one shape and one dtype.

    Attributes:
        came: The student's values.
        asked: The check's values.
        rtol: Relative tolerance of the dtype before widening.
        atol: Absolute tolerance of the dtype before widening.
    """

    came: Array
    asked: Array
    rtol: float
    atol: float

    @property
    def is_floating(self) -> bool:
        """Tell whether the values may be nan or inf."""
        return self.asked.dtype.kind in "fc"

    @property
    def is_real(self) -> bool:
        """Tell whether the values are real numbers that can be subtracted from each other."""
        return self.asked.dtype.kind in "fi"

    @property
    def is_signed(self) -> bool:
        """Tell whether the values may be negative or complex."""
        return self.asked.dtype.kind in "fic"

    @cached_property
    def wrong(self) -> npt.NDArray[np.bool_]:
        """Mark the values that differ beyond the dtype's tolerance."""
        return differing(self.came, self.asked, self.rtol, self.atol)

    @cached_property
    def varied(self) -> bool:
        """Tell whether at least two distinct values were asked for where wrong ones came.

        One pair of numbers fits every rule, so a rule that relates pairs is believed from two on.
        """
        return self.distinct_wrong >= 2

    @cached_property
    def distinct_wrong(self) -> int:
        """Count the distinct values that were asked for where wrong ones came; rounding makes no value distinct."""
        values = np.unique(self.asked[self.wrong])
        if self.is_floating:
            values = values[np.isfinite(values)]
        if values.size < 2 or not self.is_floating:
            return int(values.size)
        return 1 + int(np.count_nonzero(np.abs(np.diff(values)) > _NOISE * np.max(np.abs(values))))

    @property
    def first(self) -> tuple[int, ...]:
        """Return the index of the first wrong value."""
        return tuple(int(part) for part in np.unravel_index(int(np.argmax(self.wrong)), self.wrong.shape))

    def agrees(self, came: Array, asked: Array) -> bool:
        """Tell whether two arrays are equal within the dtype's tolerance."""
        return came.shape == asked.shape and not bool(differing(came, asked, self.rtol, self.atol).any())
