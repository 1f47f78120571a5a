"""The misconceptions of an assignment, read without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..course import Assignment
from ..errors import CourseError
from ..misconceptions import Misconception

__all__ = ["declared_misconceptions"]


def declared_misconceptions(assignment: Assignment) -> list[Misconception]:
    """Return the misconceptions in the order of their definition.

    They are read from the source: importing the file would run wrong answers in the grader.

    Raises:
        CourseError: A decorator's arguments are not literal text.
    """
    if not assignment.misconceptions.is_file():
        return []
    tree = ast.parse(assignment.misconceptions.read_bytes(), str(assignment.misconceptions))
    return [found for node in tree.body for found in _declared(node, assignment)]


def _declared(node: ast.stmt, assignment: Assignment) -> Iterator[Misconception]:
    if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return
    for call in node.decorator_list:
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] == "misconception":
            try:
                exercise, belief = (ast.literal_eval(argument) for argument in call.args)
                (hint,) = (ast.literal_eval(keyword.value) for keyword in call.keywords)
            except ValueError:
                problem = "@misconception wants an exercise, a belief and hint=, all literal text"
                remedy = 'write @misconception("exercise", "What is believed.", hint="What to do.")'
                raise CourseError(assignment.misconceptions, f"line {call.lineno}", problem, remedy) from None
            yield Misconception(node.name, exercise, belief, hint)
