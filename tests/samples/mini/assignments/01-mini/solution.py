"""Two exercises."""

import torch
from torch import Tensor


def zeros_matrix(rows: int, columns: int) -> Tensor:
    """Return a float32 matrix of zeros, shape (rows, columns)."""
    # BEGIN SOLUTION
    return torch.zeros(rows, columns)
    # END SOLUTION


def halve(x: Tensor) -> Tensor:
    """Return x / 2 as a new tensor, shape and floating-point dtype of x."""
    # BEGIN SOLUTION
    return x / 2
    # END SOLUTION
