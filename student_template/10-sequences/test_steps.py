"""The checks you can see. More are run when you hand in."""

import math

import numpy as np
import torch

from torchgrade import check, expect

SLACK = {"rtol": 1e-4, "atol": 1e-5}


def stepped(x, h, W_xh, W_hh, W_hy):
    """Apply the formula to one sample as a column, in NumPy and float64."""
    x, h, W_xh, W_hh, W_hy = (each.numpy().astype(np.float64) for each in (x, h, W_xh, W_hh, W_hy))
    state = np.tanh(np.dot(W_hh, h) + np.dot(W_xh, x))
    return np.dot(W_hy, state), state


def weights(draw, *shapes):
    """Draw weights at which tanh is neither a straight line nor flat."""
    return tuple(0.7 * torch.randn(shape, generator=draw) for shape in shapes)


def expect_step(submission, x, h, matrices, because=None):
    """Compare each row with the formula; the old state and the rest must stay as they were."""
    rows = [(x, h)] if x.ndim == 1 else list(zip(x, h, strict=True))
    pairs = [stepped(one, state, *matrices) for one, state in rows]
    known = [torch.tensor(np.stack(part), dtype=torch.float32) for part in zip(*pairs, strict=True)]
    seen = submission.observe.rnn_step(x, h, *matrices)
    found = expect(seen, because="The answer is a tuple: output, state.").is_a(tuple).length(2).value
    for place, words in (
        (1, "The new state is tanh of W_hh h + W_xh x, for each sample."),
        (0, "The output is W_hy times the new state, for each sample."),
    ):
        part = known[place][0] if x.ndim == 1 else known[place]
        expect(found[place], because=because or words).is_a(torch.Tensor).shape(*part.shape).close(part, **SLACK)
    expect(seen, because="The old state, the input and the weights are left as they were.").untouched()


@check("rnn_step", points=2, visible=True)
def test_small_steps(submission):
    """A step worked out by hand; batches of three and of one; a single vector."""
    W_xh, W_hh, W_hy = torch.tensor([[1.0], [0.0]]), torch.tensor([[0.0, 1.0], [0.0, 0.0]]), torch.tensor([[1.0, 2.0]])
    output, state = submission.rnn_step(torch.tensor([[0.5]]), torch.tensor([[0.0, 0.25]]), W_xh, W_hh, W_hy)
    expect(state).close(torch.tensor([[math.tanh(0.75), 0.0]]), **SLACK)
    expect(output).close(torch.tensor([[math.tanh(0.75)]]), **SLACK)
    draw = torch.Generator().manual_seed(11)
    matrices = weights(draw, (4, 3), (4, 4), (2, 4))
    x, h = torch.randn(3, 3, generator=draw), torch.rand(3, 4, generator=draw)
    expect_step(submission, x, h, matrices)
    expect_step(submission, x[:1], h[:1], matrices)
    expect_step(submission, x[0], h[0], matrices)


def unrolled(xs, h0, W_xh, W_hh):
    """Let torch's own layer run over the sequence, in float64 and with a graph."""
    xs, h0, W_xh, W_hh = leaves = [each.detach().double().requires_grad_() for each in (xs, h0, W_xh, W_hh)]
    rnn = torch.nn.RNN(xs.shape[2], h0.shape[1], bias=False, dtype=torch.float64)
    states, last = torch.func.functional_call(rnn, {"weight_ih_l0": W_xh, "weight_hh_l0": W_hh}, (xs, h0[None]))
    return states, last[0], leaves


def expect_states(submission, arguments, because=None):
    """Compare all states and the last one with those of nn.RNN."""
    states, last, _ = unrolled(*arguments)
    out = submission.rnn_unroll(*arguments)
    found = expect(out, because="The answer is a tuple: all states, the last state.").is_a(tuple).length(2).value
    for place, known, words in (
        (0, states, "Each step starts from the state that the step before it made."),
        (1, last, "The second entry is the state after the last step."),
    ):
        known = known.detach().float()
        expect(found[place], because=because or words).is_a(torch.Tensor).shape(*known.shape).close(known, **SLACK)


def expect_flow(submission, arguments, draw):
    """Compare the gradients of a weighted sum of all states, and of the last state alone."""
    states, last, leaves = unrolled(*arguments)
    along = torch.randn(states.shape, generator=draw), torch.randn(last.shape, generator=draw)
    for cotangents in (along, (torch.zeros_like(along[0]), along[1])):
        total = sum((one * by.double()).sum() for one, by in zip((states, last), cotangents, strict=True))
        known = torch.autograd.grad(total, leaves, retain_graph=True)
        found = submission.vjp("rnn_unroll", arguments, cotangents)["inputs"]
        because = "Gradients flow from every state back to the first step, to the start and to the weights."
        for gradient, one in zip(found, known, strict=True):
            expect(gradient, because=because).is_a(torch.Tensor).close(one.float(), rtol=1e-3, atol=1e-5)


def sequence(draw, steps, rows, v, n):
    """Draw a sequence, a start and weights."""
    xs, h0 = torch.randn(steps, rows, v, generator=draw), torch.rand(rows, n, generator=draw)
    return xs, h0, *weights(draw, (n, v), (n, n))


@check("rnn_unroll", points=2, visible=True)
def test_short_sequences(submission):
    """Sequences of 1, 4 and 6 steps against nn.RNN without biases; the gradient of the first step."""
    draw = torch.Generator().manual_seed(12)
    for sizes in ((1, 2, 3, 4), (4, 2, 3, 5), (6, 1, 1, 2)):
        expect_states(submission, sequence(draw, *sizes))
    expect_flow(submission, sequence(draw, 3, 2, 3, 4), draw)


def expect_lstm(submission, rows, v, n, draw, because=None, scale=1.0):
    """Compare with nn.LSTMCell; the old state must stay as it was."""
    cell = torch.nn.LSTMCell(v, n)
    with torch.no_grad():
        for weight in cell.parameters():
            weight.copy_(scale * torch.randn(weight.shape, generator=draw))
        x, h, c = (torch.randn(rows, size, generator=draw) for size in (v, n, n))
        known = cell(x, (h.tanh(), 2 * c))
    parameters = [weight.detach() for weight in (cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh)]
    seen = submission.observe.lstm_step(x, (h.tanh(), 2 * c), *parameters)
    found = expect(seen, because="The answer is a tuple: the new h, the new c.").is_a(tuple).length(2).value
    for place, words in (
        (1, "The new c forgets a part of the old one and takes in a part of the candidate, as in nn.LSTMCell."),
        (0, "The new h is the output gate times tanh of the new c, as in nn.LSTMCell."),
    ):
        expect(found[place], because=because or words).is_a(torch.Tensor).shape(rows, n).close(known[place], **SLACK)
    expect(seen, because="The old state, the input and the weights are left as they were.").untouched()


@check("lstm_step", points=3, visible=True)
def test_lstm_steps(submission):
    """A step with weights of zero; three steps against nn.LSTMCell; the old state stays as it was."""
    zeros = [torch.zeros(shape) for shape in ((8, 3), (8, 2), (8,), (8,))]
    c = torch.tensor([[2.0, -4.0]])
    new_h, new_c = submission.lstm_step(torch.ones(1, 3), (torch.ones(1, 2), c), *zeros)
    expect(new_c).close(c / 2, **SLACK)
    expect(new_h).close((c / 2).tanh() / 2, **SLACK)
    draw = torch.Generator().manual_seed(13)
    for rows, v, n in ((1, 3, 2), (4, 2, 5), (3, 3, 3)):
        expect_lstm(submission, rows, v, n, draw)


def expect_memory(submission, steps, strength, kind, known, because=None):
    """Compare with what is known to be left, to four digits."""
    found = expect(submission.carry_memory(steps, strength, kind), because=because).is_a(float, int).value
    expect(float(found), because=because).close(float(known), rtol=1e-4, atol=1e-7)


@check("carry_memory", points=1, visible=True)
def test_known_memory(submission):
    """sigmoid(0) halves the value in each step; tanh(1) is left after one step; no step leaves 1.0."""
    for steps, known in ((0, 1.0), (1, 0.5), (2, 0.25), (10, 2**-10)):
        expect_memory(submission, steps, 0.0, "lstm", known)
    expect_memory(submission, 100, 10.0, "lstm", (1 + math.exp(-10)) ** -100)
    for steps, known in ((0, 1.0), (1, math.tanh(1)), (2, math.tanh(math.tanh(1)))):
        expect_memory(submission, steps, 1.0, "rnn", known)
