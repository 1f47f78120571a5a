"""A test's text, changed so that the student's functions are reached through `submission`."""

from __future__ import annotations

import ast
import copy
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from .arguments import by_position
from .expecting import as_expect
from .statements import Statement

__all__ = ["STRICT", "Rewriter"]

_Edit = tuple[int, int, int, int, str]
STRICT = 2


@dataclass(frozen=True)
class Rewriter:
    """How the lines of one check are rewritten.

    Attributes:
        exercises: The student's functions and classes, by name.
        values: Variables of the check that hold values of the student's.
        strictness: 2 writes all assertions with `expect` that say the same; 1 leaves ``==`` as it is; 0 leaves all.
        visible: Whether the check is; what a hidden assertion says is not for students.
        because: The message that a whole test has; empty for none.
    """

    exercises: Mapping[str, Statement]
    values: frozenset[str] = frozenset()
    strictness: int = STRICT
    visible: bool = True
    because: str = ""

    def rewrite(self, text: str) -> str:
        """Return some statements, rewritten and indented as the body of a function; comments stay."""
        return _indented(_edited(text, list(self._edits(ast.parse(text)))))

    def _edits(self, node: ast.AST) -> Iterator[_Edit]:
        if self.strictness and isinstance(node, ast.Assert | ast.Expr):
            named = self._named(node)
            found = as_expect(named, self._is_students, self._because(named), plain=self.strictness < STRICT)
            if found is not None:
                yield *_place(node), found + self._kept_words(node)
                return
        if isinstance(node, ast.Call) and by_position(node, self.exercises) is not None:
            yield *_place(node), ast.unparse(_Through(self.exercises).visit(copy.deepcopy(node)))
            return
        if isinstance(node, ast.Name) and node.id in self.exercises and isinstance(node.ctx, ast.Load):
            yield *_place(node), f"submission.{node.id}"
        for child in ast.iter_child_nodes(node):
            yield from self._edits(child)

    def _because(self, node: ast.stmt) -> str:
        if self.because:
            return repr(self.because)
        said = node.msg if isinstance(node, ast.Assert) else None
        return ast.unparse(said) if said is not None and self.visible else ""

    def _kept_words(self, node: ast.stmt) -> str:
        """Return a hidden assertion's message as a comment: a student may read it only if its author says so."""
        said = node.msg if isinstance(node, ast.Assert) else None
        return "" if said is None or (self.visible and not self.because) else f"  # it said: {ast.unparse(said)}"

    def _named(self, node: ast.stmt) -> ast.stmt:
        changed: ast.stmt = _Through(self.exercises).visit(copy.deepcopy(node))
        return changed

    def _is_students(self, node: ast.expr) -> bool:
        return any(isinstance(one, ast.Name) and one.id in self.values | {"submission"} for one in ast.walk(node))


class _Through(ast.NodeTransformer):
    """Puts `submission.` before the student's names."""

    def __init__(self, exercises: Mapping[str, Statement]) -> None:
        self.exercises = exercises

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Give arguments by position: names of arguments do not travel."""
        moved = by_position(node, self.exercises)
        if moved is not None:
            node = ast.copy_location(ast.Call(node.func, moved, []), node)
        self.generic_visit(node)
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Change a name that is read."""
        if node.id not in self.exercises or not isinstance(node.ctx, ast.Load):
            return node
        return ast.copy_location(ast.Attribute(ast.Name("submission", ast.Load()), node.id, ast.Load()), node)


def _place(node: ast.stmt | ast.expr) -> tuple[int, int, int, int]:
    return node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0


def _edited(text: str, edits: list[_Edit]) -> str:
    """Put new text in some places; columns count bytes, as Python's own parser does."""
    lines = [line.encode() for line in text.split("\n")]
    for line, column, last, end, put in sorted(edits, reverse=True):
        lines[line - 1 : last] = [lines[line - 1][:column] + put.encode() + lines[last - 1][end:]]
    return b"\n".join(lines).decode()


def _indented(text: str) -> str:
    """Indent by four; text over several lines in quotes must not change, so such statements are written anew."""
    spread: Callable[[ast.AST], bool] = lambda one: (  # noqa: E731
        isinstance(one, ast.Constant | ast.JoinedStr) and one.lineno != one.end_lineno
    )
    tree = ast.parse(text)
    if any(map(spread, ast.walk(tree))):
        text = ast.unparse(tree)
    return textwrap.indent(text.strip("\n"), "    ")
