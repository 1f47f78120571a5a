"""Shapes and memory: give numbers another shape, and know whether they have moved.

Every function gets its arguments by position and must leave them as they were.
"""

from __future__ import annotations

import math

import torch
from numpy import ndarray
from torch import Tensor


def resolve_shape(shape: tuple[int, ...], target: tuple[int, ...]) -> tuple[int, ...]:
    """Work out, in plain Python, the shape that ``x.reshape(target)`` would have for an ``x`` of this shape.

    Make no tensor or array: the point is to know the rule.

    Args:
        shape: The shape of ``x``; may be empty, and sizes may be 0.
        target: What ``reshape`` is called with; -1 stands for a size that follows from the others.

    Returns:
        The shape of the result as a tuple of ints, with the -1 filled in.

    Raises:
        ValueError: ``torch`` would refuse: the numbers of elements differ, or cannot be made equal by a whole number
            in place of -1; there are two -1 or other negative sizes; or the other sizes have the product 0, so that
            any number would do in place of -1.
    """
    raise NotImplementedError("TODO: resolve_shape")


def reshape_report(x: Tensor, shape: tuple[int, ...]) -> tuple[Tensor, bool]:
    """Reshape without copying where that is possible, and say whether it was.

    Args:
        x: A tensor with at least one element, of any strides: contiguous, transposed, sliced, expanded.
        shape: A shape with as many elements, without -1.

    Returns:
        A tuple of two: the elements of ``x`` in reading order in the new shape, and a Python bool. The bool is True
        when that tensor lies in the memory of ``x``, and False when it is a copy. It is a copy only where no view of
        ``x`` can have that shape.
    """
    raise NotImplementedError("TODO: reshape_report")


def independent_reshape(x: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Reshape into memory of its own, without leaving the autograd graph.

    Args:
        x: A tensor of any strides: contiguous, transposed, sliced, expanded. It may require grad.
        shape: A shape with as many elements, without -1.

    Returns:
        The elements of ``x`` in reading order in the new shape, with the dtype of ``x``. Nothing written into it ever
        shows in ``x``. Gradients flow through it to ``x``.
    """
    raise NotImplementedError("TODO: independent_reshape")


def split_heads(x: Tensor, heads: int) -> Tensor:
    """Cut the feature vector of every step into consecutive pieces, one per head.

    Args:
        x: A tensor of shape (B, T, D): B sequences of T steps with D features each, none of them 0.
        heads: The number of pieces; divides D.

    Returns:
        A tensor of shape (B, heads, T, D / heads). Entry ``[b, h, t]`` is piece h of ``x[b, t]``: piece 0 has its first
        D / heads features, piece 1 the next, and so on.
    """
    raise NotImplementedError("TODO: split_heads")


def stack_with_cat(tensors: list[Tensor], dim: int = 0) -> Tensor:
    """Do what ``torch.stack`` does, with ``torch.cat`` and ``unsqueeze``.

    Do not call ``torch.stack`` or one of its relatives (``vstack``, ``hstack``, ...).

    Args:
        tensors: At least one tensor; all have the same dtype. They may have no axes.
        dim: Where the new axis stands in the result. With n axes in each tensor it runs from -n - 1 to n; negative
            numbers count from the last axis of the result.

    Returns:
        A tensor with one axis more, as long as the list: along it lie the tensors in their order. It has their dtype
        and memory of its own.

    Raises:
        ValueError: The tensors do not all have the same shape.
        IndexError: ``dim`` is out of range.
    """
    raise NotImplementedError("TODO: stack_with_cat")


def join(tensors: list[Tensor], how: str) -> Tensor:
    """Do what ``torch.vstack`` and ``torch.hstack`` do, with ``torch.cat`` and ``reshape``.

    Call neither these two nor ``torch.stack`` or another of their relatives.

    Args:
        tensors: At least one tensor, of any number of axes, also none; all have the same dtype.
        how: ``"v"``: below each other, as ``vstack``. Single numbers and vectors count as matrices of one row; then
            axis 0 is joined.
            ``"h"``: side by side, as ``hstack``. Single numbers count as vectors of one element; then axis 0 of vectors
            is joined, and axis 1 of anything else.

    Returns:
        The joined tensor. Along the axis that is joined the tensors may differ in length. A vector may be joined
        vertically with a matrix.
    """
    raise NotImplementedError("TODO: join")


def squeeze_keep_batch(x: Tensor) -> Tensor:
    """Remove every axis of length 1, except axis 0.

    Args:
        x: A tensor with at least one axis. Axis 0 is that of the batch; it may be of length 1 or 0.

    Returns:
        The same elements without the other axes of length 1, in the memory of ``x``.
    """
    raise NotImplementedError("TODO: squeeze_keep_batch")


def insert_axis(x: Tensor, dim: int) -> Tensor:
    """Do what ``x.unsqueeze(dim)`` does, without calling ``unsqueeze``.

    Args:
        x: A tensor of any shape and strides, also without axes.
        dim: Where the new axis stands in the result. With n axes in ``x`` it runs from -n - 1 to n; negative numbers
            count from the last axis of the result, so that -1 makes the new axis the last one.

    Returns:
        The same elements with one more axis, of length 1, in the memory of ``x``.

    Raises:
        IndexError: ``dim`` is out of range.
    """
    raise NotImplementedError("TODO: insert_axis")


def images_to_batch(images: list[Tensor]) -> Tensor:
    """Make a batch that a network takes from images as they are stored.

    Args:
        images: N images, at least one: uint8 tensors of one shape (H, W, 3), values 0 to 255.

    Returns:
        A float32 tensor of shape (N, 3, H, W), contiguous in memory: entry ``[n, c, i, j]`` is channel c of the
        pixel in row i and column j of image n, divided by 255, so that all values lie from 0 to 1.
    """
    raise NotImplementedError("TODO: images_to_batch")


def to_display_image(img: Tensor) -> ndarray:
    """Undo a normalisation and put the channels last, for a plotting library.

    Args:
        img: A float32 tensor of shape (C, H, W) that was made by (p - 0.5) / 0.5 from pixels p. It may require grad.

    Returns:
        The pixels p as a float32 NumPy array of shape (H, W, C). It shares no memory with ``img``.
    """
    raise NotImplementedError("TODO: to_display_image")


def fix_column_order(m: Tensor) -> Tensor:
    """List the elements of a matrix column by column. The code below does it wrongly: repair it.

    Args:
        m: A tensor of shape (rows, columns).

    Returns:
        A tensor of shape (rows * columns,): the first column from top to bottom, then the second, and so on.
    """
    return m.t().view(-1)
