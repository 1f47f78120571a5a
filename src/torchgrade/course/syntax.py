"""Python read as text: parsed and looked at, never imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from ..errors import CourseError

__all__ = ["Definition", "Function", "decorators", "lines_of", "parse_python"]

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


def parse_python(source: str, file: Path) -> ast.Module:
    """Parse Python that came from ``file``; a syntax error names its line."""
    try:
        return ast.parse(source)
    except SyntaxError as error:
        place, problem = f"line {error.lineno or 1}", f"is not Python: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:  # a null byte; expressions nested without end
        place, problem = "", f"is not Python: {error or 'too deeply nested'}"
    raise CourseError(file, place, problem, "correct the syntax")


def lines_of(source: str) -> list[str]:
    """Split Python at the line ends that its parser counts: str.splitlines knows several more."""
    return source.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def decorators(node: ast.AST, word: str) -> Iterator[ast.expr]:
    """Yield the decorators of a definition that are called ``word``, by themselves or after a dot."""
    for decorator in node.decorator_list if isinstance(node, Definition) else ():
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)
        if name == word:
            yield decorator
