"""The running torchgrade as a wheel: a pack grades with the engine that its instructor proved the course with.

It is put together from the installed files, so it needs neither a checkout nor a registry.
"""

from __future__ import annotations

import base64
import hashlib
from email.parser import Parser
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from ..course.files import listed
from ..errors import CourseError
from .archive import zip_of

__all__ = ["own_wheel"]

_PACKAGE = Path(__file__).parent.parent
_WHEEL = "Wheel-Version: 1.0\nGenerator: torchgrade pack\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def own_wheel() -> tuple[str, bytes]:
    """Return the name and the content of a wheel of this torchgrade.

    Raises:
        CourseError: torchgrade runs without having been installed, so nothing says what it depends on.
    """
    files = {f"torchgrade/{path.relative_to(_PACKAGE).as_posix()}": path.read_bytes() for path in listed(_PACKAGE)}
    metadata, points, terms = _installed()
    version = Parser().parsestr(metadata)["Version"]
    folder = f"torchgrade-{version}.dist-info"
    files[f"{folder}/METADATA"] = metadata.encode()
    files[f"{folder}/WHEEL"] = _WHEEL.encode()
    files[f"{folder}/entry_points.txt"] = points.encode()
    if terms:
        files[f"{folder}/licenses/LICENSE"] = terms.encode()
    files[f"{folder}/RECORD"] = _record(files, folder)
    return f"torchgrade-{version}-py3-none-any.whl", zip_of(files)


def _installed() -> tuple[str, str, str]:
    """Return what the installation says of itself, its entry points, and its licence."""
    try:
        found = distribution("torchgrade")
    except PackageNotFoundError:
        found = None
    metadata = found.read_text("METADATA") if found else None
    if found is None or metadata is None:
        problem = "runs without being installed, so its requirements are not known"
        raise CourseError(_PACKAGE, "", problem, "install torchgrade with pip, and run that")
    return metadata, found.read_text("entry_points.txt") or "", found.read_text("licenses/LICENSE") or ""


def _record(files: dict[str, bytes], folder: str) -> bytes:
    """Return the list of what is inside, with its hashes, as the wheel format (PEP 427) wants it."""
    lines = []
    for name in sorted(files):
        digest = base64.urlsafe_b64encode(hashlib.sha256(files[name]).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(files[name])}\n")
    return "".join([*lines, f"{folder}/RECORD,,\n"]).encode()
