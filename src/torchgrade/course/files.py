"""Reading a course's files, and writing what is made from them; every trouble becomes a `CourseError`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import CourseError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["listed", "read_text", "read_toml", "write_changed"]


def read_text(file: Path) -> str:
    """Read a UTF-8 file, with newlines for all line endings and without a byte order mark."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 (byte {error.start})"
        raise CourseError(file, "", problem, "save the file again with the encoding UTF-8") from None
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
        raise CourseError(file, "", problem, "create the file, or make it readable") from None


def read_toml(file: Path) -> dict[str, Any]:
    """Read a TOML file; a syntax error names its line."""
    text = read_text(file)
    try:
        table: dict[str, Any] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # too long a number and too deep a nesting are no TOMLDecodeError
        at = re.search(r"line \d+", str(error))
        last = f"line {text.count(chr(10)) + 1}"
        problem = f"is not TOML: {error or 'too deeply nested'}"
        remedy = "correct that line; text needs quotes, a table starts with [name], a list entry with [[name]]"
        raise CourseError(file, at[0] if at else last, problem, remedy) from None
    return table


def listed(folder: Path) -> Iterator[Path]:
    """Walk the files under ``folder`` in sorted order, without caches and names that start with a dot."""
    for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from listed(entry)
        elif entry.suffix != ".pyc":
            yield entry


def write_changed(file: Path, content: bytes) -> bool:
    """Write ``content`` in one step, unless the file holds it already; tell whether it was written."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        if file.is_file() and file.read_bytes() == content:
            return False
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(content)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        problem = f"cannot be written: {error.strerror or error}"
        raise CourseError(file, "", problem, "make the folder writable, or choose another one") from None
    return True
