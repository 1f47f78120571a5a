"""The checks you can see. More are run when you hand in."""

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


@check("scalar_value", points=1, visible=True)
def test_number_of_known_tensors(submission):
    """The ints in tensors of shape (), (1,) and (1, 1), a float, and ValueError for two elements."""
    expect(submission.scalar_value(torch.tensor(0))).equal(0)
    expect(submission.scalar_value(torch.tensor([10]))).equal(10)
    expect(submission.scalar_value(torch.tensor([[20]]))).equal(20)
    expect(submission.scalar_value(torch.tensor([2.5]))).equal(2.5)
    with expect.raises(ValueError):
        submission.scalar_value(torch.tensor([1, 2]))


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
