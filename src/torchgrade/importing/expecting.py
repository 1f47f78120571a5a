"""Assertions in the words of `expect`, where both say the same."""

from __future__ import annotations

import ast
from collections.abc import Callable

__all__ = ["as_expect"]

_Asked = tuple[ast.expr, str]
# the functions' own default tolerances, which are carried with them
_ALLCLOSE = {"rtol": "1e-05", "atol": "1e-08"}
_TESTING = {"rtol": "1e-07", "atol": "0.0"}
_DECIMALS = {"assert_almost_equal": 7, "assert_array_almost_equal": 6}


def as_expect(
    node: ast.stmt, is_students: Callable[[ast.expr], bool], because: str, *, plain: bool = False
) -> str | None:
    """Write an assertion with `expect`.

    Args:
        node: An ``assert``, or a call of ``np.testing`` or ``torch.testing``.
        is_students: Tells whether an expression holds a value of the student's.
        because: Python for the words shown to the student; empty for none.
        plain: Leave ``==`` as it is: it takes 2 for 2.0, which `expect` does not.

    Returns:
        Python, or None where the assertion says something else.
    """
    asked = None
    if isinstance(node, ast.Assert):
        asked = _asserted(node.test, is_students)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        asked = _testing(node.value, is_students)
    if asked is None or not is_students(asked[0]) or (plain and asked[1].startswith(("equal(", "one_of("))):
        return None
    return f"expect({ast.unparse(asked[0])}{', because=' + because if because else ''}).{asked[1]}"


def _asserted(test: ast.expr, is_students: Callable[[ast.expr], bool]) -> _Asked | None:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and _requires_grad(test.operand):
        return test.operand.value, "requires_grad(False)"  # type: ignore[attr-defined]
    if _requires_grad(test):
        return test.value, "requires_grad()"  # type: ignore[attr-defined]
    if isinstance(test, ast.Call):
        return _predicate(_unwrapped(test), is_students)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return _compared(test.left, test.ops[0], test.comparators[0], is_students)
    return None


def _requires_grad(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "requires_grad"


def _unwrapped(call: ast.Call) -> ast.Call:
    """Return what stands in ``bool(...)`` or before ``.item()`` and ``.all()``."""
    inner: ast.expr = call
    if isinstance(call.func, ast.Name) and call.func.id == "bool" and len(call.args) == 1:
        inner = call.args[0]
    elif isinstance(call.func, ast.Attribute) and call.func.attr in ("all", "item") and not call.args:
        inner = call.func.value
    return _unwrapped(inner) if isinstance(inner, ast.Call) and inner is not call else call


def _predicate(call: ast.Call, is_students: Callable[[ast.expr], bool]) -> _Asked | None:
    name = _last(call.func)
    if name == "isinstance" and len(call.args) == 2:
        kinds = call.args[1].elts if isinstance(call.args[1], ast.Tuple) else [call.args[1]]
        return call.args[0], f"is_a({', '.join(map(ast.unparse, kinds))})"
    if name in ("allclose", "isclose") and len(call.args) >= 2:
        if ast.unparse(call.func) == "math.isclose":
            return _close(call, {"rtol": "1e-09", "atol": "0.0"}, is_students, ("rel_tol", "abs_tol"))
        return _close(call, _ALLCLOSE, is_students)
    if name in ("equal", "array_equal") and len(call.args) == 2 and isinstance(call.func, ast.Attribute):
        return _equal(call.args[0], call.args[1], is_students)
    return None


def _close(
    call: ast.Call,
    defaults: dict[str, str],
    is_students: Callable[[ast.expr], bool],
    words: tuple[str, str] = ("rtol", "atol"),
) -> _Asked | None:
    given = {word: ast.unparse(value) for word, value in zip(words, call.args[2:4], strict=False)}
    for keyword in call.keywords:
        if keyword.arg not in words:
            return None  # equal_nan and the like
        given[keyword.arg] = ast.unparse(keyword.value)
    tolerances = {
        ours: given.get(theirs, defaults.get(ours)) for ours, theirs in zip(("rtol", "atol"), words, strict=True)
    }
    value, expected = _sides(call.args[0], call.args[1], is_students)
    said = "".join(f", {word}={size}" for word, size in tolerances.items() if size is not None)
    return value, f"close({ast.unparse(expected)}{said})"


def _equal(a: ast.expr, b: ast.expr, is_students: Callable[[ast.expr], bool]) -> _Asked:
    value, expected = _sides(a, b, is_students)
    return value, f"equal({ast.unparse(expected)})"


def _sides(a: ast.expr, b: ast.expr, is_students: Callable[[ast.expr], bool]) -> tuple[ast.expr, ast.expr]:
    return (b, a) if is_students(b) and not is_students(a) else (a, b)


def _compared(left: ast.expr, op: ast.cmpop, right: ast.expr, is_students: Callable[[ast.expr], bool]) -> _Asked | None:
    if isinstance(op, ast.Lt | ast.LtE):
        return _distance(left, right, is_students)
    if isinstance(op, ast.In) and isinstance(right, ast.Tuple | ast.List | ast.Set):
        return left, f"one_of({', '.join(map(ast.unparse, right.elts))})"
    if isinstance(op, ast.Is) and isinstance(right, ast.Constant) and right.value is None:
        return left, "equal(None)"
    if not isinstance(op, ast.Eq | ast.Is):
        return None
    value, expected = _sides(left, right, is_students)
    if isinstance(value, ast.Attribute) and value.attr == "dtype":
        return value.value, f"dtype({ast.unparse(expected)})"
    if isinstance(op, ast.Is):
        return None
    if isinstance(value, ast.Attribute) and value.attr == "shape":
        return _shape(value.value, expected)
    if isinstance(value, ast.Call) and _last(value.func) == "len" and isinstance(expected, ast.Constant):
        return value.args[0], f"length({ast.unparse(expected)})"
    if isinstance(expected, ast.Call) and _last(expected.func) == "approx":
        return None
    return value, f"equal({ast.unparse(expected)})"


def _shape(value: ast.expr, expected: ast.expr) -> _Asked | None:
    if isinstance(expected, ast.Call) and _last(expected.func) == "Size" and len(expected.args) == 1:
        expected = expected.args[0]
    if isinstance(expected, ast.Tuple | ast.List):
        return value, f"shape({', '.join(map(ast.unparse, expected.elts))})"
    return value, f"shape(tuple({ast.unparse(expected)}))"


def _distance(left: ast.expr, right: ast.expr, is_students: Callable[[ast.expr], bool]) -> _Asked | None:
    """Read ``abs(a - b) < size``."""
    if not (isinstance(left, ast.Call) and _last(left.func) in ("abs", "fabs") and len(left.args) == 1):
        return None
    inner = left.args[0]
    if not (isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub)):
        return None
    value, expected = _sides(inner.left, inner.right, is_students)
    return value, f"close({ast.unparse(expected)}, rtol=0.0, atol={ast.unparse(right)})"


def _testing(call: ast.Call, is_students: Callable[[ast.expr], bool]) -> _Asked | None:
    name = _last(call.func)
    if len(call.args) < 2:
        return None
    if name in ("assert_allclose", "assert_close"):
        return _close(call, _TESTING if name == "assert_allclose" else {}, is_students)
    if name in ("assert_array_equal", "assert_equal") and len(call.args) == 2:
        return _equal(call.args[0], call.args[1], is_students)
    if name in _DECIMALS:
        decimals = call.args[2] if len(call.args) > 2 else next((k.value for k in call.keywords), None)
        size = ast.literal_eval(decimals) if isinstance(decimals, ast.Constant) else _DECIMALS[name]
        value, expected = _sides(call.args[0], call.args[1], is_students)
        return value, f"close({ast.unparse(expected)}, rtol=0.0, atol={1.5 * 10.0**-size:.3g})"
    return None


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
