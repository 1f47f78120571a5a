"""A worker in a process of its own from the start.

Started as ``python -I -m torchgrade.sandbox.fresh``; its first line of input is msgpack in hex: the port to connect to,
a token to send first, the ``fixtures`` folder, whether to load optimizers, and how much output is kept. Loopback, since
every platform has it.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any

import msgspec

from .warmth import warm_up
from .worker import serve

__all__ = ["main"]


def main() -> None:
    """Load torch, connect, and serve one check."""
    setup: dict[str, Any] = msgspec.msgpack.decode(bytes.fromhex(sys.stdin.readline()))
    warm_up(Path(setup["fixtures"]), optimizers=setup["optimizers"])
    channel = socket.create_connection(("127.0.0.1", setup["port"]))
    channel.sendall(setup["token"])
    serve(channel, setup["output_bytes"])


if __name__ == "__main__":
    main()
