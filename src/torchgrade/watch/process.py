"""The watching side of one runner: started ahead of need, asked once, ended with all that it started."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import secrets
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec

from ..language import spoken
from .messages import Message, Request

__all__ = ["Ended", "Printed", "Runner", "Told"]

MAX_PRINTED = 8_000
CHUNK = 1 << 16
LINGER_SECONDS = 0.5
# In one line, since a module run by its name would find the student's own random.py before Python's.
_START = "import sys; sys.path[:1] = []; from torchgrade.watch.runner import main; main()"


@dataclass(frozen=True)
class Told:
    """A runner said something."""

    runner: Runner
    message: Message


@dataclass(frozen=True)
class Printed:
    """What was printed during a check: its place in the request, the first bytes, and how many there were."""

    runner: Runner
    place: int
    text: bytes
    size: int


@dataclass(frozen=True)
class Ended:
    """A runner has ended; everything else that came from it came before."""

    runner: Runner
    code: int


class Runner:
    """Start a runner for an assignment.

    Args:
        folder: The folder with ``assignment.toml``, the checks and the student's file.
        inbox: Where `Told`, `Printed` and `Ended` are put.
    """

    def __init__(self, folder: Path, inbox: queue.SimpleQueue[Any]) -> None:
        self.folder, self.inbox = folder, inbox
        self.token = secrets.token_hex(8)
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", _START, self.token, str(folder)],
            cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=_environment(), **_GROUP,
        )  # fmt: skip
        readers = [self._thread(self._read_messages), self._thread(self._read_printed)]
        self._thread(self._wait, readers)

    def _thread(self, work: Any, *arguments: Any) -> threading.Thread:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        thread.start()
        return thread

    def ask(self, request: Request) -> None:
        """Send the one request; a runner that is gone says so by `Ended`."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.write(msgspec.json.encode(request) + b"\n")
            self.process.stdin.flush()

    def kill(self) -> None:
        """End it, and all that it started."""
        if self.process.returncode is None:
            with contextlib.suppress(OSError):
                if hasattr(os, "killpg"):
                    os.killpg(self.process.pid, signal.SIGKILL)
                else:
                    self.process.kill()

    def _read_messages(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with contextlib.suppress(msgspec.DecodeError):  # the student's code may write there, if it looks for it
                self.inbox.put(Told(self, msgspec.json.decode(line, type=Message)))

    def _read_printed(self) -> None:
        assert self.process.stderr is not None
        for place, text, size in _printed(self.process.stderr, self.token):
            self.inbox.put(Printed(self, place, text, size))

    def _wait(self, readers: list[threading.Thread]) -> None:
        if hasattr(os, "waitid"):
            os.waitid(
                os.P_PID, self.process.pid, os.WEXITED | os.WNOWAIT
            )  # not yet reaped: its number is still its own
            self.kill()
        code = self.process.wait()
        for reader in readers:
            reader.join(LINGER_SECONDS)
        self.inbox.put(Ended(self, code))


# A group of its own: Ctrl-C in the terminal is the watching process's affair, and the group can be ended as one.
_GROUP: dict[str, Any] = {"start_new_session": True}
if sys.platform == "win32":
    _GROUP = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}


def _environment() -> dict[str, str]:
    """Return ours, without what would change how pytest runs, and with an encoding that can print anything."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    return {
        **kept,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONIOENCODING": "utf-8:backslashreplace",
        "LANGUAGE": spoken(),
    }


def _printed(stream: IO[bytes], token: str) -> Any:
    """Yield what is printed between one mark and the next: the place, the first bytes, how many there were."""
    mark = re.compile(rb"\x1e%s (\d+)\n" % token.encode())
    longest = len(token) + 12
    place, kept, size, rest = -1, b"", 0, b""
    while chunk := os.read(stream.fileno(), CHUNK):
        rest += chunk
        while found := mark.search(rest):
            kept, size = (kept + rest[: found.start()])[:MAX_PRINTED], size + found.start()
            yield place, kept, size
            place, kept, size, rest = int(found[1]), b"", 0, rest[found.end() :]
        ready = max(len(rest) - longest, 0)  # the rest may be the beginning of a mark
        kept, size, rest = (kept + rest[:ready])[:MAX_PRINTED], size + ready, rest[ready:]
    yield place, (kept + rest)[:MAX_PRINTED], size + len(rest)
