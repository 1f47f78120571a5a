"""The checks you can see. More are run when you hand in."""

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
