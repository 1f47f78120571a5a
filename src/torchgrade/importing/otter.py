"""otter-grader's source notebooks: questions with prompts, solutions and tests between boundaries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .blocks import Boundary, boundaries
from .notebook import Cell
from .otter_tests import OtterTest, cases_of, read_test
from .pieces import Note, Piece, Source

__all__ = ["read_otter"]

_IGNORE = re.compile(r"#+\s*ignore\b", re.IGNORECASE)
_OLD_TEST = re.compile(r"##\s*(hidden\s+)?test\s*##", re.IGNORECASE)
_WRITTEN = re.compile(r"^.*<strong>\s*SOLUTION|^\s*\**SOLUTION\**:?", re.IGNORECASE | re.MULTILINE)
# What steers otter's own machinery; torchgrade needs nothing in its place.
_OWN = frozenset({
    "check_all_cell", "colab", "export_cell", "generate", "init_cell", "name", "requirements", "run_tests",
    "save_environment", "show_question_points", "solutions_pdf", "template_pdf", "tests", "environment",
})  # fmt: skip


@dataclass
class _Reader:
    """Where the reading stands."""

    source: Source = field(default_factory=Source)
    settings: dict[str, Any] = field(default_factory=dict)
    question: dict[str, Any] = field(default_factory=dict)
    asked_at: int = 0
    block: str = ""
    tests: list[OtterTest] = field(default_factory=list)

    def lose(self, cell: int, what: str, why: str, text: str = "", points: float = 0.0) -> None:
        self.source.notes.append(Note(cell, what, why, text=text, points=points))

    def boundary(self, boundary: Boundary) -> None:
        if boundary.kind == "assignment":
            self.assignment(boundary)
        elif boundary.kind == "question":
            self.close()
            self.question, self.asked_at = (boundary.settings if boundary.begins else {}), boundary.cell
        else:
            self.block = boundary.kind if boundary.begins else ""

    def assignment(self, boundary: Boundary) -> None:
        self.settings = boundary.settings
        self.source.title = str(boundary.settings.get("name") or "")
        for key, value in boundary.settings.items():
            if key not in _OWN:
                why = "this setting has no place here; files go to fixtures/shared, seeds are set by the grader"
                self.lose(boundary.cell, f"setting {key}: {value}", why)

    def cell(self, cell: Cell) -> None:
        """Give a cell its part by the block it stands in."""
        first = cell.source.strip().partition("\n")[0]
        if not cell.source.strip():
            return
        if cell.kind == "code" and _IGNORE.match(first):
            self.lose(
                cell.number, "ignored cell", "otter leaves cells that begin with # IGNORE out as well", cell.source
            )
        elif cell.kind == "code" and (self.block == "tests" or _OLD_TEST.match(first)):
            self.tests.append(read_test(cell))
        elif self.block == "prompt" and cell.kind == "code":
            why = "students receive the function's head, its docstring and a line that raises, not this prompt"
            self.lose(cell.number, "prompt", why, cell.source)
        elif cell.kind == "code":
            self.source.pieces.append(Piece("code", cell.number, cell.source, whole=self.whole(cell)))
        elif cell.kind == "markdown":
            self.markdown(cell)
        else:
            self.lose(cell.number, "raw cell", "raw cells have no place in a module", cell.source)

    def whole(self, cell: Cell) -> bool:
        return self.block == "solution" and not re.search(r"#\s*(BEGIN\s+)?SOLUTION\b", cell.source)

    def markdown(self, cell: Cell) -> None:
        if self.block == "solution" or (self.question.get("manual") and _WRITTEN.match(cell.source)):
            why = "a written answer is marked by hand; its model answer must not reach the handout"
            self.lose(cell.number, "written answer", why, cell.source)
        elif self.block != "prompt":
            self.source.pieces.append(Piece("text", cell.number, cell.source))

    def close(self) -> None:
        """End a question: only now are all of its tests known, which share its points."""
        name, points = str(self.question.get("name") or ""), self.question.get("points")
        if self.tests:
            plain = self.settings.get("tests")
            exceptions = isinstance(plain, dict) and plain.get("ok_format") is False
            cases, notes = cases_of(self.tests, name, points, exceptions)
            self.source.notes += notes
            for test, case in zip(self.tests, cases, strict=True):
                self.source.pieces.append(Piece("test", test.cell, case.source, cases=(case,)))
        elif self.question:
            worth = float(points) if isinstance(points, (int, float)) else 1.0
            why = "has no tests: its answer is marked by hand, and its points are not carried"
            self.lose(self.asked_at, f"question {name}", why, points=worth)
        for key in self.question.keys() - {"check_cell", "export", "manual", "name", "points"}:
            self.lose(self.asked_at, f"question {name}, setting {key}: {self.question[key]}", "has no place here")
        self.tests, self.question, self.block = [], {}, ""


def read_otter(cells: Sequence[Cell]) -> Source:
    """Tell text, code and tests apart."""
    reader = _Reader()
    for one in boundaries(cells):
        if isinstance(one, Boundary):
            reader.boundary(one)
        else:
            reader.cell(one)
    reader.close()
    return reader.source
