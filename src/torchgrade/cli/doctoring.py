"""`torchgrade doctor`."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ..course import Limits

__all__ = ["add_commands"]

# What each layer keeps out, and how to get it where it is missing.
LAYERS = {
    "namespaces": (
        "other processes, the network, shared memory of the machine",
        (
            "run as root, or allow user namespaces: sysctl kernel.apparmor_restrict_unprivileged_userns=0; "
            "Docker: --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined"
        ),
    ),
    "private-root": ("every file that Python does not need", "comes with namespaces; see there"),
    "own-uid": ("files and processes of the grader's user", "run as root; workers then get a user of their own each"),
    "no-new-privs": ("privileges by set-uid programs", "Linux 3.5 or later"),
    "rlimits": ("memory, process and file bombs", "raise the hard limits of the grader (ulimit -H)"),
    "landlock": (
        "files outside the scratch folder, TCP",
        "Linux 5.13 or later with lsm=landlock,... on its command line",
    ),
    "seccomp": ("tracing, mounting, other programs, sockets", "a kernel with CONFIG_SECCOMP_FILTER"),
    "cgroup": (
        "several processes that each keep to their limit of memory and together take far more",
        (
            "as a user: systemd-run --user --scope torchgrade ...; in a container: a writable /sys/fs/cgroup (version "
            "2), and the grader in a group below the topmost one. Or bound all of it from outside, as "
            "systemd-run --scope -p MemoryMax=8G or the container's own limit does"
        ),
    ),
}
CLOSED_PYTHON = "put Python and the course's fixtures/shared where any user can read them (not below /root, say)"
LEVELS = {
    "A": "confined: nothing of the host exists inside",
    "B": "confined: shares the host's process list",
    "C": "confined for files and system calls",
    "D": "not secure: a process and a clock only; for practice",
}


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's command to the parser."""
    doctor = commands.add_parser(
        "doctor",
        parents=[shared],
        help="show how student code is held on this machine",
        description="Start a worker as when grading, let it try to get out, and show which layers hold, with a remedy "
        "for each that does not. The last line is the level: A, B, C, or D, which is not secure.",
        epilog="example: torchgrade doctor; exit codes: 0 level A, B or C; 1 level D",
    )
    doctor.set_defaults(run=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    console = Console(highlight=False)
    report = _try_out(console)
    table = Table(title="How student code is held here", title_justify="left")
    for heading in ("layer", "holds", "keeps out", "remedy"):
        table.add_column(heading, overflow="fold")  # a path is told to its end
    found = {name: (on, detail) for name, on, detail in report["layers"]}
    for name, (purpose, _) in LAYERS.items():
        on, detail = found.get(name, (False, "not on this platform"))
        mark = "[green]yes[/green]" if on else f"[red]no[/red]: {detail}"
        table.add_row(name, mark, purpose, "" if on else _remedy(name, detail))
    console.print(table)
    for escape in report["escapes"]:
        console.print(f"[red]a worker could:[/red] {escape}")
    console.print(f"level {report['level']}: {LEVELS[report['level']]}")
    return 0 if report["level"] <= "C" else 1


def _remedy(layer: str, detail: str) -> str:
    if layer == "own-uid" and "cannot be read by user" in detail:
        return CLOSED_PYTHON
    return LAYERS[layer][1]


def _try_out(console: Console) -> dict[str, Any]:
    from ..sandbox.open import open_sandbox

    with console.status("starting a worker"), tempfile.TemporaryDirectory() as folder:
        os.makedirs(f"{folder}/shared")
        sandbox = open_sandbox(Path(folder), Limits(), optimizers=False)
        try:
            report = {"level": sandbox.level, "layers": [], "escapes": []}
            return {**report, **getattr(sandbox, "report", {})}
        finally:
            sandbox.close()
