"""The pretended device: how much slower it is than the CPU, what setting it up costs, and whether a GPU judges alike.

    python benchmarks/devices.py

Where there is CUDA, each function of ``tests/sandbox/devices/students/`` is judged on it and on the pretended device;
the exit code is 1 when the two disagree.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import nn

from torchgrade.course import Limits
from torchgrade.sandbox.device.pretended import PretendedDevice
from torchgrade.sandbox.inprocess import direct_client, torch_as_it_was
from torchgrade.sandbox.open import open_sandbox
from torchgrade.sandbox.program import Program
from torchgrade.submission import Submission

ROOT = Path(__file__).resolve().parents[1]
REPEATS, STEPS = 7, 20


def perceptron(width: int) -> tuple[nn.Module, torch.Tensor]:
    return nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 10)), torch.randn(64, width)


def convolutions(channels: int) -> tuple[nn.Module, torch.Tensor]:
    first, second = nn.Conv2d(1, channels, 3), nn.Conv2d(channels, channels, 3)
    head = nn.Linear(channels * 144, 10)
    return nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), nn.Flatten(), head), torch.randn(32, 1, 16, 16)


def train(build: Callable[[int], tuple[nn.Module, torch.Tensor]], size: int, device: str) -> float:
    """Return the seconds of a training loop, the first step left out."""
    torch.manual_seed(0)
    model, x = build(size)
    model, x = model.to(device), x.to(device)
    y = torch.arange(len(x), device=device) % 10
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    start = 0.0
    for step in range(STEPS + 1):
        if step == 1:
            start = time.perf_counter()
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    return time.perf_counter() - start


def slowdown() -> None:
    """Print the ratio for models in which the operations' own work is little, and much."""
    device = PretendedDevice()
    for build, size in ((perceptron, 16), (perceptron, 512), (convolutions, 4), (convolutions, 32)):
        ratios, times = [], []
        for _ in range(REPEATS):
            here = train(build, size, "cpu")
            with device.on():
                there = train(build, size, "cuda")
            ratios.append(there / here)
            times.append((here, there))
        here, there = (statistics.median(column) / STEPS * 1e3 for column in zip(*times, strict=True))
        ratio = statistics.median(ratios)
        print(f"{build.__name__:13}{size:4}  CPU {here:7.3f} ms a step  pretended {there:7.3f} ms  {ratio:5.2f} times")


def setting_up() -> None:
    """Print what a worker takes until its first answer, with a device and without."""
    program = Program("m", {"m": b"def f(): return 1"})
    sandbox = open_sandbox(ROOT / "fixtures", Limits())
    try:
        for name, opener in (("forked", lambda: sandbox.open(60, 60)), ("in process", direct_client)):
            medians = {}
            for device in ("cpu", "pretended"):
                medians[device] = statistics.median(_first_answer(opener, program, device) for _ in range(3 * REPEATS))
            plain, with_device = (medians[device] * 1e3 for device in ("cpu", "pretended"))
            print(f"{name:11} first answer {plain:6.2f} ms, with the device {with_device:6.2f} ms")
    finally:
        sandbox.close()


def _first_answer(opener: Callable[[], Any], program: Program, device: str) -> float:
    start = time.perf_counter()
    submission = Submission(opener, program, 0, device)
    submission.f()
    seconds = time.perf_counter() - start
    submission._close()
    time.sleep(0.05)  # the next worker is forked meanwhile
    return seconds


def compare() -> int:
    """Judge every sample on CUDA and on the pretended device; return how often they disagree."""
    judging = _judging()
    disagreed = 0
    for name in judging.NAMES:
        said = {}
        for device in ("cuda", "pretended"):
            with torch_as_it_was():
                submission = Submission(direct_client, judging.PROGRAM, 1, device)
                said[device] = judging.judge(submission, name)
                submission._close()
        if bool(said["cuda"]) != bool(said["pretended"]):
            disagreed += 1
            print(f"DISAGREE {name}: CUDA {said['cuda'] or 'passes'!r}, pretended {said['pretended'] or 'passes'!r}")
        elif said["cuda"] != said["pretended"]:
            print(f"other words, {name}:\n  CUDA      {said['cuda']}\n  pretended {said['pretended']}")
    print(f"{len(judging.NAMES)} functions, {disagreed} judged otherwise")
    return disagreed


def _judging() -> ModuleType:
    spec = importlib.util.spec_from_file_location("judging", ROOT / "tests" / "sandbox" / "devices" / "judging.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> int:
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}, CUDA {torch.cuda.is_available()}")
    slowdown()
    setting_up()
    if not torch.cuda.is_available():
        print("no CUDA here: nothing to compare with")
        return 0
    return 1 if compare() else 0


if __name__ == "__main__":
    sys.exit(main())
