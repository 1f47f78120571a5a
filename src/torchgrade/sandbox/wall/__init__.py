"""The wall: what keeps a student's process from everything that is not its business (Linux)."""

from .cell import CellPlan, enter_cell, fork_alone, gpu_devices, readable_paths
from .cgroups import Grouped, GroupLimits, enter_group
from .layers import LAYERS, Layer, level_of
from .lock import LockPlan, lock_down, prepared
from .probe import escapes, run_a_program
from .uids import UserBlock, end_all_of, unreadable

__all__ = [
    "LAYERS",
    "CellPlan",
    "GroupLimits",
    "Grouped",
    "Layer",
    "LockPlan",
    "UserBlock",
    "end_all_of",
    "enter_cell",
    "enter_group",
    "escapes",
    "fork_alone",
    "gpu_devices",
    "level_of",
    "lock_down",
    "prepared",
    "readable_paths",
    "run_a_program",
    "unreadable",
]
