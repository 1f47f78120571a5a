"""In the worker: what happens around one call, for checks about memory, randomness and how the work was done."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import io
import random
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from .failures import BannedCall

__all__ = ["banning", "observe", "uninitialised_as_nan"]

MAX_OUTPUT = 64 << 10
_MT19937_BYTES = 624 * 4 + 4  # the words and, an int, the next one's place
_UNMOVED = (624).to_bytes(4, sys.byteorder)


class _CountOps(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[Any] = Counter()

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # torch would import torch._dynamo to leave this mode out of it, which takes a second

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.counts[func] += 1
        return func(*args, **(kwargs or {}))


class BoundedText(io.TextIOBase):
    """A stdout that keeps the first bytes and lets the rest go; passes all on when it is given somewhere to."""

    def __init__(self, limit: int, onward: Any = None) -> None:
        self.limit, self.onward = limit, onward
        self.kept: list[str] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self.size < self.limit:
            self.kept.append(text[: self.limit - self.size])
        self.size += len(text)
        if self.onward is not None:
            self.onward.write(text)
        return len(text)

    def text(self) -> str:
        return "".join(self.kept)


def observe(call: Callable[[], Any], args: tuple[Any, ...]) -> tuple[Any, dict[str, Any]]:
    """Run ``call`` and return its result with the record of what it did to ``args`` and to the generators."""
    leaves = dict(_leaves("args", args))
    versions = {path: _version(leaf) for path, leaf in leaves.items()}
    places = {path: _span(leaf) for path, leaf in leaves.items()}
    states = _generator_states()
    ops, output = _CountOps(), BoundedText(MAX_OUTPUT, sys.stdout)
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(output), ops:
        warnings.simplefilter("always")
        start = time.perf_counter()
        result = call()
        seconds = time.perf_counter() - start
    after = _generator_states()
    record = {
        "args": args,
        "aliases": _aliases(dict(_leaves("result", result)), leaves),
        "versions": {path: _version(leaf) - versions[path] for path, leaf in leaves.items() if _is_tensor(leaf)},
        "moved": [path for path, leaf in leaves.items() if _span(leaf) != places[path]],
        "ops": {str(op): count for op, count in ops.counts.most_common(500)},
        "generators": [name for name in states if states[name] != after[name]],
        "stdout": output.text(),
        "warnings": [str(one.message)[:500] for one in caught[:50]],
        "seconds": seconds,
    }
    return result, {name: value for name, value in record.items() if value}  # most are empty, and each costs its way


def _leaves(path: str, value: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield the tensors and arrays in nested containers with paths such as ``result['add'][0]``."""
    if isinstance(value, (torch.Tensor, np.ndarray)):
        yield path, value
    elif depth < 8 and isinstance(value, (list, tuple)):
        for index, item in enumerate(value[:10_000]):
            yield from _leaves(f"{path}[{index}]", item, depth + 1)
    elif depth < 8 and isinstance(value, dict):
        for key, item in list(value.items())[:10_000]:
            yield from _leaves(f"{path}[{key!r}]", item, depth + 1)


def _is_tensor(leaf: Any) -> bool:
    return isinstance(leaf, torch.Tensor)


def _version(leaf: Any) -> int:
    # inference tensors keep no version
    return leaf._version if isinstance(leaf, torch.Tensor) and not leaf.is_inference() else 0


def _span(leaf: Any) -> tuple[int, int]:
    """Return the addresses of the first byte and past the last byte of the memory that a leaf belongs to."""
    if isinstance(leaf, np.ndarray):
        low, high = np.lib.array_utils.byte_bounds(leaf) if leaf.size else (0, 0)
        return int(low), int(high)
    if leaf.device.type == "meta" or leaf.layout != torch.strided:
        return 0, 0
    storage = leaf.untyped_storage()
    return storage.data_ptr(), storage.data_ptr() + storage.nbytes()


def _aliases(results: dict[str, Any], args: dict[str, Any]) -> list[tuple[str, str]]:
    spans = {path: _span(leaf) for path, leaf in args.items()}
    found = []
    for result_path, result in results.items():
        low, high = _span(result)
        found += [(result_path, path) for path, (start, end) in spans.items() if max(low, start) < min(high, end)]
    return found


def _generator_states() -> dict[str, Any]:
    state = torch.default_generator.get_state()
    return {
        "torch": ctypes.string_at(state.data_ptr(), state.numel()),  # numpy() and tolist() may be banned just now
        "numpy": _numpy_state(),
        "random": random.getstate(),
    }


def _numpy_state() -> Any:
    generator = np.random.mtrand.get_bit_generator()
    if type(generator) is np.random.MT19937:
        # get_state() takes 20 times as long. Only a generator that has moved can hold half of a pair of normals, which
        # is what these bytes do not tell; a seeded one stands behind its last word.
        words = ctypes.string_at(generator.ctypes.state_address, _MT19937_BYTES)
        if words[-4:] == _UNMOVED:
            return words
    kind, keys, *rest = np.random.get_state()
    return kind, np.asarray(keys).tobytes(), *rest


@contextlib.contextmanager
def uninitialised_as_nan(on: bool) -> Iterator[None]:
    """Fill memory that nobody initialised with NaN (integers: their largest value), and leave torch as it was."""
    if not on:
        yield
        return
    mode = torch.get_deterministic_debug_mode()
    filling = torch.utils.deterministic.fill_uninitialized_memory
    torch.set_deterministic_debug_mode("warn")  # use_deterministic_algorithms would import torch._dynamo for it
    torch.utils.deterministic.fill_uninitialized_memory = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about operations without a deterministic form: not the student's concern
            yield
    finally:
        torch.set_deterministic_debug_mode(mode)
        torch.utils.deterministic.fill_uninitialized_memory = filling


@contextlib.contextmanager
def banning(names: list[str], modules: list[ModuleType]) -> Iterator[None]:
    """Make the named functions raise, also where the submission has bound them under names of its own."""
    undo: list[Callable[[], None]] = []
    try:
        for name in names:
            undo += _ban(name, modules)
        yield
    finally:
        for restore in reversed(undo):
            restore()


def _ban(name: str, modules: list[ModuleType]) -> list[Callable[[], None]]:
    owner, attribute = _owner(name)
    original = getattr(owner, attribute)

    def banned(*args: object, **kwargs: object) -> None:
        raise BannedCall(name)

    undo = [_replace(owner, attribute, banned)]
    for module in modules:
        undo += [_replace(module, own, banned) for own, value in list(vars(module).items()) if value is original]
    return undo


def _replace(owner: Any, attribute: str, value: Any) -> Callable[[], None]:
    own = vars(owner)
    had, old = attribute in own, own.get(attribute)
    setattr(owner, attribute, value)
    return lambda: setattr(owner, attribute, old) if had else delattr(owner, attribute)


def _owner(name: str) -> tuple[Any, str]:
    """Find the module or class that holds a dotted name."""
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            owner: Any = importlib.import_module(".".join(parts[:cut]))
        except ImportError:
            continue
        for part in parts[cut:-1]:
            owner = getattr(owner, part)
        return owner, parts[-1]
    raise ImportError(f"no module holds {name}")
