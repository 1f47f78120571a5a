"""Descent, losses, optimisers: walk downhill, measure how wrong a model is, and take training steps.

Every function gets its arguments by position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.optim import Optimizer


def descend(f: Callable[[Tensor], Tensor], x0: Tensor, lr: float, steps: int) -> list[Tensor]:
    """Minimise a function by plain gradient descent with autograd, and keep every point.

    One step subtracts ``lr`` times the gradient of ``f`` from x.

    Args:
        f: A differentiable function from a tensor of the shape of ``x0`` to one number.
        x0: The start: a float32 or float64 tensor of any shape that does not require grad. It is left as it is and does
            not require grad afterwards.
        lr: The learning rate.
        steps: How many steps to take; may be 0.

    Returns:
        ``steps + 1`` tensors of the shape and dtype of ``x0``: the start, then the point after each step. None of them
        requires grad, and writing into one of them changes no other one.
    """
    raise NotImplementedError("TODO: descend")


def descend_guarded(
    f: Callable[[Tensor], Tensor], x0: float, lr: float, max_steps: int, tol: float
) -> tuple[float, str]:
    """Minimise a function of one number, and say how the descent ended.

    One step subtracts ``lr`` times the derivative of ``f`` from x. As soon as the absolute value of the derivative is
    below ``tol``, the descent is over; at the latest it is over after ``max_steps`` steps.

    Args:
        f: A differentiable function of a tensor with one number, which gives a tensor with one number.
        x0: The start.
        lr: The learning rate.
        max_steps: The largest number of steps.
        tol: What the absolute value of the derivative has to fall below.

    Returns:
        (x, status). x is the last point, a plain float. The status is:

        - ``"minimum"``: the derivative is below ``tol``, and ``f`` is lower neither at x - 0.1 nor at x + 0.1;
        - ``"not_a_minimum"``: the derivative is below ``tol``, but ``f`` is lower at one of these two places;
        - ``"diverged"``: x is not finite, or further than 1e8 from 0 (x may then be any number on the way out);
        - ``"max_steps"``: none of this after ``max_steps`` steps.
    """
    raise NotImplementedError("TODO: descend_guarded")


def mse(pred: Tensor, target: Tensor) -> Tensor:
    """Compute the mean squared error, without ``nn.MSELoss`` and ``F.mse_loss``.

    Args:
        pred: A float32 or float64 tensor of any shape with at least one element; it may require grad.
        target: A tensor of the same shape and dtype.

    Returns:
        A tensor without axes: the mean of the squared differences over all elements. Its gradient flows back to
        ``pred``.

    Raises:
        ValueError: The shapes are not equal, even if they would broadcast.
    """
    raise NotImplementedError("TODO: mse")


def cross_entropy(logits: Tensor, target: Tensor) -> Tensor:
    """Compute the mean cross-entropy from raw scores, without ``nn.CrossEntropyLoss`` and ``F.cross_entropy``.

    The probabilities of a sample are the softmax of its scores. The loss of a sample is minus the natural logarithm of
    the probability of its target class.

    Args:
        logits: Raw scores, a float32 or float64 tensor of shape (n, c) with n and c at least 1; it may require grad.
            Scores may be several thousand or as small as minus that; the loss and its gradient must be right there too.
        target: The right classes: an int64 tensor of shape (n,) with values from 0 to c - 1.

    Returns:
        A tensor without axes: the mean loss over the n samples. Its gradient flows back to ``logits``.
    """
    raise NotImplementedError("TODO: cross_entropy")


def sgd_update_(params: Iterable[nn.Parameter], lr: float) -> None:
    """Take one step of plain SGD: subtract ``lr`` times its gradient from each parameter, in place.

    Args:
        params: Parameters, each with or without a gradient in ``.grad``. They can perhaps be iterated over only once.
            A parameter whose ``.grad`` is None keeps its values. The others are written to in the memory that they
            have: whoever else looks at that memory sees the new values. Afterwards they are leaves that require grad,
            as before, and all gradients are as before.
        lr: The learning rate.
    """
    raise NotImplementedError("TODO: sgd_update_")


def momentum_descent(grad: Callable[[Tensor], Tensor], x0: Tensor, lrs: list[float], momentum: float) -> list[Tensor]:
    """List the points that ``torch.optim.SGD`` with momentum visits.

    Args:
        grad: Gives the gradient at a point: a tensor of the shape and dtype of the point.
        x0: The start: a float32 or float64 tensor of any shape. It is left as it is.
        lrs: The learning rate of each step; there may be none.
        momentum: The ``momentum`` of ``torch.optim.SGD``; all its other options are as they are by default.

    Returns:
        The start, then the point after each step: tensors of the shape and dtype of ``x0``. (A list of the later points
        without the start is accepted as well.)
    """
    raise NotImplementedError("TODO: momentum_descent")


def adam_descent(
    grad: Callable[[Tensor], Tensor], x0: Tensor, lr: float, betas: tuple[float, float], eps: float, steps: int
) -> list[Tensor]:
    """List the points that ``torch.optim.Adam`` visits. This exercise is optional.

    Args:
        grad: Gives the gradient at a point: a tensor of the shape and dtype of the point.
        x0: The start: a float32 or float64 tensor of any shape. It is left as it is.
        lr: The learning rate.
        betas: How much of the running means of the gradient and of its square each step keeps.
        eps: The ``eps`` of ``torch.optim.Adam``; may be large.
        steps: How many steps to take; may be 0.

    Returns:
        The start, then the point after each step: tensors of the shape and dtype of ``x0``. (A list of the later points
        without the start is accepted as well.)
    """
    raise NotImplementedError("TODO: adam_descent")


def train_step(model: nn.Module, loss_fn: Callable, optimizer: Optimizer, x: Tensor, y: Tensor) -> float:
    """Take one optimisation step on one batch.

    Args:
        model: The model; its outputs for a batch are ``model(x)``.
        loss_fn: Gives the loss of outputs and targets: ``loss_fn(model(x), y)``, a tensor with one number.
        optimizer: Holds the parameters of the model. Gradients of an earlier step may still lie in their ``.grad``:
            they must not count.
        x: The inputs of the batch.
        y: The targets of the batch.

    Returns:
        The loss of the batch before the update, a plain float.
    """
    raise NotImplementedError("TODO: train_step")


def fix_epoch(model: nn.Module, optimizer: Optimizer, loss_fn: Callable, loader: Iterable) -> list[float]:
    """Repair a loop over the batches of one epoch: each step must follow the gradient of its own batch alone.

    Args:
        model: The model; its outputs for a batch are ``model(x)``.
        optimizer: Holds the parameters of the model; it takes one step after each batch.
        loss_fn: Gives the loss of outputs and targets: ``loss_fn(model(x), y)``, a tensor with one number.
        loader: Gives the batches, pairs (x, y). It can perhaps be iterated over only once.

    Returns:
        The loss of each batch, before the step that follows it, as plain floats in the order of the batches.
    """
    optimizer.zero_grad()
    losses = []
    for x, y in loader:
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def fix_classifier_loss(logits: Tensor, target: Tensor) -> Tensor:
    """Repair the mean cross-entropy of a classifier. Everything of torch is allowed.

    Args:
        logits: Raw scores, a float32 or float64 tensor of shape (n, c); it may require grad.
        target: The right classes: an int64 tensor of shape (n,) with values from 0 to c - 1.

    Returns:
        A tensor without axes: the mean over the samples of minus the natural logarithm of the probability of the target
        class, where the probabilities of a sample are the softmax of its scores. Its gradient flows back to ``logits``.
    """
    probabilities = torch.softmax(logits, dim=1)
    return nn.CrossEntropyLoss()(probabilities, target)
