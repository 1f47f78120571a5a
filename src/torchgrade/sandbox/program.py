"""A submission as text, and how a worker turns it into a module."""

from __future__ import annotations

import hashlib
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = ["Program", "digest_of", "load", "loaded_beside", "program_from"]

MAX_FILE_BYTES = 8 << 20


@dataclass(frozen=True)
class Program:
    """The files a student handed in.

    Attributes:
        module: Name of the module that holds the exercises.
        files: Source of each module by its name, as bytes: decoding it is the worker's risk.
        folder: Where the files really lie, when student code runs in this process; else empty.
        replace: Pairs of an exercise's name and ``module:function`` that takes its place once everything is loaded.
    """

    module: str
    files: dict[str, bytes]
    folder: str = ""
    replace: tuple[tuple[str, str], ...] = field(default=())

    def filename(self, module: str) -> str:
        """Return the file name of a module as it stands in tracebacks."""
        return str(Path(self.folder) / f"{module}.py") if self.folder else f"{module}.py"


def program_from(path: Path, module: str, *, in_place: bool = False) -> Program:
    """Read a submission: one ``.py`` file, or a folder that holds ``<module>.py`` and perhaps modules beside it.

    Args:
        path: The file or folder.
        module: Name of the assignment's module.
        in_place: The student's own run: messages and breakpoints need the real place.

    Raises:
        FileNotFoundError: There is no such file, or no ``<module>.py`` in the folder.
        ValueError: The file is a symbolic link, or larger than 8 MiB.
    """
    main = _main_file(path, module) if path.is_dir() else path
    if main.is_symlink() or path.is_symlink():  # it could point at anything that the grader may read
        raise ValueError(f"{main.name} is a symbolic link; hand in the file itself")
    if not main.is_file():
        raise FileNotFoundError(f"{main.name} is not there")
    beside = sorted(path.glob("*.py")) if path.is_dir() else []
    files = {module: _bounded(main)}
    for other in beside:
        if (
            other != main
            and other.is_file()
            and not other.is_symlink()
            and other.stem.isidentifier()
            and not _is_for_pytest(other.name)
        ):
            files[other.stem] = _bounded(other)
    return Program(module, files, str(main.parent.resolve()) if in_place else "")


def _main_file(folder: Path, module: str) -> Path:
    """Find the module's file in a student's folder; where there is one Python file only, it is that one."""
    candidates = sorted(file for file in folder.glob("*.py") if not _is_for_pytest(file.name))
    only = candidates[0] if len(candidates) == 1 else None
    return only if only is not None else folder / f"{module}.py"


def _is_for_pytest(name: str) -> bool:
    return name == "conftest.py" or name.startswith("test_")


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        text = file.read(MAX_FILE_BYTES + 1)
    if len(text) > MAX_FILE_BYTES:
        raise ValueError(f"{path.name} is larger than {MAX_FILE_BYTES >> 20} MiB")
    return text


def digest_of(program: Program) -> str:
    """Return ``sha256:`` and the hash of a submission's files, names included."""
    digest = hashlib.sha256()
    for name, source in sorted(program.files.items()):
        digest.update(f"{name} {len(source)}\n".encode())
        digest.update(source)
    return f"sha256:{digest.hexdigest()}"


def load(program: Program) -> ModuleType:
    """Execute the submission's main module and return it; whatever its code raises is raised.

    Modules beside it are found after all installed ones, so a student's ``random.py`` shadows nothing.
    """
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Beside)]
    finder = _Beside(program)
    sys.meta_path.append(finder)
    for name in program.files:
        if isinstance(getattr(sys.modules.get(name), "__loader__", None), _Beside):
            del sys.modules[name]
    module = finder.new_module(program.module)
    sys.modules[program.module] = module
    finder.exec_module(module)
    for exercise, place in program.replace:
        other, _, function = place.partition(":")
        setattr(module, exercise, getattr(importlib.import_module(other), function))
    return module


def loaded_beside(program: Program) -> list[ModuleType]:
    """Return the modules beside the main one that it has imported."""
    found = (sys.modules.get(name) for name in program.files if name != program.module)
    return [module for module in found if module and isinstance(module.__loader__, _Beside)]


class _Beside(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Import the submission's modules from memory."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def new_module(self, name: str) -> ModuleType:
        spec = importlib.machinery.ModuleSpec(name, self, origin=self.program.filename(name))
        spec.has_location = True
        return importlib.util.module_from_spec(spec)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        return self.new_module(fullname).__spec__ if fullname in self.program.files else None

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        source, filename = self.program.files[name], self.program.filename(name)
        # Tracebacks and inspect.getsource read linecache; a modification time of None means "never look at the disk".
        lines: Any = source.decode("utf-8", "replace").splitlines(keepends=True)
        linecache.cache[filename] = (len(source), None, lines, filename)
        exec(compile(_decoded(source, filename), filename, "exec", dont_inherit=True), module.__dict__)


def _decoded(source: bytes, filename: str) -> str:
    """Decode a file as an import would; compile() alone would pass over a wrong byte in a comment.

    Raises:
        SyntaxError: It is not in the encoding that it declares, or that is unknown.
    """
    try:
        return importlib.util.decode_source(source)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        words = f"byte 0x{source[error.start]:02x} is not {error.encoding}: save the file as UTF-8"
        raise SyntaxError(words, (filename, line, None, None)) from None
