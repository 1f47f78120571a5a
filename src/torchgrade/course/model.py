"""The course: a folder of assignments, their graders, and what both share."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

import msgspec

from ..errors import CourseError
from .assignment import Assignment, Exercise, Limits
from .due import Due
from .files import read_toml
from .manifest import read_manifest

__all__ = ["Assignment", "Course", "Due", "Exercise", "Limits"]


@dataclass(frozen=True)
class _Settings:
    least_level: Literal["A", "B", "C", "D"] = "C"


@dataclass(frozen=True)
class _Tool:
    torchgrade: _Settings = _Settings()


@dataclass(frozen=True)
class _Project:
    """The part of a course's `pyproject.toml` that is ours; other tools' tables are passed over."""

    tool: _Tool = _Tool()


@dataclass(frozen=True)
class Course:
    """A course on disk; nothing is read before it is asked for.

    Attributes:
        root: The folder that holds ``assignments/`` and ``graders/``.
    """

    root: Path

    @property
    def slugs(self) -> tuple[str, ...]:
        """The folders under ``assignments/`` that hold an ``assignment.toml``, sorted."""
        return tuple(sorted(file.parent.name for file in self.root.glob("assignments/*/assignment.toml")))

    @property
    def shared(self) -> Path:
        """What checks and students' processes both see and import."""
        return self.root / "fixtures" / "shared"

    @property
    def template(self) -> Path:
        """What students receive, made from the masters."""
        return self.root / "student_template"

    @property
    def least_level(self) -> str:
        """The weakest confinement under which hidden checks may run, ``"A"`` (strongest) to ``"D"``.

        Raises:
            CourseError: The course's ``pyproject.toml`` says something else.
        """
        file = self.root / "pyproject.toml"
        try:
            project = msgspec.convert(read_toml(file) if file.exists() else {}, _Project)
        except msgspec.ValidationError as error:
            problem = str(error).partition(" - at")[0].replace("`", "")
            remedy = 'write least_level = "A", "B", "C" or "D" under [tool.torchgrade], or remove it for "C"'
            raise CourseError(file, "tool.torchgrade.least_level", problem, remedy) from None
        return project.tool.torchgrade.least_level

    def graders(self, slug: str) -> Path:
        """Return the folder of an assignment's checks."""
        return self.root / "graders" / slug

    def assignment(self, slug: str) -> Assignment:
        """Read an assignment.

        Raises:
            CourseError: No such assignment, or its ``assignment.toml`` breaks a rule.
        """
        slugs = self.slugs
        if slug in slugs:
            return read_manifest(self.root / "assignments" / slug / "assignment.toml")
        near = get_close_matches(slug, slugs, n=1, cutoff=0.4)
        remedy = f"did you mean {near[0]}? " if near else ""
        remedy += f"Known: {', '.join(slugs)}" if slugs else "start one with: torchgrade new 01-tensors"
        raise CourseError(self.root / "assignments", slug, "no such assignment", remedy)
