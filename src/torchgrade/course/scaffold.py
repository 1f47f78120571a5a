"""Starting a new assignment from a small one that works, and a new exercise from a frame to fill in."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

from ..errors import CourseError
from .assignment import Assignment, Exercise
from .files import read_text, write_changed
from .manifest import NAMING, callable_name, importable
from .markers import find_blocks
from .model import Course
from .syntax import Definition, lines_of, parse_python
from .texts import fill

__all__ = ["new_assignment", "new_exercise"]

# A misconception beside the answer needs this import, which students do not.
_IMPORT = ["# BEGIN SOLUTION", "from torchgrade import misconception", "# END SOLUTION"]


def new_assignment(course: Course, slug: str, exercise: Exercise | None = None) -> list[Path]:
    """Write a new assignment with one small exercise, ready for ``torchgrade verify``.

    Args:
        course: Where it goes.
        slug: Two digits, a dash and a name in lower case, such as ``"03-linear-models"``; the name becomes the title
            and the module's name.
        exercise: Begin with a frame for this one, to be filled in, instead of the example.

    Returns:
        The files written.

    Raises:
        CourseError: The slug has another form, its folders are there already, or no exercise can have that name.
    """
    folder, graders = course.root / "assignments" / slug, course.graders(slug)
    if not re.fullmatch(r"[0-9]{2}-[a-z0-9]+(-[a-z0-9]+)*", slug):
        remedy = "use two digits, a dash and a name in lower case: torchgrade new 03-linear-models"
        raise CourseError(course.root / "assignments", slug, "is no name for an assignment", remedy)
    for taken in (folder, graders):
        if taken.exists():
            remedy = "choose another name, or remove that folder first"
            raise CourseError(taken, "", "is there already", remedy)
    name = slug[3:].replace("-", "_")
    module = name if importable(name) else f"lesson_{name}"
    words = {"slug": slug, "module": module, "title": slug[3:].replace("-", " ").capitalize()}
    files = _files(folder, graders, module)
    if exercise is None:
        texts = {file: _joined(fill(f"new/head/{part}", **words), part, {}, "example") for file, part in files.items()}
    else:
        _refuse_name(folder / "assignment.toml", exercise.name)
        heads = {file: fill(f"new/head/{part}", **words) for file, part in files.items()}
        texts = _framed(heads, files, exercise)
    return _written(texts)


def new_exercise(course: Course, slug: str, exercise: Exercise) -> list[Path]:
    """Add the frame of an exercise to an assignment that is there: entry, handout, answer, misconception, checks.

    Args:
        course: Where the assignment is.
        slug: The assignment.
        exercise: What the student will write.

    Returns:
        The files written; what they held before is kept.

    Raises:
        CourseError: No such assignment, no exercise can have that name, or it is taken.
    """
    assignment = course.assignment(slug)
    _refuse_name(assignment.folder / "assignment.toml", exercise.name)
    files = _files(assignment.folder, course.graders(slug), assignment.module)
    words = {"slug": slug, "module": assignment.module, "title": assignment.title}
    heads = {
        file: read_text(file) if file.exists() else fill(f"new/head/{part}", **words) for file, part in files.items()
    }
    _refuse_taken(assignment, heads, exercise.name)
    return _written(_framed(heads, files, exercise))


def _files(folder: Path, graders: Path, module: str) -> dict[Path, str]:
    """Return the files of an assignment and their templates; the manifest last: without it a folder is none yet."""
    return {
        folder / "solution.py": "solution.txt",
        folder / "misconceptions.py": "misconceptions.txt",
        folder / "handout.md": "handout.md",
        graders / f"test_{module}.py": "checks.txt",
        folder / "assignment.toml": "assignment.toml",
    }


def _framed(heads: dict[Path, str], files: dict[Path, str], exercise: Exercise) -> dict[Path, str]:
    """Put the frame of an exercise below what each file holds; its misconception stands beside its answer."""
    said = {"name": exercise.name, "title": exercise.title, "hint": exercise.hint}
    quoted = {word: json.dumps(text.replace("\x7f", ""), ensure_ascii=False) for word, text in said.items()}
    texts = {}
    for file, part in files.items():
        if part != "misconceptions.txt":
            head = _with_import(heads[file], file) if part == "solution.txt" else heads[file]
            texts[file] = _joined(head, part, quoted if part == "assignment.toml" else said, "exercise")
    return texts


def _joined(head: str, part: str, words: dict[str, str], kind: str) -> str:
    gap = "\n\n\n" if part.endswith(".txt") else "\n\n"  # the .txt are Python
    return head.rstrip() + gap + fill(f"new/{kind}/{part}", **words)


def _with_import(source: str, file: Path) -> str:
    """Import the decorator of misconceptions, in a block that students do not receive, below the other imports."""
    tree, lines = parse_python(source, file), lines_of(source)
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    if any(alias.name == "misconception" for node in imports for alias in node.names):
        return source
    docstring = tree.body[:1] if ast.get_docstring(tree) is not None else []
    last = max((node.end_lineno or 0 for node in [*imports, *docstring]), default=0)
    last = next((block.end for block in find_blocks(source, file) if block.begin <= last <= block.end), last)
    return "\n".join([*lines[:last], *([] if imports else [""]), *_IMPORT, *lines[last:]])


def _refuse_name(file: Path, name: str) -> None:
    if not callable_name(name):
        raise CourseError(file, name, "cannot be the name of an exercise", f"use {NAMING}")


def _refuse_taken(assignment: Assignment, texts: dict[Path, str], name: str) -> None:
    """Refuse a name that the frame would define a second time: the later definition would hide the earlier one."""
    new = {name, f"wrong_{name}", f"test_{name}", f"test_{name}_hidden"}
    for file, text in texts.items():
        for node in parse_python(text, file).body if file.suffix == ".py" else ():
            if isinstance(node, Definition) and node.name in new:
                remedy = "choose another name for the exercise, or rename what is there"
                raise CourseError(file, f"{node.name} (line {node.lineno})", "is there already", remedy)
    if name in assignment.exercise_names:
        raise CourseError(assignment.folder / "assignment.toml", name, "is an exercise already", "choose another name")


def _written(texts: dict[Path, str]) -> list[Path]:
    for file, text in texts.items():
        write_changed(file, text.encode())
    return list(texts)
