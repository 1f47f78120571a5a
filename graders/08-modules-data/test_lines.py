"""Checks of 08-modules-data: the least-squares line, by formula and by training, and two repairs."""

import torch
from torch import nn
from torch.nn import functional

from fixtures.shared import graphs, modules_data
from torchgrade import check, expect


def regression():
    """Give 100 points about the line 41.7411 x + 14.5, whose least-squares line has 44.4372 and 15.6651."""
    x, y = modules_data.noisy_line(100, None, 14.5, 10.0, 42)
    return x.float(), y.float()


def known_line(x, y):
    """Let torch solve for the least-squares line in float64; return weight and bias."""
    return tuple(expect.least_squares(x, y).optimum.tolist())


def expect_pair(out):
    """See that an answer is a pair of plain floats."""
    found = expect(out, because="The result is a tuple of two plain floats.").is_a(tuple).length(2)
    for place in (0, 1):
        found.at(place).is_a(float)


def expect_best(submission, x, y, slack=1e-6):
    """Compare the line for column targets and for flat ones."""
    known = known_line(x, y)
    for targets in (y, y.reshape(-1)):
        out = submission.least_squares_line(x, targets)
        expect_pair(out)
        because = "The result is the line with the least mean squared error, computed in float64."
        scale = max(map(abs, known))
        expect(out, because=because).close(known, rtol=slack, atol=slack * scale)


@check("least_squares_line", points=2, visible=True)
def test_known_best_line(submission):
    """100 points about 41.7411 x + 14.5: the best line has 44.4372 and 15.6651; (n,) and (n, 1) targets."""
    x, y = regression()
    out = submission.least_squares_line(x, y)
    expect_pair(out)
    because = "The best line fits these points, not the line that they were drawn from."
    expect(out, because=because).close((44.4372, 15.6651), rtol=0, atol=2e-4)
    expect_best(submission, x, y)


@check("least_squares_line", points=2)
def test_any_best_line(submission):
    """Other points, few and many, far from 0, two points alone, float32 and float64."""
    for n, weight, bias, noise, seed in ((2, 3.0, -1.0, 1.0, 1), (3, -2.0, 5.0, 2.0, 2), (50, 0.3, 40.0, 1.0, 3)):
        x, y = modules_data.noisy_line(n, weight, bias, noise, seed)
        expect_best(submission, x, y)
        expect_best(submission, x.float(), y.float())
        expect_best(submission, x.float() * 3 + 2, y.float())
    x, y = modules_data.noisy_line(400, 1.5, 0.0, 0.5, 4)
    expect_best(submission, (x + 1000).float(), y.float())
    expect_best(submission, x.float(), (y + 5000).float())
    expect_best(submission, x - 200, y)
    expect_best(submission, x.float(), torch.full((400, 1), 2.5))


def line_of(model):
    """Ask a model of one input and one output for its weight and bias."""
    at_0, at_1 = model(torch.tensor([[0.0], [1.0]])).reshape(-1).tolist()
    return at_1 - at_0, at_0


def trained(submission, x, y, *args):
    """Train, and see that there is a model and one plain float for each epoch."""
    out = submission.train_line(x, y, *args)
    found = expect(out, because="The result is a pair of the model and the history.").is_a(tuple).length(2)
    model, history = found.value
    expect(model, because="The first of the pair is the model.").is_a(nn.Module)
    expect(history, because="The history is a list with one loss for each epoch.").is_a(list).length(args[1])
    for loss in history:
        expect(loss, because="The losses are plain floats.").is_a(float)
    return line_of(model), history


def expect_trained(submission, x, y, *args, within=0.025):
    """See that training gets to the least-squares line and the history to its loss; return the history."""
    best = expect.least_squares(x, y)
    line, history = trained(submission, x, y, *args)
    expect(line, because="Training ends close to the least-squares line.").near(best, within=within)
    because = "The history ends close to the least loss that a line can have, as a mean over all samples."
    expect(history, because=because).descends(to=best.least_loss * 1.025 + 1e-4, rises=0.9)
    if history[-1] < best.least_loss * 0.98 - 1e-6:
        expect.fail(because, "No line has so small a loss. Does each sample count once?")
    return history


def expect_history(submission, x, y, batch_size, seed):
    """Stand still with a rate of 0: each loss is that of the model on all samples."""
    line, history = trained(submission, x, y, 0.0, 3, batch_size, seed)
    known = (line[0] * x + line[1] - y).square().mean().item()
    because = "Each loss is the mean over all samples of the epoch, each counting the same."
    expect(history, because=because).close([known] * 3, rtol=1e-4, atol=1e-6)
    return line


def expect_steps(submission, x, y, lr, epochs, seed):
    """With one batch an epoch, training is plain descent from where a rate of 0 stands still."""
    start, _ = trained(submission, x, y, 0.0, 1, len(x), seed)
    line, _ = trained(submission, x, y, lr, epochs, len(x), seed)
    because = "Each batch leads to one plain step of SGD on the mean squared error."
    expect(line, because=because).after_steps(epochs, expect.least_squares(x, y), start=start, lr=lr)


def expect_seeded(submission, x, y, seed):
    """See that equal seeds give equal results and different ones do not."""
    runs = [trained(submission, x, y, 0.05, 4, 8, one) for one in (seed, seed, seed + 1)]
    expect(runs[0], because="Equal seeds give equal models and histories.").repeats(runs[1])
    expect(runs[0][1], because="Different seeds give different histories.").differs_from(runs[2][1])


@check("train_line", points=3, visible=True)
def test_known_training(submission):
    """100 points about 41.7411 x + 14.5: close to 44.4372 and 15.6651, last loss near 78.05; 3 x - 1 without noise."""
    x, y = regression()
    expect_trained(submission, x, y, 0.015, 70, 16, 42)
    expect_seeded(submission, x, y, 42)
    line = torch.linspace(-1, 1, 40).reshape(-1, 1)
    expect_trained(submission, line, 3 * line - 1, 0.1, 50, 8, 42, within=0.005)


@check("train_line", points=3)
def test_any_training(submission):
    """Other points, rates, batches and seeds; a short last batch, batches of one, a single batch; a rate of 0."""
    x, y = (part.float() for part in modules_data.noisy_line(90, -20.0, 30.0, 4.0, 810))
    expect_trained(submission, x, y, 0.03, 60, 20, 810)
    expect_trained(submission, x[:40], (2 * x - 3)[:40], 0.05, 8, 1, 811, within=0.005)
    for batch_size in (20, 90, 7):
        expect_history(submission, x, y, batch_size, 812)
    expect_history(submission, x[:10], y[:10], 4, 813)
    expect_history(submission, x[:5], y[:5], 1, 813)
    expect_steps(submission, x, y, 0.1, 5, 814)
    expect_seeded(submission, x, y, 815)


def expect_fitted(submission, x, y, lr, steps):
    """See that a repaired fit finds the least-squares line for column targets and for flat ones."""
    best = expect.least_squares(x, y)
    for targets, because in (
        (y.reshape(-1), "With targets of shape (n,) slope and intercept are those of the least-squares line."),
        (y, "With targets of shape (n, 1) slope and intercept are those of the least-squares line."),
    ):
        out = submission.fix_target_shape(x, targets, lr, steps)
        expect_pair(out)
        expect(out, because=because).near(best, within=0.002)


@check("fix_target_shape", points=1, visible=True)
def test_known_fit(submission):
    """50 points on 3 x from -1 to 1, with both shapes of targets."""
    x = torch.linspace(-1, 1, 50).reshape(-1, 1)
    expect_fitted(submission, x, 3 * x, 0.1, 200)


@check("fix_target_shape", points=2)
def test_any_fit(submission):
    """Other lines with noise, x about another mean, few points."""
    for n, weight, bias, noise, shift in ((80, -4.0, 7.0, 1.0, 0.0), (30, 2.0, 0.5, 0.3, 0.7), (3, 1.0, 5.0, 0.5, 0.0)):
        x, y = modules_data.noisy_line(n, weight, bias, noise, 816 + n)
        expect_fitted(submission, (x + shift).float(), y.float(), 0.1, 300)


def expect_loss(submission, kind, n, seed):
    """Compare loss, parameters and gradients, with their dtypes, with those of the right computation."""
    draw = torch.Generator().manual_seed(seed)
    model = modules_data.net(kind)
    x = torch.randn(n, 3, generator=draw, dtype=torch.float64)
    y = torch.randn(n, model(torch.zeros(1, 3, dtype=next(model.parameters()).dtype)).shape[1], generator=draw) * 2.0
    y = y.double() + 0.1
    dtype = next(model.parameters()).dtype
    mine = submission.make(graphs.student_function, "modules", "fix_float64_data")
    seen = submission.make(modules_data.loss_and_gradients, mine, kind, x.numpy(), y.numpy())
    known = functional.mse_loss(model(x.to(dtype)), y.to(dtype))
    known.backward()
    slack = 1e-10 if dtype == torch.float64 else 1e-5
    loss = expect(seen["loss"], because="The loss is a tensor in the model's dtype.").is_a(torch.Tensor).dtype(dtype)
    because = "The loss is the mean squared error, computed in the model's dtype."
    expect(loss.value, because=because).close(known.detach(), rtol=slack, atol=slack)
    parameters = [p.detach() for p in model.parameters()]
    expect(seen["parameters"], because="The model's parameters stay as they are, in their dtype.").equal(parameters)
    for place, p in enumerate(model.parameters()):
        arrived = expect(seen["grads"], because="backward() fills the gradients, in the parameters' dtype.").at(place)
        arrived.is_a(torch.Tensor).dtype(dtype).close(p.grad, rtol=10 * slack, atol=10 * slack)


@check("fix_float64_data", points=1, visible=True)
def test_known_arrays(submission):
    """A small network in float64 and a line of three inputs in float32, on arrays of float64."""
    expect_loss(submission, "double", 6, 86)
    expect_loss(submission, "line", 6, 85)


@check("fix_float64_data", points=2)
def test_any_arrays(submission):
    """Other models and numbers of samples, in float32 and in float64."""
    for place, kind in enumerate(("double line", "double", "single", "single line", "line")):
        for n in (1, 9):
            expect_loss(submission, kind, n, 817 + place)
