"""Run a command and see what it, and all that it starts, takes: seconds, processor seconds, memory.

Processor time is what the kernel reports when a process is waited for. This process adopts orphans, so that those are
counted, too; and when a command is over it ends every process below itself, so nothing else may run there. Memory is
the sum of the proportional set sizes (PSS) of the whole tree, in which a page that five processes share counts once; it
is looked up every 50 ms, which slows a run down, so none is timed and watched at once.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Run", "run"]

ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER
PAUSE = 0.05


@dataclass(frozen=True)
class Run:
    """One run of a command.

    Attributes:
        seconds: From its start to its end.
        cpu: Processor seconds, of all processes together.
        peak_mb: The most memory that was seen, in MiB; 0 if nobody looked.
        code: Its exit status, negative for a signal.
        hung: Whether it was ended because its time was over.
        output: What it wrote on standard output and standard error.
    """

    seconds: float
    cpu: float
    peak_mb: float
    code: int
    hung: bool
    output: str


def run(command: list[str], *, folder: Path, environment: Mapping[str, str], limit: float, watch: bool = False) -> Run:
    """Run a command in a folder, for ``limit`` seconds at the most; with ``watch`` see to its memory."""
    ctypes.CDLL(None).prctl(ADOPT_ORPHANS, 1, 0, 0, 0)
    log, over, memory = folder / "output.log", threading.Event(), _Memory()
    timer = threading.Timer(limit, lambda: (over.set(), _end_all()))
    looking = threading.Thread(target=memory.look, daemon=True)
    with log.open("wb") as out:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment,
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
        timer.start()
        if watch:
            looking.start()
        try:
            code, cpu = _wait_for(process.pid)
        except BaseException:  # broken off from the keyboard: the command has a session of its own, and would go on
            _end_orphans()
            raise
        finally:
            seconds = time.perf_counter() - start
            timer.cancel()
            memory.over.set()
    if watch:
        looking.join()
    process.returncode = code  # it is waited for already
    cpu += _end_orphans()
    return Run(
        seconds, cpu, memory.peak_kb / 1024, code, over.is_set(), log.read_text(encoding="utf-8", errors="replace")
    )


def _wait_for(pid: int) -> tuple[int, float]:
    """Wait for a child, and meanwhile for every orphan that ends; return its exit status and processor seconds."""
    cpu = 0.0
    while True:
        ended, status, usage = os.wait4(-1, 0)
        cpu += usage.ru_utime + usage.ru_stime
        if ended == pid:
            return os.waitstatus_to_exitcode(status), cpu


def _end_orphans() -> float:
    """End what a command left behind; return the processor seconds that it took."""
    cpu = 0.0
    while True:
        _end_all()
        try:
            usage = os.wait4(-1, 0)[2]
        except ChildProcessError:
            return cpu
        cpu += usage.ru_utime + usage.ru_stime


def _end_all() -> None:
    for pid in list(_below(os.getpid())):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _below(pid: int) -> Iterator[int]:
    """Yield every process that descends from one."""
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = tasks.read_text(encoding="ascii").split()
        except OSError:  # it has ended meanwhile
            continue
        for child in map(int, children):
            yield child
            yield from _below(child)


class _Memory:
    """The most memory that the processes below this one had together."""

    def __init__(self) -> None:
        self.peak_kb = 0
        self.over = threading.Event()

    def look(self) -> None:
        while not self.over.wait(PAUSE):
            self.peak_kb = max(self.peak_kb, sum(map(_pss_kb, _below(os.getpid()))))


def _pss_kb(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:  # ended meanwhile, or hidden from us
        return 0
    return int(text.partition("Pss:")[2].split()[0])
