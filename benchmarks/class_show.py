"""A class from end to end: graded, killed in the middle, resumed, and graded again on two workers of Dask's.

    python benchmarks/class_show.py [--submissions N] [--slug SLUG] [--keep DIR]

Prints each command, and at the end whether both runs gave the same results, times apart.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from classes import make_class
from lane import COURSE, SLUG

from torchgrade.course import Course


def main() -> None:
    options = _options()
    with contextlib.ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        _show(folder, options.slug, options.submissions)


def _show(folder: Path, slug: str, size: int) -> None:
    made = make_class(Course(COURSE), slug, folder / "class", size)
    print(", ".join(f"{count} {kind}" for kind, count in made.most_common()))
    one, two = folder / "one", folder / "two"
    grade = ["torchgrade", "grade", slug, str(folder / "class")]
    _kill_halfway([*grade, "--out", str(one), "--jobs", "2"], one / "results.jsonl", size // 2)
    seen = len(_results(one))
    _run([*grade, "--out", str(one), "--jobs", "2"])
    with _dask(folder, 2) as address:
        _run([*grade, "--out", str(two), "--scheduler", address])
    first, second = _results(one), _results(two)
    print(f"there after the kill: {seen}; in the end: {len(first)} and {len(second)}")
    print("statuses of checks:", dict(Counter(check["status"] for one in first.values() for check in one["checks"])))
    differing = [name for name in first | second if first.get(name) != second.get(name)]
    print("both runs gave the same results" if not differing else f"they differ in {', '.join(differing)}")


def _kill_halfway(command: list[str], results: Path, enough: int) -> None:
    """Start a command in a process group of its own, and kill all of it when there are enough results."""
    print("$", shlex.join(command), flush=True)
    process = subprocess.Popen(_here(command), start_new_session=True)
    while process.poll() is None and not (results.exists() and results.read_bytes().count(b"\n") >= enough):
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    print(f"killed by signal {-process.returncode}", flush=True)


@contextlib.contextmanager
def _dask(folder: Path, workers: int) -> Any:
    """Start a scheduler and workers, as processes of their own; yield the scheduler's address."""
    file, running = folder / "scheduler.json", []
    commands = [["dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)]]
    commands += [["dask", "worker", "--scheduler-file", str(file), "--host", "127.0.0.1", "--nthreads", "1"]] * workers
    with (folder / "dask.log").open("w") as log:
        try:
            for command in commands:
                print("$", shlex.join(command), flush=True)
                here = [sys.executable, "-m", f"distributed.cli.dask_{command[1]}", *command[2:]]
                running.append(subprocess.Popen(here, stdout=log, stderr=log, cwd=folder))
                while not file.exists():
                    time.sleep(0.05)
            yield json.loads(file.read_text(encoding="utf-8"))["address"]
        finally:
            for process in running:
                process.terminate()
                process.wait()


def _run(command: list[str]) -> None:
    print("$", shlex.join(command), flush=True)
    subprocess.run(_here(command), check=True)


def _here(command: list[str]) -> list[str]:
    return [sys.executable, "-m", *command, "--course", str(COURSE)]


def _results(out: Path) -> dict[str, Any]:
    """Return the results by submission, without times."""
    found = {}
    for line in (out / "results.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        for part in (record, *record["checks"]):
            del part["seconds"]
        found[record["submission"]] = record
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=320, metavar="N", help="how many (320)")
    parser.add_argument("--slug", default=SLUG, metavar="SLUG", help=f"the assignment ({SLUG})")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="a new folder for the class and what is made of it")
    return parser.parse_args()


if __name__ == "__main__":
    main()
