"""Mutants of the reference: the same module with one small change inside a solution block.

Each kind of change stands in `changes` (values, operators), `calls` or `statements`.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from ..course.markers import Block, find_blocks
from ..course.syntax import Definition, Function, parse_python
from . import calls, changes, statements
from .outline import Outline
from .sites import Site, put_in_place, sites_in

__all__ = ["OPERATORS", "Mutant", "mutants_of", "spread"]

ID_LETTERS = 8
CONTEXT_LINES = 2
Change = Callable[[ast.AST], Iterator[ast.AST]]
# Kinds of change by the name under which a report lists them.
OPERATORS: MappingProxyType[str, Change] = MappingProxyType({
    "constant": changes.numbers,
    "truth value": changes.truths,
    "choice": changes.choices,
    "comparison": changes.comparisons,
    "operator": changes.arithmetic,
    "dim": changes.dims,
    "dtype": changes.dtypes,
    "negated condition": changes.negations,
    "keepdim": calls.keepdims,
    "other name": calls.names,
    "dropped call": calls.dropped_calls,
    "dropped keyword": calls.dropped_keywords,
    "swapped arguments": calls.swapped_arguments,
    "returned None": statements.returned_none,
})  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """The reference with one change.

    Attributes:
        id: The exercise and a hash of the changed function: the same whatever is edited elsewhere, and in any Python.
        exercise: The exercise it is counted with.
        exercises: Those whose checks must catch it: more than one where a helper function was changed.
        kind: Which kind of change.
        line: Where in ``solution.py``.
        diff: Lines of a unified diff, without its header.
        source: The whole module.
        scope: What of the module the exercise can reach, for the cache.
    """

    id: str
    exercise: str
    exercises: tuple[str, ...]
    kind: str
    line: int
    diff: tuple[str, ...]
    source: str
    scope: str

    @property
    def change(self) -> str:
        """The change in one line."""
        sides = (" ".join(line[1:].strip() for line in self.diff if line.startswith(sign)) for sign in "-+")
        return " → ".join(sides)


def mutants_of(source: str, file: Path, exercises: tuple[str, ...]) -> list[Mutant]:
    """Generate every mutant of a reference, in the order of the text.

    Args:
        source: The text of ``solution.py``.
        file: Where it came from, for errors.
        exercises: The assignment's exercises.

    Returns:
        Mutants that compile, each once, and none that is the reference itself.

    Raises:
        CourseError: The source does not parse, or its markers are misplaced.
    """
    tree = parse_python(source, file)
    solutions = [block for block in find_blocks(source, file) if block.kind == "SOLUTION"]
    outline, found = Outline(tree, exercises), dict[str, Mutant]()
    for top in tree.body:
        tested_by = outline.tested_by(top)
        if tested_by:
            for mutant in _mutants_in(top, solutions, outline, tested_by):
                found.setdefault(mutant.id, mutant)
    return list(found.values())


def spread(mutants: list[Mutant], most: int | None) -> list[Mutant]:
    """Choose at most ``most`` mutants of each exercise, evenly over its text; None chooses all."""
    if most is None:
        return mutants
    chosen: set[str] = set()
    for exercise in dict.fromkeys(mutant.exercise for mutant in mutants):
        mine = [mutant.id for mutant in mutants if mutant.exercise == exercise]
        count = min(most, len(mine))
        chosen |= {mine[place * len(mine) // count] for place in range(count)}
    return [mutant for mutant in mutants if mutant.id in chosen]


def _mutants_in(
    top: ast.stmt, solutions: list[Block], outline: Outline, tested_by: tuple[str, ...]
) -> Iterator[Mutant]:
    bound = _bound_by_function(top)
    for site in sites_in(top):
        if any(block.begin < site.line < block.end for block in solutions):
            for kind, new in _changes_at(site, bound):
                mutant = _mutant(top, site, kind, new, outline, tested_by)
                if mutant is not None:
                    yield mutant


def _changes_at(site: Site, bound: dict[ast.AST, Counter[str]]) -> Iterator[tuple[str, ast.AST | list[ast.stmt]]]:
    for kind, change in OPERATORS.items():
        yield from ((kind, new) for new in change(site.node))
    names = bound.get(site.function, Counter()) if site.function else Counter[str]()
    yield from (("removed statement", new) for new in statements.removed(site.node, names))


def _bound_by_function(top: ast.stmt) -> dict[ast.AST, Counter[str]]:
    return {node: statements.bound_names(node) for node in ast.walk(top) if isinstance(node, Function)}


def _mutant(
    top: ast.stmt, site: Site, kind: str, new: ast.AST | list[ast.stmt], outline: Outline, tested_by: tuple[str, ...]
) -> Mutant | None:
    """Make one change, write down what comes of it, and take it back."""
    around = site.function or top
    before, text_before = _canonical(around), _shown(around)
    with put_in_place(site, new):
        after, text_after = _canonical(around), _shown(around)
        source, scope = outline.source(top), outline.scope(tested_by, top)
    if before == after or not _compiles(source):
        return None
    letters = hashlib.sha256(f"{_name_of(around)} {after}".encode()).hexdigest()[:ID_LETTERS]
    diff = difflib.unified_diff(text_before, text_after, lineterm="", n=CONTEXT_LINES)
    lines = tuple(line for line in list(diff)[2:] if not line.startswith("@@"))
    return Mutant(f"{tested_by[0]}-{letters}", tested_by[0], tested_by, kind, site.line, lines, source, scope)


def _name_of(node: ast.AST) -> str:
    """Name the definition that a mutant changes, so that equal methods of two classes stay apart."""
    return str(getattr(node, "name", ""))


def _canonical(node: object) -> str:
    """Write a syntax tree down without docstrings, in a way that no version of Python changes."""
    if isinstance(node, list):
        return f"[{','.join(map(_canonical, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = ((name, _undocumented(node, name, value)) for name, value in ast.iter_fields(node))
    said = (f"{name}={_canonical(value)}" for name, value in fields if value not in (None, []))
    return f"{type(node).__name__}({','.join(said)})" + (":None" if _says_none(node) else "")


def _says_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _undocumented(node: ast.AST, name: str, value: object) -> object:
    documented = name == "body" and isinstance(node, Definition) and ast.get_docstring(node) is not None
    return value[1:] if documented and isinstance(value, list) else value


def _shown(node: ast.AST) -> list[str]:
    body = _undocumented(node, "body", getattr(node, "body", None))
    if isinstance(node, Definition) and body:
        node = changes.changed(node, body=body)
    return ast.unparse(node).splitlines()


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True
