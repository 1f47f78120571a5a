"""The checks you can see. More are run when you hand in."""

import torch

from fixtures.shared import descent, graphs
from fixtures.shared import functions as fs
from torchgrade import check, expect

MODULE = "descent"


def expect_points(submission, f, x0, lr, steps, known, because=None, slack=1e-5):
    """Compare all points with the known ones; the start must stay as it was."""
    seen = submission.observe.descend(f, x0, lr, steps)
    found = expect(seen, because="The result is a list of the start and the point after each step.")
    found.is_a(list).length(steps + 1)
    for place, point in enumerate(known):
        one = expect(seen, because=because or "Each step goes lr times the gradient downhill.").at(place)
        one.is_a(torch.Tensor).close(point, rtol=slack, atol=slack)
        expect(seen, because="No point requires grad.").at(place).requires_grad(False)
    expect(seen, because="The start is left as it was.").untouched()
    expect(seen, because="The start does not require grad afterwards.").argument(1).requires_grad(False)


def expect_independent(submission, f, x0, lr, steps):
    """Write into each point in turn: all of them must keep what was written."""
    mine = submission.make(graphs.student_function, MODULE, "descend")
    out = submission.make(descent.written_points, mine, f, x0, lr, steps)
    known = [torch.full_like(x0, place) for place in range(steps + 1)]
    expect(out, because="Writing into one point changes no other one.").equal(known)


@check("descend", points=2, visible=True)
def test_known_walk(submission):
    """x² from -262: -256.76, -251.6248, -246.5923, and after 1000 steps -4.4094e-07."""
    start = torch.tensor([-262.0])
    known = [torch.tensor([figure]) for figure in (-262.0, -256.76, -251.6248, -246.5923)]
    expect_points(submission, fs.square_sum, start, 0.01, 3, known, slack=1e-6)
    expect_independent(submission, fs.square_sum, start, 0.01, 3)
    out = submission.descend(fs.square_sum, start, 0.01, 1000)
    expect(out).length(1001).at(1000).close(torch.tensor([-4.4094e-07]), rtol=1e-3, atol=0)


def landing(df, x, lr, max_steps, tol):
    """Work out the last point in plain Python, for a descent that does not run away."""
    for _ in range(max_steps):
        if abs(df(x)) < tol:
            break
        x -= lr * df(x)
    return x


def expect_end(submission, f, numbers, status, known=None, because=None, slack=1e-4):
    """Compare how the descent ended, and where unless it ran away; numbers are x0, lr, max_steps and tol."""
    out = submission.descend_guarded(f, *numbers)
    expect(out, because="The result is a pair: where the descent ended, and how.").is_a(tuple).length(2)
    expect(out, because="The first of the pair is a plain float.").at(0).is_a(float)
    expect(out, because=because or "The status says how the descent ended.").at(1).equal(status)
    if known is not None:
        expect(out, because="The first of the pair is the last point.").at(0).close(known, rtol=slack, atol=slack)
    return out[0]


LEVEL = "Where the slope is close to 0 but a neighbour 0.1 away is lower, it is not a minimum."
AWAY = "What is no longer finite, or further out than 1e8, has diverged."


def expect_far_out(x, start):
    """See that the point of a descent that ran away is not where it began."""
    if abs(x) < 10 * abs(start):
        expect.fail("The first of the pair is where the descent was when it ran away.", "")


@check("descend_guarded", points=2, visible=True)
def test_known_ends(submission):
    """x², x³ from +10 and from -1, x² with a rate above 1 and with a tiny one, the top of -x²."""
    numbers = (-262.0, 0.1, 1000, 1e-3)
    expect_end(submission, fs.squares, numbers, "minimum", landing(lambda x: 2 * x, *numbers))
    numbers = (10.0, 0.01, 3000, 1e-2)
    expect_end(submission, fs.cubes, numbers, "not_a_minimum", landing(lambda x: 3 * x * x, *numbers), LEVEL, 1e-3)
    expect_far_out(expect_end(submission, fs.cubes, (-1.0, 0.01, 1000, 1e-6), "diverged", because=AWAY), -1.0)
    expect_far_out(expect_end(submission, fs.squares, (1.0, 1.1, 1000, 1e-6), "diverged", because=AWAY), 1.0)
    numbers = (5.0, 1e-4, 40, 0.1)
    expect_end(submission, fs.squares, numbers, "max_steps", landing(lambda x: 2 * x, *numbers), slack=1e-5)
    expect_end(submission, descent.hill, (0.0, 0.1, 10, 1e-3), "not_a_minimum", 0.0, LEVEL)
