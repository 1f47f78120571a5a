"""A class of 10,000 small submissions in one run: how fast, how much memory, and whether either changes on the way.

    python benchmarks/class_of.py [--submissions N] [--jobs N] [--right] [--json FILE]

The assignment is what `torchgrade new` writes: one exercise, two checks. The command runs as it would by hand; it is
watched from outside, through its results file and `/proc`. With --right all answers are right and cost alike, so that
what differs between the first and the last is the grader's doing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from classes import SHARES, make_class
from lane import cpu_seconds_of
from rich.console import Console
from rich.table import Table

from torchgrade.course import Course

SLUG = "01-small"
MARKS = (1, 100, 1_000, 2_000, 5_000)
LAST = 1_000
LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Mark:
    """What was seen when so many results were there.

    Attributes:
        count: How many.
        seconds: Since the first of them.
        cpu: Processor seconds that the command and all it started have taken so far, whatever else the machine did.
        command_kb: Most memory that the command's own process has had resident so far, in KiB.
        graders_kb: The same of each process that it started to grade.
    """

    count: int
    seconds: float
    cpu: float
    command_kb: int
    graders_kb: tuple[int, ...]


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        for name in ("assignments", "graders"):
            (course / name).mkdir(parents=True)
        subprocess.run([sys.executable, "-m", "torchgrade", "new", SLUG, "--course", course], check=True)
        kinds = {"right": 100} if options.right else SHARES
        made = make_class(Course(course), SLUG, course / "class", options.submissions, shares=kinds)
        print(", ".join(f"{count} {kind}" for kind, count in made.most_common()))
        marks, seconds = _grade(course, options.submissions, options.jobs)
    Console().print(_table(marks))
    print(f"{options.submissions:,} in {seconds:.0f} s with --jobs {options.jobs}, its start included: "
          f"{options.submissions / seconds:.2f} a second")  # fmt: skip
    for of, spent in (("seconds", lambda mark: mark.seconds), ("processor seconds", lambda mark: mark.cpu)):
        first, last = _first_and_last(marks, spent)
        print(f"{of} a submission: {first:.3f} at first, {last:.3f} at last, ratio {last / first:.2f}")
    if options.json:
        options.json.write_text(json.dumps([asdict(mark) for mark in marks], indent=1) + "\n", encoding="utf-8")


def _grade(course: Path, size: int, jobs: int) -> tuple[list[Mark], float]:
    """Grade the class; return what was seen on the way, and the seconds of the whole command."""
    command = [sys.executable, "-m", "torchgrade", "grade", SLUG, str(course / "class"), "--jobs", str(jobs)]
    end = max(size - 10, 2)  # while every grader is still there
    wanted = sorted({*(mark for mark in MARKS if mark < end), max(end - LAST, 1), end})
    began, marks = time.monotonic(), list[Mark]()
    process = subprocess.Popen([*command, "--course", str(course), "--out", str(course / "OUT")])
    results, counted, first = course / "OUT" / "results.jsonl", 0, 0.0
    while not results.exists() and process.poll() is None:
        time.sleep(LOOK_SECONDS)
    with results.open("rb") as file:
        while wanted:
            read = file.read()
            counted += read.count(b"\n")
            first = first or (time.monotonic() if counted else 0.0)
            while wanted and counted >= wanted[0]:
                marks.append(_mark(wanted.pop(0), time.monotonic() - first, process.pid))
            if not read and process.poll() is not None:
                break
            time.sleep(LOOK_SECONDS)
    if process.wait() or wanted:
        raise SystemExit(f"torchgrade grade ended with {process.returncode} after {counted} results")
    return marks, time.monotonic() - began


def _mark(count: int, seconds: float, pid: int) -> Mark:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    graders = [child for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    return Mark(count, seconds, cpu_seconds_of(str(pid)), _peak_kb(str(pid)), tuple(map(_peak_kb, graders)))


def _peak_kb(pid: str) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def _first_and_last(marks: list[Mark], spent: Callable[[Mark], float]) -> tuple[float, float]:
    """Return what a submission took among the first thousand after the very first, and among the last thousand."""
    early = max((mark for mark in marks[1:] if mark.count <= LAST), key=lambda mark: mark.count)
    before = max((mark for mark in marks if mark.count <= max(marks[-1].count - LAST, 1)), key=lambda mark: mark.count)
    pairs = ((marks[0], early), (before, marks[-1]))
    first, last = ((spent(end) - spent(start)) / (end.count - start.count) for start, end in pairs)
    return first, last


def _table(marks: list[Mark]) -> Table:
    table = Table(title="After so many results", title_justify="left")
    for head in ("results", "seconds", "CPU seconds", "command, MiB at most", "each grader, MiB at most"):
        table.add_column(head, justify="right")
    for mark in marks:
        graders = ", ".join(f"{kb / 1024:.0f}" for kb in mark.graders_kb)
        table.add_row(
            f"{mark.count:,}", f"{mark.seconds:.1f}", f"{mark.cpu:.1f}", f"{mark.command_kb / 1024:.0f}", graders
        )
    return table


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=10_000, metavar="N", help="how many (10000)")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), metavar="N", help="processes (2)")
    parser.add_argument("--right", action="store_true", help="right answers only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
