"""Work done by the tensor and not by a Python loop: operation counts that do not grow with the input."""

from __future__ import annotations

from typing import Any

from ..errors import AuthorError, CheckFailed
from ..submission.observation import Observation
from ..submission.proxy import StudentFunction
from .describe import clip, plural
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
_LOOP = "A loop in Python does that: broadcasting, an index or a sum over a dim works on the whole tensor at once."
_READ = "Numbers in plain Python or NumPy are worked on outside torch: stay with operations on whole tensors."


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
        fail_with(_growth(few, many, slack), _LOOP, because)
    if not reading:
        try:
            with submission.banning(*READERS):
                function(*large)
        except CheckFailed as error:
            if because:
                fail_with(error.rationale, _READ, because)
            fail_with(_READ, "", error.because)  # which names the function that was called
    return Expectation(many, because)


def _count(seen: Observation) -> int:
    return sum(seen.ops.values())


def _growth(few: Observation, many: Observation, slack: int) -> str:
    lines = [
        f"{plural(_count(few), 'torch operation')} ran on a small input, {_count(many)} on a large one.",
        f"Their number may not grow with the input; {slack} more are allowed.",
    ]
    grown = max(many.ops, key=lambda op: many.ops[op] - few.ops.get(op, 0))
    return "\n".join([*lines, f"{clip(grown, 60)} grew most: from {few.ops.get(grown, 0)} to {many.ops[grown]}."])
