"""The stub as a notebook: the handout, a cell for each exercise below the part that is about it, and one to check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..errors import CourseError
from .assignment import Assignment
from .syntax import Definition, lines_of, parse_python
from .texts import fill

__all__ = ["notebook_source"]

_KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook_source(assignment: Assignment, stub: str, handout: str) -> str:
    """Return the text of the notebook that students fill in.

    The same assignment always gives the same text: cells are numbered, not named at random.

    Args:
        assignment: Whose notebook it is.
        stub: The module that students fill in, as `stub_source` gives it.
        handout: The handout, in Markdown.

    Raises:
        CourseError: nbformat is not installed.
    """
    nbformat = _nbformat(assignment)
    cells = [
        nbformat.v4.new_code_cell(text, id=name) if code else nbformat.v4.new_markdown_cell(text, id=name)
        for name, code, text in _cells(assignment, stub, handout)
    ]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=_KERNEL)
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def _nbformat(assignment: Assignment) -> Any:
    try:
        import nbformat
    except ModuleNotFoundError:
        remedy = "install it: pip install 'torchgrade[notebook]'"
        raise CourseError(assignment.folder, "", "nbformat, which writes notebooks, is not installed", remedy) from None
    return nbformat


def _cells(assignment: Assignment, stub: str, handout: str) -> Iterator[tuple[str, bool, str]]:
    """Yield each cell's id, whether it is code, and its text."""
    setup, stubs = _cut(assignment, stub)
    yield "about", False, fill("notebook-about.md", module=assignment.module).strip()
    waiting = [("setup", True, setup)] if setup else []
    for number, part in enumerate(_parts(handout)):
        heading = part.partition("\n")[0]
        mine = [name for name in stubs if number and f"`{name}`" in heading]
        if number:  # below the introduction, above all the rest
            yield from waiting
            waiting = []
        yield f"handout-{number}", False, part
        for name in mine:
            yield _identifier(assignment, name), True, stubs.pop(name)
    yield from waiting
    for name, text in stubs.items():
        yield _identifier(assignment, name), True, text
    yield "checks", True, fill("notebook-checks.txt").strip()


def _identifier(assignment: Assignment, name: str) -> str:
    return f"exercise-{assignment.exercise_names.index(name) + 1}"


def _parts(handout: str) -> Iterator[str]:
    """Cut a handout above each heading of the second level; one inside a block of code is none."""
    part, fence = list[str](), ""
    for line in lines_of(handout):
        mark = re.match(r" {0,3}(```+|~~~+)", line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence):
            fence = ""
        elif line.startswith("## ") and not fence and part:
            yield "\n".join(part).strip()
            part = []
        part.append(line)
    yield "\n".join(part).strip()


def _cut(assignment: Assignment, stub: str) -> tuple[str, dict[str, str]]:
    """Cut a stub: what stands above the first exercise, then each exercise with what stands between it and the last."""
    lines, found, at = lines_of(stub), dict[str, str](), 0
    exercises = [
        node
        for node in parse_python(stub, assignment.solution).body
        if isinstance(node, Definition) and node.name in assignment.exercise_names
    ]
    setup = ""
    for node in exercises:
        if not found:
            at = _begin(node, lines)
            setup = "\n".join(lines[:at]).strip()
        end = (node.end_lineno or node.lineno) if node is not exercises[-1] else len(lines)
        found[node.name] = "\n".join(lines[at:end]).strip("\n")
        at = end
    return setup, found


def _begin(node: Definition, lines: list[str]) -> int:
    """Return how many lines stand above a definition with its decorators and the comment that touches it."""
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)]) - 1
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return first
