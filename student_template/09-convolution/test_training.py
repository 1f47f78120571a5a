"""The checks you can see. More are run when you hand in."""

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
