"""What torchgrade adds to a student's cold `pytest`, beside what torch and pytest take by themselves.

    python benchmarks/cold.py --rounds 15

Each round starts these one after the other, so that whatever else the machine does falls on all of them alike:

- torch: ``python -c "import torch"``;
- bare: ``python -m pytest`` on a file with ``import torch`` and an empty test, without torchgrade;
- stub: ``python -m pytest`` in student_template/01-tensors as it was handed out;
- solved: the same with right answers.

The figures are the medians over the rounds of stub / bare - 1 and solved / bare - 1, in seconds and in the processor's
seconds; at most 15 % is aimed at. Only the plugins that torchgrade brings are loaded: what else is installed beside it
is not its doing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SLUG, MODULE = "01-tensors", "tensors"
AIM = 0.15
BARE = "import torch\n\n\ndef test_nothing():\n    pass\n"
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
OURS = ["-p", "torchgrade.plugin", "-p", "pytest_timeout"]


def prepare(folder: Path) -> dict[str, tuple[list[str], Path]]:
    """Return for each way the command and the folder it runs in."""
    (folder / "bare").mkdir()
    (folder / "bare" / "test_bare.py").write_text(BARE, encoding="utf-8")
    for name in ("stub", "solved"):
        shutil.copytree(ROOT / "student_template" / SLUG, folder / name / SLUG)
        shutil.copytree(ROOT / "student_template" / "fixtures", folder / name / "fixtures")
    shutil.copy(ROOT / "assignments" / SLUG / "solution.py", folder / "solved" / SLUG / f"{MODULE}.py")
    return {
        "torch": ([sys.executable, "-c", "import torch"], folder),
        "bare": (PYTEST, folder / "bare"),
        "stub": (PYTEST + OURS, folder / "stub" / SLUG),
        "solved": (PYTEST + OURS, folder / "solved" / SLUG),
    }


def once(command: list[str], folder: Path) -> tuple[float, float]:
    """Return the seconds, and the processor's seconds, that a command takes."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "OMP_NUM_THREADS": "1"}
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    seconds, after = time.perf_counter() - start, os.times()
    if done.returncode not in (0, 1) or "error" in done.stdout.splitlines()[-1:]:
        raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    busy = after.children_user - before.children_user + after.children_system - before.children_system
    return seconds, busy


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as scratch:
        ways = prepare(Path(scratch))
        for command, folder in ways.values():  # once for the files to be in memory, and compiled
            once(command, folder)
        taken = [{name: once(*way) for name, way in ways.items()} for _ in range(rounds)]
    for name in ways:
        seconds, busy = (statistics.median(turn[name][kind] for turn in taken) for kind in (0, 1))
        print(f"{name:7} {seconds:6.2f} s  {busy:6.2f} s of the processor")
    worst = 0.0
    for name in ("stub", "solved"):
        wall, busy = (statistics.median(turn[name][kind] / turn["bare"][kind] for turn in taken) - 1 for kind in (0, 1))
        worst = max(worst, busy)
        print(f"{name:7} adds {wall:5.1%} in seconds, {busy:5.1%} of the processor (aimed at: {AIM:.0%} at most)")
    return 0 if worst <= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
