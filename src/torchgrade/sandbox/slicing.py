"""In the worker: which statements of a notebook are run: what checks call is there, and nothing else is waited for.

A notebook trains, plots and tries things out between its definitions. Run are imports, definitions, and whatever binds
or changes a name that the exercises read, directly or through one another. What names a statement reads and binds is
taken from its compiled code, where Python has settled what is local and what is not.
"""

from __future__ import annotations

import ast
import dis
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import CodeType

__all__ = ["Statement", "needed", "statement_of"]

_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORT = (ast.Import, ast.ImportFrom)
_SETTING = re.compile(r"set_|set[a-z]|seed|manual_seed|filterwarnings|simplefilter|use_deterministic")
_READS = frozenset({"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"})


@dataclass(frozen=True, eq=False)
class Statement:
    """A statement at the top of a module.

    Attributes:
        code: It alone, compiled.
        line: Where it begins.
        always: Whether it is run though nothing may need it: an import, a definition, a setting such as a seed.
        binds: Names that it gives a value.
        changes: Names whose value it changes: ``table[0] = 1``.
        asks: Names of which it calls a method for its effect: ``table.append(1)``.
        reads: Names that it looks up, those inside its functions among them.
        sets: Names that its functions declare global and give a value.
        calls: Names of functions that it calls for their effect.
        imports: Whether it is an import.
    """

    code: CodeType
    line: int
    always: bool
    binds: frozenset[str]
    changes: frozenset[str]
    asks: frozenset[str]
    reads: frozenset[str]
    sets: frozenset[str]
    calls: frozenset[str]
    imports: bool


def statement_of(node: ast.stmt, filename: str, flags: int) -> Statement:
    """Compile a statement and note the names in it.

    Raises:
        SyntaxError: It stands where it cannot, such as a return outside a function.
    """
    code = compile(ast.Module([node], []), filename, "exec", flags, dont_inherit=True)
    names = list(_names(code))
    changes, asks, calls = _effects(node)
    return Statement(
        code=code,
        line=node.lineno,
        always=isinstance(node, (*_IMPORT, *_DEFINITION)) or _is_setting(node),
        binds=frozenset(name for what, name, top in names if what == "binds" and top),
        changes=changes,
        asks=asks,
        reads=frozenset(name for what, name, _ in names if what == "reads"),
        sets=frozenset(name for what, name, _ in names if what == "sets"),
        calls=calls,
        imports=isinstance(node, _IMPORT),
    )


def needed(statements: list[Statement], roots: Iterable[str]) -> list[Statement]:
    """Return the statements that bind or change what the roots need, in their order."""
    names, chosen = set(roots), set[int]()
    modules = frozenset[str]().union(*(one.binds for one in statements if one.imports))
    setters = {name: one.sets for one in statements for name in one.binds if one.sets}
    touched = {id(one): _touched(one, modules, setters) for one in statements}
    while True:
        found = [one for one in statements if id(one) not in chosen and not names.isdisjoint(touched[id(one)])]
        if not found:
            return [one for one in statements if id(one) in chosen]
        chosen |= set(map(id, found))
        names |= frozenset[str]().union(*(one.reads for one in found))


def _touched(one: Statement, modules: frozenset[str], setters: dict[str, frozenset[str]]) -> frozenset[str]:
    through = (setters[name] for name in one.calls if name in setters)
    return one.binds.union(one.changes, one.asks - modules, *through)


def _names(code: CodeType, top: bool = True) -> Iterator[tuple[str, str, bool]]:
    for step in dis.get_instructions(code):
        if step.opname in _READS:
            yield "reads", step.argval, top
        elif step.opname in ("STORE_NAME", "DELETE_NAME"):
            yield "binds", step.argval, top
        elif step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
            yield ("binds" if top else "sets"), step.argval, top
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant, False)


def _effects(node: ast.stmt) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the names that are changed, those of which a method is called, and the functions that are called."""
    changes, asks, calls = set[str](), set[str](), set[str]()
    for one in () if isinstance(node, (*_DEFINITION, *_IMPORT)) else ast.walk(node):
        if isinstance(one, (ast.Attribute, ast.Subscript)) and isinstance(one.ctx, (ast.Store, ast.Del)):
            changes.add(_base(one))
        elif isinstance(one, ast.Expr) and isinstance(one.value, ast.Call):
            function = one.value.func
            (calls if isinstance(function, ast.Name) else asks).add(_base(function))
    return frozenset(changes - {""}), frozenset(asks - {""}), frozenset(calls)


def _base(node: ast.expr) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_setting(node: ast.stmt) -> bool:
    """Tell ``torch.manual_seed(0)`` and its like, which change what every function does and take no time."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    plain = not any(isinstance(part, ast.Call) for given in call.args for part in ast.walk(given))
    return plain and _SETTING.match(call.func.attr) is not None
