"""What must hold between a manifest and the two modules beside it, read without importing either."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from ..errors import CourseError
from .assignment import Assignment
from .files import read_text
from .markers import find_blocks
from .stubs import stub_source
from .syntax import Definition, decorators, parse_python

__all__ = ["check_master", "literal_arguments"]


def check_master(assignment: Assignment) -> None:
    """Check that every exercise has its master answer, and every misconception its exercise.

    Args:
        assignment: As ``read_manifest`` gave it; ``solution.py`` must be there, ``misconceptions.py`` may be.

    Raises:
        CourseError: An exercise lacks its function, docstring or markers, the stub would not be a module, or a
            misconception is not complete or would be released; it names file, place and remedy.
    """
    file = assignment.solution
    source = read_text(file)
    defined = {node.name: node for node in _definitions(parse_python(source, file))}
    solved = {block.owners[0] for block in find_blocks(source, file) if block.kind == "SOLUTION" and block.owners}
    for name in assignment.exercise_names:
        _check_exercise(file, name, defined, solved)
    left = {node.name: node for node in _definitions(parse_python(stub_source(source, file), file))}
    for name in assignment.exercise_names:
        if name not in left:
            problem = "is not in the stub: a solution block of another function encloses it"
            raise CourseError(file, f"{name} (line {defined[name].lineno})", problem, "end that block before it")
    for name, node in left.items():
        if any(decorators(node, "misconception")):
            problem = "is a misconception that students would receive"
            remedy = "enclose it in # BEGIN SOLUTION and # END SOLUTION, decorator and all"
            place = defined.get(name, node)  # a prompt may bring it
            raise CourseError(file, f"{name} (line {place.lineno})", problem, remedy)
    _check_misconceptions(assignment)


def _definitions(tree: ast.Module) -> Iterator[Definition]:
    return (node for node in tree.body if isinstance(node, Definition))


def _check_exercise(file: Path, name: str, defined: dict[str, Definition], solved: set[str]) -> None:
    if name not in defined:
        near = get_close_matches(name, defined, n=1)
        problem = "the exercise has no top-level function or class of its name"
        remedy = f"write def {name}(...)" + (f", or rename {near[0]}" if near else "")
        raise CourseError(file, name, problem, remedy)
    place = f"{name} (line {defined[name].lineno})"
    if not (ast.get_docstring(defined[name]) or "").strip():
        raise CourseError(file, place, "has no docstring", "say in a docstring what the student is to write")
    if name not in solved:
        problem = "has no solution markers, so students would receive the answer"
        remedy = "enclose the answer in # BEGIN SOLUTION and # END SOLUTION, inside the function"
        raise CourseError(file, place, problem, remedy)


def _check_misconceptions(assignment: Assignment) -> None:
    seen: dict[str, str] = {}
    for file in assignment.wrong_answers:
        for node in _definitions(parse_python(read_text(file), file)):
            marks = list(decorators(node, "misconception"))
            place = f"{node.name} (line {node.lineno})"
            for mark in marks:
                _check_mark(assignment, file, place, mark)
            # Two exercises cannot share a name either: in the module the later function replaces the earlier one.
            if marks and node.name in seen:
                problem = f"a misconception of this name stands in {seen[node.name]} already"
                raise CourseError(file, place, problem, "rename one of the two")
            if marks:
                seen[node.name] = f"line {node.lineno} of {file.name}"


def _check_mark(assignment: Assignment, file: Path, place: str, mark: ast.expr) -> None:
    """Check one ``@misconception(exercise, belief, hint=...)``."""
    known = assignment.exercise_names
    said = literal_arguments(mark)
    for word, what in (("exercise", "an exercise's name"), ("belief", "what is believed"), ("hint", "what helps")):
        if not said.get(word, "").strip():
            problem = f"@misconception has no {word} written out as text"
            raise CourseError(file, place, problem, f"give {what} as a string: {USAGE}")
    if said["exercise"] not in known:
        near = get_close_matches(said["exercise"], known, n=1)
        remedy = f"did you mean {near[0]}?" if near else f"use one of: {', '.join(known)}"
        raise CourseError(file, place, f"no exercise is called {said['exercise']!r}", remedy)


USAGE = '@misconception("exercise", "What is believed.", hint="What helps.")'


def literal_arguments(mark: ast.expr) -> dict[str, str]:
    """Return the arguments that are plain strings, by name."""
    if not isinstance(mark, ast.Call):
        return {}
    named = [*zip(("exercise", "belief"), mark.args, strict=False), *((k.arg, k.value) for k in mark.keywords)]
    return {
        name: value.value
        for name, value in named
        if name and isinstance(value, ast.Constant) and isinstance(value.value, str)
    }
