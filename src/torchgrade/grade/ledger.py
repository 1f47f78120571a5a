"""`results.jsonl`: a line for each graded submission, written as it ends, so that a kill loses nothing graded."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from ..errors import CourseError
from .results import SubmissionResult

__all__ = ["Ledger", "refuse_another"]


NOTHING = "sha256:"  # the digest of a submission whose files could not be read


@dataclass(frozen=True)
class _Line:
    """A submission's line in the file; in memory there is no more of it than this.

    Attributes:
        start: Where it begins, in bytes.
        length: How long it is, with its newline.
        digest: Of the submission's files.
        sure: Whether no check of it was the grader's own error.
        current: Whether it was graded under the key of this run.
    """

    start: int
    length: int
    digest: str
    sure: bool
    current: bool


class Ledger:
    """The results of one output folder, which lie on the disk however many there are.

    While a run lasts a submission that is graded again has two lines, of which the later counts; `close` leaves one
    each, by name. Beside them lies the key of the run, with the names of those that were graded under another one.

    Args:
        folder: The output folder; made when it is missing.
        key: What the results depend on besides the submission; results under another key do not count as done.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self.path, self.key_path, self.key = folder / "results.jsonl", folder / ".graded-with", key
        folder.mkdir(parents=True, exist_ok=True)
        self.lines: dict[str, _Line] = {}
        self._compact(self._read())
        self.file = os.open(self.path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_CLOEXEC", 0))

    def finished(self, name: str, digest: str) -> bool:
        """Tell whether a submission has a result, and its files and everything else are as they were."""
        line = self.lines.get(name)
        return line is not None and line.current and line.sure and line.digest == digest != NOTHING

    def sure(self, name: str) -> bool:
        """Tell whether a submission has a result without any error of the grader's own."""
        return name in self.lines and self.lines[name].sure

    def add(self, result: SubmissionResult) -> None:
        """Write a result; one write of a whole line, so that a kill does not leave half of one."""
        text = f"{result.to_json()}\n".encode()
        start = os.fstat(self.file).st_size
        os.write(self.file, text)
        self.lines[result.submission] = _line(result, start, len(text))

    def results(self, names: Iterable[str]) -> Iterator[SubmissionResult]:
        """Read the results of submissions from the disk, one after another; those without one are left out."""
        with self.path.open("rb") as file:
            for name in names:
                if name in self.lines:
                    yield SubmissionResult.from_json(_text(file, self.lines[name]).decode())

    def result(self, name: str) -> SubmissionResult:
        """Read the result of one submission.

        Raises:
            KeyError: It has none.
        """
        with self.path.open("rb") as file:
            return SubmissionResult.from_json(_text(file, self.lines[name]).decode())

    def close(self) -> None:
        """Order the lines by name, one each: the same class gives the same file however it was graded."""
        known = max((line.start + line.length for line in self.lines.values()), default=0)
        if os.fstat(self.file).st_size != known:  # Ctrl-C came between a line and its entry here
            self.lines = self._read()
        os.close(self.file)
        self._compact({name: self.lines[name] for name in sorted(self.lines)})

    def _read(self) -> dict[str, _Line]:
        key, older = "", list[str]()
        with contextlib.suppress(FileNotFoundError, ValueError):
            key, *older = self.key_path.read_text(encoding="utf-8").splitlines()
            older = [json.loads(name) for name in older]
        lines = _lines(self.path, older)
        return lines if key == self.key else {name: replace(line, current=False) for name, line in lines.items()}

    def _compact(self, lines: dict[str, _Line]) -> None:
        """Leave these lines in this order, and note which of them were graded under another key."""
        self.path.touch()
        self.lines = {}
        end = 0
        with self.path.open("rb") as file, _replaced(self.path) as new:
            for name, line in lines.items():
                new.write(_text(file, line))
                self.lines[name] = replace(line, start=end)
                end += line.length
        with _replaced(self.key_path) as new:
            older = [json.dumps(name) for name, line in lines.items() if not line.current]
            new.write("".join(f"{text}\n" for text in [self.key, *older]).encode())


def refuse_another(folder: Path, slug: str) -> None:
    """Refuse an output folder with another assignment's results: the same students' new ones would replace those.

    Raises:
        CourseError: It is one.
    """
    path = folder / "results.jsonl"
    with contextlib.suppress(FileNotFoundError, ValueError, KeyError, TypeError), path.open("rb") as file:
        found = SubmissionResult.from_json(file.readline().decode()).assignment
        if found != slug:
            remedy = f"give {slug} a folder of its own: --out {folder / slug}"
            raise CourseError(path, "line 1", f"it has the results of {found}", remedy)


def _line(result: SubmissionResult, start: int, length: int, current: bool = True) -> _Line:
    sure = all(check.status != "error" for check in result.checks)
    return _Line(start, length, result.digest, sure, current)


def _lines(path: Path, older: Collection[str]) -> dict[str, _Line]:
    """Find every whole line; a torn last line, left by a crash of the machine, is dropped.

    Args:
        path: The results.
        older: Submissions whose first line is of another key; a second one is not.
    """
    found: dict[str, _Line] = {}
    start, doubtful = 0, set(older)
    with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
        for text in file:
            with contextlib.suppress(ValueError, KeyError, TypeError):
                result = SubmissionResult.from_json(text.decode() if text.endswith(b"\n") else "")
                found[result.submission] = _line(result, start, len(text), result.submission not in doubtful)
                doubtful.discard(result.submission)
            start += len(text)
    return found


def _text(file: BinaryIO, line: _Line) -> bytes:
    file.seek(line.start)
    return file.read(line.length)


@contextlib.contextmanager
def _replaced(path: Path) -> Iterator[BinaryIO]:
    """Write a file beside the old one, and put it in its place when it is whole."""
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as file:
        yield file
    os.replace(temporary, path)
