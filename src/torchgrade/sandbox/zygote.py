"""The zygote: a process that has torch loaded, knows nothing of the course's hidden side, and forks a worker per check.

Started as ``python -I -m torchgrade.sandbox.zygote FD``. FD is a sequenced-packet socket to the grader; each packet is
msgpack:

- first, from the grader: ``{"fixtures": folder, "output_bytes": n}``; when torch is loaded the zygote answers
  ``{"ready": true}``;
- ``{"fork": n}`` with one descriptor, the worker's end of its channel: forks worker n; no answer;
- ``{"kill": n}``: kills worker n and all it started; no answer;
- ``{"end": n}``: the same for a worker that has closed its channel; answers ``{"status": wait status}``.

It never runs a line of a student's, so that every worker starts from the same clean state.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import msgspec

__all__ = ["main"]

MADV_HUGEPAGE, MADV_COLLAPSE = 14, 25
HUGE_PAGE = 2 << 20
GRACE_SECONDS = 0.2
PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG = 36, 1


def main(control: socket.socket) -> None:
    """Serve until the grader closes the control socket."""
    setup = msgspec.msgpack.decode(control.recv(1 << 16))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the terminal is the grader's to handle
    warm_up(Path(setup["fixtures"]))
    settle_memory(libc)
    control.send(msgspec.msgpack.encode({"ready": True}))
    Zygote(control, setup).serve()


def warm_up(fixtures: Path) -> None:
    """Import whatever a submission is likely to need, so that no worker pays for it."""
    import numpy as np
    import torch
    import torch.nn
    import torch.utils.data

    from . import verbs, worker  # noqa: F401
    from .shared import provide_shared

    # A parallel operation here would leave children with a thread pool whose threads they do not have.
    torch.set_num_threads(1)
    # The first optimizer imports torch._dynamo, as expensive as torch itself; backward() is never called here, because
    # autograd's threads do not survive a fork.
    model = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.Flatten(), torch.nn.Linear(72, 2))
    with torch.no_grad():
        torch.nn.functional.cross_entropy(model(torch.rand(2, 1, 8, 8)), torch.tensor([0, 1]))
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    torch.optim.SGD(model.parameters(), lr=0.1).step()
    np.random.default_rng(0).random(3)
    provide_shared(fixtures)


def settle_memory(libc: Any) -> None:
    """Make forks cheap: nothing for the collector to walk, and few pages to copy the tables of.

    Copying page tables is most of a fork's cost; with the heap in 2 MiB pages there are 512 times fewer entries. The
    kernel may refuse (before Linux 6.1, or with huge pages off): then forks are slower and nothing else changes.
    """
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError), open("/proc/self/maps", encoding="ascii") as maps:
        for line in maps.readlines():
            place, access, _, _, _, *name = line.split()
            start, end = (int(part, 16) for part in place.split("-"))
            if access == "rw-p" and name in ([], ["[heap]"]) and end - start >= HUGE_PAGE:
                span = ctypes.c_void_p(start), ctypes.c_size_t(end - start)
                libc.madvise(*span, MADV_HUGEPAGE)
                libc.madvise(*span, MADV_COLLAPSE)


class Zygote:
    """Fork workers on request and see them out."""

    def __init__(self, control: socket.socket, setup: dict[str, Any]) -> None:
        self.control, self.setup = control, setup
        self.workers: dict[int, int] = {}
        self.dying: list[int] = []

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
            else:
                self.control.send(msgspec.msgpack.encode({"status": self.end(request["end"])}))

    def fork(self, number: int, descriptor: int) -> None:
        """Fork worker ``number`` with its end of the channel."""
        pid = os.fork()
        if pid == 0:
            try:
                self.become_worker(descriptor)
            except BaseException:
                traceback.print_exc()  # only what happens before the student's code: stderr leads nowhere then
            finally:
                os._exit(70)
        self.workers[number] = pid
        os.close(descriptor)
        self.reap()  # by now they are gone, while waiting for them before would have cost their whole exit

    def become_worker(self, descriptor: int) -> None:
        """In the child: keep the channel only, and serve it."""
        from .worker import serve

        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        os.closerange(3, min(descriptor, null))
        os.closerange(min(descriptor, null) + 1, max(descriptor, null))
        os.closerange(max(descriptor, null) + 1, 1 << 16)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        os.close(null)
        serve(socket.socket(fileno=descriptor), self.setup["output_bytes"])

    def kill(self, number: int) -> None:
        """Kill worker ``number`` and whatever it started; it is gone for good when the next is asked for."""
        os.kill(self.workers[number], signal.SIGKILL)
        self.dying.append(self.workers.pop(number))

    def end(self, number: int) -> int:
        """See out worker ``number``, which has closed its channel; return the status it ended with."""
        pid = self.workers.pop(number)
        ended, status = _wait(pid, GRACE_SECONDS)
        if not ended:  # it closed the channel and goes on
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
        return status

    def reap(self) -> None:
        """Collect the workers that were killed."""
        while self.dying:
            os.waitpid(self.dying.pop(), 0)


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
