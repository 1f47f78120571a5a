"""From a save to the verdict: `torchgrade watch`, beside a cold `pytest` of the same checks.

    python benchmarks/watch.py --saves 20

Watch runs on student_template/01-tensors, into a pipe. Each save puts one more answer of the reference's into the file,
or takes it out again; the time is from the save to the line that says how many exercises are solved, when all checks
have run (a terminal shows the exercise at hand earlier). Between saves it waits until the next process is warm, as it
would while a student thinks. After every fifth save a cold `python -m pytest` runs on the same file, for the ratio.
"""

from __future__ import annotations

import argparse
import ast
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
AIM_SECONDS = 1.0
ENVIRONMENT = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "NO_COLOR": "1"}


def steps_of(stub: Path, reference: Path) -> list[str]:
    """Return the stub with 0, 1, 2, … of its functions answered as in the reference, then the same backwards."""
    text, answered = stub.read_text(encoding="utf-8"), reference.read_text(encoding="utf-8")
    answers = {node.name: node for node in ast.parse(answered).body if isinstance(node, ast.FunctionDef)}
    asked = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    helpers = "\n\n".join(ast.unparse(node) for name, node in answers.items() if name not in asked)
    steps = [f"{text}\n\n{helpers}\n"]
    for name in asked:
        steps.append(f"{steps[-1]}\n\n{ast.unparse(answers[name])}\n")  # a later definition counts
    return steps + steps[-2:0:-1]


def warm(watching: subprocess.Popen[str]) -> None:
    """Wait until the processes that watch has started have nothing left to do."""
    quiet, before = 0, -1
    while quiet < 3:
        time.sleep(0.3)
        now = _ticks_of_children(watching.pid)
        quiet, before = (quiet + 1 if now == before else 0), now


def _ticks_of_children(parent: int) -> int:
    if not Path("/proc").is_dir():
        time.sleep(5)
        return 0
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            ticks += int(fields[11]) + int(fields[12])
    return ticks


def verdict(watching: subprocess.Popen[str]) -> str:
    """Return the next line that says how many exercises are solved."""
    assert watching.stdout is not None
    for line in watching.stdout:
        if line.endswith(" solved\n"):
            return line.strip()
    raise RuntimeError("watch ended")


def cold(folder: Path) -> float:
    """Return the seconds that a student's own pytest takes."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "torchgrade.plugin"]
    start = time.perf_counter()
    subprocess.run([*command, "-p", "pytest_timeout"], cwd=folder, env=ENVIRONMENT, capture_output=True, check=False)
    return time.perf_counter() - start


def measure(folder: Path, saves: int) -> tuple[list[float], list[float]]:
    """Return the seconds from each save to its verdict, and those of some cold runs of pytest."""
    file, taken, colds = folder / f"{MODULE}.py", list[float](), list[float]()
    steps = steps_of(file, ROOT / "assignments" / SLUG / "solution.py")
    watching = subprocess.Popen(
        [sys.executable, "-u", "-m", "torchgrade", "watch", str(file)],
        env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip
    try:
        verdict(watching)
        for number in range(1, saves + 1):
            warm(watching)
            part = file.with_suffix(".part")
            part.write_text(steps[number % len(steps)], encoding="utf-8")
            start = time.perf_counter()
            part.replace(file)
            said = verdict(watching)
            taken.append(time.perf_counter() - start)
            print(f"{number:3} {taken[-1]:6.3f} s  {said}", flush=True)
            if number % 5 == 0:
                warm(watching)
                colds.append(cold(folder))
    finally:
        watching.terminate()
        watching.wait()
    return taken, colds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--saves", type=int, default=20)
    saves = parser.parse_args().saves
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(ROOT / "student_template" / SLUG, Path(scratch) / SLUG)
        shutil.copytree(ROOT / "student_template" / "fixtures", Path(scratch) / "fixtures")
        taken, colds = measure(Path(scratch) / SLUG, saves)
    median, slowest = statistics.median(taken), max(taken)
    print(f"save to verdict: median {median:.3f} s of {len(taken)}, slowest {slowest:.3f} s")
    if colds:
        pytest = statistics.median(colds)
        print(f"cold pytest: median {pytest:.2f} s of {len(colds)}, {pytest / median:.0f} times as long")
    return 0 if median <= AIM_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
