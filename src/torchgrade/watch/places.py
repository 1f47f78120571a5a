"""Where the student's files lie, and which of them was saved."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ..course.assignment import Assignment
from ..course.manifest import read_manifest
from ..errors import CourseError

__all__ = ["MANIFEST", "Looker", "files_of", "find_assignments", "first_of"]

MANIFEST = "assignment.toml"
EDITED_SECONDS = 60  # later than what was handed out along with it
MISSING_SECONDS = 1.0  # for an editor to put the new file in the place of the old one


def find_assignments(place: Path) -> tuple[list[Assignment], str]:
    """Return the assignments to watch, and the name of the one file that is asked for.

    Args:
        place: A student's file, an assignment's folder, or a folder of assignments.

    Raises:
        CourseError: There is none, or an ``assignment.toml`` breaks a rule.
    """
    if not place.exists():
        raise CourseError(place, "", "is not there", "name a .py or .ipynb file, or leave it out to watch them all")
    folder, name = (place, "") if place.is_dir() else (place.parent, place.name)
    if name and place.suffix not in (".py", ".ipynb"):
        raise CourseError(place, "", "is neither .py nor .ipynb", "name the file with your exercises")
    if not (folder / MANIFEST).is_file() and name:
        raise CourseError(place, "", f"there is no {MANIFEST} beside it", "name a file in an assignment's folder")
    own = folder / MANIFEST
    manifests = [own] if own.is_file() else sorted(folder.glob(f"*/{MANIFEST}"))
    if not manifests:
        remedy = "run this in the folder that you were given, or in the folder of an assignment"
        raise CourseError(folder, "", f"neither this folder nor one in it holds an {MANIFEST}", remedy)
    with_checks = [file for file in manifests if any(file.parent.glob("test_*.py"))]
    if not with_checks:
        remedy = "watch is for what students receive: `torchgrade release` writes it into student_template/"
        raise CourseError(folder, "", f"there are no checks (test_*.py) beside {MANIFEST}", remedy)
    return [read_manifest(file) for file in with_checks], name


def first_of(assignments: list[Assignment]) -> Assignment:
    """Return where to begin: the one whose file was saved last; if none was, the first with something left to write."""
    edited = [(at, one) for one in assignments if (at := _edited_at(one))]
    if edited:
        return max(edited, key=lambda pair: pair[0])[1]
    return next((one for one in assignments if _left_to_write(one)), assignments[0])


def files_of(assignment: Assignment) -> list[Path]:
    """Return the file and the notebook that an assignment's exercises may be in."""
    return [assignment.folder / f"{assignment.module}{ending}" for ending in (".py", ".ipynb")]


def _edited_at(assignment: Assignment) -> float:
    handed_out = (assignment.folder / MANIFEST).stat().st_mtime
    saved = max((file.stat().st_mtime for file in files_of(assignment) if file.is_file()), default=0.0)
    return saved if saved > handed_out + EDITED_SECONDS else 0.0


def _left_to_write(assignment: Assignment) -> bool:
    present = [file for file in files_of(assignment) if file.is_file()]
    return all(b"raise NotImplementedError(" in file.read_bytes() for file in present)


Look = tuple[int, int, int]


@dataclass
class Looker:
    """Tell which files were saved, by looking again and again: no system's notices miss an editor's way of saving.

    A file counts as saved once it looks the same twice in a row, so that none is read half-written.

    Attributes:
        paths: What to look at; files that are not there may come.
    """

    paths: tuple[Path, ...] = ()
    seen: dict[Path, Look | None] = field(default_factory=dict)
    changing: dict[Path, tuple[Look | None, float]] = field(default_factory=dict)

    def watch(self, paths: Iterable[Path]) -> None:
        """Look at these files from now on; what they are now is no news, for those that were looked at before it is."""
        self.paths = tuple(dict.fromkeys(paths))
        for path in self.paths:
            if path not in self.seen:
                self.seen[path] = _look(path)

    def saved(self) -> list[Path]:
        """Return the files that have changed and come to rest since the last call, the newest last."""
        found = []
        for path in self.paths:
            now = _look(path)
            if now == self.seen[path]:
                self.changing.pop(path, None)
                continue
            before, since = self.changing.get(path, ((-1, -1, -1), time.monotonic()))
            if now == before and (now is not None or time.monotonic() - since > MISSING_SECONDS):
                self.seen[path] = now
                del self.changing[path]
                found.append(path)
            else:
                self.changing[path] = (now, since)
        return sorted(found, key=lambda path: self.seen[path] or (0, 0, 0))

    @property
    def restless(self) -> bool:
        """Whether a file has just changed: worth a look sooner."""
        return bool(self.changing)


def _look(path: Path) -> Look | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
