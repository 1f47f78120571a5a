"""Attention: who looks at whom, several heads, a transformer block, a model of characters, a cache of keys and values.

Every function gets its arguments by position. B stands for the number of sequences in a batch, T for the number of
positions in a sequence, D for the numbers per position, V for the number of different characters. All tensors with
fractions are float32. In every boolean mask of this assignment, True means "may look".
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional


def causal_mask(queries: int, keys: int) -> Tensor:
    """Tell which positions may look at which, if nobody may look ahead.

    The keys stand at the positions 0, 1, ..., keys - 1 of a text. The queries stand at the *last* positions of the same
    text, so query i is at position keys - queries + i. A query may look at its own position and at all before it.

    Args:
        queries: How many positions look: at least 1, at most ``keys``.
        keys: How many positions there are to look at.

    Returns:
        A bool tensor of shape (queries, keys). Entry [i, j] is True if query i may look at key j.
    """
    raise NotImplementedError("TODO: causal_mask")


def attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Let queries look at keys and take home a mixture of values.

    Every query has a score for every key: their dot product, divided by the square root of D, the length of both.
    Softmax over the keys a query may look at makes weights of its scores. The query gets the sum of the values,
    each times its weight (Vaswani et al., "Attention Is All You Need", 2017, equation 1).

    Args:
        q: Queries, shape (..., Q, D).
        k: Keys, shape (..., K, D), with the same axes in front.
        v: Values, shape (..., K, E): one for each key. E may differ from D.
        mask: True where a query may look at a key, False where it may not. A bool tensor that can be broadcast to
            the shape (..., Q, K). None, or left out, lets every query look at every key.

    Returns:
        A tuple (output, weights) of the shapes (..., Q, E) and (..., Q, K). The weight of a key that must not be looked
        at is exactly 0. A query that may look at no key at all has only weights of 0, and an output of zeros.
        Gradients flow back through both to q, k and v. They are finite, also where a query may look at no key.
        The arguments are left as they are.
    """
    raise NotImplementedError("TODO: attention")


def multi_head_attention(
    x: Tensor, w_q: Tensor, w_k: Tensor, w_v: Tensor, w_o: Tensor, heads: int, mask: Tensor | None = None
) -> Tensor:
    """Let the positions of each sequence look at one another, in several ways at once.

    For one position, with its numbers as a column x, the query is w_q x, the key w_k x, the value w_v x. Each of
    them is cut into ``heads`` blocks of D / heads neighbouring numbers: head 0 has the first block. Each head attends
    as in ``attention``, with its own blocks alone, so that scores are divided by the square root of D / heads. The
    results of the heads are put one after the other again, head 0 first, and multiplied by w_o: w_o z for a column z.

    Args:
        x: Shape (B, T, D).
        w_q: Shape (D, D); so are the next three.
        w_k: Makes the keys.
        w_v: Makes the values.
        w_o: Is applied to the joined results of the heads.
        heads: The number of heads. D is a multiple of it.
        mask: True where a position may look at another: a bool tensor of shape (T, T), the same for all sequences,
            or of shape (B, T, T), with one mask for each sequence; in both cases the same for all heads. None, or
            left out, lets all look at all.

    Returns:
        A tensor of shape (B, T, D). A position that may look nowhere gets zeros. The arguments are left as they are.
    """
    raise NotImplementedError("TODO: multi_head_attention")


def sinusoidal_positions(length: int, width: int) -> Tensor:
    """Make the table of position encodings with sines and cosines.

    With D the width, position p has the number sin(p / 10000^(2i/D)) in column 2i, and cos(p / 10000^(2i/D)) in column
    2i + 1, for i = 0, 1, ..., D/2 - 1 (Vaswani et al., "Attention Is All You Need", 2017, section 3.5).

    Args:
        length: How many positions, counted from p = 0: from 0 to 2000.
        width: D, an even number of at least 2.

    Returns:
        A float32 tensor of shape (length, width), right to three digits behind the point.
    """
    raise NotImplementedError("TODO: sinusoidal_positions")


def layer_norm(x: Tensor, weight: Tensor, bias: Tensor, eps: float) -> Tensor:
    """Normalise each position by hand, without torch's own layer_norm or nn.LayerNorm.

    For each position by itself, take the mean and the variance of its D numbers; the variance is the mean of the
    squared distances from the mean. From each number subtract the mean, and divide by the square root of (variance +
    eps). Then multiply by the weight and add the bias of the number's column.

    Args:
        x: Shape (..., D), with any number of axes in front, also none. It is left as it is.
        weight: Shape (D,).
        bias: Shape (D,).
        eps: A small positive number, or not so small.

    Returns:
        A tensor of the shape of x.
    """
    raise NotImplementedError("TODO: layer_norm")


def build_block(width: int, heads: int, hidden: int) -> nn.Module:
    """Build a transformer block of the pre-norm kind that never looks ahead.

    The module has four children with these names, and no other parameters:

    - ``norm1``: ``nn.LayerNorm(width)``
    - ``attention``: ``nn.MultiheadAttention(width, heads, batch_first=True)``
    - ``norm2``: ``nn.LayerNorm(width)``
    - ``mlp``: ``nn.Sequential`` of ``nn.Linear(width, hidden)``, ``nn.GELU()`` and ``nn.Linear(hidden, width)``

    Called with x of shape (B, T, width), it first makes y = x + attention(norm1(x)), where each position attends to
    itself and to those before it in the same sequence. Then it returns y + mlp(norm2(y)), of the shape of x. T may
    be any number from 1. There is no dropout.

    Args:
        width: Numbers per position.
        heads: Heads of the attention. ``width`` is a multiple of it.
        hidden: Numbers in the middle of the mlp.

    Returns:
        The block.
    """

    raise NotImplementedError("TODO: build_block")


def train_char_model(lines: list[str], width: int, batch: int, steps: int, lr: float, seed: int) -> nn.Module:
    """Train a small model to guess the next character of a line from the characters before it.

    Layers, loss and optimizer are up to you; an embedding, positions, one block, a linear layer and Adam do. The id of
    a character is its place among the different characters of all lines, sorted: ``sorted(set("".join(lines)))``.

    The checks give 1000 lines of 12 characters, a width of 32, batches of 30 lines, 200 steps and a learning rate of
    0.01. In each line four letters, drawn from six, come again and again, as in "dbeadbeadbea". From the fifth
    character on all is settled, for whoever looks back. On lines of the same kind that it never saw, the model's mean
    loss (cross-entropy with the natural logarithm) over the characters from the fifth on must be at most 0.3. Who knows
    the last character alone gets 1.79, and who knows which letters came, but not where, about 1.2.

    Args:
        lines: At least one, all of the same length L, which is at least 2.
        width: Numbers per position inside the model: an even number.
        batch: How many lines, drawn at random, each step learns from.
        steps: Steps of the optimizer.
        lr: The learning rate.
        seed: Decides on the starting weights and on what is drawn. The same arguments give a model with the same
            scores, another seed one with other scores.

    Returns:
        A module. Called with an int64 tensor of ids of shape (B, T), for any T from 1 to L - 1, it gives the scores
        (before softmax) of every character as the next one after each position: shape (B, T, V). The scores after a
        position do not depend on what follows it.
    """

    raise NotImplementedError("TODO: train_char_model")


def generate(model: nn.Module, start: Tensor, n: int, context: int, temperature: float, seed: int) -> Tensor:
    """Continue texts character by character.

    Args:
        model: Called with an int64 tensor of ids of shape (B, T), with T from 1 to ``context`` and no more, it gives
            the scores of the next character after each position: shape (B, T, V).
        start: The ids of the beginnings, int64 of shape (B, T) with T at least 1. It may be longer than ``context``:
            the model gets the last ``context`` ids of a text that has become too long for it. It is left as it is.
        n: How many characters to add to each text; may be 0.
        context: How many ids the model takes.
        temperature: With 0, the character with the highest score follows. Otherwise the next character is drawn
            at random: its probabilities are the softmax of all scores divided by the temperature.
        seed: Decides on what is drawn: equal arguments give equal texts, and another seed gives other draws.

    Returns:
        An int64 tensor of shape (B, T + n): each beginning, followed by what was added to it.
    """
    raise NotImplementedError("TODO: generate")


def generate_cached(model: nn.Module, start: Tensor, n: int) -> Tensor:
    """Continue texts greedily, and compute the keys and values of each character only once.

    The model is a ``CharModel`` of ``fixtures/shared/attention.py``: read it. What its ``forward`` does for a whole
    text can also be done piece by piece:

    - ``model.embed(ids, first)`` makes rows (B, T, D) of ids (B, T) that stand at the positions first, first + 1, ...
    - ``model.blocks`` holds the blocks, to be used one after the other.
    - ``block.project(x)`` makes queries, keys and values of rows: three tensors of shape (B, T, D).
    - Attention, as in the exercise ``attention``, lets each query look at the keys up to its own position.
    - ``block.finish(x, attended)`` makes the rows for the next block, of the block's rows and attention's output.
    - ``model.score(x)`` makes the scores (..., V) of rows (..., D) that went through all blocks.

    Every character goes through ``project`` of each block at most once. Its keys and values are kept for the
    characters that follow.

    Args:
        model: The model, without dropout.
        start: The ids of the beginnings, int64 of shape (B, T) with T at least 1. It is left as it is.
        n: How many characters to add to each text: each the one with the highest score. May be 0; T + n is not more
            than the model has positions.

    Returns:
        An int64 tensor of shape (B, T + n): each beginning, followed by the same characters as the model would give
        without a cache.
    """
    raise NotImplementedError("TODO: generate_cached")


def fix_padded_attention(q: Tensor, k: Tensor, v: Tensor, lengths: Tensor) -> Tensor:
    """Attend to sequences of different lengths in one batch. The code below gets its weights wrong: repair it.

    Every query, also one in the padding, attends to the valid keys of its own sequence: the weights of these are the
    softmax of their scores and add up to 1, and padding has no influence at all. A score is the dot product of query
    and key, divided by the square root of D.

    Args:
        q: Queries, shape (B, T, D).
        k: Keys, shape (B, T, D).
        v: Values, shape (B, T, D). Keys and values after a sequence's own length are padding and may be any finite
            numbers.
        lengths: How many positions of each sequence are valid: int64 of shape (B,), each from 1 to T.

    Returns:
        A tensor of shape (B, T, D).
    """
    scores = q @ k.mT / q.shape[2] ** 0.5
    weights = scores.softmax(dim=1)
    valid = torch.arange(k.shape[1]) < lengths[:, None]
    return (weights * valid[:, None, :]) @ v
