"""Tensors and dtypes: make tensors on purpose.

Every function gets its arguments by position and must leave them as they were.
"""

from __future__ import annotations

import torch
from numpy import ndarray
from torch import Tensor

number = int | float


def describe_tensor(t: Tensor) -> dict[str, object]:
    """Report the five facts to look at first when a tensor misbehaves.

    Args:
        t: Any tensor: any number of axes (also none), any dtype, any device; axes may have length 0.

    Returns:
        A dict with exactly these keys:

        - ``"ndim"``: the number of axes, an int;
        - ``"shape"``: the length of each axis, a tuple of ints;
        - ``"numel"``: the number of elements, an int;
        - ``"dtype"``: the ``torch.dtype`` itself, such as ``torch.float32``;
        - ``"device"``: the device as a str, such as ``"cpu"``.
    """
    raise NotImplementedError("TODO: describe_tensor")


def nested_shape(data: int | float | list) -> tuple[int, ...]:
    """Work out, in plain Python, the shape that ``torch.tensor(data)`` would have.

    Do not call torch or NumPy: the point is to see where a shape comes from.

    Args:
        data: A number, or a list of numbers or of further such lists, at most ten deep. Lists may be empty:
            ``[]`` has shape ``(0,)`` and ``[[], []]`` has shape ``(2, 0)``.

    Returns:
        The length of each axis, outermost first, as a tuple of ints; ``()`` for a number.

    Raises:
        ValueError: The nesting is ragged, at any depth: items of one list differ in length, or numbers and
            lists stand side by side. (torch itself raises TypeError for some of these; here it is always
            ValueError.)
    """
    raise NotImplementedError("TODO: nested_shape")


def scalar_value(t: Tensor) -> int | float | bool:
    """Take the Python number out of a tensor that holds exactly one element.

    Args:
        t: A tensor of any shape, of an integer, floating or bool dtype; it may require grad.

    Returns:
        The element as a Python number of the matching type: int from the integer dtypes (exact, however
        large), float from the floating ones, bool from ``torch.bool``.

    Raises:
        ValueError: ``t`` has no element, or more than one.
    """
    raise NotImplementedError("TODO: scalar_value")


def constant_like(t: Tensor, value: float) -> Tensor:
    """Make a new tensor in the image of ``t``, with every element equal to ``value``.

    Args:
        t: The template, of any shape, of an integer or floating dtype, on any device. What it holds, be it
            NaN or infinity, has no influence.
        value: A number that the template's dtype can hold; a whole number (7 or 7.0) where that dtype is an
            integer.

    Returns:
        A tensor with the shape, dtype and device of ``t``, in memory of its own.
    """
    raise NotImplementedError("TODO: constant_like")


def inclusive_range(start: int, stop: int, step: int) -> Tensor:
    """List ``start``, ``start + step``, ``start + 2 * step``, ... as far as they do not pass ``stop``.

    Args:
        start: The first value.
        stop: The bound. A value that hits it is still included.
        step: The distance; may be negative, is never 0.

    Returns:
        A 1-D int64 tensor. It has shape ``(0,)`` when ``start`` itself lies beyond ``stop``, seen in the
        direction of ``step``.
    """
    raise NotImplementedError("TODO: inclusive_range")


def evenly_spaced(start: float, end: float, points: int) -> Tensor:
    """Divide the way from ``start`` to ``end`` evenly, both ends included.

    Call neither ``torch.linspace`` nor ``numpy.linspace``.

    Args:
        start: The first value, an int or a float.
        end: The last value, an int or a float; may be below ``start`` or equal to it.
        points: How many values, at least 1. A single one is ``start``.

    Returns:
        A float32 tensor of shape ``(points,)`` whose neighbours are all equally far apart. Its first element
        is exactly ``start`` and its last exactly ``end`` (as float32; for one point, ``start``); those
        between are right to 1e-5 of the distance from ``start`` to ``end``, or to float32's own rounding.
    """
    raise NotImplementedError("TODO: evenly_spaced")


def to_float32(data: number | list | ndarray | Tensor) -> Tensor:
    """Make a float32 tensor of ``data``, whatever it is, in memory of its own.

    Args:
        data: A Python number or bool, a (nested) list of them, a NumPy array, or a tensor on the CPU. Arrays
            and tensors have an integer, floating or bool dtype, and a tensor may require grad.

    Returns:
        A float32 tensor with the values and the shape of ``data``: 0-D for a number. It does not require
        grad, and it shares no memory with ``data`` even when that is float32 already, so that later changes
        of one never show in the other.
    """
    raise NotImplementedError("TODO: to_float32")


def cast_report(t: Tensor, dtype: torch.dtype) -> tuple[Tensor, bool]:
    """Cast a tensor, and say whether every value came through unchanged.

    Args:
        t: A tensor of an integer or floating dtype without NaN, of any shape.
        dtype: The integer or floating dtype to cast to.

    Returns:
        A tuple of two: what torch makes of ``t`` when it is cast to ``dtype``, and a Python bool. The bool is
        True when each element is exactly the number that it was before (3.0 and 3 are the same number; 2.7
        and 2 are not, and neither are 0.1 and the nearest float16). An empty tensor has lost nothing: True.
    """
    raise NotImplementedError("TODO: cast_report")


def safe_product(a: Tensor, b: Tensor) -> Tensor:
    """Multiply elementwise in a dtype that is wide enough.

    Args:
        a: A tensor of an integer (int8 to int64, uint8) or floating dtype.
        b: A tensor of the same shape, of any such dtype.

    Returns:
        The product, of the same shape. Its dtype follows from what torch promotes the two dtypes to:

        - an integer dtype: int64;
        - float16: float32;
        - anything else: that dtype.

        The values are those of a product made in that dtype, so that nothing wraps around or overflows that
        would fit it.
    """
    raise NotImplementedError("TODO: safe_product")


def fix_running_total(batches: list[Tensor]) -> Tensor:
    """Add up a list of batches, elementwise. The code below does it wrongly: repair it.

    Args:
        batches: At least one tensor; all have the same shape (any) and the same integer or floating dtype.

    Returns:
        The sum of all batches: a tensor of their shape and dtype. The batches themselves stay as they are.
    """
    total = torch.Tensor(*batches[0].shape)
    for batch in batches:
        total = total + batch
    return total
