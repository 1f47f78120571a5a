"""What was seen around one call of a student's function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Observation"]


@dataclass(frozen=True)
class Observation:
    """The record of one call; all of it but ``result`` and ``args`` is the worker's testimony.

    Attributes:
        result: What the function returned.
        args: The arguments after the call.
        before: The arguments as they were sent.
        aliases: Pairs of a result's and an argument's path whose memory overlaps, such as ``("result[0]", "args[1]")``.
        versions: In-place writes that torch counted, by argument path.
        moved: Paths of arguments whose memory is now elsewhere.
        ops: Dispatched torch operations, such as ``"aten.add.Tensor"``, and how often each ran.
        generators: Which of ``"torch"``, ``"numpy"`` and ``"random"`` moved on.
        stdout: What was printed, at most 64 KiB.
        warnings: The texts of Python warnings.
        seconds: Wall-clock time of the call in the student's process.
    """

    result: Any
    args: tuple[Any, ...]
    before: tuple[Any, ...]
    aliases: frozenset[tuple[str, str]]
    versions: dict[str, int]
    moved: frozenset[str]
    ops: dict[str, int]
    generators: frozenset[str]
    stdout: str
    warnings: list[str]
    seconds: float
