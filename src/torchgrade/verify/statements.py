"""Small changes to whole statements: leave one out, return nothing."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from .changes import changed

__all__ = ["bound_names", "removed", "returned_none"]

_REMOVABLE = (
    ast.Expr, ast.AugAssign, ast.Raise, ast.Assert, ast.If, ast.For, ast.While, ast.Delete, ast.Break, ast.Continue,
)  # fmt: skip


def removed(node: ast.AST, bound: Counter[str]) -> Iterator[list[ast.stmt]]:
    """Leave a statement out, or a ``with`` around its body.

    Args:
        node: Any node; of one that is no statement nothing comes.
        bound: How often the function around it binds each name: without its only binding a name is an error at once,
            and such a mutant would prove nothing about the checks.
    """
    if isinstance(node, ast.With) and not any(item.optional_vars for item in node.items):
        yield node.body
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring, or ...
    elif isinstance(node, _REMOVABLE) or (isinstance(node, ast.Assign) and _may_go(node, bound)):
        yield [ast.Pass()]


def returned_none(node: ast.AST) -> Iterator[ast.AST]:
    """Return None in place of the value."""
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield changed(node, value=ast.Constant(None))


def bound_names(function: ast.AST) -> Counter[str]:
    """Count how often each name is bound in a function, parameters included; += needs a binding and is none."""
    found: Counter[str] = Counter()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] += 1
        elif isinstance(node, ast.arg):
            found[node.arg] += 1
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] -= 1
    return found


def _may_go(node: ast.Assign, bound: Counter[str]) -> bool:
    stored = [part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]
    return all(bound[name] > 1 for name in stored)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
