"""The summary at the end of a student's run: one block an exercise, then the score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..course import Assignment, Exercise
from ..course.points import plural_of, points_text
from ..language import _, ngettext
from .items import CheckInfo
from .outcomes import Outcome

__all__ = ["ExerciseLine", "as_record", "summarise"]

Done = Sequence[tuple[CheckInfo, Outcome]]


@dataclass(frozen=True)
class ExerciseLine:
    """A line of the terminal and how it is marked up, in the words of pytest's terminal writer."""

    text: str
    style: dict[str, bool] = field(default_factory=dict)


def summarise(assignment: Assignment, done: Done, hints: bool) -> Iterator[ExerciseLine]:
    """Yield the lines of the summary.

    Args:
        assignment: Whose exercises, in order.
        done: Each check that ran, with its verdict.
        hints: Whether the hint of an unsolved exercise is shown.
    """
    for exercise in assignment.exercises:
        mine = [(info, outcome) for info, outcome in done if info.spec.exercise == exercise.name]
        if mine:
            yield from _block(exercise, mine, hints)
    total, earned = _points(done), _points([pair for pair in done if pair[1].status == "passed"])
    yield ExerciseLine("")
    score = _("score: {earned} of {total} points").format(earned=points_text(earned), total=points_text(total))
    yield ExerciseLine(score, {"bold": True, "green": earned == total})
    deferred = _points([pair for pair in done if pair[1].status == "deferred"])
    if deferred:
        yield ExerciseLine(_waiting(deferred))
    if any(not info.spec.visible for info, _ in done):
        return
    yield ExerciseLine(_("These are the checks that you can see; more are run on what you hand in."))


def _waiting(deferred: Fraction) -> str:
    sentence = ngettext(
        "{points} of them waits for a machine with a GPU",
        "{points} of them wait for a machine with a GPU",
        plural_of(deferred),
    )
    return sentence.format(points=points_text(deferred))


def as_record(assignment: Assignment, done: Done, hints: bool) -> dict[str, Any]:
    """Return the summary as plain data, for a program that shows it in its own way (see `summarise`)."""
    return {
        "title": assignment.title,
        "exercises": [
            _exercise_record(exercise, mine, hints)
            for exercise in assignment.exercises
            if (mine := [pair for pair in done if pair[0].spec.exercise == exercise.name])
        ],
        "earned": float(_points([pair for pair in done if pair[1].status == "passed"])),
        "deferred": float(_points([pair for pair in done if pair[1].status == "deferred"])),
        "points": float(_points(done)),
    }


def _exercise_record(exercise: Exercise, mine: Done, hints: bool) -> dict[str, Any]:
    lost = [(info, outcome) for info, outcome in mine if outcome.status not in ("passed", "deferred")]
    to_do = bool(lost) and all(outcome.untouched for _, outcome in lost)
    return {
        "name": exercise.name,
        "title": exercise.title,
        "state": "to do" if to_do else "wrong" if lost else "ok",
        "earned": float(_points([pair for pair in mine if pair[1].status == "passed"])),
        "points": float(_points(mine)),
        "complaints": [] if to_do else [[info.spec.title, outcome.message] for info, outcome in lost],
        "hint": exercise.hint if hints and lost else "",
    }


def _block(exercise: Exercise, mine: Done, hints: bool) -> Iterator[ExerciseLine]:
    earned, total = _points([pair for pair in mine if pair[1].status == "passed"]), _points(mine)
    head = f"{exercise.name}  {points_text(earned)}/{points_text(total)}"
    if all(outcome.status in ("passed", "deferred") for _, outcome in mine):
        yield ExerciseLine("  " + _("ok    {exercise}").format(exercise=head), {"green": True})
        return
    if all(outcome.untouched for _, outcome in mine if outcome.status != "passed"):
        yield ExerciseLine("  " + _("to do {exercise}").format(exercise=head), {"yellow": True})
    else:
        yield ExerciseLine("  " + _("wrong {exercise}").format(exercise=head), {"red": True})
        for info, outcome in mine:
            if outcome.status not in ("passed", "deferred"):
                yield from _complaint(info, outcome)
    if hints and exercise.hint:
        yield ExerciseLine("        " + _("hint: {hint}").format(hint=exercise.hint), {"cyan": True})


def _complaint(info: CheckInfo, outcome: Outcome) -> Iterator[ExerciseLine]:
    yield ExerciseLine(f"        {info.spec.title}", {"bold": True})
    for line in outcome.message.splitlines():
        yield ExerciseLine(f"          {line}")


def _points(done: Done) -> Fraction:
    return sum((info.points for info, _ in done), Fraction(0))
