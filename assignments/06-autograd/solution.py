"""Autograd: gradients of scalars and vectors, how they accumulate, how to switch them off, how to read the graph.

Every function gets its arguments by position.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def gradients_of(f: Callable[..., Tensor], inputs: list[Tensor], reduction: str) -> list[Tensor]:
    """Compute the gradient of a reduced result with respect to every input.

    Args:
        f: A differentiable function of as many tensors as ``inputs`` holds. It uses at least one of them.
        inputs: float32 or float64 tensors of any shape. They may or may not require grad, and may have a ``.grad``
            already. Their values, ``requires_grad`` and ``.grad`` are the same after the call as before it.
        reduction: ``"sum"`` or ``"mean"``, taken over all elements of the result of ``f``; or ``"none"``: the result
            is taken as it is and must be a scalar.

    Returns:
        One tensor for each input, with its shape and dtype: the gradient of the reduced ``f(*inputs)``. For an input
        that ``f`` does not use these are zeros. A second call with the same tensors gives the same again.

    Raises:
        RuntimeError: ``reduction`` is ``"none"`` and the result has several elements.
    """
    # BEGIN SOLUTION
    leaves = [x.detach().requires_grad_() for x in inputs]
    out = f(*leaves)
    if reduction != "none":
        out = out.sum() if reduction == "sum" else out.mean()
    return list(torch.autograd.grad(out, leaves, materialize_grads=True))
    # END SOLUTION


def vector_jacobian(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    """Multiply a vector with the Jacobian of a function, in one backward call.

    Do not build the Jacobian: the number of tensor operations must not depend on the number of outputs.

    Args:
        f: A differentiable function whose result may have any shape.
        x: Where to differentiate: a float32 or float64 tensor of any shape that does not require grad. It is left as
            it is and does not require grad afterwards.
        v: One weight for each element of the result.

    Returns:
        A tensor of the shape and dtype of ``x``. Each entry is the sum, over all elements of ``f(x)``, of the weight of
        that element times its derivative with respect to this entry of ``x``.

    Raises:
        ValueError: ``v`` does not have exactly the shape of ``f(x)``.
    """
    # BEGIN SOLUTION
    leaf = x.detach().requires_grad_()
    out = f(leaf)
    if out.shape != v.shape:
        raise ValueError(f"expected a vector of shape {tuple(out.shape)}, got {tuple(v.shape)}")
    out.backward(v)
    return leaf.grad
    # END SOLUTION


def jacobian(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Compute a Jacobian row by row, with reverse-mode autograd.

    Nothing of ``torch.autograd.functional`` and ``torch.func`` is allowed.

    Args:
        f: A differentiable function from n numbers to m numbers: from shape (n,) to shape (m,). Some
            elements of its result may be constant, but not all.
        x: Where to differentiate: a float32 or float64 tensor of shape (n,) that does not require grad.

    Returns:
        A tensor of shape (m, n) and the dtype of ``x``: entry (i, j) is the derivative of element i of the result with
        respect to element j of ``x``.
    """
    # BEGIN SOLUTION
    leaf = x.detach().requires_grad_()
    rows = [row for one in f(leaf) for row in torch.autograd.grad(one, leaf, retain_graph=True)]
    return torch.stack(rows)
    # END SOLUTION


def accumulated_grads(f: Callable[[Tensor], Tensor], x: Tensor, steps: int, reset: bool) -> list[Tensor]:
    """Call backward several times and record the gradient after each call.

    Args:
        f: A differentiable function whose result has one element.
        x: Where to differentiate: a float32 or float64 tensor of any shape that does not require grad.
        steps: How often to call backward for ``f`` at ``x``; may be 0.
        reset: Whether to clear the gradient before every call. If not, the gradients add up.

    Returns:
        The ``steps`` recorded gradients in order, each of the shape and dtype of ``x``, each with the values that it
        had when it was recorded.
    """
    # BEGIN SOLUTION
    leaf = x.detach().requires_grad_()
    recorded = []
    for _ in range(steps):
        if reset:
            leaf.grad = None
        f(leaf).backward()
        recorded.append(leaf.grad.clone())
    return recorded
    # END SOLUTION


def evaluate_untracked(f: Callable[..., object], *args: object) -> object:
    """Run a function without building a graph, and leave the gradient mode as it was.

    Args:
        f: Any function, or a module. It may return anything, not only tensors, and it may raise.
        args: What it is called with. Tensors keep their values and their ``requires_grad``.

    Returns:
        What ``f(*args)`` returns; a tensor among it does not require grad. While ``f`` runs,
        ``torch.is_grad_enabled()`` is False. Afterwards it is what it was before the call, on or off, also when
        ``f`` raises; what ``f`` raises is passed on.
    """
    # BEGIN SOLUTION
    with torch.no_grad():
        return f(*args)
    # END SOLUTION


def detached_pair(x: Tensor) -> tuple[Tensor, Tensor]:
    """Cut a tensor off from its graph in two ways.

    Args:
        x: A tensor that requires grad, of any shape, with at least one element. It may be a leaf or have a graph behind
            it. It keeps its values and goes on requiring grad.

    Returns:
        A pair (view, copy) of tensors with the shape, dtype and values of ``x`` that do not require grad. The view lies
        in the memory of ``x``: what is written into it, ``x`` has too. The copy has memory of its own. When
        backward needs a value of ``x`` that was changed through the view, it raises RuntimeError instead of giving a
        wrong gradient.
    """
    # BEGIN SOLUTION
    view = x.detach()
    return view, view.clone()
    # END SOLUTION


def graph_path(t: Tensor, steps: int) -> list[str]:
    """List the backward nodes on the way from a tensor towards its inputs.

    The first node is the tensor's ``grad_fn``. From each node the way goes on along the first of its incoming edges
    (``next_functions``) that leads to an operation. Skipped are edges that lead nowhere, edges to a leaf (such
    as a bias or a weight), and edges to the transpose of a weight.

    Args:
        t: Any tensor.
        steps: How many nodes to list at most; may be 0.

    Returns:
        The names of the nodes as ``name()`` gives them, such as ``"ReluBackward0"``, in the order of the way. Fewer
        than ``steps`` where the way ends before; none for a leaf, or for a tensor without a graph.
    """

    # BEGIN SOLUTION
    def is_operation(node: torch.autograd.graph.Node | None) -> bool:
        if node is not None and node.name() == "TBackward0":  # a transposed weight counts as the weight
            ((node, _),) = node.next_functions
        return node is not None and len(node.next_functions) > 0

    names: list[str] = []
    node = t.grad_fn
    while node is not None and len(names) < steps:
        names.append(node.name())
        node = next((edge for edge, _ in node.next_functions if is_operation(edge)), None)
    return names
    # END SOLUTION


def numerical_gradient(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Compute a gradient by central differences: (f(x + h) - f(x - h)) / 2h for each element, without autograd.

    Args:
        f: A smooth function of a float64 tensor of the shape of ``x``; its result is a scalar.
        x: Where to differentiate: a float32 or float64 tensor of any shape, with at least one element; it need not be
            contiguous. It is left as it is.

    Returns:
        A tensor of the shape of ``x``, of dtype float64 (or else of the dtype of ``x``). All differences are taken
        in float64, and agree with autograd to 1e-6.
    """
    # BEGIN SOLUTION
    h = 1e-5
    start = x.double().reshape(-1)
    slopes = torch.empty_like(start)
    for index in range(len(start)):
        up, down = start.clone(), start.clone()
        up[index] += h
        down[index] -= h
        slopes[index] = (f(up.reshape(x.shape)) - f(down.reshape(x.shape))) / (2 * h)
    return slopes.reshape(x.shape)
    # END SOLUTION


def chain_derivative(fs: list[Callable[[float], float]], dfs: list[Callable[[float], float]], x: float) -> float:
    """Differentiate a chain of functions, given the derivative of each single one.

    Args:
        fs: Functions of one float. The chain is ``fs[-1](...fs[1](fs[0](x)))``: the first in the list is applied first.
        dfs: Their derivatives, in the same order.
        x: Where to differentiate.

    Returns:
        The derivative of the chain at ``x``, a plain number. Without any functions the chain is x itself, whose
        derivative is 1.
    """
    # BEGIN SOLUTION
    slope = 1.0
    for place, f in enumerate(fs):
        slope *= dfs[place](x)
        x = f(x)
    return slope
    # END SOLUTION


def fix_descent_loop(x: Tensor, lr: float, steps: int) -> Tensor:
    """Take steps of gradient descent on the sum of squares. The code below does it wrongly: repair it.

    One step subtracts ``lr`` times the gradient of ``(w**2).sum()`` from w. So it multiplies w by 1 - 2 lr.

    Args:
        x: The start: a float32 or float64 tensor of any shape that does not require grad. It keeps its values.
        lr: The learning rate.
        steps: How many steps to take; may be 0.

    Returns:
        Where w is after ``steps`` steps: a tensor of the shape and dtype of ``x`` that does not require grad.
    """
    # BEGIN PROMPT
    # w = x.clone().requires_grad_()
    # for _ in range(steps):
    #     loss = (w**2).sum()
    #     loss.backward()
    #     with torch.no_grad():
    #         w -= lr * w.grad
    # return w.detach()
    # END PROMPT
    # BEGIN SOLUTION
    w = x.clone().requires_grad_()
    for _ in range(steps):
        loss = (w**2).sum()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        w.grad = None
    return w.detach()
    # END SOLUTION
