"""Checks of 07-descent: losses."""

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


@check("mse", points=2)
def test_any_mse(submission):
    """Vectors, square tables, one number, float64; every mismatch of shapes, both ways."""
    draw = torch.Generator().manual_seed(703)
    pred, target = torch.randn(2, 4, 3, 3, generator=draw)
    for a, b in (
        (pred, target),
        (pred[0, 0] * 10, target[0, 0]),
        (pred[1].t(), target[1]),
        (pred[:, :1, 0].double(), target[:, :1, 0].double()),
        (pred[0], target[0]),
        (pred[0, 0, 0], target[0, 0, 0]),
        (pred[:1, :1, :1], target[:1, :1, :1]),
        (pred[2], pred[2].clone()),
    ):
        expect_mse(submission, a, b)
    pairs = [((4,), (4, 1)), ((3, 3), (3,)), ((3, 3), (1, 3)), ((3, 3), (3, 1)), ((1,), ()), ((1, 1), (1,))]
    pairs += [((2, 3), (3, 2)), ((2, 3), (6,)), ((5,), (4,)), ((2, 1, 3), (2, 3)), ((1, 4), (4, 1)), ((3,), (1,))]
    expect_refused(submission, *pairs, *[(b, a) for a, b in pairs])


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


@check("cross_entropy", points=3)
def test_any_entropy(submission):
    """Square and other tables, one sample, one class, float64; large, small and equal scores."""
    draw = torch.Generator().manual_seed(704)
    table = torch.randn(6, 10, generator=draw) * 3
    classes = torch.randint(0, 4, (6,), generator=draw)
    large = "Large scores must end neither in inf nor in nan."
    for logits, target, because in (
        (table, classes, None),
        (table[:4, :4], classes[:4], None),
        (table[:, :6].t(), torch.tensor([5, 0, 0, 3, 2, 5]), None),
        (table[:5, ::2].double(), torch.tensor([4, 4, 0, 1, 2]), None),
        (table[:1], torch.tensor([9]), None),
        (table[:3, :1], torch.tensor([0, 0, 0]), "With a single class the loss is 0."),
        (table[:1, :1], torch.tensor([0]), "With a single class the loss is 0."),
        (torch.zeros(3, 5), torch.tensor([0, 4, 2]), None),
        (table * 150, classes, large),
        (table + 1000, classes, large),
        (table - 1000, classes, "Scores that are very small must not end in inf or nan."),
        (torch.tensor([[1000.0, 999.0, -1000.0], [-1000.0, -1000.0, -999.0]]), torch.tensor([2, 0]), large),
    ):
        expect_entropy(submission, logits, target, because)


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


@check("fix_classifier_loss", points=2)
def test_any_classifier_loss(submission):
    """Square and other tables, one sample, float64; sure answers, right and wrong."""
    draw = torch.Generator().manual_seed(710)
    table = torch.randn(8, 10, generator=draw) * 2
    classes = torch.randint(0, 10, (8,), generator=draw)
    sure = functional.one_hot(classes, 10) * 40.0
    for logits, target, because in (
        (table, classes, None),
        (table[:, :8], classes % 8, None),
        (table[:1], classes[:1], None),
        (table[:, :3].double(), classes % 3, None),
        (sure, classes, "Sure and right answers cost next to nothing."),
        (sure, (classes + 1) % 10, "A sure and wrong answer costs as much as the scores are apart."),
    ):
        expect_repaired(submission, logits, target, because)
