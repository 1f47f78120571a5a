"""Which submissions a path stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .results import readable

__all__ = ["Submission", "find_submissions"]

SUFFIXES = (".py", ".ipynb")


@dataclass(frozen=True)
class Submission:
    """One student's work.

    Attributes:
        name: How results name it.
        path: A file, or a folder with the assignment's module in it.
    """

    name: str
    path: Path


def find_submissions(paths: Iterable[Path]) -> list[Submission]:
    """List the submissions under the given paths, ordered by name.

    A file is one submission. A folder that holds ``.py`` or ``.ipynb`` files is a class named by file; any other folder
    is a class with a folder for each student.

    Raises:
        FileNotFoundError: A path does not exist; its message says which.
        ValueError: Nothing to grade is in a folder, or two submissions have the same name.
    """
    found: dict[str, Submission] = {}
    for path in paths:
        for submission in _under(path):
            other = found.setdefault(submission.name, submission)
            if other.path != submission.path:
                raise ValueError(
                    f"two submissions are called {submission.name!r}: {other.path} and {submission.path}; "
                    "grade them in runs of their own"
                )
    return [found[name] for name in sorted(found)]


def _under(path: Path) -> Iterator[Submission]:
    if not path.exists():
        raise FileNotFoundError(f"{path} does not exist")
    if not path.is_dir():
        if path.suffix not in SUFFIXES:
            raise ValueError(f"{path} is neither a .py nor an .ipynb file, nor a folder of them")
        yield Submission(readable(path.stem), path)
        return
    entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith((".", "__pycache__")))
    files = [entry for entry in entries if entry.suffix in SUFFIXES]
    folders = [entry for entry in entries if entry.is_dir()]
    if not files and not folders:
        raise ValueError(f"{path} holds neither .py nor .ipynb files nor a folder for each student")
    for entry in files:
        yield Submission(readable(entry.stem), entry)
    if not files:
        for entry in folders:
            yield Submission(readable(entry.name), entry)
