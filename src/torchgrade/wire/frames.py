"""Frames on a stream socket: ``TG01 | u32 header length | u32 buffers | u64 length of each | header | buffers``."""

from __future__ import annotations

import socket
import struct
import time
from typing import Any

import numpy as np

from .limits import WireError, WireLimits

__all__ = ["FrameClosed", "FrameTimeout", "receive", "send"]

MAGIC = b"TG01"
_IOV_MAX = 512


class FrameTimeout(Exception):
    """The deadline passed before the frame was through."""


class FrameClosed(Exception):
    """The other side is gone."""


def send(channel: socket.socket, header: bytes, buffers: list[memoryview], deadline: float | None = None) -> None:
    """Send one frame.

    Args:
        channel: A connected stream socket.
        header: The encoded tree.
        buffers: The bytes of its tensors.
        deadline: Time on the monotonic clock after which to give up; None waits for ever.

    Raises:
        FrameTimeout: The deadline passed.
        FrameClosed: The other side closed the channel.
    """
    lengths = struct.pack(f"<{len(buffers)}Q", *(buffer.nbytes for buffer in buffers))
    head = MAGIC + struct.pack("<II", len(header), len(buffers)) + lengths + header
    parts = [memoryview(head), *(buffer for buffer in buffers if buffer.nbytes)]
    while parts:
        sent = _within(channel, deadline, lambda: channel.sendmsg(parts[:_IOV_MAX]))
        while parts and sent >= parts[0].nbytes:
            sent -= parts.pop(0).nbytes
        if sent:
            parts[0] = parts[0][sent:]


def receive(channel: socket.socket, limits: WireLimits, deadline: float | None = None) -> tuple[bytearray, list[Any]]:
    """Receive one frame, refusing sizes beyond the limits before memory is taken for them.

    Returns:
        The header, and a ``uint8`` array of shape (n,) for each buffer.

    Raises:
        WireError: What came is not a frame, or one that is too large.
        FrameTimeout: The deadline passed.
        FrameClosed: The other side closed the channel, perhaps within the frame.
    """
    head = _exactly(channel, bytearray(12), deadline)
    header_length, count = struct.unpack("<II", head[4:])
    if head[:4] != MAGIC:
        raise WireError("bytes that are no frame")
    if header_length > limits.header_bytes or count > limits.buffers:
        raise WireError("a frame that is too large")
    lengths = struct.unpack(f"<{count}Q", _exactly(channel, bytearray(8 * count), deadline))
    if sum(lengths) > limits.total_bytes:
        raise WireError("a frame that is too large")
    header = _exactly(channel, bytearray(header_length), deadline)
    # np.empty leaves the memory untouched until bytes arrive, so a length alone costs nothing
    return header, [_exactly(channel, np.empty(length, dtype="u1"), deadline) for length in lengths]


def _exactly(channel: socket.socket, target: Any, deadline: float | None) -> Any:
    view = memoryview(target)
    while view.nbytes:
        count = _within(channel, deadline, lambda: channel.recv_into(view))  # noqa: B023 - called at once
        if count == 0:
            raise FrameClosed
        view = view[count:]
    return target


def _within(channel: socket.socket, deadline: float | None, act: Any) -> int:
    if deadline is None:
        channel.settimeout(None)
    else:
        left = deadline - time.monotonic()
        if left <= 0:
            raise FrameTimeout
        channel.settimeout(left)
    try:
        return int(act())
    except TimeoutError:
        raise FrameTimeout from None
    except OSError:
        raise FrameClosed from None
