"""The checks you can see. More are run when you hand in."""

import torch
from torch import nn
from torch.nn import functional

from fixtures.shared import sequences
from torchgrade import check, expect

# With these a word of five letters is learnt by nn.RNN, nn.GRU and nn.LSTM, from one-hot rows or an embedding, with
# Adam or SGD. A smaller rate would be too small for SGD; RMSprop is restless at this one.
HIDDEN, EPOCHS, RATE = 16, 300, 0.1


def expect_carried(write, starts):
    """Ask for twelve characters in one go, and in two: right or wrong, they are the same if all is read and carried."""
    words = "Each character, read or written, is fed in with the state so far: a text may be written in two goes."
    for start in starts:
        whole = write(start, 12)
        for written in (1, 2, 5):
            expect(write(whole[: 1 + written], 12 - written), because=words).equal(whole)


def expect_spelt(write, text, because=None):
    """Ask for the text from its first character on, twice, and from later places."""
    words = because or "The network continues the first character to the whole text, and carries its state on the way."
    for read in (1, 1, 2, len(text) - 1):
        expect(write(text[:read], len(text) - read), because=words).equal(text)
    expect(write(text[:1], 2), because="The start is continued by as many characters as asked for.").equal(text[:3])
    expect_carried(write, text)
    for start in (text[0], text):
        expect(write(start, 0), because="Continued by no characters, a start stays as it is.").equal(start)


@check("train_char_rnn", points=3, visible=True)
def test_spells_hello(submission):
    """Trained on 'hello', it continues 'h' to 'hello', 'he' too; by no characters 'h' stays 'h'."""
    expect_spelt(submission.train_char_rnn("hello", HIDDEN, EPOCHS, RATE, 0), "hello")


def chunk_losses(xs, ys, chunk, lr, seed):
    """Train the given network with the graph cut between the chunks."""
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        rnn, head = nn.RNN(xs.shape[2], 8), nn.Linear(8, ys.shape[2])
    optimizer = torch.optim.SGD([*rnn.parameters(), *head.parameters()], lr)
    h, losses = torch.zeros(1, xs.shape[1], 8), []
    for start in range(0, len(xs), chunk):
        states, h = rnn(xs[start : start + chunk], h)
        loss = functional.mse_loss(head(states), ys[start : start + chunk])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        h = h.detach()
        losses.append(loss.item())
    return losses


def waves(draw, steps, rows, v, outputs):
    """Draw inputs, and targets that depend on all inputs so far."""
    xs = torch.randn(steps, rows, v, generator=draw)
    mixed = xs @ torch.randn(v, outputs, generator=draw)
    return xs, 2 * torch.tanh(mixed.cumsum(0) / 2)


def expect_losses(submission, xs, ys, chunk, lr, seed):
    """Compare with the losses of the repaired loop."""
    known = chunk_losses(xs, ys, chunk, lr, seed)
    out = submission.fix_truncated_backprop(xs, ys, chunk, lr, seed)
    found = expect(out, because="The result is a list with one loss for each chunk.").is_a(list).length(len(known))
    words = "A chunk goes on with the state before it; gradients go back through all of its steps and no further."
    for place, one in enumerate(known):
        number = expect(found.value[place], because="Losses are plain numbers.").is_a(float).value
        expect(number, because=words).close(one, rtol=1e-3, atol=1e-5)


@check("fix_truncated_backprop", points=2, visible=True)
def test_three_chunks(submission):
    """The losses of a single chunk, and of three chunks of four steps."""
    xs, ys = waves(torch.Generator().manual_seed(14), 12, 3, 2, 1)
    expect_losses(submission, xs, ys, 12, 0.2, 0)
    expect_losses(submission, xs, ys, 4, 0.2, 0)


def last_outputs(x, lengths, lstm):
    """Run the layer over each row alone, cut to its length."""
    rows = [lstm(row[None, :n])[0][0, -1] for row, n in zip(x, lengths.tolist(), strict=True)]
    return torch.stack(rows).detach()


def expect_read(submission, draw, steps, lengths, v, n, layers=1, because=None):
    """Compare with what the layer says of each row alone; what follows a row is padding of large numbers."""
    lengths = torch.tensor(lengths)
    x = torch.randn(len(lengths), steps, v, generator=draw)
    x[torch.arange(steps) >= lengths[:, None]] *= 5
    seed = int(torch.randint(1000, (), generator=draw))
    lstm = sequences.reading_lstm(v, n, layers, seed)
    theirs = submission.make(sequences.reading_lstm, v, n, layers, seed)
    out = submission.fix_time_axis(x, lengths, theirs)
    words = because or "Each row's output is the one at its own last valid step."
    found = expect(out, because=words).is_a(torch.Tensor).shape(len(lengths), n).value
    expect(found.detach(), because=words).close(last_outputs(x, lengths, lstm), rtol=1e-4, atol=1e-5)


@check("fix_time_axis", points=2, visible=True)
def test_padded_rows(submission):
    """Rows of all lengths, in any order; as many rows as steps; a batch of one."""
    draw = torch.Generator().manual_seed(15)
    expect_read(submission, draw, 5, [5, 2, 4], 3, 4)
    expect_read(submission, draw, 4, [1, 4, 2, 3], 2, 3)
    expect_read(submission, draw, 6, [3], 2, 3)
