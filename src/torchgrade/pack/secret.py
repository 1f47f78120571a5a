"""Encrypting a bundle with GnuPG, which the runners of GitHub and the Python images have.

GnuPG, because it notices when an encrypted file was changed, and can be given its key without a command line.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import CourseError

__all__ = ["encrypted", "key_from"]

_BYTES = 32
_LEAST = 32  # characters; a key that somebody thought of is tried out offline, by whoever has the file


def key_from(file: Path) -> tuple[str, bool]:
    """Return the key in a file, and whether it was made just now, at random, because there was no such file.

    Raises:
        CourseError: The file holds no key, or a short one.
    """
    made = not file.exists()
    if made:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as new:
            new.write(secrets.token_urlsafe(_BYTES) + "\n")
    key = file.read_text(encoding="utf-8", errors="replace").strip()
    if len(key) < _LEAST or not key.isprintable() or " " in key or not key.isascii():
        problem = f"is no key: one line of at least {_LEAST} characters was expected"
        raise CourseError(file, "", problem, "name a file that is not there yet, and a key is written to it")
    return key, made


def encrypted(content: bytes, key: str) -> bytes:
    """Return the content, encrypted with AES-256; whoever changes a byte of it is found out.

    Raises:
        CourseError: There is no GnuPG here, or it failed.
    """
    program = shutil.which("gpg")
    if program is None:
        raise CourseError("gpg", "", "is not installed here", "install GnuPG, or leave out --encrypt")
    with _home() as home:
        file = home / "bundle"
        file.write_bytes(content)
        command = [program, "--homedir", str(home), "--batch", "--quiet", "--no-symkey-cache", "--pinentry-mode"]
        command += ["loopback", "--passphrase-fd", "0", "--cipher-algo", "AES256", "--symmetric", "--output", "-"]
        done = subprocess.run([*command, str(file)], input=key.encode(), capture_output=True, check=False)
    if done.returncode:
        problem = f"failed: {done.stderr.decode(errors='replace').strip()}"
        raise CourseError(program, "", problem, "see what GnuPG says, or leave out --encrypt")
    return done.stdout


@contextmanager
def _home() -> Iterator[Path]:
    """Give GnuPG a folder of its own, so that it neither reads nor changes the user's keys."""
    with tempfile.TemporaryDirectory(prefix="tg", ignore_cleanup_errors=True) as folder:  # short: a socket's name
        try:
            yield Path(folder)
        finally:
            ending = shutil.which("gpgconf")
            if ending:
                subprocess.run([ending, "--homedir", folder, "--kill", "all"], capture_output=True, check=False)
