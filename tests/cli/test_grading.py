"""What `grade` shows of a class, and what Ctrl-C leaves."""

import io
import os
import signal
import subprocess
import sys
import time
from itertools import count

import pytest
from rich.console import Console

from torchgrade.cli import screen
from torchgrade.cli.summary import show_summary
from torchgrade.course import Course
from torchgrade.grade.results import CheckResult, Confinement, SubmissionResult

RIGHT = "import torch\ndef zeros_matrix(r, c): return torch.zeros(r, c)\ndef halve(x): return x * 0.5\n"


def result_of(name, score=1.0, checks="passed", status="graded"):
    rows = tuple(CheckResult("id", "one", "A title", 5.0, score, one, True, "why") for one in checks.split())
    return SubmissionResult("01", name, "", "sha256:1", status, score, 10.0, 0.0, 0.1, Confinement("A", ()), rows)


def test_a_large_class_is_shown_by_its_numbers_and_by_those_to_look_at(monkeypatch):
    console = Console(file=io.StringIO(), width=100)
    results = [result_of(f"full{number}", 10.0) for number in range(1000)]
    results += [result_of(f"low{number}", 1.0 + number / 100, "passed failed") for number in range(100)]
    results += [result_of("bad", 0.0, "failed", "unreadable"), result_of("grader", 9.0, "error passed")]
    results += [result_of("loops", 5.0, "timeout failed")]
    show_summary(iter(results), "Tensors", console)
    text = console.file.getvalue()
    assert "Tensors: 1,103 submissions" in text
    assert "points of 10: lowest 0, median 10, highest 10" in text
    assert "1 with a check of which the grader could not tell" in text
    assert "1 no module at all" in text
    assert "100 with checks that failed, and nothing worse" in text
    assert "1,000 passed everything" in text
    rows = [line.split("│")[1].strip() for line in text.splitlines() if line.startswith("│")]
    assert rows[:5] == ["grader", "bad", "loops", "low0", "low1"]
    assert len(rows) == 15


@pytest.fixture
def quiet_screen(mini, monkeypatch):
    """A screen whose clock goes on by ten seconds at each look, and whose lines are kept."""
    clock = count(0.0, 10.0)
    monkeypatch.setattr(screen.time, "monotonic", lambda: next(clock))
    shown = screen.Screen(Course(mini).assignment("01-mini"), 100, 40)
    shown.console.file = io.StringIO()
    return shown


def test_on_a_pipe_a_line_comes_now_and_then(quiet_screen):
    with quiet_screen:
        for number in range(12):
            quiet_screen.add(result_of(f"s{number}"))
    lines = quiet_screen.console.file.getvalue().splitlines()
    assert 2 <= len(lines) < 12
    assert all(" of 100" in line for line in lines)
    assert lines[-1].endswith(" left")
    assert "a second" in lines[-1]


def test_a_small_class_has_a_row_each_and_the_rate_at_the_end(quiet_screen, tmp_path):
    with quiet_screen:
        quiet_screen.add(result_of("one"))
        quiet_screen.finish([result_of("one"), result_of("two", 0.0, "failed")], tmp_path)
    text = quiet_screen.console.file.getvalue()
    assert "one" in text
    assert "failed: one" in text
    assert "40 had a result already" in text
    assert "1 graded in " in text


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal there")
def test_ctrl_c_keeps_what_is_done_and_says_so_in_one_line(mini):
    folder, out = mini / "subs", mini / "OUT"
    folder.mkdir()
    for number in range(30):
        (folder / f"s{number:02}.py").write_text(f"{RIGHT}# {number}\n")
    command = [sys.executable, "-m", "torchgrade", "grade", "01-mini", folder, "--course", mini, "--out", out]
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    results = out / "results.jsonl"
    while process.poll() is None and not (results.exists() and results.read_bytes().count(b"\n") >= 3):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the graders, too
    said, complained = process.communicate(timeout=60)
    assert process.returncode == 130
    assert complained == "torchgrade: interrupted; what was graded is kept\n"
    lines = results.read_text().splitlines()
    assert 3 <= len(lines) < 30
    assert " graded in " in said
