"""A submission as text: what is read on the trusted side, and travels to the worker."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path

from . import sentences as said
from .notebook import MAX_NOTEBOOK_BYTES, read_notebook

__all__ = ["Program", "digest_of", "main_file", "program_from", "read_bounded"]

MAX_FILE_BYTES = 8 << 20


@dataclass(frozen=True)
class Program:
    """The files a student handed in.

    Attributes:
        module: Name of the module that holds the exercises.
        files: Source of each module by its name, as bytes: decoding it is the worker's risk.
        folder: Where the files really lie, when student code runs in this process; else empty.
        replace: Pairs of an exercise's name and ``module:function`` that takes its place once everything is loaded.
        cells: Of a notebook, the line at which each cell begins; its cells stand below one another in one source.
        exercises: What checks will call, where that is known: of a notebook nothing is run that these do not need.
        notes: What was left out of a notebook, as sentences for the student.
    """

    module: str
    files: dict[str, bytes]
    folder: str = ""
    replace: tuple[tuple[str, str], ...] = field(default=())
    cells: tuple[int, ...] = ()
    exercises: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def filename(self, module: str) -> str:
        """Return the file name of a module as it stands in tracebacks."""
        name = f"{module}.ipynb" if self.cells and module == self.module else f"{module}.py"
        return str(Path(self.folder) / name) if self.folder else name

    @property
    def name(self) -> str:
        """What the student calls the file with the exercises."""
        return Path(self.filename(self.module)).name

    def cell_and_line(self, line: int) -> tuple[int | None, int]:
        """Return a line of the main module as the student counts: the cell it is in, if there are any, and its line."""
        cell = bisect_right(self.cells, line)
        return (cell, line - self.cells[cell - 1] + 1) if cell else (None, line)


def program_from(
    path: Path, module: str, *, in_place: bool = False, exercises: tuple[str, ...] = (), chosen: str = ""
) -> Program:
    """Read a submission: a file, or a folder that holds ``<module>.py`` or ``.ipynb`` and perhaps modules beside it.

    Args:
        path: The ``.py`` or ``.ipynb`` file, or the folder.
        module: Name of the assignment's module.
        in_place: The student's own run: messages and breakpoints need the real place.
        exercises: What checks will call; empty for anything that is defined.
        chosen: Name of the file in the folder that holds the exercises, where the caller knows better.

    Raises:
        FileNotFoundError: There is no such file, or none of that name in the folder.
        ValueError: The file is a symbolic link, too large, or a notebook that cannot be read.
    """
    main = main_file(path, module, chosen)
    folder = str(main.parent.resolve()) if in_place else ""
    beside = _modules_beside(main) if path.is_dir() else {}
    beside.pop(module, None)
    if main.suffix != ".ipynb":
        return Program(module, {module: read_bounded(main), **beside}, folder, exercises=exercises)
    read = read_notebook(read_bounded(main, MAX_NOTEBOOK_BYTES), main.name)
    files = {module: read.source.encode("utf-8", "backslashreplace"), **beside}
    return Program(module, files, folder, cells=read.starts, exercises=exercises, notes=read.notes)


def main_file(path: Path, module: str, chosen: str = "") -> Path:
    """Return the file with the exercises: the one that was handed in, or the module's in the folder that was.

    Raises:
        FileNotFoundError: There is none.
        ValueError: It is a symbolic link.
    """
    main = path if not path.is_dir() else path / chosen if chosen else _main_file(path, module)
    if main.is_symlink() or path.is_symlink():  # it could point at anything that the grader may read
        raise ValueError(said.A_LINK.format(file=main.name))
    if not main.is_file():
        raise FileNotFoundError(said.NOT_THERE.format(file=main.name))
    return main


def _main_file(folder: Path, module: str) -> Path:
    """Find the module's file in a student's folder; where there is one Python file or notebook only, it is that one.

    Who was given the stub both ways fills in one of the two: the other has more left to do.
    """
    ours, notebook = folder / f"{module}.py", folder / f"{module}.ipynb"
    if ours.is_file() and notebook.is_file() and not ours.is_symlink() and not notebook.is_symlink():
        return min(ours, notebook, key=_left_to_do)
    if ours.exists() or notebook.exists():
        return ours if ours.exists() else notebook
    for ending in ("*.py", "*.ipynb"):
        candidates = sorted(file for file in folder.glob(ending) if not _is_for_pytest(file.name))
        if len(candidates) == 1:
            return candidates[0]
    return ours


def _left_to_do(file: Path) -> int:
    with file.open("rb") as opened:
        return opened.read(MAX_NOTEBOOK_BYTES).count(b"raise NotImplementedError(")


def _modules_beside(main: Path) -> dict[str, bytes]:
    found = {}
    for other in sorted(main.parent.glob("*.py")):
        plain = other != main and other.is_file() and not other.is_symlink()
        if plain and other.stem.isidentifier() and not _is_for_pytest(other.name):
            found[other.stem] = read_bounded(other)
    return found


def _is_for_pytest(name: str) -> bool:
    return name == "conftest.py" or name.startswith("test_")


def read_bounded(path: Path, most: int = MAX_FILE_BYTES) -> bytes:
    """Read a file of at most so many bytes; a larger one is a ValueError."""
    with path.open("rb") as file:
        text = file.read(most + 1)
    if len(text) > most:
        raise ValueError(said.TOO_LARGE.format(file=path.name, size=most >> 20))
    return text


def digest_of(program: Program) -> str:
    """Return ``sha256:`` and the hash of a submission's files, names included."""
    digest = hashlib.sha256()
    for name, source in sorted(program.files.items()):
        digest.update(f"{name} {len(source)}\n".encode())
        digest.update(source)
    if program.cells:
        digest.update(f"{program.cells} {program.notes}".encode())
    return f"sha256:{digest.hexdigest()}"
