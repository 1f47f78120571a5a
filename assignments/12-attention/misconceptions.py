"""Known wrong answers to the exercises of this assignment."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional

from torchgrade import misconception


@misconception(
    "causal_mask",
    "A position may look at those before it, but not at itself.",
    hint="Then the first position has nothing to look at. A position's own character is known: it is the next one that is to be guessed.",
)
def not_at_itself(queries, keys):
    return torch.arange(keys) < torch.arange(keys - queries, keys)[:, None]


@misconception(
    "causal_mask",
    "The upper triangle is what comes before.",
    hint="Rows are queries, columns are keys. A column to the right of the diagonal is a later position.",
)
def upper_triangle(queries, keys):
    return torch.ones(queries, keys, dtype=torch.bool).triu(keys - queries)


@misconception(
    "causal_mask",
    "Query i is at position i.",
    hint="So it is if all positions look. Fewer queries than keys are the last ones: the diagonal moves to the right.",
)
def aligned_at_the_start(queries, keys):
    return torch.ones(queries, keys, dtype=torch.bool).tril()


@misconception(
    "causal_mask",
    "True in a mask means hidden.",
    hint="There are libraries in which it does. Here, True means that a query may look at the key.",
)
def true_means_hidden(queries, keys):
    return torch.arange(keys) > torch.arange(keys - queries, keys)[:, None]


def _attended(q, k, v, mask, scale=None):
    scores = q @ k.mT * (q.shape[-1] ** -0.5 if scale is None else scale)
    if mask is None:
        weights = scores.softmax(-1)
    else:
        weights = scores.masked_fill(~mask, -1e30).softmax(-1) * mask
    return weights @ v, weights


@misconception(
    "attention",
    "Dot products are scores as they are.",
    hint="The longer the vectors, the larger their dot products, and the sharper softmax gets. Divide by the square root of the length.",
)
def not_scaled(q, k, v, mask=None):
    return _attended(q, k, v, mask, 1.0)


@misconception(
    "attention",
    "Scores are divided by the length of the vectors.",
    hint="A sum of D random products grows like the square root of D, not like D.",
)
def divided_by_length(q, k, v, mask=None):
    return _attended(q, k, v, mask, 1 / q.shape[-1])


@misconception(
    "attention",
    "A hidden key has the score 0.",
    hint="exp(0) is 1, which is a good share of the weight. What must not be looked at needs a score that exp turns into 0.",
)
def hidden_score_zero(q, k, v, mask=None):
    scores = q @ k.mT / q.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, 0.0)
    weights = scores.softmax(-1)
    return weights @ v, weights


@misconception(
    "attention",
    "A query that may look nowhere takes care of itself.",
    hint="Softmax of minus infinities is 0 divided by 0. Such a row needs scores that softmax can live with, and weights of 0 afterwards.",
)
def blind_query_nan(q, k, v, mask=None):
    scores = q @ k.mT / q.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    weights = scores.softmax(-1)
    return weights @ v, weights


def _split(x, w, heads):
    return (x @ w.T).reshape(*x.shape[:2], heads, -1).transpose(1, 2)


def _joined(x):
    return x.transpose(1, 2).reshape(x.shape[0], x.shape[2], -1)


def _for_heads(mask):
    return mask[:, None] if mask is not None and mask.ndim == 3 else mask


@misconception(
    "multi_head_attention",
    "view(B, heads, T, D / heads) cuts into heads.",
    hint="The shape is right, and the numbers stand elsewhere: a head would get the first positions in place of the first numbers. Cut the last axis in two, then transpose.",
)
def heads_by_view(x, w_q, w_k, w_v, w_o, heads, mask=None):
    q, k, v = ((x @ w.T).reshape(x.shape[0], heads, x.shape[1], -1) for w in (w_q, w_k, w_v))
    return _attended(q, k, v, _for_heads(mask))[0].reshape(x.shape) @ w_o.T


@misconception(
    "multi_head_attention",
    "Scores are divided by the square root of the whole width.",
    hint="Each head multiplies vectors of D / heads numbers: that is the length to take the root of.",
)
def scaled_by_whole_width(x, w_q, w_k, w_v, w_o, heads, mask=None):
    q, k, v = (_split(x, w, heads) for w in (w_q, w_k, w_v))
    return _joined(_attended(q, k, v, _for_heads(mask), x.shape[-1] ** -0.5)[0]) @ w_o.T


@misconception(
    "multi_head_attention",
    "A reshape joins the heads again.",
    hint="After attention the axis of the heads stands in front of the axis of time. Transpose first, or positions get mixed up.",
)
def joined_without_transpose(x, w_q, w_k, w_v, w_o, heads, mask=None):
    q, k, v = (_split(x, w, heads) for w in (w_q, w_k, w_v))
    return _attended(q, k, v, _for_heads(mask))[0].reshape(x.shape) @ w_o.T


@misconception(
    "multi_head_attention",
    "A mask (B, T, T) finds its sequences by itself.",
    hint="Broadcasting starts at the right: against scores of (B, heads, T, T) the B of the mask meets the heads. It needs an axis of one between.",
)
def mask_meets_the_heads(x, w_q, w_k, w_v, w_o, heads, mask=None):
    q, k, v = (_split(x, w, heads) for w in (w_q, w_k, w_v))
    return _joined(_attended(q, k, v, mask)[0]) @ w_o.T


def _angles(length, width, exponents, first=0):
    return torch.arange(first, first + length)[:, None] / 10000.0**exponents


@misconception(
    "sinusoidal_positions",
    "All sines come first, then all cosines.",
    hint="Sine and cosine of one angle are neighbours: columns 0 and 1, 2 and 3, and so on.",
)
def halves_side_by_side(length, width):
    angles = _angles(length, width, torch.arange(0, width, 2) / width)
    return torch.cat([angles.sin(), angles.cos()], dim=1)


@misconception(
    "sinusoidal_positions",
    "Every column has an angle of its own.",
    hint="The exponent 2i/D is the same for the columns 2i and 2i + 1: a sine and a cosine of the same angle.",
)
def angle_per_column(length, width):
    angles = _angles(length, width, torch.arange(width) / width)
    return torch.where(torch.arange(width) % 2 == 0, angles.sin(), angles.cos())


@misconception(
    "sinusoidal_positions",
    "The exponent is i / D.",
    hint="i counts pairs of columns, so it only reaches D/2. The exponent is 2i/D and goes almost up to 1.",
)
def exponent_without_two(length, width):
    angles = _angles(length, width, torch.arange(width // 2) / width)
    return torch.stack([angles.sin(), angles.cos()], dim=2).reshape(length, width)


@misconception(
    "sinusoidal_positions",
    "The first position has the number 1.",
    hint="Positions count from 0: the first row is 0, 1, 0, 1, and so on.",
)
def counts_from_one(length, width):
    angles = _angles(length, width, torch.arange(0, width, 2) / width, first=1)
    return torch.stack([angles.sin(), angles.cos()], dim=2).reshape(length, width)


@misconception(
    "layer_norm",
    "The variance divides by one less than the number of values.",
    hint="That is torch.var's habit, made for samples. Here all values are there: take the mean of the squares.",
)
def unbiased_variance(x, weight, bias, eps):
    variance = ((x - x.mean(-1, keepdim=True)) ** 2).sum(-1, keepdim=True) / max(x.shape[-1] - 1, 1)
    return (x - x.mean(-1, keepdim=True)) / torch.sqrt(variance + eps) * weight + bias


@misconception(
    "layer_norm",
    "eps is added to the standard deviation.",
    hint="It goes under the root: the square root of (variance + eps). With a small variance the two differ a lot.",
)
def eps_outside_the_root(x, weight, bias, eps):
    deviation = x.var(-1, unbiased=False, keepdim=True).sqrt()
    return (x - x.mean(-1, keepdim=True)) / (deviation + eps) * weight + bias


@misconception(
    "layer_norm",
    "Mean and variance are taken over the batch.",
    hint="That is batch norm. Layer norm treats each position by itself: its statistics run along the last axis.",
)
def over_the_batch(x, weight, bias, eps):
    mean, variance = x.mean(0, keepdim=True), x.var(0, unbiased=False, keepdim=True)
    return (x - mean) / torch.sqrt(variance + eps) * weight + bias


@misconception(
    "layer_norm",
    "One mean and one variance serve for the whole tensor.",
    hint="Then a position depends on all others. Take them along the last axis, and keep it as an axis of one.",
)
def over_everything(x, weight, bias, eps):
    return (x - x.mean()) / torch.sqrt(x.var(unbiased=False) + eps) * weight + bias


class _Block(nn.Module):
    def __init__(self, width, heads, hidden, run, hide=None):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, width))
        self.run = run
        self.hide = hide or (lambda size: torch.ones(size, size, dtype=torch.bool).triu(1))

    def attend(self, x):
        return self.attention(x, x, x, attn_mask=self.hide(x.shape[1]), need_weights=False)[0]

    def forward(self, x):
        return self.run(self, x)


def _pre_norm(block, x):
    y = x + block.attend(block.norm1(x))
    return y + block.mlp(block.norm2(y))


@misconception(
    "build_block",
    "The norm comes after the sum.",
    hint="That is the post-norm kind. Here each branch begins with a norm, and the sums themselves are not normalised.",
)
def post_norm(width, heads, hidden):
    def run(block, x):
        y = block.norm1(x + block.attend(x))
        return block.norm2(y + block.mlp(y))

    return _Block(width, heads, hidden, run)


@misconception(
    "build_block",
    "What the branch gets is what it is added to.",
    hint="x = norm1(x) overwrites the x that the sum needs. The branch gets the normalised x, the sum gets x itself.",
)
def sum_of_the_normed(width, heads, hidden):
    def run(block, x):
        x = block.norm1(x)
        x = x + block.attend(x)
        x = block.norm2(x)
        return x + block.mlp(x)

    return _Block(width, heads, hidden, run)


@misconception(
    "build_block",
    "Attention looks back by itself.",
    hint="Without a mask every position sees all others, also those it is to guess.",
)
def looks_ahead(width, heads, hidden):
    return _Block(width, heads, hidden, _pre_norm, lambda size: None)


@misconception(
    "build_block",
    "True in attn_mask means: may look.",
    hint="In nn.MultiheadAttention, True hides a position, while in scaled_dot_product_attention True shows it. The last position would be left with nothing to look at but nan.",
)
def mask_turned_round(width, heads, hidden):
    return _Block(width, heads, hidden, _pre_norm, lambda size: torch.ones(size, size, dtype=torch.bool).tril())


class _CharModel(nn.Module):
    def __init__(self, vocabulary, width, length, placed, hide):
        super().__init__()
        self.characters = nn.Embedding(vocabulary, width)
        self.places = nn.Embedding(length, width)
        self.block = _Block(width, 2, 2 * width, _pre_norm, hide)
        self.head = nn.Linear(width, vocabulary)
        self.placed = placed

    def forward(self, ids):
        x = self.characters(ids)
        if self.placed:
            x = x + self.places(torch.arange(ids.shape[1]))
        return self.head(self.block(x))


def _trained(lines, width, batch, steps, lr, seed, *, shift=1, stepping=True, placed=True, hide=None):
    letters = sorted(set("".join(lines)))
    ids = torch.tensor([[letters.index(character) for character in line] for line in lines])
    torch.manual_seed(seed)
    model = _CharModel(len(letters), width, ids.shape[1], placed, hide)
    optimizer = torch.optim.Adam(model.parameters(), lr)
    for _ in range(steps):
        drawn = ids[torch.randint(len(ids), (batch,))]
        targets = drawn[:, shift:][:, : ids.shape[1] - 1]
        optimizer.zero_grad()
        functional.cross_entropy(model(drawn[:, :-1]).flatten(0, 1), targets.flatten()).backward()
        if stepping:
            optimizer.step()
    return model


@misconception(
    "train_char_model",
    "Attention knows the order of what it looks at.",
    hint="To attention a text is a bag of rows. Without positions, the model knows which letters came, but not where.",
)
def no_positions(lines, width, batch, steps, lr, seed):
    return _trained(lines, width, batch, steps, lr, seed, placed=False)


@misconception(
    "train_char_model",
    "A model that is trained on whole lines may look at whole lines.",
    hint="Then it reads the answer off the next position and learns nothing else. The loss in training is wonderful, and useless.",
)
def sees_the_answer(lines, width, batch, steps, lr, seed):
    return _trained(lines, width, batch, steps, lr, seed, hide=lambda size: None)


@misconception(
    "train_char_model",
    "The model is to predict the character that it sees.",
    hint="Then it learns to repeat its input. Each target is the character after the input.",
)
def targets_not_shifted(lines, width, batch, steps, lr, seed):
    return _trained(lines, width, batch, steps, lr, seed, shift=0)


@misconception(
    "train_char_model",
    "backward changes the weights.",
    hint="backward only fills in the gradients. Nothing is learnt until optimizer.step().",
)
def never_steps(lines, width, batch, steps, lr, seed):
    return _trained(lines, width, batch, steps, lr, seed, stepping=False)


def _generated(model, start, n, seed, temperature, shares, window):
    draw = torch.Generator().manual_seed(seed)
    ids = start
    for _ in range(n):
        with torch.no_grad():
            scores = model(window(ids))[:, -1]
        if temperature == 0 or shares is None:
            following = scores.argmax(-1)[:, None]
        else:
            following = torch.multinomial(shares(scores), 1, generator=draw)
        ids = torch.cat([ids, following], dim=1)
    return ids


@misconception(
    "generate",
    "The temperature multiplies the scores.",
    hint="Heat makes differences smaller, and the choice more random: divide by it.",
)
def temperature_multiplies(model, start, n, context, temperature, seed):
    shares = lambda scores: (scores * temperature).softmax(-1)
    return _generated(model, start, n, seed, temperature, shares, lambda ids: ids[:, -context:])


@misconception(
    "generate",
    "Probabilities are divided by the temperature.",
    hint="multinomial only looks at the ratios of what it gets, and they do not change. Divide the scores, before softmax.",
)
def temperature_after_softmax(model, start, n, context, temperature, seed):
    shares = lambda scores: scores.softmax(-1) / temperature
    return _generated(model, start, n, seed, temperature, shares, lambda ids: ids[:, -context:])


@misconception(
    "generate",
    "A model takes a text of any length.",
    hint="It has as many positions as its context. Of a longer text, hand over the last ones.",
)
def context_forgotten(model, start, n, context, temperature, seed):
    shares = lambda scores: (scores / temperature).softmax(-1)
    return _generated(model, start, n, seed, temperature, shares, lambda ids: ids)


@misconception(
    "generate",
    "The character with the highest score always follows.",
    hint="Only with a temperature of 0. Otherwise the scores are turned into probabilities, and one character is drawn.",
)
def always_greedy(model, start, n, context, temperature, seed):
    return _generated(model, start, n, seed, temperature, None, lambda ids: ids[:, -context:])


def _continued(model, start, n, *, restarts=False, first_only=False, shared=False):
    ids = new = start
    keys, values = {}, {}
    for _ in range(n):
        first = 0 if restarts else ids.shape[1] - new.shape[1]
        x = model.embed(new, first)
        if shared:
            keys, values = {}, {}
        for place, block in enumerate(model.blocks):
            q, k, v = block.project(x)
            if place in keys:
                k, v = torch.cat([keys[place], k], dim=1), torch.cat([values[place], v], dim=1)
            keys[place], values[place] = k, v
            mask = torch.ones(q.shape[1], k.shape[1], dtype=torch.bool)
            mask = mask.tril(0 if first_only else k.shape[1] - q.shape[1])
            x = block.finish(x, _attended(q, k, v, mask)[0])
        new = model.score(x[:, -1:]).argmax(-1)
        ids = torch.cat([ids, new], dim=1)
    return ids


@misconception(
    "generate_cached",
    "Each new character takes a run over the whole text.",
    hint="The characters are right, but all old keys and values are computed again for every new one. They never change: keep them.",
)
def no_cache(model, start, n):
    ids = start
    for _ in range(n):
        ids = torch.cat([ids, model(ids)[:, -1:].argmax(-1)], dim=1)
    return ids


@misconception(
    "generate_cached",
    "A new character stands at position 0.",
    hint="It is the only one that is sent in, but it comes after all the others: its position is how many came before it.",
)
def positions_start_again(model, start, n):
    return _continued(model, start, n, restarts=True)


@misconception(
    "generate_cached",
    "A new character looks at the keys that it brings along.",
    hint="Then it knows nothing of the text before. Put its key and value behind those kept, and let it look at all of them.",
)
def cache_never_read(model, start, n):
    return _continued(model, start, n, shared=True)


@misconception(
    "generate_cached",
    "A square mask's first row fits a single query.",
    hint="A lower triangle that begins at the left lets a single query see the first key only. The query is the last of the positions: it may look at all keys.",
)
def mask_from_the_start(model, start, n):
    return _continued(model, start, n, first_only=True)


def _weighed(q, k, v, lengths, weigh):
    scores = q @ k.mT / q.shape[-1] ** 0.5
    valid = torch.arange(k.shape[1]) < lengths[:, None]
    return weigh(scores, valid) @ v


@misconception(
    "fix_padded_attention",
    "The weights of one key add up to 1.",
    hint="The code that was given takes softmax along the queries, and hides the padding when the weights are made. It is the weights of one query that add up to 1, and only if the padding is out before softmax.",
)
def given_code(q, k, v, lengths):
    return _weighed(q, k, v, lengths, lambda scores, valid: scores.softmax(1) * valid[:, None])


@misconception(
    "fix_padded_attention",
    "Weights of padding can be set to 0 after softmax.",
    hint="The padding has taken its share by then, and what is left no longer adds up to 1. Hide the scores, before softmax.",
)
def hidden_after_softmax(q, k, v, lengths):
    return _weighed(q, k, v, lengths, lambda scores, valid: scores.softmax(2) * valid[:, None])


@misconception(
    "fix_padded_attention",
    "Softmax runs along the queries.",
    hint="Each query shares out one whole among the keys: the weights in a row add up to 1, so softmax runs along the last axis.",
)
def softmax_over_queries(q, k, v, lengths):
    return _weighed(q, k, v, lengths, lambda scores, valid: scores.masked_fill(~valid[:, None], -1e30).softmax(1))


@misconception(
    "fix_padded_attention",
    "The queries in the padding are to be hidden.",
    hint="A mask on the rows leaves the padded keys in every mixture. Keys are the last axis of the scores.",
)
def queries_hidden(q, k, v, lengths):
    return _weighed(q, k, v, lengths, lambda scores, valid: scores.masked_fill(~valid[:, :, None], -1e30).softmax(2))
