"""The checks you can see. More are run when you hand in."""

import torch
from torch.nn import functional

from fixtures.shared import descent, graphs
from torchgrade import check, expect

MODULE = "descent"


def function_of(submission, name):
    """Return a handle of the student's function, for experiments in its process."""
    return submission.make(graphs.student_function, MODULE, name)


def expect_loss(submission, name, scores, target, known, because=None, slack=1e-5):
    """Compare a loss and its gradient with those of a function of torch."""
    leaf = scores.detach().clone().requires_grad_()
    loss = known(leaf, target)
    loss.backward()
    out = expect(getattr(submission, name)(scores, target), because="The loss is a tensor without axes.")
    out.is_a(torch.Tensor).shape()
    seen = submission.make(descent.loss_and_gradient, function_of(submission, name), scores, target)
    for value in (out.value.detach(), seen["loss"]):
        expect(value, because=because or "The loss is the mean that the task describes.").close(
            loss.detach(), rtol=slack, atol=slack
        )
    gradient = expect(seen["gradient"], because="The gradient of the loss flows back to the first argument.")
    gradient.is_a(torch.Tensor)
    expect(seen["gradient"], because=because or "The gradient is that of the mean.").close(
        leaf.grad, rtol=slack, atol=slack / 10
    )


def expect_mse(submission, pred, target, because=None):
    """Compare with torch's own loss, which the student may not call."""
    with submission.banning("torch.nn.functional.mse_loss", "torch.nn.MSELoss"):
        expect_loss(submission, "mse", pred, target, functional.mse_loss, because)


def expect_refused(submission, *shapes):
    """See that pairs of shapes are refused with a ValueError."""
    for first, second in shapes:
        with expect.raises(ValueError, because="Two shapes that are not equal are refused with a ValueError."):
            submission.mse(torch.ones(first), torch.zeros(second))


@check("mse", points=1, visible=True)
def test_known_mse(submission):
    """1.0192 for two tables drawn with seed 42; (4, 1) against (4,) is refused."""
    draw = torch.Generator().manual_seed(42)
    pred, target = torch.randn(3, 5, generator=draw), torch.randn(3, 5, generator=draw)
    expect_mse(submission, pred, target)
    expect(submission.mse(pred, target)).close(torch.tensor(1.0192), atol=1e-4, rtol=0)
    expect_refused(submission, ((4, 1), (4,)))


def expect_entropy(submission, logits, target, because=None):
    """Compare with torch's own loss, which the student may not call; float32 rounds scores of 1000 at 3e-5."""
    slack = 1e-3 if logits.abs().max() > 100 else 1e-5
    with submission.banning("torch.nn.functional.cross_entropy", "torch.nn.CrossEntropyLoss"):
        expect_loss(submission, "cross_entropy", logits, target, functional.cross_entropy, because, slack)


HELLO = torch.tensor([[1.0, 2.2, -3.0, 4.1]])


@check("cross_entropy", points=2, visible=True)
def test_known_entropy(submission):
    """2.0785 for the scores 1.0, 2.2, -3.0, 4.1 and class 1; three samples; scores of 1000."""
    expect(submission.cross_entropy(HELLO, torch.tensor([1]))).close(torch.tensor(2.0785), atol=1e-4, rtol=0)
    expect_entropy(submission, HELLO, torch.tensor([1]))
    scores = torch.tensor([[2.0, 0.5, -1.0, 0.0], [0.0, 3.0, 1.0, -2.0], [1.0, 1.0, 1.0, 1.0]])
    expect_entropy(submission, scores, torch.tensor([0, 2, 3]))
    expect_entropy(submission, torch.tensor([[1000.0, 0.0], [0.0, 1000.0]]), torch.tensor([0, 0]))


def expect_repaired(submission, logits, target, because=None):
    """Compare with the loss of torch."""
    expect_loss(submission, "fix_classifier_loss", logits, target, functional.cross_entropy, because)


@check("fix_classifier_loss", points=1, visible=True)
def test_known_classifier_loss(submission):
    """2.0785 for the scores 1.0, 2.2, -3.0, 4.1 and class 1; next to nothing for a sure and right answer of ten."""
    expect_repaired(submission, HELLO, torch.tensor([1]))
    sure = torch.zeros(1, 10)
    sure[0, 3] = 30
    because = "A sure and right answer costs next to nothing."
    expect(submission.fix_classifier_loss(sure, torch.tensor([3])), because=because).close(
        torch.tensor(0.0), atol=1e-4, rtol=0
    )
