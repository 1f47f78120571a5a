"""Small changes to values and operators, one function a kind: each yields what may stand in a node's place."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, TypeVar

__all__ = [
    "arithmetic", "changed", "choices", "comparisons", "dims", "dtypes", "negations", "number", "numbers",
    "signed_value", "truths",
]  # fmt: skip

N = TypeVar("N", bound=ast.AST)
# Arguments that take one of a few words; a string in none of these groups is a text and stays.
_CHOICES = (
    ("mean", "sum", "none"),
    ("same", "valid"),
    ("bilinear", "nearest"),
    ("zeros", "reflect", "replicate"),
    ("relu", "tanh"),
    ("fan_in", "fan_out"),
    ("ij", "xy"),
)
_COMPARISONS: MappingProxyType[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = MappingProxyType({
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
})  # fmt: skip
_ARITHMETIC: MappingProxyType[type[ast.operator], type[ast.operator]] = MappingProxyType({
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.MatMult: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift,
})  # fmt: skip
_DIMS = MappingProxyType({0: (-1, 1), 1: (0,), -1: (0,)})  # between 1 and -1 a matrix makes no difference
_DTYPES = MappingProxyType({
    "float32": "float64", "float64": "float32", "int64": "int32", "int32": "int64", "float16": "float32",
    "bfloat16": "float32", "complex64": "complex128", "complex128": "complex64",
    "float": "double", "double": "float", "long": "int", "int": "long", "half": "float",
})  # fmt: skip


def changed(node: N, **fields: Any) -> N:
    """Return a copy of a node with other children; what is not named is shared."""
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def signed_value(node: ast.AST) -> int | float | None:
    """Return the number that a literal stands for, its minus included; None for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = signed_value(node.operand) if isinstance(node.operand, ast.Constant) else None
        return None if inner is None else -inner
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def number(value: float) -> ast.expr:
    """Return the literal of a number."""
    return ast.parse(repr(value), mode="eval").body


def numbers(node: ast.AST) -> Iterator[ast.AST]:
    """Change a number by one either way, and to 0."""
    value = signed_value(node)
    if value is not None and abs(value) < 1e15:  # beyond that a float does not notice
        yield from (number(other) for other in (value + 1, value - 1, type(value)(0)) if other != value)


def truths(node: ast.AST) -> Iterator[ast.AST]:
    """Turn True into False and back, which flips a keepdim as well."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)


def choices(node: ast.AST) -> Iterator[ast.AST]:
    """Replace a word of a known choice, such as a reduction, by the others."""
    for group in _CHOICES:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in group:
            yield from (ast.Constant(word) for word in group if word != node.value)


def comparisons(node: ast.AST) -> Iterator[ast.AST]:
    """Replace one comparison by its opposite, and by its neighbour at the bound."""
    for place, operator in enumerate(node.ops if isinstance(node, ast.Compare) else ()):
        for other in _COMPARISONS[type(operator)]:
            yield changed(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])  # type: ignore[attr-defined]


def arithmetic(node: ast.AST) -> Iterator[ast.AST]:
    """Replace an arithmetic or Boolean operator; leave out a sign."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        yield changed(node, op=_ARITHMETIC[type(node.op)]())
    elif isinstance(node, ast.BoolOp):
        yield changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Invert)):
        yield node.operand


def dims(node: ast.AST) -> Iterator[ast.AST]:
    """Point a ``dim=`` or ``axis=`` at another axis."""
    axis = signed_value(node.value) if isinstance(node, ast.keyword) and node.arg in ("dim", "axis") else None
    if isinstance(axis, int):
        yield from (changed(node, value=number(other)) for other in _DIMS.get(axis, ()))


def dtypes(node: ast.AST) -> Iterator[ast.AST]:
    """Replace a dtype, or a method named for one, by its neighbour in width."""
    if isinstance(node, ast.Attribute) and node.attr in _DTYPES:
        yield changed(node, attr=_DTYPES[node.attr])


def negations(node: ast.AST) -> Iterator[ast.AST]:
    """Negate a condition; one that is a single comparison is left to `comparisons`."""
    if isinstance(node, (ast.If, ast.While, ast.IfExp)):
        yield from (changed(node, test=test) for test in _negated(node.test))
    elif isinstance(node, ast.comprehension):
        for place, test in enumerate(node.ifs):
            for other in _negated(test):
                yield changed(node, ifs=[*node.ifs[:place], other, *node.ifs[place + 1 :]])


def _negated(test: ast.expr) -> Iterator[ast.expr]:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield test.operand
    elif not (isinstance(test, ast.Compare) and len(test.ops) == 1):
        yield ast.UnaryOp(ast.Not(), test)
