"""How much may come over the wire, and the one error that too much or nonsense raises."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["WireError", "WireLimits"]


class WireError(Exception):
    """A value cannot be sent, or what arrived is no frame of ours; the message is a sentence for the student."""


@dataclass(frozen=True)
class WireLimits:
    """Upper bounds on one frame, checked before anything is allocated for it.

    Attributes:
        header_bytes: Size of the encoded tree.
        buffers: Number of tensors and arrays.
        total_bytes: Size of all tensors and arrays together, as they would be in memory.
        depth: Nesting of lists, tuples, dicts and sets.
        nodes: Number of values in the tree.
        int_bits: Size of one integer; Python itself refuses to print one of more than 4300 digits.
    """

    header_bytes: int = 16 << 20
    buffers: int = 4096
    total_bytes: int = 512 << 20
    depth: int = 100
    nodes: int = 1_000_000
    int_bits: int = 1 << 13

    @property
    def keys(self) -> int:
        """Number of keys that are neither text nor bytes, in all sets and dicts together."""
        return self.nodes // 16
