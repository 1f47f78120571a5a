"""The checks you can see. More are run when you hand in."""

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
