"""The master, `solution.py`, from a notebook's code."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from .convert import Converted
from .pieces import Note
from .slicing import mentions, slice_of
from .statements import Statement, uses

__all__ = ["master_source"]


def master_source(found: Converted, title: str) -> str:
    """Write the master: imports, what the definitions need, and the definitions; what is left out is noted."""
    code = [one for one in found.statements if one.part not in ("hidden", "test")]
    last = {one.name: one for one in code if one.name}
    definitions = [one for one in code if one.name and last[one.name] is one]
    needed = slice_of(code, uses([one.node for one in definitions]), len(found.statements), frozenset(last))
    kept = sorted([*definitions, *needed.statements], key=lambda one: one.order)
    exercises = {one.name for one in found.exercises}
    for one in kept:
        if not one.name and mentions(one.node, exercises):
            why = "runs an exercise when the file is imported: the stub would raise there; move it into a function"
            found.notes.append(Note(one.cell, ast.unparse(one.node), why, lost=False))
        elif one.part == "result":
            why = "functions use this value, which students set: it is in the master, and not in the stub"
            found.notes.append(Note(one.cell, ast.unparse(one.node), why, lost=False))
    _note_left_out(found, code, kept)
    parts = [_text(one, is_exercise=one.name in exercises) for one in kept]
    imports = list(dict.fromkeys(ast.unparse(one.node) for one in needed.imports))
    head = f'"""{_words(title)}: replace each line that raises NotImplementedError."""\n'
    top = [head + "".join(f"\n{line}" for line in imports)]
    return "\n\n\n".join([*top, *parts]) + "\n"


def _text(one: Statement, *, is_exercise: bool) -> str:
    if one.part == "result":
        return f"# BEGIN SOLUTION\n{one.text}\n# END SOLUTION"
    documented = isinstance(one.node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(one.node)
    if not is_exercise or documented:
        return one.text
    return _with_docstring(one)


def _with_docstring(one: Statement) -> str:
    """Put a docstring below the head of a definition that has none: it is what students read first."""
    tree = ast.parse(one.text).body[0]
    assert isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    lines = one.text.split("\n")
    at = next(number for number in range(tree.lineno - 1, len(lines)) if _head_ends(lines, tree.lineno - 1, number))
    first = next(line for line in lines[at + 1 :] if line.strip())
    indent = first[: len(first) - len(first.lstrip())] or "    "
    return "\n".join([*lines[: at + 1], f'{indent}"""Write {one.name} as the handout says."""', *lines[at + 1 :]])


def _head_ends(lines: list[str], start: int, number: int) -> bool:
    head = "\n".join(lines[start : number + 1])
    try:
        ast.parse(head.lstrip() + "\n    pass")
    except SyntaxError:
        return False
    return True


def _note_left_out(found: Converted, code: Sequence[Statement], kept: Sequence[Statement]) -> None:
    """Say which lines of the notebook a module has no use for."""
    carried = {one.order for one in kept}
    for check in found.checks:
        carried |= {one.order for one in check.given.statements}
    cells: dict[tuple[int, bool], list[str]] = {}
    for one in code:
        if one.order not in carried and not isinstance(one.node, ast.Import | ast.ImportFrom):
            cells.setdefault((one.cell, one.part == "result"), []).append(one.text)
    for (cell, result), texts in cells.items():
        what = "answer that is no function" if result else "lines that run"
        why = (
            "an exercise is a function or a class; make it one: def answer(): ..."
            if result
            else "no function and no check needs them, and a module that is imported should do no work"
        )
        if any(one.cell == cell and one.name and one.text in texts for one in code):
            what, why = "earlier definition", "is defined again below; the last one counts"
        found.notes.append(Note(cell, what, why, text="\n".join(texts)))


def _words(title: str) -> str:
    return title.replace("\\", " ").replace('"', "'")
