"""The checks you can see. More are run when you hand in."""

import torch
from torch.nn import functional

from fixtures.shared import attention
from torchgrade import check, expect

# With these a right model comes below 0.1, so that the bound of 0.3 leaves room.
WIDTH, BATCH, STEPS, RATE = 32, 30, 200, 0.01
LETTERS, PERIOD, LENGTH, BOUND = "abcdef", 4, 12, 0.3


def ids_of(lines, letters):
    """Turn lines into ids, by the place of each letter."""
    return torch.tensor([[letters.index(character) for character in line] for line in lines])


def expect_learnt(submission, letters, seed, lines_seed):
    """Train the model, and look at it on lines that it never saw."""
    lines = attention.repeated_lines(1000, letters, PERIOD, LENGTH, lines_seed)
    others = attention.repeated_lines(300, letters, PERIOD, LENGTH, lines_seed + 500)
    unseen = ids_of([line for line in others if line not in lines], sorted(letters))
    model = submission.train_char_model(lines, WIDTH, BATCH, STEPS, RATE, seed)
    expect(model, because="The result is a module.").is_a(torch.nn.Module)
    words = "Called with ids (B, T), the model gives scores (B, T, V)."
    rows, size = len(unseen), len(letters)
    scores = expect(model(unseen[:, :-1]), because=words).is_a(torch.Tensor).shape(rows, LENGTH - 1, size).finite()
    scores = scores.value.detach()
    ahead = "The scores after a position do not depend on what follows it."
    for steps in (1, 5, LENGTH - 2):
        part = expect(model(unseen[:7, :steps]), because=words).is_a(torch.Tensor).shape(7, steps, size).value
        expect(part.detach(), because=ahead).close(scores[:7, :steps], rtol=1e-3, atol=1e-3)

    def loss(found):
        return functional.cross_entropy(found[:, PERIOD - 1 :].flatten(0, 1), unseen[:, PERIOD:].flatten())

    words = "On lines it never saw, the model's mean loss from the fifth character on is at most 0.3."
    expect(scores, because=words).reaches(loss, at_most=BOUND)


@check("train_char_model", points=2, visible=True)
def test_learns_to_look_back(submission):
    """Trained on 1000 lines with 200 steps, it guesses the fifth and later characters of other lines."""
    expect_learnt(submission, LETTERS, 0, 31)


def greedy(model, start, n, context):
    """Continue greedily, row by row, and return the ids with the smallest lead of a winner."""
    rows, lead = [], float("inf")
    for row in start:
        ids = row.tolist()
        for _ in range(n):
            scores = model(torch.tensor([ids[-context:]]))[0, -1].sort()
            lead = min(lead, (scores.values[-1] - scores.values[-2]).item())
            ids.append(int(scores.indices[-1]))
        rows.append(ids)
    return torch.tensor(rows), lead


def expect_greedy(submission, sizes, start, n, because=None):
    """Compare with the model's own favourites; sizes are those of char_model."""
    model = attention.char_model(*sizes)
    known, lead = greedy(model, start, n, model.context)
    assert lead > 1e-4, "too close a race to be the same on all machines"
    theirs = submission.make(attention.char_model, *sizes)
    seen = submission.observe.generate(theirs, start, n, model.context, 0.0, 3)
    words = because or "With a temperature of 0 the character with the highest score follows."
    shape = (len(start), start.shape[1] + n)
    expect(seen, because=words).is_a(torch.Tensor).dtype(torch.int64).shape(*shape).equal(known)
    expect(seen, because="The start is left as it is.").untouched("args[1]")


def expect_frequencies(submission, table, temperature, seed, because):
    """Draw one character for each of many texts, then another; compare how often each follows which."""
    model = submission.make(attention.chain, table, 2)
    size = len(table)
    start = torch.arange(size).repeat(1500)[:, None]
    out = submission.generate(model, start, 2, 2, temperature, seed)
    drawn = expect(out, because=because).is_a(torch.Tensor).dtype(torch.int64).shape(len(start), 3).value
    shares = (table.double() / temperature).softmax(1).float()
    for before, after in ((drawn[:, 0], drawn[:, 1]), (drawn[:, 1], drawn[:, 2])):
        pairs = torch.zeros(size, size).index_put((before, after), torch.tensor(1.0), accumulate=True)
        often = pairs.sum(1) >= 1000  # of fewer draws a share says little
        found = (pairs / pairs.sum(1, keepdim=True))[often]
        expect(found, because=because).close(shares[often], rtol=0, atol=0.08)


def expect_seeded(submission, context, seeds):
    """Equal seeds draw equal texts, others do not."""
    model = submission.make(attention.chain, torch.zeros(4, 4), context)
    start = torch.zeros(3, 2, dtype=torch.int64)
    first = submission.generate(model, start, 20, context, 1.0, seeds[0])
    again = submission.generate(model, start, 20, context, 1.0, seeds[0])
    expect(again, because="Equal arguments give equal texts.").equal(first)
    expect(first[:, :2], because="Each text begins with its start.").equal(start)
    other = submission.generate(model, start, 20, context, 1.0, seeds[1])
    if torch.equal(other, first):
        expect.fail("Another seed gave the same draws.", "", "Another seed gives other draws.")


TABLE = torch.tensor([[0.0, 1.0, 2.0], [1.0, 0.0, 0.0], [-1.0, 0.5, -1.0]])


@check("generate", points=1, visible=True)
def test_short_texts(submission):
    """Greedily within the context and beyond it; no characters; at random with temperatures of 1 and 2."""
    start = torch.tensor([[1, 2, 0], [4, 4, 3]])
    expect_greedy(submission, (5, 8, 12, 1, 1), start, 6)
    expect_greedy(submission, (5, 8, 12, 1, 1), start, 0)
    expect_greedy(submission, (5, 8, 4, 1, 2), start, 8)
    for temperature in (1.0, 2.0):
        words = "The next character is drawn with the softmax of the scores divided by the temperature."
        expect_frequencies(submission, TABLE, temperature, 4, words)
    expect_seeded(submission, 5, (1, 2))


def expect_cached(submission, sizes, start, n, because=None):
    """Compare with the model without a cache, and count what went through `project`."""
    model = attention.char_model(*sizes)
    known, lead = greedy(model, start, n, model.context)
    assert lead > 1e-4, "too close a race to be the same on all machines"
    theirs = submission.make(attention.char_model, *sizes)
    seen = submission.observe.generate_cached(theirs, start, n)
    words = because or "The characters are those that the model gives without a cache."
    shape = (len(start), start.shape[1] + n)
    expect(seen, because=words).is_a(torch.Tensor).dtype(torch.int64).shape(*shape).equal(known)
    expect(seen, because="The start is left as it is.").untouched("args[1]")
    at_most = known.numel()
    for place in range(sizes[3]):
        rows = theirs.blocks[place].rows
        if rows > at_most:
            came = f"Block {place} projected {rows} rows; there are {at_most} characters in all."
            words = "Each character goes through project of each block at most once."
            expect.fail(came, "Keep the keys and values, and send only new characters through the model.", words)


@check("generate_cached", points=2, visible=True)
def test_few_characters(submission):
    """One block and two: the same characters as without a cache, each projected once; also none."""
    start = torch.tensor([[3, 0, 1], [2, 2, 4]])
    expect_cached(submission, (5, 8, 12, 1, 1), start, 8)
    expect_cached(submission, (5, 8, 12, 2, 2), start, 8)
    expect_cached(submission, (5, 8, 12, 1, 1), start, 0)
