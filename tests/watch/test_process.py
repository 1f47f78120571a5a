"""What comes out of a runner's pipes, and what becomes of it when nobody waits for it any more."""

import os
import subprocess
import sys
import time

import pytest

from torchgrade.watch.messages import mark_of
from torchgrade.watch.process import MAX_PRINTED, _printed

TOKEN = "0123456789abcdef"
CHILD = """
import queue, sys, time
from pathlib import Path
from torchgrade.watch.process import Runner
runner = Runner(Path(sys.argv[1]), queue.SimpleQueue())
print(runner.process.pid, flush=True)
time.sleep(600)
"""


def read(*parts):
    """Return what is told of a pipe into which the parts are written one after the other."""
    reading, writing = os.pipe()
    with open(reading, "rb", buffering=0) as pipe:
        for part in parts:
            os.write(writing, part)
        os.close(writing)
        return list(_printed(pipe, TOKEN))


def test_what_is_printed_is_told_apart_by_check():
    told = read(b"loading", mark_of(TOKEN, 0), b"a\n", b"b", mark_of(TOKEN, 1), mark_of(TOKEN, 2), b"c")
    assert told == [(-1, b"loading", 7), (0, b"a\nb", 3), (1, b"", 0), (2, b"c", 1)]


def test_a_mark_may_come_in_pieces(monkeypatch):
    monkeypatch.setattr("torchgrade.watch.process.CHUNK", 5)
    assert read(b"one" + mark_of(TOKEN, 7) + b"two") == [(-1, b"one", 3), (7, b"two", 3)]


def test_a_flood_is_counted_and_not_kept():
    ((_, text, size),) = read(*[b"x" * 10_000] * 5)
    assert (len(text), size) == (MAX_PRINTED, 50_000)


def test_another_mark_is_only_printed_text():
    forged = mark_of("f" * 16, 1)
    assert read(forged) == [(-1, forged, len(forged))]


@pytest.mark.skipif(sys.platform == "win32", reason="asks the system for a process by its number as POSIX does")
def test_a_runner_ends_when_the_watching_process_is_killed(handed_out):
    watching = subprocess.Popen([sys.executable, "-c", CHILD, str(handed_out)], stdout=subprocess.PIPE, text=True)
    runner = int(watching.stdout.readline())
    os.kill(runner, 0)
    watching.kill()
    watching.wait()
    watching.stdout.close()
    assert ended(runner)


def ended(process):
    for _ in range(1200):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
