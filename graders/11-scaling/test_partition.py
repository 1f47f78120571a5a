"""Checks of 11-scaling: layers in pieces, networks in stages."""

from itertools import pairwise

import torch
from torch.nn import functional

from fixtures.shared import graphs, scaling
from torchgrade import check, expect


def expect_layer(submission, x, weight, bias, parts, because):
    """Compare with the whole layer, and look at the products it was made of."""
    known = functional.linear(x, weight, bias)
    expect(submission.split_layer(x, weight, bias, parts), because=because).close(known, rtol=1e-4, atol=1e-5)
    mine = submission.make(graphs.student_function, "scaling", "split_layer")
    seen = submission.make(scaling.layer_products, mine, x, weight, bias, parts)
    expect(seen["result"], because=because).close(known, rtol=1e-4, atol=1e-5)
    widths = seen["widths"]
    if any(width > len(bias) - parts + 1 for width in widths):
        expect.fail(
            "Each matrix product has some of the output features only.",
            "With several pieces, none may be as wide as the layer, since each has at least one feature.",
        )
    if widths and len(widths) < parts:
        expect.fail("The layer is computed in as many pieces as asked for.", "Count your matrix products.")


def layer(batch, inputs, outputs, draw):
    """Draw inputs, weights and a bias."""
    x = torch.randn(batch, inputs, generator=draw)
    return x, torch.randn(outputs, inputs, generator=draw), torch.randn(outputs, generator=draw)


@check("split_layer", points=2, visible=True)
def test_known_layers(submission):
    """Six features in two pieces and in three; a square weight of four; seven features in three pieces."""
    draw = torch.Generator().manual_seed(2)
    for batch, inputs, outputs, parts in ((5, 3, 6, 2), (5, 3, 6, 3), (4, 4, 4, 2), (2, 3, 7, 3)):
        because = "The pieces together give the output of the whole layer."
        expect_layer(submission, *layer(batch, inputs, outputs, draw), parts, because)


@check("split_layer", points=2)
def test_any_layers(submission):
    """Other sizes, square or not; as many pieces as features, one piece; a batch of one; transposed weights."""
    draw = torch.Generator().manual_seed(1104)
    divisible = "Pieces of equal size: together they give the output of the whole layer."
    other = "Pieces of different sizes: together they give the output of the whole layer."
    for batch, inputs, outputs, parts in ((3, 5, 8, 4), (6, 6, 6, 3), (6, 6, 6, 2), (8, 2, 5, 5), (1, 4, 4, 4)):
        expect_layer(submission, *layer(batch, inputs, outputs, draw), parts, divisible)
    for batch, inputs, outputs, parts in ((3, 5, 10, 4), (5, 5, 5, 3), (5, 5, 5, 2), (1, 3, 11, 3), (7, 1, 3, 2)):
        expect_layer(submission, *layer(batch, inputs, outputs, draw), parts, other)
    for outputs in (1, 5):
        expect_layer(submission, *layer(4, 5, outputs, draw), 1, "One piece is the whole layer.")
    x, weight, bias = layer(6, 6, 6, draw)
    expect_layer(submission, x.t(), weight.t(), bias, 4, other)


def expect_stages(submission, layers, cuts, x):
    """Send inputs and gradients through the stages, and compare with the model."""
    mine = submission.make(graphs.student_function, "scaling", "split_stages")
    seen = submission.make(scaling.stages_and_gradients, mine, layers, cuts, x)
    expect(seen["kinds"], because="The result is a list of nn.Sequential.").equal(True)
    model = scaling.chain(layers)
    out = model(x)
    out.square().sum().backward()
    edges = [0, *cuts, layers]
    sizes = [end - start for start, end in pairwise(edges)]
    expect(seen["sizes"], because="Each stage has the layers from one cut up to the next.").equal(sizes)
    because = "One after the other, the stages give the output of the model."
    expect(seen["output"], because=because).close(out.detach(), rtol=1e-5, atol=1e-6)
    expect(seen["shared"], because="The stages hold the parameters of the model, not copies.").equal(True)
    for place, p in enumerate(model.parameters()):
        arrived = expect(seen["grads"][place], because="Gradients pass through all stages to the model's parameters.")
        arrived.is_a(torch.Tensor).close(p.grad, rtol=1e-4, atol=1e-5)


def expect_refused(submission, layers, cuts, because):
    """See that bad cuts raise ValueError."""
    model = submission.make(scaling.chain, layers)
    with expect.raises(ValueError, because=because):
        submission.split_stages(model, cuts)


@check("split_stages", points=1, visible=True)
def test_known_stages(submission):
    """Five layers cut at 2, at 2 and 3, nowhere; cuts at 0, at the end and backwards are refused."""
    x = torch.linspace(-1, 1, 12).reshape(3, 4)
    for cuts in ([2], [2, 3], []):
        expect_stages(submission, 5, cuts, x)
    for cuts in ([0], [5], [3, 2]):
        expect_refused(submission, 5, cuts, "Cuts that are not strictly inside and increasing are refused.")


@check("split_stages", points=2)
def test_any_stages(submission):
    """Other numbers of layers, all cuts that there are; the same cut twice, cuts far outside, negative ones."""
    x = torch.randn(4, 4, generator=torch.Generator().manual_seed(1105))
    for layers, cuts in ((7, [1, 3, 6]), (4, [1, 2, 3]), (2, [1]), (6, [5]), (1, []), (3, [])):
        expect_stages(submission, layers, cuts, x)
    inside = "A cut that is not strictly inside the model is refused."
    for layers, cuts in ((4, [4]), (4, [0]), (4, [0, 2]), (4, [2, 4]), (4, [9]), (4, [-1]), (4, [-2, 2]), (1, [1])):
        expect_refused(submission, layers, cuts, inside)
    for layers, cuts in ((6, [2, 2]), (6, [4, 1]), (6, [1, 4, 3]), (6, [1, 3, 3, 5])):
        expect_refused(submission, layers, cuts, "Cuts that do not increase strictly are refused.")
