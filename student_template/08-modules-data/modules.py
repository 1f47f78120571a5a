"""Modules, data, linear regression: build layers, feed them with batches, and train a line.

Every function gets its arguments by position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

import numpy
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, TensorDataset


def build_linear(in_features: int, out_features: int, bias: bool = True) -> nn.Module:
    """Build a linear layer of your own, without ``nn.Linear``.

    Args:
        in_features: How many numbers go in; at least 1.
        out_features: How many come out; at least 1.
        bias: Whether the layer has a bias.

    Returns:
        A module with the parameter ``weight`` of shape (out_features, in_features) and, if asked for, the parameter
        ``bias`` of shape (out_features,), and no others: all float32, trainable, and by these names in the
        ``state_dict()``, so that it can be exchanged with that of an ``nn.Linear``. At the start each number is drawn
        evenly from -b to b with b = 1 / sqrt(in_features), by torch's global generator. Called with x of shape
        (in_features,), (n, in_features) or (m, n, in_features), the module gives x @ weightᵀ + bias; gradients flow to
        both. ``to`` reaches the parameters as in any module.
    """
    raise NotImplementedError("TODO: build_linear")


def build_mlp(sizes: list[int]) -> nn.Module:
    """Build a chain of linear layers with ReLU between them. This exercise is optional.

    Args:
        sizes: How many numbers go into the first layer, and how many come out of each; two entries or more.

    Returns:
        A module whose parameters are those of ``len(sizes) - 1`` layers ``nn.Linear``, in their order. A ReLU stands
        between one layer and the next, and none after the last. Layers of equal size do not share their parameters.
    """
    raise NotImplementedError("TODO: build_mlp")


def parameter_table(model: nn.Module) -> dict[str, int]:
    """List what there is to train in a model.

    Args:
        model: Any module, which may hold other modules.

    Returns:
        The full name (such as ``"0.weight"``) and the number of elements of each parameter that requires grad, in the
        order of definition. Frozen parameters and buffers are left out; a parameter in several places is listed once,
        by its first name.
    """
    raise NotImplementedError("TODO: parameter_table")


def line_data(n: int, weight: float, bias: float, noise: float, seed: int) -> tuple[Tensor, Tensor]:
    """Draw points along a line.

    Args:
        n: How many; at least 1.
        weight: The slope of the line.
        bias: Its height at 0.
        noise: The standard deviation of the noise; may be 0.
        seed: Equal seeds give equal points; different ones give others.

    Returns:
        Two float32 tensors of shape (n, 1): x, drawn evenly from -1 to 1, and y = weight · x + bias + noise · z, where
        each point has a z of its own, drawn from the standard normal distribution and independent of x. All is drawn
        from a private generator: the global ones of torch, NumPy and Python stay as they are.
    """
    raise NotImplementedError("TODO: line_data")


def build_pair_dataset(x: Tensor, y: Tensor) -> Dataset:
    """Build a dataset of pairs.

    Args:
        x: The inputs; the first axis counts samples.
        y: The targets, likewise.

    Returns:
        A map-style Dataset: item ``i`` is the tuple (x[i], y[i]), and its length is the number of samples. Indices
        follow the rules of lists: -1 is the last sample, and whatever is outside raises IndexError, so that a ``for``
        loop over the dataset ends.

    Raises:
        ValueError: x and y have different lengths.
    """
    raise NotImplementedError("TODO: build_pair_dataset")


def make_loader(dataset: Dataset, batch_size: int, shuffle: bool, seed: int, drop_last: bool = False) -> DataLoader:
    """Make a loader whose shuffling can be repeated.

    Args:
        dataset: A map-style dataset.
        batch_size: How many samples there are in each batch but the last, which may be shorter.
        shuffle: Whether the samples come in random order, a new one in each epoch; else they come in their own.
        seed: What the orders of all epochs depend on, and nothing else: loaders made with equal seeds give equal
            orders, with different seeds different ones.
        drop_last: Whether a last batch that is shorter is left out.

    Returns:
        The loader. A shuffling one leaves torch's global generator as it is, when it is made and when it is used.
    """
    raise NotImplementedError("TODO: make_loader")


def mean_loss_over_loader(model: nn.Module, loader: Iterable, loss_fn: Callable) -> float:
    """Compute the mean loss per sample.

    Args:
        model: What to judge. It works in evaluation mode during the call, and is in its previous mode afterwards.
        loader: Pairs of inputs and targets, batch by batch; the last one may be shorter. At least one.
        loss_fn: The mean loss of a batch of predictions and targets.

    Returns:
        The mean over all samples, each counting the same, as a plain float. No graph is recorded, and whether gradients
        are on is afterwards as it was before.
    """
    raise NotImplementedError("TODO: mean_loss_over_loader")


def least_squares_line(x: Tensor, y: Tensor) -> tuple[float, float]:
    """Compute the line with the least mean squared error, in closed form.

    Args:
        x: Float32 or float64, shape (n, 1), at least two different values.
        y: The targets, of shape (n,) or (n, 1).

    Returns:
        Weight and bias as plain floats, computed in float64.
    """
    raise NotImplementedError("TODO: least_squares_line")


def train_line(
    x: Tensor, y: Tensor, lr: float, epochs: int, batch_size: int, seed: int
) -> tuple[nn.Module, list[float]]:
    """Train a line by stochastic gradient descent on the mean squared error.

    Args:
        x: Inputs, float32, shape (n, 1).
        y: Targets, float32, shape (n, 1).
        lr: The learning rate of plain SGD (no momentum).
        epochs: How many times to go through all samples.
        batch_size: How many samples there are in a batch; one step is taken for each batch. The last may be shorter.
        seed: What everything random depends on, and nothing else: equal seeds give equal results, and different ones
            other weights at the start. torch's global generator may be seeded for it.

    Returns:
        The trained ``nn.Linear(1, 1)``, and for each epoch the mean loss per sample as a plain float.
    """
    raise NotImplementedError("TODO: train_line")


def fix_target_shape(x: Tensor, y: Tensor, lr: float, steps: int) -> tuple[float, float]:
    """Repair a line fit by gradient descent on the mean squared error.

    Args:
        x: Inputs, float32, shape (n, 1).
        y: Targets, float32, shape (n,) or (n, 1).
        lr: The learning rate.
        steps: How many steps to take, with all samples in each.

    Returns:
        Slope and intercept as plain floats; after enough steps they are those of the least-squares line.
    """
    slope = torch.zeros(1, requires_grad=True)
    intercept = torch.zeros(1, requires_grad=True)
    for _ in range(steps):
        loss = (x * slope + intercept - y).square().mean()
        by_slope, by_intercept = torch.autograd.grad(loss, (slope, intercept))
        with torch.no_grad():
            slope -= lr * by_slope
            intercept -= lr * by_intercept
    return slope.item(), intercept.item()


def fix_float64_data(model: nn.Module, x: numpy.ndarray, y: numpy.ndarray) -> Tensor:
    """Repair the mean squared error of a model on arrays.

    Args:
        model: A module whose parameters all have one dtype, float32 or float64. They keep it, and so do their
            gradients.
        x: Inputs, float64, shape (n, d).
        y: Targets, float64, of the shape of the model's output for x.

    Returns:
        The mean squared error as a tensor without axes, in the model's dtype, with its graph: ``backward()`` fills the
        gradients.
    """
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)
    return nn.functional.mse_loss(model(inputs), targets)
