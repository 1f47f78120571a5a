"""The checks you can see. More are run when you hand in."""

import torch

from fixtures.shared import float_functions as plain
from fixtures.shared import functions as fs
from torchgrade import check, expect

FORBIDDEN = (
    *("torch.autograd.grad", "torch.autograd.backward", "torch.Tensor.backward"),
    *(f"torch.func.{name}" for name in ("grad", "grad_and_value", "vjp", "jvp", "jacrev", "jacfwd", "linearize")),
    *(f"torch.autograd.functional.{name}" for name in ("jacobian", "vjp", "jvp")),
)


def expect_slopes(submission, f, x, known=None, because=None):
    """Compare with what autograd gives in float64, to 1e-6; the input must stay as it was."""
    if known is None:
        leaf = x.detach().double().requires_grad_()
        known = torch.autograd.grad(f(leaf), leaf)[0]
    with submission.banning(*FORBIDDEN):
        seen = submission.observe.numerical_gradient(f, x)
    out = expect(seen, because="There is one slope for each element of x.").is_a(torch.Tensor).shape(*x.shape).value
    expect(out.dtype, because="The result is of dtype float64, or else of that of x.").one_of(torch.float64, x.dtype)
    slack = {"rtol": 1e-6, "atol": 1e-6}
    expect(out.double(), because=because or "The slopes agree with autograd to 1e-6.").close(known, **slack)
    expect(seen, because="x is left as it was.").untouched()


@check("numerical_gradient", points=2, visible=True)
def test_known_slopes(submission):
    """Cubes, a mean, a sine and an exponential, at a few points; the input stays as it was."""
    x = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
    expect_slopes(submission, fs.cube_sum, x, torch.tensor([3.0, 12.0, 0.75], dtype=torch.float64))
    expect_slopes(submission, fs.mean, x, torch.full((3,), 1 / 3, dtype=torch.float64))
    expect_slopes(submission, fs.sine_sum, torch.tensor(2.0, dtype=torch.float64))
    expect_slopes(submission, fs.exponential_sum, x.float())


SQUARE, CUBE, LINE = (plain.square, plain.twice), (plain.cube, plain.three_squares), (plain.double_plus_one, plain.two)


def of_tensor(f, x):
    """Apply a function of floats to a tensor, so that autograd can follow."""
    twins = {plain.sine: torch.sin, plain.exponential: torch.exp}
    return twins.get(f, f)(x)


def expect_derivative(submission, chain, x, known=None, because=None):
    """Compare with the derivative that autograd gives for the whole chain."""
    if known is None:
        end = start = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        for f, _ in chain:
            end = of_tensor(f, end)
        known = torch.autograd.grad(end, start)[0].item()
    out = submission.chain_derivative([f for f, _ in chain], [df for _, df in chain], x)
    number = expect(out, because="The derivative is a plain number.").is_a(float, int).value
    expect(float(number), because=because).close(known, rtol=1e-9, atol=1e-12)


@check("chain_derivative", points=1, visible=True)
def test_known_chains(submission):
    """Chains of none, one, two and three functions."""
    expect_derivative(submission, [], 3.0, 1.0)
    expect_derivative(submission, [SQUARE], 3.0, 6.0)
    expect_derivative(submission, [LINE, SQUARE], 3.0, 28.0)
    expect_derivative(submission, [SQUARE, LINE], 3.0, 12.0)
    expect_derivative(submission, [LINE, SQUARE, CUBE], 0.0, 12.0)


def expect_descent(submission, x, lr, steps, because=None, **slack):
    """Compare with x (1 - 2 lr)^steps; the start must stay as it was."""
    known = x * (1 - 2 * lr) ** steps
    slack = slack or {"rtol": 1e-5, "atol": 1e-6}
    seen = submission.observe.fix_descent_loop(x, lr, steps)
    expect(seen, because=because or "Every step multiplies w by 1 - 2 lr.").is_a(torch.Tensor).close(known, **slack)
    expect(seen, because="The result does not require grad.").requires_grad(False)
    expect(seen, because="The start is left as it was.").untouched()
    expect(seen, because="The start does not require grad afterwards.").argument(0).requires_grad(False)


@check("fix_descent_loop", points=2, visible=True)
def test_known_descent(submission):
    """From -262 to -256.76 in one step, to -246.5923 in three; not a step stays where it is."""
    start = torch.tensor([-262.0])
    for steps in (0, 1, 2, 3, 10):
        expect_descent(submission, start, 0.01, steps)
    for steps, figure in ((1, -256.76), (2, -251.6248), (3, -246.5923)):
        out = submission.fix_descent_loop(start, 0.01, steps)
        expect(out).close(torch.tensor([figure]), rtol=1e-6, atol=0)
