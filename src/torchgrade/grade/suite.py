"""What a result depends on besides the submission: when any of it changes, old results do not count as done."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ..course import Assignment, Course
from ..language import spoken
from ..sandbox.program import digest_of, program_from

__all__ = ["digest_of_path", "suite_key", "version_of"]


def suite_key(course: Course, assignment: Assignment, isolation: str, visible_only: bool) -> str:
    """Return a hash of the checks, the assignment, the shared fixtures, the options, versions and language in use."""
    digest = hashlib.sha256(f"{isolation} {visible_only} {spoken()}".encode())
    for package in ("torchgrade", "torch", "numpy"):
        digest.update(f"{package} {version_of(package)}".encode())
    for folder in (assignment.folder, course.graders(assignment.slug), course.root / "fixtures" / "shared"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(course.root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def version_of(package: str) -> str:
    """Return the installed version of a package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def digest_of_path(path: Path, module: str) -> str:
    """Return the digest of a submission's files; of one that cannot be read, of nothing."""
    try:
        return digest_of(program_from(path, module))
    except (OSError, ValueError):
        return "sha256:"
