"""The checks you can see. More are run when you hand in."""

import math

import torch
from torch.nn import functional

from torchgrade import check, expect


def expect_positions(submission, length, width, because=None):
    """Compare with the formula, number by number."""
    known = torch.zeros(length, width)
    for p in range(length):
        for i in range(width // 2):
            angle = p / 10000 ** (2 * i / width)
            known[p, 2 * i], known[p, 2 * i + 1] = math.sin(angle), math.cos(angle)
    words = because or "Column 2i holds the sine of p / 10000^(2i/D), column 2i + 1 the cosine of the same."
    out = expect(submission.sinusoidal_positions(length, width), because=words).is_a(torch.Tensor)
    out.dtype(torch.float32).shape(length, width).close(known, rtol=0, atol=5e-4)


@check("sinusoidal_positions", points=1, visible=True)
def test_first_positions(submission):
    """Position 0 is 0, 1, 0, 1; the tables (3, 2) and (6, 4)."""
    expect(submission.sinusoidal_positions(1, 4)).close(torch.tensor([[0.0, 1.0, 0.0, 1.0]]), rtol=0, atol=5e-4)
    expect_positions(submission, 3, 2)
    expect_positions(submission, 6, 4)


def expect_normed(submission, x, eps, draw, because=None):
    """Compare with the formula in float64; x stays as it was."""
    size = x.shape[-1]
    weight, bias = torch.randn(size, generator=draw), torch.randn(size, generator=draw)
    exact = x.double()
    centred = exact - exact.sum(-1, keepdim=True) / size
    variance = (centred**2).sum(-1, keepdim=True) / size
    known = (centred / torch.sqrt(variance + eps) * weight.double() + bias.double()).float()
    with submission.banning("torch.layer_norm", "torch.nn.functional.layer_norm", "torch.native_layer_norm"):
        seen = submission.observe.layer_norm(x, weight, bias, eps)
    words = because or "Each position is normalised by itself, with the mean of the squares as its variance."
    expect(seen, because=words).is_a(torch.Tensor).shape(*x.shape).close(known, rtol=1e-3, atol=1e-4)
    expect(seen, because="x is left as it is.").untouched("args[0]")


@check("layer_norm", points=1, visible=True)
def test_small_norm(submission):
    """The row 1, 3 becomes -1, 1; other shapes, and an eps that counts."""
    draw = torch.Generator().manual_seed(24)
    ones, zeros = torch.ones(2), torch.zeros(2)
    with submission.banning("torch.layer_norm", "torch.nn.functional.layer_norm", "torch.native_layer_norm"):
        out = submission.layer_norm(torch.tensor([[1.0, 3.0]]), ones, zeros, 1e-5)
    expect(out).close(torch.tensor([[-1.0, 1.0]]), rtol=0, atol=1e-3)
    for shape in ((4, 3), (2, 3, 5)):
        expect_normed(submission, 3 * torch.randn(shape, generator=draw) + 2, 1e-5, draw)
        expect_normed(submission, torch.randn(shape, generator=draw), 0.5, draw)


def shapes_of(width, hidden):
    """Return the shape of every entry of the block's state_dict."""
    names = {"attention.in_proj_weight": (3 * width, width), "attention.in_proj_bias": (3 * width,)}
    names |= {"attention.out_proj.weight": (width, width), "attention.out_proj.bias": (width,)}
    names |= {f"{norm}.{part}": (width,) for norm in ("norm1", "norm2") for part in ("weight", "bias")}
    names |= {"mlp.0.weight": (hidden, width), "mlp.0.bias": (hidden,)}
    return names | {"mlp.2.weight": (width, hidden), "mlp.2.bias": (width,)}


def through_block(x, state, heads):
    """Compute the block from its weights, in float64."""
    w = {name: value.double() for name, value in state.items()}
    x, (rows, steps, width) = x.double(), x.shape

    def normed(x, name):
        return functional.layer_norm(x, (width,), w[f"{name}.weight"], w[f"{name}.bias"])

    qkv = normed(x, "norm1") @ w["attention.in_proj_weight"].T + w["attention.in_proj_bias"]
    q, k, v = (one.reshape(rows, steps, heads, -1).transpose(1, 2) for one in qkv.split(width, dim=-1))
    mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(x.shape)
    y = x + mixed @ w["attention.out_proj.weight"].T + w["attention.out_proj.bias"]
    inner = functional.gelu(normed(y, "norm2") @ w["mlp.0.weight"].T + w["mlp.0.bias"])
    return y + inner @ w["mlp.2.weight"].T + w["mlp.2.bias"]


def expect_block(submission, rows, steps, width, heads, hidden, draw, because=None):
    """Load drawn weights into the block and compare with the same weights' own computation."""
    block = submission.build_block(width, heads, hidden)
    expect(block, because="The result is a module.").is_a(torch.nn.Module)
    shapes = shapes_of(width, hidden)
    found = {name: tuple(value.shape) for name, value in dict(block.state_dict()).items()}
    expect(found, because="The block has the four children that the task names, and no others.").equal(shapes)
    state = {name: torch.randn(shape, generator=draw) / shape[-1] ** 0.5 for name, shape in shapes.items()}
    block.load_state_dict(state)
    x = torch.randn(rows, steps, width, generator=draw)
    known = through_block(x, state, heads).float()
    words = because or "y = x + attention(norm1(x)), without looking ahead, and the result is y + mlp(norm2(y))."
    out = expect(block(x), because=words).is_a(torch.Tensor).shape(rows, steps, width).finite()
    out.close(known, rtol=1e-3, atol=1e-4)
    later = torch.cat([x[:, :-1], 3 - x[:, -1:]], dim=1)
    moved = expect(block(later), because="What comes later has no influence on a position.").value
    expect(moved[:, :-1], because="What comes later has no influence on a position.").close(
        out.value[:, :-1], rtol=1e-4, atol=1e-5
    )
    return block, x, state


@check("build_block", points=2, visible=True)
def test_small_blocks(submission):
    """The names and shapes of the weights; what two blocks make of sequences; no looking ahead."""
    draw = torch.Generator().manual_seed(25)
    expect_block(submission, 2, 5, 4, 2, 8, draw)
    expect_block(submission, 3, 4, 6, 1, 5, draw)
