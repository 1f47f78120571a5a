"""What must be the same on every machine, so that results are."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version

__all__ = ["PACKAGES", "differences", "public", "versions"]

PACKAGES = ("torchgrade", "torch", "numpy")


def versions() -> dict[str, str]:
    """Return the versions in use here."""
    return {"python": public(platform.python_version()), **{name: public(version(name)) for name in PACKAGES}}


def public(text: str) -> str:
    """Return a version without what follows its ``+``: a torch for GPUs and one without are the same release."""
    return text.partition("+")[0]


def differences(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """Say what is installed there and not here; empty where all is the same. Of Python only ``3.x`` must agree."""
    return ", ".join(
        f"{name} {there.get(name) or 'not at all'} (here: {here[name]})"
        for name in here
        if _compared(name, here[name]) != _compared(name, there.get(name, ""))
    )


def _compared(name: str, text: str) -> str:
    return ".".join(text.split(".")[:2]) if name == "python" else text
