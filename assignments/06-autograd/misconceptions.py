"""Known wrong answers to the exercises of this assignment."""

from __future__ import annotations

import torch

from torchgrade import misconception


def _reduced(out, reduction):
    return out if reduction == "none" else out.sum() if reduction == "sum" else out.mean()


@misconception(
    "gradients_of",
    "The caller's tensors are there to carry the gradients.",
    hint="requires_grad_() and backward() leave their marks on the caller's tensors, and .grad adds up. Work on detached copies.",
)
def grad_on_callers_tensors(f, inputs, reduction):
    for x in inputs:
        x.requires_grad_(True)
    _reduced(f(*inputs), reduction).backward()
    return [torch.zeros_like(x) if x.grad is None else x.grad for x in inputs]


@misconception(
    "gradients_of",
    "A gradient is always that of the sum.",
    hint="The gradient of a mean is that of the sum divided by the number of elements; and 'none' takes the result as it is.",
)
def always_sum(f, inputs, reduction):
    leaves = [x.detach().clone().requires_grad_() for x in inputs]
    grads = torch.autograd.grad(f(*leaves).sum(), leaves, allow_unused=True)
    return [torch.zeros_like(x) if grad is None else grad for x, grad in zip(inputs, grads)]


@misconception(
    "gradients_of",
    "Every input has a .grad after backward.",
    hint="For an input that does not reach the result .grad stays None. Its gradient is zero: say so with a tensor.",
)
def none_for_unused(f, inputs, reduction):
    leaves = [x.detach().clone().requires_grad_() for x in inputs]
    _reduced(f(*leaves), reduction).backward()
    return [x.grad for x in leaves]


@misconception(
    "gradients_of",
    "A function is differentiated with respect to its first input.",
    hint="Only the first tensor requires grad here, so autograd does not follow the others. Track every input.",
)
def only_first_input(f, inputs, reduction):
    first = inputs[0].detach().clone().requires_grad_()
    rest = [x.detach() for x in inputs[1:]]
    out = _reduced(f(first, *rest), reduction)
    if not out.requires_grad:
        return [torch.zeros_like(x) for x in inputs]
    out.backward()
    grad = torch.zeros_like(first) if first.grad is None else first.grad
    return [grad, *(torch.zeros_like(x) for x in rest)]


@misconception(
    "vector_jacobian",
    "Before backward, a result has to be summed.",
    hint="The sum gives every output the weight 1. backward(v) gives each output a weight of its own.",
)
def sum_the_output(f, x, v):
    leaf = x.detach().clone().requires_grad_()
    out = f(leaf)
    if out.shape != v.shape:
        raise ValueError("v must have the shape of the result")
    out.sum().backward()
    return leaf.grad


@misconception(
    "vector_jacobian",
    "The weights may as well be multiplied in after backward.",
    hint="v belongs to the outputs, the gradient to the inputs. They match only where output i is made of input i alone.",
)
def scale_after(f, x, v):
    leaf = x.detach().clone().requires_grad_()
    out = f(leaf)
    if out.shape != v.shape:
        raise ValueError("v must have the shape of the result")
    out.sum().backward()
    return v * leaf.grad


@misconception(
    "vector_jacobian",
    "backward needs no argument, whatever the shape of the result.",
    hint="Only from a single number can backward start by itself. Of several, it must be told how much each of them counts.",
)
def backward_without_weights(f, x, v):
    leaf = x.detach().clone().requires_grad_()
    out = f(leaf)
    if out.shape != v.shape:
        raise ValueError("v must have the shape of the result")
    out.backward()
    return v * leaf.grad


@misconception(
    "vector_jacobian",
    "backward will find out when the shapes do not match.",
    hint="It does, by a RuntimeError, and not always. Compare the shapes yourself and raise ValueError.",
)
def no_shape_check(f, x, v):
    leaf = x.detach().clone().requires_grad_()
    f(leaf).backward(v)
    return leaf.grad


@misconception(
    "jacobian",
    "Each call of backward replaces .grad.",
    hint="backward adds to .grad, so row 1 holds rows 0 and 1. Clear it before each row, or use torch.autograd.grad.",
)
def rows_accumulate(f, x):
    leaf = x.detach().clone().requires_grad_()
    rows = []
    for one in f(leaf):
        one.backward(retain_graph=True)
        rows.append(leaf.grad.clone())
    return torch.stack(rows)


@misconception(
    "jacobian",
    "The gradient of an output is a column.",
    hint="One row per output, one column per input: shape (m, n). Where m equals n, a turned Jacobian does not even raise.",
)
def transposed(f, x):
    leaf = x.detach().clone().requires_grad_()
    rows = [torch.autograd.grad(one, leaf, retain_graph=True)[0] for one in f(leaf)]
    return torch.stack(rows, dim=1)


@misconception(
    "jacobian",
    "A graph can be walked as often as one likes.",
    hint="backward frees what it has used, to save memory. Say that you will come again: retain_graph=True.",
)
def graph_freed(f, x):
    leaf = x.detach().clone().requires_grad_()
    return torch.stack([torch.autograd.grad(one, leaf)[0] for one in f(leaf)])


@misconception(
    "jacobian",
    "Output i depends on input i alone.",
    hint="That holds for functions that work element by element. In general every output may depend on every input.",
)
def diagonal_only(f, x):
    leaf = x.detach().clone().requires_grad_()
    f(leaf).sum().backward()
    return torch.diag(leaf.grad)


@misconception(
    "accumulated_grads",
    "Appending x.grad keeps the numbers of the moment.",
    hint="The list holds the same tensor several times over, and the next backward adds to it. Keep a clone.",
)
def snapshot_aliases(f, x, steps, reset):
    leaf = x.detach().clone().requires_grad_()
    recorded = []
    for _ in range(steps):
        if reset and leaf.grad is not None:
            leaf.grad.zero_()
        f(leaf).backward()
        recorded.append(leaf.grad)
    return recorded


@misconception(
    "accumulated_grads",
    "Once it is in the list, the gradient may be zeroed.",
    hint="What is in the list and what is zeroed are one and the same tensor. Put a clone into the list.",
)
def reset_after_reading(f, x, steps, reset):
    leaf = x.detach().clone().requires_grad_()
    recorded = []
    for _ in range(steps):
        f(leaf).backward()
        recorded.append(leaf.grad if reset else leaf.grad.clone())
        if reset:
            leaf.grad.zero_()
    return recorded


@misconception(
    "accumulated_grads",
    "A gradient need be cleared only once.",
    hint="Every backward adds to what the one before has left. Clear before each of them, within the loop.",
)
def reset_only_once(f, x, steps, reset):
    leaf = x.detach().clone().requires_grad_()
    if reset:
        leaf.grad = None
    recorded = []
    for _ in range(steps):
        f(leaf).backward()
        recorded.append(leaf.grad.clone())
    return recorded


@misconception(
    "accumulated_grads",
    ".grad is there from the start, full of zeros.",
    hint="Before the first backward .grad is None, and None has no zero_(). Look first, or set it to None.",
)
def zero_before_any_grad(f, x, steps, reset):
    leaf = x.detach().clone().requires_grad_()
    recorded = []
    for _ in range(steps):
        if reset:
            leaf.grad.zero_()
        f(leaf).backward()
        recorded.append(leaf.grad.clone())
    return recorded


@misconception(
    "evaluate_untracked",
    "set_grad_enabled(False) is over when the function ends.",
    hint="As a statement it holds for everything that follows in the program. As a context manager it ends with its block.",
)
def global_switch(f, *args):
    torch.set_grad_enabled(False)
    return f(*args)


@misconception(
    "evaluate_untracked",
    "After the call gradients are to be on.",
    hint="They are to be as they were, which may be off. And an exception in f jumps over the line that switches back.",
)
def switch_back_on(f, *args):
    torch.set_grad_enabled(False)
    out = f(*args)
    torch.set_grad_enabled(True)
    return out


@misconception(
    "evaluate_untracked",
    "Detaching the result undoes the graph.",
    hint="By then f has built the graph, with all the memory that takes. And not everything that f returns has a detach().",
)
def detach_result(f, *args):
    return f(*args).detach()


@misconception(
    "evaluate_untracked",
    "eval() switches gradients off.",
    hint="eval() changes what dropout and batch norm do. A graph is recorded all the same: that is for no_grad or inference_mode to stop.",
)
def eval_is_enough(f, *args):
    if isinstance(f, torch.nn.Module):
        f.eval()
    return f(*args)


@misconception(
    "evaluate_untracked",
    "Without tracked arguments there is nothing to track.",
    hint="The caller's tensors have changed now; and the parameters of a module require grad without being arguments.",
)
def untrack_arguments(f, *args):
    for x in args:
        if isinstance(x, torch.Tensor):
            x.requires_grad_(False)
    return f(*args)


@misconception(
    "detached_pair",
    "detach makes a copy.",
    hint="detach gives a new tensor on the old memory, so whoever writes into x changes it as well.",
)
def both_share(x):
    return x.detach(), x.detach()


@misconception(
    "detached_pair",
    "A clone has nothing to do with its original any more.",
    hint="clone copies the memory and stays in the graph: gradients flow through it back to x. Cut it off as well.",
)
def clone_keeps_graph(x):
    return x.detach(), x.clone()


@misconception(
    "detached_pair",
    "x.data is the same as x.detach().",
    hint="A change through .data is not counted, so backward uses the new value where it needs the old and does not notice.",
)
def data_attribute(x):
    return x.data, x.detach().clone()


@misconception(
    "detached_pair",
    "To cut off a result, stop tracking the original.",
    hint="The caller still wants the gradient of x. Make new tensors that are not tracked, and leave x alone.",
)
def untrack_original(x):
    x.requires_grad_(False)
    return x.detach(), x.detach().clone()


def _walk(t, steps, name, follow):
    found, node = [], t.grad_fn
    while node is not None and len(found) < steps:
        found.append(name(node))
        node = follow(node)
    return found


def _next_operation(node):
    for edge, _ in node.next_functions:
        if edge is None or not edge.next_functions:
            continue
        if edge.name() != "TBackward0" or edge.next_functions[0][0].next_functions:
            return edge
    return None


@misconception(
    "graph_path",
    "The way to the input is next_functions[0].",
    hint="The first edge of AddmmBackward0 leads to the bias, a leaf. Look along all edges for the first operation.",
)
def first_edge_always(t, steps):
    return _walk(t, steps, lambda node: node.name(), lambda node: (*node.next_functions, (None, 0))[0][0])


@misconception(
    "graph_path",
    "A node turned into text is its name.",
    hint="str(node) shows an address, another one each time. A node knows its name: node.name().",
)
def class_repr(t, steps):
    return _walk(t, steps, str, _next_operation)


@misconception(
    "graph_path",
    "Every tensor has a grad_fn.",
    hint="A tensor that was made and not computed, or computed without tracking, has grad_fn None. None has no name.",
)
def no_leaf_check(t, steps):
    node, found = t.grad_fn, [t.grad_fn.name()]
    while (node := _next_operation(node)) is not None:
        found.append(node.name())
    return found[:steps]


@misconception(
    "graph_path",
    "Leaves are nodes like any other.",
    hint="AccumulateGrad does not compute anything: it only puts the gradient into .grad of a leaf. The way ends before it.",
)
def counts_leaves(t, steps):
    def follow(node):
        leaves = (edge for edge, _ in node.next_functions if edge is not None and not edge.next_functions)
        return _next_operation(node) or next(leaves, None)

    return _walk(t, steps, lambda node: node.name(), follow)


@misconception(
    "numerical_gradient",
    "(f(x + h) - f(x)) / h is the way to approximate a slope.",
    hint="Its error shrinks like h only. Step to both sides, and the error shrinks like h squared.",
)
def forward_difference(f, x):
    h, start = 1e-5, x.detach().double().reshape(-1)
    slopes = torch.zeros_like(start)
    for index in range(len(start)):
        up = start.clone()
        up[index] += h
        slopes[index] = (f(up.reshape(x.shape)) - f(start.reshape(x.shape))) / h
    return slopes.reshape(x.shape)


@misconception(
    "numerical_gradient",
    "A small h is enough, float32 or not.",
    hint="The two values differ in their last digits, and of those float32 has few. Cast to float64 before you step.",
)
def float32_steps(f, x):
    h, start = 1e-5, x.detach().float().reshape(-1)
    slopes = torch.zeros_like(start)
    for index in range(len(start)):
        up, down = start.clone(), start.clone()
        up[index] += h
        down[index] -= h
        slopes[index] = (f(up.reshape(x.shape)) - f(down.reshape(x.shape))) / (2 * h)
    return slopes.reshape(x.shape).to(x.dtype)


@misconception(
    "numerical_gradient",
    "x + h moves the one element that matters.",
    hint="x + h moves all elements at once: the result is the slope in one direction, for every entry the same. Move one.",
)
def shift_everything(f, x):
    h, start = 1e-5, x.detach().double()
    slope = (f(start + h) - f(start - h)) / (2 * h)
    return torch.ones_like(start) * slope


@misconception(
    "numerical_gradient",
    "Who adds h in place need not put the old value back.",
    hint="The caller's x ends up elsewhere, and every later difference is taken there. Step on a copy, and restore it.",
)
def forget_to_restore(f, x):
    h, work = 1e-5, x.detach()
    slopes = torch.zeros(x.shape, dtype=torch.float64)
    for index in torch.cartesian_prod(*map(torch.arange, x.shape)).reshape(-1, x.ndim).tolist() if x.ndim else [[]]:
        place = tuple(index)
        work[place] += h
        up = f(work.double())
        work[place] -= 2 * h
        slopes[place] = (up - f(work.double())) / (2 * h)
    return slopes


@misconception(
    "chain_derivative",
    "All derivatives are taken at x.",
    hint="The second function never sees x, only what the first has made of it. There its derivative is taken.",
)
def all_at_x(fs, dfs, x):
    slope = 1.0
    for df in dfs:
        slope *= df(x)
    return slope


@misconception(
    "chain_derivative",
    "The last function in the list comes first.",
    hint="fs[0] is applied first and fs[-1] last. The other way round it is another function with another derivative.",
)
def reverse_order(fs, dfs, x):
    slope = 1.0
    for f, df in zip(reversed(fs), reversed(dfs)):
        slope *= df(x)
        x = f(x)
    return slope


@misconception(
    "chain_derivative",
    "The derivatives of a chain are added.",
    hint="A change of x is stretched by each function in turn: three times, and then twice, is six times.",
)
def sum_of_derivatives(fs, dfs, x):
    slope = 0.0
    for f, df in zip(fs, dfs):
        slope += df(x)
        x = f(x)
    return slope


@misconception(
    "fix_descent_loop",
    "backward starts from a clean gradient.",
    hint="backward adds to what w.grad still holds from the step before. Clear it once in every step.",
)
def never_cleared(x, lr, steps):
    w = x.clone().requires_grad_()
    for _ in range(steps):
        loss = (w**2).sum()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
    return w.detach()


@misconception(
    "fix_descent_loop",
    "It does not matter where in the step the gradient is cleared.",
    hint="Cleared between backward and the update, it is zero when it is needed. Clear it after use, or before backward.",
)
def cleared_between(x, lr, steps):
    w = x.clone().requires_grad_()
    for _ in range(steps):
        loss = (w**2).sum()
        loss.backward()
        w.grad.zero_()
        with torch.no_grad():
            w -= lr * w.grad
    return w.detach()


@misconception(
    "fix_descent_loop",
    "The update is a computation like any other.",
    hint="Autograd would have to follow a leaf that is being overwritten, and refuses. The update goes into no_grad().",
)
def tracked_update(x, lr, steps):
    w = x.clone().requires_grad_()
    for _ in range(steps):
        loss = (w**2).sum()
        loss.backward()
        w -= lr * w.grad
        w.grad = None
    return w.detach()


@misconception(
    "fix_descent_loop",
    "w = w - lr * w.grad changes the tensor.",
    hint="It makes a new tensor, which is no leaf any more, and backward leaves no .grad in it. Write into w, without tracking.",
)
def rebound_parameter(x, lr, steps):
    w = x.clone().requires_grad_()
    for _ in range(steps):
        loss = (w**2).sum()
        loss.backward()
        w = w - lr * w.grad
    return w.detach()
