"""The top-level statements of a reference: which exercise reaches which of them."""

from __future__ import annotations

import ast

from ..course.syntax import Definition

__all__ = ["Outline"]


class Outline:
    """A module, taken apart at its top level.

    Args:
        tree: The module; its statements may be changed for a moment between two questions.
        exercises: The assignment's exercises.
    """

    def __init__(self, tree: ast.Module, exercises: tuple[str, ...]) -> None:
        self.body, self.exercises = tree.body, exercises
        self.texts = {id(statement): ast.unparse(statement) for statement in tree.body}
        uses = {node.name: _names_in(node) for node in tree.body if isinstance(node, Definition)}
        self.reached = {name: _reached(name, uses) for name in exercises}

    def tested_by(self, top: ast.stmt) -> tuple[str, ...]:
        """Return whose checks a change there concerns: the exercise itself, or those that use a helper function."""
        if not isinstance(top, Definition):
            return ()
        if top.name in self.exercises:
            return (top.name,)
        return tuple(exercise for exercise in self.exercises if top.name in self.reached[exercise])

    def source(self, top: ast.stmt) -> str:
        """Return the module with one statement as it is now."""
        return "\n\n\n".join(self._text(node, top) for node in self.body) + "\n"

    def scope(self, exercises: tuple[str, ...], top: ast.stmt) -> str:
        """Return what of the module some exercises can reach, with one statement as it is now."""
        names = set[str]().union(*(self.reached[exercise] for exercise in exercises))
        kept = (node for node in self.body if not isinstance(node, Definition) or node.name in names)
        return "\n".join(self._text(node, top) for node in kept)

    def _text(self, node: ast.stmt, top: ast.stmt) -> str:
        return ast.unparse(node) if node is top else self.texts[id(node)]


def _names_in(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _reached(name: str, uses: dict[str, set[str]]) -> set[str]:
    found, waiting = set[str](), [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += [other for other in uses.get(one, ()) if other in uses]
    return found
