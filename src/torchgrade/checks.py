"""The `@check` decorator: what turns a pytest function into a check of one exercise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from .errors import AuthorError

__all__ = ["CheckSpec", "check", "spec_of"]

F = TypeVar("F", bound=Callable[..., Any])
_SPEC = "__torchgrade_check__"
DEVICES = ("cpu", "accelerator")


@dataclass(frozen=True)
class CheckSpec:
    """What the author said about a check.

    Attributes:
        exercise: Name of the exercise it belongs to.
        points: Points for the whole function; parametrized cases share them equally.
        visible: Whether students receive it.
        title: First line of the docstring: what the student reads.
        device: ``"cpu"`` or ``"accelerator"``.
    """

    exercise: str
    points: float
    visible: bool
    title: str
    device: str


def check(exercise: str, *, points: float = 1, visible: bool = False, device: str = "cpu") -> Callable[[F], F]:
    """Declare a pytest function to be a check of ``exercise``.

    Args:
        exercise: The name as in ``assignment.toml``.
        points: What a right answer earns; parametrized cases share it equally. 0 is a check that only informs.
        visible: Release the check to students with the stubs.
        device: ``"accelerator"`` runs it on CUDA where there is one, else on a pretended second device.

    Raises:
        AuthorError: The points are negative, the device is unknown, or the function has no docstring.
    """

    def decorate(function: F) -> F:
        where = f"@check on {function.__name__}"
        if points < 0:
            raise AuthorError(f"{where}: points is {points}; give 0 or more")
        if device not in DEVICES:
            raise AuthorError(f"{where}: device is {device!r}; use one of {', '.join(DEVICES)}")
        title = (function.__doc__ or "").strip().partition("\n")[0].strip()
        if not title:
            raise AuthorError(f"{where}: write a docstring; its first line is what the student reads")
        setattr(function, _SPEC, CheckSpec(exercise, float(points), visible, title, device))
        return function

    return decorate


def spec_of(function: object) -> CheckSpec | None:
    """Return what `@check` said of a test function, or None for any other object."""
    found = getattr(function, _SPEC, None)
    return found if isinstance(found, CheckSpec) else None
