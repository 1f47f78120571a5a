"""`torchgrade watch` where there is no terminal: lines, and no keys."""

import os
import signal
import subprocess
import sys

import pytest

from .samples import save, stub


@pytest.fixture
def lines(handed_out):
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "torchgrade", "watch", str(handed_out / "steps.py")],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_each_save_gives_a_few_plain_lines(handed_out, lines):
    def read(count):
        return [lines.stdout.readline().rstrip("\n") for _ in range(count)]

    assert read(4) == [
        "01-steps/steps.py: 0 of 3 solved",
        "○ one: The first step",
        "    The number 1.",
        "      one is not written yet.",
    ]
    save(handed_out / "steps.py", stub(one="return 1", two="print('[b]here[/b]'); return 1"))
    assert read(7) == [
        "one is solved.",
        "01-steps/steps.py: 1 of 3 solved",
        "✗ two: The second step",
        "    The number 2.",
        "      The value is 1; 2 was asked for.",
        "      The error is 1.",
        "      | [b]here[/b]",
    ]
    lines.send_signal(signal.SIGINT)
    assert lines.wait(20) == 130
    assert lines.stdout.read() == ""


def test_a_folder_with_nothing_to_watch_is_a_usage_error(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "torchgrade", "watch", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "fix: run this in the folder that you were given" in done.stderr
