import socket
import struct
import threading
import time

import numpy as np
import pytest

from torchgrade.wire import FrameClosed, FrameTimeout, WireError, WireLimits, receive, send

SMALL = WireLimits(header_bytes=100, buffers=2, total_bytes=1000)


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def soon():
    return time.monotonic() + 5


def test_a_frame_arrives_whole(pair):
    buffers = [memoryview(np.arange(250, dtype="u1")), memoryview(b"")]
    send(pair[0], b"header", buffers, soon())
    header, arrived = receive(pair[1], SMALL, soon())
    assert header == b"header"
    assert [bytes(buffer) for buffer in arrived] == [bytes(range(250)), b""]


def test_a_large_frame_goes_through_in_pieces(pair):
    large = memoryview(np.random.default_rng(0).integers(0, 255, 3 << 20, dtype="u1"))
    sender = threading.Thread(target=send, args=(pair[0], b"h", [large], soon()))
    sender.start()
    _, (arrived,) = receive(pair[1], WireLimits(), soon())
    sender.join()
    assert np.array_equal(arrived, np.frombuffer(large, dtype="u1"))


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200",
        b"TG01" + struct.pack("<II", 101, 0),
        b"TG01" + struct.pack("<II", 1, 3),
        b"TG01" + struct.pack("<IIQ", 0, 1, 1001),
    ],
    ids=["junk", "long header", "many buffers", "long buffer"],
)
def test_what_is_no_frame_or_too_large_is_refused_before_memory_is_taken(pair, head):
    pair[0].sendall(head)
    with pytest.raises(WireError):
        receive(pair[1], SMALL, soon())


@pytest.mark.parametrize("size", [0, 1, 4080, 4096, 5000, 100_000])
def test_frames_of_every_size_arrive_whole(pair, size):
    sent = np.arange(size, dtype="u4").view("u1")
    header = bytes(size % 251)
    sender = threading.Thread(target=send, args=(pair[0], header, [memoryview(sent), memoryview(b"end")]))
    sender.start()
    arrived, (first, second) = receive(pair[1], WireLimits(), soon())
    sender.join()
    assert (arrived, bytes(second)) == (header, b"end")
    assert np.array_equal(first, sent)


def test_silence_in_mid_frame_ends_at_the_deadline(pair):
    pair[0].sendall(b"TG01" + struct.pack("<II", 50, 0) + b"half")
    with pytest.raises(FrameTimeout):
        receive(pair[1], SMALL, time.monotonic() + 0.05)


def test_a_closed_channel_is_told_apart_from_silence(pair):
    pair[0].sendall(b"TG01")
    pair[0].close()
    with pytest.raises(FrameClosed):
        receive(pair[1], SMALL, soon())


def test_a_reader_that_never_reads_does_not_hold_the_sender_for_ever(pair):
    with pytest.raises(FrameTimeout):
        send(pair[0], b"h", [memoryview(bytes(50 << 20))], time.monotonic() + 0.05)
