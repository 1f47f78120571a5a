"""The layers of the wall by name, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LAYERS", "Layer", "level_of"]

LAYERS = ("namespaces", "private-root", "own-uid", "no-new-privs", "rlimits", "landlock", "seccomp", "cgroup")


@dataclass(frozen=True)
class Layer:
    """One layer on this machine.

    Attributes:
        name: One of `LAYERS`.
        on: Whether it holds.
        detail: Why not, in the kernel's words; or what there is to know of it.
    """

    name: str
    on: bool
    detail: str = ""


def level_of(layers: dict[str, Layer], escapes: list[str]) -> str:
    """Return how strongly workers are held.

    A: namespaces, private root, Landlock, seccomp. B: own uid, Landlock, seccomp. C: Landlock, seccomp. D: anything
    else, and whatever the layers say when a canary got out.

    Args:
        layers: What was put up, by name.
        escapes: What a locked-down probe could do that it should not.
    """

    def on(*names: str) -> bool:
        return all(name in layers and layers[name].on for name in names)

    if escapes or not on("landlock", "seccomp"):
        return "D"
    if on("namespaces", "private-root"):
        return "A"
    return "B" if on("own-uid") else "C"
