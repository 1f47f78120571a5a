"""Arguments given by name, put in their places: only places travel to a student's process."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from .statements import Statement

__all__ = ["by_position"]


def by_position(call: ast.Call, exercises: Mapping[str, Statement]) -> list[ast.expr] | None:
    """Return the arguments of a call of an exercise by position.

    Returns:
        None where the call is another one, names no argument, or names one that has no place:
        after ``*``, or in ``**``.
    """
    if not (isinstance(call.func, ast.Name) and call.func.id in exercises and call.keywords):
        return None
    places = _places(exercises[call.func.id].node)
    given = {word.arg: word.value for word in call.keywords if word.arg}
    starred = any(isinstance(one, ast.Starred) for one in call.args)
    if places is None or starred or len(given) < len(call.keywords) or not given.keys() <= places.keys():
        return None
    arguments = list(call.args)
    names = list(places)
    last = max(names.index(name) for name in given)
    for name in names[len(arguments) : last + 1]:
        value = given.get(name, places[name])
        if value is None:
            return None
        arguments.append(value)
    return arguments


def _places(node: ast.stmt) -> dict[str, ast.expr | None] | None:
    """Return the parameters that have a place, each with its default."""
    if isinstance(node, ast.ClassDef):
        made = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
        found = _places(made[0]) if made else None
        return dict(list(found.items())[1:]) if found else None
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    parameters = [*node.args.posonlyargs, *node.args.args]
    defaults: list[ast.expr | None] = [None] * (len(parameters) - len(node.args.defaults))
    return {one.arg: value for one, value in zip(parameters, [*defaults, *node.args.defaults], strict=True)}
