"""The misconceptions of an assignment, read from the source: importing it would run wrong answers in the grader."""

from __future__ import annotations

from collections.abc import Iterator

from ..course import Assignment
from ..course.files import read_text
from ..course.master import literal_arguments
from ..course.syntax import Definition, decorators, parse_python
from ..misconceptions import Misconception
from ..sandbox.program import Program

__all__ = ["declared_misconceptions", "with_misconception"]


def declared_misconceptions(assignment: Assignment) -> Iterator[Misconception]:
    """Yield the misconceptions in the order of their definition; `check_master` complains of those left out here.

    Raises:
        CourseError: A file cannot be parsed.
    """
    for file in assignment.wrong_answers:
        for node in parse_python(read_text(file), file).body:
            for mark in decorators(node, "misconception"):
                assert isinstance(node, Definition)
                said = literal_arguments(mark)
                if said.keys() >= {"exercise", "belief", "hint"}:
                    beside = file == assignment.solution
                    yield Misconception(node.name, said["exercise"], said["belief"], said["hint"], beside)


def with_misconception(assignment: Assignment, reference: Program, wrong: Misconception) -> Program:
    """Put a wrong answer in the place of the right one, all else as in the reference."""
    if wrong.beside:
        replaced = (wrong.exercise, f"{assignment.module}:{wrong.name}")
        return Program(assignment.module, reference.files, replace=(replaced,))
    files = {**reference.files, "misconceptions": assignment.misconceptions.read_bytes()}
    return Program(assignment.module, files, replace=((wrong.exercise, f"misconceptions:{wrong.name}"),))
