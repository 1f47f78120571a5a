"""How long the whole course takes: to grade one student's answers to every exercise, and to prove every assignment.

    python benchmarks/course.py [--seeds N] [--mutants N] [--grade-only] [--json FILE] [SLUG ...]

The reference of each assignment is graded, behind the wall, by a grader that has just started and once more by the
same, which is warm. Then `torchgrade verify --again` proves the assignment, in one process.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lane import COURSE, Lane
from rich.console import Console
from rich.progress import track
from rich.table import Table

from torchgrade.course import Course

HEADS = ("assignment", "checks", "start-up", "first", "warm", "CPU, warm", "verify")


def main() -> None:
    options = _options()
    course = Course(COURSE)
    rows = {}
    for slug in track(options.slugs or course.slugs, "Grading and proving"):
        rows[slug] = measure(course, slug)
        if not options.grade_only:
            rows[slug]["verify"] = verify(slug, options.seeds, options.mutants)
    Console().print(_table(rows, f"Seconds; verify with --seeds {options.seeds} --mutants {options.mutants}"))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def measure(course: Course, slug: str) -> dict[str, float]:
    """Grade the reference of an assignment twice; return seconds."""
    lane = Lane(confine=True, slug=slug)
    first, warm = (lane.grade(course.assignment(slug).solution) for _ in range(2))
    lane.close()
    if not (first.passed and warm.passed):
        raise SystemExit(f"the reference of {slug} lost points: see torchgrade verify {slug}")
    return {
        "checks": warm.checks,
        "start-up": lane.start_seconds,
        "first": first.seconds,
        "warm": warm.seconds,
        "CPU, warm": warm.cpu,
    }


def verify(slug: str, seeds: int, mutants: int) -> float:
    """Prove an assignment anew; return seconds."""
    command = [sys.executable, "-m", "torchgrade", "verify", slug, "--again", "--jobs", "1"]
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as out:
        done = subprocess.run(
            [*command, "--seeds", str(seeds), "--mutants", str(mutants), "--out", out],
            cwd=COURSE, capture_output=True, text=True,
        )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"torchgrade verify {slug} fell short:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - start


def _table(rows: dict[str, dict[str, float]], title: str) -> Table:
    table = Table(title=title, title_justify="left")
    for place, head in enumerate(HEADS):
        table.add_column(head, justify="right" if place else "left")
    total = {head: sum(row.get(head, 0.0) for row in rows.values()) for head in HEADS[1:]}
    for slug, row in (rows | {"the whole course": total}).items():
        table.add_row(slug, f"{row['checks']:.0f}", *(f"{row.get(head, 0.0):.2f}" for head in HEADS[2:]))
    return table


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help="these assignments only")
    parser.add_argument("--seeds", type=int, default=2, metavar="N", help="seeds for the proof (2)")
    parser.add_argument("--mutants", type=int, default=2, metavar="N", help="mutants of each exercise (2)")
    parser.add_argument("--grade-only", action="store_true", help="prove nothing: that takes minutes an assignment")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
