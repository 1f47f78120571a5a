"""In the worker: run a notebook, or a file with errors, statement by statement: each costs only what needs it."""

from __future__ import annotations
import __future__

import ast
from collections.abc import Iterator
from types import ModuleType

from .pieces import Broken, statements
from .program import Program
from .slicing import Statement, needed, statement_of

__all__ = ["Trouble", "run_piecemeal"]

MAX_TROUBLES = 50
Trouble = tuple[tuple[str, ...], BaseException]


def run_piecemeal(
    module: ModuleType, program: Program, source: str, passing: tuple[type[BaseException], ...]
) -> list[Trouble]:
    """Execute what the exercises need.

    Args:
        module: Where its names go.
        program: The submission; its cells are read one by one.
        source: The text of its main module.
        passing: Exceptions that are nobody's fault and end everything.

    Returns:
        What went wrong, each with the names that are not there for it.

    Raises:
        BaseException: Nothing of what is asked for can be had; the first thing that went wrong.
    """
    if program.cells:
        module.__dict__["display"] = print  # cells call it, and functions in them
    found = list(_compiled(program, source))
    readable = [one for one in found if isinstance(one, Statement)]
    roots = program.exercises or tuple(name for one in readable if one.always for name in one.binds)
    wanted = needed(readable, roots)
    troubles: list[Trouble] = [(one.names, one.error) for one in found if isinstance(one, Broken)]
    troubles += _run(module, readable, wanted, passing)
    if troubles and not any(hasattr(module, name) for name in roots):
        raise troubles[0][1]
    return troubles[:MAX_TROUBLES]


def _compiled(program: Program, source: str) -> Iterator[Statement | Broken]:
    lines, flags = source.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 0
    starts = program.cells or (1,)
    filename = program.filename(program.module)
    for first, after in zip(starts, [*starts[1:], len(lines) + 1], strict=True):
        for one in statements("\n".join(lines[first - 1 : after - 1]), first, filename):
            if isinstance(one, Broken):
                yield one
                continue
            flags |= _future(one)
            try:
                yield statement_of(one, filename, flags)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                yield Broken(tuple(_defined(one)), error)


def _future(node: ast.stmt) -> int:
    if not isinstance(node, ast.ImportFrom) or node.module != "__future__":
        return 0
    features = (getattr(__future__, alias.name, None) for alias in node.names)
    return sum({feature.compiler_flag for feature in features if feature is not None})


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    yield from (one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))


def _run(
    module: ModuleType, all_: list[Statement], wanted: list[Statement], passing: tuple[type[BaseException], ...]
) -> list[Trouble]:
    """Run in order, and what missed a name once more at the end: cells are not always run from top to bottom."""
    asked = set(map(id, wanted))
    waiting = [one for one in all_ if one.always or id(one) in asked]
    failed = _turn(module, waiting, passing)
    again = [one for one, error in failed if isinstance(error, NameError) and not _superseded(one, waiting)]
    still = {id(one): error for one, error in _turn(module, again, passing)}
    left = [(one, still.get(id(one))) if isinstance(error, NameError) else (one, error) for one, error in failed]
    return [(tuple(sorted(one.binds)), error) for one, error in left if error is not None and id(one) in asked]


def _superseded(one: Statement, all_: list[Statement]) -> bool:
    """Tell whether later statements bind all that this one does: run after them, it would undo the last definition."""
    later = all_[all_.index(one) + 1 :]
    return bool(one.binds) and one.binds <= frozenset[str]().union(*(other.binds for other in later))


def _turn(
    module: ModuleType, waiting: list[Statement], passing: tuple[type[BaseException], ...]
) -> list[tuple[Statement, BaseException]]:
    failed: list[tuple[Statement, BaseException]] = []
    for one in waiting:
        try:
            exec(one.code, module.__dict__)
        except passing:
            raise
        except BaseException as error:
            failed.append((one, error))
    return failed
