"""What an instructor should look at, because two things that were said do not go together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..course.points import points_text
from .applying import applies, held_by
from .facts import Granted, HandIn, Override

__all__ = ["remarks_on"]


def remarks_on(
    attempts: Sequence[HandIn], counting: HandIn | None, overrides: Sequence[Override], granted: Granted | None
) -> tuple[str, ...]:
    """Return sentences on one student's part of an assignment; none where all is well.

    Args:
        attempts: All of the student's, in order.
        counting: The one that counts.
        overrides: Those that hold.
        granted: The extension that holds.
    """
    by_id = {one.id: (place, one) for place, one in enumerate(attempts, 1)}
    said: list[str] = []
    for one in overrides:
        if one.attempt is None:
            said += _on_the_score(one, counting)
        elif one.attempt in by_id:
            said += _on_a_part(one, *by_id[one.attempt], counting)
    if granted is not None and not attempts:
        said.append(f"extension {granted.id} is there, and nothing was handed in")
    return tuple(said)


def _on_the_score(one: Override, counting: HandIn | None) -> Iterator[str]:
    if counting is not None and counting.grading.id != one.grading:
        what = "handed in" if one.grading is None else "graded or counted"
        yield f"override {one.id} sets the score to {points_text(one.new)}, from before something else was {what}"


def _on_a_part(one: Override, place: int, attempt: HandIn, counting: HandIn | None) -> Iterator[str]:
    result = attempt.grading.result
    if not applies(one, result):
        yield f"override {one.id} of {one.of} has no effect: attempt {place} as graded now has no such part"
    elif attempt.grading.id != one.grading:
        now, points = held_by(result, one.exercise, one.check)
        yield (
            f"override {one.id} sets {one.of} to {points_text(one.new)}, and attempt {place} was graded again since: "
            f"the grader now says {points_text(now)} of {points_text(points)}"
        )
    if counting is not None and attempt.id != counting.id:
        yield f"override {one.id} of {one.of} is about attempt {place}, which does not count"
