"""The top-level statements of a grader's file: what each one binds, and what it needs of the others."""

from __future__ import annotations

import ast
import itertools
import symtable
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import CourseError
from .syntax import Function, decorators, parse_python

__all__ = ["Import", "Part", "split_parts"]

Import = ast.Import | ast.ImportFrom


@dataclass(frozen=True)
class Part:
    """One top-level statement.

    Attributes:
        node: Its syntax tree.
        start: First line, decorators included, counted from 1.
        end: Last line.
        binds: The module's names that it sets.
        needs: The module's names that it uses.
        fixture: The name under which pytest knows it; None when it is no fixture.
        asks: The fixtures it wants from pytest.
        check: Whether it is a check.
        visible: Whether it is a check that students receive.
        always: Whether it acts on every check without being named.
    """

    node: ast.stmt
    start: int
    end: int
    binds: frozenset[str]
    needs: frozenset[str]
    fixture: str | None
    asks: frozenset[str]
    check: bool
    visible: bool
    always: bool


def split_parts(source: str, file: Path) -> list[Part]:
    """Take a grader's file apart.

    Raises:
        CourseError: It does not parse, two statements share a line, ``visible`` is not written out as True or False,
            or a visible check is not at top level.
    """
    tree = parse_python(source, file)
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if _visible(node, file) and id(node) not in top:
            problem = "a visible check stands inside a class or a block"
            raise CourseError(file, _place(node), problem, "move it to the top level of the file")
    parts = [_part(node, file) for node in tree.body]
    for before, after in itertools.pairwise(parts):
        if after.start <= before.end:
            remedy = "write one statement a line, so that each can be released or kept back by itself"
            raise CourseError(file, f"line {after.start}", "two top-level statements share a line", remedy)
    return parts


def _part(node: ast.stmt, file: Path) -> Part:
    binds, needs = _names(node)
    fixture, autouse = _fixture(node)
    check = any(decorators(node, "check"))
    return Part(
        node=node,
        start=min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))]),
        end=node.end_lineno or node.lineno,
        binds=binds,
        needs=needs,
        fixture=fixture,
        asks=_asks(node, takes_fixtures=check or fixture is not None),
        check=check,
        visible=_visible(node, file),
        always=autouse or "pytestmark" in binds or getattr(node, "module", None) == "__future__",
    )


def _names(node: ast.stmt) -> tuple[frozenset[str], frozenset[str]]:
    """Return the module's names that a statement sets and those it uses; Python's own scoping decides."""
    table = symtable.symtable(ast.unparse(node), "<statement>", "exec")
    # From 3.12 on the variables of a comprehension are listed with the names around it.
    passing = {
        name.id
        for loop in ast.walk(node)
        if isinstance(loop, ast.comprehension)
        for name in ast.walk(loop.target)
        if isinstance(name, ast.Name)
    }
    symbols = table.get_symbols()
    binds = {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()} - passing
    needs = {s.get_name() for s in symbols if s.is_referenced() and not s.is_assigned()}
    return frozenset(binds), frozenset(needs.union(*map(_globals, table.get_children())))


def _globals(table: symtable.SymbolTable) -> set[str]:
    found = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
    return found.union(*map(_globals, table.get_children()))


def _visible(node: ast.AST, file: Path) -> bool:
    """Read ``visible=`` from the source; a value that is only known when the file runs could release a hidden check."""
    found = False
    for decorator in decorators(node, "check"):
        given = decorator.keywords if isinstance(decorator, ast.Call) else [ast.keyword(None, decorator)]
        for keyword in given:
            literal = isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, bool)
            if keyword.arg is None or (keyword.arg == "visible" and not literal):
                problem = "whether this check is visible cannot be read from the source"
                remedy = 'write @check("exercise", visible=True) or visible=False, and no ** or variable'
                raise CourseError(file, _place(node), problem, remedy)
            found |= keyword.arg == "visible" and ast.literal_eval(keyword.value)
    return found


def _place(node: ast.AST) -> str:
    return f"{getattr(node, 'name', '')} (line {getattr(node, 'lineno', 0)})"


def _fixture(node: ast.stmt) -> tuple[str | None, bool]:
    """Return the name of a pytest fixture, or None, and whether it acts on every check."""
    for decorator in decorators(node, "fixture"):
        given = {k.arg: k.value for k in decorator.keywords} if isinstance(decorator, ast.Call) else {}
        named, autouse = given.get("name"), given.get("autouse")
        name = named.value if isinstance(named, ast.Constant) else getattr(node, "name", None)
        return str(name), isinstance(autouse, ast.Constant) and autouse.value is True
    return None, False


def _asks(node: ast.stmt, takes_fixtures: bool) -> frozenset[str]:
    """Return the fixtures that a statement asks pytest for, as parameters or by name."""
    asked = {name for call in _calls(node, "usefixtures", "getfixturevalue") for name in _texts(call.args)}
    if takes_fixtures and isinstance(node, Function):
        given = {name for call in _calls(node, "parametrize") if not call.keywords for name in _texts(call.args[:1])}
        parameters = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        asked |= {parameter.arg for parameter in parameters} - given
    return frozenset(asked)


def _calls(node: ast.AST, *words: str) -> Iterator[ast.Call]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", None) in words:
            yield call


def _texts(arguments: list[ast.expr]) -> set[str]:
    """Return the names in the strings among some arguments; parametrize takes several in one, apart by commas."""
    found = (
        constant for argument in arguments for constant in ast.walk(argument) if isinstance(constant, ast.Constant)
    )
    return {name.strip() for text in found if isinstance(text.value, str) for name in text.value.split(",")}
