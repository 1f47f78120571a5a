"""Files as archives: the same files give the same bytes, on any day and any machine."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

__all__ = ["mode_of", "zip_of"]

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
_PLAIN, _PROGRAM = 0o100644, 0o100755


def mode_of(name: str, content: bytes) -> int:
    """Return a file's mode: what begins as a script can be run; a library's module cannot."""
    return _PROGRAM if content.startswith(b"#!") and not name.endswith(".py") else _PLAIN


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of files by path, sorted, with fixed times and modes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3  # Unix, so that the mode counts
            entry.external_attr = mode_of(name, files[name]) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], compresslevel=9)
    return buffer.getvalue()
