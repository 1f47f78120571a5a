"""Checks of 07-descent: SGD in place, momentum, Adam."""

import torch

from fixtures.shared import descent, graphs
from torchgrade import check, expect


def expect_update(submission, values, grads, lr, frozen=(), once=False):
    """See what the parameters and their gradients are after one call."""
    mine = submission.make(graphs.student_function, "descent", "sgd_update_")
    seen = submission.make(descent.updated_parameters, mine, values, grads, list(frozen), lr, once)
    known = [value if grad is None else value - lr * grad for value, grad in zip(values, grads, strict=True)]
    slack = {"rtol": 1e-6, "atol": 1e-6}
    expect(seen["values"], because="lr times its gradient is subtracted from each parameter.").close(known, **slack)
    expect(seen["memory"], because="Each parameter is changed in the memory that it has.").close(known, **slack)
    expect(seen["grads"], because="The gradients are left as they are.").equal(grads)
    expect(seen["leaves"], because="The parameters stay leaves.").equal([True] * len(values))
    tracked = [place not in frozen for place in range(len(values))]
    expect(seen["tracked"], because="Whether a parameter requires grad does not change.").equal(tracked)


@check("sgd_update_", points=1, visible=True)
def test_known_update(submission):
    """[1, 2] with the gradient [10, -10] and rate 0.1; a second parameter has no gradient."""
    values = [torch.tensor([1.0, 2.0]), torch.tensor([[5.0]])]
    expect_update(submission, values, [torch.tensor([10.0, -10.0]), None], 0.1)


@check("sgd_update_", points=2)
def test_any_update(submission):
    """Many parameters, frozen ones, other shapes and dtypes, an iterator."""
    draw = torch.Generator().manual_seed(705)
    a, b = torch.randn(2, 3, 4, generator=draw)
    table, row, column = a.double(), b[0].clone(), a[:, :1].clone()
    expect_update(submission, [a, row, column], [b, row * 3, -column], 0.5)
    expect_update(submission, [row, a, table], [None, b, table.flip(0)], 0.01, once=True)
    expect_update(submission, [a, row, column, row[0].clone()], [None, None, column, row[1].clone()], 2.0, frozen=(0,))
    expect_update(submission, [a.t(), row], [b.t(), None], 0.3, frozen=(1,), once=True)
    expect_update(submission, [row], [torch.zeros(4)], 0.3)
    expect_update(submission, [a], [b], 0.0)


def visited(grad, x0, optimizer, rates):
    """List the start and the points that an optimizer of torch visits, with one learning rate for each step."""
    x = torch.nn.Parameter(x0.clone())
    steps = optimizer([x])
    points = [x.detach().clone()]
    for lr in rates:
        steps.param_groups[0]["lr"] = lr
        x.grad = grad(x.detach())
        steps.step()
        points.append(x.detach().clone())
    return points


def expect_visited(seen, known, because=None):
    """Compare the points with those of torch; the start may be left out."""
    found = (
        expect(seen, because="The result is a list of the points, one for each step and the start.").is_a(list).value
    )
    if len(found) == len(known) - 1:
        known = known[1:]
    expect(seen, because="The result is a list of the points, one for each step and the start.").length(len(known))
    slack = 1e-4 if known and known[0].dtype == torch.float32 else 1e-8
    for place, point in enumerate(known):
        one = expect(seen, because=because or "The points are those of torch's optimizer.").at(place)
        one.is_a(torch.Tensor).close(point, rtol=slack, atol=slack)
    expect(seen, because="The start is left as it was.").untouched()
    return found


def expect_momentum(submission, grad, x0, lrs, momentum, because=None):
    """Compare with torch.optim.SGD."""
    known = visited(grad, x0, lambda params: torch.optim.SGD(params, lr=1.0, momentum=momentum), lrs)
    return expect_visited(submission.observe.momentum_descent(grad, x0, lrs, momentum), known, because)


@check("momentum_descent", points=2, visible=True)
def test_known_momentum(submission):
    """x² from -262 with momentum 0.9: the same rate for all steps, and one that falls."""
    start = torch.tensor([-262.0])
    for lrs in ([0.01] * 5, [0.01, 0.01, 0.001, 0.001]):
        expect_momentum(submission, descent.squares_slope, start, lrs, 0.9)
    found = submission.momentum_descent(descent.squares_slope, start, [0.01, 0.01], 0.9)
    expect(found[-1]).close(torch.tensor([-246.9088]), rtol=1e-6, atol=0)


@check("momentum_descent", points=2)
def test_any_momentum(submission):
    """Other slopes, rates, momenta, shapes and dtypes; no momentum; no step; down to the minimum."""
    draw = torch.Generator().manual_seed(706)
    block = torch.randn(3, 4, 2, generator=draw)
    falling = [0.1 / (1 + k) for k in range(8)]
    rising = [0.001 * 2**k for k in range(6)]
    still = "Without momentum it is plain descent."
    for grad, x0, lrs, momentum, because in (
        (descent.quadratic_slope, block[0, 0], [0.05] * 10, 0.9, None),
        (descent.quadratic_slope, block[0, 1].double(), falling, 0.5, None),
        (descent.bowl_slope, block[0, 2], rising, 0.8, None),
        (descent.bowl_slope, block[1, 0].double(), [0.02, 0.0, 0.03], 0.9, "A rate of 0 keeps x for one step."),
        (descent.squares_slope, block, [0.1, 0.3, 0.2], 0.7, None),
        (descent.squares_slope, block[1].t(), [0.1, 0.05], 0.0, still),
        (descent.quadratic_slope, block[2, 0], falling, 0.0, still),
        (descent.squares_slope, block[:, ::2, 0].double(), [0.2] * 4, 1.0, None),
        (descent.squares_slope, block[0, 0, 0], [], 0.9, None),
    ):
        expect_momentum(submission, grad, x0, lrs, momentum, because)
    end = expect_momentum(submission, descent.quadratic_slope, block[2, 1], [0.1] * 150, 0.8)[-1]
    best = torch.tensor([0.8, -1.4])
    expect(end, because="In the end x comes to rest at the minimum.").close(best, rtol=1e-3, atol=1e-3)


def expect_adam(submission, grad, x0, lr, betas, eps, steps, because=None):
    """Compare with torch.optim.Adam."""
    known = visited(grad, x0, lambda params: torch.optim.Adam(params, lr=lr, betas=betas, eps=eps), [lr] * steps)
    return expect_visited(submission.observe.adam_descent(grad, x0, lr, betas, eps, steps), known, because)


@check("adam_descent", points=2, visible=True)
def test_known_adam(submission):
    """A first step of 0.1 in every coordinate, and nine more; once with a large eps."""
    start = torch.tensor([3.0, -0.5])
    first = submission.adam_descent(descent.quadratic_slope, start, 0.1, (0.9, 0.999), 1e-8, 1)
    expect(first[-1], because="The first step is lr long in every coordinate.").close(torch.tensor([2.9, -0.6]))
    expect_adam(submission, descent.quadratic_slope, start, 0.1, (0.9, 0.999), 1e-8, 10)
    expect_adam(submission, descent.quadratic_slope, start, 0.1, (0.9, 0.999), 0.5, 10)


@check("adam_descent", points=3)
def test_any_adam(submission):
    """Other slopes, rates, betas, shapes and dtypes; tiny gradients; no step."""
    draw = torch.Generator().manual_seed(707)
    block = torch.randn(3, 4, 2, generator=draw)
    outside = "eps is added to the root, not under it."
    for grad, x0, lr, betas, eps, steps, because in (
        (descent.bowl_slope, block[0, 0], 0.05, (0.8, 0.99), 1e-8, 12, None),
        (descent.bowl_slope, block[0, 1].double(), 0.2, (0.5, 0.9), 0.3, 15, outside),
        (descent.quadratic_slope, block[0, 2].double(), 0.01, (0.0, 0.99), 1e-6, 6, None),
        (descent.quadratic_slope, block[0, 3].double(), 0.1, (0.9, 0.0), 1e-3, 6, None),
        (descent.squares_slope, block[1].double() * 1e-6, 1e-3, (0.9, 0.999), 1e-6, 5, outside),
        (descent.squares_slope, block, 0.3, (0.9, 0.95), 1e-8, 4, None),
        (descent.squares_slope, block[1].t(), 0.01, (0.7, 0.8), 1.0, 7, outside),
        (descent.squares_slope, block[0, 0, 0], 0.1, (0.9, 0.999), 1e-8, 0, None),
    ):
        expect_adam(submission, grad, x0, lr, betas, eps, steps, because)
