"""The checks you can see. More are run when you hand in."""

import torch

from fixtures.shared import devices
from torchgrade import check, expect

AT_42 = torch.tensor(
    [[0.8823, 0.9150, 0.3829, 0.9593], [0.3904, 0.6009, 0.2566, 0.7936], [0.9408, 0.1332, 0.9346, 0.5936]]
)
GLOBAL = "The global generators of torch, NumPy and Python keep their state."
REPEATS = "Equal seeds give equal results."
DIFFERS = "Different seeds give different results."


def expect_like(submission, t, seed, dtype):
    """See that shape, dtype and range are right and the global generators unmoved; return the numbers."""
    seen = submission.observe.random_like(t, seed)
    out = expect(seen, because="The shape is the template's.").is_a(torch.Tensor).shape(*t.shape)
    expect(seen, because="The dtype is the template's if that is floating, else float32.").dtype(dtype)
    expect(seen, because=GLOBAL).leaves_generators()
    if ((out.value < 0) | (out.value >= 1)).any():
        low, high = out.value.min().item(), out.value.max().item()
        because = "All numbers lie in [0, 1): 0 may occur, 1 may not."
        expect.fail(f"The numbers go from {low:.4g} to {high:.4g}.", "Which distribution are they from?", because)
    return out.value


@check("random_like", points=2, visible=True)
def test_known_random_numbers(submission):
    """0.8823, 0.9150, 0.3829, 0.9593, ... for a 3x4 template and seed 42, floating or not."""
    for t in (torch.zeros(3, 4), torch.ones(3, 4, dtype=torch.int64)):
        out = expect_like(submission, t, 42, torch.float32)
        expect(out).close(AT_42, rtol=0, atol=1e-4)
        expect(submission.random_like(t, 42), because=REPEATS).repeats(out)
        expect(submission.random_like(t, 43), because=DIFFERS).differs_from(out)


def drawn_after(submission, seed):
    """Seed all generators and return what the libraries draw then."""
    submission.seed_everything(seed)
    return submission.make(devices.draws)


def expect_seeded(submission, seeds):
    """See that each library's draws repeat with the seed and change from each seed to the next."""
    before = None
    for seed in seeds:
        first = drawn_after(submission, seed)
        again = drawn_after(submission, seed)
        for library, numbers in first.items():
            expect(numbers, because=f"After the same seed, {library} draws the same again.").repeats(again[library])
            if before is not None:
                different = f"After another seed, {library} draws other numbers."
                expect(numbers[0], because=different).differs_from(before[library][0])
        before = first


@check("seed_everything", points=1, visible=True)
def test_known_seed(submission):
    """Seed 42: torch draws 0.8823, 0.9150, 0.3829, ...; all three libraries repeat, and differ after seed 43."""
    out = drawn_after(submission, 42)
    expect(out["torch"][0]).close(AT_42, rtol=0, atol=1e-4)
    expect_seeded(submission, (42, 43))


def expect_split(submission, n, fractions, seed):
    """See that the parts cover all indices once and have the sizes asked for; return them."""
    seen = submission.observe.split_indices(n, fractions, seed)
    parts = expect(seen, because="There is one part for each fraction.").is_a(list, tuple).length(len(fractions)).value
    for part, fraction in zip(parts, fractions, strict=True):
        expect(part, because="A part is a 1-D int64 tensor.").is_a(torch.Tensor).dtype(torch.int64).shape(part.numel())
        if abs(part.numel() - fraction * n) > 1 + 1e-6:
            came = f"A part has {part.numel()} of {n} items; its fraction is {fraction:.4g}."
            because = "The size of each part is within one of its fraction of the items."
            expect.fail(came, "Round the places of the cuts, not the sizes.", because)
    together = torch.cat(list(parts)).sort().values
    expect(together, because="Each index from 0 to n - 1 is in exactly one part.").equal(torch.arange(n))
    expect(seen, because=GLOBAL).leaves_generators()
    return list(parts)


def expect_shuffled(submission, n, fractions, seed):
    """See that the split follows the seed and nothing else, and that the first part is not the first items."""
    parts = expect_split(submission, n, fractions, seed)
    expect(submission.split_indices(n, fractions, seed)[0], because=REPEATS).repeats(parts[0])
    other = submission.split_indices(n, fractions, seed + 1)[0]
    expect(other.sort().values, because=DIFFERS).differs_from(parts[0].sort().values)
    shuffled = "The items are shuffled before they are cut: the first part is not simply the first items."
    expect(parts[0].sort().values, because=shuffled).differs_from(torch.arange(parts[0].numel()))


@check("split_indices", points=2, visible=True)
def test_known_splits(submission):
    """100 items, 80 % and 20 %; 7 items in halves, of which one part gets 4; 11 items in three parts."""
    expect_shuffled(submission, 100, [0.8, 0.2], 42)
    expect_split(submission, 7, [0.5, 0.5], 42)
    expect_shuffled(submission, 11, [0.5, 0.3, 0.2], 42)


def expect_rolls(submission, n, sides, seed):
    """See that the rolls are faces of the die and the global generators unmoved; return them."""
    seen = submission.observe.roll_dice(n, sides, seed)
    out = expect(seen, because="The result is a 1-D tensor with one roll each.").is_a(torch.Tensor).shape(n)
    expect(seen, because="Faces are int64.").dtype(torch.int64)
    expect(seen, because=GLOBAL).leaves_generators()
    if ((out.value < 1) | (out.value > sides)).any():
        low, high = out.value.min().item(), out.value.max().item()
        because = "Every roll is a whole number from 1 to the number of sides."
        expect.fail(
            f"The rolls go from {low} to {high}, of {sides} sides.", "What are the bounds of the draw?", because
        )
    return out.value


def expect_fair(submission, sides, seed):
    """See that each face comes up about as often as the others: 1000 times, give or take 200."""
    rolls = expect_rolls(submission, 1000 * sides, sides, seed)
    counts = torch.bincount(rolls, minlength=sides + 1)[1:].double()
    because = "All faces from 1 to the number of sides are equally likely."
    expect(counts, because=because).close(torch.full((sides,), 1000.0, dtype=torch.float64), rtol=0, atol=200)


@check("roll_dice", points=1, visible=True)
def test_known_dice(submission):
    """6000 rolls with 6 sides: each face about 1000 times; the same for equal seeds; a die with one side."""
    expect_fair(submission, 6, 42)
    rolls = expect_rolls(submission, 30, 6, 42)
    expect(submission.roll_dice(30, 6, 42), because=REPEATS).repeats(rolls)
    expect(submission.roll_dice(30, 6, 43), because=DIFFERS).differs_from(rolls)
    expect(submission.roll_dice(3, 1, 42)).equal(torch.tensor([1, 1, 1]))
