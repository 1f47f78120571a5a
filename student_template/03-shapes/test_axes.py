"""The checks you can see. More are run when you hand in."""

import torch

from torchgrade import check, expect

STACKS = tuple(
    f"{home}.{name}" for home in ("torch", "numpy") for name in ("stack", "vstack", "hstack", "dstack", "column_stack")
)


def expect_heads(submission, x, heads, because=None):
    """Compare each piece of each step with the features it must have."""
    batch, steps, features = x.shape
    size = features // heads
    known = torch.empty(batch, heads, steps, size, dtype=x.dtype)
    for head in range(heads):
        known[:, head] = x[:, :, head * size : (head + 1) * size]
    seen = submission.observe.split_heads(x, heads)
    expect(seen, because="The axes are batch, head, step, and features of a piece.").shape(batch, heads, steps, size)
    expect(seen, because=because).equal(known)
    expect(seen, because="The tensor that was passed is left as it was.").untouched()


@check("split_heads", points=2, visible=True)
def test_known_heads(submission):
    """Two steps of six features as three heads, and three steps of six features as three heads."""
    expect_heads(submission, torch.arange(12.0).reshape(1, 2, 6), 3)
    expect_heads(submission, torch.arange(18.0).reshape(1, 3, 6), 3)
    expect_heads(submission, torch.arange(12).reshape(1, 2, 6), 2)


def expect_stack(submission, tensors, because, *dim):
    """Compare with torch.stack, which the student may not call."""
    known = torch.stack(tensors, *dim)
    with submission.banning(*STACKS):
        seen = submission.observe.stack_with_cat(tensors, *dim)
    expect(seen, because=because).is_a(torch.Tensor).shape(*known.shape)
    expect(seen, because="The dtype is that of the tensors.").dtype(known.dtype)
    expect(seen, because=because).equal(known)
    expect(seen, because="The tensors in the list are left as they were.").untouched()
    expect(seen, because="The result has memory of its own.").fresh()


@check("stack_with_cat", points=2, visible=True)
def test_known_stacks(submission):
    """Four vectors at dim 0, 1 and -1, IndexError at dim 2; ValueError for vectors of length 2 and 3."""
    vector = torch.tensor([5.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
    expect_stack(submission, [vector] * 4, None)
    for dim in (0, 1, -1, -2):
        expect_stack(submission, [vector] * 4, None, dim)
    with submission.banning(*STACKS):
        with expect.raises(IndexError):
            submission.stack_with_cat([vector] * 4, 2)
        with expect.raises(ValueError):
            submission.stack_with_cat([torch.ones(2), torch.ones(3)], 0)


def expect_joined(submission, tensors, how, because=None):
    """Compare with vstack or hstack, which the student may not call."""
    known = torch.vstack(tensors) if how == "v" else torch.hstack(tensors)
    with submission.banning(*STACKS):
        out = submission.join(tensors, how)
    expect(out, because=because).is_a(torch.Tensor).shape(*known.shape).equal(known)


@check("join", points=1, visible=True)
def test_known_joins(submission):
    """[1, 2, 3] and [4, 5, 6] below each other and side by side, as vectors and as columns."""
    first, second = torch.tensor([1, 2, 3]), torch.tensor([4, 5, 6])
    for how in ("v", "h"):
        expect_joined(submission, [first, second], how)
        expect_joined(submission, [first.reshape(3, 1), second.reshape(3, 1)], how)


def expect_view(seen, x, known, because=None):
    """Compare the result with the known one; it must lie in the memory of ``x``."""
    expect(seen, because=because).is_a(torch.Tensor).shape(*known.shape)
    expect(seen, because=because).equal(known)
    if x.numel():
        expect(
            seen, because="The result is a view: it lies in the memory of the tensor that was passed."
        ).shares_memory()


def expect_squeezed(submission, x, because=None):
    """Compare with the same elements without the axes that must go."""
    kept = [size for axis, size in enumerate(x.shape) if axis == 0 or size != 1]
    expect_view(submission.observe.squeeze_keep_batch(x), x, x.reshape(kept), because)


@check("squeeze_keep_batch", points=1, visible=True)
def test_known_squeezes(submission):
    """A batch of one of shape (1, 3, 1, 5), one of shape (1, 1, 1, 10), and one of two of shape (2, 1, 3)."""
    for shape in ((1, 3, 1, 5), (1, 1, 1, 10), (2, 1, 3)):
        expect_squeezed(submission, torch.arange(float(torch.Size(shape).numel())).reshape(shape))


UNSQUEEZE = ("torch.unsqueeze", "torch.Tensor.unsqueeze", "torch.Tensor.unsqueeze_", "numpy.expand_dims")


def expect_axis(submission, x, dim, because=None):
    """Compare with unsqueeze, which the student may not call."""
    with submission.banning(*UNSQUEEZE):
        seen = submission.observe.insert_axis(x, dim)
    expect_view(seen, x, x.unsqueeze(dim), because)


@check("insert_axis", points=1, visible=True)
def test_known_axes(submission):
    """Seven numbers as a row and as a column; (3, 4, 5) with a new last axis; IndexError beyond."""
    vector = torch.tensor([5.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
    for dim in (0, 1, -1, -2):
        expect_axis(submission, vector, dim)
    expect_axis(submission, torch.arange(60).reshape(3, 4, 5), -1)
    for dim in (2, -3):
        with submission.banning(*UNSQUEEZE), expect.raises(IndexError):
            submission.insert_axis(vector, dim)
