"""The bare computation: the students' functions, called in a process that has torch loaded, with nothing around.

    python -m race.bare FILE ...

Arguments are made beforehand and answers are not looked at. Prints a JSON object: for each file the seconds and the
processor seconds of all calls (the median of several rounds, after one that warms up), and the seconds of loading it.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy
import torch

from race.cases import CHECKS
from race.material import load

ROUNDS = 9
Call = tuple[Callable[..., Any], tuple[Any, ...]]


def measure(path: Path) -> dict[str, float]:
    """Time one submission."""
    start = time.perf_counter()
    module = load(path)
    loading = time.perf_counter() - start
    rounds = [_round(_calls(module)) for _ in range(1 + ROUNDS)][1:]
    seconds, cpu = (statistics.median(column) for column in zip(*rounds, strict=True))
    return {"seconds": seconds, "cpu": cpu, "loading": loading}


def _calls(module: Any) -> list[Call]:
    """Return every call, with arguments that nobody has written to."""
    names = {"torch": torch, "numpy": numpy}
    return [(getattr(module, check.exercise), eval(f"({call},)", names)) for check in CHECKS for call in check.calls]


def _round(calls: list[Call]) -> tuple[float, float]:
    start, spent = time.perf_counter(), time.process_time()
    for function, arguments in calls:
        with suppress(ValueError):  # the right answer to some
            function(*arguments)
    return time.perf_counter() - start, time.process_time() - spent


if __name__ == "__main__":
    print(json.dumps({path: measure(Path(path)) for path in sys.argv[1:]}))
