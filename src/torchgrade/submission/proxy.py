"""`submission`: the student's module as a check sees it. Every word of it is a request to the student's process."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import torch

from ..errors import Verdict
from ..sandbox.client import CallOptions, Client
from ..sandbox.program import Program
from ..sandbox.protocol import Placement
from ..wire import Handle as Reference
from ..wire import Named, origin_of, remember_origin
from .handles import Handle
from .naming import name_of
from .observation import Observation
from .troubles import import_failure, why_missing

__all__ = ["Submission"]


class Submission:
    """Call what a student wrote, in a process that a check does not share.

    ``submission.f(x)`` calls the student's ``f``. Plain data comes back by value, anything else as a `Handle`;
    exceptions of the builtin and torch kinds are raised as themselves.

    Args:
        opener: Gives a client of a fresh worker; called once, at the first use.
        program: What the student handed in.
        seed: Where every random generator of the worker starts.
        device: ``"cpu"``; ``"accelerator"``; or ``"cuda"``, where nothing else will do.
    """

    def __init__(self, opener: Callable[[], Client], program: Program, seed: int, device: str = "cpu") -> None:
        self._opener, self._program, self._seed = opener, program, seed
        self._options = CallOptions()
        self._names: list[str] = []
        self._opened: Client | None = None
        self._loaded = False
        self._wanted_device, self._placement = device, Placement()

    def __getattr__(self, name: str) -> StudentFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return StudentFunction(self, name)

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.startswith("_")] + self._names

    @property
    def device(self) -> torch.device:
        """Where the check's calls run in the student's process: ``cuda:0``, or the CPU if it asked for no device."""
        self._place()
        return torch.device(self._placement.device)

    def on_device(self, value: Any) -> Any:
        """Return a value whose tensors arrive on `device` when they are passed to the student's process.

        Args:
            value: A tensor, or a list, tuple or dict with tensors in it.
        """
        if isinstance(value, torch.Tensor):
            device = str(self.device)
            if device == "meta":
                return value.to(device)
            return remember_origin(value.detach(), replace(origin_of(value), device=device))
        if isinstance(value, (list, tuple)):
            return type(value)([self.on_device(one) for one in value])
        if isinstance(value, dict):
            return {key: self.on_device(one) for key, one in value.items()}
        return value

    @property
    def observe(self) -> Observer:
        """``submission.observe.f(x)`` calls ``f`` and returns an `Observation` of it."""
        return Observer(self)

    def make(self, kind: Any, *args: Any, **kwargs: Any) -> Any:
        """Build an object in the student's process: ``submission.make(torch.nn.Linear, 2, 1)``.

        Args:
            kind: A class or function of torch or fixtures.shared.
            args: Its positional arguments.
            kwargs: Its keyword arguments.

        Returns:
            A handle, or the value where it is plain data.
        """
        return self._call(name_of(kind), args, kwargs)

    def vjp(self, module: Handle, inputs: tuple[Any, ...], cotangents: tuple[Any, ...]) -> dict[str, Any]:
        """Differentiate sum(output * cotangent) of a module that stays in the student's process.

        Args:
            module: A handle of a module or function.
            inputs: Tensors it is called with.
            cotangents: One tensor for each output, of that output's shape.

        Returns:
            ``output``, ``inputs`` (a gradient or None each) and ``parameters`` (gradient by name).
        """
        gradients: dict[str, Any] = self._ask("vjp", module, tuple(inputs), tuple(cotangents))
        return gradients

    @contextlib.contextmanager
    def banning(self, *names: str) -> Iterator[None]:
        """Make the named functions, such as ``"torch.linspace"``, raise while the block's calls run."""
        with self._with_options(replace(self._options, ban=(*self._options.ban, *names))):
            yield

    @contextlib.contextmanager
    def uninitialised_as_nan(self) -> Iterator[None]:
        """Show memory that nobody initialised as NaN (integers: their largest value) in the block's calls."""
        with self._with_options(replace(self._options, nan=True)):
            yield

    @contextlib.contextmanager
    def _with_options(self, options: CallOptions) -> Iterator[None]:
        before, self._options = self._options, options
        try:
            yield
        finally:
            self._options = before

    def _call(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return self._client().call(target, args, kwargs, self._options, _stand_in).value

    def _observed(self, target: str, args: tuple[Any, ...]) -> Observation:
        options = replace(self._options, observe=True)
        answer = self._client().call(target, args, {}, options, _stand_in)
        return _observation(answer.value, answer.record or {}, args)

    def _ask(self, verb: str, *fields: Any) -> Any:
        return self._client().ask(verb, *fields, opaque=_stand_in)

    def _require(self, name: str) -> None:
        """End the check when the student's module does not define ``name``."""
        self._client()
        if name not in self._names:
            troubles = self._client().troubles
            raise Verdict("failed", why_missing(name, self._program, self._names, troubles), public=False)

    def _client(self) -> Client:
        client = self._place()
        if not self._loaded:
            self._loaded = True
            try:
                self._names = client.load(self._program, self._seed)
            except Exception as error:
                raise Verdict("failed", import_failure(error, self._program), public=False) from error
        return client

    def _place(self) -> Client:
        """Open the worker and have it find the device, before it sees the submission."""
        if self._opened is None:
            self._opened = client = self._opener()
            client.revive = lambda reference: Handle(self, reference)
            if self._wanted_device != "cpu":
                self._placement = client.place(self._wanted_device)
        return self._opened

    def _close(self) -> None:
        if self._opened is not None:
            self._opened.close()


class StudentFunction:
    """A function or class of the student's module, not yet called."""

    def __init__(self, submission: Submission, name: str) -> None:
        self._submission, self._name = submission, name

    def __call__(self, *args: Any) -> Any:
        self._submission._require(self._name)
        return self._submission._call(self._name, args, {})

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        self._submission._require(self._name)
        return self._submission._ask("get", self._name, attribute)

    def __repr__(self) -> str:
        return f"<{self._name} of the submission>"


class Observer:
    """Gives the student's functions such that calling them returns an `Observation`."""

    def __init__(self, submission: Submission) -> None:
        self._submission = submission

    def __getattr__(self, name: str) -> Callable[..., Observation]:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*args: Any) -> Observation:
            self._submission._require(name)
            return self._submission._observed(name, args)

        return call


def _stand_in(value: object) -> Reference | Named:
    return value._reference if isinstance(value, Handle) else name_of(value)


def _observation(result: Any, record: dict[str, Any], before: tuple[Any, ...]) -> Observation:
    """Build the record from what the worker claims, with nothing in it of another type than promised."""

    def of(name: str, kind: type, default: Any) -> Any:
        value = record.get(name)
        return value if isinstance(value, kind) else default

    return Observation(
        result=result,
        args=of("args", tuple, ()),
        before=before,
        aliases=frozenset(pair for pair in of("aliases", list, []) if isinstance(pair, tuple)),
        versions={str(path): count for path, count in of("versions", dict, {}).items() if isinstance(count, int)},
        moved=frozenset(str(path) for path in of("moved", list, [])),
        ops={str(name): count for name, count in of("ops", dict, {}).items() if isinstance(count, int)},
        generators=frozenset(str(name) for name in of("generators", list, [])),
        stdout=of("stdout", str, ""),
        warnings=[str(text) for text in of("warnings", list, [])],
        seconds=of("seconds", float, 0.0),
    )
