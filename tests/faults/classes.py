"""A small class to grade again and again, and what its results say apart from the times."""

import json
import os
import subprocess
import sys

RIGHT = "import torch\ndef zeros_matrix(r, c): return torch.zeros(r, c)\ndef halve(x): return x * 0.5\n"
SLOW = RIGHT.replace("import torch", "import time, torch").replace("return x", "time.sleep(0.1); return x")
SOURCES = [
    RIGHT,
    SLOW,
    RIGHT.replace("torch.zeros(r, c)", "torch.zeros(r, c, dtype=torch.float64)"),
    RIGHT.replace("x * 0.5", "x.div_(2)"),
    SLOW.replace("x * 0.5", "x * 0.25"),
    "import time\ntime.sleep(0.05)\n" + RIGHT,
    "import torch\ndef halve(x): return x / 2\n",
    RIGHT.replace("return x * 0.5", "raise ValueError(str(x))"),
    RIGHT.replace("return x * 0.5", "import os; os._exit(0)"),
    "def f(:\n",
]
LOOPS = RIGHT.replace("return x * 0.5", "\n    while True: pass")
GREEDY = RIGHT.replace("x * 0.5", "torch.zeros(10**13)")


def write_class(course, size):
    """Write submissions into a course's folder ``subs``: of each kind some, and two that meet their limits."""
    folder = course / "subs"
    folder.mkdir()
    kinds = [*(SOURCES * size)[: size - 2], LOOPS, GREEDY]
    for number, source in enumerate(kinds):
        (folder / f"s{number:02}.py").write_text(f"{source}# {number}\n")
    manifest = course / "assignments" / "01-mini" / "assignment.toml"
    # a machine that is busy with starting zygotes must not make an honest answer late
    manifest.write_text(manifest.read_text().replace("import_seconds = 3", "import_seconds = 20"))
    return course


def start_grading(course, out, *options):
    """Start to grade the class in a process group of its own."""
    command = ["-m", "torchgrade", "grade", "01-mini", str(course / "subs"), "--course", str(course), "--out", str(out)]
    scratch = course / "scratch"
    scratch.mkdir(exist_ok=True)
    with open(course / "log", "ab") as log:
        return subprocess.Popen(
            [sys.executable, *command, *options],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "TMPDIR": str(scratch)},
        )  # fmt: skip


def lines_of(out):
    """Return the lines that have been written so far; one that is not whole is an error."""
    results = out / "results.jsonl"
    text = results.read_text(encoding="utf-8") if results.exists() else ""
    assert not text or text.endswith("\n"), f"the last line is not whole: {text[-200:]!r}"
    lines = text.splitlines()
    for line in lines:
        json.loads(line)
    return lines


def results_of(out):
    """Return the results without their times, one for each line."""
    records = [json.loads(line) for line in lines_of(out)]
    for record in records:
        for part in (record, *record["checks"]):
            del part["seconds"]
    return records
