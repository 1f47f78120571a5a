"""Checks of 03-shapes: reshaping, and whether the numbers move."""

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


@check("resolve_shape", points=2)
def test_any_shape(submission):
    """-1 in any place; refusals of what does not divide, of two -1, of other negatives, of -1 next to a size of 0."""
    for target in ((-1, 6, 2), (4, -1, 2), (2, 12, -1), (-1,), (24, -1), (-1, 1, 24), (1, 2, 3, -1, 4), (2, 3, 4)):
        expect_resolved(submission, (2, 3, 4), target, "The elements are as many as before; -1 may stand anywhere.")
    for target in ((-1, 5), (7, -1), (4, -1, 4), (-1, 48)):
        expect_resolved(submission, (2, 3, 4), target, "No size in place of -1 fits: ValueError.")
    for target in ((2, 3), (5, 5), (24, 2), (), (25,), (0,), (2, 3, 5)):
        expect_resolved(submission, (2, 3, 4), target, "The elements are not as many as before: ValueError.")
    for target in ((-1, -1), (2, -1, -1), (-1, 24, -1)):
        expect_resolved(submission, (2, 3, 4), target, "There can be one -1 at most: ValueError.")
    for target in ((-2, -12), (-2, 12), (-2, -2, 6), (-2, -1), (-24,), (-1, -24), (-3, -1, -2)):
        expect_resolved(submission, (2, 3, 4), target, "No other size may be negative: ValueError.")
    for shape, target in (((0, 3), (-1, 3)), ((0, 4), (2, -1)), ((2, 0), (0, 5)), ((0,), (0, 0)), ((0, 3), (3, 0))):
        expect_resolved(submission, shape, target, "A size may be 0, and may come out as 0.")
    for shape, target in (((0, 3), (-1, 0)), ((0,), (0, -1)), ((0,), (2, 3)), ((6,), (-1, 0)), ((6,), (0, -1, 2))):
        expect_resolved(submission, shape, target, "Next to a size of 0 nothing determines -1: ValueError.")
    for shape, target in (
        ((), ()),
        ((), (1, 1)),
        ((), (-1,)),
        ((1, 1), ()),
        ((), (2,)),
        ((), (-1, 2)),
        ((1,), (-1, 1)),
    ):
        expect_resolved(submission, shape, target, "A tensor without axes has one element.")


def some_inputs(draw):
    """Yield a name, a tensor of some strides, and shapes for it: some can be views, some must be copies."""
    block = torch.randn(4, 6, 5, generator=draw)
    yield "A contiguous tensor", block, ((24, 5), (2, 2, 30), (120,), (5, 6, 4), (4, 6, 5))
    yield "A transposed tensor", block[0].t(), ((30,), (5, 2, 3), (5, 3, 2), (6, 5), (1, 5, 6))
    yield "A square transposed tensor", block[0, :5].t(), ((25,), (5, 5), (5, 1, 5), (1, 25))
    yield "A tensor whose axes were swapped", block.permute(0, 2, 1), ((20, 6), (2, 2, 5, 6), (4, 30), (4, 5, 2, 3))
    yield "A slice of columns", block[0][:, 1:5], ((24,), (2, 3, 4), (6, 2, 2), (3, 8), (12, 2))
    yield "A slice of rows", block[1:3], ((12, 5), (60,), (2, 30), (4, 3, 5))
    yield "Every other row", block[0][::2], ((15,), (3, 5), (3, 1, 5), (1, 3, 5), (5, 3))
    yield "A single column", block[0][:, 2], ((2, 3), (6, 1), (1, 6), (3, 2))
    yield "Every other element of a vector", torch.arange(12.0)[::2], ((2, 3), (6, 1), (3, 2))
    yield "An expanded tensor", block[0, :3, :1].expand(3, 4), ((3, 2, 2), (12,), (2, 6), (1, 3, 4))
    yield "A tensor that repeats its row", block[0, 0].expand(4, 5), ((2, 2, 5), (20,), (4, 5, 1))
    yield "A tensor without axes", block[0, 0, 0], ((1,), (1, 1), ())


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


@check("reshape_report", points=2)
def test_any_report(submission):
    """Contiguous, transposed, sliced and expanded tensors: copied only where no view can have the shape."""
    inputs = list(some_inputs(torch.Generator().manual_seed(301)))
    # What must be copied comes first: an answer that always says True fails there, one that always says False later.
    for shared in (False, True):
        for name, x, shapes in inputs:
            for shape in shapes:
                if is_shared(x, shape) == shared:
                    because = f"{name}: shared where a view can have that shape, else copied."
                    expect_report(submission, x, shape, because)


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


@check("independent_reshape", points=2)
def test_any_copy(submission):
    """Contiguous, transposed, sliced and expanded tensors of any dtype; always a copy, through which gradients flow."""
    draw = torch.Generator().manual_seed(302)
    for name, x, shapes in some_inputs(draw):
        for shape in shapes:
            expect_copy(submission, x, shape, f"{name}: the elements in reading order, in the new shape.")
    whole = torch.randint(-9, 9, (4, 3), generator=draw)
    for x in (whole, whole.t(), whole.double(), whole.to(torch.int8)):
        expect_copy(submission, x, (2, 6), "The dtype stays as it is.")
    x = torch.randn(4, 6, generator=draw)
    for leaf in (x.requires_grad_(), x.detach().t().requires_grad_(), x.detach()[:, :4].requires_grad_()):
        out = submission.independent_reshape(leaf, (2, leaf.numel() // 2))
        expect(out, because="Gradients flow through the copy to the tensor that was passed.").requires_grad()
