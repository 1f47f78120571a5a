"""A notebook's code as statements: what each one binds, what it uses, and who writes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Statement", "binds", "chunks", "plain_python", "uses"]

_MAGIC = re.compile(r"\s*(%|!|\?|[\w.\[\]]+\?{1,2}\s*$)")


@dataclass(frozen=True)
class Statement:
    """A top-level statement of the notebook.

    Attributes:
        cell: Where it stands.
        order: Its place among all statements.
        node: Its syntax tree.
        text: Its lines, with the comments above it; of code, with our markers.
        part: ``"given"`` (students receive it), ``"answer"`` (a definition with an answer in it),
            ``"helper"`` (a definition that is all answer and no exercise), ``"result"`` (a variable or a line that
            students write), ``"test"`` or ``"hidden"``.
    """

    cell: int
    order: int
    node: ast.stmt
    text: str
    part: str

    @property
    def name(self) -> str:
        """The name of a definition; empty for other statements."""
        return str(getattr(self.node, "name", ""))


def plain_python(source: str) -> tuple[str, list[str]]:
    """Take out the lines that only IPython understands.

    Returns:
        The rest, each such line replaced by an empty one, and the lines taken out; a cell magic takes the whole cell.

    Raises:
        SyntaxError: The rest is not Python.
    """
    if source.lstrip().startswith("%%"):
        return "", source.splitlines()
    try:
        ast.parse(source)
    except SyntaxError:
        lines = source.split("\n")
        magic = [line for line in lines if _MAGIC.match(line)]
        rest = "\n".join("" if line in magic else line for line in lines)
        ast.parse(rest)
        return rest, magic
    return source, []


def chunks(lines: list[str], body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, int, int]]:
    """Yield each statement of a cell with the range of lines that goes with it, counted from 0, end excluded.

    Comments at the margin right above a statement belong to it; what follows belongs to it up to the next one's.
    """
    starts = []
    for node in body:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))]) - 1
        while first > 0 and lines[first - 1].startswith("#"):
            first -= 1
        starts.append(first)
    for node, start, end in zip(body, starts, [*starts[1:], len(lines)], strict=True):
        yield node, start, end


def binds(node: ast.AST) -> set[str]:
    """Return the names that a statement sets where it stands."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    found = {node.id} if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) else set()
    inner = (child for child in ast.iter_child_nodes(node) if not isinstance(child, _OWN_NAMES))
    return found.union(*map(binds, inner))


_OWN_NAMES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def uses(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that some statements, one after the other, need from outside."""
    bound, needed = set[str](), set[str]()
    for node in nodes:
        needed |= _loads(node) - bound
        bound |= binds(node)
    return needed


def _loads(node: ast.AST) -> set[str]:
    """Return the names a statement reads, without those that it binds for itself alone."""
    found = set[str]()
    own = _bound_inside(node)
    for child in ast.walk(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Load) and child.id not in own:
            found.add(child.id)
        elif isinstance(child, ast.AugAssign) and isinstance(child.target, ast.Name):
            found.add(child.target.id)
    return found


def _bound_inside(node: ast.AST) -> set[str]:
    """Return what functions, comprehensions, loops and blocks within a statement bind."""
    found = set[str]()
    for child in ast.walk(node):
        if isinstance(child, ast.arg):
            found.add(child.arg)
        elif isinstance(child, ast.comprehension | ast.For | ast.withitem | ast.NamedExpr):
            target = child.optional_vars if isinstance(child, ast.withitem) else child.target
            found |= binds(target) if target else set()
        elif isinstance(child, ast.ExceptHandler) and child.name:
            found.add(child.name)
        elif isinstance(child, ast.FunctionDef):
            found |= {child.name}.union(*map(binds, child.body))
        elif isinstance(child, ast.If | ast.For | ast.While | ast.With | ast.Try):
            found |= binds(child)
    return found
