"""`torchgrade watch` as a student has it: in a terminal, with keys, and files that are saved while it runs."""

import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from .samples import hand_out, notebook, save, stub

pexpect = pytest.importorskip("pexpect")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pexpect needs a pseudo-terminal")
PATIENCE = 90  # for torch to load on a machine that has other things to do
RIGHT = {"one": "return 1", "two": "return 2", "three": "return torch.tensor([3])"}


class Terminal:
    """A terminal in which watch is running."""

    def __init__(self, place, *arguments):
        environment = {**os.environ, "TERM": "xterm-256color"}
        environment.pop("NO_COLOR", None)
        self.place = place
        self.child = pexpect.spawn(
            sys.executable, ["-m", "torchgrade", "watch", *arguments], cwd=str(place), env=environment,
            encoding="utf-8", dimensions=(40, 100), timeout=PATIENCE,
        )  # fmt: skip

    def sees(self, *words):
        """Wait until all these words have come in this order; return the last page."""
        for word in words:
            self.child.expect_exact(word)
        return re.sub(r"\x1b\[[0-9;]*m", "", self.child.before)

    def press(self, key):
        self.child.send(key)

    def ends(self):
        """Return the exit code; nothing that it started may be left."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        for _ in range(100):
            if not left_over(self.place):
                return self.child.exitstatus
            time.sleep(0.1)
        raise AssertionError(left_over(self.place))


def left_over(place):
    """Return the command lines of processes that were started for this folder; empty where nobody can tell."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = file.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(place) in line and "torchgrade.watch.runner" in line:
            found.append(line)
    return found


@pytest.fixture
def terminal(handed_out):
    opened = Terminal(handed_out)
    yield opened
    opened.child.close(force=True)


def test_a_students_hour(handed_out, terminal):
    file = handed_out / "steps.py"
    terminal.sees("○ one", "one is not written yet.", "0 of 3 exercises solved")
    terminal.press("h")
    terminal.sees("hint: It is a number, and the smallest that counts.")
    terminal.press("h")

    save(file, stub(one="return 1", two="print('so far'); import os; os._exit(3)"))
    terminal.sees("✓ one is solved.")
    terminal.sees("✗ two", "ended the whole program (exit code 3)", "so far", "1 of 3 exercises solved")

    save(file, stub(one="return 1", two="while True: pass"))
    terminal.sees("two has been running for", "or when you save", "Does a loop never end?")

    terminal.press("l")
    terminal.sees("✓", "The first step", "›", "The second step", "The third step")
    terminal.press("l")

    save(file, stub(**RIGHT))
    terminal.sees("All 3 exercises of Steps are solved.", "3 of 3 exercises solved")
    terminal.press("q")
    assert terminal.ends() == 0


def test_ctrl_c_ends_it_even_in_a_loop(handed_out):
    (handed_out / "steps.py").write_text(stub(one="while True: pass"))
    terminal = Terminal(handed_out, "steps.py")
    terminal.sees("one has been running")
    terminal.press("\x03")
    assert terminal.ends() == 130


def test_a_kill_leaves_nothing_behind(handed_out):
    (handed_out / "steps.py").write_text(stub(one="import subprocess; subprocess.run(['sleep', '600'])"))
    terminal = Terminal(handed_out)
    terminal.sees("one has been running")
    terminal.child.kill(signal.SIGKILL)
    terminal.ends()


def test_a_notebook_and_another_assignment(handed_out):
    other = hand_out(handed_out.parent / "02-more", "More")
    (other / "steps.ipynb").write_text(notebook())
    terminal = Terminal(handed_out.parent)
    terminal.sees("01-steps", "one is not written yet.")
    (other / "steps.ipynb").write_text(notebook(one="return 1")[:-30])
    terminal.sees("steps.ipynb is cut off")
    save(other / "steps.ipynb", notebook(one="return 1", two="return 1 / 0"))
    terminal.sees("02-more/steps.ipynb", "✗ two", "ZeroDivisionError", "cell 1")
    terminal.child.kill(signal.SIGTERM)
    assert terminal.ends() == 128 + signal.SIGTERM
