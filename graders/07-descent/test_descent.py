"""Checks of 07-descent: plain descent, descent that says how it ended."""

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


def walk(x0, lr, steps):
    """List the points of descent on the quadratic: x* + (I - lr A)^k (x0 - x*)."""
    a, b = x0.new_tensor(fs.QUADRATIC_A), x0.new_tensor(fs.QUADRATIC_B)
    best = torch.linalg.solve(a, b)
    shrink = torch.eye(2, dtype=x0.dtype) - lr * a
    return [best + torch.linalg.matrix_power(shrink, k) @ (x0 - best) for k in range(steps + 1)]


@check("descend", points=2)
def test_any_walk(submission):
    """A quadratic of two numbers down to its minimum; tables, slices, single numbers; other rates; no step at all."""
    draw = torch.Generator().manual_seed(701)
    block = torch.randn(3, 4, 2, generator=draw)
    for x0, lr, steps in ((block[0, 0] * 5, 0.1, 9), (block[0, 1].double(), 0.3, 40), (block[0, 2], 0.05, 0)):
        expect_points(submission, fs.quadratic, x0, lr, steps, walk(x0, lr, steps), slack=2e-5)
    best = torch.linalg.solve(torch.tensor(fs.QUADRATIC_A), torch.tensor(fs.QUADRATIC_B))
    out = submission.descend(fs.quadratic, block[1, 0], 0.3, 120)
    expect(out, because="In the end the walk comes to rest at the minimum.").at(120).close(best, rtol=1e-4, atol=1e-4)
    for x0, because in (
        (block, None),
        (block[0].t(), "A transposed tensor is a tensor like any other."),
        (block[:, ::2, 1].double(), "float64 stays float64."),
        (block[0, 0, 0], "A tensor without axes is a tensor like any other."),
    ):
        for lr, steps in ((0.1, 4), (0.7, 3), (0.1, 0)):
            known = [x0 * (1 - 2 * lr) ** k for k in range(steps + 1)]
            expect_points(submission, fs.square_sum, x0, lr, steps, known, because)
    expect_independent(submission, fs.quadratic, block[2, 0], 0.1, 4)
    expect_independent(submission, fs.square_sum, torch.zeros(3), 0.1, 2)


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
BELOW = "The descent ends where the slope is below tol, not where it is equal to it."
EQUAL = "A neighbour that is as low, but not lower, does not speak against a minimum."
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


@check("descend_guarded", points=4)
def test_any_end(submission):
    """Shifted and flat valleys, tops, inflections from both sides, steps that are too large, too small and too few."""
    small = "The descent goes on until the slope is below tol, however small the steps are."
    for f, df, numbers, status, because, slack in (
        (descent.shifted_parabola, lambda x: 2 * (x - 3), (-7.0, 0.1, 500, 1e-3), "minimum", None, 1e-4),
        (descent.shifted_parabola, lambda x: 2 * (x - 3), (8.0, 0.9, 500, 1e-3), "minimum", None, 1e-4),
        (descent.shifted_parabola, lambda x: 2 * (x - 3), (3.5, 0.002, 2000, 0.1), "minimum", small, 1e-3),
        (descent.flat_valley, lambda x: 4 * x**3, (1.0, 0.1, 2000, 1e-4), "minimum", None, 1e-3),
        (descent.flat_valley, lambda x: 4 * x**3, (-1.2, 0.05, 60, 1e-9), "max_steps", None, 1e-4),
        (descent.two_valleys, lambda x: 4 * x**3 - 4 * x, (0.5, 0.05, 500, 1e-3), "minimum", None, 1e-3),
        (descent.two_valleys, lambda x: 4 * x**3 - 4 * x, (-0.3, 0.05, 500, 1e-3), "minimum", None, 1e-3),
        (descent.two_valleys, lambda x: 4 * x**3 - 4 * x, (0.0, 0.05, 500, 1e-3), "not_a_minimum", LEVEL, 1e-4),
        (descent.falling_cubes, lambda x: -3 * x * x, (-4.0, 0.02, 1000, 2e-2), "not_a_minimum", LEVEL, 1e-3),
        (fs.cubes, lambda x: 3 * x * x, (4.0, 0.02, 1000, 2e-2), "not_a_minimum", LEVEL, 1e-3),
        (descent.narrow_hill, lambda x: 200 * x**3 - 2 * x, (0.0, 0.01, 5, 1e-3), "not_a_minimum", LEVEL, 1e-4),
        (descent.narrow_valley, lambda x: 2 * x - 200 * x**3, (0.0, 0.01, 5, 1e-3), "minimum", None, 1e-4),
        (fs.squares, lambda x: 2 * x, (9.0, 1e-3, 25, 1e-2), "max_steps", None, 1e-5),
        (fs.squares, lambda x: 2 * x, (-3.0, 0.45, 100, 1e-2), "minimum", None, 1e-4),
        (fs.squares, lambda x: 2 * x, (5e3, 0.25, 100, 1e-2), "minimum", None, 1e-4),
        (fs.squares, lambda x: 2 * x, (4.0, 0.25, 100, 8.0), "not_a_minimum", BELOW, 1e-5),
        (descent.plateau, lambda x: 2 * max(x, 0), (-1.0, 0.25, 10, 1e-2), "minimum", EQUAL, 1e-5),
        (fs.squares, lambda x: 2 * x, (1.0, 1.05, 7, 1e-2), "max_steps", None, 1e-5),
    ):
        expect_end(submission, f, numbers, status, landing(df, *numbers), because, slack)
    for f, numbers in (
        (fs.squares, (-0.5, 1.4, 1000, 1e-3)),
        (fs.cubes, (-2.0, 0.05, 1000, 1e-3)),
        (descent.falling_cubes, (1.0, 0.05, 1000, 1e-3)),
        (descent.hill, (0.5, 0.2, 1000, 1e-3)),
        (descent.flat_valley, (3.0, 0.5, 1000, 1e-3)),
    ):
        expect_far_out(expect_end(submission, f, numbers, "diverged", because=AWAY), numbers[0])
    expect_end(submission, descent.roots, (0.5, 0.4, 1000, 1e-3), "diverged", because=AWAY)
