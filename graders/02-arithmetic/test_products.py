"""Checks of 02-arithmetic: matrix products, their shapes, their batches and their transposes."""

import torch
from torch.nn import functional

from torchgrade import check, expect

BANNED = (
    *("torch.matmul", "torch.Tensor.matmul", "torch.Tensor.__matmul__", "torch.mm", "torch.bmm"),
    *("numpy.matmul", "numpy.dot", "numpy.einsum"),
)


def torch_says(a, b):
    """Return the shape of the product, or None where torch raises."""
    try:
        return tuple(torch.matmul(torch.zeros(a), torch.zeros(b)).shape)
    except RuntimeError:
        return None


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


def random_shape(draw, longest):
    """Draw a shape whose sizes are 1, 2 or 3, up to ``longest`` axes."""
    axes = int(torch.randint(0, longest + 1, (), generator=draw))
    return tuple(torch.randint(1, 4, (axes,), generator=draw).tolist())


@check("matmul_shape", points=2)
def test_shape_of_any_product(submission):
    """Vectors on either side, batches that broadcast or do not, sizes of 0, operands without axes."""
    for a, b, because in (
        ((4,), (4, 6), "A vector on the left counts as a row, and that axis is dropped again."),
        ((6, 4), (4,), "A vector on the right counts as a column, and that axis is dropped again."),
        ((4,), (6, 4), "A vector on the left must fit the second-last axis of the right factor."),
        ((4, 6), (4,), "A vector on the right must fit the last axis of the left factor."),
        ((4,), (5,), "Two vectors must have one length."),
        ((1,), (5,), "The inner sizes do not broadcast: they must be equal."),
        ((5, 1), (6, 2), "The inner sizes do not broadcast: they must be equal."),
        ((4,), (5, 2, 4, 6), "A vector can meet a batch."),
        ((5, 2, 6, 4), (4,), "A batch can meet a vector."),
        ((2, 1, 3, 4), (5, 4, 6), "The axes before the last two broadcast."),
        ((6, 4), (2, 3, 4, 5), "A matrix can meet a batch."),
        ((2, 3, 4), (5, 4, 3), "Batch sizes that do not broadcast."),
        ((2, 5, 3, 4), (2, 4, 3), "Batch sizes are aligned at their ends."),
        ((2, 3, 4, 5, 6), (4, 6, 7), "Batch sizes are aligned at their ends."),
        ((3, 1, 5), (2, 3, 4, 5, 6), "The axes before the last two broadcast."),
        ((4, 4, 4), (4, 4, 4), "A batch of square matrices."),
        ((3, 0), (0, 2), "An inner size of 0 is a size like any other."),
        ((0, 3), (3, 2), "A matrix may have no rows."),
        ((0,), (0,), "Vectors may have no elements."),
        ((0,), (1,), "0 and 1 are different inner sizes."),
        ((0, 4, 5), (1, 5, 2), "A batch may be empty; 1 broadcasts to 0."),
        ((0, 4, 5), (2, 5, 2), "0 and 2 are different batch sizes."),
        ((), (3,), "An operand without axes is refused."),
        ((2, 3), (), "An operand without axes is refused."),
        ((), (), "An operand without axes is refused."),
    ):
        expect_product_shape(submission, a, b, torch_says(a, b), because)
    draw = torch.Generator().manual_seed(204)
    for index in range(40):
        a, b = random_shape(draw, 4), random_shape(draw, 4)
        if index % 4 and a and len(b) > 1:  # most pairs shall agree in the inner sizes, so that the others matter
            b = (*b[:-2], a[-1], b[-1])
        expect_product_shape(submission, a, b, torch_says(a, b), "The prediction is what torch does.")


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


@check("batched_matmul", points=2)
def test_any_batches(submission):
    """Batches of any size, also one and none, every dtype, gradients for both factors, no loop."""
    draw = torch.Generator().manual_seed(205)
    x = torch.randn(40, 2, 6, generator=draw, dtype=torch.float64)
    y = torch.randn(40, 6, 3, generator=draw, dtype=torch.float64)
    because = "Each matrix meets the matching matrix of the other batch."
    for b in (1, 3, 40):
        expect_batch(submission, x[:b].float(), y[:b].float(), because)
    expect_no_loop(submission, x.float(), y.float())
    expect_batch(submission, x[:3], y[:3], "float64 stays float64.")
    whole = (9 * x[:3]).long(), (9 * y[:3]).long()
    expect_batch(submission, *whole, "int64 stays int64.")
    expect_batch(submission, x[:0].float(), y[:0].float(), "An empty batch gives an empty batch.")
    cube = torch.randn(2, 4, 4, 4, generator=draw)
    expect_batch(submission, cube[0], cube[1], because)
    expect_batch(submission, cube[0].mT, cube[1], "Transposed matrices are matrices like any other.")
    left, right, along = x[:3].float(), y[:3].float(), torch.randn(3, 2, 3, generator=draw)
    gradients = submission.vjp("batched_matmul", (left, right), (along,))["inputs"]
    for found, known in zip(gradients, (along @ right.mT, left.mT @ along), strict=True):
        expect(found, because="Gradients flow to both batches.").is_a(torch.Tensor).close(known, rtol=1e-4, atol=1e-4)


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


@check("linear_forward", points=2)
def test_any_layer(submission):
    """One to four axes, square weights, no bias, as many rows as outputs; gradients for everything."""
    draw = torch.Generator().manual_seed(206)
    for shape, outputs, because in (
        ((5,), 3, "A single feature vector gives a single vector of outputs."),
        ((4,), 4, "A square weight is used row by row, too."),
        ((7, 5), 3, "Each row of x gives a row of outputs."),
        ((3, 5), 3, "The bias goes with the outputs, not with the rows."),
        ((4, 4), 4, "A square weight is used row by row, too."),
        ((1, 4), 2, "A batch of one is a batch."),
        ((0, 4), 2, "A batch may be empty."),
        ((2, 3, 5), 4, "All axes but the last are left alone."),
        ((2, 3, 3), 3, "All axes but the last are left alone."),
        ((2, 1, 3, 4), 4, "All axes but the last are left alone."),
    ):
        x = torch.randn(shape, generator=draw)
        weight = torch.randn(outputs, shape[-1], generator=draw)
        bias = torch.randn(outputs, generator=draw)
        expect_linear(submission, functional.linear(x, weight, bias), because, x, weight, bias)
        expect_linear(submission, functional.linear(x, weight), "Without a bias none is added.", x, weight, None)
        expect_linear(submission, functional.linear(x, weight), "The bias may be left out.", x, weight)
    x, weight, along = (torch.randn(shape, generator=draw) for shape in ((6, 4), (3, 4), (6, 3)))
    found = submission.vjp("linear_forward", (x, weight, torch.ones(3)), (along,))["inputs"]
    for gradient, known in zip(found, (along @ weight, along.T @ x, along.sum(0)), strict=True):
        because = "Gradients flow to the input, the weight and the bias."
        expect(gradient, because=because).is_a(torch.Tensor).close(known, rtol=1e-4, atol=1e-4)


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


@check("fix_price_matrix", points=1)
def test_any_prices(submission):
    """More items than sets of weights, fewer, as many, two of each, a single one."""
    draw = torch.Generator().manual_seed(207)
    for n, m, because in (
        (5, 3, "There may be more items than sets of weights."),
        (2, 6, "There may be more sets of weights than items."),
        (4, 4, "Every item meets every set of weights."),
        (2, 2, "With two of each the product does not raise, but the rows must still meet each other."),
        (1, 3, "There may be a single item."),
        (3, 1, "There may be a single set of weights."),
    ):
        features, weights = torch.randn(n, 2, generator=draw), torch.randn(m, 2, generator=draw)
        known = (features[:, None, :] * weights[None, :, :]).sum(2)
        expect_prices(submission, features, weights, known, because)
