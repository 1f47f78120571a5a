"""The zygote: a process that has torch loaded, knows nothing of the course's hidden side, and forks a worker per check.

Started as ``python -s -B -c "..." FD``, which runs this module with nothing of the user's in reach (see `forked`). FD
is a sequenced-packet socket to the grader; each packet is msgpack:

- first, from the grader: a `Setup`; when torch is loaded the zygote answers ``{"level": ..., "layers": [[name, on,
  detail], ...], "escapes": [...]}``;
- ``{"fork": n}`` with one descriptor, the worker's end of its channel: forks worker n; no answer;
- ``{"kill": n}``: kills worker n and all it started; no answer;
- ``{"load": n}``: answers the `Load` of worker n;
- ``{"end": n}``: the same for a worker that has closed its channel; answers ``{"status": wait status}``.

It never runs a line of a student's, so that every worker starts from the same clean state.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import sys
import time
import traceback
from pathlib import Path

import msgspec

from .holding import Holding, Setup
from .leavings import remove_folder
from .load import load_of
from .warmth import settle_memory, warm_up

__all__ = ["main"]

GRACE_SECONDS = 0.2
PR_SET_PDEATHSIG = 1


def main(control: socket.socket) -> None:
    """Serve until the grader closes the control socket."""
    setup = msgspec.msgpack.decode(control.recv(1 << 16), type=Setup)
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the terminal is the grader's to handle
    holding = Holding(setup)
    if (
        not holding.in_cell
    ):  # what workers have started lives on when the zygote is killed: it ends when the socket closes
        libc.prctl(PR_SET_PDEATHSIG, 0)
    warm_up(Path(setup.fixtures), optimizers=setup.optimizers)
    settle_memory()
    holding.probe()
    with contextlib.suppress(BrokenPipeError):  # the grader was ended meanwhile: serve() sees it
        control.send(msgspec.msgpack.encode(holding.report()))
    zygote = Zygote(control, setup, holding)
    try:
        zygote.serve()
    finally:
        zygote.finish()


class Zygote:
    """Fork workers on request and see them out."""

    def __init__(self, control: socket.socket, setup: Setup, holding: Holding) -> None:
        self.control, self.setup, self.holding = control, setup, holding
        self.workers: dict[int, int] = {}
        self.dying: list[tuple[int, int]] = []

    def serve(self) -> None:
        """Handle requests until the control socket closes."""
        while True:
            packet, descriptors, _, _ = socket.recv_fds(self.control, 1 << 12, 4)
            if not packet:
                return
            request = msgspec.msgpack.decode(packet)
            if "fork" in request:
                self.fork(request["fork"], descriptors[0])
            elif "kill" in request:
                self.kill(request["kill"])
            elif "load" in request:
                self.control.send(msgspec.msgpack.encode(load_of(self.workers[request["load"]])))
            else:
                self.control.send(msgspec.msgpack.encode({"status": self.end(request["end"])}))

    def fork(self, number: int, descriptor: int) -> None:
        """Fork worker ``number`` with its end of the channel."""
        scratch = self.holding.scratch_for(number)
        pid = self.holding.fork()
        if pid == 0:
            try:
                self.become_worker(number, descriptor, scratch)
            except BaseException:
                traceback.print_exc()  # only what happens before the student's code: stderr leads nowhere then
            finally:
                os._exit(70)
        self.workers[number] = pid
        os.close(descriptor)
        self.reap()  # by now they are gone, while waiting for them before would have cost their whole exit

    def become_worker(self, number: int, descriptor: int, scratch: str) -> None:
        """In the child: keep the channel only, give up what can be given up, and serve."""
        from .worker import serve

        os.setsid()
        self.holding.lock_down(number, scratch)
        null = os.open(os.devnull, os.O_RDWR)
        os.closerange(3, min(descriptor, null))
        os.closerange(min(descriptor, null) + 1, max(descriptor, null))
        os.closerange(max(descriptor, null) + 1, 1 << 16)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        os.close(null)
        serve(socket.socket(fileno=descriptor), self.setup.output_bytes)

    def kill(self, number: int) -> None:
        """Kill worker ``number`` and whatever it started; it is collected when the next is asked for."""
        pid = self.workers.pop(number)
        os.kill(pid, signal.SIGKILL)
        self.dying.append((number, pid))

    def end(self, number: int) -> int:
        """See out worker ``number``, which has closed its channel; return the status it ended with."""
        pid = self.workers.pop(number)
        ended, status = _wait(pid, GRACE_SECONDS)
        if not ended:  # it closed the channel and goes on
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
        self.holding.clean_up(number, {*self.workers.values(), *(pid for _, pid in self.dying)})
        return status

    def reap(self) -> None:
        """Collect the workers that were killed."""
        dying, self.dying = self.dying, []
        for _, pid in dying:
            os.waitpid(pid, 0)
        for number, _ in dying:
            self.holding.clean_up(number, set(self.workers.values()))

    def finish(self) -> None:
        """End every worker and what it started, and remove their folder: the grader may not be there any more."""
        for number in list(self.workers):
            self.kill(number)
        self.reap()
        if not self.holding.in_cell:  # in a cell it was removed at once
            remove_folder(self.setup.folder)


def _wait(pid: int, seconds: float) -> tuple[bool, int]:
    """Wait for a process to end, for so long at most; tell whether it has, and its status."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return True, status
        time.sleep(0.001)
    return False, 0


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
