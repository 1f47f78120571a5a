"""Whether replay gives a misconception its own name."""

from __future__ import annotations

from collections.abc import Sequence

from ..grade.results import CheckResult

__all__ = ["how_named", "naming_problem", "same_as"]


def how_named(misconception: str, checks: Sequence[CheckResult]) -> str:
    """Tell how replay named a misconception that was graded as a submission.

    Args:
        misconception: Its name.
        checks: The checks of its exercise that it lost, from a grader that has named them.

    Returns:
        ``"named"``: itself, or one whose answers are the same in every check; ``"other"``: a different one, in some
        check; ``"unnamed"``: not at all, since its answers vary from run to run or say too little.
    """
    if _wrongly(misconception, checks):
        return "other"
    return "named" if any(check.misconception for check in checks) else "unnamed"


def same_as(misconception: str, checks: Sequence[CheckResult]) -> tuple[str, ...]:
    """Return the misconceptions whose answers are the same in every check of the exercise, in the file's order."""
    right = [check for check in checks if misconception in (check.misconception, *check.alike)]
    known = dict.fromkeys(name for check in right for name in (check.misconception, *check.alike) if name)
    return tuple(name for name in known if name != misconception)


def naming_problem(misconception: str, checks: Sequence[CheckResult]) -> str:
    """Return a sentence about a misconception that goes by the name of another, else nothing."""
    return "; ".join(
        f"replay takes it for {check.misconception} in {check.id}: its students would get the wrong hint"
        for check in _wrongly(misconception, checks)
    )


def _wrongly(misconception: str, checks: Sequence[CheckResult]) -> list[CheckResult]:
    return [one for one in checks if one.misconception and misconception not in (one.misconception, *one.alike)]
