"""Known wrong answers to the exercises of this assignment."""

from __future__ import annotations

import torch
from torch import nn

from torchgrade import misconception


@misconception(
    "descend",
    "One follows the gradient to get to the minimum.",
    hint="The gradient points to where the function grows. The way down is the opposite one.",
)
def ascent(f, x0, lr, steps):
    points = [x0.clone()]
    for _ in range(steps):
        x = points[-1].clone().requires_grad_()
        f(x).backward()
        points.append((x + lr * x.grad).detach())
    return points


@misconception(
    "descend",
    "Appending a tensor to a list keeps the values that it has at this moment.",
    hint="The list holds the tensor itself, and x changes in place. Append a copy of it.",
)
def history_aliases(f, x0, lr, steps):
    x = x0.clone().requires_grad_()
    points = [x.detach()]
    for _ in range(steps):
        f(x).backward()
        with torch.no_grad():
            x -= lr * x.grad
        x.grad = None
        points.append(x.detach())
    return points


@misconception(
    "descend",
    "The history begins with the first step.",
    hint="The list begins with where you start: it holds one tensor more than there are steps.",
)
def start_missing(f, x0, lr, steps):
    points, x = [], x0.clone()
    for _ in range(steps):
        leaf = x.clone().requires_grad_()
        f(leaf).backward()
        x = x - lr * leaf.grad
        points.append(x)
    return points


def _is_lower_nearby(f, x):
    with torch.no_grad():
        here = f(x)
        return bool((f(x - 0.1) < here) | (f(x + 0.1) < here))


@misconception(
    "descend_guarded",
    "Where the gradient is zero there is a minimum.",
    hint="Maxima and inflections are level too. Look whether the function is lower a little to the left or to the right.",
)
def zero_gradient_is_minimum(f, x0, lr, max_steps, tol):
    x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    for _ in range(max_steps):
        (slope,) = torch.autograd.grad(f(x), x)
        if slope.abs() < tol:
            return x.item(), "minimum"
        x = (x - lr * slope).detach().requires_grad_()
        if not x.abs() <= 1e8:
            return x.item(), "diverged"
    return x.item(), "max_steps"


@misconception(
    "descend_guarded",
    "When the loss hardly changes any more, the minimum is reached.",
    hint="With a small learning rate the loss hardly changes anywhere. Ask the gradient, which does not depend on the rate.",
)
def small_loss_change(f, x0, lr, max_steps, tol):
    x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    for _ in range(max_steps):
        before = f(x)
        (slope,) = torch.autograd.grad(before, x)
        x = (x - lr * slope).detach().requires_grad_()
        if not x.abs() <= 1e8:
            return x.item(), "diverged"
        if (f(x) - before).abs() < tol:
            return x.item(), "minimum"
    return x.item(), "max_steps"


@misconception(
    "descend_guarded",
    "A descent ends at a level place or runs out of steps; there is no third way.",
    hint="x can also run away, to inf or nan, where no comparison with tol comes out true. Test for it after each step.",
)
def no_divergence_test(f, x0, lr, max_steps, tol):
    x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    for _ in range(max_steps):
        (slope,) = torch.autograd.grad(f(x), x)
        if slope.abs() < tol:
            return x.item(), "not_a_minimum" if _is_lower_nearby(f, x) else "minimum"
        x = (x - lr * slope).detach().requires_grad_()
    return x.item(), "max_steps"


@misconception(
    "mse",
    "If the two tensors can be subtracted, they belong together.",
    hint="(4, 1) and (4,) broadcast to 16 differences, of which 12 compare what does not belong together. Compare the shapes first.",
)
def broadcasting_loss(pred, target):
    try:
        return ((pred - target) ** 2).mean()
    except RuntimeError as error:
        raise ValueError("the shapes do not fit") from error


def _same_shape(pred, target):
    if pred.shape != target.shape:
        raise ValueError("the shapes differ")


@misconception(
    "mse",
    "The squared error is added up over all elements.",
    hint="The first letter stands for mean: a sum grows with the number of elements.",
)
def summed(pred, target):
    _same_shape(pred, target)
    return ((pred - target) ** 2).sum()


@misconception(
    "mse",
    "The root belongs to the mean squared error.",
    hint="With the root it is the RMSE, another measure. Leave it away.",
)
def rooted(pred, target):
    _same_shape(pred, target)
    return ((pred - target) ** 2).mean().sqrt()


@misconception(
    "mse",
    "The mean is taken over the batch.",
    hint="mean(dim=0) leaves one number for each column. A loss is a single number: the mean over everything.",
)
def mean_over_batch_only(pred, target):
    _same_shape(pred, target)
    squares = (pred - target) ** 2
    return squares.mean(dim=0) if squares.ndim else squares


@misconception(
    "cross_entropy",
    "The logarithm of the softmax is computed as it is written.",
    hint="exp(1000) is inf, and log(0) is -inf. log_softmax and logsumexp give the same number without this detour.",
)
def log_of_softmax(logits, target):
    powers = logits.exp()
    log_p = (powers / powers.sum(1, keepdim=True)).log()
    return -log_p[torch.arange(len(target)), target].mean()


@misconception(
    "cross_entropy",
    "Softmax runs over the first axis.",
    hint="Axis 0 counts samples. The probabilities of one sample add up to 1 along the classes.",
)
def softmax_over_batch(logits, target):
    log_p = torch.log_softmax(logits, dim=0)
    return -log_p[torch.arange(len(target)), target].mean()


@misconception(
    "cross_entropy",
    "The mean goes over all entries of the table.",
    hint="All but one entry of each row are 0 by the one-hot mask, but mean counts them. Add up over the classes first.",
)
def mean_over_classes_too(logits, target):
    one_hot = nn.functional.one_hot(target, logits.shape[1])
    return -(one_hot * torch.log_softmax(logits, dim=1)).mean()


@misconception(
    "cross_entropy",
    "log_p[:, target] picks the target class of each row.",
    hint="The colon takes every row with every target: an (n, n) block. To pick one from each row, name the rows as well, or use gather.",
)
def columns_for_targets(logits, target):
    return -torch.log_softmax(logits, dim=1)[:, target].mean()


@misconception(
    "sgd_update_",
    "Assigning to the loop variable changes the parameter.",
    hint="p = p - ... binds the name p to a new tensor; the parameter that the model holds never hears of it. Write into it.",
)
def local_rebinding(params, lr):
    for p in params:
        if p.grad is not None:
            p = p - lr * p.grad


@misconception(
    "sgd_update_",
    "A parameter can be changed in place at any time.",
    hint="Autograd forbids to write into a leaf that it watches. An update is no part of the loss: switch tracking off for it.",
)
def tracked_update(params, lr):
    for p in params:
        if p.grad is not None:
            p -= lr * p.grad


@misconception(
    "sgd_update_",
    "Every parameter has a gradient.",
    hint="A frozen parameter, or one that the loss does not use, has None for a gradient. Skip it.",
)
def no_none_check(params, lr):
    for p in params:
        p.data.sub_(lr * p.grad.data)


@misconception(
    "sgd_update_",
    "Giving p.data a new tensor is an update in place.",
    hint="The parameter moves into new memory, and whoever shares the old memory keeps the old values. Write with sub_ or -=.",
)
def new_storage(params, lr):
    for p in params:
        if p.grad is not None:
            p.data = p.data - lr * p.grad


@misconception(
    "momentum_descent",
    "The learning rate belongs into the velocity.",
    hint="As long as the rate stays the same there is no difference. When it changes, torch applies the new rate to the whole velocity.",
)
def lr_inside_velocity(grad, x0, lrs, momentum):
    points, v = [x0.clone()], torch.zeros_like(x0)
    for lr in lrs:
        v = momentum * v + lr * grad(points[-1])
        points.append(points[-1] - v)
    return points


@misconception(
    "momentum_descent",
    "The velocity is a running mean of the gradients.",
    hint="torch adds the whole gradient to the velocity, not 1 - momentum of it (its option dampening is 0).",
)
def damped_gradient(grad, x0, lrs, momentum):
    points, v = [x0.clone()], torch.zeros_like(x0)
    for lr in lrs:
        v = momentum * v + (1 - momentum) * grad(points[-1])
        points.append(points[-1] - lr * v)
    return points


@misconception(
    "momentum_descent",
    "Momentum looks at the gradient where it will be next.",
    hint="That is Nesterov's variant, an option of its own. Plain momentum takes the gradient where x is.",
)
def look_ahead(grad, x0, lrs, momentum):
    points, v = [x0.clone()], torch.zeros_like(x0)
    for lr in lrs:
        v = momentum * v + grad(points[-1] - lr * momentum * v)
        points.append(points[-1] - lr * v)
    return points


@misconception(
    "momentum_descent",
    "Momentum makes the current step longer.",
    hint="Momentum remembers: keep a velocity from step to step, which loses some of itself and gains the gradient.",
)
def no_memory(grad, x0, lrs, momentum):
    points = [x0.clone()]
    for lr in lrs:
        points.append(points[-1] - lr * (1 + momentum) * grad(points[-1]))
    return points


def _adam(grad, x0, lr, betas, eps, steps, first=1, corrected=True, under_root=False):
    points, m, v = [x0.clone()], torch.zeros_like(x0), torch.zeros_like(x0)
    for t in range(first, first + steps):
        g = grad(points[-1])
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        mean, square = (m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)) if corrected else (m, v)
        size = (square + eps).sqrt() if under_root else square.sqrt() + eps
        points.append(points[-1] - lr * mean / size)
    return points


@misconception(
    "adam_descent",
    "The running means can be used as they are.",
    hint="Both begin at 0 and are too small at first, by different factors. Divide each by 1 - beta**t.",
)
def no_bias_correction(grad, x0, lr, betas, eps, steps):
    return _adam(grad, x0, lr, betas, eps, steps, corrected=False)


@misconception(
    "adam_descent",
    "eps is added before the root is taken.",
    hint="torch takes the root first and adds eps to it. With a large eps, or small gradients, this shows.",
)
def eps_inside_root(grad, x0, lr, betas, eps, steps):
    return _adam(grad, x0, lr, betas, eps, steps, under_root=True)


@misconception(
    "adam_descent",
    "The counter is raised once before the loop and once in it.",
    hint="In the first step t is 1: then the corrections undo exactly what the zeros at the start did.",
)
def counter_off_by_one(grad, x0, lr, betas, eps, steps):
    return _adam(grad, x0, lr, betas, eps, steps, first=2)


@misconception(
    "train_step",
    "backward puts the gradient into .grad, whatever was there.",
    hint="backward adds to what lies in .grad. Clear it before.",
)
def no_zero_grad(model, loss_fn, optimizer, x, y):
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "The order of step and backward does not matter.",
    hint="The step uses the gradients that lie there. backward has to compute them before.",
)
def step_before_backward(model, loss_fn, optimizer, x, y):
    loss = loss_fn(model(x), y)
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()
    return loss.item()


@misconception(
    "train_step",
    "The gradients are cleared right before the step.",
    hint="Between backward and step the gradients are needed. Clear them before backward, or after the step.",
)
def zero_before_step(model, loss_fn, optimizer, x, y):
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "The loss is made of plain values, so the outputs are detached first.",
    hint="detach, item and numpy all end the graph: from there no way leads back to the parameters. Go backward first, and take the plain number then.",
)
def detached_outputs(model, loss_fn, optimizer, x, y):
    optimizer.zero_grad()
    loss = loss_fn(model(x).detach(), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@misconception(
    "train_step",
    "The loss is a number.",
    hint="The loss is a tensor that holds on to the whole graph. Ask it for its plain number.",
)
def loss_tensor(model, loss_fn, optimizer, x, y):
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss


@misconception(
    "fix_epoch",
    "Clearing the gradients once, at the start of the epoch, is enough.",
    hint="From the second batch on the gradients of all earlier batches are still there, and backward adds to them.",
)
def cleared_once(model, optimizer, loss_fn, loader):
    optimizer.zero_grad()
    losses = []
    for x, y in loader:
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@misconception(
    "fix_epoch",
    "An epoch is one step.",
    hint="The step belongs into the loop: one for each batch. After the loop only the gradient of the last batch is left.",
)
def step_once_per_epoch(model, optimizer, loss_fn, loader):
    losses = []
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        losses.append(loss.item())
    optimizer.step()
    return losses


@misconception(
    "fix_epoch",
    "backward works on a detached loss that requires grad again.",
    hint="detach cuts the way back to the parameters, and requires_grad_ does not mend it. Go backward from the loss itself.",
)
def loss_detached(model, optimizer, loss_fn, loader):
    losses = []
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y).detach().requires_grad_()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@misconception(
    "fix_classifier_loss",
    "nn.CrossEntropyLoss takes probabilities.",
    hint="It takes raw scores and does the softmax itself. Probabilities lie within 0 and 1, so a second softmax can hardly tell them apart.",
)
def double_softmax(logits, target):
    return nn.CrossEntropyLoss()(torch.softmax(logits, dim=1), target)


@misconception(
    "fix_classifier_loss",
    "nn.NLLLoss takes the logarithm of the probabilities.",
    hint="Despite its name it takes no logarithm: it expects log-probabilities.",
)
def nll_of_probabilities(logits, target):
    return nn.NLLLoss()(torch.softmax(logits, dim=1), target)


@misconception(
    "fix_classifier_loss",
    "nn.NLLLoss takes raw scores.",
    hint="It only picks and negates: raw scores can be made as large as one likes, and the loss falls for ever.",
)
def nll_of_logits(logits, target):
    return nn.NLLLoss()(logits, target)


@misconception(
    "fix_classifier_loss",
    "The softmax of a batch runs over axis 0.",
    hint="Axis 0 counts samples. Probabilities add up to 1 along the classes of one sample.",
)
def softmax_dim_zero(logits, target):
    return nn.NLLLoss()(torch.log_softmax(logits, dim=0), target)


@misconception(
    "fix_classifier_loss",
    "A loss takes two tensors of one dtype, so the classes become floats.",
    hint="A class is a place among the scores, and places are int64. Cross-entropy takes floats only as probabilities, one for each class.",
)
def float_classes(logits, target):
    return nn.CrossEntropyLoss()(logits, target.to(logits.dtype))


@misconception(
    "fix_classifier_loss",
    "Targets stand in a column, one row for each sample.",
    hint="Class indices are a vector (n,): one number a sample, no axis of its own. Columns are for targets that are compared number by number.",
)
def column_of_classes(logits, target):
    return nn.CrossEntropyLoss()(logits, target.view(-1, 1))


@misconception(
    "fix_classifier_loss",
    "One-hot rows of integers can go into a binary cross-entropy.",
    hint="It multiplies with the targets and wants them in the dtype of the scores. But for one class out of several no one-hot rows are needed at all.",
)
def integer_one_hot(logits, target):
    return nn.BCEWithLogitsLoss()(logits, nn.functional.one_hot(target, logits.shape[1]))


@misconception(
    "fix_classifier_loss",
    "nn.BCELoss turns scores into probabilities.",
    hint="BCELoss takes numbers between 0 and 1 and refuses others. Besides, it asks of each class: yes or no? Here the classes share a single 1.",
)
def bce_of_scores(logits, target):
    return nn.BCELoss()(logits, nn.functional.one_hot(target, logits.shape[1]).to(logits.dtype))
