"""What it costs to tell students which mistake is theirs.

    python benchmarks/replay.py [--submissions N] [SLUG]

Each of N submissions answers one exercise as a known misconception does and all others rightly. A warm grader grades
them without replay; with it, for the first time, when the misconceptions have to be run; and once more, when it knows
them.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from lane import COURSE, SLUG
from rich.console import Console
from rich.progress import track
from rich.table import Table

from torchgrade.course import Assignment, Course
from torchgrade.grade.grader import Grader
from torchgrade.grade.session import run_checks
from torchgrade.grade.wrong import declared_misconceptions


def main() -> None:
    options = _options()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    course = Course(COURSE)
    assignment = course.assignment(options.slug)
    with tempfile.TemporaryDirectory() as folder:
        paths = list(islice(_wrong_answers(assignment, Path(folder)), options.submissions))
        run_checks(course, assignment, lambda grader: _compare(grader, paths))


def _compare(grader: Grader, paths: list[Path]) -> None:
    grader.grade(paths[0], "first")  # finds files in no cache
    replay, grader.replay = grader.replay, None
    seconds = {"without replay": _timed(grader, paths)}
    grader.replay = replay
    seconds["with, for the first time"] = _timed(grader, paths)
    seconds["with, misconceptions known"] = _timed(grader, paths)
    table = Table(title=f"{len(paths)} submissions, a mistake in each", title_justify="left")
    for head in ("way", "seconds a submission", "ratio"):
        table.add_column(head, justify="left" if head == "way" else "right")
    for way, spent in seconds.items():
        table.add_row(way, f"{spent:.3f}", f"{spent / seconds['without replay']:.2f}")
    Console().print(table)


def _timed(grader: Grader, paths: list[Path]) -> float:
    start = time.perf_counter()
    for path in track(paths, "Grading"):
        grader.grade(path, path.stem)
    return (time.perf_counter() - start) / len(paths)


def _wrong_answers(assignment: Assignment, folder: Path) -> Iterator[Path]:
    """Write the reference with one misconception in its place, again and again; yield the files, exercises in turn."""
    declared = list(declared_misconceptions(assignment))
    place = {wrong: [one for one in declared if one.exercise == wrong.exercise].index(wrong) for wrong in declared}
    right, wrong_ones = (_without_future(path) for path in (assignment.solution, assignment.misconceptions))
    for number, wrong in enumerate(sorted(declared, key=lambda one: place[one])):
        path = folder / f"{number:03}_{wrong.name}.py"
        path.write_text(f"{right}\n{wrong_ones}\n{wrong.exercise} = {wrong.name}\n", encoding="utf-8")
        yield path


def _without_future(path: Path) -> str:
    return path.read_text(encoding="utf-8").replace("from __future__ import annotations\n", "")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("slug", nargs="?", default=SLUG, metavar="SLUG", help=f"the assignment ({SLUG})")
    parser.add_argument("--submissions", type=int, default=12, metavar="N", help="how many (12)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
