"""Work done by the tensor and not by a Python loop: operation counts that do not grow with the input."""

from __future__ import annotations

from typing import Any

from ..errors import AuthorError, CheckFailed
from ..language import N_, _, ngettext
from ..submission.observation import Observation
from ..submission.proxy import StudentFunction
from .describe import clip
from .expectation import Expectation
from .failing import fail_with

__all__ = ["READERS", "vectorised"]
__tracebackhide__ = True

# What hands the numbers of a tensor to plain Python, or to NumPy, where no operation is counted.
READERS = (
    "torch.Tensor.tolist",
    "torch.Tensor.numpy",
    "torch.Tensor.__array__",
    "torch.Tensor.__dlpack__",
    "torch.Tensor.apply_",
    "torch.Tensor.map_",
)
_LOOP = N_("A loop in Python does that: broadcasting, an index or a sum over a dim works on the whole tensor at once.")
_READ = N_("Numbers in plain Python or NumPy are worked on outside torch: stay with operations on whole tensors.")


def vectorised(
    function: Any,
    small: tuple[Any, ...],
    large: tuple[Any, ...],
    slack: int,
    reading: bool,
    because: str | None,
) -> Expectation:
    """Count the operations of two calls; then call once more without what takes the numbers out of torch."""
    if not isinstance(function, StudentFunction):
        raise AuthorError("expect.vectorised is given the function itself: expect.vectorised(submission.f, ...)")
    submission, name = function._submission, function._name
    few, many = (getattr(submission.observe, name)(*arguments) for arguments in (small, large))
    if _count(many) > _count(few) + slack:
        fail_with(_growth(few, many, slack), _(_LOOP), because)
    if not reading:
        try:
            with submission.banning(*READERS):
                function(*large)
        except CheckFailed as error:
            if because:
                fail_with(error.rationale, _(_READ), because)
            fail_with(_(_READ), "", error.because)  # which names the function that was called
    return Expectation(many, because)


def _count(seen: Observation) -> int:
    return sum(seen.ops.values())


def _growth(few: Observation, many: Observation, slack: int) -> str:
    count = ngettext(
        "{few} torch operation ran on a small input, {many} on a large one.",
        "{few} torch operations ran on a small input, {many} on a large one.",
        _count(few),
    ).format(few=_count(few), many=_count(many))
    allowed = _("Their number may not grow with the input; {slack} more are allowed.").format(slack=slack)
    grown = max(many.ops, key=lambda op: many.ops[op] - few.ops.get(op, 0))
    most = _("{operation} grew most: from {few} to {many}.")
    most = most.format(operation=clip(grown, 60), few=few.ops.get(grown, 0), many=many.ops[grown])
    return "\n".join([count, allowed, most])
