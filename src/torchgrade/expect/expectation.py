"""What a check's author asks of a value: each matcher passes it on, or fails with words for the student."""

from __future__ import annotations

from typing import Any

import torch

from ..errors import AuthorError, raised_by_student
from ..submission.observation import Observation
from .compare import dtype_difference, find_difference, shape_difference
from .containers import kind_difference, length_difference, missing_item, missing_key
from .describe import is_handle, kind_of, show
from .difference import Difference, opening
from .facts import device_difference, finite_difference, gradient_difference, length_of, type_difference
from .failing import fail
from .memory import changed_argument, shared_memory, unshared_memory
from .numbers import Tolerance

__all__ = ["Expectation"]
__tracebackhide__ = True  # pytest then shows the check's line, not ours


class Expectation:
    """A value of the student's, and what is asked of it.

    Every matcher raises CheckFailed when the value does not match; else it returns the expectation, so that they chain.

    Args:
        value: What came back; of an `Observation`, its result is meant.
        because: The author's sentence about what is asked, shown with every failure.
        place: How a student would index to the value.
    """

    def __init__(self, value: Any, because: str | None = None, place: str = "result") -> None:
        self._seen = value if isinstance(value, Observation) else None
        self._value = value.result if isinstance(value, Observation) else value
        self._because, self._place = because, place

    @property
    def value(self) -> Any:
        """The value itself, to go on with."""
        return self._value

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
        sentence = opening(self._place, f"{came} came, one of these was asked for: {choice}.")
        return self._unless(Difference(self._place, came, choice, sentence))

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

    def untouched(self) -> Expectation:
        """Ask that every argument is as it was: values, dtype, shape, memory; no in-place write was counted."""
        return self._unless(changed_argument(self._observed("untouched")))

    def fresh(self) -> Expectation:
        """Ask that no tensor or array in the result shares memory with an argument."""
        return self._unless(shared_memory(self._observed("fresh")))

    def shares_memory(self) -> Expectation:
        """Ask that some tensor or array in the result shares memory with an argument."""
        return self._unless(unshared_memory(self._observed("shares_memory")))

    def _unless(self, difference: Difference | None) -> Expectation:
        if difference is not None:
            fail(difference, self._because)
        return self

    def _array(self, asked: str) -> Any:
        if kind_of(self._value) not in ("tensor", "NumPy array"):
            fail(kind_difference(self._value, asked, self._place), self._because)
        return self._value

    def _tensor(self) -> torch.Tensor:
        if not isinstance(self._value, torch.Tensor):
            fail(kind_difference(self._value, "tensor", self._place), self._because)
        return self._value

    def _observed(self, matcher: str) -> Observation:
        if self._seen is None:
            raise AuthorError(f"{matcher} is about a call: give expect() what submission.observe.f(...) returns")
        return self._seen


_WITHOUT_NUMBERS = ("None", "string", "bytes", "object", "dtype", "device", "slice")
