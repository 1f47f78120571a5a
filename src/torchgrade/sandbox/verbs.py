"""In the worker: the one implementation of what the trusted side may ask for (see `protocol`)."""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
import torch

from ..wire import Handle, Named, WireError, WireLimits, pack, unpack
from .failures import describe
from .loading import Trouble, load, loaded_beside
from .observing import banning, observe, uninitialised_as_nan
from .program import Program

__all__ = ["Verbs", "named"]

_NAMEABLE = ("torch", "fixtures.shared")
MAX_NAMES = 1000


def named(path: str) -> Any:
    """Return the function or class that ``module:qualified.name`` stands for, from torch or fixtures.shared only."""
    module, _, qualname = path.partition(":")
    if not any(module == home or module.startswith(f"{home}.") for home in _NAMEABLE):
        raise WireError(f"{path} is not in torch or fixtures.shared")
    found: Any = importlib.import_module(module)
    for part in qualname.split("."):
        found = getattr(found, part)
    return found


class Verbs:
    """Hold one submission and the objects it has handed out.

    Args:
        limits: Bounds on what is received and sent.
        passing: Exceptions that are not the student's, in a process that is shared: Ctrl-C, a test runner's clock.
    """

    def __init__(self, limits: WireLimits, passing: tuple[type[BaseException], ...] = ()) -> None:
        self.limits, self.passing = limits, passing
        self.module: ModuleType | None = None
        self.files: frozenset[str] = frozenset()
        self.modules: list[ModuleType] = []
        self.kept: list[Any] = []
        self.numbers: dict[int, int] = {}
        self.device = ""
        self.device_on: Callable[[], AbstractContextManager[Any]] = nullcontext

    def answer(self, header: bytes | bytearray, buffers: list[Any]) -> tuple[bytes, list[memoryview]]:
        """Do what a request asks and return the answer, both as frames."""
        with self.device_on():
            return self._answer(header, buffers)

    def _answer(self, header: bytes | bytearray, buffers: list[Any]) -> tuple[bytes, list[memoryview]]:
        verb, *fields = unpack(header, buffers, self.revive, self.limits, leaf=True, device=self.device)
        try:
            answer = getattr(self, f"do_{verb}")(*fields)
        except self.passing:
            raise
        except BaseException as error:
            function = fields[0] if verb == "call" and isinstance(fields[0], str) else None
            answer = describe(error, self.files, function)
        try:
            return pack(answer, self.keep, self.limits, keep_strides=False)
        except WireError as error:
            return pack(("refused", str(error)), self.keep, self.limits, keep_strides=False)
        except BaseException as error:  # a student's class may raise anything from the methods that packing calls
            return pack(describe(error, self.files, None), self.keep, self.limits, keep_strides=False)

    def keep(self, value: object) -> Handle:
        """Keep an object that is not plain data and give it a number; the same object has the same number."""
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = len(self.kept)
            self.kept.append(value)
        return Handle(number, type(value).__name__)

    def revive(self, stand_in: Handle | Named) -> Any:
        """Return the object that a handle or a name in a request stands for."""
        return self.kept[stand_in.number] if isinstance(stand_in, Handle) else named(stand_in.path)

    def do_device(self, wanted: str) -> Any:
        """Find the device that the check asks for, and have it on in whatever follows; answer kind, device and note."""
        from .device import place  # most checks ask for none

        placing = place(wanted)
        self.device, self.device_on = placing.device, placing.on
        return ("value", (placing.kind, placing.device, placing.note))

    def do_load(
        self,
        module: str,
        files: dict[str, bytes],
        folder: str,
        replace: tuple[Any, ...],
        cells: tuple[int, ...],
        exercises: tuple[str, ...],
        seed: int,
    ) -> Any:
        """Execute the submission; answer the names it defines, and what went wrong in parts of it.

        Generators start from the seed before and after.
        """
        program = Program(module, files, folder, replace, cells, exercises)
        self.files = frozenset(program.filename(name) for name in files)
        _seed(seed)
        self.module, troubles = load(program, self.passing)
        _seed(seed)
        self.modules = [self.module, *loaded_beside(program)]
        return ("value", (_public_names(self.module)[:MAX_NAMES], [self._told(trouble) for trouble in troubles]))

    def _told(self, trouble: Trouble) -> tuple[list[str], tuple[Any, ...]]:
        names, error = trouble
        return list(names[:MAX_NAMES]), describe(error, self.files, None)

    def target(self, target: Any) -> Any:
        """Return a function of the submission by its name, or the object itself."""
        return getattr(self.module, target) if isinstance(target, str) else target

    def do_call(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any], options: dict[str, Any]) -> Any:
        """Call a function, with bans, NaN filling and observation as asked."""
        function: Callable[..., Any] = self.target(target)
        with uninitialised_as_nan(bool(options.get("nan"))), banning(options.get("ban", []), self.modules):
            if options.get("observe"):
                return ("observed", *observe(lambda: function(*args, **kwargs), args))
            return ("value", function(*args, **kwargs))

    def do_get(self, target: Any, attribute: str) -> Any:
        """Answer an attribute."""
        return ("value", getattr(self.target(target), attribute))

    def do_item(self, target: Any, key: Any) -> Any:
        """Answer an item."""
        return ("value", target[key])

    def do_length(self, target: Any) -> Any:
        """Answer a length."""
        return ("value", len(target))

    def do_iterate(self, target: Any) -> Any:
        """Answer a handle of an iterator."""
        return ("value", self.keep(iter(target)))

    def do_next(self, target: Any) -> Any:
        """Answer the next item of an iterator."""
        return ("value", next(target))

    def do_is_a(self, target: Any, kind: Any) -> Any:
        """Answer whether an object is an instance of a class."""
        return ("value", isinstance(target, kind))

    def do_vjp(self, target: Any, inputs: tuple[Any, ...], cotangents: tuple[Any, ...]) -> Any:
        """Return output, gradients of the inputs and of the parameters for sum(output * cotangent)."""
        leaves = [x.detach().clone().requires_grad_(x.is_floating_point() or x.is_complex()) for x in inputs]
        output = self.target(target)(*leaves)
        outputs = output if isinstance(output, (tuple, list)) else [output]
        parameters = dict(target.named_parameters()) if isinstance(target, torch.nn.Module) else {}
        wanted = [x for x in leaves if x.requires_grad] + [p for p in parameters.values() if p.requires_grad]
        grads = iter(torch.autograd.grad(list(outputs), wanted, list(cotangents), allow_unused=True))
        of_inputs = [next(grads) if x.requires_grad else None for x in leaves]
        of_parameters = {name: next(grads) if p.requires_grad else None for name, p in parameters.items()}
        return ("value", {"output": output, "inputs": of_inputs, "parameters": of_parameters})


def _public_names(module: ModuleType) -> list[str]:
    """List what a module defines, its own functions and classes first: a star import may bring a thousand."""
    own: list[str] = []
    other: list[str] = []
    for name, value in list(vars(module).items()):
        if not name.startswith("_"):
            mine = isinstance(value, (FunctionType, type)) and value.__module__ == module.__name__
            (own if mine else other).append(name)
    return own + other


def _seed(seed: int) -> None:
    # torch.manual_seed would format a stack trace for a CUDA that is not there: 3 ms in a fresh fork
    torch.default_generator.manual_seed(seed)
    if torch.cuda.is_initialized():
        torch.cuda.manual_seed_all(seed)
    np.random.seed(seed % (1 << 32))
    random.seed(seed)
