"""The `@misconception` decorator: a known wrong answer, kept beside the right one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

__all__ = ["Misconception", "misconception", "misconceptions_in"]

F = TypeVar("F", bound=Callable[..., Any])
_MARK = "__torchgrade_misconception__"


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that students are known to give.

    Attributes:
        name: The function's name; unique within the exercise.
        exercise: The exercise it answers wrongly.
        belief: What whoever writes it believes, as one sentence.
        hint: What to tell them.
        beside: Whether it stands in the master, beside the right answer, and not in ``misconceptions.py``.
    """

    name: str
    exercise: str
    belief: str
    hint: str
    beside: bool = False


def misconception(exercise: str, belief: str, *, hint: str) -> Callable[[F], F]:
    """Declare a function (or class) to be a known wrong answer to ``exercise``.

    It stands in ``misconceptions.py``, or in ``solution.py`` between ``# BEGIN SOLUTION`` and ``# END SOLUTION``. It is
    read from the source, so each argument must be written out as a string. ``verify`` demands that it loses points; a
    student whose answers are the same reads the hint.

    Args:
        exercise: The exercise it answers wrongly, by its name in ``assignment.toml``.
        belief: What whoever writes it believes, as one sentence.
        hint: What to tell them; shown for hidden checks, too.
    """

    def decorate(function: F) -> F:
        setattr(function, _MARK, Misconception(function.__name__, exercise, belief, hint))
        return function

    return decorate


def misconceptions_in(namespace: dict[str, Any]) -> dict[Misconception, Any]:
    """Return the misconceptions among a module's names, in the order of their definition."""
    found = ((getattr(value, _MARK, None), value) for value in namespace.values())
    return {mark: value for mark, value in found if isinstance(mark, Misconception)}
