"""The checks you can see. More are run when you hand in."""

import torch
from torch.nn import functional

from fixtures.shared import graphs, scaling
from torchgrade import check, expect

NAME = "CUDA_VISIBLE_DEVICES"


def expect_visible(submission, table, total):
    """Compare what is visible for each setting."""
    for env, known, because in table:
        expect(submission.visible_gpus(env, total), because=because).equal(known)


@check("visible_gpus", points=1, visible=True)
def test_known_settings(submission):
    """Four GPUs: not set, set to 2, to 2,0, to nothing; both misspelt names change nothing."""
    table = (
        ({}, [0, 1, 2, 3], "Without the variable all GPUs are visible."),
        ({NAME: "2"}, [2], "One number: that GPU alone is visible."),
        ({NAME: "2,0"}, [2, 0], "The GPUs come in the order of the setting."),
        ({NAME: ""}, [], "An empty setting hides all GPUs."),
        ({"CUDA_VISIBLE_DEVICE": "2"}, [0, 1, 2, 3], "A variable of another name is not looked at."),
        ({"CUDA_VISBLE_DEVICE": "2"}, [0, 1, 2, 3], "A variable of another name is not looked at."),
    )
    expect_visible(submission, table, 4)


def expect_shards(submission, x, y, workers):
    """See that a batch is shared out fairly, in order, with inputs and targets together."""
    out = submission.shard_batch(x, y, workers)
    shards = expect(out, because="There is exactly one shard for each worker.").is_a(list).length(workers).value
    for shard in shards:
        expect(shard, because="A shard is a pair of inputs and targets.").is_a(tuple, list).length(2)
        together = "A shard has as many targets as inputs, and the other axes stay as they are."
        expect(shard[0], because=together).shape(len(shard[1]), *x.shape[1:]).dtype(x.dtype)
        expect(shard[1], because=together).shape(len(shard[0]), *y.shape[1:]).dtype(y.dtype)
    whole = "Joined in order, the shards give the batch again."
    expect(torch.cat([shard[0] for shard in shards]), because=whole).equal(x)
    expect(torch.cat([shard[1] for shard in shards]), because=whole).equal(y)
    sizes = [len(shard[0]) for shard in shards]
    if max(sizes) - min(sizes) > 1:
        expect.fail("The sizes of the shards differ by at most one.", "Who gets what the division leaves over?")


@check("shard_batch", points=1, visible=True)
def test_known_shares(submission):
    """10 samples for 4 workers, 3 samples for 5, 8 samples for 2."""
    for samples, workers in ((10, 4), (3, 5), (8, 2)):
        x = torch.arange(2.0 * samples).reshape(samples, 2)
        expect_shards(submission, x, torch.arange(samples), workers)


def whole_gradients(kind, loss, x, y):
    """Let autograd work out the gradients of the whole batch."""
    model = scaling.net(kind)
    return list(torch.autograd.grad(loss(model(x), y), list(model.parameters())))


def expect_gathered(submission, kind, loss, x, y, sizes, because, filled=False):
    """Compare the gradients with those of the whole batch, and see that the master is as it was."""
    mine = submission.make(graphs.student_function, "scaling", "data_parallel_gradients")
    shards = list(zip(x.split(sizes), y.split(sizes), strict=True))
    seen = submission.make(scaling.gradients_and_master, mine, kind, loss, shards, filled)
    known = whole_gradients(kind, loss, x, y)
    found = expect(seen["gradients"], because="The result is a list with one gradient for each parameter.")
    found.is_a(list, tuple).length(len(known))
    slack = 1e-9 if kind == "double" else 2e-5
    for place, grad in enumerate(known):
        expect(found.value[place], because=because).is_a(torch.Tensor).close(grad, rtol=slack, atol=slack)
    masters = [p.detach() for p in scaling.net(kind).parameters()]
    expect(seen["parameters"], because="The master's parameters stay as they are.").equal(masters)
    grads = [torch.full_like(p, 7.0) if filled else None for p in masters]
    expect(seen["grads"], because="The master's .grad stays as it is.").equal(grads)


def samples(kind, n, draw):
    """Draw inputs and targets for a model: classes for the deep one, numbers for the others."""
    x = torch.randn(n, 3, generator=draw, dtype=torch.float64 if kind == "double" else torch.float32)
    if kind == "deep":
        return x, torch.randint(4, (n,), generator=draw)
    return x, torch.randn(n, 1 if kind == "line" else 2, generator=draw, dtype=x.dtype)


@check("data_parallel_gradients", points=2, visible=True)
def test_known_gradients(submission):
    """A line and a deeper network; shards of 4 and 4, of 6 and 2, of 5, 0 and 3 samples."""
    draw = torch.Generator().manual_seed(1)
    because = "The result is the gradient of the mean loss over the whole batch."
    for kind, loss in (("line", functional.mse_loss), ("deep", functional.cross_entropy)):
        x, y = samples(kind, 8, draw)
        for sizes in ([4, 4], [6, 2], [5, 0, 3]):
            expect_gathered(submission, kind, loss, x, y, sizes, because)
