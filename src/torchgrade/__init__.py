"""PyTorch exercises, and a grader that never shares a process with the code it grades.

A check's author needs three names: `check`, `expect` and `misconception`. They load nothing heavy until used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .checks import check
    from .expect import expect
    from .misconceptions import misconception

__all__ = ["check", "expect", "misconception"]

_HOME = {"check": "checks", "expect": "expect", "misconception": "misconceptions"}


def __getattr__(name: str) -> Any:
    """Import a public name on first use: pytest loads this package in every run, ours or not."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    # Stored here because importing the submodule `expect` would otherwise hide the function of that name.
    value = globals()[name] = getattr(import_module(f".{_HOME[name]}", __name__), name)
    return value
