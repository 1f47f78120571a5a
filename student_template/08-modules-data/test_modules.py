"""The checks you can see. More are run when you hand in."""

from itertools import pairwise

import torch
from torch import nn

from fixtures.shared import modules_data
from torchgrade import check, expect


def linear(submission, sizes, *rest):
    """Build a student's layer, and see that its parameters are those of nn.Linear and its start is random."""
    layer = submission.build_linear(*sizes, *rest)
    expect(layer, because="The result is a module.").is_a(nn.Module)
    known = nn.Linear(*sizes, *rest).state_dict()
    state = expect(layer.state_dict(), because="The layer's parameters are weight and, if asked for, bias.")
    if sorted(state.value) != sorted(known):
        expect.fail("The layer's parameters are weight and, if asked for, bias.", f"Found: {sorted(state.value)}.")
    parameters = list(layer.parameters())
    expect(parameters, because="weight and bias are registered as parameters.").length(len(known))
    for name, value in known.items():
        found = state.at(name).shape(*value.shape).dtype(torch.float32)
        expect(getattr(layer, name), because="The parameters are trainable.").is_a(nn.Parameter).requires_grad()
        if found.value.abs().max() > sizes[0] ** -0.5 * 1.0001:
            expect.fail("The start values lie within 1 / sqrt(in_features).", f"{name} has a larger one.")
    return layer


def expect_start(submission, sizes, *rest):
    """See that the start values are evenly spread, and others in the next layer."""
    layer, other = linear(submission, sizes, *rest), linear(submission, sizes, *rest)
    bound = sizes[0] ** -0.5
    for name, value in layer.state_dict().items():
        spread = value.std().item() / bound
        because = "The start values are drawn evenly from the whole range."
        expect(spread, because=because).close(3**-0.5, rtol=0.1, atol=0)
        expect(value.mean().item() / bound, because=because).close(0.0, rtol=0, atol=0.1)
        expect(value.abs().max().item() / bound, because=because).close(1.0, rtol=0, atol=0.05)
        expect(other.state_dict()[name], because="Two layers start with different values.").differs_from(value)


def expect_outputs(submission, sizes, x, *rest):
    """Exchange the state with nn.Linear in both directions, and compare outputs and gradients."""
    layer, known = linear(submission, sizes, *rest), nn.Linear(*sizes, *rest).to(x.dtype)
    if x.dtype != torch.float32:
        layer = layer.to(x.dtype)
    known.load_state_dict(layer.state_dict())
    slack = {"rtol": 1e-4, "atol": 1e-5}
    because = "With equal state the layer gives what nn.Linear gives."
    expect(layer(x), because=because).close(known(x).detach(), **slack)
    modules_data.weighted(known, 81)
    layer.load_state_dict(dict(known.state_dict()))
    expect(layer(x), because=because).close(known(x).detach(), **slack)
    cotangent = torch.linspace(-1, 2, known(x).numel(), dtype=x.dtype).reshape(known(x).shape)
    seen = submission.vjp(layer, (x,), (cotangent,))
    grads = torch.autograd.grad(known(x), list(known.parameters()), cotangent)
    for (name, _), grad in zip(known.named_parameters(), grads, strict=True):
        because = "Gradients flow to all parameters."
        expect(seen["parameters"], because=because).at(name).is_a(torch.Tensor).close(grad, **slack)


def expect_own(submission, layer):
    """See that the layer is not torch's."""
    if submission.make(modules_data.holds_linear, layer):
        expect.fail("The layer is a module of your own, without nn.Linear.", "Write a class with forward.")


@check("build_linear", points=2, visible=True)
def test_known_layers(submission):
    """From 2 numbers to 6, from 10 to 5, from 4 to 4, with a bias and without one."""
    draw = torch.Generator().manual_seed(42)
    for sizes in ((2, 6), (10, 5), (4, 4)):
        for rest in ((), (True,), (False,)):
            expect_outputs(submission, sizes, torch.randn(3, sizes[0], generator=draw), *rest)
    expect_own(submission, linear(submission, (2, 6)))
    expect_start(submission, (400, 300))


def chained(parameters, x):
    """Send x through linear layers with ReLU between, given weight and bias of each in turn."""
    last = len(parameters) // 2 - 1
    for place in range(last + 1):
        x = nn.functional.linear(x, parameters[2 * place], parameters[2 * place + 1])
        x = x.relu() if place < last else x
    return x


def expect_chain(submission, sizes, x):
    """Compare the parameters and the outputs of a chain, at its start and with other weights."""
    model = submission.build_mlp(list(sizes))
    expect(model, because="The result is a module.").is_a(nn.Module)
    shapes = [shape for ins, outs in pairwise(sizes) for shape in ((outs, ins), (outs,))]
    registered = "Each linear layer is registered, with a weight and a bias of its own."
    for seed in (None, 82):
        if seed is not None:
            submission.make(modules_data.weighted, model, seed)
        parameters = list(model.parameters())
        expect(parameters, because=registered).length(len(shapes))
        for p, shape in zip(parameters, shapes, strict=True):
            expect(p, because=registered).shape(*shape).dtype(torch.float32).requires_grad()
        because = "The output is that of the layers with a ReLU between them, and none at the end."
        known = chained([p.detach() for p in parameters], x)
        expect(model(x), because=because).close(known, rtol=1e-4, atol=1e-5)


@check("build_mlp", points=1, visible=True)
def test_known_chains(submission):
    """Sizes 2, 6, 3, then 4, 4, 4, 4, then a single layer."""
    draw = torch.Generator().manual_seed(83)
    for sizes in ((2, 6, 3), (4, 4, 4, 4), (3, 5)):
        expect_chain(submission, sizes, torch.randn(20, sizes[0], generator=draw))


def expect_table(submission, kind, because):
    """Compare the table of a model with that of the same model made here."""
    table = submission.parameter_table(submission.make(modules_data.table_model, kind))
    seen, known = set(), {}
    for name, p in modules_data.table_model(kind).named_parameters(remove_duplicate=False):
        if p.requires_grad and id(p) not in seen:
            known[name] = p.numel()
        seen.add(id(p))
    found = expect(table, because="The result is a dict of plain ints.").is_a(dict)
    for count in table.values():
        expect(count, because="The result is a dict of plain ints.").is_a(int)
    expect(table, because=because).equal(known)
    expect(list(found.value), because="The parameters stand in the order of definition.").equal(list(known))


@check("parameter_table", points=1, visible=True)
def test_known_tables(submission):
    """A chain of two layers, whole and with frozen parameters; a layer with batch norm."""
    expect_table(submission, "chain", "Each parameter is listed with its full name and its number of elements.")
    expect_table(submission, "chain frozen", "Frozen parameters are left out.")
    expect_table(submission, "normed", "Running statistics are buffers, no parameters.")
