"""The places of a syntax tree where a mutant may differ, and putting something else there for a moment."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from ..course.syntax import Function
from .changes import signed_value

__all__ = ["Site", "put_in_place", "sites_in"]

# What stands in these changes no answer: types, and the words of a message.
_PASSED_OVER = frozenset(
    {"annotation", "returns", "decorator_list", "type_comment", "type_params", "exc", "cause", "msg"}
)
_TALK = frozenset({"print", "warn"})


@dataclass(frozen=True)
class Site:
    """A node and its place.

    Attributes:
        node: What stands there.
        parent: The node around it.
        field: The parent's field.
        index: Its place in the field's list; None where the field holds the node itself.
        line: Its line in the source.
        function: The innermost function around it.
    """

    node: ast.AST
    parent: ast.AST
    field: str
    index: int | None
    line: int
    function: ast.AST | None


def sites_in(top: ast.stmt) -> Iterator[Site]:
    """Yield every place inside a top-level statement, in the order of the text."""
    yield from _below(top, top.lineno, top if isinstance(top, Function) else None)


def _below(node: ast.AST, line: int, function: ast.AST | None) -> Iterator[Site]:
    if signed_value(node) is not None:
        return  # a number is changed as one, its minus included
    for field, value in ast.iter_fields(node):
        if field in _PASSED_OVER:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(child, ast.AST) and not isinstance(child, ast.expr_context) and not _talks(child):
                at = getattr(child, "lineno", line)
                yield Site(child, node, field, index, at, function)
                yield from _below(child, at, child if isinstance(child, Function) else function)


def _talks(node: ast.AST) -> bool:
    func = node.func if isinstance(node, ast.Call) else None
    return getattr(func, "attr", getattr(func, "id", "")) in _TALK


@contextlib.contextmanager
def put_in_place(site: Site, new: ast.AST | list[ast.stmt]) -> Iterator[None]:
    """Have something else stand at a place until the block ends."""
    before = getattr(site.parent, site.field)
    put = new if isinstance(new, list) else [new]
    changed = put[0] if site.index is None else [*before[: site.index], *put, *before[site.index + 1 :]]
    setattr(site.parent, site.field, changed)
    try:
        yield
    finally:
        setattr(site.parent, site.field, before)
