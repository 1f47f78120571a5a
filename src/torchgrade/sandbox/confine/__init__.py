"""What keeps a student's process from everything that is not its business; Linux on x86_64 and aarch64.

A zygote enters a cell once (`enter_cell`), before it loads torch. For each check it forks a copy, apart from all others
where the machine allows (`fork_copy`); the copy locks itself down (`lock_down`) before it reads the student's code.
Every layer says whether it is on; `canaries` tries in a locked-down copy what must not work, and `level_of` makes one
letter of both. Elsewhere than on Linux everything imports, and every layer says that it is not there.

A copy may use: its scratch folder; what Python is made of, to read; in a cell also its own /dev/shm and local stream
sockets, without which a DataLoader's workers cannot run. Without a cell these two would lead to other copies and to the
host's daemons: there `DataLoader(num_workers=0)` works, and one with workers raises PermissionError.
"""

from .cell import enter_cell
from .layers import LAYERS, Layer
from .limits import count_tasks
from .lockdown import lock_down
from .namespaces import fork_copy
from .orphans import end_orphans
from .plans import CELL_BROKEN, CellPlan, CellReport, CopyPlan
from .probe import canaries, level_of
from .root import readable_paths

__all__ = [
    "CELL_BROKEN",
    "LAYERS",
    "CellPlan",
    "CellReport",
    "CopyPlan",
    "Layer",
    "canaries",
    "count_tasks",
    "end_orphans",
    "enter_cell",
    "fork_copy",
    "level_of",
    "lock_down",
    "readable_paths",
]
