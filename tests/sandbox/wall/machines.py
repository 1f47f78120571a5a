"""Pretend that this machine is a container: a zygote that starts where namespaces are refused."""

from __future__ import annotations

import functools
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from torchgrade.course import Limits
from torchgrade.sandbox import forked
from torchgrade.sandbox.forked import ForkedSandbox
from torchgrade.sandbox.holding import Setup
from torchgrade.sandbox.wall import linux, seccomp

from .children import become

COURSE = Path(__file__).parents[2] / "samples" / "mini"


class Elsewhere(ForkedSandbox):
    """A sandbox whose zygote belongs to another user, and so does its folder."""

    uid = 0

    def _setup(self) -> Setup:
        for path in (self.folder.path, *self.folder.path.iterdir()):
            os.chown(path, self.uid, self.uid)
        return super()._setup()


def without_namespaces(uid: int, *, python_for_all: bool) -> ForkedSandbox:
    """Start a zygote as ``uid`` where unshare, setns and mount are refused.

    Args:
        uid: Who the zygote is.
        python_for_all: See to it that any user can read Python, wherever it lies.
    """

    def prepare() -> None:
        if python_for_all:
            _open_python()
        if os.getuid() == 0 and uid:
            become(uid)
        seccomp.install(_refusing("unshare", "setns", "mount"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forked, "subprocess", _Popening(prepare))
        kind = type("There", (Elsewhere,), {"uid": uid})
        sandbox: ForkedSandbox = kind(COURSE / "fixtures", Limits(seconds=5.0, scratch_mb=4))
        return sandbox


class _Popening:
    """The module subprocess, whose Popen does something in the child first."""

    DEVNULL, TimeoutExpired = subprocess.DEVNULL, subprocess.TimeoutExpired

    def __init__(self, prepare: Callable[[], None]) -> None:
        self.Popen = functools.partial(subprocess.Popen, preexec_fn=prepare)


def _refusing(*names: str) -> bytes:
    """A filter that knows how to refuse, and nothing else."""
    rules = [(0x20, 0, 0, 0)]
    for name in names:
        rules += [(0x15, 0, 1, linux.SYSCALLS[name]), (0x06, 0, 0, 0x00050001)]
    return b"".join(struct.pack("HBBI", *rule) for rule in (*rules, (0x06, 0, 0, 0x7FFF0000)))


def _open_python() -> None:
    """Where a home folder closed to others holds Python, put one in its place that is not and holds Python alone."""
    prefixes = {sys.prefix, sys.base_prefix}
    linux.unshare(linux.NEWNS)
    linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
    for closed in {folder for folder in map(_closed_above, prefixes) if folder}:
        held = [(path, os.open(path, os.O_PATH)) for path in prefixes if path.startswith(f"{closed}/")]
        linux.mount("tmpfs", closed, "tmpfs", 0, "mode=755")
        for path, descriptor in held:
            os.makedirs(path)
            linux.mount(f"/proc/self/fd/{descriptor}", path, None, linux.MS_BIND | linux.MS_REC)


def _closed_above(path: str) -> str:
    above = [str(folder) for folder in Path(path).parents]
    closed = [folder for folder in above if not os.stat(folder).st_mode & 0o001]
    return closed[-1] if closed else ""
