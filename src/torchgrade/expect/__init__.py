"""`expect(value)`: what checks ask of a value, with failures that teach."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, NoReturn

import torch

from .expectation import Expectation
from .failing import fail_with
from .operations import vectorised as compare_counts
from .problems import Quadratic, least_squares, quadratic
from .raising import Raises

__all__ = ["Expectation", "Raises", "expect"]
__tracebackhide__ = True


class Expect:
    """What `expect` is: call it with a value, or use its further words."""

    def __call__(self, value: Any, because: str | None = None) -> Expectation:
        """Begin to say what is asked of a value.

        Args:
            value: What the student's code gave back, or an observation of a call.
            because: Your own sentence about what is asked. Of a failed hidden check it is the only detail that a
                student gets: it must give away neither inputs nor expected values.
        """
        return Expectation(value, because)

    def raises(self, kinds: type[Exception] | tuple[type[Exception], ...], because: str | None = None) -> Raises:
        """Ask that the student's code raises an exception of one of these kinds within the ``with`` block.

        The exception is the ``.value`` of what ``as`` binds. An exception of another kind fails the check when the
        student's code raised it, and goes on unchanged when it did not.
        """
        return Raises(kinds, because)

    def fail(self, rationale: str, help: str = "", because: str | None = None) -> NoReturn:  # noqa: A002
        """Fail the check in words of your own.

        Args:
            rationale: What came, what was asked, and where they differ; at most five lines are kept.
            help: One thing to look at; at most two lines are kept.
            because: As for `expect`.

        Raises:
            CheckFailed: Always.
        """
        fail_with(rationale, help, because)

    def vectorised(
        self,
        function: Any,
        small: tuple[Any, ...],
        large: tuple[Any, ...],
        slack: int = 4,
        reading: bool = False,
        because: str | None = None,
    ) -> Expectation:
        """Ask that the number of torch operations does not grow with the input.

        What it counts the student's process says; so does what bans forbid. A large input also has a clock.

        Args:
            function: The student's function itself: ``submission.f``.
            small: Arguments of one call.
            large: Arguments of another, with many more elements.
            slack: How many more operations the second may take.
            reading: Whether tolist(), numpy() and their like, which take the numbers out of torch, may be called.
            because: As for `expect`.

        Returns:
            An expectation of the large call, to go on with its result.

        Raises:
            AuthorError: ``function`` is not one of the submission's.
        """
        return compare_counts(function, small, large, slack, reading, because)

    def least_squares(
        self,
        X: torch.Tensor,
        y: torch.Tensor,
        *,
        bias: bool = True,
        unseen: tuple[torch.Tensor, torch.Tensor] | None = None,
    ) -> Quadratic:
        """Return the problem of fitting a line or plane, for `near` and `after_steps`; see `problems`."""
        return least_squares(X, y, bias=bias, unseen=unseen)

    def quadratic(self, matrix: torch.Tensor, vector: torch.Tensor) -> Quadratic:
        """Return the problem of a quadratic's minimum, for `near` and `after_steps`; see `problems`."""
        return quadratic(matrix, vector)


expect = Expect()
raises, fail, vectorised = expect.raises, expect.fail, expect.vectorised


class _CallablePackage(ModuleType):
    """This package, callable: importing it before `from torchgrade import expect` hides the function of that name."""

    def __call__(self, value: Any, because: str | None = None) -> Expectation:
        return expect(value, because)


sys.modules[__name__].__class__ = _CallablePackage
