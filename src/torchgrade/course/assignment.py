"""What an assignment says of itself: its exercises and limits, each with the bounds it must keep."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from ..language import authored_in
from .due import Due

__all__ = ["Assignment", "Exercise", "Exercises", "Limits", "Text"]

Text = Annotated[str, Meta(pattern=r"\S")]
# A day and about a million: above these a figure is a slip, and some systems refuse it when the limit is set.
Seconds = Annotated[float, Meta(gt=0, le=86_400)]
Amount = Annotated[int, Meta(gt=0, le=2**20)]


@dataclass(frozen=True)
class Limits:
    """What a student's process may use.

    Attributes:
        seconds: Wall clock for one check.
        import_seconds: Wall clock for loading the submission.
        memory_mb: Memory in MiB.
        processes: Processes and threads at one time.
        output_kb: Printed text that is kept, in KiB.
        scratch_mb: Files written, in MiB.
    """

    seconds: Seconds = 10.0
    import_seconds: Seconds = 20.0
    memory_mb: Amount = 2048
    processes: Amount = 32
    output_kb: Amount = 64
    scratch_mb: Amount = 64


@dataclass(frozen=True)
class Exercise:
    """One function or class that a student writes.

    Attributes:
        name: The function's or class's name.
        title: What the student reads above it.
        hint: Shown on request; the task can be understood without it.
    """

    name: Text
    title: Text
    hint: Text


Exercises = Annotated[tuple[Exercise, ...], Meta(min_length=1)]


@dataclass(frozen=True)
class Assignment:
    """One assignment, as its ``assignment.toml`` describes it.

    Attributes:
        slug: Name of its folder.
        title: What students read.
        module: Name of the file students hand in, without its ending.
        exercises: In the order of presentation.
        limits: What a student's process may use.
        folder: The folder that holds ``assignment.toml``.
        due: When it must be handed in, and what comes of handing in late or more than once; None for no such date.
    """

    slug: str
    title: str
    module: str
    exercises: tuple[Exercise, ...]
    limits: Limits
    folder: Path
    due: Due | None = None

    @property
    def solution(self) -> Path:
        """The master: the module with every answer in it."""
        return self.folder / "solution.py"

    @property
    def misconceptions(self) -> Path:
        """The known wrong answers that do not stand beside the right ones."""
        return self.folder / "misconceptions.py"

    @property
    def wrong_answers(self) -> tuple[Path, ...]:
        """The modules that may hold misconceptions: the file of that name, where there is one, and the master."""
        return tuple(file for file in (self.misconceptions, self.solution) if file.exists())

    @property
    def handout(self) -> Path:
        """The text students read first."""
        return self.folder / "handout.md"

    @property
    def exercise_names(self) -> tuple[str, ...]:
        """The names of the exercises, in the order of presentation."""
        return tuple(exercise.name for exercise in self.exercises)

    def translated(self) -> Assignment:
        """Return it with titles and hints in the language that is spoken, as far as the course has them in it."""
        words = authored_in(self.folder)
        exercises = (replace(one, title=words(one.title), hint=words(one.hint)) for one in self.exercises)
        return replace(self, title=words(self.title), exercises=tuple(exercises))

    def exercise(self, name: str) -> Exercise:
        """Return the exercise of that name.

        Raises:
            KeyError: There is none.
        """
        for exercise in self.exercises:
            if exercise.name == name:
                return exercise
        raise KeyError(f"{self.slug} has no exercise {name!r}; it has {', '.join(self.exercise_names)}")
