"""Checks of 08-modules-data: points along a line, datasets, loaders, the loss of a whole data set."""

from itertools import islice

import torch
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

from fixtures.shared import graphs, modules_data
from torchgrade import check, expect

MODULE = "modules"


def function_of(submission, name):
    """Return a handle of the student's function, for experiments in its process."""
    return submission.make(graphs.student_function, MODULE, name)


def points(submission, *args):
    """Draw points, and return x and the residuals divided by the noise, if there is any."""
    n, weight, bias, noise, _ = args
    seen = submission.observe.line_data(*args)
    expect(seen, because="The global generators stay as they are.").leaves_generators()
    expect(seen, because="The result is a pair of x and y.").is_a(tuple).length(2)
    for place in (0, 1):
        expect(seen, because="x and y are columns of float32.").at(place).is_a(torch.Tensor).shape(n, 1)
        expect(seen, because="x and y are columns of float32.").at(place).dtype(torch.float32)
    x, y = (part.double() for part in seen.result)
    if x.abs().max() > 1:
        expect.fail("x lies between -1 and 1.", f"There is {x.abs().max().item()}.")
    line = weight * x + bias
    if noise == 0:
        expect(y, because="Without noise all points lie on the line.").close(line, rtol=1e-5, atol=1e-5)
    return x, (y - line) / (noise or 1)


def expect_spread(submission, *args):
    """See that x is uniform, and that the noise is normal and has nothing to do with x."""
    x, z = points(submission, *args)
    slack = 6 * len(x) ** -0.5
    even = "x is drawn evenly from -1 to 1."
    for edge in (-0.8, -0.4, 0.0, 0.4, 0.8):
        expect((x < edge).double().mean().item(), because=even).close((edge + 1) / 2, rtol=0, atol=slack / 2)
    for power, known in ((1, 0.0), (2, 1.0), (4, 3.0)):
        because = "The noise is a standard normal number for each point, times the level that was asked for."
        wide = {1: 1, 2: 1.5, 4: 10}[power] * slack
        expect((z**power).mean().item(), because=because).close(known, rtol=0, atol=wide)
    for shape in (x, x**2, torch.sin(torch.pi * x), torch.cos(torch.pi * x)):
        for other in (z, z.roll(1, 0)):
            because = "The noise has nothing to do with x."
            expect(torch.corrcoef(torch.cat([shape, other], 1).T)[0, 1].item(), because=because).close(
                0.0, rtol=0, atol=slack
            )
    because = "Each point has an x of its own."
    expect(torch.corrcoef(torch.cat([x[1:], x[:-1]], 1).T)[0, 1].item(), because=because).close(0.0, rtol=0, atol=slack)


@check("line_data", points=1, visible=True)
def test_known_points(submission):
    """5 points without noise, 4000 with noise 0.5, and the same again."""
    points(submission, 5, 2.0, 1.0, 0.0, 42)
    args = (4000, 2.0, 1.0, 0.5, 42)
    expect_spread(submission, *args)
    again = "Equal seeds give equal points."
    expect(submission.line_data(*args), because=again).repeats(submission.line_data(*args))


@check("line_data", points=2)
def test_any_points(submission):
    """Other lines, levels of noise, numbers of points and seeds; a single point."""
    for args in ((1, -3.0, 0.5, 0.0, 7), (300, 0.0, -2.0, 0.0, 8), (64, 250.0, 9.0, 0.0, 9), (1, 1.0, 1.0, 1.0, 10)):
        points(submission, *args)
    for args in ((3000, -4.0, 10.0, 3.0, 803), (5000, 0.3, 0.0, 0.1, 0), (2500, 0.0, 0.0, 1.0, 11)):
        expect_spread(submission, *args)
    first, second = (submission.line_data(200, 1.0, 2.0, 0.4, 803) for _ in range(2))
    expect(first, because="Equal seeds give equal points.").repeats(second)
    other = submission.line_data(200, 1.0, 2.0, 0.4, 804)
    for place in (0, 1):
        expect(first[place], because="Different seeds give different points.").differs_from(other[place])


def pairs(submission, x, y):
    """Build a student's dataset, and see that it has the items of a list of pairs."""
    data = submission.build_pair_dataset(x, y)
    expect(data, because="The result is a Dataset.").is_a(Dataset)
    expect(len(data), because="The length is the number of samples.").equal(len(x))
    for place in (*range(len(x)), *range(-len(x), 0)):
        because = "A negative index counts from the end." if place < 0 else "Item i is the tuple (x[i], y[i])."
        expect(data[place], because=because).is_a(tuple).length(2).equal((x[place], y[place]))
    for place in (len(x), -len(x) - 1, len(x) + 94):
        with expect.raises(IndexError, because="An index outside raises IndexError."):
            data[place]
    items = list(islice(data, len(x) + 3))
    expect(items, because="A for loop over the dataset meets each sample once and ends.").length(len(x))
    expect(items, because="A for loop meets the samples in order.").equal(list(zip(x, y, strict=True)))
    return data


def expect_collated(submission, data, x, y, batch):
    """See that torch's DataLoader makes batches of a dataset."""
    found = list(islice(submission.make(DataLoader, data, batch), len(x) + 1))
    known = [list(one) for one in zip(x.split(batch), y.split(batch), strict=True)]
    expect(found, because="A DataLoader makes batches of the dataset.").equal(known)


@check("build_pair_dataset", points=2, visible=True)
def test_known_pairs(submission):
    """Five rows with labels: items from both ends, index 99, a for loop, a DataLoader; 4 labels for 3 rows."""
    x, y = torch.arange(10.0).reshape(5, 2), torch.tensor([0, 1, 1, 0, 1])
    expect_collated(submission, pairs(submission, x, y), x, y, 2)
    with expect.raises(ValueError, because="Unequal lengths are refused with ValueError."):
        submission.build_pair_dataset(torch.zeros(3, 2), torch.zeros(4))


@check("build_pair_dataset", points=2)
def test_any_pairs(submission):
    """Numbers, images, columns, sliced tensors; one sample and none; lengths that differ either way."""
    draw = torch.Generator().manual_seed(804)
    images = torch.randn(4, 1, 3, 3, generator=draw)
    for x, y in (
        (torch.randn(6, generator=draw), torch.randn(6, generator=draw)),
        (images, torch.randint(0, 9, (4,), generator=draw)),
        (torch.randn(7, 3, generator=draw, dtype=torch.float64), torch.randn(7, 1, generator=draw)),
        (torch.randn(3, 8, generator=draw).t()[::2], torch.randn(4, 4, generator=draw)),
        (torch.randn(1, 5, generator=draw), torch.ones(1, dtype=torch.bool)),
    ):
        expect_collated(submission, pairs(submission, x, y), x, y, 3)
    pairs(submission, torch.zeros(0, 2), torch.zeros(0))
    for lengths in ((3, 4), (4, 3), (5, 1), (1, 5), (0, 1), (2, 0)):
        with expect.raises(ValueError, because="Unequal lengths are refused with ValueError."):
            submission.build_pair_dataset(torch.zeros(lengths[0], 2), torch.zeros(lengths[1]))


def orders(submission, n, args, stream, epochs=3):
    """Go through a student's loader; see that all batches fit, and return the order of each epoch."""
    batch_size, shuffle = args[:2]
    seen = submission.make(modules_data.epochs_of, function_of(submission, "make_loader"), n, args, epochs, stream)
    expect(seen["is_loader"], because="The result is a DataLoader.").equal(True)
    drops = len(args) == 4 and args[3]
    sizes = [batch_size] * (n // batch_size) + ([n % batch_size] if n % batch_size and not drops else [])
    because = "All batches but the last are full; a shorter last one is left out only if asked for."
    expect(seen["length"], because=because).equal(len(sizes))
    found = []
    for batches in seen["batches"]:
        expect([len(batch[0]) for batch in batches], because=because).equal(sizes)
        numbers = [number for batch in batches for number in batch[0].tolist()]
        squares = [number for batch in batches for number in batch[1].tolist()]
        expect(squares, because="Samples stay whole.").equal([float(number) ** 2 for number in numbers])
        if len(set(numbers)) != sum(sizes):
            expect.fail("In each epoch each sample comes once.", f"{len(set(numbers))} of {sum(sizes)} came.")
        if not shuffle:
            because = "Without shuffling the samples come in their own order."
            expect(numbers, because=because).equal(list(range(sum(sizes))))
        found.append(numbers)
    if shuffle:
        expect(seen["left"], because="torch's global generator is left as it was.").equal(True)
    return found


def expect_shuffled(submission, n, args):
    """See that orders depend on the seed alone and change from epoch to epoch."""
    first, second = orders(submission, n, args, 1), orders(submission, n, args, 2)
    because = "Equal seeds give equal orders in all epochs, whatever torch's global generator does."
    expect(first, because=because).repeats(second)
    because = "Each epoch has an order of its own."
    for one, other in ((0, 1), (1, 2), (0, 2)):
        expect(first[one], because=because).differs_from(first[other])
    if first[0] == sorted(first[0]):
        expect.fail("With shuffling the samples come in random order.", "They came in their own.")
    seed = args[2] + 1
    other = orders(submission, n, (*args[:2], seed, *args[3:]), 1)
    expect(first[0], because="Different seeds give different orders.").differs_from(other[0])


@check("make_loader", points=1, visible=True)
def test_known_loaders(submission):
    """10 samples in batches of 4: shuffled with seed 42, in order, without the short last batch."""
    expect_shuffled(submission, 10, (4, True, 42))
    orders(submission, 10, (4, False, 42), 1)
    orders(submission, 10, (4, False, 42, True), 1)


@check("make_loader", points=2)
def test_any_loaders(submission):
    """Other sizes; batches that fit, that are larger than the data, of one sample; all settings together."""
    for n, args in (
        (23, (5, True, 805)),
        (23, (5, True, 0, True)),
        (12, (3, True, 806, False)),
        (15, (1, True, 807, True)),
        (20, (32, True, 808)),
    ):
        expect_shuffled(submission, n, args)
    for n, args in ((23, (5, False, 1)), (23, (5, False, 1, True)), (12, (4, False, 2, True)), (7, (9, False, 3))):
        orders(submission, n, args, 3)


def batches_of(sizes, seed, outputs):
    """Draw batches of inputs (n, 3) and targets (n, outputs) that grow from batch to batch; 0 outputs for classes."""
    draw = torch.Generator().manual_seed(seed)
    found = []
    for place, n in enumerate(sizes):
        x = torch.randn(n, 3, generator=draw)
        y = (torch.randn(n, outputs, generator=draw) + 3) * (place + 1)
        found.append((x, y if outputs else torch.randint(0, 3, (n,), generator=draw)))
    return found


def expect_judged(submission, kind, batches, loss_fn, how, training=True, outer=True):
    """Compare with the loss of all samples at once, and see that the model is as it was."""
    mine = function_of(submission, "mean_loss_over_loader")
    seen = submission.make(modules_data.judged, mine, kind, batches, how, loss_fn, training, outer)
    model = modules_data.net(kind).eval()
    x, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
    known = loss_fn(model(x), y).item()
    for loss in seen["losses"]:
        expect(loss, because="The result is a plain float.").is_a(float)
        because = "The result is the loss of all samples at once, with the model in evaluation mode."
        expect(loss, because=because).close(known, rtol=1e-4, atol=1e-6)
    modes = [training] * len(list(model.modules()))
    expect(seen["training"], because="The model is afterwards in the mode in which it was.").equal(modes)
    expect(seen["gradients"], because="Whether gradients are on is afterwards as it was.").equal(outer)
    expect(seen["tracked"], because="No graph is recorded.").equal(False)
    expect(seen["state"], because="The model is left as it was.").equal(dict(model.state_dict()))


@check("mean_loss_over_loader", points=2, visible=True)
def test_known_losses(submission):
    """10 samples in batches of 4, 4 and 2: a line, a model with dropout; in training mode and in evaluation mode."""
    batches = batches_of((4, 4, 2), 84, 1)
    for training in (True, False):
        expect_judged(submission, "line", batches, functional.mse_loss, "list", training)
        expect_judged(submission, "dropout", batches, functional.mse_loss, "DataLoader", training)


@check("mean_loss_over_loader", points=2)
def test_any_losses(submission):
    """Other models, losses and sizes; a single batch, batches that come only once; gradients off outside."""
    mse, l1, entropy = functional.mse_loss, functional.l1_loss, functional.cross_entropy
    for kind, sizes, outputs, loss_fn, how in (
        ("line", (8, 1), 1, l1, "iterator"),
        ("dropout", (5, 5, 5, 1), 1, mse, "list"),
        ("normed", (6, 6, 3), 2, mse, "DataLoader"),
        ("normed", (1, 1, 1, 4), 2, l1, "list"),
        ("classes", (7, 7, 2), 0, entropy, "DataLoader"),
        ("classes", (9,), 0, entropy, "iterator"),
    ):
        for training in (True, False):
            batches = batches_of(sizes, 809, outputs)
            expect_judged(submission, kind, batches, loss_fn, how, training, outer=training)
            expect_judged(submission, kind, batches, loss_fn, how, training, outer=not training)
