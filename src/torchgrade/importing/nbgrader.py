"""nbgrader's source notebooks: what a cell is stands in its metadata."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .notebook import Cell
from .pieces import Case, Note, Piece, Source, shared_out

__all__ = ["read_nbgrader"]

_BEGIN_HIDDEN = re.compile(r"\s*#+\s*BEGIN\s+HIDDEN\s+TESTS?\b", re.IGNORECASE)
_END_HIDDEN = re.compile(r"\s*#+\s*END\s+HIDDEN\s+TESTS?\b", re.IGNORECASE)
_MARK_SCHEME = re.compile(r"^[^\n]*BEGIN\s+MARK\s+SCHEME.*?(END\s+MARK\s+SCHEME[^\n]*|\Z)", re.DOTALL | re.MULTILINE)
_SOLUTION = re.compile(r"^[^\w\n]*BEGIN\s+SOLUTION\b", re.MULTILINE | re.IGNORECASE)
_AUTOTEST = re.compile(r"^\s*#+\s*(HASHED\s+)?AUTOTEST\b", re.MULTILINE)
_CHECKS = re.compile(r"^\s*(assert\b|.*\bassert_\w+\()", re.MULTILINE)


def read_nbgrader(cells: Sequence[Cell]) -> Source:
    """Tell text, code and tests apart."""
    source = Source()
    for cell in cells:
        said = cell.metadata.get("nbgrader")
        said = said if isinstance(said, dict) else {}
        if cell.kind == "markdown":
            _markdown(source, cell, said)
        elif cell.kind == "code" and said.get("grade") and not said.get("solution"):
            _tests(source, cell, said)
        elif cell.kind == "code":
            _code(source, cell, said)
        else:
            source.notes.append(Note(cell.number, "raw cell", "raw cells have no place in a module", text=cell.source))
    return source


def _markdown(source: Source, cell: Cell, said: dict[str, Any]) -> None:
    points = _points(said) if said.get("grade") or said.get("task") else 0.0
    if said.get("task"):
        why = "a task is marked by hand; its text is in the handout, its mark scheme and points are not carried"
        schemes = "\n".join(found[0] for found in _MARK_SCHEME.finditer(cell.source))
        source.notes.append(Note(cell.number, _named("task", said), why, text=schemes, points=points))
        source.pieces.append(Piece("text", cell.number, _MARK_SCHEME.sub("", cell.source).strip()))
    elif said.get("solution"):
        why = "a written answer is marked by hand; its model answer must not reach the handout"
        source.notes.append(Note(cell.number, _named("written answer", said), why, text=cell.source, points=points))
    else:
        source.pieces.append(Piece("text", cell.number, cell.source))


def _code(source: Source, cell: Cell, said: dict[str, Any]) -> None:
    if said.get("grade"):
        why = "is marked by hand; the code is carried, its points are not: write a check for it"
        source.notes.append(Note(cell.number, _named("answer", said), why, points=_points(said)))
    whole = bool(said.get("solution")) and not _SOLUTION.search(cell.source)
    source.pieces.append(Piece("code", cell.number, cell.source, whole=whole))


def _tests(source: Source, cell: Cell, said: dict[str, Any]) -> None:
    """Cut a test cell into what students see and what they do not; nbgrader gives its points for both together."""
    seen, hidden, inside = list[str](), list[str](), False
    for line in cell.source.splitlines():
        if _BEGIN_HIDDEN.match(line) or _END_HIDDEN.match(line):
            inside = bool(_BEGIN_HIDDEN.match(line))
        else:
            (hidden if inside else seen).append(line)
    parts = [("\n".join(seen), True), ("\n".join(hidden), False)]
    kept = [(text, visible) for text, visible in parts if _code_in(text) and (visible or text.strip())]
    if len(kept) == 2 and not _CHECKS.search(kept[0][0]):
        kept = [("\n".join([*seen, *hidden]), False)]  # what prepares a hidden test is no test of its own
    points, name = _points(said), str(said.get("grade_id", ""))
    shares = shared_out(points, [max(1, len(_CHECKS.findall(text))) for text, _ in kept])
    cases = tuple(
        Case(cell.number, name, text, share, visible) for (text, visible), share in zip(kept, shares, strict=True)
    )
    if len(cases) == 2:
        why = f"its {points:g} points were all or nothing; they are shared by a visible and a hidden check"
        source.notes.append(Note(cell.number, _named("test", said), why, lost=False))
    automatic = [line for line in cell.source.splitlines() if _AUTOTEST.match(line)]
    if automatic:
        why = "AUTOTEST lines are made into tests by nbgrader itself; write them out as assertions"
        lost = points if not cases else 0.0
        source.notes.append(Note(cell.number, _named("test", said), why, text="\n".join(automatic), points=lost))
    elif not cases:
        why = "holds no code: it was a place for points, or for tests kept elsewhere"
        source.notes.append(Note(cell.number, _named("test", said), why, text=cell.source, points=points))
    source.pieces.append(Piece("test", cell.number, "\n".join([*seen, *hidden]), cases=cases))


def _code_in(text: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())


def _points(said: dict[str, Any]) -> float:
    given = said.get("points", 0)
    return float(given) if isinstance(given, (int, float)) and given >= 0 else 0.0


def _named(what: str, said: dict[str, Any]) -> str:
    return f"{what} {said['grade_id']}" if said.get("grade_id") else what
