"""The checks you can see. More are run when you hand in."""

import torch

from torchgrade import check, expect

BANNED = (
    *("torch.matmul", "torch.Tensor.matmul", "torch.Tensor.__matmul__", "torch.mm", "torch.bmm"),
    *("numpy.matmul", "numpy.dot", "numpy.einsum"),
)


def expect_product_shape(submission, a, b, known, because=None):
    """Compare with the known shape or None."""
    with submission.banning(*BANNED):
        seen = submission.observe.matmul_shape(a, b)
    if known is None:
        expect(seen, because=because).equal(None)
    else:
        expect(tuple(expect(seen, because=because).is_a(tuple).value), because=because).equal(known)
    expect(seen.ops, because="Do without tensors in this exercise.").equal({})


@check("matmul_shape", points=2, visible=True)
def test_shape_of_known_products(submission):
    """Matrices that match and that do not, two vectors, a batch with a batch and with a matrix."""
    expect_product_shape(submission, (3, 2), (3, 2), None)
    expect_product_shape(submission, (2, 3), (3, 2), (2, 2))
    expect_product_shape(submission, (3, 2), (2, 3), (3, 3))
    expect_product_shape(submission, (3,), (3,), ())
    expect_product_shape(submission, (3, 4, 5), (3, 5, 8), (3, 4, 8))
    expect_product_shape(submission, (3, 4, 5), (5, 8), (3, 4, 8))
    expect_product_shape(submission, (1, 4, 5), (7, 5, 2), (7, 4, 2))


def expect_batch(submission, x, y, because=None):
    """Compare with torch's product."""
    known = torch.bmm(x, y)
    slack = 1e-4 if known.is_floating_point() else 0  # integers are exact
    seen = submission.observe.batched_matmul(x, y)
    out = expect(seen, because="There is one product of shape (N, P) for each pair.").is_a(torch.Tensor)
    out.shape(*known.shape)
    expect(seen, because="The dtype is that of the two batches.").dtype(known.dtype)
    expect(seen, because=because).close(known, rtol=slack, atol=slack)
    expect(seen, because="Both batches are left as they were.").untouched()


def expect_no_loop(submission, x, y):
    """See that a large batch takes no more tensor operations than its first three pairs."""
    because = "All pairs are multiplied at once: the number of operations does not depend on that of the pairs."
    expect.vectorised(submission.batched_matmul, small=(x[:3], y[:3]), large=(x, y), reading=True, because=because)


@check("batched_matmul", points=1, visible=True)
def test_known_batches(submission):
    """Two pairs of 2x2 matrices of ints, three pairs of shapes (4, 5) and (5, 8), and many pairs at once."""
    x = torch.tensor([[[1, 2], [3, 4]], [[1, 0], [0, 1]]])
    y = torch.tensor([[[5, 6], [7, 8]], [[9, 9], [8, 8]]])
    expect_batch(submission, x, y)
    expect(submission.batched_matmul(x, y)).equal(torch.tensor([[[19, 22], [43, 50]], [[9, 9], [8, 8]]]))
    draw = torch.Generator().manual_seed(40)
    expect_batch(submission, torch.randn(3, 4, 5, generator=draw), torch.randn(3, 5, 8, generator=draw))
    expect_no_loop(submission, x.repeat(30, 1, 1), y.repeat(30, 1, 1))


def expect_linear(submission, known, because, *args):
    """Compare with what the layer gives."""
    expect(submission.linear_forward(*args), because=because).close(known, rtol=1e-4, atol=1e-5)


@check("linear_forward", points=2, visible=True)
def test_known_layer(submission):
    """The layer with seed 42 from 2 to 6 features on three rows, with its bias; a square weight, without one."""
    rows = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(42)
        layer = torch.nn.Linear(2, 6)
    weight, bias = layer.weight.detach(), layer.bias.detach()
    printed = torch.tensor(
        [
            [2.2368, 1.2292, 0.4714, 0.3864, 0.1309, 0.9838],
            [4.4919, 2.1970, 0.4469, 0.5285, 0.3401, 2.4777],
            [6.7469, 3.1648, 0.4224, 0.6705, 0.5493, 3.9716],
        ]
    )
    expect(submission.linear_forward(rows, weight, bias)).close(printed, rtol=0, atol=1e-4)
    square = torch.tensor([[0.0, 1.0], [2.0, 3.0]])
    expect_linear(submission, torch.tensor([[2.0, 8.0], [4.0, 18.0], [6.0, 28.0]]), None, rows, square)
    expect_linear(submission, torch.tensor([2.0, 8.0]), None, rows[0], square, None)


def expect_prices(submission, features, weights, known, because=None):
    """Compare with the known table; the inputs must stay as they were."""
    seen = submission.observe.fix_price_matrix(features, weights)
    expect(seen, because="There is a row for each item and a column for each set of weights.").shape(*known.shape)
    expect(seen, because=because).close(known, rtol=1e-5, atol=1e-5)
    expect(seen, because="Both tables are left as they were.").untouched()


@check("fix_price_matrix", points=1, visible=True)
def test_known_prices(submission):
    """Three items with three sets of weights: the table from 27 to 117."""
    features = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    weights = torch.tensor([[7.0, 10.0], [8.0, 11.0], [9.0, 12.0]])
    known = torch.tensor([[27.0, 30.0, 33.0], [61.0, 68.0, 75.0], [95.0, 106.0, 117.0]])
    expect_prices(submission, features, weights, known)
