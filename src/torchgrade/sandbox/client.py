"""The trusted side of one worker: requests out, answers in, every failure a typed one."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import torch

from ..errors import CheckFailed, Verdict, mark_raised
from ..language import N_, _, retold
from ..wire import Handle, Named, Opaque, WireError, WireLimits, pack, unpack
from ..wire.sentences import REFUSALS
from .program import Program
from .protocol import (
    Answer,
    Banned,
    Ended,
    Failure,
    OutOfMemory,
    OverLimit,
    Placement,
    Refused,
    Value,
    read_answer,
    read_loaded,
    read_placement,
)  # fmt: skip
from .sentences import SENTENCES

__all__ = ["CallOptions", "Client", "Transport", "Trouble", "exception_of"]

_TORCH_KINDS = {
    "torch.OutOfMemoryError": torch.OutOfMemoryError,
    "torch.LinAlgError": torch.linalg.LinAlgError,
}


class Transport(Protocol):
    """Something that carries one request to a worker and brings back its answer."""

    def post(self, header: bytes, buffers: list[memoryview]) -> None:
        """Send a request to load, if that can be done without waiting; `exchange` of the same then waits only."""
        ...

    def exchange(self, header: bytes, buffers: list[memoryview], *, loading: bool) -> tuple[Any, list[Any]]:
        """Return the answer's header and buffers.

        Raises:
            Verdict: The worker died, hung, or sent what is no frame.
        """
        ...

    def close(self) -> None:
        """End the worker and everything it started."""
        ...


@dataclass(frozen=True)
class CallOptions:
    """What else happens around a call.

    Attributes:
        ban: Dotted names of functions that raise meanwhile.
        nan: Whether uninitialised memory shows as NaN.
        observe: Whether the call is recorded.
    """

    ban: tuple[str, ...] = ()
    nan: bool = False
    observe: bool = False


@dataclass(frozen=True)
class Trouble:
    """What went wrong in a part of a submission, while the rest of it was loaded.

    Attributes:
        names: What is not there for it.
        error: What the student's code raised, or a verdict.
    """

    names: frozenset[str]
    error: BaseException


@dataclass
class Client:
    """Speak the protocol with one worker.

    Args:
        transport: The way there.
        limits: Bounds on what may come back.
        revive: Turns a handle that comes back into what the caller works with.

    Attributes:
        carried: Bytes that the last request and its answer took.
        program: What was loaded last.
        troubles: What went wrong in parts of it.
    """

    transport: Transport
    limits: WireLimits = field(default_factory=WireLimits)
    revive: Callable[[Handle], Any] = field(default=lambda handle: handle)
    carried: int = field(default=0, init=False)
    program: Program | None = field(default=None, init=False)
    troubles: tuple[Trouble, ...] = field(default=(), init=False)

    def load(self, program: Program, seed: int) -> list[str]:
        """Have the submission executed, every random generator starting from ``seed``; return the names it defines."""
        self.program = program
        request = _to_load(program, seed)
        try:
            names, troubles = read_loaded(self._ask(request, _no_stand_in, loading=True).value)
        except WireError:
            self.close()
            raise Verdict("crashed", _(_NONSENSE)) from None
        told = ((missing, _error_of(self._placed(answer), request)) for missing, answer in troubles[:MAX_TROUBLES])
        self.troubles = tuple(Trouble(frozenset(missing), error) for missing, error in told if error is not None)
        return names

    def begin_load(self, program: Program, seed: int) -> None:
        """Have the submission executed while the caller goes on; `load` with the same arguments must come next."""
        self.transport.post(*pack(_to_load(program, seed), _no_stand_in, _UNBOUNDED, keep_strides=True))

    def place(self, wanted: str) -> Placement:
        """Have the worker find a device, before it loads anything.

        Args:
            wanted: ``"accelerator"``, or ``"cuda"`` where nothing else will do.
        """
        found = self._ask(("device", wanted), _no_stand_in, loading=True).value
        try:
            return read_placement(found)
        except WireError:
            self.close()
            raise Verdict("crashed", _(_NONSENSE)) from None

    def call(
        self,
        target: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        options: CallOptions,
        opaque: Opaque,
    ) -> Value:
        """Call a function in the worker.

        Args:
            target: A name in the submission, a Handle, or a Named function.
            args: Positional arguments, sent as data.
            kwargs: Keyword arguments, sent as data.
            options: Bans, NaN filling, observation.
            opaque: What stands in for an argument that is not data.

        Raises:
            Verdict: The worker died, hung, ended itself, ran out of memory, or answered nonsense.
            CheckFailed: The result cannot be sent, or a banned function was called.
            Exception: Whatever the student's code raised, as itself where its kind is builtin or torch's.
        """
        plain = {"ban": list(options.ban), "nan": options.nan, "observe": options.observe}
        return self._ask(("call", target, args, kwargs, plain), opaque)

    def ask(self, verb: str, *fields: Any, opaque: Opaque | None = None) -> Any:
        """Ask one of the verbs about handles (see `protocol`) and return the value."""
        return self._ask((verb, *fields), opaque or _no_stand_in).value

    def close(self) -> None:
        """End the worker."""
        self.transport.close()

    def _ask(self, request: tuple[Any, ...], opaque: Opaque, *, loading: bool = False) -> Value:
        # the author's own arguments are not bounded: whatever the grader's memory holds may be sent
        header, buffers = pack(request, opaque, _UNBOUNDED, keep_strides=True)
        self.carried = _size(header, buffers)
        reply, blobs = self.transport.exchange(header, buffers, loading=loading)
        self.carried += _size(reply, blobs)
        try:
            answer = read_answer(unpack(reply, blobs, self._revive, self.limits, leaf=False))
        except WireError:
            self.close()
            raise Verdict("crashed", _(_NONSENSE)) from None
        return _unwrap(self._placed(answer), request)

    def _placed(self, answer: Answer) -> Answer:
        """Give a line of a notebook as its reader counts: a cell, and a line in it."""
        if not isinstance(answer, Failure) or answer.where.line is None or self.program is None:
            return answer
        cell, line = self.program.cell_and_line(answer.where.line)
        return replace(answer, where=replace(answer.where, cell=cell, line=line))

    def _revive(self, stand_in: Handle | Named) -> Any:
        if isinstance(stand_in, Named):
            raise WireError("the worker may not name functions")
        return self.revive(stand_in)


MAX_TROUBLES = 50
_UNBOUNDED = WireLimits(1 << 31, 1 << 20, 1 << 40, 100, 1 << 40, 1 << 30)
_OVER = {
    "files": N_("Your code wrote more into files than it may."),
    "processes": N_("Your code started more processes or threads than it may."),
}
_NONSENSE = N_("Your program sent bytes of its own where its answer was expected.")


def _size(header: bytes | bytearray, buffers: list[Any]) -> int:
    return len(header) + sum(int(buffer.nbytes) for buffer in buffers)


def _to_load(program: Program, seed: int) -> tuple[Any, ...]:
    files = program.module, program.files, program.folder, program.replace
    return "load", *files, program.cells, program.exercises, seed


def _no_stand_in(value: object) -> Handle:
    raise WireError(f"{type(value).__name__} cannot be sent")


def _unwrap(answer: Any, request: tuple[Any, ...]) -> Value:
    match answer:
        case Value():
            return answer
        case Failure():
            raise exception_of(answer, ends_loops=request[0] == "next")
        case Ended(how):
            sentence = _("Your code ended the program ({how}) instead of returning.")
            raise Verdict("crashed", sentence.format(how=_spoken(how)))
        case OutOfMemory():
            raise Verdict("memory", _("Your code asked for more memory than it may use."))
        case OverLimit(which):
            raise Verdict("failed", _(_OVER.get(which, _NONSENSE)))
        case Banned(name):
            raise _banned(name, request)
        case Refused(why):
            says_itself = ": " in why
            remedy = "" if says_itself else _("Return plain data of a moderate size.")
            sentence = _("The answer could not be read: {why}.").format(why=retold(why, (*SENTENCES, *REFUSALS)))
            raise CheckFailed(sentence, remedy)
    raise AssertionError(answer)


def _error_of(answer: Answer, request: tuple[Any, ...]) -> BaseException | None:
    try:
        _unwrap(answer, request)
    except (Exception, Verdict) as error:
        return error
    return None


def _spoken(how: str) -> str:
    if how == "SystemExit":
        return _("exit() or sys.exit()")
    return how if how == "KeyboardInterrupt" else _("an exit exception")


def _banned(name: str, request: tuple[Any, ...]) -> BaseException:
    """Believe the worker only about names that were banned; what it says otherwise must not reach a page."""
    if request[0] != "call" or name not in request[4]["ban"]:
        return Verdict("crashed", _(_NONSENSE))
    sentence = _("{name} was called, and this exercise asks you to do without it.").format(name=name)
    return CheckFailed(sentence, _("Build the result from other operations."), because=sentence)


def exception_of(failure: Failure, *, ends_loops: bool) -> Exception:
    """Build the exception that the student's code raised: the nearest class that both sides know.

    Args:
        failure: What the worker said of it.
        ends_loops: The next item was asked for. Elsewhere a StopIteration would end a check's own loop unseen, as one
            raised inside a generator would; it becomes its base class.
    """
    for name in failure.kinds:
        if name in ("StopIteration", "StopAsyncIteration") and not ends_loops:
            continue
        kind = _TORCH_KINDS.get(name) or getattr(builtins, name, None)
        if isinstance(kind, type) and issubclass(kind, Exception):
            try:
                error = kind(failure.message)
            except TypeError:  # UnicodeDecodeError and its like want more than a message
                continue
            mark_raised(error, failure.where)
            return error
    error = RuntimeError(failure.message)
    mark_raised(error, failure.where)
    return error
