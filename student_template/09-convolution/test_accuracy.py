"""The checks you can see. More are run when you hand in."""

import torch

from fixtures.shared import images
from torchgrade import check, expect


def expect_accuracies(submission, predictions, labels, classes, because=None):
    """Compare with counts made sample by sample; the order of the classes counts."""
    known = {}
    for index, name in enumerate(classes):
        hits = [p == index for p, label in zip(predictions.tolist(), labels.tolist(), strict=True) if label == index]
        known[name] = 100 * sum(hits) / len(hits) if hits else None
    out = submission.per_class_accuracy(predictions, labels, classes)
    found = expect(out, because="The result is a dict with an entry for each class, in the order given.").is_a(dict)
    expect(list(found.value), because="The result is a dict with an entry for each class, in the order given.").equal(
        list(classes)
    )
    for name, percent in known.items():
        if percent is None:
            expect(found.value[name], because="A class without samples has None.").equal(None)
        else:
            expect(found.value[name], because=because).is_a(float).close(percent, rtol=1e-5, atol=1e-4)


@check("per_class_accuracy", points=2, visible=True)
def test_known_accuracies(submission):
    """Planes 50, cars 66.67, no birds at all, though one is predicted."""
    classes = ["plane", "car", "bird"]
    labels, predictions = torch.tensor([0, 0, 1, 1, 1]), torch.tensor([0, 2, 1, 1, 2])
    out = submission.per_class_accuracy(predictions, labels, classes)
    expect(out).at("plane").close(50.0, rtol=1e-5)
    expect(out).at("bird").equal(None)
    expect_accuracies(submission, predictions, labels, classes)
    expect_accuracies(submission, torch.tensor([1, 1, 0]), torch.tensor([1, 0, 0]), ["cat", "dog"])


def batches_of(sizes, wrong, classes, seed):
    """Make batches of scores for `images.Echo`, with so many predictions wrong, and the fraction that is right."""
    draw = torch.Generator().manual_seed(seed)
    n = sum(sizes)
    scores = torch.randn(n, classes, generator=draw) + 0.25
    best = scores.argmax(1)
    labels = torch.where(torch.arange(n) < wrong, (best + 1) % classes, best)
    return list(zip(scores.split(sizes), labels.split(sizes), strict=True)), (n - wrong) / n


def expect_accuracy(submission, batches, fraction, training, because=None):
    """Compare the accuracy, and the mode of the model and of its layers after the call."""
    model = submission.make(images.echo, training)
    out = submission.fix_accuracy(model, batches)
    expect(out, because="The accuracy is a float.").is_a(float)
    expect(out, because=because).close(fraction, rtol=1e-6, atol=1e-9)
    modes = [model.training, model.drop.training, model.turn.training]
    expect(modes, because="Afterwards the model is in the mode in which it came.").equal([training] * 3)


@check("fix_accuracy", points=2, visible=True)
def test_known_fractions(submission):
    """10 samples in batches of 4, 4 and 2 with dropout in the model; all of 5 right, and 4 of 5."""
    for training in (True, False):
        expect_accuracy(submission, *batches_of([4, 4, 2], 3, 3, 1), training)
        expect_accuracy(submission, *batches_of([5], 0, 3, 2), training)
        expect_accuracy(submission, *batches_of([5], 1, 3, 3), training)
