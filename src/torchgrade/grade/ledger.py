"""`results.jsonl`: a line for each graded submission, written as it ends, so that a kill loses nothing graded."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from .results import SubmissionResult

__all__ = ["Ledger"]


NOTHING = "sha256:"  # the digest of a submission whose files could not be read


class Ledger:
    """The results of one output folder.

    While a run lasts a submission that is graded again has two lines, of which the later counts; `close` leaves one
    each, by name.

    Args:
        folder: The output folder; made when it is missing.
        key: What the results depend on besides the submission; results under another key do not count as done.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self.path, self.key_path = folder / "results.jsonl", folder / ".graded-with"
        folder.mkdir(parents=True, exist_ok=True)
        self.lines = _read(self.path)
        self.current = self._same_key(key)
        _replace(self.path, "".join(f"{line}\n" for _, line in self.lines.values()))
        _replace(self.key_path, key + "\n")
        self.file = os.open(self.path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_CLOEXEC", 0))

    def _same_key(self, key: str) -> bool:
        with contextlib.suppress(OSError):
            return self.key_path.read_text(encoding="utf-8").strip() == key
        return False

    def finished(self, name: str, digest: str) -> SubmissionResult | None:
        """Return the result that a submission already has, if its files and everything else are as they were."""
        result = self.lines[name][0] if self.current and name in self.lines else None
        if result is None or result.digest != digest or digest == NOTHING:
            return None
        return None if any(check.status == "error" for check in result.checks) else result

    def add(self, result: SubmissionResult) -> None:
        """Write a result; one write of a whole line, so that a kill does not leave half of one."""
        line = result.to_json()
        os.write(self.file, f"{line}\n".encode())
        self.lines[result.submission] = (result, line)

    def close(self) -> None:
        """Order the lines by name, one each: the same class gives the same file however it was graded."""
        os.close(self.file)
        _replace(self.path, "".join(f"{self.lines[name][1]}\n" for name in sorted(self.lines)))


def _read(path: Path) -> dict[str, tuple[SubmissionResult, str]]:
    """Read every whole line; a torn last line, left by a crash of the machine, is dropped."""
    found: dict[str, tuple[SubmissionResult, str]] = {}
    with contextlib.suppress(FileNotFoundError):
        for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
            with contextlib.suppress(ValueError, KeyError, TypeError):
                result = SubmissionResult.from_json(line)
                found[result.submission] = (result, line)
    return found


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)
