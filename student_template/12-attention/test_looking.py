"""The checks you can see. More are run when you hand in."""

import torch

from torchgrade import check, expect

SLACK = {"rtol": 1e-4, "atol": 1e-5}


def expect_causal(submission, queries, keys, because=None):
    """Compare with the rule, position by position."""
    known = [[j <= keys - queries + i for j in range(keys)] for i in range(queries)]
    words = because or "A query may look at its own position and at all before it, and at none after it."
    out = expect(submission.causal_mask(queries, keys), because="The mask is a bool tensor (queries, keys).")
    out.is_a(torch.Tensor).dtype(torch.bool).shape(queries, keys)
    expect(out.value, because=words).equal(torch.tensor(known))


@check("causal_mask", points=1, visible=True)
def test_small_masks(submission):
    """As many queries as keys: 1, 2 and 4; and two queries at the end of five keys."""
    expect(submission.causal_mask(2, 2)).equal(torch.tensor([[True, False], [True, True]]))
    for size in (1, 4):
        expect_causal(submission, size, size)
    expect_causal(submission, 2, 5)


def attended(q, k, v, mask=None):
    """Attend in float64, with weights of 0 where a query may look at nothing."""
    q, k, v = q.double(), k.double(), v.double()
    scores = torch.einsum("...qd,...kd->...qk", q, k) / q.shape[-1] ** 0.5
    if mask is None:
        mask = torch.ones(scores.shape, dtype=torch.bool)
    scores = scores.masked_fill(~mask, -torch.inf)
    largest = scores.detach().amax(-1, keepdim=True)
    shares = (scores - torch.where(largest.isfinite(), largest, 0.0)).exp()
    total = shares.sum(-1, keepdim=True)
    weights = shares / torch.where(total == 0, 1.0, total)
    return torch.einsum("...qk,...ke->...qe", weights, v), weights


def drawn(draw, lead, queries, keys, width, values):
    """Draw queries, keys and values such that the weights differ well."""
    sizes = ((queries, width), (keys, width), (keys, values))
    return tuple(1.5 * torch.randn(*lead, *size, generator=draw) for size in sizes)


def expect_attended(submission, *arguments, because=None):
    """Compare output and weights; hidden keys have weights of exactly 0, and the arguments stay as they were."""
    output, weights = (one.float() for one in attended(*arguments))
    seen = submission.observe.attention(*arguments)
    found = expect(seen, because="The answer is a tuple: output, weights.").is_a(tuple).length(2).value
    words = because or "The weights are the softmax, over the keys, of the scores divided by the square root of D."
    came = expect(found[1], because=words).is_a(torch.Tensor).shape(*weights.shape).close(weights, **SLACK).value
    words = because or "The output is the sum of the values, each times its weight."
    expect(found[0], because=words).is_a(torch.Tensor).shape(*output.shape).close(output, **SLACK)
    if len(arguments) == 4 and arguments[3] is not None:
        hidden = came.detach()[~arguments[3].expand(weights.shape)]
        expect(hidden, because="What must not be looked at has exactly no weight.").equal(torch.zeros_like(hidden))
    expect(seen, because="The arguments are left as they are.").untouched()


def expect_gradients(submission, q, k, v, mask, draw):
    """Compare the gradients with those in float64; all of them are finite."""
    leaves = [one.double().requires_grad_() for one in (q, k, v)]
    outputs = attended(*leaves, mask)
    along = tuple(torch.randn(one.shape, generator=draw) for one in outputs)
    total = sum((one * by.double()).sum() for one, by in zip(outputs, along, strict=True))
    known = torch.autograd.grad(total, leaves)
    found = submission.vjp("attention", (q, k, v, mask), along)["inputs"]
    for gradient, one in zip(found, known, strict=False):  # the mask has none
        words = "Gradients are finite, also where a query may look at no key."
        came = expect(gradient, because=words).is_a(torch.Tensor).finite()
        expect(came.value, because="Gradients flow back to q, k and v.").close(one.float(), rtol=1e-3, atol=1e-4)


@check("attention", points=2, visible=True)
def test_small_attention(submission):
    """Equal keys share their weight; other sizes without a mask, with None, with a mask, with a row all False."""
    v = torch.tensor([[2.0, 0.0], [4.0, 8.0]])
    output, weights = submission.attention(torch.ones(1, 4), torch.zeros(2, 4), v)
    expect(weights).close(torch.tensor([[0.5, 0.5]]))
    expect(output).close(torch.tensor([[3.0, 4.0]]))
    draw = torch.Generator().manual_seed(21)
    q, k, v = drawn(draw, (2,), 3, 5, 4, 6)
    expect_attended(submission, q, k, v)
    expect_attended(submission, q, k, v, None)
    mask = torch.tensor([[True, False, True, True, False], [True] * 5, [False, False, False, False, True]])
    expect_attended(submission, q, k, v, mask)
    mask[1] = False
    expect_attended(submission, q, k, v, mask, because="A query that may look at no key gets zeros.")
    expect_gradients(submission, q, k, v, mask, draw)


def many_headed(x, w_q, w_k, w_v, w_o, heads, mask=None):
    """Attend head by head and sequence by sequence, in float64."""
    x, w_q, w_k, w_v, w_o = (one.double() for one in (x, w_q, w_k, w_v, w_o))
    size, rows = x.shape[-1] // heads, []
    for place, row in enumerate(x):
        seen = mask[place] if mask is not None and mask.ndim == 3 else mask
        cuts = [slice(h * size, (h + 1) * size) for h in range(heads)]
        parts = [attended(row @ w_q[c].T, row @ w_k[c].T, row @ w_v[c].T, seen)[0] for c in cuts]
        rows.append(torch.cat(parts, dim=1) @ w_o.T)
    return torch.stack(rows)


def expect_heads(submission, arguments, because=None):
    """Compare with attention head by head; the arguments stay as they were."""
    known = many_headed(*arguments).float()
    seen = submission.observe.multi_head_attention(*arguments)
    words = because or "Each head attends with its own block of neighbouring numbers; w_o comes last."
    expect(seen, because=words).is_a(torch.Tensor).shape(*known.shape).close(known, rtol=1e-4, atol=1e-4)
    expect(seen, because="The arguments are left as they are.").untouched()


def several(draw, rows, steps, width, heads):
    """Draw sequences and weights."""
    x = torch.randn(rows, steps, width, generator=draw)
    weights = (torch.randn(width, width, generator=draw) * 1.5 / width**0.5 for _ in range(4))
    return x, *weights, heads


@check("multi_head_attention", points=2, visible=True)
def test_few_heads(submission):
    """One, two and three heads, without a mask, with one for all, with one for each sequence."""
    draw = torch.Generator().manual_seed(22)
    for rows, steps, width, heads in ((2, 3, 4, 1), (3, 4, 6, 2), (2, 5, 6, 3)):
        arguments = several(draw, rows, steps, width, heads)
        expect_heads(submission, arguments)
        expect_heads(submission, (*arguments, None))
        mask = torch.ones(steps, steps, dtype=torch.bool).tril()
        expect_heads(submission, (*arguments, mask), "The same mask holds for all sequences and heads.")
        mask = torch.rand(rows, steps, steps, generator=draw) < 0.7
        expect_heads(submission, (*arguments, mask), "A mask (B, T, T) has one entry for each sequence.")


def expect_unpadded(submission, draw, steps, width, lengths, because=None):
    """Compare each sequence with attention to its own valid keys; padding is made of large numbers."""
    rows = len(lengths)
    q, k, v = (1.5 * torch.randn(rows, steps, width, generator=draw) for _ in range(3))
    padding = torch.arange(steps) >= torch.tensor(lengths)[:, None]
    k[padding], v[padding] = k[padding] * 4, v[padding] * 100
    known = torch.stack([attended(q[i], k[i, :n], v[i, :n])[0] for i, n in enumerate(lengths)]).float()
    words = because or "Every query attends to the valid keys of its own sequence, with weights that add up to 1."
    out = submission.fix_padded_attention(q, k, v, torch.tensor(lengths))
    expect(out, because=words).is_a(torch.Tensor).shape(rows, steps, width).close(known, rtol=1e-4, atol=1e-4)


@check("fix_padded_attention", points=1, visible=True)
def test_known_padding(submission):
    """Sequences of 5, 2 and 4 positions; one without any padding."""
    draw = torch.Generator().manual_seed(23)
    expect_unpadded(submission, draw, 5, 3, [5, 2, 4])
    expect_unpadded(submission, draw, 4, 2, [4])
