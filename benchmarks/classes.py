"""Make a class: right answers, known wrong ones, broken and hostile files, as .py and as .ipynb, the same for a seed.

    python benchmarks/classes.py SLUG N FOLDER [--course DIR] [--seed N]

Right answers are the reference and `fixtures/alternatives`; wrong ones the reference with one or two misconceptions in
their place; broken ones come from `fixtures/submissions`; hostile ones are the reference with an attack of
`fixtures/attacks` in the place of one exercise. A comment makes each one's digest its own.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from lane import COURSE

from torchgrade.course import Assignment, Course
from torchgrade.grade.wrong import declared_misconceptions

__all__ = ["SHARES", "make_class"]

FIXTURES = COURSE / "fixtures"
SHARES = {"right": 50, "wrong": 32, "broken": 10, "hostile": 8}
NOTEBOOKS = 0.4
# Of the samples those that are broken in any assignment.
BROKEN = (
    "empty", "function_exits", "import_exits", "import_raises", "import_sys_exit", "noisy", "not_utf8", "syntax_error",
)  # fmt: skip
BY_THE_CLOCK = ("floods_the_namespace.py",)  # takes about as long as it may: no sure verdict on a busy machine
TARGETS = ("scale", "label", "shifted", "fit")  # the exercises that the attacks are written for


def make_class(
    course: Course, slug: str, folder: Path, size: int, seed: int = 0, shares: Mapping[str, int] = SHARES
) -> Counter[str]:
    """Write submissions into a new folder; ``shares`` says how many of a hundred are of each kind.

    Returns:
        How many there are of each kind, and of each file form.
    """
    folder.mkdir(parents=True)
    rng, assignment = random.Random(seed), course.assignment(slug)
    makers = _makers(course, assignment)
    found: Counter[str] = Counter()
    for number in range(size):
        kind = rng.choices(list(shares), list(shares.values()))[0]
        source = makers[kind](rng) + f"\n# {number}\n".encode()
        text = _notebook(source) if rng.random() < NOTEBOOKS else None
        suffix = ".py" if text is None else ".ipynb"
        (folder / f"s{number:05}{suffix}").write_bytes(source if text is None else text)
        found.update((kind, suffix))
    return found


def _makers(course: Course, assignment: Assignment) -> dict[str, Callable[[random.Random], bytes]]:
    """Return what makes a source of each kind."""
    reference = _without_future(assignment.solution.read_bytes())
    right = [reference, *_sources(course.root / "fixtures" / "alternatives" / assignment.slug)]
    wrong = _without_future(assignment.misconceptions.read_bytes())
    names = [(one.exercise, one.name) for one in declared_misconceptions(assignment)]
    samples = {path.stem: path.read_bytes() for path in (FIXTURES / "submissions" / "01-tensors").glob("*.py")}
    attacks = _sources(FIXTURES / "attacks" / "submissions")

    def with_misconceptions(rng: random.Random) -> bytes:
        chosen = rng.sample(names, min(len(names), rng.choice((1, 1, 2))))
        lines = (f"{exercise} = {name}".encode() for exercise, name in chosen)
        return b"\n".join((reference, wrong, *lines))

    def with_attack(rng: random.Random) -> bytes:
        chosen = next(f"globals().get({name!r}) or " for name in rng.sample(TARGETS, 1))
        others = " or ".join(f"globals().get({name!r})" for name in TARGETS)
        exercise = rng.choice(assignment.exercise_names)
        return b"\n".join((reference, rng.choice(attacks), f"{exercise} = {chosen}{others} or {exercise}".encode()))

    return {
        "right": lambda rng: rng.choice(right),
        "wrong": with_misconceptions,
        "broken": lambda rng: samples[rng.choice(BROKEN)],
        "hostile": with_attack,
    }


def _sources(folder: Path) -> list[bytes]:
    """Return the files of a folder; what stands for a port or a name of the run in an attack is filled in."""
    found = [
        _without_future(path.read_bytes()) for path in sorted(folder.glob("*.py")) if path.name not in BY_THE_CLOCK
    ]
    return [source.replace(b"@PORT@", b"9").replace(b"@RUN@", b"class") for source in found]


def _without_future(source: bytes) -> bytes:
    return source.replace(b"from __future__ import annotations\n", b"")


def _notebook(source: bytes) -> bytes | None:
    """Return a source as a notebook with a cell for each statement; None where no notebook can hold it."""
    try:
        text = source.decode()
        lines = text.splitlines(keepends=True)
        starts = [min([node.lineno, *_decorators(node)]) - 1 for node in ast.parse(text).body] or [0]
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    ends = [*starts[1:], len(lines)]
    cells = ["".join(lines[start:end]) for start, end in zip([0, *starts[1:]], ends, strict=True)]
    notebook = {
        "cells": [
            {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": cell}
            for cell in cells
        ],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 4,
    }  # fmt: skip
    return json.dumps(notebook).encode()


def _decorators(node: ast.stmt) -> list[int]:
    return [decorator.lineno for decorator in getattr(node, "decorator_list", [])]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("slug", metavar="SLUG", help="the assignment")
    parser.add_argument("size", type=int, metavar="N", help="how many submissions")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new folder for them")
    parser.add_argument("--course", type=Path, default=COURSE, metavar="DIR", help="the course's folder")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another number gives another class (0)")
    options = parser.parse_args()
    found = make_class(Course(options.course.resolve()), options.slug, options.folder, options.size, options.seed)
    print(", ".join(f"{count} {kind}" for kind, count in found.most_common()))


if __name__ == "__main__":
    main()
