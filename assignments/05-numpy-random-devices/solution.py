"""NumPy, randomness, devices: whose memory it is, where the numbers come from, and where they lie.

Every function gets its arguments by position. No GPU is needed: the device ``"meta"`` is a second device that every
machine has. A tensor on it has shape and dtype but no values, and refuses to mix with tensors on the CPU.
"""

from __future__ import annotations

import random

import numpy
import torch
from torch import Tensor, nn


def wrap_array(arr: numpy.ndarray) -> Tensor:
    """Make a tensor on the memory of an array.

    Args:
        arr: An array of any dtype that torch knows, such as float64, float32, int64 or bool, and of any shape. It may
            be a view of a larger array: transposed, a slice, or reversed.

    Returns:
        A tensor with the shape, the dtype and the values of ``arr``. It lies in the array's own memory: what is written
        into one of the two shows in the other. Only where the array has a negative stride along some axis, which torch
        cannot wrap, is the tensor a copy.
    """
    # BEGIN SOLUTION
    if any(stride < 0 for stride in arr.strides):
        arr = arr.copy()
    return torch.from_numpy(arr)
    # END SOLUTION


def array_from_tensor(t: Tensor) -> numpy.ndarray:
    """Copy a tensor into an array.

    Args:
        t: A tensor of a dtype that NumPy has, of any shape. It may require grad, it need not be contiguous, and it may
            lie on another device than the CPU (though not on ``"meta"``, where there are no values).

    Returns:
        An array with the shape, the dtype and the values of ``t``, in memory of its own. ``t`` stays as it is, and goes
        on requiring grad if it did before.
    """
    # BEGIN SOLUTION
    return t.detach().cpu().numpy().copy()
    # END SOLUTION


def random_like(t: Tensor, seed: int) -> Tensor:
    """Draw numbers from 0 up to 1 in the shape of a tensor, from a generator of its own.

    Args:
        t: A tensor of any dtype and shape, on the CPU; its values do not matter.
        seed: Where the generator starts: 0 or more.

    Returns:
        A tensor of the shape of ``t`` with numbers evenly spread over [0, 1). Its dtype is that of ``t`` if that is
        floating, else float32. The same shape, dtype and seed give the same numbers; another seed gives others. In
        float32 they are what ``torch.rand`` draws after ``torch.manual_seed(seed)``.

        The global generators of torch, NumPy and Python keep their state: they are neither seeded nor drawn from.
    """
    # BEGIN SOLUTION
    generator = torch.Generator().manual_seed(seed)
    dtype = t.dtype if t.is_floating_point() else torch.float32
    return torch.rand(t.shape, dtype=dtype, generator=generator)
    # END SOLUTION


def seed_everything(seed: int) -> None:
    """Seed the global generators of Python (``random``), NumPy (``numpy.random``) and torch.

    After two calls with the same seed all three libraries draw the same numbers. After calls with two different seeds
    below 2**31, or with two neighbouring seeds however large, each library draws others. torch's numbers are those that
    ``torch.manual_seed(seed)`` leads to.

    Args:
        seed: Any whole number from 0 up to 2**63 - 1. NumPy itself takes none above 2**32 - 1.
    """
    # BEGIN SOLUTION
    random.seed(seed)
    numpy.random.seed(seed % 2**32)
    torch.manual_seed(seed)
    # END SOLUTION


def split_indices(n: int, fractions: list[float], seed: int) -> list[Tensor]:
    """Shuffle the indices of n items and cut them into parts.

    Args:
        n: How many items there are; may be 0.
        fractions: The share of each part: positive numbers whose sum is 1, but for rounding.
        seed: What the shuffle starts from: 0 or more. The same seed gives the same parts, another one gives others.

    Returns:
        A list with a 1-D int64 tensor for each fraction, in their order. Each of the numbers 0 to n - 1 is in exactly
        one of them. The length of each differs from its fraction times n by at most one, however many parts there are.

        The global generators of torch, NumPy and Python keep their state.
    """
    # BEGIN SOLUTION
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    parts, start, share = [], 0, 0.0
    for fraction in fractions:
        share += fraction
        stop = round(share * n)
        parts.append(order[start:stop])
        start = stop
    return parts
    # END SOLUTION


def roll_dice(n: int, sides: int, seed: int) -> Tensor:
    """Roll a fair die n times.

    Args:
        n: How many rolls; may be 0.
        sides: How many faces the die has, at least 1.
        seed: What the rolls start from: 0 or more. The same seed gives the same rolls, another one gives others.

    Returns:
        An int64 tensor of shape (n,) with whole numbers from 1 to ``sides``, both included and all equally likely.

        The global generators of torch, NumPy and Python keep their state.
    """
    # BEGIN SOLUTION
    return torch.randint(1, sides + 1, (n,), generator=torch.Generator().manual_seed(seed))
    # END SOLUTION


def choose_device(request: str, available: dict[str, int]) -> torch.device:
    """Choose the device to work on.

    Args:
        request: ``"auto"``, or a device by name: a kind such as ``"cuda"``, ``"mps"`` or ``"cpu"``, or a kind with an
            index from 0, as ``"cuda:1"``.
        available: How many devices there are of each kind, such as ``{"cuda": 2, "mps": 0}``. A kind that is not
            mentioned has none; the CPU is always there, mentioned or not. What torch finds on this machine does not
            matter.

    Returns:
        The device as a ``torch.device``. For ``"auto"`` it is cuda if there is any, else mps if there is any, else the
        CPU. A named device is taken if it is available, ``"cuda:1"`` for instance if there are at least two of kind
        cuda; else the CPU is. A name without an index stands for the first of its kind.
    """
    # BEGIN SOLUTION
    if request == "auto":
        request = next((kind for kind in ("cuda", "mps") if available.get(kind, 0) > 0), "cpu")
    kind, _, index = request.partition(":")
    return torch.device(request if available.get(kind, 0) > int(index or 0) else "cpu")
    # END SOLUTION


def move_to(obj: object, device: torch.device) -> object:
    """Move everything in nested containers to a device.

    Args:
        obj: A tensor, a module, a dict, a list or a tuple of such things, nested to any depth, or anything else.
        device: The device.

    Returns:
        - For a tensor: that tensor on the device; the very same object if it lies there already.
        - For a module: the module itself, after it has been moved.
        - For a dict, a list or a tuple: one of the same type with the same keys or order, whose items have been moved.
          The containers that were passed keep what they held.
        - Anything else (numbers, texts, None, ...) as it is.
    """
    # BEGIN SOLUTION
    if isinstance(obj, (Tensor, nn.Module)):
        return obj.to(device)
    if isinstance(obj, dict):
        return {key: move_to(value, device) for key, value in obj.items()}
    if isinstance(obj, (list, tuple)):
        return type(obj)([move_to(value, device) for value in obj])
    return obj
    # END SOLUTION


def add_on_first_device(a: Tensor, b: Tensor) -> Tensor:
    """Add two tensors that may lie on different devices.

    Args:
        a: A tensor of any dtype, on any device.
        b: Another one, whose shape broadcasts with that of ``a``, on the same or another device.

    Returns:
        The sum, on the device of ``a``. Its dtype is what torch gives for a sum of these two. Gradients flow through it
        to ``a`` and to ``b``. Both stay where and as they are.
    """
    # BEGIN SOLUTION
    return a + b.to(a.device)
    # END SOLUTION


def fix_masked_layer(features: int, every: int) -> nn.Module:
    """Build a linear layer that lets only some of its outputs through. The code below does it wrongly: repair it.

    The layer computes ``nn.Linear(features, features)`` of a float tensor of shape (batch, features) and multiplies the
    result with a fixed mask: 1 for the features 0, ``every``, 2 * ``every`` and so on, 0 for the others.

    - The layer works after ``layer.to(device)`` on tensors of that device, and after ``layer.to(torch.float64)`` on
      float64 tensors.
    - The mask is an entry of ``layer.state_dict()``; ``layer.load_state_dict`` brings back the one that it is given.
    - The mask is not one of the layer's parameters and does not require grad.

    Args:
        features: How many features go in and come out.
        every: The distance from one feature that is let through to the next, at least 1.

    Returns:
        The layer, freshly initialised.
    """

    # BEGIN PROMPT
    # class MaskedLinear(nn.Module):
    #     def __init__(self):
    #         super().__init__()
    #         self.linear = nn.Linear(features, features)
    #         self.keep = torch.zeros(features)
    #         self.keep[::every] = 1
    #
    #     def forward(self, x):
    #         return self.linear(x) * self.keep
    #
    # return MaskedLinear()
    # END PROMPT
    # BEGIN SOLUTION
    class MaskedLinear(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(features, features)
            self.register_buffer("keep", torch.zeros(features))
            self.keep[::every] = 1

        def forward(self, x):
            return self.linear(x) * self.keep

    return MaskedLinear()
    # END SOLUTION
