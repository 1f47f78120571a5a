"""An assignment as every contestant gets it: its checks with the reference's answers, and the submissions."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy
import torch

from race.cases import CHECKS, Check

__all__ = ["COURSE", "Answer", "Material", "race_material", "right_answers", "target_material"]

COURSE = Path(__file__).resolve().parents[2]
SLUG = "01-tensors"
ATTACKED = COURSE / "fixtures" / "attacks" / "course" / "assignments" / "01-target"

# The calls, points and hidden numbers of the attacked course's own checks, without what asks about memory and bans.
TARGET_HEAD = """\
GRADER_CANARY = "quillwort-canary-of-the-grader"
HIDDEN_SCALE = [48611.25, -20983.75]
HIDDEN_SHIFTED = [51423.75, 90217.125, 36852.625]
"""
THREE = "(torch.arange(1.0, 151.0) ** 2).reshape(50, 3).sin()"
FIVE = "(torch.arange(1.0, 251.0) ** 2).reshape(50, 5).sin()"
TARGET_CHECKS = (
    Check("scale", 2, False, "scale: hidden numbers", ("torch.tensor(HIDDEN_SCALE)",), (1e-5, 1e-5)),
    Check("scale", 1, True, "scale: 1, 2 and 3", ("torch.tensor([1.0, 2.0, 3.0])",), (1e-5, 1e-5)),
    Check("label", 2, False, "label: hidden numbers", ("739071", "604139")),
    Check("label", 1, True, "label: 7", ("7",)),
    Check("shifted", 2, False, "shifted: hidden numbers", ("torch.tensor(HIDDEN_SHIFTED)",)),
    Check("shifted", 1, True, "shifted: 1 to 4", ("torch.tensor([1.0, 2.0, 3.0, 4.0])",)),
    Check("fit", 2, False, "fit: five columns", (f"{FIVE}, {FIVE} @ torch.arange(1.0, 6.0)",), (1e-3, 1e-3)),
    Check("fit", 1, True, "fit: three columns", (f"{THREE}, {THREE} @ torch.arange(1.0, 4.0)",), (1e-3, 1e-3)),
)


@dataclass(frozen=True)
class Answer:
    """One call, and what is right.

    Attributes:
        arguments: Python source.
        expected: Python source of the right answer; None where ValueError is right.
    """

    arguments: str
    expected: str | None


@dataclass(frozen=True)
class Material:
    """An assignment.

    Attributes:
        slug: Its name.
        module: The name of the file that students hand in.
        reference: The file with the right answers.
        head: Source of the constants that the checks name.
        checks: Each check, with the right answer to each of its calls.
    """

    slug: str
    module: str
    reference: Path
    head: str
    checks: tuple[tuple[Check, tuple[Answer, ...]], ...]

    @property
    def points(self) -> int:
        """The most that one can have."""
        return sum(check.points for check, _ in self.checks)


def race_material() -> Material:
    """Return the assignment on which the contestants are timed."""
    return _material(SLUG, "tensors", COURSE / "assignments" / SLUG / "solution.py", "", CHECKS)


def target_material() -> Material:
    """Return the assignment on which the contestants are attacked."""
    return _material("01-target", "target", ATTACKED / "solution.py", TARGET_HEAD, TARGET_CHECKS)


def right_answers(folder: Path, count: int) -> list[Path]:
    """Write ``count`` right answers to 01-tensors, no two alike."""
    alternatives = sorted((COURSE / "fixtures" / "alternatives" / SLUG).glob("*.py"))
    sources = [COURSE / "fixtures" / "submissions" / SLUG / "right.py", *alternatives]
    folder.mkdir(parents=True, exist_ok=True)
    return list(_copies(folder, list(islice(cycle(sources), count))))


def _copies(folder: Path, sources: list[Path]) -> Iterator[Path]:
    for number, source in enumerate(sources):
        path = folder / f"s{number:02}_{source.name}"
        path.write_text(f"{source.read_text(encoding='utf-8')}\n# copy {number}\n", encoding="utf-8")
        yield path


def load(path: Path) -> ModuleType:
    """Import a file as a module of its own."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _material(slug: str, module: str, reference: Path, head: str, checks: tuple[Check, ...]) -> Material:
    names: dict[str, Any] = {"torch": torch, "numpy": numpy}
    exec(head, names)
    right = load(reference)
    answered = tuple((check, tuple(_answer(right, check, call, names) for call in check.calls)) for check in checks)
    return Material(slug, module, reference, head, answered)


def _answer(right: ModuleType, check: Check, call: str, names: dict[str, Any]) -> Answer:
    try:
        return Answer(call, _source(getattr(right, check.exercise)(*eval(f"({call},)", names))))
    except ValueError:
        return Answer(call, None)


def _source(value: Any) -> str:
    """Return a value as Python source."""
    if isinstance(value, torch.Tensor):
        text = f"torch.tensor({value.tolist()}, dtype={value.dtype})".replace("inf", 'float("inf")')
        return text if value.numel() else f"torch.empty({tuple(value.shape)}, dtype={value.dtype})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_source(one)}" for key, one in value.items()) + "}"
    if isinstance(value, tuple):
        return "(" + "".join(f"{_source(one)}, " for one in value) + ")"
    return repr(value)
