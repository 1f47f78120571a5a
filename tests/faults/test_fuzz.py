"""Whatever a worker sends: the decoder answers with a value or a WireError, soon, and without taking much memory.

``TORCHGRADE_FRAMES`` says how many spoilt frames are tried. A failure prints the seed and the frame, as hex.
"""

import contextlib
import gc
import os
import random
import socket
import sys
import time
import warnings
from pathlib import Path

import msgspec
import numpy as np
import pytest

from torchgrade.sandbox.protocol import read_answer
from torchgrade.wire import FrameClosed, FrameTimeout, Named, WireError, WireLimits, receive, unpack

from .frames import LIMITS, Spoiler, answers, frame_of

FRAMES = int(os.environ.get("TORCHGRADE_FRAMES", "20000"))
AT_ONCE = 20_000
WARM_UP = 3000
SOCKET_EVERY = 40  # a real socket is slow, and the decoder does not see the difference
SECONDS = 1.0
GROWTH_MB, PEAK_MB = 8, 64


class Tape:
    """A channel on which the frame has come and the other side is gone."""

    def __init__(self, data):
        self.data = memoryview(data)

    def settimeout(self, seconds):
        """Take no notice: nothing is ever waited for."""

    def recv_into(self, target):
        count = min(len(self.data), target.nbytes)
        target[:count] = self.data[:count]
        self.data = self.data[count:]
        return count


def revive(stand_in):
    if isinstance(stand_in, Named):
        raise WireError("the worker may not name functions")
    return stand_in


def decode(channel, deadline=None):
    """Do what the trusted side does with what comes; return whether it was an answer."""
    try:
        header, buffers = receive(channel, LIMITS, deadline)
        read_answer(unpack(header, buffers, revive, LIMITS, leaf=False))
    except (WireError, FrameClosed, FrameTimeout):
        return False
    return True


def decode_from_socket(frame, closes):
    """Send a frame through a socket whose other end closes after it, or stays and says no more."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            theirs.send(frame)
        if closes:
            theirs.shutdown(socket.SHUT_WR)
        return decode(ours, time.monotonic() + 0.005)


def memory_mb(field):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    raise AssertionError(field)


def forget_the_peak():
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")


def try_one(frame, by_socket, about):
    start = time.thread_time()
    try:
        answered = decode_from_socket(frame, by_socket == 1) if by_socket else decode(Tape(frame))
    except Exception as error:
        pytest.fail(f"{about}: {type(error).__name__}: {error}\n{frame.hex()}")
    assert time.thread_time() - start < SECONDS, f"{about} took too long\n{frame.hex()}"
    return answered


@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read in /proc")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(-(-FRAMES // AT_ONCE)))
def test_a_spoilt_frame_is_refused_soon_and_leaves_nothing(seed):
    spoiler, answered = Spoiler(random.Random(seed)), 0
    count = min(AT_ONCE, FRAMES - seed * AT_ONCE)
    settled = 0.0
    for number in range(count):
        if number == min(WARM_UP, count // 4):
            forget_the_peak()
            settled = memory_mb("VmRSS:")
        by_socket = spoiler.rng.choice([1, 1, 1, 2]) if number % SOCKET_EVERY == 0 else 0
        answered += try_one(spoiler.frame(), by_socket, f"seed {seed}, frame {number}")
    gc.collect()
    assert memory_mb("VmHWM:") - settled < PEAK_MB
    assert memory_mb("VmRSS:") - settled < max(GROWTH_MB, 0.05 * settled)
    assert 0.02 < answered / count < 0.7, "frames that are all right, or all wrong, try nothing"


def test_frames_that_are_not_spoilt_are_answers():
    spoiler = Spoiler(random.Random(0))
    frames = [spoiler.join(header, buffers) for header, buffers in spoiler.packed]
    header, buffers = spoiler.packed[1]
    assert frames[1] == frame_of(header, [memoryview(buffer) for buffer in buffers])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        refused = [number for number, frame in enumerate(frames) if not decode(Tape(frame))]
    named = [number for number, answer in enumerate(answers()) if isinstance(answer[-1], Named)]
    assert refused == named + [number + len(answers()) for number in named]


PRIME = (1 << 61) - 1  # hash(n) is n modulo this
COLLIDING = ["set", *[["int", hex((number + 9) * PRIME)] for number in range(20_000)]]
MANY = ["set", *range(100_000)]


def header(tree, notes=()):
    return msgspec.msgpack.encode((notes, tree))


@pytest.mark.parametrize(
    "bad",
    [
        header(COLLIDING),
        header(["dict", *[part for key in COLLIDING[1:] for part in (key, 0)]]),
        header(["set", *[["complex", -1000003.0 * number, float(number)] for number in range(1000)]]),
        header(MANY),
        header(["list", *[MANY[:50_000] for _ in range(2)]]),
        header({number * (1 << 40): 0 for number in range(100)}),
        b"\x92\x90\xdd" + (15_000_000).to_bytes(4, "big") + b"\x90" * 15_000_000,
        b"\x92\x90\xdd" + (5_000_000).to_bytes(4, "big") + b"\xd4\x01a" * 5_000_000,
        b"\x92\x90\xdd" + (15_000_000).to_bytes(4, "big") + b"\x80" * 15_000_000,
        b"\x92\x90" + b"\x91" * 1_000_000,
    ],
    ids=["set", "dict", "complex", "many", "many-in-two", "map", "lists", "extensions", "maps", "deep"],
)
def test_a_header_that_is_made_to_hold_the_grader_is_refused_soon(bad):
    start = time.thread_time()
    with pytest.raises(WireError):
        unpack(bad, [], revive, WireLimits(), leaf=False)
    assert time.thread_time() - start < SECONDS


def test_a_dtype_that_is_none_imports_nothing():
    before = set(sys.modules)
    for name in ("torch._dynamo", "torch._inductor", "torch.nn", "torch.onnx"):
        with pytest.raises(WireError, match="unknown dtype"):
            unpack(header(["dtype", name]), [], revive, WireLimits(), leaf=False)
    assert set(sys.modules) == before


def test_an_array_in_the_place_of_a_word_is_no_answer():
    note = ["numpy", "float32", [2], [4], 0, "cpu", False, [], False]
    arrived = unpack(header(["tuple", ["array", 0], 1], [note]), [np.zeros(8, "u1")], revive, WireLimits(), leaf=False)
    with pytest.raises(WireError):
        read_answer(arrived)


def test_a_repeated_element_counts_with_its_size():
    note = ["torch", "float64", [100 << 20], [0], 0, "cpu", False, [], False]
    with pytest.raises(WireError, match="claim more"):
        unpack(header(["tensor", 0], [note]), [np.zeros(8, "u1")], revive, WireLimits(), leaf=False)
