"""otter-grader's tests: cells whose saved output is what is expected, or functions that raise."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .notebook import Cell
from .pieces import Case, Note, shared_out
from .settings import read_settings

__all__ = ["OtterTest", "cases_of", "read_test"]

_CONFIG = re.compile(
    r'\s*(?:\w+\s*=\s*)?("""|\'\'\')\s*#\s*BEGIN\s+TEST\s+CONFIG[^\n]*\n(.*?)\1;?\s*#\s*END\s+TEST\s+CONFIG[^\n]*\n?',
    re.DOTALL | re.IGNORECASE,
)
_MARK = re.compile(r"\s*#+\s*(?:(hidden)(?:\s+test)?|test)\b[^\n]*\n?", re.IGNORECASE)
_READ = ("failure_message", "hidden", "points")
_IGNORED = re.compile(r"^.*#\s*IGNORE\s*$\n?", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class OtterTest:
    """A test cell.

    Attributes:
        cell: Its number.
        source: Its Python, without marks and settings.
        hidden: Whether students do not receive it.
        points: What it says it is worth; None where it says nothing.
        because: The message for students who fail it.
        output: The output that was saved.
        ran: Whether it was run before the notebook was saved.
        text: The cell as it stands.
        unread: Settings that have no place here.
    """

    cell: int
    source: str
    hidden: bool
    points: float | None
    because: str
    output: str
    ran: bool
    text: str
    unread: tuple[str, ...]


def read_test(cell: Cell) -> OtterTest:
    """Take the mark and the settings off a test cell."""
    source, said, hidden = cell.source, dict[str, Any](), False
    config = _CONFIG.match(source)
    if config:
        said, source = read_settings(config[2]), source[config.end() :]
    mark = _MARK.match(source)
    if mark:
        hidden, source = bool(mark[1]), source[mark.end() :]
    points = said.get("points")
    return OtterTest(
        cell.number, _IGNORED.sub("", source), bool(said.get("hidden", hidden)),
        float(points) if isinstance(points, (int, float)) else None,
        str(said.get("failure_message") or ""), cell.output, cell.ran, cell.source,
        tuple(f"{key}: {value}" for key, value in said.items() if key not in _READ),
    )  # fmt: skip


def cases_of(tests: Sequence[OtterTest], name: str, points: Any, exceptions: bool) -> tuple[list[Case], list[Note]]:
    """Make the cases of one question.

    Args:
        tests: Its test cells.
        name: Its name.
        points: What its settings say: a number, a list of numbers, ``{"each": number}``, or None.
        exceptions: Whether tests are functions that raise; else their saved output is what is expected.
    """
    shares, notes = _shares(tests, points), list[Note]()
    if points is None and all(test.points is None for test in tests):
        notes.append(Note(tests[0].cell, f"question {name}", "says no points; it is worth 1, as in otter", lost=False))
    cases = []
    for test, share in zip(tests, shares, strict=True):
        read = _inlined if exceptions or _only_functions(test.source) else _asserted
        source, trouble = read(test)
        words = f"{test.text}\n# saved output: {test.output}" if test.output else test.text
        cases.append(Case(test.cell, name, source, share, not test.hidden, test.because, trouble, words))
        notes += [Note(test.cell, f"test setting {one}", "has no place here") for one in test.unread]
    return cases, notes


def _shares(tests: Sequence[OtterTest], points: Any) -> list[float]:
    if isinstance(points, list):
        given = [float(one) if isinstance(one, (int, float)) else 0.0 for one in points]
        return (given + [0.0] * len(tests))[: len(tests)]
    if isinstance(points, dict):
        return [float(points.get("each", 1))] * len(tests)
    said = [test.points for test in tests]
    known = sum(one for one in said if one is not None)
    if not isinstance(points, (int, float)):
        points = known if known else 1.0
    rest = iter(shared_out(max(0.0, points - known), [1.0 for one in said if one is None]))
    return [next(rest) if one is None else one for one in said]


def _only_functions(source: str) -> bool:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False
    return bool(body) and isinstance(body[-1], ast.FunctionDef) and body[-1].name.startswith("test")


class _Environment(ast.NodeTransformer):
    """Turns ``env["name"]`` into the name itself."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        key = node.slice
        named = isinstance(node.value, ast.Name) and node.value.id == "env" and isinstance(key, ast.Constant)
        return ast.Name(str(key.value), ast.Load()) if named and isinstance(key, ast.Constant) else node


def _inlined(test: OtterTest) -> tuple[str, str]:
    """Return the body of the last function: what it asks for by its parameters' names are the notebook's own names."""
    try:
        body = ast.parse(test.source).body
    except SyntaxError as error:
        return test.source, f"is not Python (line {error.lineno}: {error.msg})"
    functions = [node for node in body if isinstance(node, ast.FunctionDef)]
    if not functions:
        return test.source, "defines no test function"
    last = functions[-1]
    if any(isinstance(node, ast.Return) for node in ast.walk(last)):
        return test.source, "its test function returns early"
    inner = last.body[1:] if ast.get_docstring(last) else last.body
    kept = [node for node in body if node is not last] + inner
    tree = ast.fix_missing_locations(_Environment().visit(ast.Module(kept, [])))
    return ast.unparse(tree), ""


def _asserted(test: OtterTest) -> tuple[str, str]:
    """Turn a last line and its saved output into an assertion."""
    try:
        body = ast.parse(test.source).body
    except SyntaxError as error:
        return test.source, f"is not Python (line {error.lineno}: {error.msg})"
    last = body[-1] if body else None
    if not isinstance(last, ast.Expr):
        return test.source, "" if last else "holds no code"
    if not test.output:
        silent = test.ran or "assert" in ast.unparse(last)
        return (
            test.source,
            "" if silent else "has no saved output to compare with: run the notebook, save it, import again",
        )
    # a parenthesis holds a line that goes on; a comment after the last expression stays outside
    lines = test.source.splitlines()
    before = lines[: last.lineno - 1]
    head = lines[last.lineno - 1].encode()[: last.col_offset].decode()
    asked = _asked(last.value, test.output)
    if asked is None:
        return test.source, "prints several things: write it out as assertions"
    return "\n".join([*before, head + asked]), ""


def _asked(value: ast.expr, output: str) -> str | None:
    text = ast.unparse(value)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "print":
        plain = len(value.args) == 1 and not value.keywords and not isinstance(value.args[0], ast.Starred)
        return f"assert str({ast.unparse(value.args[0])}) == {output!r}" if plain else None
    if output in ("True", "False"):
        return f"assert {text}" if output == "True" else f"assert not ({text})"
    try:
        ast.literal_eval(output)
    except (ValueError, SyntaxError):
        return f"assert repr({text}) == {output!r}"
    return f"assert {text} == {output}"
