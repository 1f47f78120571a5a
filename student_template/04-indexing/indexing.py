"""Indexing and broadcasting: slices, masks, index tensors, and shapes that stretch.

Every function gets its arguments by position. All but ``zero_column_`` must leave them as they were.
"""

from __future__ import annotations

from itertools import zip_longest

import torch
from torch import Tensor


def pick_parts(x: Tensor, r: int, c: int) -> dict[str, Tensor]:
    """Take six parts out of a matrix, by basic slices only.

    Args:
        x: A tensor of shape (n, m), with at least 2 rows and 3 columns; any dtype, and it need not be contiguous.
        r: A row, from 0 to n - 1.
        c: A column, from 0 to m - 1.

    Returns:
        A dict with exactly these keys. Rows and columns are counted from 0, and every part is a view: it lies in the
        memory of ``x``.

        - ``"row"``: row ``r``, of shape (m,);
        - ``"column"``: column ``c`` as a matrix of shape (n, 1);
        - ``"element"``: the element in row ``r`` and column ``c``, a tensor without axes;
        - ``"corner"``: the first 2 rows of the first 3 columns, of shape (2, 3);
        - ``"grid"``: the rows 0, 2, 4, ... of the columns 1, 3, 5, ...;
        - ``"tail"``: all rows but the first two, of shape (n - 2, m).
    """
    raise NotImplementedError("TODO: pick_parts")


def cube_slices(x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Take four slices out of a tensor with three axes.

    Args:
        x: A tensor of shape (A, B, C): A blocks of B rows, each row an innermost vector of C entries. All three
            sizes are at least 1.

    Returns:
        A tuple of four tensors, also where a size is 1:

        - the last entry of every innermost vector, of shape (A, B);
        - the first block, of shape (B, C);
        - the first row of every block, of shape (A, C);
        - the first entry of every innermost vector, of shape (A, B).
    """
    raise NotImplementedError("TODO: cube_slices")


def zero_column_(x: Tensor, j: int) -> Tensor:
    """Set one column of a matrix to zero, in the memory of that matrix.

    Args:
        x: The matrix to change, of shape (n, m). It may be a view of a larger tensor, or transposed.
        j: The column, from -m to m - 1; negative numbers count from the last.

    Returns:
        ``x`` itself, with its new values: the same tensor, the same memory. All entries outside the column are as
        they were.
    """
    raise NotImplementedError("TODO: zero_column_")


def filter_rows(x: Tensor, col: int, threshold: float) -> tuple[Tensor, Tensor]:
    """Select rows and elements by a condition.

    Do not loop over rows or elements: the number of tensor operations must not depend on their number.

    Args:
        x: A tensor of shape (n, m), of an integer or floating dtype.
        col: A column, from 0 to m - 1.
        threshold: The number to compare with.

    Returns:
        A tuple of two tensors of the dtype of ``x``, neither of which shares memory with ``x``:

        - the rows of ``x`` whose entry in column ``col`` is at least the threshold, in their order: shape (k, m),
          and (0, m) if there are none;
        - all elements of ``x`` that are larger than the threshold, row by row: shape (k,), and (0,) if there are
          none.
    """
    raise NotImplementedError("TODO: filter_rows")


def take_per_row(x: Tensor, idx: Tensor) -> Tensor:
    """Take one element out of every row.

    Do not loop over the rows: the number of tensor operations must not depend on their number.

    Args:
        x: A tensor of shape (n, m), of an integer or floating dtype.
        idx: An int64 tensor of shape (n,): for each row the column to take, from 0 to m - 1.

    Returns:
        A tensor of shape (n,) and the dtype of ``x``: entry i is ``x[i, idx[i]]``. Gradients flow through it to the
        elements that were taken.
    """
    raise NotImplementedError("TODO: take_per_row")


def mask_row_max(x: Tensor, fill: float) -> Tensor:
    """Copy a matrix with the largest element of each row replaced.

    Do not loop over the rows: the number of tensor operations must not depend on their number.

    Args:
        x: A tensor of shape (n, m), of an integer or floating dtype, with at least one column.
        fill: What to write in place of the largest elements. Where ``x`` holds integers it is a whole number.

    Returns:
        A tensor of the shape and the dtype of ``x``, also if that is an integer one; it shares no memory with ``x``. In
        each row exactly one element is replaced: the largest, and among equal ones the first.
    """
    raise NotImplementedError("TODO: mask_row_max")


def one_hot(labels: list[int], num_classes: int) -> Tensor:
    """Turn labels into rows with a single 1.

    Do not loop over the labels: the number of tensor operations must not depend on their number.

    Args:
        labels: A list of n class numbers; it may be empty.
        num_classes: The number of classes, at least 1.

    Returns:
        A float32 tensor of shape (n, num_classes): row i is 1 in column ``labels[i]`` and 0 elsewhere. For an empty
        list it has shape (0, num_classes).

    Raises:
        ValueError: A label is not one of 0, 1, ..., num_classes - 1.
    """
    raise NotImplementedError("TODO: one_hot")


def broadcast_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...] | None:
    """Predict the shape of an elementwise operation on tensors of these shapes, in plain Python.

    Make no tensor or array and call no function that broadcasts: the point is to know the rule.

    Args:
        a: The shape of one tensor; may be empty, and sizes may be 0.
        b: The shape of the other, likewise.

    Returns:
        The shape of, say, their sum as a tuple of ints, or None where the shapes do not broadcast.
    """
    raise NotImplementedError("TODO: broadcast_shape")


def standardize_columns(x: Tensor) -> Tensor:
    """Subtract from each column its mean and divide by its sample standard deviation.

    Use sums, products and broadcasting only: call no function that computes a variance or a standard deviation, or
    that normalises.

    Args:
        x: A tensor of shape (n, m) and dtype float32 or float64, with n at least 2.

    Returns:
        A tensor of the same shape and dtype. The sample standard deviation of a column is the root of the sum of
        squared deviations from the column's mean, divided by n - 1. A column whose elements are all equal becomes a
        column of zeros.
    """
    raise NotImplementedError("TODO: standardize_columns")


def pairwise_sq_dists(a: Tensor, b: Tensor) -> Tensor:
    """Compute the squared Euclidean distance of every point from every other, by broadcasting.

    Do not loop: the number of tensor operations must depend neither on the number of points nor on d.

    Args:
        a: A tensor of shape (n, d) and dtype float32 or float64: one point a row.
        b: A tensor of shape (m, d) and the same dtype. The points may lie far from the origin and close together.

    Returns:
        A tensor of shape (n, m) and that same dtype: entry (i, j) is the squared distance between row i of ``a`` and
        row j of ``b``, never negative and exactly 0 for equal points.
    """
    raise NotImplementedError("TODO: pairwise_sq_dists")


def fix_row_scaling(x: Tensor, w: Tensor) -> Tensor:
    """Multiply each row by its own factor. The code below does it wrongly: repair it.

    Args:
        x: A float32 tensor of shape (n, m).
        w: A float32 tensor of shape (n,).

    Returns:
        A float32 tensor of shape (n, m): row i is row i of ``x`` times ``w[i]``.
    """
    return x * w
