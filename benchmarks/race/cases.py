"""What is asked of every submission, in no grader's own words: exercises, arguments, points.

The calls are those of the checks of 01-tensors as far as a value answers them. Left out is what only torchgrade's
checks can ask: whether arguments stayed untouched, whether memory is shared, what a function did without, and tensors
on the device "meta". Random tensors are replaced by ones that an expression gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["CHECKS", "Check"]


@dataclass(frozen=True)
class Check:
    """Some calls of one function, worth some points if all answers are right.

    Attributes:
        exercise: The function that the student wrote.
        points: How many points.
        visible: Whether students have this check, too.
        title: What it is about.
        calls: For each call, its arguments as Python source.
        tolerance: Relative and absolute tolerance for numbers in tensors; None asks for equality.
    """

    exercise: str
    points: int
    visible: bool
    title: str
    calls: tuple[str, ...]
    tolerance: tuple[float, float] | None = None


def _pair(
    exercise: str, points: tuple[int, int], known: Iterable[str], further: Iterable[str], **more: object
) -> list[Check]:
    """Make the visible and the hidden check of an exercise."""
    return [
        Check(exercise, points[0], True, f"{exercise}: known answers", tuple(known), **more),  # type: ignore[arg-type]
        Check(exercise, points[1], False, f"{exercise}: further answers", tuple(further), **more),  # type: ignore[arg-type]
    ]


TABLE = "torch.arange(12.0).reshape(3, 4) / 8"
WHOLE = "torch.arange(-5, 5).reshape(2, 5) * 9"
KINDS = ("float64", "float16", "int64", "int8", "bool")
ARRAYS = ("float64", "float32", "float16", "int64", "uint8", "bool")
INTEGERS = ("uint8", "int8", "int16", "int32", "int64")
RANGES = [(9 * n, 9 * n + 31 * n % 57 + 3, n % 5 + 1) for n in range(1, 5)]
RAGGED = (
    "[[[1, 2], [3, 6], [2, 4]], [[1, 2], [3, 6], [2, 4], [2, 4]]]",
    *("[[1, 2, 3], [4, 5, 6], [7, 8]]", "[[1], [2], [3, 4]]", "[[[1, 2], [3, 4]], [[5, 6], [7]]]"),
    *("[[[1], [2]], [[3]]]", "[1, [2]]", "[[1], 2]", "[[[1]], [[2]], [3]]", "[[], [1]]", "[[1], []]", "[[], [[]]]"),
)


def _factors() -> Iterable[str]:
    """Pairs of integer factors, then of integers and floats, both ways round."""
    for place, left in enumerate(INTEGERS):
        for right in (left, INTEGERS[(place + 2) % 5]):
            yield f"torch.full((3, 2), 100, dtype=torch.{left}), torch.full((3, 2), 90, dtype=torch.{right})"
    floats = [f"torch.tensor([[270.0, 300.0]]).to(torch.{kind})" for kind in ("float16", "float32", "float64")]
    whole = [f"torch.tensor([[100, 120]], dtype=torch.{kind})" for kind in ("int8", "int64")]
    for a in whole + floats:
        for b in floats:
            yield f"{a}, {b}"
            yield f"{b}, {a}"
    yield "torch.tensor([2**24 + 1, 2**31 - 1]), torch.tensor([2**24 + 1, 2**31 - 1])"
    yield "torch.empty(0, 2), torch.empty(0, 2)"


CHECKS = (
    *_pair(
        "describe_tensor", (1, 1),
        ["torch.tensor([[[1.0, 2, 3], [3, 6, 9], [2, 4, 5]]])", "torch.tensor([[7, 8], [9, 10]])", "torch.tensor(7)"],
        [f"torch.zeros({shape}, dtype=torch.{kind})" for shape, kind in (
            ((5, 2, 3, 4), "float16"), ((6,), "bool"), ((), "bool"), ((2, 0, 3), "float64"), ((0,), "uint8"))],
    ),
    *_pair(
        "nested_shape", (2, 2),
        ["7", "[7, 7]", "[[7, 8], [9, 10]]", "[[[1, 2, 3], [3, 6, 9], [2, 4, 5]]]",
         "[[[1, 2], [3, 6], [2, 4]], [[1, 2], [3, 5], [2, 3]]]", RAGGED[0]],
        [*(f"torch.zeros({shape}).tolist()" for shape in ((4,), (3, 5), (2, 1, 4, 3), (1, 1, 2, 1, 3, 2))),
         "-2.5", "[]", "[[], [], []]", "[[[], []]]", *RAGGED[1:]],
    ),
    *_pair(
        "scalar_value", (1, 1),
        [f"torch.tensor({data})" for data in ("0", "[10]", "[[20]]", "[2.5]", "[1, 2]")],
        ["torch.tensor([2**53 + 1])", "torch.tensor(-3, dtype=torch.int8)", "torch.tensor([[True]])",
         "torch.tensor(False)", "torch.tensor([[[0.1]]])", "torch.tensor(0.1, dtype=torch.float64)",
         "torch.tensor([1.5], dtype=torch.float16)", "torch.tensor([3.25], requires_grad=True)",
         *(f"torch.ones({shape})" for shape in ((0,), (3, 0), (0, 1), (2,), (1, 2), (2, 1), (2, 1, 2)))],
    ),
    *_pair(
        "constant_like", (1, 1),
        ["torch.zeros(2, 3, dtype=torch.float64), 6.0", "torch.arange(1, 11), 0.0", "torch.arange(1, 11), 1.0"],
        [f"({TABLE}).double(), -2.5", f"{WHOLE}, 7.0", f"({WHOLE}).to(torch.int8), 3", f"({TABLE}).t(), 1.5",
         'torch.tensor([[1.0, float("nan")], [float("inf"), 0.0]], dtype=torch.float16), 0.5',
         f"({TABLE})[0, 0], 4.0", f"({TABLE})[:0], 4.0"],
    ),
    *_pair(
        "inclusive_range", (1, 2),
        ["1, 10, 1", "0, 8, 2", "0, 10, 3", "10, 0, -5"],
        ["-7, 14, 7", "-6, 7, 5", "9, -9, -6", "3, -8, -4", "4, 4, 3", "4, 4, -3", "2, 5, 40", "5, 4, 1", "8, 1, 3",
         "6, 5, 4", "4, 5, -1", "-3, 9, -2", "5, 7, -3", *(f"{a}, {b}, {c}" for a, b, c in RANGES),
         *(f"{b}, {a}, -{c}" for a, b, c in RANGES)],
    ),
    *_pair(
        "evenly_spaced", (1, 2),
        ["0, 10, 100", "-5, 5, 100", "0, 10, 5", "3, 8, 1"],
        ["0.25, 8.75, 35", "6, -9, 46", "1.5, -2.5, 9", "0, 1, 1000", "2.5, 2.5, 7", "-1, 4, 2", "-1.5, 4.0, 1",
         "7, 7, 1"],
        tolerance=(1e-6, 1e-4),
    ),
    *_pair(
        "to_float32", (2, 2),
        ["10", "[2, 3]", "numpy.arange(1.0, 8.0)", "torch.full([2, 3], 6)", "torch.tensor([3.0, 6.0, 9.0])"],
        ["3", "-2.75", "True", "[[True, False], [False, True]]", "[1, 2.5, True]", "[]", "[[-3], [4]]",
         *(f"numpy.arange(12).reshape(3, 4).astype({kind!r})" for kind in ARRAYS),
         *(f"({WHOLE}).to(torch.{kind})" for kind in KINDS), TABLE, f"({TABLE}).t()", f"({WHOLE})[0, 0]",
         f"({TABLE}).requires_grad_()", f"({TABLE}).double().requires_grad_()"],
    ),
    *_pair(
        "cast_report", (2, 2),
        ["torch.arange(10.0, 100.0, 10.0), torch.float16", "torch.arange(10.0, 100.0, 10.0), torch.int8",
         "torch.tensor([100, 200]), torch.int8", "torch.tensor([3.0, 2.7]), torch.int64"],
        [*(f"{WHOLE}, torch.{kind}" for kind in ("int8", "int32", "float16", "float64")),
         f"({WHOLE}).double() / 2, torch.float16", f"({WHOLE}).to(torch.int8), torch.float32",
         "torch.tensor(-5.0), torch.int16", "torch.tensor([2**24]), torch.float32", f"{TABLE}, torch.float32",
         "torch.empty(0, 3), torch.int8", f"{WHOLE} + 300, torch.int8", f"{WHOLE} - 300, torch.int8",
         "torch.tensor([[-2.5], [2.5]]), torch.int32", "torch.tensor([1.0, 70000.0]), torch.float16",
         "torch.tensor([2048, 2049]), torch.float16", "torch.tensor([0.5, 0.1]), torch.float16",
         "torch.tensor(0.1, dtype=torch.float64), torch.float32", "torch.tensor(2**24 + 1), torch.float32"],
    ),
    *_pair(
        "safe_product", (2, 2),
        ["torch.tensor([3.0, 6.0, 9.0]).half(), torch.tensor([3.0, 6.0, 9.0])",
         "torch.tensor([3.0, 6.0, 9.0]), torch.tensor([3, 6, 9])",
         "torch.tensor([100], dtype=torch.int8), torch.tensor([100], dtype=torch.int8)",
         "torch.tensor([300.0, 2.0]).half(), torch.tensor([300.0, 2.0]).half()"],
        _factors(),
    ),
    *_pair(
        "fix_running_total", (1, 2),
        ["[torch.ones(2, 3), 2 * torch.ones(2, 3), 3 * torch.ones(2, 3)]",
         "[torch.full([2, 3], 6), torch.full([2, 3], 4)]"],
        [*(f"list((torch.arange(60).reshape(4, 3, 5) - 30).to(torch.{kind}))"
           for kind in ("int64", "float64", "float32", "float16", "int16")),
         *(f"[torch.full({shape}, n) for n in (1.0, -2.0, 9.0)]" for shape in ((6,), (), (2, 3, 2), (0, 4))),
         "[torch.arange(6).reshape(3, 2)]"],
    ),
)  # fmt: skip
