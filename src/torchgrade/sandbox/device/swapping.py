"""Put other values in the place of attributes for a while, unseen by a module that takes note of them for good."""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

__all__ = ["swapped"]

Places = Sequence[tuple[Any, str, Any]]


@contextlib.contextmanager
def swapped(meanwhile: Places, *, unseen_by: str) -> Iterator[None]:
    """Give attributes other values for the block.

    Args:
        meanwhile: Owner, attribute and value of each.
        unseen_by: A module that finds the old values when it is first imported inside the block.
    """
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in meanwhile]
    finder = _Finder(unseen_by, meanwhile, before)
    _set(meanwhile)
    if unseen_by not in sys.modules:
        sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        if finder in sys.meta_path:
            sys.meta_path.remove(finder)
        _set(before)


def _set(places: Places) -> None:
    for owner, name, value in places:
        setattr(owner, name, value)


class _Finder(importlib.abc.MetaPathFinder):
    """Import one module with the old values in place."""

    def __init__(self, name: str, meanwhile: Places, before: Places) -> None:
        self.name, self.meanwhile, self.before = name, meanwhile, before

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self)
        return spec


class _Loader(importlib.abc.Loader):
    def __init__(self, loader: importlib.abc.Loader, finder: _Finder) -> None:
        self.loader, self.finder = loader, finder

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = module.__spec__.loader = self.loader  # type: ignore[union-attr]
        _set(self.finder.before)
        try:
            self.loader.exec_module(module)
        finally:
            _set(self.finder.meanwhile)
