"""From a source notebook to an assignment, in memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from .answers import read_answers
from .checks import Check, Refused, case_statements, make_check
from .pieces import Case, Note, Piece, Source
from .statements import Statement, uses

__all__ = ["Converted", "convert"]


@dataclass
class Converted:
    """What became of a notebook.

    Attributes:
        source: The notebook as it was read.
        statements: All its statements, in order.
        exercises: The definitions that students complete, in order.
        checks: The tests that are carried.
        refused: Those that are not, and why.
        notes: Everything the instructor must know.
    """

    source: Source
    statements: list[Statement] = field(default_factory=list)
    exercises: list[Statement] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    refused: list[tuple[Case, str]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def refuse(self, check: Check, why: str) -> None:
        """Take a check out again."""
        self.checks.remove(check)
        self.refused.append((check.case, why))
        self.notes = [note for note in self.notes if note.what != check.name]

    @property
    def points(self) -> tuple[float, float]:
        """The points that are carried, and all there were."""
        carried = sum(check.case.points for check in self.checks)
        lost = sum(case.points for case, _ in self.refused) + sum(note.points for note in self.notes)
        return carried, carried + lost


def convert(source: Source) -> Converted:
    """Find the exercises, and make checks of the tests."""
    found = Converted(source, notes=list(source.notes))
    asked = frozenset(_asked(source.pieces))
    tests = list[tuple[Case, list[Statement]]]()
    for piece in source.pieces:
        if piece.role == "code":
            answers = read_answers(piece, len(found.statements), asked)
            found.statements += answers.statements
            found.notes += answers.notes
        for case in piece.cases:
            try:
                own = case_statements(case, len(found.statements))
            except Refused as error:
                found.refused.append((case, str(error)))
                continue
            found.statements += own
            tests.append((case, own))
    last = {one.name: one for one in found.statements if one.part == "answer"}
    found.exercises = sorted(last.values(), key=lambda one: one.order)
    for case, own in tests:
        _add(found, case, own)
    found.checks = _named(found.checks)
    return found


def _asked(pieces: Iterable[Piece]) -> set[str]:
    names = set[str]()
    for case in (case for piece in pieces for case in piece.cases):
        try:
            names |= uses([one.node for one in case_statements(case, 0)])
        except Refused:
            names |= set(re.findall(r"[A-Za-z_]\w*", case.source))
    return names


def _add(found: Converted, case: Case, own: Sequence[Statement]) -> None:
    order = own[0].order if own else len(found.statements)
    above = [one for one in found.exercises if one.order < order]
    below = [one for one in found.exercises if one.order > order]
    exercises = {one.name: one for one in [*reversed(above), *below]}
    try:
        found.checks.append(make_check(case, own, found.statements, exercises))
    except Refused as error:
        found.refused.append((case, str(error)))


def _named(checks: Iterable[Check]) -> list[Check]:
    """Give each check a name of its own, after the exercise and the place it has among its checks."""
    taken, named = dict[str, int](), list[Check]()
    for check in checks:
        base = f"test_{check.exercise.lower()}{'' if check.case.visible else '_hidden'}"
        taken[base] = taken.get(base, 0) + 1
        number = f"_{taken[base]}"
        title = check.title if check.case.visible else f"{check.exercise}, hidden test {taken[base]}."
        named.append(replace(check, name=base + number, title=title))
    return named
