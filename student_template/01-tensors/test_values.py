"""The checks you can see. More are run when you hand in."""

import numpy
import torch

from torchgrade import check, expect


def expect_float32(submission, data, known, because=None):
    """Compare the conversion of ``data`` with the known tensor; it must be a copy, free of autograd."""
    with submission.uninitialised_as_nan():
        seen = submission.observe.to_float32(data)
    expect(seen, because="The result is always a float32 tensor.").is_a(torch.Tensor).dtype(torch.float32)
    expect(seen, because=because).equal(known).device("cpu")
    expect(seen, because="The source is left as it was.").untouched()
    expect(seen, because="The result shares no memory with its source.").fresh()
    expect(seen, because="The result is detached: it does not require grad.").requires_grad(False)


@check("to_float32", points=2, visible=True)
def test_known_sources(submission):
    """float32 copies of 10, [2, 3], a float64 array, and tensors of int64 and float32."""
    expect_float32(submission, 10, torch.tensor(10.0))
    expect_float32(submission, [2, 3], torch.tensor([2.0, 3.0]))
    expect_float32(submission, numpy.arange(1.0, 8.0), torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]))
    expect_float32(submission, torch.full([2, 3], 6), torch.tensor([[6.0, 6.0, 6.0], [6.0, 6.0, 6.0]]))
    expect_float32(submission, torch.tensor([3.0, 6.0, 9.0]), torch.tensor([3.0, 6.0, 9.0]))


def expect_report(submission, t, known, unchanged, because=None):
    """Compare the cast tensor and the flag with the known ones."""
    seen = submission.observe.cast_report(t, known.dtype)
    pair = expect(seen, because="The result is a tuple of a tensor and a bool.").is_a(tuple).length(2)
    pair.at(0).is_a(torch.Tensor)
    pair.at(1).is_a(bool)
    cast, flag = pair.value
    expect(cast, because="First comes the tensor, cast to the dtype.").equal(known).device("cpu")
    expect(flag, because=because).equal(unchanged)
    expect(seen, because="The tensor that was passed is left as it was.").untouched()


@check("cast_report", points=2, visible=True)
def test_known_casts(submission):
    """10, 20, ... 90 fit float16 and int8; 200 does not fit int8, and 2.7 is not whole."""
    tens = torch.arange(10.0, 100.0, 10.0)
    for dtype in (torch.float16, torch.int8):
        known = torch.tensor([10, 20, 30, 40, 50, 60, 70, 80, 90], dtype=dtype)
        expect_report(submission, tens, known, True)
    expect_report(submission, torch.tensor([100, 200]), torch.tensor([100, -56], dtype=torch.int8), False)
    expect_report(submission, torch.tensor([3.0, 2.7]), torch.tensor([3, 2]), False)


def expect_product(submission, a, b, known, because=None):
    """Compare with the known product."""
    seen = submission.observe.safe_product(a, b)
    expect(seen, because="The result's dtype follows from both dtypes.").is_a(torch.Tensor).dtype(known.dtype)
    expect(seen, because=because).equal(known).device("cpu")
    expect(seen, because="Both factors are left as they were.").untouched()


@check("safe_product", points=2, visible=True)
def test_known_products(submission):
    """100 * 100 in int8, 300 * 300 in float16, and float16, float32 and int64 with each other."""
    threes = torch.tensor([3.0, 6.0, 9.0])
    expect_product(submission, threes.half(), threes, torch.tensor([9.0, 36.0, 81.0]))
    expect_product(submission, threes, threes.long(), torch.tensor([9.0, 36.0, 81.0]))
    hundred = torch.tensor([100], dtype=torch.int8)
    expect_product(submission, hundred, hundred, torch.tensor([10000]))
    large = torch.tensor([300.0, 2.0], dtype=torch.float16)
    expect_product(submission, large, large, torch.tensor([90000.0, 4.0]))


def expect_total(submission, batches, known, because=None):
    """Compare with the known sum; of whole numbers, so that the order of adding makes no difference."""
    with submission.uninitialised_as_nan():
        seen = submission.observe.fix_running_total(batches)
    expect(seen, because="The sum has the dtype of the batches.").is_a(torch.Tensor).dtype(known.dtype)
    expect(seen, because=because).equal(known).device("cpu")
    expect(seen, because="The batches are left as they were.").untouched()


@check("fix_running_total", points=1, visible=True)
def test_total_of_known_batches(submission):
    """Three 2x3 batches of float32, then two of int64."""
    ones = torch.ones(2, 3)
    expect_total(submission, [ones, 2 * ones, 3 * ones], 6 * ones)
    expect_total(submission, [torch.full([2, 3], 6), torch.full([2, 3], 4)], torch.full([2, 3], 10))
