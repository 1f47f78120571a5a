"""`equivalent.toml`: mutants that no check can catch, since they answer as the reference does, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from ..course import Assignment
from ..course.assignment import Text
from ..course.files import read_toml
from ..errors import CourseError

__all__ = ["Equivalent", "entry_for", "equivalents_file", "read_equivalents"]


@dataclass(frozen=True)
class Equivalent:
    """A mutant that an instructor has looked at.

    Attributes:
        exercise: The exercise it is counted with.
        mutant: Its id, as `verify` shows it.
        change: What it changes, for whoever reads the file.
        reason: Why no check can tell it from the reference.
    """

    exercise: Text
    mutant: Text
    change: Text
    reason: Text


_REMEDIES = {
    "equivalent": "write a table [[equivalent]] with exercise, mutant, change and reason for each",
    "exercise": 'write exercise = "…", the exercise of the mutant',
    "mutant": 'write mutant = "…", the id that `torchgrade verify` shows',
    "change": 'write change = "…", what the mutant changes, in a line',
    "reason": 'write reason = "…": why it gives what the reference gives, for every input that the task allows',
}
_KEYS = tuple(_REMEDIES)[1:]


def equivalents_file(assignment: Assignment) -> Path:
    """Return where an assignment keeps its list."""
    return assignment.folder / "equivalent.toml"


def read_equivalents(assignment: Assignment) -> tuple[Equivalent, ...]:
    """Read an assignment's list; none when there is no file.

    Raises:
        CourseError: The file breaks a rule; it names file, key and remedy.
    """
    file = equivalents_file(assignment)
    table = read_toml(file) if file.exists() else {}
    _refuse_unknown_keys(file, table)
    try:
        entries = msgspec.convert(table.get("equivalent", []), tuple[Equivalent, ...])
    except msgspec.ValidationError as error:
        raise _explained(file, str(error)) from None
    _refuse_wrong_names(file, entries, assignment)
    return entries


def entry_for(exercise: str, mutant: str, change: str) -> str:
    """Return what to paste into the file for a mutant; the reason is left to the instructor."""
    lines = (f"{key} = {_quoted(value)}" for key, value in zip(_KEYS, (exercise, mutant, change, ""), strict=True))
    return "\n".join(("[[equivalent]]", *lines))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _refuse_unknown_keys(file: Path, table: dict[str, Any]) -> None:
    entries = table.get("equivalent")
    tables: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [("", table, ("equivalent",))]
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            tables.append((f"equivalent[{index}].", entry, _KEYS))
    for place, found, known in tables:
        for key in found:
            if key not in known:
                raise CourseError(file, place + key, "unknown key", f"remove it. Known keys here: {', '.join(known)}")


def _refuse_wrong_names(file: Path, entries: Iterable[Equivalent], assignment: Assignment) -> None:
    seen: dict[str, int] = {}
    for index, entry in enumerate(entries):
        if entry.exercise not in assignment.exercise_names:
            problem = f"no exercise is called {entry.exercise!r}"
            remedy = f"use one of: {', '.join(assignment.exercise_names)}"
            raise CourseError(file, f"equivalent[{index}].exercise", problem, remedy)
        if entry.mutant in seen:
            problem = f"{entry.mutant!r} is the mutant of equivalent[{seen[entry.mutant]}] too"
            raise CourseError(file, f"equivalent[{index}].mutant", problem, "remove one of the two")
        seen[entry.mutant] = index


def _explained(file: Path, message: str) -> CourseError:
    """Turn msgspec's sentence into one that names the key and the remedy."""
    said, _, at = message.partition(" - at `$")
    key = "equivalent" + at.rstrip("`")
    missing = re.fullmatch(r"Object missing required field `(\w+)`", said)
    if missing:
        key, said = f"{key}.{missing[1]}", "the key is missing"
    problem = "some text was expected" if "regex" in said else said.replace("`", "")
    return CourseError(file, key, problem, _REMEDIES[re.sub(r"\[\d+\]$", "", key).rpartition(".")[2]])
