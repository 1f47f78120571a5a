"""The trusted side of the zygote: a fresh, identical worker for each check, forked before it is needed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from ..course import Limits
from ..errors import Verdict
from .client import Client
from .transport import Lost, SocketTransport

__all__ = ["ForkedSandbox"]

_KEPT_ENVIRONMENT = ("PATH", "LANG", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES")
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
START_SECONDS = 120
SPARES = 2  # one may be used at once while the next is being forked


@dataclass
class _Worker:
    number: int
    channel: socket.socket


class _ZygoteGone(Exception):
    """The zygote no longer answers."""


class ForkedSandbox:
    """Give out workers forked from a zygote, and start another zygote when one dies.

    Args:
        fixtures: The course's ``fixtures`` folder; workers see ``shared`` in it.
        limits: The assignment's limits.
    """

    def __init__(self, fixtures: Path, limits: Limits) -> None:
        self.setup = {"fixtures": str(fixtures), "output_bytes": limits.output_kb << 10}
        self.process: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None
        self.spares: deque[_Worker] = deque()
        self.count = 0
        self.start()

    @property
    def level(self) -> str:
        """How strongly workers are confined."""
        return "D"

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers that hold."""
        return ()

    def start(self) -> None:
        """Start the zygote; it loads torch while the caller goes on."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        command = [sys.executable, "-I", "-m", "torchgrade.sandbox.zygote", str(theirs.fileno())]
        environment = {**kept, **_ONE_THREAD, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], env=environment, cwd="/", stdin=subprocess.DEVNULL
        )
        theirs.close()
        ours.settimeout(START_SECONDS)
        ours.send(msgspec.msgpack.encode(self.setup))
        self.control, self.ready = ours, False

    def open(self, seconds: float, import_seconds: float) -> Client:
        """Return a client of a worker that has not seen any student's code.

        Args:
            seconds: Time that all answers may take together.
            import_seconds: Time that loading may take.
        """
        for attempt in range(3):
            try:
                self._keep_spares()
                worker = self.spares.popleft()
                break
            except _ZygoteGone:
                if attempt == 2:
                    raise RuntimeError("the worker process cannot be started; see the messages above") from None
                self._restart()
        return Client(
            SocketTransport(worker.channel, lambda died: self._end(worker, died=died), seconds, import_seconds)
        )

    def close(self) -> None:
        """End the zygote and every worker."""
        self._forget()
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _keep_spares(self) -> None:
        while len(self.spares) < SPARES:
            self.spares.append(self._fork())

    def _fork(self) -> _Worker:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        worker = _Worker(self.count, ours)
        self.count += 1
        with theirs:
            self._tell({"fork": worker.number}, [theirs.fileno()])
        return worker

    def _end(self, worker: _Worker, *, died: bool) -> Verdict | None:
        """End a worker, and have the next one forked meanwhile; of one that died say how."""
        try:
            self._tell({"end" if died else "kill": worker.number})
            self._keep_spares()
            if not died:
                return None
            with self._zygote_errors():
                return _verdict_of(self._receive()["status"])
        except _ZygoteGone:
            self._restart()
            return Lost("crashed", "The program was ended from outside.")

    def _tell(self, request: dict[str, int], descriptors: Sequence[int] = ()) -> None:
        with self._zygote_errors():
            assert self.control is not None
            if not self.ready:
                self.ready = bool(self._receive().get("ready"))
            socket.send_fds(self.control, [msgspec.msgpack.encode(request)], list(descriptors))

    def _receive(self) -> dict[str, Any]:
        assert self.control is not None
        packet = self.control.recv(1 << 12)
        if not packet:
            raise OSError("closed")
        reply: dict[str, Any] = msgspec.msgpack.decode(packet)
        return reply

    @contextlib.contextmanager
    def _zygote_errors(self) -> Any:
        try:
            yield
        except OSError:
            raise _ZygoteGone from None

    def _restart(self) -> None:
        self.close()
        self.start()

    def _forget(self) -> None:
        if self.control is not None:
            self.control.close()
        for spare in self.spares:
            spare.channel.close()
        self.spares.clear()
        self.control = None


def _verdict_of(status: int) -> Verdict:
    """Say how a worker died that nobody had asked to."""
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return Verdict("crashed", f"Your code ended the whole program (exit code {code}) instead of returning.")
    if -code == signal.SIGKILL:
        return Lost("crashed", "The program was killed while your code ran.")
    name = signal.Signals(-code).name
    return Verdict("crashed", f"Your code crashed the whole program (signal {name}).")
