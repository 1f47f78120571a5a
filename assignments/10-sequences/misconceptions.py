"""Known wrong answers to the exercises of this assignment."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional

from torchgrade import misconception


@misconception(
    "char_examples",
    "A set of the characters is a vocabulary.",
    hint="A set has no order of its own: that of strings changes from one run of Python to the next. Keep the order of appearance.",
)
def set_order(text):
    vocabulary = list(set(text))
    ids = torch.tensor([vocabulary.index(c) for c in text], dtype=torch.int64)
    return ids[:-1], ids[1:], vocabulary


@misconception(
    "char_examples",
    "The target of a character is that character.",
    hint="Who learns this learns to copy. The target is what comes next in the text.",
)
def target_is_input(text):
    vocabulary = list(dict.fromkeys(text))
    ids = torch.tensor([vocabulary.index(c) for c in text], dtype=torch.int64)
    return ids[:-1], ids[:-1].clone(), vocabulary


@misconception(
    "char_examples",
    "Each position of the text has an id of its own.",
    hint="Both l of 'hello' are the same character and share an id. The vocabulary has no repeats.",
)
def one_id_per_position(text):
    ids = torch.arange(len(text))
    return ids[:-1], ids[1:], list(text)


@misconception(
    "char_examples",
    "The code of a character is its id.",
    hint="ord('h') is 104, but a vocabulary of four has the places 0 to 3. An id is a place in the vocabulary.",
)
def code_points(text):
    ids = torch.tensor([ord(c) for c in text], dtype=torch.int64)
    return ids[:-1], ids[1:], list(dict.fromkeys(text))


@misconception(
    "score_next_char",
    "A probability is the score's share of the sum of scores.",
    hint="Scores may be negative, and shares of them would be too. Take exp first: that makes all of them positive.",
)
def share_of_sum(scores, target):
    share = scores / scores.sum()
    return share[target].item(), -share[target].log().item(), share.argmax().item()


@misconception(
    "score_next_char",
    "exp can take any score.",
    hint="exp(1000) is infinite. Take the largest score away from all first, or use log_softmax, which does that.",
)
def unstable_exp(scores, target):
    p = scores.exp() / scores.exp().sum()
    return p[target].item(), -p[target].log().item(), scores.argmax().item()


@misconception(
    "score_next_char",
    "The loss is the negative logarithm of the score.",
    hint="A score is no probability, and a negative one has no logarithm. The loss is made of the probability.",
)
def loss_of_score(scores, target):
    return scores.softmax(0)[target].item(), -scores[target].log().item(), scores.argmax().item()


@misconception(
    "score_next_char",
    "Any logarithm will do for the loss.",
    hint="Losses are counted with the natural logarithm, to the base e. To the base 2 they come out 1.44 times as large.",
)
def log_base_two(scores, target):
    log_p = scores.log_softmax(0)[target].item()
    return math.exp(log_p), -log_p / math.log(2), scores.argmax().item()


@misconception(
    "rnn_step",
    "The output comes from the state that the step found.",
    hint="Then the input of this step has no say in this step's output. Make the new state first, and the output of it.",
)
def output_from_old_state(x, h, W_xh, W_hh, W_hy):
    return h @ W_hy.T, torch.tanh(h @ W_hh.T + x @ W_xh.T)


@misconception(
    "rnn_step",
    "Where a formula says W h, rows multiply W as it is.",
    hint="For rows, W h becomes h @ W.T. A square W hides the slip: the shapes fit both ways.",
)
def no_transpose(x, h, W_xh, W_hh, W_hy):
    state = torch.tanh(h @ W_hh + x @ W_xh.T)
    return state @ W_hy.T, state


@misconception(
    "rnn_step",
    "tanh is taken of each part.",
    hint="A sum of two tanh can reach 2. The parts are added first, and tanh is taken of the sum.",
)
def tanh_each_part(x, h, W_xh, W_hh, W_hy):
    state = torch.tanh(h @ W_hh.T) + torch.tanh(x @ W_xh.T)
    return state @ W_hy.T, state


@misconception(
    "rnn_step",
    "The state is a place to write the new state to.",
    hint="The caller may still need the old state, and so may backward. Return the new one as a tensor of its own.",
)
def state_in_place(x, h, W_xh, W_hh, W_hy):
    with torch.no_grad():
        h.copy_(torch.tanh(h @ W_hh.T + x @ W_xh.T))
    return h @ W_hy.T, h


def _unrolled(xs, h0, W_xh, W_hh, before):
    h, states = h0, []
    for x in xs:
        h = torch.tanh(before(h) @ W_hh.T + x @ W_xh.T)
        states.append(h)
    return (torch.stack(states) if states else h0.new_zeros(0, *h0.shape)), h


@misconception(
    "rnn_unroll",
    "Every step starts from the first state.",
    hint="Then no step knows of the steps before it. Hand each step the state that the one before it made.",
)
def state_not_carried(xs, h0, W_xh, W_hh):
    return _unrolled(xs, h0, W_xh, W_hh, lambda h: h0)


@misconception(
    "rnn_unroll",
    "The second axis is time.",
    hint="xs has the shape (T, B, V): time comes first, as nn.RNN has it unless batch_first is set.",
)
def batch_as_time(xs, h0, W_xh, W_hh):
    states, last = _unrolled(xs.transpose(0, 1), h0, W_xh, W_hh, lambda h: h)
    return states.transpose(0, 1), last


@misconception(
    "rnn_unroll",
    "Each step has a graph of its own.",
    hint="detach gives the same numbers and cuts the way back: early inputs get no gradient from late states.",
)
def detached_state(xs, h0, W_xh, W_hh):
    return _unrolled(xs, h0, W_xh, W_hh, lambda h: h.detach())


def _blocks(x, state, W_ih, W_hh, b_ih, b_hh):
    h, c = state
    return (x @ W_ih.T + b_ih + h @ W_hh.T + b_hh).chunk(4, dim=-1)


@misconception(
    "lstm_step",
    "The gates are stacked in the order input, forget, output, candidate.",
    hint="torch's order is input, forget, candidate, output. Blocks have the same size, so nothing raises.",
)
def gate_order(x, state, W_ih, W_hh, b_ih, b_hh):
    i, f, o, g = _blocks(x, state, W_ih, W_hh, b_ih, b_hh)
    c = f.sigmoid() * state[1] + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


@misconception(
    "lstm_step",
    "All four blocks go through a sigmoid.",
    hint="The candidate is what may be written, not how much of it. It has to be able to be negative: tanh.",
)
def candidate_sigmoid(x, state, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = (block.sigmoid() for block in _blocks(x, state, W_ih, W_hh, b_ih, b_hh))
    c = f * state[1] + i * g
    return o * c.tanh(), c


@misconception(
    "lstm_step",
    "h is read from the cell state that the step found.",
    hint="Then h comes a step late. Update the cell state first, and read h from the new one.",
)
def h_from_old_c(x, state, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = _blocks(x, state, W_ih, W_hh, b_ih, b_hh)
    return o.sigmoid() * state[1].tanh(), f.sigmoid() * state[1] + i.sigmoid() * g.tanh()


@misconception(
    "lstm_step",
    "h is the gated cell state itself.",
    hint="A cell state may grow beyond 1, h may not: the cell state goes through tanh before the output gate.",
)
def no_second_tanh(x, state, W_ih, W_hh, b_ih, b_hh):
    i, f, g, o = _blocks(x, state, W_ih, W_hh, b_ih, b_hh)
    c = f.sigmoid() * state[1] + i.sigmoid() * g.tanh()
    return o.sigmoid() * c, c


def _faded(steps, strength, kind, step):
    value = 1.0
    for _ in range(steps):
        value = step(value) if kind == "lstm" else math.tanh(strength * value)
    return value


@misconception(
    "carry_memory",
    "A gate multiplies by its bias.",
    hint="The gate is the sigmoid of the bias, a number between 0 and 1. The bias itself may be any number.",
)
def gate_is_the_bias(steps, strength, kind):
    return _faded(steps, strength, kind, lambda value: strength * value)


@misconception(
    "carry_memory",
    "The cell state is squashed in each step, as the state of a plain RNN is.",
    hint="tanh takes a little off in each step, even with the gate wide open. The cell is only multiplied by its gate.",
)
def tanh_on_the_cell(steps, strength, kind):
    return _faded(steps, strength, kind, lambda value: math.tanh(value / (1 + math.exp(-strength))))


@misconception(
    "carry_memory",
    "One step tells it all.",
    hint="The distance matters: each further step multiplies, or squashes, once more.",
)
def one_step_only(steps, strength, kind):
    return 1 / (1 + math.exp(-strength)) if kind == "lstm" else math.tanh(strength)


def _trained(text, hidden, epochs, lr, seed, targets, *, stepping=True, carrying=True):
    vocabulary = list(dict.fromkeys(text))
    torch.manual_seed(seed)
    rnn, head = nn.RNN(len(vocabulary), hidden), nn.Linear(hidden, len(vocabulary))
    optimizer = torch.optim.Adam([*rnn.parameters(), *head.parameters()], lr)

    def encode(string):
        return torch.tensor([vocabulary.index(c) for c in string])

    def run(string, h):
        states, h = rnn(functional.one_hot(encode(string), len(vocabulary)).float(), h)
        return head(states), h

    for _ in range(epochs):
        optimizer.zero_grad()
        functional.cross_entropy(run(text[:-1], None)[0], encode(targets)).backward()
        if stepping:
            optimizer.step()

    @torch.no_grad()
    def write(start, n):
        scores, h = run(start, None)
        for _ in range(n):
            start += vocabulary[int(scores[-1].argmax())]
            scores, h = run(start[-1], h if carrying else None)
        return start

    return write


@misconception(
    "train_char_rnn",
    "The last character decides on the next one.",
    hint="After the first l of 'hello' comes l, after the second comes o. Only the state can tell them apart: hand it on while you write, too.",
)
def state_forgotten(text, hidden, epochs, lr, seed):
    return _trained(text, hidden, epochs, lr, seed, text[1:], carrying=False)


@misconception(
    "train_char_rnn",
    "The network is to predict the character that it sees.",
    hint="Then it learns to repeat itself. Each target is the character after the input.",
)
def targets_not_shifted(text, hidden, epochs, lr, seed):
    return _trained(text, hidden, epochs, lr, seed, text[:-1])


@misconception(
    "train_char_rnn",
    "backward changes the weights.",
    hint="backward only fills in the gradients. Nothing is learnt until optimizer.step().",
)
def never_steps(text, hidden, epochs, lr, seed):
    return _trained(text, hidden, epochs, lr, seed, text[1:], stepping=False)


def _chunk_losses(xs, ys, chunk, lr, seed, begin, every=None, retain=False):
    torch.manual_seed(seed)
    rnn, head = nn.RNN(xs.shape[2], 8), nn.Linear(8, ys.shape[2])
    optimizer = torch.optim.SGD([*rnn.parameters(), *head.parameters()], lr)
    h = torch.zeros(1, xs.shape[1], 8)
    losses = []
    for x, y in zip(xs.split(chunk), ys.split(chunk)):
        h = begin(h)
        states = []
        for piece in x.split(every or chunk):
            out, h = rnn(piece, h.detach() if every else h)
            states.append(out)
        loss = functional.mse_loss(head(torch.cat(states)), y)
        optimizer.zero_grad()
        loss.backward(retain_graph=retain)
        optimizer.step()
        losses.append(loss.item())
    return losses


@misconception(
    "fix_truncated_backprop",
    "A state is just numbers.",
    hint="The state has the graph of its chunk behind it, and backward has used that up. Take the numbers on, without their past.",
)
@misconception(
    "fix_time_axis",
    "The last entry of the outputs is the last step.",
    hint="With batch_first the first axis counts sequences: outputs[-1] is all of the last sequence.",
)
def given_code(*args):
    if isinstance(args[-1], nn.LSTM):  # one name for two exercises, so one function: this is fix_time_axis
        return args[-1](args[0])[0][-1]
    return _chunk_losses(*args, lambda h: h)


@misconception(
    "fix_truncated_backprop",
    "Every chunk begins with a state of zeros.",
    hint="No error any more, but the history is gone: the network reads the second chunk as if nothing had come before it.",
)
def state_thrown_away(xs, ys, chunk, lr, seed):
    return _chunk_losses(xs, ys, chunk, lr, seed, torch.zeros_like)


@misconception(
    "fix_truncated_backprop",
    "The state is detached after every step.",
    hint="Then no gradient goes back in time at all. Cut the graph between the chunks only.",
)
def cut_at_every_step(xs, ys, chunk, lr, seed):
    return _chunk_losses(xs, ys, chunk, lr, seed, lambda h: h, every=1)


@misconception(
    "fix_truncated_backprop",
    "retain_graph=True is the cure for a second backward.",
    hint="The old graph needs the old weights, which the optimizer has overwritten. And it would grow with every chunk.",
)
def retain_graph(xs, ys, chunk, lr, seed):
    return _chunk_losses(xs, ys, chunk, lr, seed, lambda h: h, retain=True)


@misconception(
    "fix_time_axis",
    "The last step of a padded row is its last valid one.",
    hint="A short row ends in padding, and the LSTM reads on through it. The valid part ends at the row's own length.",
)
def last_step(x, lengths, lstm):
    return lstm(x)[0][:, -1]


@misconception(
    "fix_time_axis",
    "Step number n has the index n.",
    hint="Counting from 0, the last of n steps is n - 1. At n you read padding, or nothing at all.",
)
def length_not_minus_one(x, lengths, lstm):
    return lstm(x)[0][torch.arange(len(x)), lengths]


@misconception(
    "fix_time_axis",
    "A colon and a list of steps go together row by row.",
    hint="The colon takes every row for each of the steps: B times B answers. To go row by row, give a row number for each step.",
)
def all_pairs(x, lengths, lstm):
    return lstm(x)[0][:, lengths - 1]
