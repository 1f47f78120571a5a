"""The table of figures, and what it takes to compute one of them anew.

`fixtures/figures.tsv` holds every number that the tutorials behind this course print. A recipe is a function that
computes one of them by the references: it is given an object whose attributes are the reference solutions that the
table names for this figure, and no others.
"""

import csv
import functools
import importlib.util
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch

from torchgrade.course import Course

from ..conftest import REPOSITORY

TABLE = REPOSITORY / "fixtures" / "figures.tsv"


@dataclass(frozen=True)
class Figure:
    """A line of the table; `exercises` are written as assignment/exercise."""

    id: str
    assignment: str
    exercises: tuple[str, ...]
    what: str
    value: Any
    tolerance: float
    status: str
    reason: str


def figures() -> Iterator[Figure]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            value = json.loads(line["value"] or "null")
            tolerance = float(line["tolerance"] or 0)
            exercises = tuple(line["exercises"].split())
            yield Figure(
                line["id"],
                line["assignment"],
                exercises,
                line["what"],
                value,
                tolerance,
                line["status"],
                line["reason"],
            )


@functools.cache
def master(slug: str) -> ModuleType:
    """Load the reference solutions of an assignment."""
    file = Course(REPOSITORY).assignment(slug).solution
    spec = importlib.util.spec_from_file_location(f"master_of_{slug.replace('-', '_')}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class References:
    """Give out the reference solutions of some exercises, and note which were asked for."""

    def __init__(self, exercises: tuple[str, ...]) -> None:
        self._slugs = {name: slug for slug, name in (exercise.split("/") for exercise in exercises)}
        self.unused = set(self._slugs)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in self._slugs:
            raise AttributeError(f"the table names no exercise {name} for this figure")
        self.unused.discard(name)
        return getattr(master(self._slugs[name]), name)


def figure(name: str, *arguments: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a function as the recipe of the figure of this id; it is called with references and these arguments."""

    def mark(recipe: Callable[..., Any]) -> Callable[..., Any]:
        vars(recipe).setdefault("figures", {})[name] = arguments
        return recipe

    return mark


def recipes_in(*modules: ModuleType) -> dict[str, Callable[..., Any]]:
    """Return the recipes of some modules by the ids of the figures.

    Raises:
        ValueError: Two recipes are for the same figure.
    """
    found: dict[str, Callable[..., Any]] = {}
    for module in modules:
        for recipe in vars(module).values():
            for name, arguments in getattr(recipe, "figures", {}).items():
                if name in found:
                    raise ValueError(f"two recipes for {name}")
                found[name] = functools.partial(_called_with, recipe, arguments)
    return found


def _called_with(recipe: Callable[..., Any], arguments: tuple[Any, ...], references: References) -> Any:
    return recipe(references, *arguments)


def message_of(kind: type[Exception], function: Callable[..., Any], *arguments: Any) -> str:
    """Return what a call complains of.

    Raises:
        AssertionError: It does not.
    """
    try:
        function(*arguments)
    except kind as error:
        return str(error)
    raise AssertionError(f"no {kind.__name__}")


def plain(value: Any) -> Any:
    """Bring a value to the form that the table has it in."""
    if isinstance(value, (torch.Tensor, np.ndarray, np.generic)):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return str(value).removeprefix("torch.") if isinstance(value, (torch.dtype, torch.device, Path)) else value


def differences(found: Any, expected: Any, tolerance: float, place: str = "") -> Iterator[str]:
    """List where two plain values differ by more than the tolerance, or at all in type, length or text."""
    if type(found) is not type(expected):
        yield f"{place}: {found!r} is not of the type of {expected!r}"
    elif isinstance(found, list):
        if len(found) != len(expected):
            yield f"{place}: {len(found)} items and not {len(expected)}"
        for index, pair in enumerate(zip(found, expected)):  # noqa: B905 - lengths were compared
            yield from differences(*pair, tolerance, f"{place}[{index}]")
    elif isinstance(found, float):
        if not abs(found - expected) <= tolerance:
            yield f"{place}: {found!r} and not {expected!r}"
    elif found != expected:
        yield f"{place}: {found!r} and not {expected!r}"
