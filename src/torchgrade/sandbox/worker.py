"""The untrusted end of a channel: read a request, do it, send the answer, until the channel closes.

The protocol is the one of `protocol`; the form of its frames that of `torchgrade.wire`. Nothing that the student's code
prints comes this way: the channel is a socket of its own, and standard output leads nowhere.
"""

from __future__ import annotations

import os
import socket
import sys

from ..wire import FrameClosed, WireLimits, receive, send
from . import device  # noqa: F401 - loaded in the zygote, for the workers that will be asked for one
from .observing import BoundedText
from .verbs import Verbs

__all__ = ["serve"]

_FROM_GRADER = WireLimits(1 << 31, 1 << 20, 1 << 40, 200, 1 << 40, 1 << 30)


def serve(channel: socket.socket, output_bytes: int) -> None:
    """Answer requests on ``channel``; never returns.

    Args:
        channel: A connected stream socket; when it closes the process ends.
        output_bytes: How much of what is printed is kept.
    """
    sys.stdout = sys.stderr = BoundedText(output_bytes)
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - for the process's life
    verbs = Verbs(WireLimits())
    try:
        while True:
            header, buffers = receive(channel, _FROM_GRADER)
            send(channel, *verbs.answer(header, buffers))
    except FrameClosed:
        os._exit(0)
