"""Where processes cannot fork: a fresh process for each check, started ahead of need because it loads torch anew."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path

import msgspec

from ..course import Limits
from ..errors import Verdict
from .client import Client
from .endings import exited
from .transport import SocketTransport

__all__ = ["SpawnedSandbox"]

TOKEN_BYTES = 32
START_SECONDS = 120
GRACE_SECONDS = 0.2
_KEPT_ENVIRONMENT = ("PATH", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "CUDA_VISIBLE_DEVICES")


class SpawnedSandbox:
    """Give out fresh processes; one spare is always on its way.

    Args:
        fixtures: The course's ``fixtures`` folder; workers see ``shared`` in it.
        limits: The assignment's limits.
        optimizers: Whether workers are to find torch.optim loaded.
    """

    level = "D"
    layers: tuple[str, ...] = ()

    def __init__(self, fixtures: Path, limits: Limits, *, optimizers: bool = True) -> None:
        self.fixtures, self.limits, self.optimizers = fixtures, limits, optimizers
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(START_SECONDS)
        self.spare = self._spawn()

    def open(self, seconds: float, import_seconds: float) -> Client:
        """Return a client of a worker that has not seen any student's code."""
        process, token = self.spare
        channel = self._accept(token)
        self.spare = self._spawn()
        return Client(SocketTransport(channel, lambda died: _end(process, died), seconds, import_seconds))

    def close(self) -> None:
        """End the spare process."""
        _end(self.spare[0], died=False)
        self.listener.close()

    def _spawn(self) -> tuple[subprocess.Popen[bytes], bytes]:
        token = secrets.token_bytes(TOKEN_BYTES)
        setup = {
            "port": self.listener.getsockname()[1],
            "token": token,
            "fixtures": str(self.fixtures),
            "optimizers": self.optimizers,
            "output_bytes": self.limits.output_kb << 10,
        }
        environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        process = subprocess.Popen(
            [sys.executable, "-I", "-m", "torchgrade.sandbox.fresh"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**environment, "OMP_NUM_THREADS": "1"}, start_new_session=True,
        )  # fmt: skip
        assert process.stdin is not None
        process.stdin.write(msgspec.msgpack.encode(setup).hex().encode() + b"\n")
        process.stdin.close()
        return process, token

    def _accept(self, token: bytes) -> socket.socket:
        """Wait for the worker that knows the token; another local process's connection is dropped."""
        while True:
            channel, _ = self.listener.accept()
            channel.settimeout(START_SECONDS)
            if secrets.compare_digest(channel.recv(TOKEN_BYTES, socket.MSG_WAITALL), token):
                channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return channel
            channel.close()


def _end(process: subprocess.Popen[bytes], died: bool) -> Verdict | None:
    if died:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(GRACE_SECONDS)
            return exited(code)
    process.kill()
    process.wait()
    return None
