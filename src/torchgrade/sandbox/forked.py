"""The trusted side of the zygote: a fresh, identical worker for each check, forked before it is needed."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ..course import Limits
from ..errors import Verdict
from ..language import N_, _
from .endings import Lost, Unstartable, exited
from .folder import Folder
from .holding import Setup
from .load import Load
from .patience import PATIENCE
from .wall import Grouped, GroupLimits, Layer, enter_group

if TYPE_CHECKING:
    from .client import Client

__all__ = ["ForkedSandbox"]

_KEPT_ENVIRONMENT = ("PATH", "LANG", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES")
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
# As with -I nothing of the user's is imported: there is no PYTHON variable but ours, which -I would pass over.
_RUN = (
    "import sys; del sys.path[0]; import runpy; runpy.run_module('torchgrade.sandbox.zygote', None, '__main__', True)"
)
START_SECONDS, CLOSE_SECONDS = 120, 10
TRIES = 3
SLACK_SECONDS = 60
ZYGOTE_MB, ZYGOTE_PROCESSES = 1024, 32
_TOO_MUCH = N_("Your code asked for more memory than it may use.")
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
        confine: Put the wall up; without it a worker is held by its process and the clock only.
        optimizers: Whether workers are to find torch.optim loaded.
    """

    def __init__(self, fixtures: Path, limits: Limits, *, confine: bool = True, optimizers: bool = True) -> None:
        self.fixtures, self.limits, self.confine, self.optimizers = fixtures, limits, confine, optimizers
        self.report: dict[str, Any] = {}
        self.group, self.killed = Grouped(Layer("cgroup", False)), 0
        self.first_layers: tuple[str, ...] = ()
        self.process: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None
        self.spares: deque[_Worker] = deque()
        self.count = 0
        self.start()

    @property
    def level(self) -> str:
        """How strongly workers are confined: waits for the zygote, which has tried it out."""
        self._ensure_report()
        return str(self.report["level"])

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers that hold."""
        self._ensure_report()
        return _layers_on(self.report)

    def start(self) -> None:
        """Start the zygote; it loads torch while the caller goes on."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        command = [sys.executable, "-s", "-B", "-c", _RUN, str(theirs.fileno())]
        environment = {**kept, **_ONE_THREAD, "PYTHONHASHSEED": "0"}
        self.process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], env=environment, cwd="/", stdin=subprocess.DEVNULL
        )
        theirs.close()
        if self.confine:  # before it is told to begin, so that all it starts is counted
            self.group, self.killed = enter_group(self.process.pid, self._group_limits()), 0
        ours.settimeout(START_SECONDS)
        self.folder = Folder()
        with contextlib.suppress(OSError):  # dead already: whoever wants its report sees it
            ours.send(msgspec.msgpack.encode(self._setup()))
        Folder.sweep()
        self.control, self.report = ours, {}

    def open(self, seconds: float, import_seconds: float) -> Client:
        """Return a client of a worker that has not seen any student's code.

        Args:
            seconds: Time that all answers may take together.
            import_seconds: Time that loading may take.
        """
        from .client import Client  # they load torch: the zygote is to begin with that before this process does
        from .transport import SocketTransport

        self._persist(self._keep_spares)
        worker = self.spares.popleft()
        return Client(
            SocketTransport(
                worker.channel,
                lambda died: self._end(worker, died=died),
                seconds,
                import_seconds,
                lambda: self._load(worker),
            )
        )

    def close(self) -> None:
        """End the zygote and every worker."""
        self._forget()
        if self.process is not None:
            if self.report and not self._in_cell():  # without namespaces it must end by hand what workers have started
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(CLOSE_SECONDS)
            self.process.kill()
            self.process.wait()
            self.group.end()
            self.folder.remove()

    def _in_cell(self) -> bool:
        return any(name == "private-root" and on for name, on, _ in self.report["layers"])

    def _group_limits(self) -> GroupLimits:
        """One worker at a time runs a submission, the others wait; the zygote is there too, with all of torch."""
        limits = self.limits
        return GroupLimits(
            limits.memory_mb + 2 * limits.scratch_mb + ZYGOTE_MB, 2 * limits.processes + ZYGOTE_PROCESSES
        )

    def _setup(self) -> Setup:
        course, limits = self.fixtures.resolve().parent, self.limits
        hidden = [str(course / name) for name in ("assignments", "graders")]
        return Setup(
            fixtures=str(self.fixtures.resolve()),
            optimizers=self.optimizers,
            hidden=[path for path in hidden if os.path.exists(path)],
            folder=str(self.folder.path),
            grader=os.getpid(),
            output_bytes=limits.output_kb << 10,
            memory_mb=limits.memory_mb,
            processes=limits.processes,
            scratch_mb=limits.scratch_mb,
            cpu_seconds=math.ceil(PATIENCE * (limits.seconds + limits.import_seconds)) * (os.cpu_count() or 1)
            + SLACK_SECONDS,
            confine=self.confine,
        )

    def _await_report(self) -> None:
        if not self.report:
            with self._zygote_errors():
                report = self._receive()
            if self.confine:
                layer = self.group.layer
                report["layers"].append([layer.name, layer.on, layer.detail])
            # where a process of its trial is killed, a zygote takes the machine for weaker than it is
            if not set(self.first_layers) <= set(_layers_on(report)):
                raise _ZygoteGone
            self.report, self.first_layers = report, _layers_on(report)
            if self._in_cell():  # the zygote has gone from there, and left nothing behind
                self.folder.remove()

    def _ensure_report(self) -> None:
        self._persist(self._await_report)

    def _persist(self, act: Callable[[], None]) -> None:
        """Do something that needs the zygote, with another one where it has died.

        Raises:
            Unstartable: Others died as well.
        """
        for attempt in range(TRIES):
            try:
                act()
                return
            except _ZygoteGone:
                if attempt == TRIES - 1:
                    raise Unstartable from None
                self._restart()

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
                verdict = _verdict_of(self._receive()["status"])
            killed, self.killed = self.killed, self.group.out_of_memory()
            return verdict if self.killed == killed else Verdict("memory", _(_TOO_MUCH))
        except _ZygoteGone:
            self._restart()
            return Lost("crashed", _("The program was ended from outside."))

    def _load(self, worker: _Worker) -> Load:
        """Ask how a worker has fared; one whose zygote is gone dies with it, and has only to be waited for."""
        try:
            self._tell({"load": worker.number})
            with self._zygote_errors():
                return msgspec.convert(self._receive(), Load)
        except _ZygoteGone:
            return Load(0.0, math.inf, running=False)

    def _tell(self, request: dict[str, int], descriptors: Sequence[int] = ()) -> None:
        with self._zygote_errors():
            assert self.control is not None
            self._await_report()
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


def _layers_on(report: dict[str, Any]) -> tuple[str, ...]:
    return tuple(name for name, on, _ in report["layers"] if on)


def _verdict_of(status: int) -> Verdict:
    """Say how a worker died that nobody had asked to."""
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return exited(code)
    if -code == signal.SIGKILL:
        return Lost("crashed", _("The program was killed while your code ran."))
    name = signal.Signals(-code).name
    return Verdict("crashed", _("Your code crashed the whole program (signal {name}).").format(name=name))
