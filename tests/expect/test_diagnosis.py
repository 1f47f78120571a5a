"""A cause is named where the numbers leave little doubt, and not otherwise."""

import time

import pytest
import torch

from torchgrade import expect
from torchgrade.errors import CheckFailed
from torchgrade.expect.describe import digits_apart, number, show
from torchgrade.expect.shapes import shape_help


def help_for(came, asked) -> str:
    with pytest.raises(CheckFailed) as caught:
        expect(came).equal(asked)
    return caught.value.help


@pytest.mark.parametrize(
    ("came", "asked"),
    [
        (torch.tensor([2.0]), torch.tensor([1.0])),  # twice, one more, the square root of 4, ...
        (4.0, 2.0),
        (torch.tensor([2.0, 2.0, 5.0]), torch.tensor([1.0, 1.0, 5.0])),  # one pair, seen twice
        (torch.tensor([3.0, 1.0, 2.0, 2.0]), torch.tensor([1.0, 2.5, 7.0, 1.5])),
        (torch.tensor([True, False, True, False]), torch.tensor([False, True, True, False])),
        (torch.tensor([0.5, 0.50000003, 5]), torch.tensor([0.25, 0.25000001, 5])),  # distinct only by rounding
    ],
    ids=repr,
)
def test_nothing_is_claimed_from_too_little(came, asked):
    assert help_for(came, asked) == ""


def test_only_rounding_is_called_rounding():
    assert "rounding" in help_for(torch.tensor([1e6, 1.0000001]), torch.tensor([1e6, 1.0]))
    assert help_for(torch.tensor([1e-8, 3e-8]), torch.tensor([4e-8, 9e-8])) == ""
    assert "rounding" not in help_for(torch.tensor([1e6, 1.5]), torch.tensor([1e6, 1.0]))


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int64, torch.uint64, torch.float16, torch.complex64], ids=repr)
def test_rules_bear_every_dtype(dtype):
    asked, came = torch.tensor([1, 2, 3, 5]).to(dtype), torch.tensor([5, 3, 2, 1]).to(dtype)
    assert help_for(came, asked) == "The values are right, but along axis 0 they come in reverse."


@pytest.mark.parametrize("values", [[2**63 - 1, -(2**63), 0], [1, -(2**63), 5]])
def test_extreme_integers_do_no_harm(values):
    asked = torch.tensor(values)
    assert isinstance(help_for(asked.roll(1), asked), str)
    assert isinstance(help_for(-asked + 7, asked), str)


def test_infinities_that_agree_are_no_cause():
    asked = torch.tensor([torch.inf, 1.0, 2.5])
    assert help_for(asked + 1, asked) == "Each value is 1.0 too large."


@pytest.mark.parametrize(
    ("came", "asked", "words"),
    [
        ((3, 2, 4), (4, 2, 3), "opposite"),
        ((1,), (), "An axis of size 1 is too many"),
        ((7, 7), (7,), "together give (7, 7)"),
        ((), (1, 2), "One number"),
        ((0,), (0, 5), "size 5 is missing"),
        ((2, 6), (3, 4), "x.reshape(3, 4)"),
        ((0, 3), (4, 0), ""),
        ((1,) * 60, (2,), ""),
    ],
)
def test_shapes_tell_of_their_cause(came, asked, words):
    assert words in shape_help(came, asked)
    assert bool(words) == bool(shape_help(came, asked))


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1"), (1.0, "1.0"), (1 / 3, "0.333333"), (1e20, "1e+20"), (float("nan"), "nan"), (-0.0, "-0.0"),
     (True, "True"), (1 - 2j, "1.0-2.0j"), (2**2000, "an int of 2001 bits")],
)  # fmt: skip
def test_numbers_are_written_as_python_would(value, text):
    assert number(value) == text


def test_numbers_that_differ_look_different():
    first, second = 0.1 + 0.2, 0.3
    digits = digits_apart(first, second)
    assert number(first, digits) != number(second, digits)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x" * 10_000, "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'... (10000 characters)"),
        ((1,), "(1,)"),
        ([[[[[[1]]]]]], "[[[[...]]]]"),
        ({"a": [1, 2], None: 3.0}, "{'a': [1, 2], None: 3.0}"),
        (range(10**5000), "range(0, an int of 16610 bits, 1)"),
        ("a\nb\x1b", r"'a\nb\x1b'"),
    ],
    ids=["string", "tuple", "deep", "dict", "range", "control"],
)
def test_values_are_shown_in_little_room(value, text):
    assert show(value) == text


@pytest.mark.parametrize("value", [list(range(10**6)), {n: n for n in range(10**6)}, "x" * 10**7, b"x" * 10**7])
def test_huge_values_are_shown_in_no_time(value):
    start = time.perf_counter()
    assert len(show(value)) <= 60
    assert time.perf_counter() - start < 0.2
