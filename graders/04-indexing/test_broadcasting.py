"""Checks of 04-indexing: the broadcasting rule, and a factor for each row."""

import torch

from torchgrade import check, expect

BROADCASTING = (
    *("torch.broadcast_shapes", "torch.broadcast_tensors", "torch.broadcast_to"),
    *("numpy.broadcast_shapes", "numpy.broadcast_arrays", "numpy.broadcast_to", "numpy.broadcast"),
    *("numpy.zeros", "numpy.ones", "numpy.empty"),
)


def torch_says(a, b):
    """Return the shape of the sum, or None where torch raises."""
    try:
        return tuple((torch.zeros(a) + torch.zeros(b)).shape)
    except RuntimeError:
        return None


def expect_broadcast(submission, a, b, because=None):
    """Compare both orders with what torch does."""
    known = torch_says(a, b)
    for left, right in ((a, b), (b, a)):
        with submission.banning(*BROADCASTING):
            seen = submission.observe.broadcast_shape(left, right)
        if known is None:
            expect(seen, because=because).equal(None)
        else:
            expect(tuple(expect(seen, because=because).is_a(tuple).value), because=because).equal(known)
        expect(seen.ops, because="Do without tensors in this exercise.").equal({})


@check("broadcast_shape", points=2, visible=True)
def test_known_broadcasts(submission):
    """A table with a column and with a row, a column with a row, and two pairs that do not fit."""
    for a, b in (
        *(((2, 3), (2, 1)), ((2, 5), (5,)), ((5, 2), (5,)), ((3, 1), (1, 4)), ((2, 4), (3, 4))),
        *(((5, 3, 2), (4, 1)), ((5, 1, 4, 1), (3, 1, 1)), ((3, 3), ())),
    ):
        expect_broadcast(submission, a, b)


def random_shape(draw):
    """Draw a shape of up to four axes, most of whose sizes are 1 or 3."""
    axes = int(torch.randint(0, 5, (), generator=draw))
    sizes = torch.tensor([1, 1, 1, 3, 3, 3, 2, 0])
    return tuple(sizes[torch.randint(0, 8, (axes,), generator=draw)].tolist())


@check("broadcast_shape", points=2)
def test_any_broadcast(submission):
    """Unequal numbers of axes, several axes of length 1, sizes of 0, shapes without axes, in both orders."""
    every = "Every pair of sizes counts, from the last to the first: equal, or one of them 1."
    for a, b, because in (
        ((4, 2), (3, 2), every),
        ((2, 4, 5), (3, 4, 5), every),
        ((6, 4, 1, 5), (3, 1, 5), every),
        ((4, 1), (3, 4, 7), every),
        ((2, 3, 4), (2, 1, 4), every),
        ((4, 4, 4), (4, 4, 4), every),
        ((7,), (7, 1), "A missing axis counts as 1, and axes are missing on the left."),
        ((7,), (3, 7), "A missing axis counts as 1, and axes are missing on the left."),
        ((7,), (7, 3), "A missing axis counts as 1, and axes are missing on the left."),
        ((3, 4), (3, 4, 5), "A missing axis counts as 1, and axes are missing on the left."),
        ((4, 5), (2, 3, 4, 5), "A missing axis counts as 1, and axes are missing on the left."),
        ((), (), "A tensor without axes broadcasts with anything."),
        ((), (0,), "A tensor without axes broadcasts with anything."),
        ((), (2, 6), "A tensor without axes broadcasts with anything."),
        ((1,), (1,), "Two sizes of 1 stay 1."),
        ((1, 1), (1,), "Two sizes of 1 stay 1."),
        ((0,), (1,), "1 stretches to any size, 0 included."),
        ((3, 0), (1, 1), "1 stretches to any size, 0 included."),
        ((0, 1), (1, 5), "1 stretches to any size, 0 included."),
        ((0,), (0,), "0 is a size like any other."),
        ((0,), (2,), "0 is a size like any other."),
        ((3, 0), (3, 3), "0 is a size like any other."),
    ):
        expect_broadcast(submission, a, b, because)
    draw = torch.Generator().manual_seed(408)
    for _ in range(30):
        expect_broadcast(submission, random_shape(draw), random_shape(draw), "The prediction is what torch does.")


def expect_scaled(submission, x, w, because=None):
    """Compare with the rows, scaled one by one; both inputs must stay as they were."""
    known = torch.stack([row * factor for row, factor in zip(x, w, strict=True)])
    seen = submission.observe.fix_row_scaling(x, w)
    expect(seen, because="The result has the shape of the matrix.").is_a(torch.Tensor).shape(*x.shape)
    expect(seen, because=because).close(known, rtol=1e-5, atol=1e-6)
    expect(seen, because="Both tensors are left as they were.").untouched()


@check("fix_row_scaling", points=1, visible=True)
def test_known_rows_are_scaled(submission):
    """Three rows of two elements by 1, 10 and 100, and a 2x2 matrix."""
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    w = torch.tensor([1.0, 10.0, 100.0])
    expect(submission.fix_row_scaling(x, w)).close(torch.tensor([[1.0, 2.0], [30.0, 40.0], [500.0, 600.0]]))
    expect_scaled(submission, x, w)
    expect_scaled(submission, x[:2], w[:2])


@check("fix_row_scaling", points=1)
def test_any_rows_are_scaled(submission):
    """More rows than columns, fewer, as many, a single one of either."""
    draw = torch.Generator().manual_seed(411)
    block, w = torch.randn(7, 7, generator=draw), torch.randn(7, generator=draw)
    for x, because in (
        (block[:, :3], "There may be more rows than columns."),
        (block[:2], "There may be more columns than rows."),
        (block, "In a square matrix the code that was given does not raise, but it is the rows that have factors."),
        (block[:4, :4].t(), "A transposed matrix is a matrix like any other."),
        (block[:1], "There may be a single row."),
        (block[:, :1], "A single column stays a single column."),
        (block[:1, :1], "There may be a single element."),
    ):
        expect_scaled(submission, x, w[: len(x)], because)
