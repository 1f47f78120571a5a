"""What is asked of a cell and of a copy, and what became of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from .layers import Layer

__all__ = ["CELL_BROKEN", "FIRST_UID", "SCRATCH", "SHARED_MEMORY", "UIDS", "CellPlan", "CellReport", "CopyPlan"]

CELL_BROKEN = 72  # exit code of a zygote whose cell, tried out before, could not be built: start it anew without
SCRATCH, SHARED_MEMORY = "/scratch", "/dev/shm"
FIRST_UID, UIDS = 60_000, 4_096


@dataclass(frozen=True)
class CellPlan:
    """What a zygote's cell is made of.

    Attributes:
        readable: Paths that are seen in the private root, read-only; see `readable_paths`.
        scratch_mb: Size of the zygote's own /scratch, and of its /dev/shm.
        scratch: Where copies get their scratch folders when there is no private root.
        hidden: Folders to cover should they lie within a readable path: the course's masters and graders.
        devices: Device files wanted besides /dev/null and its like, such as /dev/nvidia0.
        memory_mb: Memory of the zygote and all its copies together, by a cgroup; 0 asks for none.
        processes: Processes of the same, by a cgroup; 0 asks for none.
        want: Layers to try: a private root comes with namespaces only, so both or neither are had.
    """

    readable: tuple[str, ...]
    scratch_mb: int
    scratch: str = ""
    hidden: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    memory_mb: int = 0
    processes: int = 0
    want: frozenset[str] = frozenset({"namespaces", "private-root", "cgroup"})


@dataclass(frozen=True)
class CellReport:
    """Where the zygote finds itself.

    Attributes:
        layers: ``namespaces``, ``private-root`` and ``cgroup``.
        is_init: Whether this process is the first of a process namespace: all others in it die with it.
        scratch_root: Where copies get their scratch folders.
    """

    layers: tuple[Layer, ...]
    is_init: bool
    scratch_root: str

    @property
    def private(self) -> bool:
        """Whether there is a private root."""
        return any(layer.name == "private-root" and layer.on for layer in self.layers)


@dataclass(frozen=True)
class CopyPlan:
    """How one copy is held.

    Attributes:
        scratch: The one folder it may write to. In a cell, the mount point of a file system of its own.
        uid: The user and group it becomes; None to stay who it is.
        memory_mb: Address space beyond what it starts with; 0 for no limit (CUDA reserves more than there is).
        processes: Processes and threads of its user, beside ``others``.
        cpu_seconds: Processor time of each of its processes.
        file_mb: Size of a file; in a cell also of all of scratch, and of all of /dev/shm.
        readable: Paths that it may read.
        in_cell: Whether its zygote has a private root.
        devices: Device files that it may use.
        others: Tasks of the same user that are no concern of the copy's; see `count_tasks`.
        use: Layers that worked when tried: only these are applied, and one that fails ends the copy. None tries all.
    """

    scratch: str
    uid: int | None
    memory_mb: int
    processes: int
    cpu_seconds: int
    file_mb: int
    readable: tuple[str, ...]
    in_cell: bool = False
    devices: tuple[str, ...] = ()
    others: int = 0
    use: frozenset[str] | None = None

    def numbered(self, number: int) -> CopyPlan:
        """Return the plan for one copy: a folder and, where users can be changed, a user of its own.

        Args:
            number: Differs among copies that are alive together.
        """
        return dataclasses.replace(
            self,
            scratch=self.scratch if self.in_cell else f"{self.scratch}/{number}",
            uid=None if self.uid is None else FIRST_UID + (self.uid - FIRST_UID + number) % UIDS,
        )
