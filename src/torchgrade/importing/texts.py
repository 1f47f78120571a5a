"""The files of an imported assignment, as text."""

from __future__ import annotations

import ast
import json
import re

from .convert import Converted
from .pieces import Case, Note
from .statements import Statement

__all__ = ["checks_text", "handout_text", "manifest_text", "misconceptions_text", "record_text", "title_of"]

_HEADING = re.compile(r"^#+\s+(.*?)\s*#*$", re.MULTILINE)
_PICTURE = re.compile(r"!\[[^\]]*\]\((?!https?:)([^)\s]+)|<img[^>]+src=[\"'](?!https?:)([^\"']+)", re.IGNORECASE)


def title_of(found: Converted, slug: str) -> str:
    """Return the notebook's first heading, or what it calls itself, or the slug's words."""
    texts = (piece.source for piece in found.source.pieces if piece.role == "text")
    heading = next((match[1] for text in texts if (match := _HEADING.search(text))), "")
    return heading or found.source.title or slug[3:].replace("-", " ").capitalize()


def manifest_text(found: Converted, title: str, module: str) -> str:
    """Write `assignment.toml`."""
    text = f"format = 1\ntitle = {_quoted(title)}\nmodule = {_quoted(module)}\n"
    for one in found.exercises:
        hint = f"Read what the handout says about {one.name} once more."
        text += f"\n[[exercise]]\nname = {_quoted(one.name)}\ntitle = {_quoted(_title(one))}\nhint = {_quoted(hint)}\n"
    return text


def _title(one: Statement) -> str:
    assert isinstance(one.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    said = (ast.get_docstring(one.node) or "").strip().partition("\n")[0].strip().rstrip(".")
    return said or one.name


def _quoted(text: str) -> str:
    return json.dumps(text.replace("\x7f", ""), ensure_ascii=False)


def handout_text(found: Converted, title: str) -> str:
    """Put the notebook's text together; pictures that do not come along are noted."""
    texts = []
    for piece in found.source.pieces:
        if piece.role != "text" or not piece.source.strip():
            continue
        texts.append(piece.source.strip())
        for picture in _PICTURE.finditer(piece.source):
            why = "the handout names this file: put it beside handout.md, or write its address"
            found.notes.append(Note(piece.cell, f"picture {picture[1] or picture[2]}", why))
    if not texts or not texts[0].startswith("# "):
        texts.insert(0, f"# {title}")
    names = "\n".join(f"- `{one.name}`: {_title(one)}" for one in found.exercises)
    return "\n\n".join([*texts, f"## What to write\n\n{names}"]) + "\n"


def misconceptions_text(title: str) -> str:
    """Write an empty `misconceptions.py` that says how to fill it."""
    return (
        f'"""Known wrong answers to {title.replace(chr(92), " ").replace(chr(34), chr(39))}: none yet.\n\n'
        "Write the ones that you meet most as functions, each decorated with\n"
        "@misconception(exercise, belief, hint=...):\n"
        'students who make the same mistake then read its hint.\n"""\n'
    )


def checks_text(found: Converted, slug: str, file: str) -> str:
    """Write the checks, and below them, commented out, the tests that could not be carried."""
    imports = ["from torchgrade import check, expect"] if any("expect(" in one.source for one in found.checks) else []
    imports = imports or ["from torchgrade import check"]
    for check in found.checks:
        imports += [ast.unparse(one.node) for one in check.given.imports]
    future = [line for line in imports if line.startswith("from __future__")]
    rest = sorted(set(imports) - set(future), key=lambda line: (line.startswith("from "), "torchgrade" in line, line))
    parts = [f'"""Checks of {slug}, imported from {file}."""\n', "\n".join(dict.fromkeys([*future, *rest]))]
    text = "\n".join(parts) + "".join(f"\n\n\n{check.source}" for check in found.checks) + "\n"
    return text + "".join(
        f"\n\n{_commented(case, why)}" for case, why in sorted(found.refused, key=lambda one: one[0].cell)
    )


def _commented(case: Case, why: str) -> str:
    seen = "visible" if case.visible else "hidden"
    head = f"# NOT CARRIED: cell {case.cell} {case.name}, {points_of(case.points)}, {seen}: {_line(why)}\n#\n"
    return head + "\n".join(f"# {line}".rstrip() for line in case.words.strip().splitlines()) + "\n"


def record_text(found: Converted, slug: str, file: str, tried: str) -> str:
    """Write `IMPORT.md`: what was carried, what was not, and what to do next."""
    carried, total = found.points
    lines = [
        f"# {slug}, imported from {file}\n",
        f"{len(found.exercises)} exercises, {len(found.checks)} checks, {carried:g} of {total:g} points carried.\n",
        "Cells are counted from 1, cells of all kinds.\n",
        f"{tried}\n",
        "## Carried\n",
        "| cell | check | exercise | points | students see it |\n|---|---|---|---|---|",
    ]
    for check in found.checks:
        seen = "yes" if check.case.visible else "no"
        lines.append(f"| {check.case.cell} | `{check.name}` | `{check.exercise}` | {check.case.points:g} | {seen} |")
    lines += ["\n## Not carried\n"] + (_missing(found) or ["Nothing."])
    changed = [note for note in found.notes if not note.lost]
    if changed:
        lines += ["\n## Carried in another form\n"]
        lines += [f"- {_cell(note)}{_line(note.what)}: {note.why}" for note in sorted(changed, key=lambda n: n.cell)]
    return "\n".join([*lines, _NEXT.replace("SLUG", slug)]) + "\n"


def _missing(found: Converted) -> list[str]:
    notes = [note for note in found.notes if note.lost]
    notes += [
        Note(
            case.cell,
            f"test {case.name}".strip(),
            f"{why} (commented out in the checks)",
            text=case.words,
            points=case.points,
        )
        for case, why in found.refused
    ]
    lines = []
    for note in sorted(notes, key=lambda one: one.cell):
        worth = f" ({points_of(note.points)})" if note.points else ""
        lines.append(f"- {_cell(note)}{_line(note.what)}{worth}: {_line(note.why)}")
        if note.text.strip():
            lines += ["", *(f"      {line}".rstrip() for line in note.text.strip("\n").splitlines()), ""]
    return lines


def points_of(points: float) -> str:
    """Say a number of points."""
    return f"{points:g} point{'' if points == 1 else 's'}"


def _cell(note: Note) -> str:
    return f"cell {note.cell}, " if note.cell else ""


def _line(text: str) -> str:
    return " ".join(text.split())


_NEXT = """
## Next

1. `torchgrade verify SLUG` tries the reference, the stub and mutants of the reference: it shows what
   the tests do not catch.
2. Write hints in `assignment.toml`, and the mistakes you know in `misconceptions.py`.
3. Give hidden checks a `because=`: it is all that a student reads when one fails.
4. `torchgrade release SLUG` writes what students receive. Read it before you hand it out."""
