"""Small changes to calls, one function a kind: each yields what may stand in a node's place."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from types import MappingProxyType

from .changes import changed

__all__ = ["dropped_calls", "dropped_keywords", "keepdims", "names", "swapped_arguments"]

# view and reshape, and other pairs that differ in what they allow and not in what they give, are left alone.
_PAIRS = (
    ("mean", "sum"), ("max", "min"), ("argmax", "argmin"), ("amax", "amin"), ("zeros", "ones"),
    ("zeros_like", "ones_like"), ("new_zeros", "new_ones"), ("maximum", "minimum"), ("all", "any"), ("floor", "ceil"),
    ("sin", "cos"), ("softmax", "log_softmax"), ("triu", "tril"), ("cumsum", "cumprod"), ("rand", "randn"),
    ("train", "eval"), ("argsort", "sort"), ("var", "std"), ("vstack", "hstack"), ("stack", "cat"),
)  # fmt: skip
_OTHER = MappingProxyType({one: other for pair in _PAIRS for one, other in (pair, pair[::-1])})
_BUILTIN = frozenset({"max", "min", "all", "any"})
_LINKS = frozenset({
    "clone", "detach", "contiguous", "to", "float", "double", "long", "half", "item", "squeeze", "unsqueeze", "flatten",
    "abs", "sqrt", "exp", "log", "t", "tolist",
})  # fmt: skip
_CONVERSIONS = frozenset({"bool", "float", "int", "list", "set", "str", "tuple"})
_MODULES = frozenset({"F", "functional", "math", "nn", "np", "numpy", "random", "torch"})
_REDUCTIONS = frozenset({
    "all", "amax", "amin", "any", "argmax", "argmin", "logsumexp", "max", "mean", "median", "min", "norm", "prod",
    "std", "sum", "var",
})  # fmt: skip
_DROPPED_KEYWORDS = frozenset({"axis", "dim", "dtype"})
# The order of their arguments makes no difference, or only the difference between an answer and an exception.
_ORDERLESS = frozenset({
    "add", "allclose", "array_equal", "dot", "equal", "gcd", "hasattr", "hypot", "isclose", "isinstance", "issubclass",
    "logical_and", "logical_or", "max", "maximum", "min", "minimum", "mul", "promote_types", "result_type",
})  # fmt: skip


def names(node: ast.AST) -> Iterator[ast.AST]:
    """Swap a function or method with its sister: mean and sum, max and min, zeros and ones."""
    if isinstance(node, ast.Attribute) and node.attr in _OTHER:
        yield changed(node, attr=_OTHER[node.attr])
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _BUILTIN:
        yield changed(node, func=changed(node.func, id=_OTHER[node.func.id]))


def dropped_calls(node: ast.AST) -> Iterator[ast.AST]:
    """Leave out one call of a chain, such as ``.clone()``, or a conversion, such as ``tuple(...)``."""
    if not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Attribute) and node.func.attr in _LINKS and not _is_module(node.func.value):
        yield node.func.value
    elif isinstance(node.func, ast.Name) and node.func.id in _CONVERSIONS and len(node.args) == 1 and not node.keywords:
        yield from (argument for argument in node.args if not isinstance(argument, ast.Starred))


def dropped_keywords(node: ast.AST) -> Iterator[ast.AST]:
    """Leave out a dtype or a dim that was given by name."""
    for keyword in node.keywords if isinstance(node, ast.Call) else ():
        if keyword.arg in _DROPPED_KEYWORDS:
            yield changed(node, keywords=[other for other in node.keywords if other is not keyword])  # type: ignore[attr-defined]


def keepdims(node: ast.AST) -> Iterator[ast.AST]:
    """Keep the axis of a reduction over one axis; a flag that is there is flipped as any other truth."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    given = {keyword.arg for keyword in node.keywords}
    before_dim = 1 if _is_module(node.func.value) else 0
    along_axis = "dim" in given or len(node.args) > before_dim
    if node.func.attr in _REDUCTIONS and along_axis and "keepdim" not in given:
        yield changed(node, keywords=[*node.keywords, ast.keyword("keepdim", ast.Constant(True))])


def swapped_arguments(node: ast.AST) -> Iterator[ast.AST]:
    """Swap two neighbouring arguments where their order means something."""
    if not isinstance(node, ast.Call) or _called(node) in _ORDERLESS:
        return
    for place, (one, other) in enumerate(itertools.pairwise(node.args)):
        if not isinstance(one, ast.Starred) and not isinstance(other, ast.Starred):
            yield changed(node, args=[*node.args[:place], other, one, *node.args[place + 2 :]])


def _called(node: ast.Call) -> str:
    return str(getattr(node.func, "attr", getattr(node.func, "id", "")))


def _is_module(node: ast.expr) -> bool:
    """Tell whether a function is looked up in a module, so that what is before the dot is no value."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in _MODULES
