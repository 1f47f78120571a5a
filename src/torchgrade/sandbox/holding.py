"""In the zygote: how its workers are held on this machine, found out once and applied to each."""

from __future__ import annotations

import ctypes
import dataclasses
import os
import sys
import tempfile
from typing import Any

import msgspec

from .leavings import end_orphans, remove_folder
from .wall import (
    CellPlan,
    Layer,
    LockPlan,
    UserBlock,
    enter_cell,
    escapes,
    fork_alone,
    gpu_devices,
    level_of,
    lock_down,
    prepared,
    readable_paths,
    run_a_program,
    unreadable,
)
from .wall.cell import SCRATCH
from .wall.landlock import abi

__all__ = ["Holding", "Setup"]

PR_SET_CHILD_SUBREAPER = 36
_SCOPED_SIGNALS = 6  # the Landlock version that keeps signals in


class Setup(msgspec.Struct):
    """What the grader tells a zygote.

    Attributes:
        fixtures: The course's ``fixtures`` folder.
        optimizers: Whether workers are to find torch.optim loaded.
        hidden: Folders that no worker may see.
        folder: A folder of the grader's for this zygote: mount point, scratch, canary.
        grader: The grader's process.
        output_bytes: How much of what a worker prints is kept.
        memory_mb: Address space of a worker beyond what it starts with.
        processes: Processes and threads a worker may have.
        scratch_mb: What a worker may write.
        cpu_seconds: Processor time after which the kernel ends a worker's process, should the grader not have done so.
        confine: Put the wall up.
    """

    fixtures: str
    optimizers: bool
    hidden: list[str]
    folder: str
    grader: int
    output_bytes: int
    memory_mb: int
    processes: int
    scratch_mb: int
    cpu_seconds: int
    confine: bool


class Holding:
    """Enter the cell, probe what holds, and hold each worker so.

    Args:
        setup: What the grader asked for.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.level = "D"
        self.escaped: list[str] = []
        self.layers: dict[str, Layer] = {}
        libraries = os.environ.get("LD_LIBRARY_PATH", "")
        self.readable = readable_paths(sys.path, (sys.prefix, sys.base_prefix), f"{setup.fixtures}/shared", libraries)
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
        # claimed before the cell, where the names of sockets are others
        self.users = UserBlock(setup.grader) if setup.confine and os.getuid() == 0 else None
        devices = gpu_devices(os.environ.get("CUDA_VISIBLE_DEVICES"))
        if setup.confine:
            plan = CellPlan(self.readable, tuple(setup.hidden), f"{setup.folder}/root", devices)
            for layer in enter_cell(plan):
                self.layers[layer.name] = layer
        self.in_cell = "private-root" in self.layers and self.layers["private-root"].on
        self._check_users()
        self.home = os.open("/proc/self/ns/pid", os.O_RDONLY) if self.in_cell else -1
        tempfile.tempdir = SCRATCH if self.in_cell else setup.folder
        version = abi()
        self.plan = LockPlan(
            in_cell=self.in_cell,
            readable=self.readable,
            scratch="",
            uid=None,
            memory_mb=setup.memory_mb,
            processes=setup.processes,
            scratch_mb=setup.scratch_mb,
            cpu_seconds=setup.cpu_seconds,
            landlock=version,
            devices=devices,
            only_signal_itself=not self.in_cell and version < _SCOPED_SIGNALS,
        )

    def _check_users(self) -> None:
        """Keep the grader's user where another could not read Python; else open the way to the scratch folders."""
        if self.users is None or self.in_cell:
            return
        uid = self.users.uid(0)
        if path := unreadable(self.readable, uid):
            self.layers["own-uid"] = Layer(
                "own-uid", False, f"{path}, which Python needs, cannot be read by user {uid}"
            )
            self.users = None
        else:
            os.chmod(self.setup.folder, 0o711)

    def fork(self) -> int:
        """Fork; the child is alone in a process namespace where there are any."""
        return fork_alone(self.home) if self.in_cell else os.fork()

    def lock_down(self, number: int, scratch: str) -> dict[str, Layer]:
        """In a worker: apply every layer."""
        if not self.setup.confine:
            os.chdir(scratch)
            return {}
        return lock_down(dataclasses.replace(self.plan, scratch=scratch, uid=self.uid_of(number)))

    def uid_of(self, number: int) -> int | None:
        """Return the user that worker ``number`` becomes, or None where it stays who it is."""
        return None if self.users is None else self.users.uid(number)

    def scratch_for(self, number: int) -> str:
        """Make the folder that worker ``number`` alone may write to; in a cell it gets one by itself."""
        if self.in_cell:
            return ""
        scratch = f"{self.setup.folder}/scratch-{number}"
        os.mkdir(scratch, 0o700)
        uid = self.uid_of(number)
        if self.setup.confine and uid is not None:
            os.chown(scratch, uid, uid)
        return scratch

    def clean_up(self, number: int, alive: set[int]) -> None:
        """After a worker: end what it left running, where no namespace has done so, and remove its scratch."""
        if self.in_cell:
            return
        end_orphans(alive, self.uid_of(number))
        remove_folder(f"{self.setup.folder}/scratch-{number}")

    def probe(self) -> None:
        """Lock a worker down and let it try to get out; from then on every layer that held must hold."""
        if not self.setup.confine:
            return
        reader, writer = os.pipe()
        scratch = self.scratch_for(0)
        pid = self.fork()
        if pid == 0:
            os.close(reader)
            try:
                os.write(writer, msgspec.msgpack.encode(self._try(scratch)))
                run_a_program()
            finally:
                os._exit(1)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            told: dict[str, Any] = msgspec.msgpack.decode(pipe.read())
        if os.waitpid(pid, 0)[1] == 0:  # what it ended with is the other program's
            told["escapes"].append("run a program")
        self.clean_up(0, set())
        for name, on, detail in told["layers"]:
            known = self.layers.get(name)
            self.layers[name] = Layer(
                name, on and (known is None or known.on), detail or (known.detail if known else "")
            )
        self.escaped = told["escapes"]
        self.level = level_of(self.layers, self.escaped)
        held = frozenset(name for name, layer in self.layers.items() if layer.on)
        self.plan = dataclasses.replace(self.plan, required=held)
        if self.layers["seccomp"].on:
            self.plan = prepared(self.plan)

    def _try(self, scratch: str) -> dict[str, Any]:
        layers = self.lock_down(0, scratch)
        got_out = escapes(f"{self.setup.folder}/canary", self.setup.grader, self.setup.hidden)
        return {"layers": [[layer.name, layer.on, layer.detail] for layer in layers.values()], "escapes": got_out}

    def report(self) -> dict[str, Any]:
        """Return what the grader wants to know."""
        layers = [[layer.name, layer.on, layer.detail] for layer in self.layers.values()]
        return {"level": self.level, "layers": layers, "escapes": self.escaped}
