"""otter-grader's boundaries: the cells that say where a question and its parts begin and end.

Three ways of writing them are in use: raw cells (``# BEGIN QUESTION`` and settings below), the same in a block of a
Markdown cell fenced by three backticks and the word otter, and, in its first versions, ``BEGIN QUESTION`` in any
fenced block.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from .notebook import Cell
from .settings import read_settings

__all__ = ["Boundary", "boundaries"]

_HEAD = re.compile(
    r"\s*#*\s*(?:(?:BEGIN\s+)?(ASSIGNMENT)(?:\s+CONFIG)?|(BEGIN|END)\s+(QUESTION|PROMPT|SOLUTION|TESTS))\b",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^```[ \t]*(\w*)[ \t]*\n(.*?)^```[ \t]*$\n?", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Boundary:
    """A beginning or an end.

    Attributes:
        cell: Where it stands.
        begins: Whether it is a beginning.
        kind: ``"assignment"``, ``"question"``, ``"prompt"``, ``"solution"`` or ``"tests"``.
        settings: What is written below it.
    """

    cell: int
    begins: bool
    kind: str
    settings: dict[str, Any]


def boundaries(cells: Iterable[Cell]) -> Iterator[Cell | Boundary]:
    """Yield the cells with the boundaries between them, in order; a Markdown cell's text comes without its fences."""
    for cell in cells:
        if cell.kind == "raw":
            yield _boundary(cell.number, cell.source) or cell
        elif cell.kind == "markdown":
            yield from _of_markdown(cell)
        else:
            yield cell


def _of_markdown(cell: Cell) -> Iterator[Cell | Boundary]:
    at, found = 0, False
    for fence in _FENCE.finditer(cell.source):
        boundary = _boundary(cell.number, fence[2])
        if boundary is None:
            continue
        yield from _text(cell, cell.source[at : fence.start()])
        yield boundary
        at, found = fence.end(), True
    yield from _text(cell, cell.source[at:] if found else cell.source)


def _text(cell: Cell, source: str) -> Iterator[Cell]:
    if source.strip():
        yield replace(cell, source=source.strip())


def _boundary(number: int, source: str) -> Boundary | None:
    first, _, rest = source.strip().partition("\n")
    head = _HEAD.match(first)
    if not head:
        return None
    kind = "assignment" if head[1] else head[3].lower()
    return Boundary(number, bool(head[1]) or head[2].upper() == "BEGIN", kind, read_settings(rest))
