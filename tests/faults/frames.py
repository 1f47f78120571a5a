"""Valid frames of every kind of value, and ways to spoil them."""

import random
import socket
import struct

import msgspec
import numpy as np
import torch

from torchgrade.wire import Handle, Named, WireLimits, pack, send

DTYPES = [
    name
    for name in (
        "bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float16", "bfloat16",
        "float32", "float64", "complex32", "complex64", "complex128", "float8_e4m3fn", "float8_e5m2",
        "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu",
    )
    if hasattr(torch, name)
]  # fmt: skip
# Small, so that a frame that makes the decoder take more than it may is seen at once.
LIMITS = WireLimits(header_bytes=1 << 16, total_bytes=4 << 20, nodes=20_000)
MANY = 200
TAGS = (
    "list", "tuple", "size", "set", "frozenset", "dict", "int", "complex", "text", "bytes", "slice", "range", "dtype",
    "device", "tensor", "array", "scalar", "handle", "named", "value", "observed", "raised", "read", "items", "keys",
)  # fmt: skip
ODD = (
    None, True, False, -1, 0, 1, 2, 63, 64, 65, 127, 255, 1 << 16, 1 << 20, 1 << 31, (1 << 31) - 1, 1 << 32, 1 << 48,
    (1 << 62) - 1, 1 << 62, (1 << 63) - 1, -(1 << 63), (1 << 64) - 1, 0.0, -0.0, float("nan"), float("inf"), 1e308,
    "", "x", "0x" + "f" * 2100, "-0x1", "torch.float32", "torch._dynamo", "torch.nn", "torch.float64", "cuda:0", "meta",
    "cuda:9999", "cpu:\u0663", "\udcff".encode("utf-8", "surrogatepass").decode("latin-1"), "\u0663", "torch", "numpy",
    b"", b"\xff\x80", [], ["list"], ["tuple"], ["dict", 1], ["set", ["list"]], ["tensor", 0], ["array", 0],
    ["scalar", 0], ["range", 0, 1 << 62, 1], ["slice", 1, 2, 3], ["int", "0x" + "f" * 2000], ["device", "cuda:77"],
    {}, {1: 2}, *DTYPES, *TAGS,
)  # fmt: skip


def _views():
    block = torch.arange(12.0).reshape(3, 4)
    return [block.T, block[:, 1:3], block[::2], block[0].expand(5, 4), torch.empty(7, 3, device="meta"), block[:0]]


def answers():
    """Return answers of every form, with values of every kind in them."""
    tensors = [torch.ones(shape).to(getattr(torch, name)) for name in DTYPES for shape in ((), (2, 3))]
    arrays = [np.ones(3, dtype=name) for name in ("bool", "int8", "uint64", "float16", "float64", "complex128")]
    parameter = torch.nn.Parameter(torch.ones(2, 2))
    values = [
        *tensors, *arrays, *_views(), parameter, np.arange(6)[::-2], np.float32(3), np.int64(-1), np.bool_(True),
        [tensors[0], tensors[1], tensors[0]], {"weight": parameter, "bias": torch.zeros(2), "steps": 3},
        {(1, 2): {"a": [None, True, 1.5]}, 3: {4, 5}}, frozenset([1, (2, 3), "x", 1 << 80]), [[[[[[["deep"]]]]]]],
        "text", "umlaut \u00e4 \u4e2d", "\ud800 alone", b"\x00\xff bytes", 1 << 100, -(1 << 4000), -5, 1 << 63, 2.5,
        3 - 4j, slice(1, None, 2), range(3, 9, 2), torch.Size([2, 3]), torch.float16, torch.device("cuda:1"),
        Handle(7, "Linear"), (), [], {}, set(), list(range(50)),
        [float(number) for number in range(50)], {str(i): i for i in range(20)},
        Named("torch:relu"),
    ]  # fmt: skip
    record = {"args": (torch.ones(2),), "aliases": frozenset([("result", "args[0]")]), "ops": {"aten.add.Tensor": 1}}
    raised = ("raised", ("ValueError", "Exception"), "no good", 3, "return x", "halve")
    others = [
        raised,
        ("ended", "SystemExit"),
        ("memory",),
        ("limit", "files"),
        ("banned", "torch.sum"),
        ("refused", "x"),
    ]
    return [*[("value", value) for value in values], *[("observed", value, record) for value in values[:20]], *others]


def frame_of(header, buffers):
    """Return the bytes of a frame, as `send` makes them."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        send(ours, header, buffers)
        ours.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: theirs.recv(1 << 16), b""))


class Spoiler:
    """Make frames that are nearly right.

    Args:
        rng: Decides everything.
    """

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.many = rng, False
        self.packed = []
        for strided in (False, True):
            for answer in answers():
                header, buffers = pack(answer, None, WireLimits(), keep_strides=strided)
                self.packed.append((header, [bytes(buffer) for buffer in buffers]))
        self.trees = [msgspec.msgpack.decode(header) for header, _ in self.packed]

    def frame(self):
        """Return the bytes of a spoilt frame: as a whole, in its header, or in what the header says."""
        way = self.rng.random()
        place = self.rng.randrange(len(self.packed))
        header, buffers = self.packed[place]
        if way < 0.2:
            return self.bytes(self.join(header, buffers))
        if way < 0.55:
            return self.join(self.bytes(header), self.blobs(buffers))
        self.many = False
        notes, tree = (self.tree(part, 0) for part in self.trees[place])
        return self.join(msgspec.msgpack.encode([notes, tree]), self.blobs(buffers))

    def join(self, header, buffers):
        """Put a frame together whose lengths are right."""
        lengths = struct.pack(f"<{len(buffers)}Q", *map(len, buffers))
        return b"TG01" + struct.pack("<II", len(header), len(buffers)) + lengths + header + b"".join(buffers)

    def blobs(self, buffers):
        """Swap, cut, lengthen, drop or double buffers, or leave them be."""
        if not buffers or self.rng.random() < 0.6:
            return buffers
        buffers, place = list(buffers), self.rng.randrange(len(buffers))
        way = self.rng.randrange(5)
        if way == 0:
            self.rng.shuffle(buffers)
        elif way == 1:
            buffers[place] = buffers[place][: self.rng.randrange(len(buffers[place]) + 1)]
        elif way == 2:
            buffers[place] += self.rng.randbytes(self.rng.randrange(40))
        elif way == 3:
            del buffers[place]
        else:
            buffers.insert(place, buffers[place])
        return buffers

    def bytes(self, data):
        """Spoil some bytes a few times."""
        data = bytearray(data)
        for _ in range(self.rng.choice([1, 1, 1, 2, 3, 8])):
            self.rng.choice([self.flip, self.cut, self.double, self.splice, self.insert, self.number])(data)
        return bytes(data)

    def somewhere(self, data):
        return self.rng.randrange(len(data) + 1)

    def flip(self, data):
        if data:
            data[self.rng.randrange(len(data))] ^= 1 << self.rng.randrange(8)

    def cut(self, data):
        start = self.somewhere(data)
        del data[start : start + self.rng.choice([1, 1, 2, 5, len(data)])]

    def double(self, data):
        start = self.somewhere(data)
        data[start:start] = data[start : start + self.rng.randrange(1, 30)] * self.rng.choice([1, 1, 2, 50])

    def splice(self, data):
        other = self.rng.choice(self.packed)[0]
        start = self.somewhere(other)
        place = self.somewhere(data)
        data[place : place + self.rng.choice([0, 5, 20])] = other[start : start + self.rng.randrange(40)]

    def insert(self, data):
        place = self.somewhere(data)
        data[place:place] = self.rng.randbytes(self.rng.randrange(1, 12))

    def number(self, data):
        """Write a number of 1 to 8 bytes over what is there, in either order: lengths, counts, shapes."""
        value = self.rng.choice([0, 1, 0x7F, 0x80, 0xFF, 1 << 15, 1 << 20, 1 << 31, 1 << 32, 1 << 63, (1 << 64) - 1])
        size = self.rng.choice([1, 2, 4, 8])
        place = self.rng.choice([4, 8, 12, self.somewhere(data)])
        raw = (value & ((1 << 8 * size) - 1)).to_bytes(size, self.rng.choice(["little", "big"]))
        data[place : place + size] = raw

    def copies(self):
        """Say how often to repeat a node: very often once in a frame at most, or the frame itself fills the memory."""
        count = self.rng.choice([0, 2, 2, 3, MANY])
        if count == MANY:
            count, self.many = (2 if self.many else MANY), True
        return count

    def tree(self, node, depth):
        """Replace, repeat, drop or wrap a few of a tree's nodes."""
        chance = self.rng.random()
        if chance < 0.06:
            return self.rng.choice(ODD)
        if chance < 0.07:
            return [self.rng.choice(TAGS), node]
        if not isinstance(node, list):
            return node
        items = [self.tree(item, depth + 1) for item in node]
        if items and chance > 0.95:
            place = self.rng.randrange(len(items))
            items[place : place + 1] = [items[place]] * self.copies()
        return items
