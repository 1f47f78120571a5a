"""Checks of 07-descent: training steps and epochs."""

import torch
from torch.nn import functional

from fixtures.shared import descent, graphs
from torchgrade import check, expect

MODULE = "descent"


def function_of(submission, name):
    """Return a handle of the student's function, for experiments in its process."""
    return submission.make(graphs.student_function, MODULE, name)


def right_step(model, loss_fn, optimizer, x, y):
    """Take a step as it should be, in this process."""
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


def right_epoch(model, optimizer, loss_fn, loader):
    """Run an epoch as it should be, in this process."""
    return [right_step(model, loss_fn, optimizer, x, y) for x, y in loader]


def batches_of(sizes, seed, classes=False):
    """Draw batches of inputs (n, 3) with targets: (n, 1), or (n,) classes of three."""
    draw = torch.Generator().manual_seed(seed)
    found = []
    for n in sizes:
        x = torch.randn(n, 3, generator=draw)
        plane = x @ torch.tensor([[1.0], [-2.0], [0.5]]) + 0.3 + 0.1 * torch.randn(n, 1, generator=draw)
        found.append((x, torch.randint(0, 3, (n,), generator=draw) if classes else plane))
    return found


SLACK = {"rtol": 1e-4, "atol": 1e-5}


def expect_step(submission, *problem):
    """Compare the losses and the parameters after each step with those of a right step."""
    known = descent.steps_taken(right_step, *problem)
    seen = submission.make(descent.steps_taken, function_of(submission, "train_step"), *problem)
    for loss, asked in zip(seen["losses"], known["losses"], strict=True):
        expect(loss, because="The loss is a plain float.").is_a(float)
        expect(loss, because="The loss is that of before the update.").close(asked, **SLACK)
    because = "After each step the parameters are those of a step along the gradient of this batch alone."
    expect(seen["parameters"], because=because).close(known["parameters"], **SLACK)


@check("train_step", points=2, visible=True)
def test_known_steps(submission):
    """Three steps of plain descent on a plane, after gradients of 100 were left behind, against sums by hand."""
    batches = batches_of((6, 6, 6), 77)
    mine = function_of(submission, "train_step")
    seen = submission.make(descent.steps_taken, mine, "line", "plain", functional.mse_loss, batches)
    weight, bias = (p.detach().clone() for p in descent.net("line").parameters())
    for step, (x, y) in enumerate(batches):
        error = x @ weight.T + bias - y
        loss = expect(seen["losses"][step], because="The loss is a plain float.").is_a(float)
        loss.close(error.square().mean().item(), **SLACK)
        weight -= 0.1 * 2 * (error * x).mean(0, keepdim=True)
        bias -= 0.1 * 2 * error.mean(0)
        expect(seen["parameters"][step], because="Each step follows the gradient of its batch alone.").close(
            [weight.clone(), bias.clone()], **SLACK
        )


@check("train_step", points=2)
def test_any_steps(submission):
    """Deeper models, other losses and optimizers, batches of one and of many."""
    expect_step(submission, "deep", "momentum", functional.cross_entropy, batches_of((5, 1, 8), 708, classes=True))
    expect_step(submission, "line", "momentum", functional.l1_loss, batches_of((4, 4, 4, 1), 709))
    expect_step(submission, "deep", "adam", functional.cross_entropy, batches_of((3, 3, 3), 710, classes=True))
    expect_step(submission, "line", "plain", functional.mse_loss, batches_of((7, 2, 3), 711))


def expect_epochs(submission, *problem):
    """Compare the losses and the parameters after each of two epochs with those of a right loop."""
    known = descent.epochs_run(right_epoch, *problem)
    seen = submission.make(descent.epochs_run, function_of(submission, "fix_epoch"), *problem)
    for losses, asked in zip(seen["losses"], known["losses"], strict=True):
        found = expect(losses, because="The result is a list with one loss for each batch.").is_a(list)
        found.length(len(asked))
        for loss in losses:
            expect(loss, because="Each loss is a plain float.").is_a(float)
        expect(losses, because="Each loss is that of its batch, before the step that follows it.").close(asked, **SLACK)
    because = "After each batch one step follows the gradient of this batch alone."
    expect(seen["parameters"], because=because).close(known["parameters"], **SLACK)


@check("fix_epoch", points=2, visible=True)
def test_known_epochs(submission):
    """Two epochs of three unequal batches, with momentum."""
    expect_epochs(submission, "line", "momentum", functional.mse_loss, batches_of((4, 4, 2), 78), "list")


@check("fix_epoch", points=2)
def test_any_epochs(submission):
    """Deeper models, other losses and optimizers, one batch and many, a DataLoader, batches that come only once."""
    classes = batches_of((5, 3, 1), 712, classes=True)
    expect_epochs(submission, "deep", "momentum", functional.cross_entropy, classes, "DataLoader")
    expect_epochs(submission, "deep", "adam", functional.cross_entropy, classes, "iterator")
    expect_epochs(submission, "line", "plain", functional.l1_loss, batches_of((6, 6, 6, 6, 3), 713), "iterator")
    expect_epochs(submission, "line", "momentum", functional.mse_loss, batches_of((9,), 714), "list")
