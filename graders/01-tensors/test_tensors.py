"""Checks of 01-tensors: describing tensors, reading shapes and numbers, making constants and ranges."""

import math

import torch

from torchgrade import check, expect

MATRIX = [[7, 8], [9, 10]]
TENSOR = [[[1, 2, 3], [3, 6, 9], [2, 4, 5]]]
RAGGED = [[[1, 2], [3, 6], [2, 4]], [[1, 2], [3, 6], [2, 4], [2, 4]]]


def expect_facts(facts, ndim, shape, numel, dtype, device="cpu", because=None):
    """Compare a description with the known facts."""
    expect(facts, because="The result is a dict of the five facts.").is_a(dict).length(5)
    expect(facts, because=because or "ndim is the number of axes.").at("ndim").equal(ndim)
    found = expect(facts, because=because or "shape is a tuple of ints.").at("shape").is_a(tuple).value
    expect(tuple(found), because=because or "shape is a tuple of ints.").equal(shape)
    expect(facts, because=because or "numel counts all elements.").at("numel").equal(numel)
    expect(facts, because=because or "dtype is a torch.dtype.").at("dtype").is_a(torch.dtype).one_of(dtype)
    expect(facts, because=because or "device is a str.").at("device").is_a(str).equal(device)


@check("describe_tensor", points=1, visible=True)
def test_description_of_known_tensors(submission):
    """The five facts about a 1x3x3 block, a 2x2 table of ints and a single number."""
    block = torch.tensor(TENSOR, dtype=torch.float32)
    expect_facts(submission.describe_tensor(block), 3, (1, 3, 3), 9, torch.float32)
    expect_facts(submission.describe_tensor(torch.tensor(MATRIX)), 2, (2, 2), 4, torch.int64)
    expect_facts(submission.describe_tensor(torch.tensor(7)), 0, (), 1, torch.int64)


@check("describe_tensor", points=1)
def test_description_of_any_tensor(submission):
    """The five facts about tensors of every kind: without axes, empty, of other dtypes, on another device."""
    draw = torch.Generator().manual_seed(101)
    for shape, dtype, because in (
        ((5, 2, 3, 4), torch.float16, None),
        ((6,), torch.bool, None),
        ((), torch.bool, "A tensor without axes has facts, too."),
        ((2, 0, 3), torch.float64, "An axis of length 0 is an axis like any other."),
        ((0,), torch.uint8, "A tensor without elements has facts, too."),
    ):
        t = torch.randint(0, 2, shape, generator=draw).to(dtype)
        seen = submission.observe.describe_tensor(t)
        expect_facts(seen.result, len(shape), shape, math.prod(shape), dtype, because=because)
        expect(seen, because="Looking at a tensor leaves it as it was.").untouched()
    facts = submission.describe_tensor(torch.empty(3, 2, device="meta"))
    expect_facts(facts, 2, (3, 2), 6, torch.float32, "meta", "The device is that of the tensor.")


BANNED = (
    *("torch.tensor", "torch.as_tensor", "torch.asarray"),
    *("numpy.array", "numpy.asarray", "numpy.asanyarray", "numpy.shape", "numpy.ndim", "numpy.size"),
)


def expect_shape(submission, data, shape, because=None):
    """Compare a nested list's shape with the known one; return what was seen of the call."""
    with submission.banning(*BANNED):
        seen = submission.observe.nested_shape(data)
    found = expect(seen, because=because).is_a(tuple).value
    expect(tuple(found), because=because).equal(shape)
    return seen


def expect_ragged(submission, data, because=None):
    """See that a ragged list raises ValueError."""
    with submission.banning(*BANNED), expect.raises(ValueError, because=because):
        submission.nested_shape(data)


def expect_plain_python(seen):
    """See that the list is only looked at: what bans cannot catch, such as torch.Tensor, shows as an operation."""
    expect(seen.ops, because="Do without torch in this exercise.").equal({})
    expect(seen, because="The list that was passed is left as it was.").untouched()


@check("nested_shape", points=2, visible=True)
def test_shape_of_known_lists(submission):
    """The shapes of a number, a vector, a matrix and three dimensions; ValueError for the ragged list."""
    expect_shape(submission, 7, ())
    expect_shape(submission, [7, 7], (2,))
    seen = expect_shape(submission, MATRIX, (2, 2))
    expect_shape(submission, TENSOR, (1, 3, 3))
    expect_shape(submission, [[[1, 2], [3, 6], [2, 4]], [[1, 2], [3, 5], [2, 3]]], (2, 3, 2))
    expect_ragged(submission, RAGGED)
    expect_plain_python(seen)


@check("nested_shape", points=2)
def test_shape_of_any_list(submission):
    """The shapes of deep and of empty lists; ValueError wherever the nesting is ragged."""
    draw = torch.Generator().manual_seed(102)
    for shape in ((4,), (3, 5), (2, 1, 4, 3), (1, 1, 2, 1, 3, 2)):
        data = torch.rand(shape, generator=draw).tolist()
        seen = expect_shape(submission, data, shape, "The shape has the length of each axis, outermost first.")
        expect_plain_python(seen)
    expect_shape(submission, -2.5, (), "A number has no axes.")
    for data, shape in (([], (0,)), ([[], [], []], (3, 0)), ([[[], []]], (1, 2, 0))):
        expect_shape(submission, data, shape, "An empty list is an axis of length 0.")
    expect_ragged(submission, [[1, 2, 3], [4, 5, 6], [7, 8]], "A later row is shorter: ragged.")
    expect_ragged(submission, [[1], [2], [3, 4]], "A later row is longer: ragged.")
    expect_ragged(submission, [[[1, 2], [3, 4]], [[5, 6], [7]]], "Ragged deep inside is ragged as well.")
    expect_ragged(submission, [[[1], [2]], [[3]]], "Ragged in the middle is ragged as well.")
    for data in ([1, [2]], [[1], 2], [[[1]], [[2]], [3]]):
        expect_ragged(submission, data, "Numbers and lists side by side are ragged.")
    for data in ([[], [1]], [[1], []], [[], [[]]]):
        expect_ragged(submission, data, "An empty list beside one that is not empty is ragged.")


@check("scalar_value", points=1, visible=True)
def test_number_of_known_tensors(submission):
    """The ints in tensors of shape (), (1,) and (1, 1), a float, and ValueError for two elements."""
    expect(submission.scalar_value(torch.tensor(0))).equal(0)
    expect(submission.scalar_value(torch.tensor([10]))).equal(10)
    expect(submission.scalar_value(torch.tensor([[20]]))).equal(20)
    expect(submission.scalar_value(torch.tensor([2.5]))).equal(2.5)
    with expect.raises(ValueError):
        submission.scalar_value(torch.tensor([1, 2]))


@check("scalar_value", points=1)
def test_number_of_any_tensor(submission):
    """Large ints, bools, every floating dtype, tensors that require grad; ValueError for any other size."""
    for t, because in (
        (torch.tensor([2**53 + 1]), "A large int keeps its last digit."),
        (torch.tensor(-3, dtype=torch.int8), "An int stays an int."),
        (torch.tensor([[True]]), "A bool stays a bool."),
        (torch.tensor(False), "A bool stays a bool."),
        (torch.tensor([[[0.1]]]), "A float comes out as it is stored."),
        (torch.tensor(0.1, dtype=torch.float64), "A float comes out as it is stored."),
        (torch.tensor([1.5], dtype=torch.float16), "A float16 gives a Python float."),
        (torch.tensor([3.25], requires_grad=True), "A tensor that requires grad holds a number, too."),
    ):
        seen = submission.observe.scalar_value(t)
        expect(seen, because=because).equal(t.item()).untouched()
    for shape in ((0,), (3, 0), (0, 1), (2,), (1, 2), (2, 1), (2, 1, 2)):
        with expect.raises(ValueError, because="Anything but exactly one element raises ValueError."):
            submission.scalar_value(torch.ones(shape))


def expect_constant(submission, t, value, known, because=None):
    """Compare the result with the known tensor; the template must stay as it was."""
    seen = submission.observe.constant_like(t, value)
    expect(seen, because=because).equal(known).device("cpu")
    expect(seen, because="The template is left as it was.").untouched()
    expect(seen, because="The result has memory of its own.").fresh()


@check("constant_like", points=1, visible=True)
def test_constants_like_known_tensors(submission):
    """A float64 table of sixes; zeros and ones in the image of the int64 range 1 to 10."""
    table = torch.zeros(2, 3, dtype=torch.float64)
    expect_constant(submission, table, 6.0, torch.tensor([[6, 6, 6], [6, 6, 6]], dtype=torch.float64))
    expect_constant(submission, torch.arange(1, 11), 0.0, torch.tensor([0] * 10))
    expect_constant(submission, torch.arange(1, 11), 1.0, torch.tensor([1] * 10))


@check("constant_like", points=1)
def test_constants_like_any_tensor(submission):
    """Shape, dtype and device are the template's, whatever it holds; the template is left alone."""
    draw = torch.Generator().manual_seed(103)
    table = torch.rand(4, 3, generator=draw, dtype=torch.float64)
    spoilt = torch.tensor([[1.0, float("nan")], [float("inf"), -float("inf")]], dtype=torch.float16)
    whole = torch.randint(-9, 9, (2, 1, 5), generator=draw)
    for t, value, because in (
        (table, -2.5, "The dtype is the template's."),
        (whole, 7.0, "The dtype is the template's."),
        (whole.to(torch.int8), 3, "The dtype is the template's."),
        (spoilt, 0.5, "What the template holds has no influence."),
        (table.t(), 1.5, "A transposed template is a template like any other."),
        (table[0, 0], 4.0, "A template without axes gives a result without axes."),
        (table[:0], 4.0, "An empty template gives an empty result."),
    ):
        expect_constant(submission, t, value, torch.full(t.shape, value, dtype=t.dtype), because)
    out = submission.constant_like(torch.empty(3, 4, dtype=torch.float64, device="meta"), 2.0)
    expect(out, because="The device is the template's.").device("meta").shape(3, 4).dtype(torch.float64)


def expect_range(submission, start, stop, step, values, because=None):
    """Compare with the known values."""
    out = submission.inclusive_range(start, stop, step)
    expect(out, because="The result is a 1-D int64 tensor.").is_a(torch.Tensor).dtype(torch.int64)
    expect(out, because=because).equal(torch.tensor(values, dtype=torch.int64)).device("cpu")


@check("inclusive_range", points=1, visible=True)
def test_known_ranges(submission):
    """1 to 10 by 1, 0 to 8 by 2, 0 to 10 by 3 (which ends at 9) and 10 down to 0 by 5."""
    expect_range(submission, 1, 10, 1, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect_range(submission, 0, 8, 2, [0, 2, 4, 6, 8])
    expect_range(submission, 0, 10, 3, [0, 3, 6, 9])
    expect_range(submission, 10, 0, -5, [10, 5, 0])


@check("inclusive_range", points=2)
def test_any_range(submission):
    """Up and down, hitting stop or not, one value, none at all."""
    for start, stop, step, values, because in (
        (-7, 14, 7, [-7, 0, 7, 14], "A value that hits stop is included."),
        (-6, 7, 5, [-6, -1, 4], "No value lies beyond stop."),
        (9, -9, -6, [9, 3, -3, -9], "Downwards, too, a value that hits stop is included."),
        (3, -8, -4, [3, -1, -5], "Downwards, too, no value lies beyond stop."),
        (4, 4, 3, [4], "When start is stop there is one value."),
        (4, 4, -3, [4], "When start is stop there is one value."),
        (2, 5, 40, [2], "A step that leads beyond stop at once leaves start alone."),
    ):
        expect_range(submission, start, stop, step, values, because)
    for start, stop, step in ((5, 4, 1), (8, 1, 3), (6, 5, 4), (4, 5, -1), (-3, 9, -2), (5, 7, -3)):
        expect_range(submission, start, stop, step, [], "When start lies beyond stop the range is empty.")
    draw = torch.Generator().manual_seed(104)
    for start, stop, step in torch.randint(1, 60, (4, 3), generator=draw).tolist():
        up, down = range(start, start + stop + 1, step), range(start, start - stop - 1, -step)
        expect_range(submission, start, start + stop, step, list(up), "Steps that go upwards.")
        expect_range(submission, start, start - stop, -step, list(down), "Steps that go downwards.")


def expect_spaced(submission, start, end, points, because=None):
    """Compare with linspace, which the student may not call; the ends exactly."""
    with submission.banning("torch.linspace", "numpy.linspace"):
        out = submission.evenly_spaced(start, end, points)
    known = torch.linspace(start, end, points)
    expect(out, because="The result is 1-D, with as many values as there are points.").shape(points)
    expect(out, because="The result is float32, on the CPU.").dtype(torch.float32).device("cpu")
    expect(out, because=because).close(known, rtol=1e-6, atol=1e-5 * abs(end - start))
    expect(out[:1], because="The first value is exactly the start.").equal(known[:1])
    expect(out[-1:], because="The last value is exactly the end.").equal(known[-1:])


@check("evenly_spaced", points=1, visible=True)
def test_known_spacings(submission):
    """100 points from 0 to 10 and from -5 to 5; 5 points from 0 to 10; a single point."""
    expect_spaced(submission, 0, 10, 100)
    expect_spaced(submission, -5, 5, 100)
    expect_spaced(submission, 0, 10, 5)
    expect_spaced(submission, 3, 8, 1)


@check("evenly_spaced", points=2)
def test_any_spacing(submission):
    """Upwards, downwards, constant; many points, two, one."""
    expect_spaced(submission, 0.25, 8.75, 35, "The values rise evenly and reach the end.")
    expect_spaced(submission, 6, -9, 46, "The values fall evenly and reach the end.")
    expect_spaced(submission, 1.5, -2.5, 9, "The values fall evenly and reach the end.")
    expect_spaced(submission, 0, 1, 1000, "Many points are spaced as evenly as few.")
    expect_spaced(submission, 2.5, 2.5, 7, "When start and end are equal, so are all values.")
    expect_spaced(submission, -1, 4, 2, "Two points are the start and the end.")
    expect_spaced(submission, -1.5, 4.0, 1, "One point is the start.")
    expect_spaced(submission, 7, 7, 1, "One point is the start.")
