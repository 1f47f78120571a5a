"""Writing a pack's files into a folder that may hold other files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..course.files import write_changed
from .archive import mode_of

__all__ = ["write_files"]


def write_files(files: Mapping[str, bytes], to: Path) -> list[Path]:
    """Write files by path below a folder; those that are current stay untouched.

    Returns:
        The files written.

    Raises:
        CourseError: One of them cannot be written.
    """
    written = [to / name for name, content in sorted(files.items()) if write_changed(to / name, content)]
    for name, content in files.items():
        (to / name).chmod(mode_of(name, content) & 0o777)
    return written
