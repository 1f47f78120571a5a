"""The matchers about training: all of them read returned values only, and each notes how near its bound it came."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..errors import AuthorError
from ..language import N_
from .curve import curve_difference
from .problems import Quadratic
from .trained import measured_difference, moved_difference, near_difference, steps_difference
from .words import Words

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["TrainedWords"]
__tracebackhide__ = True


class TrainedWords(Words):
    """Matchers for what training gives back: parameters (a tensor, a pair of floats, a state dict) or a curve."""

    def near(self, target: Any, *, within: float, start: Any = None) -> Self:
        """Ask for parameters close to an optimum, or to those of another run.

        The distance is the largest difference divided by the largest number asked for.

        Args:
            target: What `expect.least_squares` or `expect.quadratic` gives, whose optimum is meant; or plain numbers,
                such as those of the reference's own run.
            within: The largest distance that passes: 0.02 for 2 %.
            start: The parameters before training, for a better diagnosis.

        Raises:
            AuthorError: The target holds no numbers.
        """
        return self._unless(near_difference(self._value, target, within, start, self._place))

    def after_steps(self, steps: int, problem: Quadratic, *, start: Any, lr: float, within: float = 1e-3) -> Self:
        """Ask for the parameters that exactly so many steps of gradient descent lead to, no more and no fewer.

        Args:
            steps: How many full-batch steps.
            problem: What `expect.least_squares` or `expect.quadratic` gives.
            start: The parameters before the first step, as many as the problem has.
            lr: The learning rate.
            within: The largest distance that passes, measured as in `near`.

        Raises:
            AuthorError: The start has not as many numbers as the problem.
        """
        return self._unless(steps_difference(self._value, steps, problem, start, lr, within, self._place))

    def descends(self, *, to: float | None = None, rises: float = 0.0) -> Self:
        """Ask for a curve of plain numbers that goes down.

        Args:
            to: The most that its last value may be.
            rises: The share of its steps that may go up: 0.1 for one in ten.
        """
        if not 0 <= rises < 1:
            raise AuthorError(f"descends: rises is a share of the steps, from 0 to 1, and not {rises}")
        return self._unless(curve_difference(self._value, to, rises, self._place))

    def moved_from(self, before: Any, *, by: float = 0.0) -> Self:
        """Ask that every parameter moved.

        Args:
            before: The parameters before training, in the same order.
            by: How far at least, relative to the largest number in that parameter before.
        """
        return self._unless(moved_difference(self._value, before, by, self._place))

    def reaches(
        self,
        measure: Callable[[Any], Any],
        *,
        at_least: float | None = None,
        at_most: float | None = None,
        untrained: float | None = None,
        called: str = "",
    ) -> Self:
        """Ask that a measure of the value, taken here on data that the student's process never saw, passes a bound.

        Args:
            measure: Gives a number for the value, such as the accuracy of outputs or the loss of weights.
            at_least: What must be reached, as of an accuracy; give this or ``at_most``.
            at_most: What must not be passed, as of a loss.
            untrained: The measure before training, for a better diagnosis.
            called: What to call the measure; its function's name otherwise.

        Raises:
            AuthorError: Not exactly one bound was given, or the measure gives no number.
        """
        if (at_least is None) == (at_most is None):
            raise AuthorError("reaches: give either at_least or at_most")
        found = measure(self._value)
        if not isinstance(found, (int, float)) and getattr(found, "shape", None) != ():
            raise AuthorError(f"reaches: the measure gave {type(found).__name__}; it must give one number")
        bound = at_most if at_least is None else at_least
        assert bound is not None
        name = called or _spoken(measure)
        found = measured_difference(float(found), float(bound), at_least is not None, untrained, name, self._place)
        return self._unless(found)


def _spoken(measure: Callable[[Any], Any]) -> str:
    name = getattr(measure, "__name__", "<lambda>")
    return N_("measure") if name == "<lambda>" else name.strip("_").replace("_", " ")
