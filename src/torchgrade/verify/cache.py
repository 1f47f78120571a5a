"""Trials that need not be repeated: kept in the course's `.torchgrade` folder, a line each, as they come."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ..course import Assignment, Course
from ..course.files import listed, write_changed
from ..grade.suite import version_of
from .attempts import Attempt, Trial

__all__ = ["Cache", "surroundings"]

# What lies in fixtures/ for other purposes than to be used by checks.
_APART = frozenset({"alternatives", "attacks", "submissions"})
_SHOWS = (  # rooms that change no verdict
    *("classroom/", "cli/", "cluster/", "export/", "gradebook/", "importing/", "late/", "pack/", "report/"),
    *("similarity/", "verify/", "watch/", "web/"),
)


@dataclass(frozen=True)
class _Line:
    key: str
    trial: Trial


class Cache:
    """The trials of one assignment.

    Args:
        course: Where the file lies: ``.torchgrade/verify/<slug>.jsonl``.
        slug: The assignment.
        around: What every trial depends on, from `surroundings`.
        again: Begin with nothing.
    """

    def __init__(self, course: Course, slug: str, around: str, *, again: bool = False) -> None:
        self.path, self.around = course.root / ".torchgrade" / "verify" / f"{slug}.jsonl", around
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_changed(course.root / ".torchgrade" / ".gitignore", b"*\n")  # a course need not know of this folder
        self.trials = {} if again else _read(self.path)
        self.used: dict[str, Trial] = {}
        if again:
            self.path.unlink(missing_ok=True)
        self.file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)

    def find(self, attempt: Attempt) -> Trial | None:
        """Return what came of the same attempt before."""
        key = self._key(attempt)
        trial = self.trials.get(key)
        if trial is not None:
            self.used[key] = trial
        return trial

    def add(self, attempt: Attempt, trial: Trial) -> None:
        """Keep a trial, unless the grader itself failed in it; one write of a whole line, so that a kill tears none."""
        if trial.sound:
            key = self._key(attempt)
            self.trials[key] = self.used[key] = trial
            os.write(self.file, msgspec.json.encode(_Line(key, trial)) + b"\n")

    def close(self, *, complete: bool) -> None:
        """Close the file; after a complete run only what that run asked for is kept."""
        os.close(self.file)
        if complete:
            draft = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
            lines = (msgspec.json.encode(_Line(key, trial)) + b"\n" for key, trial in self.used.items())
            draft.write_bytes(b"".join(lines))
            os.replace(draft, self.path)

    def _key(self, attempt: Attempt) -> str:
        return hashlib.sha256(f"{self.around} {attempt.key}".encode()).hexdigest()


def _read(path: Path) -> dict[str, Trial]:
    found: dict[str, Trial] = {}
    with contextlib.suppress(FileNotFoundError):
        for text in path.read_bytes().split(b"\n"):
            with contextlib.suppress(msgspec.DecodeError):  # torn by a crash, or of another version
                line = msgspec.json.decode(text, type=_Line)
                found[line.key] = line.trial
    return found


def surroundings(course: Course, assignment: Assignment) -> str:
    """Return a hash of what every trial depends on: checks, fixtures, limits, the engine, versions."""
    digest = hashlib.sha256(f"{sys.version} {_engine()}".encode())
    for package in ("torch", "numpy", "pytest"):
        digest.update(f"{package} {version_of(package)}".encode())
    for file in _files(course, assignment):
        digest.update(file.relative_to(course.root).as_posix().encode() + b"\n" + file.read_bytes())
    return digest.hexdigest()


def _files(course: Course, assignment: Assignment) -> Iterable[Path]:
    yield assignment.folder / "assignment.toml"
    yield from listed(course.graders(assignment.slug))
    for file in listed(course.root / "fixtures"):
        if file.relative_to(course.root / "fixtures").parts[0] not in _APART:
            yield file


@functools.cache
def _engine() -> str:
    """Return a hash of what of torchgrade grades: whoever works on it must not be shown what it did yesterday."""
    package = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for file in sorted(package.rglob("*.py")):
        name = file.relative_to(package).as_posix()
        if not name.startswith(_SHOWS) or name == "verify/serving.py":
            digest.update(name.encode() + b"\n" + file.read_bytes())
    return digest.hexdigest()
