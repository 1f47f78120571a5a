"""What must run before some lines of a notebook can."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .statements import Statement, binds, uses

__all__ = ["Slice", "mentions", "slice_of"]

_SHOWING = frozenset({"display", "grader", "plt", "print"})
_SEED = re.compile(r"(^|\.)(manual_seed|seed)$")


@dataclass(frozen=True)
class Slice:
    """What some names need.

    Attributes:
        statements: In the order of the notebook, imports apart.
        imports: One for each name that is imported.
        unknown: Names that nothing before sets.
    """

    statements: tuple[Statement, ...]
    imports: tuple[Statement, ...]
    unknown: frozenset[str]


def slice_of(world: Sequence[Statement], names: Iterable[str], before: int, stop: frozenset[str]) -> Slice:
    """Collect the statements that set or change some names, and those that these need in turn.

    Args:
        world: All statements of the notebook.
        names: What is needed.
        before: Only statements before this place count.
        stop: Names that are there already.
    """
    waiting, done = list(names), set(stop) | set(dir(builtins))
    found, imports, unknown = dict[int, Statement](), dict[int, Statement](), set[str]()
    while waiting:
        name = waiting.pop()
        if name in done:
            continue
        done.add(name)
        setting = _setting(world, name, before)
        if not setting:
            unknown.add(name)
        for one in setting:
            if isinstance(one.node, ast.Import | ast.ImportFrom):
                imports[one.order] = one
            else:
                found[one.order] = one
                waiting += uses([one.node])
    cells = {one.cell: one.order for one in found.values()}
    found |= {one.order: one for one in world if one.order < cells.get(one.cell, -1) and _seeds(one.node)}
    return Slice(
        tuple(found[order] for order in sorted(found)),
        tuple(imports[order] for order in sorted(imports)),
        frozenset(unknown),
    )


def mentions(node: ast.AST, names: Iterable[str]) -> bool:
    """Tell whether any of some names is read within a node."""
    wanted = set(names)
    return any(isinstance(one, ast.Name) and one.id in wanted for one in ast.walk(node))


def _setting(world: Sequence[Statement], name: str, before: int) -> list[Statement]:
    """Return the last statement that sets a name anew, and those after it that change it."""
    found = []
    for one in reversed(world):
        asks = not one.name and any(isinstance(child, ast.Assert) for child in ast.walk(one.node))
        if one.order >= before or asks:
            continue
        sets = name in binds(one.node)
        if sets or _changes(one.node, name):
            found.append(one)
        if sets and isinstance(one.node, ast.Import | ast.ImportFrom):
            return [one]  # a call of a module's function changes nothing of the module
        if sets and name not in uses([one.node]):
            return found
    return found if any(name in binds(one.node) for one in found) else []


def _changes(node: ast.stmt, name: str) -> bool:
    if isinstance(node, ast.Assign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(not isinstance(target, ast.Name) and _root(target) == name for target in targets)
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        return False
    root = _root(node.value.func)
    given = any(isinstance(one, ast.Name) and one.id == name for one in node.value.args)
    return root == name or (given and root not in _SHOWING)


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _seeds(node: ast.stmt) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and bool(_SEED.search(ast.unparse(call.func)))
