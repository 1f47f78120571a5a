"""How far a student has come in one assignment: what each check last said, and which exercise is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..course.assignment import Assignment, Exercise
from .messages import Check

__all__ = ["Progress", "Said"]

GOOD = ("passed", "deferred")


@dataclass
class Said:
    """What a check said last.

    Attributes:
        status: As in a result: ``passed``, ``failed``, ``timeout``, …
        message: Why, in lines for the student.
        untouched: The exercise is as it was handed out.
        printed: The first of what the student's code printed meanwhile.
        size: Bytes that it printed.
    """

    status: str
    message: str = ""
    untouched: bool = False
    printed: str = ""
    size: int = 0


@dataclass
class Progress:
    """The exercises of an assignment that have checks, and the one that is looked at.

    Attributes:
        assignment: Which.
        checks: Its checks, once they are known.
        said: What each of them said last, by id.
        place: Place in `exercises` of the one that is looked at.
        solved_now: Name of the exercise that was solved just now, or nothing.
        chosen: Whether the student went to the exercise by hand.
    """

    assignment: Assignment
    checks: tuple[Check, ...] = ()
    said: dict[str, Said] = field(default_factory=dict)
    place: int = 0
    solved_now: str = ""
    chosen: bool = False

    def learn(self, checks: Sequence[Check]) -> None:
        """Take the checks that a runner has; what is known of others is forgotten."""
        if tuple(checks) == self.checks:
            return
        at = self.current.name if self.checks else ""
        self.checks = tuple(checks)
        known = {check.id for check in checks}
        self.said = {name: one for name, one in self.said.items() if name in known}
        names = [exercise.name for exercise in self.exercises]
        self.place = names.index(at) if at in names else 0

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """Those that have a check, in the assignment's order."""
        with_checks = {check.exercise for check in self.checks}
        return tuple(one for one in self.assignment.exercises if one.name in with_checks or not self.checks)

    @property
    def current(self) -> Exercise:
        """The exercise that is looked at."""
        return self.exercises[self.place]

    @property
    def solved(self) -> int:
        """How many exercises are solved."""
        return sum(self.state(exercise.name) == "ok" for exercise in self.exercises)

    @property
    def finished(self) -> bool:
        """Whether all are solved."""
        return bool(self.checks) and self.solved == len(self.exercises)

    def checks_of(self, exercise: str) -> list[Check]:
        """Return the checks of an exercise."""
        return [check for check in self.checks if check.exercise == exercise]

    def state(self, exercise: str) -> str:
        """Return ``"ok"``, ``"to do"``, ``"wrong"``, or ``"unknown"`` while a check has not said anything yet."""
        said = [self.said.get(check.id) for check in self.checks_of(exercise)]
        lost = [one for one in said if one is not None and one.status not in GOOD]
        if lost:
            return "to do" if all(one.untouched for one in lost) else "wrong"
        return "unknown" if None in said or not said else "ok"

    def order(self) -> list[str]:
        """Return the checks' ids, those of the exercise that is looked at first, and on from there."""
        names = [exercise.name for exercise in self.exercises]
        turned = names[self.place :] + names[: self.place]
        return [check.id for name in turned for check in self.checks_of(name)]

    def step(self, by: int) -> None:
        """Look at another exercise, as the student asks."""
        self.place = (self.place + by) % len(self.exercises)
        self.solved_now, self.chosen = "", True

    def begin(self) -> None:
        """Prepare for a run: a student who only looked around goes on where there is something to do."""
        self.solved_now = ""
        if self.state(self.current.name) == "ok":
            self.chosen = False
        self.advance()

    def advance(self) -> None:
        """Look at the first exercise that is not solved, unless the student chose one that is not."""
        if self.chosen and self.state(self.current.name) != "ok":
            return
        states = [self.state(exercise.name) for exercise in self.exercises]
        unsolved = [place for place, state in enumerate(states) if state != "ok"]
        if unsolved and self.checks:
            self.place, self.chosen = unsolved[0], False

    def hear(self, check: str, said: Said) -> None:
        """Note what a check said, and go on to the next exercise when it was the last that this one lacked."""
        before = self.state(self.current.name)
        self.said[check] = said
        if before != "ok" and self.state(self.current.name) == "ok":
            self.solved_now = self.current.name if before in ("wrong", "to do") else self.solved_now
            self.chosen = False
            self.advance()
