"""The comments in a master that say which part is the answer.

`# BEGIN SOLUTION` … `# END SOLUTION` encloses what students write themselves. `# BEGIN PROMPT` … `# END PROMPT` right
before it encloses, commented out, what they receive instead. Any number of # and either case will do.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import CourseError
from .syntax import Definition, Function, lines_of, parse_python

__all__ = ["Block", "find_blocks"]

_MARKER = re.compile(r"#+\s*(BEGIN|END)\s+(SOLUTION|PROMPT)\b(.*)", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """A pair of markers.

    Attributes:
        kind: ``"SOLUTION"`` or ``"PROMPT"``.
        begin: Line of the BEGIN marker, counted from 1.
        end: Line of the END marker.
        indent: The white space before the BEGIN marker.
        owners: The top-level definition around it, then the method if there is one; empty at module level.
        in_class: Whether the lines are a class's own body: no function stands between.
    """

    kind: str
    begin: int
    end: int
    indent: str
    owners: tuple[str, ...]
    in_class: bool


@dataclass(frozen=True)
class _Marker:
    edge: str
    kind: str
    line: int
    indent: str


def find_blocks(source: str, file: Path) -> list[Block]:
    """Find the pairs of markers in a master, in order.

    Raises:
        CourseError: The source does not parse, or a marker has no partner, is nested, or shares its line.
    """
    tree = parse_python(source, file)
    source = "\n".join(lines_of(source))
    blocks: list[Block] = []
    opened: _Marker | None = None
    for marker in _markers(source, file):
        if marker.edge == "BEGIN" and opened is None:
            opened = marker
        elif marker.edge == "END" and opened is not None and opened.kind == marker.kind:
            owners, in_class = _owners(tree, opened.line, len(opened.indent))
            blocks.append(Block(opened.kind, opened.line, marker.line, opened.indent, owners, in_class))
            opened = None
        else:
            raise _misplaced(file, marker, opened)
    if opened is not None:
        raise _misplaced(file, opened, None)
    return blocks


def _markers(source: str, file: Path) -> Iterator[_Marker]:
    """Read the markers from the comments alone: the same words inside a string are a string."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        found = _MARKER.match(token.string) if token.type == tokenize.COMMENT else None
        if not found:
            continue
        line, indent = token.start[0], token.line[: token.start[1]]
        if indent.strip() or found[3].strip(" \t#"):
            problem = f"{token.string.strip()!r} does not stand alone on its line"
            raise CourseError(file, f"line {line}", problem, "give the marker a line of its own, with nothing else")
        yield _Marker(found[1].upper(), found[2].upper(), line, indent)


def _misplaced(file: Path, marker: _Marker, opened: _Marker | None) -> CourseError:
    words = f"{marker.edge} {marker.kind}"
    if opened is not None:
        problem = f"{words} inside the {opened.kind} that begins in line {opened.line}"
        remedy = f"close it first with # END {opened.kind}; blocks cannot be nested"
    else:
        other = {"BEGIN": "END", "END": "BEGIN"}[marker.edge]
        problem = f"{words} without {other} {marker.kind}"
        remedy = f"add # {other} {marker.kind}, or remove this marker"
    return CourseError(file, f"line {marker.line}", problem, remedy)


def _owners(tree: ast.Module, line: int, column: int) -> tuple[tuple[str, ...], bool]:
    """Name the top-level definition and the method around a place, and tell whether only a class is around it."""
    top = _around(tree.body, line, column)
    if top is None:
        return (), False
    if not isinstance(top, ast.ClassDef):
        return (top.name,), False
    method = _around(top.body, line, column)
    return (top.name, method.name) if method else (top.name,), not isinstance(method, Function)


def _around(body: list[ast.stmt], line: int, column: int) -> Definition | None:
    """Return the definition in ``body`` around a place; a comment below its last statement counts by indentation."""
    before = [statement for statement in body if statement.lineno <= line]
    last = before[-1] if before else None
    if isinstance(last, Definition) and (line <= (last.end_lineno or 0) or column > last.col_offset):
        return last
    return None
