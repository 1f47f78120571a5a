"""Sequences: characters as numbers, the steps of RNN and LSTM, why gates remember, training on a string.

Every function gets its arguments by position. T stands for the number of time steps, B for the number of sequences in a
batch, V for the numbers per step, H for the numbers in a state. All tensors with fractions are float32.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional


def char_examples(text: str) -> tuple[Tensor, Tensor, list[str]]:
    """Make the training data for guessing the next character of a text.

    Args:
        text: At least one character.

    Returns:
        A tuple (inputs, targets, vocabulary). The vocabulary lists the different characters of the text in the order in
        which they first appear; the id of a character is its place in that list. The other two are int64 tensors of
        shape (n - 1,) for a text of n characters: entry i of inputs is the id of character i, entry i of targets the
        id of the character after it. A text of one character gives two empty tensors.
    """
    # BEGIN SOLUTION
    vocabulary = list(dict.fromkeys(text))
    ids = torch.tensor([vocabulary.index(c) for c in text])
    return ids[:-1], ids[1:], vocabulary
    # END SOLUTION


def score_next_char(scores: Tensor, target: int) -> tuple[float, float, int]:
    """Judge the raw scores that a network gave to the characters of its vocabulary.

    Args:
        scores: Shape (V,), any numbers, also very large or very negative ones. All are different.
        target: The id of the right character.

    Returns:
        A tuple of plain numbers: the probability p of the target (exp of its score, divided by the sum of the exp of
        all scores), its loss -log p (natural logarithm), and the id of the character that has the highest
        probability. No score is too large: the loss is a finite number even where p is so small that it rounds
        to 0.
    """
    # BEGIN SOLUTION
    log_p = torch.log_softmax(scores, dim=0)[target].item()
    return math.exp(log_p), -log_p, int(scores.argmax())
    # END SOLUTION


def rnn_step(x: Tensor, h: Tensor, W_xh: Tensor, W_hh: Tensor, W_hy: Tensor) -> tuple[Tensor, Tensor]:
    """Take one step of a plain recurrent network without biases.

    For one sample, with x and h as columns, the new state is tanh(W_hh h + W_xh x), and the output is W_hy times the
    *new* state.

    Args:
        x: Inputs, one sample per row: shape (B, V); or a single sample of shape (V,).
        h: The old states, shape (B, H); or (H,) for a single sample. It is left as it is.
        W_xh: Shape (H, V).
        W_hh: Shape (H, H).
        W_hy: Shape (O, H), for O outputs.

    Returns:
        A tuple (output, state) of shapes (B, O) and (B, H), or (O,) and (H,) for a single sample.
    """
    # BEGIN SOLUTION
    state = torch.tanh(h @ W_hh.T + x @ W_xh.T)
    return state @ W_hy.T, state
    # END SOLUTION


def rnn_unroll(xs: Tensor, h0: Tensor, W_xh: Tensor, W_hh: Tensor) -> tuple[Tensor, Tensor]:
    """Run the state of a plain recurrent network over sequences.

    Each step makes tanh(W_hh h + W_xh x) of the state h before it and its input x. Gradients flow back to the
    first step, to ``h0`` and to the weights.

    Args:
        xs: Shape (T, B, V): time comes first. T may be 0.
        h0: The states before the first step, shape (B, H).
        W_xh: Shape (H, V).
        W_hh: Shape (H, H).

    Returns:
        A tuple (states, last): the states after each step, shape (T, B, H), and the state at the end, shape (B, H).
        Without any steps there are no states, and the last one is that of the start.
    """
    # BEGIN SOLUTION
    h = h0
    states = []
    for x in xs:
        h = torch.tanh(h @ W_hh.T + x @ W_xh.T)
        states.append(h)
    return torch.stack(states) if states else h0.new_empty(0, *h0.shape), h
    # END SOLUTION


def lstm_step(
    x: Tensor, state: tuple[Tensor, Tensor], W_ih: Tensor, W_hh: Tensor, b_ih: Tensor, b_hh: Tensor
) -> tuple[Tensor, Tensor]:
    """Take one step of an LSTM, with the weights laid out as in ``torch.nn.LSTMCell``.

    For one sample, with x and h as columns, z = W_ih x + b_ih + W_hh h + b_hh holds four blocks of H numbers each, in
    this order: input gate i, forget gate f, candidate g, output gate o. The gates go through a sigmoid, the candidate
    through tanh. The new cell state is f * c + i * g, the new h is o * tanh(new cell state).

    Args:
        x: Inputs, one sample per row: shape (B, V).
        state: The old (h, c), each of shape (B, H). Both are left as they are.
        W_ih: Shape (4H, V).
        W_hh: Shape (4H, H).
        b_ih: Shape (4H,).
        b_hh: Shape (4H,).

    Returns:
        A tuple with the new h and the new c, each of shape (B, H).
    """
    # BEGIN SOLUTION
    h, c = state
    i, f, g, o = (x @ W_ih.T + b_ih + h @ W_hh.T + b_hh).chunk(4, dim=-1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c
    # END SOLUTION


def carry_memory(steps: int, strength: float, kind: str) -> float:
    """Follow a stored 1.0 through steps without any input. This exercise is optional.

    Args:
        steps: How many steps to take; may be 0.
        strength: What the network has learnt: the bias of a forget gate for ``"lstm"``, the weight from state to state
            for ``"rnn"``.
        kind: ``"lstm"``: each step multiplies the value by sigmoid(strength). ``"rnn"``: each step makes
            tanh(strength * h) of the value h.

    Returns:
        What is left after the steps, as a plain number, right to four digits.
    """
    # BEGIN SOLUTION
    if kind == "lstm":
        return (1 / (1 + math.exp(-strength))) ** steps
    h = 1.0
    for _ in range(steps):
        h = math.tanh(strength * h)
    return h
    # END SOLUTION


def train_char_rnn(text: str, hidden: int, epochs: int, lr: float, seed: int) -> Callable[[str, int], str]:
    """Train a small recurrent network to write a text, character by character.

    Which recurrent layer, which loss and which optimizer are up to you. With 16 hidden numbers, 300 epochs and a
    learning rate of 0.1 it has to know a word of five letters by heart.

    Args:
        text: What to learn: at least two characters.
        hidden: Numbers in the network's state.
        epochs: How often to go through the text, with a state of zeros before its first character.
        lr: The learning rate.
        seed: Decides on the starting weights. The same arguments give a network that writes the same, another seed
            one that starts from other weights.

    Returns:
        A function (start, n) of a string and a number. It returns the string, continued by n characters, each
        the one with the highest score; n may be 0. ``start`` has at least one character, and only characters of the
        text. The network reads it from a state of zeros, and carries its state from each character to the next one,
        read or written. Every call begins anew.
    """
    # BEGIN SOLUTION
    vocabulary = list(dict.fromkeys(text))
    size = len(vocabulary)
    torch.manual_seed(seed)
    rnn, head = nn.RNN(size, hidden), nn.Linear(hidden, size)

    def encode(string: str) -> Tensor:
        return torch.tensor([vocabulary.index(c) for c in string])

    def run(string: str, h: Tensor | None) -> tuple[Tensor, Tensor]:
        states, h = rnn(functional.one_hot(encode(string), size).float(), h)
        return head(states), h

    optimizer = torch.optim.Adam([*rnn.parameters(), *head.parameters()], lr)
    for _ in range(epochs):
        loss = functional.cross_entropy(run(text[:-1], None)[0], encode(text[1:]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    @torch.no_grad()
    def write(start: str, n: int) -> str:
        scores, h = run(start, None)
        for _ in range(n):
            start += vocabulary[scores[-1].argmax()]
            scores, h = run(start[-1], h)
        return start

    return write
    # END SOLUTION


def fix_truncated_backprop(xs: Tensor, ys: Tensor, chunk: int, lr: float, seed: int) -> list[float]:
    """Train on a long sequence, chunk by chunk. The code below fails in the second chunk: repair it.

    Each chunk goes on with the state that the chunk before it ended with. Gradients go back through all steps of a
    chunk, and no further. Leave the rest of the code as it is: the network, its starting weights, the loss and
    the optimizer decide on the numbers.

    Args:
        xs: Inputs, shape (T, B, V): time comes first.
        ys: What to predict for each step, shape (T, B, O).
        chunk: Steps per chunk. T is a multiple of it.
        lr: The learning rate.
        seed: Decides on the starting weights.

    Returns:
        The loss of each chunk in order, as plain numbers, each taken before the step that learns from it.
    """
    # BEGIN PROMPT
    # torch.manual_seed(seed)
    # rnn, head = nn.RNN(xs.shape[2], 8), nn.Linear(8, ys.shape[2])
    # optimizer = torch.optim.SGD([*rnn.parameters(), *head.parameters()], lr)
    # h = torch.zeros(1, xs.shape[1], 8)
    # losses = []
    # for x, y in zip(xs.split(chunk), ys.split(chunk), strict=True):
    #     states, h = rnn(x, h)
    #     loss = functional.mse_loss(head(states), y)
    #     optimizer.zero_grad()
    #     loss.backward()
    #     optimizer.step()
    #     losses.append(loss.item())
    # return losses
    # END PROMPT
    # BEGIN SOLUTION
    torch.manual_seed(seed)
    rnn, head = nn.RNN(xs.shape[2], 8), nn.Linear(8, ys.shape[2])
    optimizer = torch.optim.SGD([*rnn.parameters(), *head.parameters()], lr)
    h = torch.zeros(1, xs.shape[1], 8)
    losses = []
    for x, y in zip(xs.split(chunk), ys.split(chunk), strict=True):
        states, h = rnn(x, h.detach())
        loss = functional.mse_loss(head(states), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
    # END SOLUTION


def fix_time_axis(x: Tensor, lengths: Tensor, lstm: nn.LSTM) -> Tensor:
    """Read what an LSTM has to say at the end of every sequence. The code below does it wrongly: repair it.

    Args:
        x: A batch of sequences, shape (B, T, V). What stands in a row after its own length is padding and may be
            any numbers.
        lengths: How many steps of each row are valid: an int64 tensor of shape (B,), each from 1 to T.
        lstm: A layer with ``batch_first=True`` that reads from front to back.

    Returns:
        A tensor of shape (B, H): for each row the layer's output at its last valid step.
    """
    # BEGIN PROMPT
    # outputs, _ = lstm(x)
    # return outputs[-1]
    # END PROMPT
    # BEGIN SOLUTION
    outputs, _ = lstm(x)
    return outputs[torch.arange(len(x)), lengths - 1]
    # END SOLUTION
