"""Checks of 03-shapes: cutting axes, joining tensors, adding and removing axes."""

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


@check("split_heads", points=2)
def test_any_heads(submission):
    """Several sequences, as many steps as heads, as many heads as features per piece, one head, one step."""
    draw = torch.Generator().manual_seed(303)
    for shape, heads, because in (
        ((2, 5, 12), 3, "Every step's features are cut into consecutive pieces."),
        ((4, 4, 16), 4, "Where steps, heads and sizes are equal, the order still matters."),
        ((3, 2, 8), 2, "Where there are as many steps as heads, the order still matters."),
        ((3, 3, 9), 3, "Where there are as many steps as heads, the order still matters."),
        ((2, 7, 6), 1, "A single head has all features."),
        ((2, 3, 4), 4, "There may be a head for each feature."),
        ((1, 1, 10), 5, "There may be a single step."),
    ):
        expect_heads(submission, torch.randn(shape, generator=draw), heads, because)
    turned = torch.randn(4, 2, 6, generator=draw).transpose(0, 1)
    expect_heads(submission, turned, 2, "A transposed tensor is a tensor like any other.")


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


@check("stack_with_cat", points=2)
def test_any_stack(submission):
    """Tensors of any shape and dtype, at every dim; IndexError out of range, ValueError for unequal shapes."""
    draw = torch.Generator().manual_seed(304)
    for shape in ((), (4,), (2, 3), (3, 3), (2, 1, 3), (0, 2)):
        tensors = list(torch.randn(3, *shape, generator=draw))
        expect_stack(submission, tensors, "Unless told otherwise, the new axis is the first.")
        for dim in range(-len(shape) - 1, len(shape) + 1):
            because = "The new axis stands where dim says; a negative dim counts from the last axis of the result."
            expect_stack(submission, tensors, because, dim)
        for dim in (-len(shape) - 2, len(shape) + 1, len(shape) + 4):
            with submission.banning(*STACKS), expect.raises(IndexError, because="dim is out of range: IndexError."):
                submission.stack_with_cat(tensors, dim)
    for dtype in (torch.int64, torch.float64, torch.bool, torch.int8):
        tensors = [(9 * tensor).to(dtype) for tensor in torch.randn(2, 3, 2, generator=draw)]
        expect_stack(submission, tensors, "Any dtype can be stacked.", 1)
    square = torch.randn(3, 3, generator=draw)
    expect_stack(submission, [square, square.t()], "A transposed tensor is a tensor like any other.", -1)
    expect_stack(submission, [square], "There may be a single tensor.", 2)
    for left, right, dim in (
        *(((2, 3), (4, 3), 0), ((2, 3), (2, 4), 1), ((2, 3), (2, 4), -1), ((3,), (4,), 1), ((2, 3), (3, 2), 2)),
        *(((3,), (3, 3), 0), ((1, 3), (3, 1), 0), ((), (1,), 0), ((3,), (0,), 0), ((1, 3), (2, 3), 0)),
    ):
        because = "Tensors of unequal shapes cannot be stacked: ValueError."
        with submission.banning(*STACKS), expect.raises(ValueError, because=because):
            submission.stack_with_cat([torch.ones(left), torch.ones(right)], dim)


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


@check("join", points=2)
def test_any_join(submission):
    """Single numbers, vectors, matrices, blocks; unequal lengths; a row with a matrix."""
    draw = torch.Generator().manual_seed(305)

    def some(*shapes):
        return [torch.randn(shape, generator=draw) for shape in shapes]

    for shapes, because in (
        (((), (), ()), "Single numbers can be joined."),
        (((4,), (4,), (4,)), "Vectors become rows when they are joined vertically."),
        (((3, 3), (3, 3)), "Square matrices can be joined either way."),
        (((2, 3, 4), (2, 3, 4)), "Blocks are joined along axis 0 vertically, and along axis 1 horizontally."),
        (((2, 1), (2, 1), (2, 1)), "Columns can be joined either way."),
        (((1, 3),), "There may be a single tensor."),
        (((3,),), "There may be a single tensor."),
    ):
        for how in ("v", "h"):
            expect_joined(submission, some(*shapes), how, because)
    unequal = "Along the axis that is joined, lengths may differ."
    for how, shapes, because in (
        ("v", ((2, 3), (4, 3)), unequal),
        ("v", ((1, 2, 3), (3, 2, 3)), unequal),
        ("v", ((3,), (2, 3)), "A row can be joined with a matrix."),
        ("v", ((2, 3), (3,), (1, 3)), "A matrix can be joined with a row."),
        ("h", ((2,), (5,), (1,)), unequal),
        ("h", ((3, 2), (3, 4)), unequal),
        ("h", ((2, 1, 3), (2, 3, 3)), unequal),
        ("h", ((), (3,)), "A single number can be joined with a vector."),
    ):
        expect_joined(submission, some(*shapes), how, because)


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


@check("squeeze_keep_batch", points=2)
def test_any_squeeze(submission):
    """Batches of many, one and none; unit axes in any place, side by side, or nowhere."""
    draw = torch.Generator().manual_seed(306)
    for shape, because in (
        ((4, 1, 3, 1, 2), "Every axis of length 1 goes, wherever it stands."),
        ((4, 1, 1, 3), "Unit axes that stand side by side go, too."),
        ((3, 2, 1, 1, 1), "Unit axes at the end go, too."),
        ((4, 3), "There may be nothing to remove."),
        ((5,), "There may be nothing to remove."),
        ((1, 4, 2), "The first axis stays, even if it is of length 1."),
        ((1, 1, 4), "The first axis stays, even if it is of length 1."),
        ((1, 1), "The first axis stays, even if it is of length 1."),
        ((1,), "The first axis stays, even if it is of length 1."),
        ((0, 1, 3), "The batch may be empty."),
        ((2, 1, 0, 1), "An axis of length 0 is none of length 1."),
    ):
        expect_squeezed(submission, torch.randn(shape, generator=draw), because)
    turned = torch.randn(1, 4, 3, 2, generator=draw)
    for x in (turned.permute(2, 0, 3, 1), turned[:, :, :1, ::2], turned[:, 1:2].transpose(1, 3)):
        expect_squeezed(submission, x, "A tensor that is not contiguous is squeezed without a copy, too.")


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


@check("insert_axis", points=2)
def test_any_axis(submission):
    """Every dim that there is, for tensors of none to four axes, contiguous or not; IndexError for all others."""
    draw = torch.Generator().manual_seed(307)
    block = torch.randn(3, 4, 5, generator=draw)
    for x in (
        *(block[0, 0, 0], block[0, 0], block[0], block, torch.randn(2, 3, 1, 2, generator=draw)),
        *(block.permute(2, 0, 1), block[:, ::2, 1:3], block[0].t(), block[0, 0, :1].expand(4, 5), block[:0]),
    ):
        for dim in range(-x.ndim - 1, x.ndim + 1):
            because = "The new axis stands where dim says; a negative dim counts from the last axis of the result."
            expect_axis(submission, x, dim, because)
        for dim in (-x.ndim - 2, -x.ndim - 5, x.ndim + 1, x.ndim + 3):
            with submission.banning(*UNSQUEEZE), expect.raises(IndexError, because="dim is out of range: IndexError."):
                submission.insert_axis(x, dim)
