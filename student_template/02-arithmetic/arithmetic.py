"""Arithmetic, matrix products, statistics: what the operators do, along which axis, in whose memory.

Every function gets its arguments by position. All but ``add_scaled_`` must leave them as they were.
"""

from __future__ import annotations

from itertools import zip_longest

import torch
from torch import Tensor


def five_operations(a: Tensor, b: Tensor) -> dict[str, Tensor]:
    """Do five operations element by element.

    Args:
        a: A tensor of an integer or floating dtype, of any shape.
        b: Another one, whose shape broadcasts with that of ``a``. No element is 0.

    Returns:
        A dict with exactly these keys, all values computed from the tensors as they came in:

        - ``"add"``: the sum;
        - ``"sub"``: the difference ``a`` minus ``b``;
        - ``"mul"``: the elementwise product, also called the Hadamard product;
        - ``"div"``: the true quotient ``a`` over ``b``: a floating-point tensor, float32 for two integer tensors;
        - ``"neg"``: the negative of ``a``.

        The first four have the broadcast shape, the last the shape of ``a``. Dtypes are those that torch's
        operators give.
    """
    raise NotImplementedError("TODO: five_operations")


def add_scaled_(x: Tensor, y: Tensor, alpha: float) -> Tensor:
    """Add ``alpha * y`` to ``x``, in the memory of ``x``.

    Args:
        x: The tensor to change, of an integer or floating dtype; it need not be contiguous.
        y: What to add. It may be smaller than ``x`` and is then broadcast; it stays as it is.
        alpha: The factor.

    Returns:
        ``x`` itself, with its new values: the same object, the same memory, the same dtype. Whoever held a view
        of ``x`` before the call sees the new values in it.

    Raises:
        RuntimeError: The result does not fit into ``x``: it would need another shape, or it has fractions
            (``y`` or ``alpha`` is floating) and ``x`` holds integers.
    """
    raise NotImplementedError("TODO: add_scaled_")


def dot(u: Tensor, v: Tensor) -> Tensor:
    """Multiply two vectors element by element and add up the products.

    Do not loop over the elements: the number of tensor operations must not depend on the length.

    Args:
        u: A 1-D tensor of float32, float64 or int64.
        v: A tensor of the same dtype.

    Returns:
        The dot product as a tensor without axes, of that same dtype. For vectors without elements it is 0.

    Raises:
        ValueError: ``u`` or ``v`` is not 1-D, or their lengths differ.
    """
    raise NotImplementedError("TODO: dot")


def matmul_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...] | None:
    """Predict the shape of ``torch.matmul`` for tensors of these shapes, in plain Python.

    Make no tensor or array and multiply none: the point is to know the rule.

    Args:
        a: The shape of the left factor; may be empty, and sizes may be 0.
        b: The shape of the right factor, likewise.

    Returns:
        The shape of the product as a tuple of ints, or None where ``torch.matmul`` raises.
    """
    raise NotImplementedError("TODO: matmul_shape")


def batched_matmul(x: Tensor, y: Tensor) -> Tensor:
    """Multiply each matrix of one batch with the matching matrix of another.

    Do not loop over the batch: the number of tensor operations must not depend on its size.

    Args:
        x: A tensor of shape (B, N, M) and dtype float32, float64 or int64. B may be 0.
        y: A tensor of shape (B, M, P) and the same dtype.

    Returns:
        A tensor of shape (B, N, P) and that same dtype; entry b is the matrix product of ``x[b]`` and ``y[b]``.
        Gradients flow through it to ``x`` and ``y``.
    """
    raise NotImplementedError("TODO: batched_matmul")


def linear_forward(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Compute what ``torch.nn.Linear`` computes.

    Args:
        x: A float tensor of shape (..., in): any number of axes before the last, also none.
        weight: A float tensor of shape (out, in).
        bias: A float tensor of shape (out,), or None for no bias.

    Returns:
        A tensor of shape (..., out): each feature vector of ``x`` times each row of ``weight``, plus the bias.
        Gradients flow through it to ``x``, ``weight`` and ``bias``.
    """
    raise NotImplementedError("TODO: linear_forward")


def summary(x: Tensor) -> dict[str, Tensor]:
    """Sum up all elements of a tensor in five numbers.

    Args:
        x: A tensor of an integer dtype, float32 or float64, of any shape, with at least one element.

    Returns:
        A dict with exactly the keys ``"min"``, ``"max"``, ``"sum"``, ``"mean"`` and ``"norm"``, each a tensor
        without axes. The norm is the Euclidean one: the root of the sum of all squares. Dtypes:

        - floating ``x``: all five have the dtype of ``x``;
        - int64 ``x``: min, max and sum are int64, exactly; mean and norm are float32;
        - narrower integers: likewise, and min and max may also keep the dtype of ``x``. The sum does not wrap
          around.
    """
    raise NotImplementedError("TODO: summary")


def extreme_index(x: Tensor, largest: bool = True) -> tuple[int, ...]:
    """Find the coordinates of the largest or the smallest element.

    Args:
        x: A tensor of an integer or floating dtype without NaN, of any shape, with at least one element; it need
            not be contiguous.
        largest: Whether to look for the largest element; if False, for the smallest.

    Returns:
        One Python int per axis, counted from 0: ``()`` for a tensor without axes. Among equal elements the first
        one counts, reading row by row (the last index runs fastest).
    """
    raise NotImplementedError("TODO: extreme_index")


def variance(x: Tensor, dim: int, unbiased: bool) -> Tensor:
    """Compute the variance along one axis from sums and products.

    Call no function that computes a variance or a standard deviation, of torch or of NumPy.

    Args:
        x: A tensor of float32 or float64 with n elements along the axis, n at least 1. The values may lie far from 0
            and close together.
        dim: The axis; negative numbers count from the last.
        unbiased: Whether to divide the sum of squared deviations from the mean by n - 1, or else by n.

    Returns:
        A tensor of the dtype of ``x``, with the shape of ``x`` less the axis ``dim``. Where n is 1 it is nan if
        unbiased, else 0.
    """
    raise NotImplementedError("TODO: variance")


def fix_price_matrix(features: Tensor, weights: Tensor) -> Tensor:
    """Price every item with every set of weights. The code below does it wrongly: repair it.

    Args:
        features: A float32 tensor of shape (n, 2): one item a row.
        weights: A float32 tensor of shape (m, 2): one set of weights a row.

    Returns:
        A float32 tensor of shape (n, m): entry (i, j) is the dot product of row i of ``features`` and row j of
        ``weights``.
    """
    return torch.matmul(features, weights)
