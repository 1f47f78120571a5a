"""Cutting out of a grader's file what students may see."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from pathlib import Path

from ..errors import CourseError
from .parts import Import, Part, split_parts
from .syntax import Definition, lines_of

__all__ = ["visible_source"]

DOCSTRING = '"""The checks you can see. More are run when you hand in."""'
PRIVATE = frozenset({"assignments", "conftest", "graders"})


def visible_source(source: str, file: Path) -> str | None:
    """Keep the visible checks of a grader's file, and what they use.

    Kept are checks with ``visible=True``, the top-level definitions, constants and imports that they use, directly or
    through one another, the fixtures they ask for, fixtures with ``autouse=True``, and ``pytestmark``. Other top-level
    statements (a bare call, say) are left out. The kept text is not reformatted.

    Args:
        source: The text of a ``graders/<slug>/test_*.py``.
        file: Where it came from, for the errors.

    Returns:
        The module for students, or None when no check is visible.

    Raises:
        CourseError: What is visible cannot be told from the source, or needs something that is not released.
    """
    parts = split_parts(source, file)
    if not any(part.visible for part in parts):
        return None
    kept = _needed(parts, file)
    used = frozenset().union(*(part.needs | part.asks for part in kept))
    lines, text, previous = lines_of(source), DOCSTRING, None
    for part in kept:
        node = _only_used(part.node, used)
        _refuse_private_imports(node, file)
        above = _comments_above(part, parts, lines)
        body = lines[part.start - 1 : part.end] if node is part.node else [ast.unparse(node)]
        text += _gap(previous, part, lines) + "\n".join(above + body)
        previous = part
    return text + "\n"


def _needed(parts: list[Part], file: Path) -> list[Part]:
    """Return the visible checks and what they need, in the order of the file."""
    waiting = [part for part in parts if part.visible or part.always]
    kept = set(map(id, waiting))
    while waiting:
        asking = waiting.pop()
        for part in parts:
            if id(part) not in kept and _serves(part, asking):
                if part.check:
                    problem = f"{min(asking.binds)} is released and uses the hidden check {min(part.binds)}"
                    remedy = "move what both need into a function that is no check"
                    raise CourseError(file, f"line {asking.start}", problem, remedy)
                kept.add(id(part))
                waiting.append(part)
    return [part for part in parts if id(part) in kept]


def _serves(part: Part, asking: Part) -> bool:
    asked = part.fixture in asking.asks or (isinstance(part.node, Import) and part.binds & asking.asks)
    return bool(asked or part.binds & asking.needs)


def _only_used(node: ast.stmt, used: frozenset[str]) -> ast.stmt:
    """Drop the unused names of an import; anything else comes back as it is."""
    if not isinstance(node, Import) or getattr(node, "module", None) == "__future__":
        return node
    names = [alias for alias in node.names if (alias.asname or alias.name.partition(".")[0]) in used]
    if len(names) == len(node.names):
        return node
    fewer = copy.copy(node)
    fewer.names = names
    return fewer


def _refuse_private_imports(node: ast.stmt, file: Path) -> None:
    """Refuse what students do not receive: of the course's own modules only `fixtures.shared` travels."""
    for statement in ast.walk(node):
        for name in _imported(statement):
            first, _, rest = name.partition(".")
            beside = (file.parent / f"{first}.py").is_file()
            if first in PRIVATE or not first or beside or (first == "fixtures" and rest.partition(".")[0] != "shared"):
                problem = f"a visible check needs {name.lstrip('.')}, which students do not receive"
                remedy = "move it to fixtures/shared and import it from fixtures.shared, or hide the check"
                raise CourseError(file, f"line {getattr(statement, 'lineno', 0)}", problem, remedy)


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def _comments_above(part: Part, parts: list[Part], lines: list[str]) -> list[str]:
    """Return the comment lines that touch a statement from above, and no other statement's tail."""
    floor = max((other.end for other in parts if other.end < part.start), default=0)
    first = part.start - 1
    while first > floor and lines[first - 1].startswith("#"):
        first -= 1
    return lines[first : part.start - 1]


def _gap(previous: Part | None, part: Part, lines: list[str]) -> str:
    """Return the line ends between two kept statements: those of the file, or what its neighbours ask for."""
    if isinstance(part.node, Definition) or (previous and isinstance(previous.node, Definition)):
        return "\n\n\n"
    if previous is None or isinstance(previous.node, Import) != isinstance(part.node, Import):
        return "\n\n"
    apart = any(not line.strip() for line in lines[previous.end : part.start - 1])
    return "\n\n" if apart else "\n"
