"""What a check's author asks of a value: each matcher passes it on, or fails with words for the student."""

from __future__ import annotations

from typing import Any

import torch

from ..errors import AuthorError, raised_by_student
from ..language import _
from .call_words import CallWords
from .compare import dtype_difference, find_difference, shape_difference
from .containers import kind_difference, length_difference, missing_item, missing_key
from .describe import is_handle, kind_of, show
from .difference import Difference, opening
from .facts import device_difference, finite_difference, gradient_difference, length_of, type_difference
from .failing import fail
from .numbers import Tolerance
from .trained_words import TrainedWords

__all__ = ["Expectation"]
__tracebackhide__ = True  # pytest then shows the check's line, not ours


class Expectation(CallWords, TrainedWords):
    """A value of the student's, and what is asked of it.

    Every matcher raises CheckFailed when the value does not match; else it returns the expectation, so that they chain.
    """

    def shape(self, *sizes: int | tuple[int, ...]) -> Expectation:
        """Ask for a tensor or array of this shape, given as numbers or as one tuple."""
        given: Any = sizes[0] if len(sizes) == 1 and not isinstance(sizes[0], int) else sizes
        asked = tuple(int(size) for size in given)
        return self._unless(shape_difference(self._array("tensor"), asked, self._place))

    def dtype(self, asked: Any) -> Expectation:
        """Ask for this torch dtype, or, of a NumPy array, this NumPy dtype."""
        kind = "tensor" if isinstance(asked, torch.dtype) else "NumPy array"
        array = self._array(kind)
        if (kind_of(array) == "tensor") != (kind == "tensor"):
            fail(kind_difference(array, kind, self._place), self._because)
        return self._unless(dtype_difference(array, asked, self._place))

    def device(self, asked: str | torch.device) -> Expectation:
        """Ask that the tensor lay on this device in the student's process; ``"cuda"`` means any of them."""
        return self._unless(device_difference(self._tensor(), str(asked), self._place))

    def requires_grad(self, flag: bool = True) -> Expectation:
        """Ask that autograd tracked the tensor in the student's process, or, with False, that it did not."""
        return self._unless(gradient_difference(self._tensor(), flag, self._place))

    def equal(self, expected: Any) -> Expectation:
        """Ask for exactly this value: same type, shape, dtype and numbers; nan equals nan.

        Args:
            expected: A tensor, array, number, string, None, or a list, tuple, dict or set of such.

        Raises:
            AuthorError: ``expected`` is nothing that can be compared.
        """
        return self._unless(find_difference(self._value, expected, Tolerance(), self._place))

    def close(self, expected: Any, rtol: float | None = None, atol: float | None = None) -> Expectation:
        """Ask for this value as `equal` does, but with numbers no further away than ``atol + rtol * abs(expected)``.

        Args:
            expected: As for `equal`.
            rtol: Relative tolerance; None for that of `torch.testing.assert_close` for the dtype (0 for integers).
            atol: Absolute tolerance; None likewise.

        Raises:
            AuthorError: ``expected`` is nothing that can be compared, or a tolerance is negative.
        """
        if (rtol or 0) < 0 or (atol or 0) < 0:
            raise AuthorError(f"close: tolerances are 0 or more, and rtol is {rtol}, atol is {atol}")
        return self._unless(find_difference(self._value, expected, Tolerance(False, rtol, atol), self._place))

    def one_of(self, *values: Any) -> Expectation:
        """Ask for exactly one of these values, as `equal` does."""
        found = [find_difference(self._value, value, Tolerance(), self._place) for value in values]
        if None in found:
            return self
        kinds = {kind_of(value) for value in values}
        if len(kinds) == 1 and kind_of(self._value) not in kinds:
            fail(kind_difference(self._value, kinds.pop(), self._place), self._because)
        choice = ", ".join(show(value, 30) for value in values[:6]) + (", ..." if len(values) > 6 else "")
        came = show(self._value)
        sentence = _("{came} came, one of these was asked for: {choice}.").format(came=came, choice=choice)
        return self._unless(Difference(self._place, came, choice, opening(self._place, sentence)))

    def finite(self) -> Expectation:
        """Ask for numbers that are neither nan nor infinite, in tensors, arrays, and containers of them."""
        if kind_of(self._value) in _WITHOUT_NUMBERS:
            fail(kind_difference(self._value, "tensor", self._place), self._because)
        return self._unless(finite_difference(self._value, self._place))

    def is_a(self, *kinds: type | None) -> Expectation:
        """Ask for a value of one of these types; bool is not int here, and a NumPy number is not float.

        For an object that stays in the student's process, such as a module, that process is asked.
        """
        return self._unless(type_difference(self._value, kinds, self._place))

    def length(self, asked: int) -> Expectation:
        """Ask for a value with this many items."""
        found = length_of(self._value, self._place)
        if isinstance(found, Difference):
            fail(found, self._because)
        return self if found == asked else self._unless(length_difference(self._value, found, asked, self._place))

    def at(self, key: Any) -> Expectation:
        """Go on with one item of a list, tuple, dict, or of an object that can be indexed."""
        kind = kind_of(self._value)
        if kind not in ("dict", "list", "tuple", "torch.Size") and not is_handle(self._value):
            asked = "list" if isinstance(key, int) else "dict"
            fail(kind_difference(self._value, asked, self._place), self._because)
        try:
            item = self._value[key]
        except (KeyError, IndexError, TypeError) as error:
            raised = raised_by_student(error)
            if raised is not None and raised.line is not None:
                raise  # their own __getitem__ went wrong
            missing = missing_key if kind == "dict" else missing_item
            fail(missing(self._value, key, self._place), self._because)
        return Expectation(item, self._because, f"{self._place}[{show(key, 40)}]")


_WITHOUT_NUMBERS = ("None", "string", "bytes", "object", "dtype", "device", "slice")
