"""The checks you can see. More are run when you hand in."""

import torch

from torchgrade import check, expect

BANNED = (
    *("torch.Tensor.reshape", "torch.Tensor.view", "torch.reshape"),
    *("numpy.reshape", "numpy.zeros", "numpy.ones", "numpy.empty", "numpy.arange"),
)


def torch_says(shape, target):
    """Return the shape after reshape, or None where torch refuses."""
    try:
        return tuple(torch.zeros(shape).reshape(target).shape)
    except RuntimeError:
        return None


def expect_resolved(submission, shape, target, because=None):
    """Compare with what torch does: a shape, or an exception."""
    known = torch_says(shape, target)
    with submission.banning(*BANNED):
        if known is None:
            with expect.raises(ValueError, because=because):
                submission.resolve_shape(shape, target)
            return
        seen = submission.observe.resolve_shape(shape, target)
    expect(tuple(expect(seen, because=because).is_a(tuple).value), because=because).equal(known)
    expect(seen.ops, because="Do without tensors in this exercise.").equal({})


@check("resolve_shape", points=1, visible=True)
def test_known_shapes(submission):
    """Seven elements as (1, 7), (7, 1), (1, 8) and (2, 7); (4, 5) as (2, 10) and (-1, 20); (7,) as (-1, 2)."""
    for target in ((1, 7), (7, 1), (1, 8), (2, 7), (-1, 7), (-1, 2)):
        expect_resolved(submission, (7,), target)
    for target in ((2, 10), (-1, 20), (-1,)):
        expect_resolved(submission, (4, 5), target)


def is_shared(x, shape):
    """Tell whether ``x`` can be viewed in the new shape."""
    return x.reshape(shape).untyped_storage().data_ptr() == x.untyped_storage().data_ptr()


def expect_report(submission, x, shape, because=None):
    """Compare values and flag with what torch does, and see that the flag tells the truth."""
    known, shared = x.reshape(shape), is_shared(x, shape)
    # A plain call first: whatever watches a call can change which ids Python hands out, and some answers go by ids.
    out = submission.reshape_report(x, shape)
    pair = expect(out, because="The result is a tuple of a tensor and a bool.").is_a(tuple).length(2)
    pair.at(0).is_a(torch.Tensor)
    pair.at(1).is_a(bool)
    expect(out, because="The elements come in reading order, in the new shape.").at(0).equal(known)
    expect(out, because=because).at(1).equal(shared)
    if shared:
        expect(submission.observe.reshape_report(x, shape), because=because).shares_memory()


@check("reshape_report", points=2, visible=True)
def test_known_reports(submission):
    """The transpose of a 2x3 matrix in one line is a copy, the matrix itself a view; 1 to 7 as a row is a view."""
    matrix = torch.tensor([[10, 20, 30], [40, 50, 60]])
    expect_report(submission, matrix.t(), (6,))
    expect_report(submission, matrix[:, :2], (4,))
    expect_report(submission, matrix, (6,))
    expect_report(submission, torch.arange(1.0, 8.0), (1, 7))


def expect_copy(submission, x, shape, because=None):
    """Compare with the known values; the result must lie in memory of its own."""
    seen = submission.observe.independent_reshape(x, shape)
    expect(seen, because=because).equal(x.reshape(shape).clone())
    expect(seen, because="The result shares no memory with the tensor that was passed.").fresh()


@check("independent_reshape", points=1, visible=True)
def test_known_copies(submission):
    """A 2x3 matrix and its transpose in one line, without sharing memory; a result that autograd follows."""
    matrix = torch.tensor([[10.0, 20.0, 30.0], [40.0, 50.0, 60.0]])
    expect_copy(submission, matrix, (6,))
    expect_copy(submission, matrix.t(), (6,))
    out = submission.independent_reshape(matrix.clone().requires_grad_(), (3, 2))
    expect(out).requires_grad().equal(matrix.reshape(3, 2))
