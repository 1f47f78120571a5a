"""Checks of 09-convolution: normalised pictures, reported losses, training."""

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
        found = float(pair[1]) if isinstance(pair[1], float) else pair[1]  # numpy.mean gives a kind of float, too
        expect(found, because=because).close(mean, rtol=1e-6, atol=1e-9)


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
    model = expect_trained(submission, (180, 32), 8, 0.05, 0.9, 1)
    expect_accurate(model, 2)


@check("train_classifier", points=4)
def test_training_from_any_start(submission):
    """Other pictures, weights, rates, momenta and batches, among them a very short last one."""
    model = expect_trained(submission, (180, 40), 8, 0.08, 0.8, 907)
    expect_accurate(model, 908)
    expect_trained(submission, (42, 40), 2, 0.05, 0.5, 909)
    expect_trained(submission, (30, 10), 3, 0.1, 0.0, 910)
    expect_trained(submission, (24, 24), 1, 0.1, 0.9, 911)
