"""A very small interpreter of classic BPF: what the kernel would answer to a system call, without making it."""

from __future__ import annotations

import errno
import struct

ALLOW, KILL = "allow", "kill"
X86_64 = 0xC000003E
_ACTIONS = {0x7FFF0000: ALLOW, 0x80000000: KILL}
_INSTRUCTION = struct.Struct("HBBI")


def verdict(program: bytes, number: int, *arguments: int, architecture: int) -> str:
    """Run a filter on one call; return ``"allow"``, ``"kill"`` or the name of the error."""
    padded = (*arguments, *[0] * (6 - len(arguments)))
    data = struct.pack("=IIQ6Q", number & 0xFFFFFFFF, architecture, 0, *(value & (1 << 64) - 1 for value in padded))
    result = _run(list(_INSTRUCTION.iter_unpack(program)), data)
    return _ACTIONS.get(result) or errno.errorcode[result & 0xFFFF]


def _run(code: list[tuple[int, ...]], data: bytes) -> int:
    accumulator = place = 0
    while True:
        operation, when_true, when_false, value = code[place]
        place += 1
        if operation == 0x06:
            return value
        if operation == 0x20:
            (accumulator,) = struct.unpack_from("=I", data, value)
        elif operation == 0x54:
            accumulator &= value
        else:
            tests = {0x15: accumulator == value, 0x35: accumulator >= value, 0x45: accumulator & value}
            place += when_true if tests[operation] else when_false
