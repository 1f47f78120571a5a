"""Torchgrade beside its peers: the same assignment, the same submissions, one run.

    python benchmarks/race.py [--quick] [--only NAME ...] [--again] [--json FILE] [--markdown FILE] [--chart FILE]

Twelve right answers to 01-tensors, no two alike, are graded by otter-grader (`otter run`), nbgrader (`autograde`), a
unittest with gradescope-utils, a bare `python -m pytest` for each, pytest-xdist over all in one session, and torchgrade
behind its wall, at one and at two jobs. Each peer gets an environment of its own from the registry.

What is the same for all: 20 checks with 207 calls, right answers, points (`race/cases.py`, rendered by `race/render.py`
in each one's own format); Python, torch, one thread a process, warnings off; and that every submission must earn full
points. What is not: torchgrade's checks compare with `expect`, the others with `torch.testing`; the notebook graders
run the submission as a cell; otter, gradescope-utils and pytest start a process for each submission, the others one for
the class; only torchgrade writes a page for each student, and only it puts something between the student's code and the
grader.

Seconds are a submission's share of one command; "one more" is what a further submission adds to it (two are too few to
tell); CPU seconds are those of every process. Targets are judged on all three. Then ten of the shipped attacks are
handed in to each (`race/attacked.py`).

A contestant's figures are kept in the work folder, so that a run that was broken off goes on where it was; ratios mean
something only if nothing else changed meanwhile, so take --again for figures to be told.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import platform
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import torch
from race.attacked import ATTACKS, attack
from race.contestants import Contestant, GradescopeUtils, Pytest, Torchgrade, TorchgradeTwice, Xdist
from race.material import COURSE, race_material, right_answers, target_material
from race.notebooks import Nbgrader, Otter
from race.tables import all_tables, chart
from race.timing import Stable, bare_computation, time_contestant
from rich.console import Console

CONTESTANTS: tuple[type[Contestant], ...] = (
    *(Otter, Nbgrader, GradescopeUtils, Pytest, Xdist, Torchgrade, TorchgradeTwice),
)
BARE = "bare"
QUICK_ATTACKS = ("patches_torch_comparisons", "looks_up_the_stack", "exits_at_import")
Figures = dict[str, Any]


def main() -> None:
    options = _options()
    console = Console()
    options.work.mkdir(parents=True, exist_ok=True)
    alone = _alone(options.work)
    book = Book(options.work / "figures.json", _settings(options), options.again)
    race(book, options, console)
    console.print(*(table.on_screen() for table in all_tables(book.found)))
    _write(options, book.found)
    alone.close()


def _alone(work: Path) -> IO[str]:
    """Lock the work folder until the returned file is closed: two races in one would spoil each other."""
    lock = (work / "lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SystemExit(f"another race runs in {work}: wait for it, or name another folder with --work") from None
    return lock


class Book:
    """Figures on disk, written after each contestant, so that a run that is broken off can go on.

    Args:
        path: Where.
        settings: What figures depend on; with others than those on disk everything is measured anew.
        again: Forget what is there.
    """

    def __init__(self, path: Path, settings: Figures, again: bool) -> None:
        self.path = path
        self.found: Figures = {"settings": settings, "timed": {}, "attacked": {}}
        if path.exists() and not again:
            kept = json.loads(path.read_text(encoding="utf-8"))
            self.found = kept if kept["settings"] == settings else self.found

    def fill(self, part: str, name: str, measure: Callable[[], Figures], console: Console) -> None:
        """Measure what is not there yet."""
        if name in self.found[part]:
            console.print(f"{name}: {part}, kept from {self.found[part][name]['at']}")
            return
        at = time.strftime("%Y-%m-%d %H:%M")
        figures = measure() | {"at": at, "load": os.getloadavg()[0]}
        self.found[part][name] = figures
        self.path.write_text(json.dumps(self.found, indent=1) + "\n", encoding="utf-8")
        took = f": {figures['seconds']:.3g} seconds a submission" if "seconds" in figures else ""
        console.print(f"{name}: {part}{took}")


def race(book: Book, options: argparse.Namespace, console: Console) -> None:
    """Time every contestant that was asked for, then attack them."""
    chosen = [kind for kind in CONTESTANTS if not options.only or kind.name in options.only]
    submissions = right_answers(options.work / "submissions", options.submissions)
    with console.status("") as status:
        if not options.only or BARE in options.only:
            book.fill("timed", BARE, lambda: bare_computation(options.work, submissions), console)
        for kind in chosen:
            tell = _teller(status.update, kind)
            measure = lambda kind=kind, tell=tell: _timed(kind, options, submissions, tell)  # noqa: E731
            book.fill("timed", kind.name, measure, console)
        for kind in chosen if options.attacks else ():
            if kind is TorchgradeTwice:  # nothing that an attack could tell from one job
                continue
            tell = _teller(status.update, kind)
            measure = lambda kind=kind, tell=tell: _attacked(kind, options, tell)  # noqa: E731
            book.fill("attacked", kind.name, measure, console)
    shutil.rmtree(options.work / "run", ignore_errors=True)


def _timed(kind: type[Contestant], options: argparse.Namespace, submissions: list[Path], tell: Any) -> Figures:
    tell("its environment and its material")
    stable = Stable.of(kind, race_material(), options.work)
    return time_contestant(stable, submissions, options.repeats, tell)


def _attacked(kind: type[Contestant], options: argparse.Namespace, tell: Any) -> Figures:
    stable = Stable.of(kind, target_material(), options.work)
    names = QUICK_ATTACKS if options.quick else ATTACKS
    return {"title": kind.title, "attacks": attack(stable, names, tell)}


def _teller(update: Callable[[str], None], kind: type[Contestant]) -> Callable[[str], None]:
    return lambda what: update(f"{kind.title}: {what}")


def _settings(options: argparse.Namespace) -> Figures:
    return {
        "submissions": options.submissions,
        "repeats": options.repeats,
        "quick": options.quick,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "cores": os.cpu_count(),
        "machine": platform.machine(),
    }


def _write(options: argparse.Namespace, found: Figures) -> None:
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if options.markdown:
        options.markdown.write_text("\n".join(table.in_markdown() for table in all_tables(found)), encoding="utf-8")
    if options.chart and found["timed"]:
        options.chart.write_text(chart(found["timed"]), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    names = [kind.name for kind in CONTESTANTS] + [BARE]
    parser.add_argument("--quick", action="store_true", help="two submissions, once, and three attacks")
    parser.add_argument(
        "--only", action="append", choices=names, metavar="NAME", help=f"this one only: {', '.join(names)}"
    )
    parser.add_argument("--again", action="store_true", help="measure anew what was measured before")
    parser.add_argument("--no-attacks", dest="attacks", action="store_false", help="time alone")
    parser.add_argument("--submissions", type=int, metavar="N", help="how many (12; with --quick 2)")
    parser.add_argument("--repeats", type=int, metavar="N", help="how often a class is graded (3; with --quick 1)")
    work = COURSE / ".torchgrade" / "race"
    parser.add_argument(
        "--work", type=Path, default=work, metavar="DIR", help="environments and figures (.torchgrade/race)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables there")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="write a chart there, an SVG")
    options = parser.parse_args()
    options.work = options.work.resolve()
    options.submissions = options.submissions or (2 if options.quick else 12)
    options.repeats = options.repeats or (1 if options.quick else 3)
    if options.submissions < 2:
        parser.error("--submissions: two at least, so that one more can be told from the first")
    return options


if __name__ == "__main__":
    main()
