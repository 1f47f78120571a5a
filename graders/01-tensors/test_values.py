"""Checks of 01-tensors: conversions, casts, promotion, and a sum that starts from nowhere."""

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


DTYPES = (torch.float64, torch.float16, torch.int64, torch.int8, torch.bool)


@check("to_float32", points=2)
def test_any_source(submission):
    """Numbers, lists, arrays and tensors of every dtype; always a copy that is detached."""
    draw = torch.Generator().manual_seed(105)
    table = torch.rand(3, 4, generator=draw)
    whole = torch.randint(-50, 50, (2, 5), generator=draw)
    for number in (3, -2.75, True):
        known = torch.tensor(number, dtype=torch.float32)
        expect_float32(submission, number, known, "A number gives a tensor without axes.")
    for rows in ([[True, False], [False, True]], [1, 2.5, True], [], [[-3], [4]]):
        known = torch.tensor(rows, dtype=torch.float32)
        expect_float32(submission, rows, known, "A list gives a tensor of its shape.")
    for dtype in ("float64", "float32", "float16", "int64", "uint8", "bool"):
        array = (10 * table).numpy().astype(dtype)
        known = torch.tensor(array.tolist(), dtype=torch.float32)
        expect_float32(submission, array, known, "An array gives a tensor of its shape and values.")
    for source, because in (
        *((whole.to(dtype), "A tensor gives a tensor of its shape and values.") for dtype in DTYPES),
        (table, "A float32 tensor is copied, too."),
        (table.t(), "A transposed tensor is a source like any other."),
        (whole[0, 0], "A tensor without axes gives one without axes."),
        (table.clone().requires_grad_(), "A tensor that requires grad is a source like any other."),
        (table.double().requires_grad_(), "A tensor that requires grad is a source like any other."),
    ):
        expect_float32(submission, source, torch.tensor(source.tolist(), dtype=torch.float32), because)


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


@check("cast_report", points=2)
def test_any_cast(submission):
    """True only when no element was cut off, wrapped around, overflowed or rounded."""
    draw = torch.Generator().manual_seed(106)
    whole = torch.randint(-120, 120, (4, 3), generator=draw)
    halves = whole.to(torch.float64) / 2 + 0.5
    for t, dtype in (
        *((whole, dtype) for dtype in (torch.int8, torch.int32, torch.float16, torch.float64)),
        (halves, torch.float16),
        (whole.to(torch.int8), torch.float32),
        (torch.tensor(-5.0), torch.int16),
        (torch.tensor([2**24]), torch.float32),
        (halves.float(), torch.float32),
        (torch.empty(0, 3), torch.int8),
    ):
        expect_report(submission, t, t.to(dtype), True, "Every value came through unchanged: True.")
    for t, dtype, because in (
        (torch.cat([whole, whole + 300]), torch.int8, "Not unchanged: a value above the dtype's range wraps around."),
        (torch.cat([whole, whole - 300]), torch.int8, "Not unchanged: a value below the dtype's range wraps around."),
        (torch.tensor([[-2.5], [2.5]]), torch.int32, "Not unchanged: the digits behind the point were cut off."),
        (torch.tensor([1.0, 70000.0]), torch.float16, "Not unchanged: a value too large became infinite."),
        (torch.tensor([2048, 2049]), torch.float16, "Not unchanged: a large whole number was rounded."),
        (torch.tensor([0.5, 0.1]), torch.float16, "Not unchanged: a fraction was rounded, if only a little."),
        (torch.tensor(0.1, dtype=torch.float64), torch.float32, "Not unchanged: a fraction was rounded."),
        (torch.tensor(2**24 + 1), torch.float32, "Not unchanged: a large int lost its last digit."),
    ):
        expect_report(submission, t, t.to(dtype), False, because)


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


def expect_in_dtype(submission, a, b, dtype, because):
    """Compare with the product of both factors in the dtype that is wide enough."""
    expect_product(submission, a, b, a.to(dtype) * b.to(dtype), because)


INTEGERS = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)


@check("safe_product", points=2)
def test_any_product(submission):
    """The dtype of every pair, both ways round; no wrap-around, no overflow, no lost digit."""
    draw = torch.Generator().manual_seed(107)
    a = torch.randint(90, 120, (3, 2), generator=draw)
    b = torch.randint(90, 120, (3, 2), generator=draw)
    wide = "Integers multiply without wrapping around."
    for left, right in (
        *zip(INTEGERS, INTEGERS, strict=True),
        *zip(INTEGERS, INTEGERS[2:] + INTEGERS[:2], strict=True),
    ):
        expect_in_dtype(submission, a.to(left), b.to(right), torch.int64, wide)
    half = 3 * b.to(torch.float16)
    pairs = [(half, half, torch.float32)]
    for other in (torch.int8, torch.int64):
        pairs += [(a.to(other), half, torch.float32), (a.to(other), b.float() / 4, torch.float32)]
        pairs += [(a.to(other), b.double() / 3, torch.float64)]
    pairs += [(half, a.float() / 3, torch.float32), (half, a.double() / 3, torch.float64)]
    pairs += [(a.float() / 3, b.float() / 7, torch.float32), (a.double() / 3, b.double() / 7, torch.float64)]
    pairs += [(a.float() / 3, b.double() / 7, torch.float64)]
    because = "No factor loses anything before the product, and the product overflows nowhere."
    for left, right, dtype in pairs:
        expect_in_dtype(submission, left, right, dtype, because)
        expect_in_dtype(submission, right, left, dtype, because)
    large = torch.tensor([2**24 + 1, 2**31 - 1])
    expect_in_dtype(submission, large, large, torch.int64, "A large int keeps its last digit.")
    expect_in_dtype(submission, large.int()[0], a.int()[0, 0], torch.int64, "A large int keeps its last digit.")
    nothing = torch.empty(0, 2)
    expect_product(submission, nothing, nothing, nothing, "Empty factors have an empty product.")


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


@check("fix_running_total", points=2)
def test_total_of_any_batches(submission):
    """The true sum for every dtype, any shape and any number of batches, which stay as they are."""
    draw = torch.Generator().manual_seed(108)
    for dtype in (torch.int64, torch.float64, torch.float32, torch.float16, torch.int16):
        stacked = torch.randint(-40, 40, (4, 3, 5), generator=draw)
        batches = [batch.to(dtype, copy=True) for batch in stacked]
        known = stacked.sum(0).to(dtype)
        expect_total(submission, batches, known, "The sum starts from zero and takes in every batch.")
    for shape in ((6,), (), (2, 3, 2), (0, 4)):
        stacked = torch.randint(-9, 9, (3, *shape), generator=draw).float()
        batches = [batch.clone() for batch in stacked]
        expect_total(submission, batches, stacked.sum(0), "The batches may have any shape.")
    single = torch.randint(-9, 9, (3, 2), generator=draw)
    expect_total(submission, [single], single, "A single batch is its own sum.")
