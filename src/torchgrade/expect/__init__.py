"""`expect(value)`: what checks ask of a value, with failures that teach."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, NoReturn

from .expectation import Expectation
from .failing import fail_with
from .raising import Raises

__all__ = ["Expectation", "Raises", "expect"]
__tracebackhide__ = True


class Expect:
    """What `expect` is: call it with a value, or use its two further words."""

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


expect = Expect()
raises, fail = expect.raises, expect.fail


class _CallablePackage(ModuleType):
    """This package, callable: importing it before `from torchgrade import expect` hides the function of that name."""

    def __call__(self, value: Any, because: str | None = None) -> Expectation:
        return expect(value, because)


sys.modules[__name__].__class__ = _CallablePackage
