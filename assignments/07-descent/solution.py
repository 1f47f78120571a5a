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
    # BEGIN SOLUTION
    points = [x0.detach().clone()]
    for _ in range(steps):
        x = points[-1].clone().requires_grad_()
        (grad,) = torch.autograd.grad(f(x), x)
        points.append(points[-1] - lr * grad)
    return points
    # END SOLUTION


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
    # BEGIN SOLUTION
    x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    for _ in range(max_steps):
        (slope,) = torch.autograd.grad(f(x), x)
        if slope.abs() < tol:
            with torch.no_grad():
                lower = f(x - 0.1) < f(x) or f(x + 0.1) < f(x)
            return x.item(), "not_a_minimum" if lower else "minimum"
        with torch.no_grad():
            x -= lr * slope
        if not x.abs() <= 1e8:
            return x.item(), "diverged"
    return x.item(), "max_steps"
    # END SOLUTION


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
    # BEGIN SOLUTION
    if pred.shape != target.shape:
        raise ValueError(f"expected two equal shapes, got {tuple(pred.shape)} and {tuple(target.shape)}")
    return (pred - target).square().mean()
    # END SOLUTION


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
    # BEGIN SOLUTION
    chosen = logits.gather(1, target[:, None])[:, 0]
    return (logits.logsumexp(1) - chosen).mean()
    # END SOLUTION


def sgd_update_(params: Iterable[nn.Parameter], lr: float) -> None:
    """Take one step of plain SGD: subtract ``lr`` times its gradient from each parameter, in place.

    Args:
        params: Parameters, each with or without a gradient in ``.grad``. They can perhaps be iterated over only once.
            A parameter whose ``.grad`` is None keeps its values. The others are written to in the memory that they
            have: whoever else looks at that memory sees the new values. Afterwards they are leaves that require grad,
            as before, and all gradients are as before.
        lr: The learning rate.
    """
    # BEGIN SOLUTION
    with torch.no_grad():
        for p in params:
            if p.grad is not None:
                p -= lr * p.grad
    # END SOLUTION


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
    # BEGIN SOLUTION
    points, velocity = [x0.clone()], torch.zeros_like(x0)
    for lr in lrs:
        velocity = momentum * velocity + grad(points[-1])
        points.append(points[-1] - lr * velocity)
    return points
    # END SOLUTION


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
    # BEGIN SOLUTION
    points, mean, mean_square = [x0.clone()], torch.zeros_like(x0), torch.zeros_like(x0)
    for t in range(1, steps + 1):
        g = grad(points[-1])
        mean = betas[0] * mean + (1 - betas[0]) * g
        mean_square = betas[1] * mean_square + (1 - betas[1]) * g * g
        size = (mean_square / (1 - betas[1] ** t)).sqrt() + eps
        points.append(points[-1] - lr * mean / (1 - betas[0] ** t) / size)
    return points
    # END SOLUTION


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
    # BEGIN SOLUTION
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()
    # END SOLUTION


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
    # BEGIN PROMPT
    # optimizer.zero_grad()
    # losses = []
    # for x, y in loader:
    #     loss = loss_fn(model(x), y)
    #     loss.backward()
    #     optimizer.step()
    #     losses.append(loss.item())
    # return losses
    # END PROMPT
    # BEGIN SOLUTION
    losses = []
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
    # END SOLUTION


def fix_classifier_loss(logits: Tensor, target: Tensor) -> Tensor:
    """Repair the mean cross-entropy of a classifier. Everything of torch is allowed.

    Args:
        logits: Raw scores, a float32 or float64 tensor of shape (n, c); it may require grad.
        target: The right classes: an int64 tensor of shape (n,) with values from 0 to c - 1.

    Returns:
        A tensor without axes: the mean over the samples of minus the natural logarithm of the probability of the target
        class, where the probabilities of a sample are the softmax of its scores. Its gradient flows back to ``logits``.
    """
    # BEGIN PROMPT
    # probabilities = torch.softmax(logits, dim=1)
    # return nn.CrossEntropyLoss()(probabilities, target)
    # END PROMPT
    # BEGIN SOLUTION
    return nn.CrossEntropyLoss()(logits, target)
    # END SOLUTION
