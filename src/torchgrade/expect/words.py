"""What every family of matchers starts from: the value, where it lies, and how a failure is raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from ..errors import AuthorError
from ..submission.observation import Observation
from .containers import kind_difference
from .describe import kind_of
from .difference import Difference
from .failing import fail

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Words"]
__tracebackhide__ = True  # pytest then shows the check's line, not ours


class Words:
    """A value of the student's and the author's sentence about it.

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

    def _unless(self, difference: Difference | None) -> Self:
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
