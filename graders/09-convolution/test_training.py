"""Checks of 09-convolution: pictures in, losses, training, accuracies out."""

import torch
from torch.nn import functional

from fixtures.shared import images
from torchgrade import check, expect


def expect_normalized(submission, x, mean, std, because=None):
    """Compare with channel after channel; the images must stay as they were."""
    scaled = x.double() / 255 if x.dtype == torch.uint8 else x.double()
    channels = [(one - m) / s for one, m, s in zip(scaled.unbind(-3), mean, std, strict=True)]
    seen = submission.observe.normalize_images(x, mean, std)
    expect(seen, because="The result has the shape of the images.").is_a(torch.Tensor).shape(*x.shape)
    expect(seen, because="The result is of dtype float32.").dtype(torch.float32)
    expect(seen, because=because).close(torch.stack(channels, -3).float(), rtol=1e-4, atol=1e-5)
    expect(seen, because="The images are left as they were.").untouched()


@check("normalize_images", points=1, visible=True)
def test_known_images(submission):
    """Halves take 0, 127.5 and 255 to -1, 0 and 1; three channels of 2x4 pixels, one image and two."""
    half = torch.tensor([[[0.0, 0.5, 1.0]]])
    expect(submission.normalize_images(half, (0.5,), (0.5,))).close(torch.tensor([[[-1.0, 0.0, 1.0]]]))
    mean, std = (0.1, 0.5, 0.7), (0.5, 0.25, 2.0)
    batch = torch.arange(48.0).reshape(2, 3, 2, 4) / 48
    expect_normalized(submission, batch, mean, std)
    expect_normalized(submission, batch[0], mean, std)
    expect_normalized(submission, (255 * batch).to(torch.uint8), mean, std)


@check("normalize_images", points=2)
def test_any_images(submission):
    """Images as wide, as high or as many as there are channels; one channel and several; bytes; other ranges."""
    draw = torch.Generator().manual_seed(905)
    own = "Each channel has a mean and a standard deviation of its own."
    same = "Where other sizes equal the number of channels, it is still the channels that count."
    for shape, because in (
        ((3, 8, 5), own),
        ((4, 2, 6, 7), own),
        ((1, 5, 4), "There may be a single channel."),
        ((2, 1, 3, 4), "There may be a single channel."),
        ((3, 3, 3), same),
        ((3, 6, 3), same),
        ((3, 3, 6), same),
        ((3, 3, 3, 3), same),
        ((3, 3, 5, 4), same),
        ((2, 3, 4, 3), same),
    ):
        channels = shape[-3]
        mean = tuple(torch.rand(channels, generator=draw).tolist())
        std = tuple((0.2 + torch.rand(channels, generator=draw)).tolist())
        x = torch.rand(shape, generator=draw)
        expect_normalized(submission, x, mean, std, because)
        expect_normalized(submission, (256 * x).to(torch.uint8), mean, std, "uint8 images are divided by 255 first.")
        expect_normalized(submission, (2 * x).to(torch.uint8), mean, std, "Dark uint8 images are divided by 255, too.")
        expect_normalized(submission, 300 * x - 20, mean, std, "Images of floats are taken as they are.")
        expect_normalized(submission, x.transpose(-1, -2), mean, std, "A transposed image is an image like any other.")


def expect_means(submission, losses, every, because=None):
    """Compare with the mean of each block."""
    known = []
    for start in range(0, len(losses), every):
        block = losses[start : start + every]
        known.append((start + len(block), torch.tensor(block, dtype=torch.float64).mean().item()))
    out = expect(submission.interval_means(losses, every), because=because).is_a(list).length(len(known)).value
    for place, (seen, mean) in enumerate(known):
        pair = expect(out, because=because).at(place).is_a(tuple).length(2).value
        expect(pair[0], because="Each tuple begins with how many mini-batches have been seen, an int.").equal(seen)
        expect(pair[1], because=because).close(mean, rtol=1e-6, atol=1e-9)


@check("interval_means", points=1, visible=True)
def test_known_blocks_of_losses(submission):
    """Seven losses in blocks of 3; five losses in blocks of 2000; no losses."""
    expect_means(submission, [3.0, 2.0, 1.0, 1.0, 1.0, 0.5, 0.25], 3)
    expect_means(submission, [2.5, 2.0, 1.5, 1.0, 0.5], 2000)
    expect_means(submission, [], 3)


@check("interval_means", points=1)
def test_any_blocks_of_losses(submission):
    """Blocks that divide the run and that do not, blocks of one, runs of one."""
    losses = (3 * torch.rand(24, generator=torch.Generator().manual_seed(906), dtype=torch.float64)).tolist()
    for count in (1, 2, 6, 12, 23, 24):
        for every in (1, 2, 5, 6, 24, 100):
            expect_means(submission, losses[:count], every, "Each block has its own mean, also a short last one.")
    expect_means(submission, [], 7, "Without losses there is nothing to report.")


def plain_loop(model, loader, epochs, lr, momentum):
    """Train as the task says, with a momentum buffer of our own."""
    model.train()
    velocity = [torch.zeros_like(one) for one in model.parameters()]
    history = []
    for _ in range(epochs):
        total = count = 0
        for x, y in loader:
            loss = functional.cross_entropy(model(x), y)
            gradients = torch.autograd.grad(loss, list(model.parameters()))
            with torch.no_grad():
                for one, speed, gradient in zip(model.parameters(), velocity, gradients, strict=True):
                    speed.mul_(momentum).add_(gradient)
                    one.sub_(lr * speed)
            total, count = total + loss.item() * len(y), count + len(y)
        history.append(total / count)
    return history


def expect_trained(submission, sizes, epochs, lr, momentum, seed):
    """Train in the student's process and here, from the same start on the same pictures; return the trained model."""
    n, batch = sizes
    model = submission.make(images.bars_net, seed)
    losses = submission.train_classifier(
        model, submission.make(images.bars_loader, n, batch, seed), epochs, lr, momentum
    )
    twin = images.bars_net(seed)
    known = plain_loop(twin, images.bars_loader(n, batch, seed), epochs, lr, momentum)
    each = "There is one loss for each epoch: the mean over all its samples, in training mode, as training went."
    found = expect(losses, because=each).is_a(list).length(epochs).value
    for loss, wanted in zip(found, known, strict=True):
        expect(loss, because=each).is_a(float).close(wanted, rtol=1e-2, atol=1e-3)
    weights = {name: one for name, one in twin.state_dict().items() if one.is_floating_point()}
    state = expect(model.state_dict()).is_a(dict).value
    because = "The model itself is trained, with cross-entropy and one step of SGD with momentum for each batch."
    expect({name: state[name] for name in weights}, because=because).near(weights, within=0.02)
    return model


def expect_accurate(model, seed):
    """Judge the trained model, in evaluation mode, by pictures it has not seen."""
    model.eval()
    x, y = images.bars(300, seed)

    def accuracy(outputs):
        return (outputs.argmax(1) == y).double().mean().item()

    because = "The trained model is right for more than 95 % of pictures that it has not seen."
    expect(model(x).detach(), because=because).reaches(accuracy, at_least=0.95, untrained=1 / 3)


@check("train_classifier", points=2, visible=True)
def test_training_on_bars(submission):
    """Three kinds of bars, 8x8 pixels: the losses of a plain loop, and over 95 % right on unseen pictures."""
    model = expect_trained(submission, (180, 32), 5, 0.05, 0.9, 1)
    expect_accurate(model, 2)


@check("train_classifier", points=4)
def test_training_from_any_start(submission):
    """Other pictures, weights, rates, momenta and batches, among them a very short last one."""
    model = expect_trained(submission, (180, 40), 5, 0.08, 0.8, 907)
    expect_accurate(model, 908)
    expect_trained(submission, (42, 40), 2, 0.05, 0.5, 909)
    expect_trained(submission, (30, 10), 3, 0.1, 0.0, 910)
    expect_trained(submission, (24, 24), 1, 0.1, 0.9, 911)


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


@check("per_class_accuracy", points=2)
def test_any_accuracies(submission):
    """Many classes and few, names in any order, classes at the end that do not occur, all right, all wrong; no loop."""
    draw = torch.Generator().manual_seed(908)
    names = ["zebra", "ant", "ship", "cat", "truck", "bee", "frog"]
    because = "Of the samples whose label is the class, the percentage is counted that was predicted right."
    for n, k in ((200, 7), (60, 4), (9, 7), (5, 5), (3, 3), (40, 1), (1, 6)):
        predictions, labels = torch.randint(0, k, (2, n), generator=draw)
        predictions = torch.where(torch.rand(n, generator=draw) < 0.5, labels, predictions)
        expect_accuracies(submission, predictions, labels, names[:k], because)
        expect_accuracies(submission, predictions, labels, names, "There may be more classes than occur.")
        expect_accuracies(submission, labels, labels, names, "All may be right.")
        expect_accuracies(submission, (labels + 1) % 7, labels, names, "All may be wrong.")
    predictions, labels = torch.randint(0, 7, (2, 300), generator=draw)
    small = (torch.arange(14) % 7, torch.arange(14) % 7, names)
    because = "The number of operations does not depend on the number of samples."
    expect.vectorised(
        submission.per_class_accuracy,
        small=small,
        large=(predictions, labels, names),
        slack=len(names) + 4,
        reading=True,
        because=because,
    )


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


@check("fix_accuracy", points=2)
def test_any_fractions(submission):
    """Batches of many sizes, few and many classes, none right; models that come in either mode."""
    for seed, (sizes, wrong, classes) in enumerate(
        (
            ([8, 8, 1], 9, 4),
            ([6, 3, 2, 1], 5, 2),
            ([1, 1, 7], 2, 10),
            ([20], 7, 5),
            ([4, 4], 8, 3),
            ([3, 9], 1, 6),
        ),
        911,
    ):
        for training in (True, False):
            because = "Every sample weighs the same, and the model is judged in evaluation mode."
            expect_accuracy(submission, *batches_of(sizes, wrong, classes, seed), training, because)
