"""The checks you can see. More are run when you hand in."""

import math

import torch

from torchgrade import check, expect

SCORES = torch.tensor(
    [
        *(36.0, 55.0, 68.0, 82.0, 91.0, 29.0, 48.0, 46.0, 37.0, 60.0, 72.0, 78.0, 61.0, 32.0, 7.0),
        *(48.0, 55.0, 0.0, 8.0, 80.0, 60.0, 52.0, 81.0, 41.0, 30.0, 43.0, 35.0, 47.0, 57.0, 26.0),
    ]
)
WORDS = {
    "min": "min is the smallest of all elements.",
    "max": "max is the largest of all elements.",
    "sum": "sum adds up all elements.",
    "mean": "mean is that of all elements.",
    "norm": "norm is the Euclidean norm of all elements, as if they were one long vector.",
}
SLACK = {torch.float32: 1e-5, torch.float64: 1e-9}  # integers are exact
NARROW = (torch.int8, torch.int16, torch.int32, torch.uint8)
INTEGERS = (*NARROW, torch.int64)


def figures(x):
    """Work the five numbers out from a flat float64 or int64 copy."""
    whole = not x.is_floating_point()
    flat = x.flatten().to(torch.int64 if whole else torch.float64)
    kind = torch.float32 if whole else x.dtype
    exact = torch.int64 if whole else x.dtype
    norm = math.sqrt(sum(number * number for number in flat.tolist()))
    known = {"min": min(flat), "max": max(flat), "sum": flat.sum()}
    known = {key: value.to(exact) for key, value in known.items()}
    return known | {"mean": flat.double().mean().to(kind), "norm": torch.tensor(norm, dtype=kind)}


def expect_summary(submission, x, because=None):
    """Compare the five numbers with the known ones; the tensor must stay as it was."""
    seen = submission.observe.summary(x)
    expect(seen, because="The result is a dict of five tensors.").is_a(dict).length(5)
    for key, known in figures(x).items():
        entry = expect(seen, because="Each of the five is a tensor without axes.").at(key)
        value = entry.is_a(torch.Tensor).shape().value
        if x.dtype in NARROW and key in ("min", "max", "sum") and value.dtype in INTEGERS:
            value = value.to(torch.int64)
        sentence = (
            "Integers keep an integer min, max and sum, and get a float32 mean and norm; floats keep their dtype."
        )
        expect(value, because=sentence).dtype(known.dtype)
        slack = SLACK.get(known.dtype, 0)
        expect(value, because=because or WORDS[key]).close(known, rtol=slack, atol=slack)
    expect(seen, because="The tensor is left as it was.").untouched()


@check("summary", points=2, visible=True)
def test_summary_of_known_tensors(submission):
    """0, 10, ... 90: minimum 0, maximum 90, mean 45, sum 450; the 30 scores with norm 294.43; a table."""
    tens = torch.arange(0, 100, 10)
    found = expect(submission.summary(tens))
    for key, value in (("min", 0), ("max", 90), ("sum", 450), ("mean", 45.0)):
        found.at(key).close(torch.tensor(value))
    expect(submission.summary(SCORES)).at("norm").close(torch.tensor(294.4300), rtol=1e-5)
    for x in (tens, SCORES, torch.tensor([[2.0, 2.0, 1.0], [4.0, 1.0, 0.0]], dtype=torch.float64)):
        expect_summary(submission, x)


def expect_place(submission, known, because, *args):
    """Compare with the known coordinates: a tuple of Python ints."""
    found = expect(submission.extreme_index(*args), because="There is one Python int per axis, in a tuple.")
    found.is_a(tuple).length(len(known))
    for axis in range(len(known)):
        found.at(axis).is_a(int)
    expect(tuple(found.value), because=because).equal(known)


@check("extreme_index", points=1, visible=True)
def test_place_in_known_tensors(submission):
    """8 and 0 for 10, 20, ... 90; the place of 9 and of 1 in a 2x3 table; the first of equal elements."""
    tens = torch.arange(10, 100, 10)
    expect_place(submission, (8,), None, tens)
    expect_place(submission, (0,), None, tens, False)
    table = torch.tensor([[5, 9, 2], [7, 1, 9]])
    expect_place(submission, (0, 1), None, table, True)
    expect_place(submission, (1, 1), None, table, False)


BANNED = tuple(
    f"{home}.{name}"
    for home, names in (
        ("torch", ("var", "std", "var_mean", "std_mean", "cov")),
        ("torch.Tensor", ("var", "std", "cov")),
        ("numpy", ("var", "std", "cov", "nanvar", "nanstd")),
    )
    for name in names
)


def expect_variance(submission, x, dim, unbiased, because=None, rtol=1e-4):
    """Compare with torch's variance, which the student may not call."""
    known = x.var(dim, correction=1) if unbiased and x.shape[dim] > 1 else x.var(dim, correction=0)
    if unbiased and x.shape[dim] == 1:
        known = torch.full_like(known, math.nan)
    with submission.banning(*BANNED):
        out = submission.variance(x, dim, unbiased)
    shape = expect(out, because="The result has the shape of the tensor less the axis.").is_a(torch.Tensor)
    shape.shape(*known.shape)
    expect(out, because=because).close(known, rtol=rtol, atol=1e-6)


@check("variance", points=2, visible=True)
def test_known_variances(submission):
    """522.3506 and 504.9389 for the 30 scores; both axes of a table of scores; a single number."""
    with submission.banning(*BANNED):
        sample, population = submission.variance(SCORES, 0, True), submission.variance(SCORES, 0, False)
    expect(sample).close(torch.tensor(522.3506), rtol=1e-5)
    expect(population).close(torch.tensor(504.9389), rtol=1e-5)
    table = SCORES.reshape(5, 6)
    for dim in (0, 1):
        expect_variance(submission, table, dim, True)
        expect_variance(submission, table, dim, False)
    expect_variance(submission, torch.tensor([3.0]), 0, True)
    expect_variance(submission, torch.tensor([3.0]), 0, False)
