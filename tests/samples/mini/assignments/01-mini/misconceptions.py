"""Known wrong answers."""

import numpy as np
import torch

from torchgrade import misconception


@misconception("zeros_matrix", "NumPy's zeros are float32.", hint="NumPy's default is float64.")
def from_numpy(rows, columns):
    return torch.from_numpy(np.zeros((rows, columns)))


@misconception("halve", "An in-place division returns a new tensor.", hint="div_ writes into x.")
def in_place(x):
    return x.div_(2)
