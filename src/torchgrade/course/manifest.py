"""Reading `assignment.toml`: the types and bounds stand in `assignment.py`, the words for a mistake here."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import msgspec

from ..errors import CourseError
from .assignment import Assignment, Exercise, Exercises, Limits, Text
from .due import Due, Late, Moment
from .due_rules import DUE_REMEDIES, Mistake, refuse_bad_due
from .files import read_toml
from .master import check_master

__all__ = ["NAMING", "callable_name", "check_master", "importable", "read_manifest"]


@dataclass(frozen=True)
class Manifest:
    """The keys of `assignment.toml`."""

    format: Literal[1]
    title: Text
    module: Text
    exercise: Exercises
    limits: Limits = field(default_factory=Limits)
    due: Due | Moment | None = None
    late: Late | None = None


# Words that `submission` keeps for itself: an exercise of that name could not be called.
RESERVED = frozenset({"banning", "device", "make", "observe", "uninitialised_as_nan", "vjp"})
# A student's file of one of these names would hide the real one from their own imports.
TAKEN = sys.stdlib_module_names | {"conftest", "fixtures", "numpy", "pytest", "torch", "torchgrade"}

_SECONDS = "give a number of seconds above 0, at most 86400"
_AMOUNT = "give a whole number from 1 to 1048576"
REMEDIES = {
    "format": "write format = 1",
    "title": 'write title = "…", the words that students read',
    "module": 'write module = "tensors" for a student\'s tensors.py: a Python name that no known module has',
    **DUE_REMEDIES,
    "limits": "write a table [limits], or leave it out for the defaults",
    "exercise": "write a table [[exercise]] with name, title and hint for each exercise",
    "name": 'write name = "…", the Python name of the function or class that the student writes',
    "hint": 'write hint = "…", what a student reads on request',
    **dict.fromkeys(("seconds", "import_seconds"), _SECONDS),
    **dict.fromkeys(("memory_mb", "processes", "output_kb", "scratch_mb"), _AMOUNT),
}


def read_manifest(path: Path) -> Assignment:
    """Read and validate one ``assignment.toml``.

    Args:
        path: The file; its folder's name is the assignment's slug.

    Raises:
        CourseError: The file cannot be read or breaks a rule; it names file, key and remedy.
    """
    table = read_toml(path)
    try:
        _refuse_unknown_keys(table)
        manifest = msgspec.convert(table, Manifest)
        _refuse_bad_names(manifest)
        due = refuse_bad_due(manifest.due, manifest.late)
    except msgspec.ValidationError as error:
        raise _explained(path, table, str(error)) from None
    except Mistake as mistake:
        remedy = mistake.remedy or REMEDIES[mistake.key.rpartition(".")[2]]
        raise CourseError(path, mistake.key, mistake.problem, remedy) from None
    folder = path.parent
    return Assignment(
        slug=folder.absolute().name,
        title=manifest.title,
        module=manifest.module,
        exercises=manifest.exercise,
        limits=manifest.limits,
        folder=folder,
        due=due,
    )


def importable(name: str) -> bool:
    """Tell whether a student's file can have this module name without hiding another module."""
    return _plain_name(name) and name not in TAKEN and not name.startswith("test_")


def callable_name(name: str) -> bool:
    """Tell whether an exercise can have this name, so that a check can call it."""
    return _plain_name(name) and name not in RESERVED


def _refuse_unknown_keys(table: dict[str, Any]) -> None:
    """Raise for the first key no table of its kind has: most are slips that would change nothing, silently."""
    for place, found, kind in _tables(table):
        known = [f.name for f in fields(kind)]
        for key in found:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                remedy = f"did you mean {near[0]}?" if near else "remove it"
                raise Mistake(place + key, "unknown key", f"{remedy} Known keys here: {', '.join(known)}")


def _tables(table: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], type]]:
    """Yield each table of the file with the prefix of its keys and the dataclass it must fit."""
    yield "", table, Manifest
    for key, kind in (("limits", Limits), ("due", Due), ("late", Late)):
        if isinstance(table.get(key), dict):
            yield f"{key}.", table[key], kind
    exercises = table.get("exercise")
    for index, one in enumerate(exercises if isinstance(exercises, list) else ()):
        if isinstance(one, dict):
            yield f"exercise[{index}].", one, Exercise


def _refuse_bad_names(manifest: Manifest) -> None:
    if not importable(manifest.module):
        raise Mistake("module", f"{manifest.module!r} cannot be the name of a student's file")
    seen: dict[str, int] = {}
    for index, exercise in enumerate(manifest.exercise):
        key, name = f"exercise[{index}].name", exercise.name
        if not callable_name(name):
            raise Mistake(key, f"{name!r} cannot be the name of an exercise", f"{REMEDIES['name']}; {NAMING}")
        if name in seen:
            raise Mistake(key, f"{name!r} is the name of exercise[{seen[name]}] too", "rename one of the two")
        seen[name] = index


NAMING = f"letters, digits and _, starting with a letter, and none of {', '.join(sorted(RESERVED))}"


def _plain_name(name: str) -> bool:
    known = name.isidentifier() and name.isascii() and not name.startswith("_")
    return known and not keyword.iskeyword(name)


def _explained(path: Path, table: dict[str, Any], message: str) -> CourseError:
    """Turn msgspec's sentence into one that names the key, what was found there, and the remedy."""
    said, _, at = message.partition(" - at `$")
    key = at.rstrip("`").lstrip(".")
    missing = re.fullmatch(r"Object missing required field `(\w+)`", said)
    if missing:
        key = f"{key}.{missing[1]}".lstrip(".")
        problem = "the key is missing"
    else:
        found: Any = table
        for step in re.findall(r"\w+", key):
            found = found[int(step)] if isinstance(found, list) else found[step]
        wanted = _wanted(said)
        problem = f"{wanted}; found {_short(found)}"
    last = re.sub(r"\[\d+\]$", "", key).rpartition(".")[2]
    return CourseError(path, key, problem, REMEDIES[last])


def _wanted(said: str) -> str:
    if "regex" not in said:
        return said.replace("`", "")
    return "Expected a span of time" if "minutes" in said else "Expected some text"


def _short(value: object) -> str:
    """Show a value from the file, cut where it would fill the screen."""
    try:
        text = value.isoformat() if isinstance(value, (date, time)) else repr(value)
    except ValueError:  # Python refuses to print a whole number of some thousand digits
        return "a very long number"
    return text if len(text) <= 60 else text[:57] + "..."
