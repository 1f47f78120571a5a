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
AHEAD_BYTES = 4096
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

    Each side waits for the other's frame before it sends its own, so that whatever follows a frame is none of ours.

    Returns:
        The header, and a ``uint8`` array of shape (n,) for each buffer.

    Raises:
        WireError: What came is not a frame, is one that is too large, or is more than one.
        FrameTimeout: The deadline passed.
        FrameClosed: The other side closed the channel, perhaps within the frame.
    """
    stream = _Stream(channel, deadline)
    head = stream.fill(bytearray(12))
    header_length, count = struct.unpack("<II", head[4:])
    if head[:4] != MAGIC:
        raise WireError("bytes that are no frame")
    if header_length > limits.header_bytes or count > limits.buffers:
        raise WireError("a frame that is too large")
    lengths = struct.unpack(f"<{count}Q", stream.fill(bytearray(8 * count)))
    if sum(lengths) > limits.total_bytes:
        raise WireError("a frame that is too large")
    header = stream.fill(bytearray(header_length))
    # np.empty leaves the memory untouched until bytes arrive, so a length alone costs nothing
    buffers = [stream.fill(np.empty(length, dtype="u1")) for length in lengths]
    if stream.ahead:
        raise WireError("more bytes than a frame")
    return header, buffers


class _Stream:
    """Read pieces of a frame; the small frames that most are take a single call of the kernel's."""

    def __init__(self, channel: socket.socket, deadline: float | None) -> None:
        self.channel, self.deadline = channel, deadline
        self.ahead = memoryview(b"")

    def fill(self, target: Any) -> Any:
        """Fill ``target`` with the next bytes and return it."""
        view = memoryview(target)
        while view.nbytes:
            if not self.ahead and view.nbytes < AHEAD_BYTES:
                piece = bytearray(AHEAD_BYTES)
                self.ahead = memoryview(piece)[: self._receive(piece)]
            if self.ahead:
                count = min(view.nbytes, self.ahead.nbytes)
                view[:count] = self.ahead[:count]
                self.ahead = self.ahead[count:]
            else:
                count = self._receive(view)
            view = view[count:]
        return target

    def _receive(self, target: Any) -> int:
        count = _within(self.channel, self.deadline, lambda: self.channel.recv_into(target))
        if count == 0:
            raise FrameClosed
        return count


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
