"""In the worker: a submission's text becomes a module."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import sys
from collections.abc import Sequence
from types import CodeType, ModuleType
from typing import Any

from . import sentences as said
from .piecemeal import Trouble, run_piecemeal
from .pieces import UNREADABLE
from .program import Program

__all__ = ["Trouble", "load", "loaded_beside"]


def load(program: Program, passing: tuple[type[BaseException], ...] = ()) -> tuple[ModuleType, list[Trouble]]:
    """Execute the submission's main module and return it, with what went wrong in parts of it.

    A file that parses is executed as an import would, and whatever its code raises is raised. A notebook, and a file
    with errors, is executed piecemeal. Modules beside it are found after all installed ones, so a student's
    ``random.py`` shadows nothing.

    Args:
        program: The submission.
        passing: Exceptions that are nobody's fault, to be raised whatever is executed.
    """
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Beside)]
    finder = _Beside(program, passing)
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
    return module, finder.troubles


def loaded_beside(program: Program) -> list[ModuleType]:
    """Return the modules beside the main one that it has imported."""
    found = (sys.modules.get(name) for name in program.files if name != program.module)
    return [module for module in found if module and isinstance(module.__loader__, _Beside)]


class _Beside(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Import the submission's modules from memory."""

    def __init__(self, program: Program, passing: tuple[type[BaseException], ...]) -> None:
        self.program, self.passing = program, passing
        self.troubles: list[Trouble] = []

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
        text = _decoded(source, filename)
        if name != self.program.module:
            exec(compile(text, filename, "exec", dont_inherit=True), module.__dict__)
            return
        code = None if self.program.cells else _compiled(text, filename)
        if code is not None:
            exec(code, module.__dict__)
        else:
            self.troubles = run_piecemeal(module, self.program, text, self.passing)


def _compiled(text: str, filename: str) -> CodeType | None:
    """Compile a file; None where that cannot be done as a whole."""
    try:
        return compile(text, filename, "exec", dont_inherit=True)
    except UNREADABLE:
        return None


def _decoded(source: bytes, filename: str) -> str:
    """Decode a file as an import would; compile() alone would pass over a wrong byte in a comment.

    Raises:
        SyntaxError: It is not in the encoding that it declares, or that is unknown.
    """
    try:
        return importlib.util.decode_source(source)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        words = said.NOT_DECODED.format(byte=f"0x{source[error.start]:02x}", encoding=error.encoding)
        raise SyntaxError(words, (filename, line, None, None)) from None
