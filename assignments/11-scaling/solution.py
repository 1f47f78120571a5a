"""Scaling out: visible devices, shares of a batch, gradients put together, split layers and networks; an experiment.

Every function gets its arguments by position. Nothing here needs a GPU.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor, nn


def visible_gpus(env: dict[str, str], total: int) -> list[int]:
    """Tell which physical GPUs a process sees, in its own order.

    Only ``CUDA_VISIBLE_DEVICES`` counts. It holds numbers of GPUs with commas in between; blanks around a number do not
    matter. An entry is valid if it is a number from 0 to ``total - 1``; the list ends before the first one that is not.

    Args:
        env: The environment variables of the process, as names and values. Do not look into ``os.environ``.
        total: How many GPUs the machine has, numbered from 0; may be 0.

    Returns:
        The numbers of the GPUs, in the order in which the process counts them: the first is its ``cuda:0``. All GPUs
        in ascending order where the variable is not set; none where it is empty. No number is given twice in ``env``.
    """
    # BEGIN SOLUTION
    if "CUDA_VISIBLE_DEVICES" not in env:
        return list(range(total))
    seen = []
    for entry in env["CUDA_VISIBLE_DEVICES"].split(","):
        number = entry.strip()
        if not number.isdecimal() or int(number) >= total:
            break
        seen.append(int(number))
    return seen
    # END SOLUTION


def shard_batch(x: Tensor, y: Tensor, workers: int) -> list[tuple[Tensor, Tensor]]:
    """Cut a batch into consecutive shards of nearly equal size, one for each worker.

    Args:
        x: Inputs: a tensor whose first axis is the samples; there may be no sample at all.
        y: Targets: a tensor with the same size of its first axis.
        workers: How many shards to make, at least 1; there may be more workers than samples.

    Returns:
        Exactly ``workers`` pairs of a part of ``x`` and the part of ``y`` that belongs to it. Joined in order along the
        first axis they give ``x`` and ``y`` again. The numbers of samples differ by at most one; some may be 0, and
        then only the first axis is empty.
    """
    # BEGIN SOLUTION
    return list(zip(x.tensor_split(workers), y.tensor_split(workers), strict=True))
    # END SOLUTION


def data_parallel_gradients(
    model: nn.Module,
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    shards: list[tuple[Tensor, Tensor]],
) -> list[Tensor]:
    """Compute the gradients of a whole batch shard by shard, on replicas of a model.

    Args:
        model: The master. Every parameter requires grad and has a part in the output; the samples of a batch do
            not influence each other. It is left as it is: its parameters keep their values and their ``.grad``, which
            may be None or a tensor.
        loss_fn: Takes outputs of the model and targets, and gives the mean loss of the samples.
        shards: Pairs of inputs and targets, of any number of samples each, with the samples on the first axis. Some
            pairs may be empty, not all.

    Returns:
        One tensor for each parameter, in the order of ``model.parameters()`` and of the parameter's shape: the gradient
        of the mean loss over all samples of all shards.
    """
    # BEGIN SOLUTION
    total = sum(len(x) for x, _ in shards)
    gathered = [torch.zeros_like(p) for p in model.parameters()]
    for x, y in shards:
        replica = copy.deepcopy(model)
        loss = loss_fn(replica(x), y)
        share = torch.autograd.grad(loss * len(x) / total, list(replica.parameters()))
        gathered = [so_far + grad for so_far, grad in zip(gathered, share, strict=True)]
    return gathered
    # END SOLUTION


def split_layer(x: Tensor, weight: Tensor, bias: Tensor, parts: int) -> Tensor:
    """Compute a linear layer in pieces, each with some of the output features, and join what the pieces give.

    Each piece has a matrix product of its own, with at least one output feature: no product may have all of them
    unless there is one piece only.

    Args:
        x: Inputs of shape (B, i).
        weight: Weights of shape (o, i), as ``nn.Linear`` has them.
        bias: Of shape (o,).
        parts: How many pieces to make, from 1 to o. It need not divide o.

    Returns:
        A tensor of shape (B, o): what the whole layer would give.
    """
    # BEGIN SOLUTION
    pieces = zip(weight.tensor_split(parts), bias.tensor_split(parts), strict=True)
    return torch.cat([x @ some.T + offset for some, offset in pieces], dim=1)
    # END SOLUTION


def split_stages(model: nn.Sequential, cuts: list[int]) -> list[nn.Sequential]:
    """Cut a network into consecutive stages.

    Args:
        model: A network of at least one layer.
        cuts: Before which layers to cut, counted from 0. ``[2, 3]`` makes three stages: layers 0 and 1, layer 2, and
            the rest. An empty list makes a single stage.

    Returns:
        The stages in order. They hold the very layers of ``model``, no copies: one after the other they give its
        output, and gradients arrive at its parameters.

    Raises:
        ValueError: The cuts are not strictly increasing, or one is not strictly inside: above 0 and below the
            number of layers.
    """
    # BEGIN SOLUTION
    edges = [0, *cuts, len(model)]
    if any(start >= end for start, end in pairwise(edges)):
        raise ValueError(f"cuts must increase between 0 and {len(model)}, got {cuts}")
    return [model[start:end] for start, end in pairwise(edges)]
    # END SOLUTION


def run_experiment(seed: int, path: str) -> dict[str, object]:
    """Train a small network on three point clouds, save it, and judge what was saved. This exercise is optional.

    Generate three clouds of points, one for each class and well apart, in all from 100 to 2000 points. Split the points
    80 to 20 at random, train a small network on the larger part, and save its weights to a file with ``torch.save``.
    Then make a fresh network, load the file into it, and judge this one on the smaller part. One run takes a
    second or two at the most.

    Points, split, weights and training depend on ``seed`` alone: equal seeds give equal results and equal weights,
    whatever random numbers were drawn before; different seeds give different weights.

    Args:
        seed: Any int from 0 on.
        path: Where to save the weights: a file in a folder that exists.

    Returns:
        A dict with the entries ``"accuracy"``, a number: which share of the test points the reloaded network gets
        right, over 0.9; ``"train"`` and ``"test"``, lists or tensors of ints: the numbers of the points, counted from
        0, that are in either part. Each point is in exactly one of them.
    """
    # BEGIN SOLUTION
    torch.manual_seed(seed)
    labels = torch.arange(300) % 3
    points = 4 * torch.eye(3)[labels] + 0.7 * torch.randn(300, 3)
    train, test = torch.randperm(300).split([240, 60])

    def build() -> nn.Sequential:
        return nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 3))

    model = build()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(60):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(points[train]), labels[train]).backward()
        optimizer.step()
    torch.save(model.state_dict(), path)

    fresh = build()
    fresh.load_state_dict(torch.load(path, weights_only=True))
    with torch.no_grad():
        right = fresh(points[test]).argmax(1) == labels[test]
    return {"accuracy": right.double().mean().item(), "train": train.tolist(), "test": test.tolist()}
    # END SOLUTION
