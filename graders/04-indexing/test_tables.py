"""Checks of 04-indexing: tables that are standardised or compared, all at once."""

import torch

from torchgrade import check, expect

STATISTICS = tuple(
    f"{home}.{name}"
    for home, names in (
        ("torch", ("var", "std", "var_mean", "std_mean", "cov", "corrcoef", "batch_norm", "layer_norm")),
        ("torch.Tensor", ("var", "std", "cov", "corrcoef")),
        ("torch.nn.functional", ("batch_norm", "instance_norm", "layer_norm", "group_norm", "normalize")),
        ("numpy", ("var", "std", "nanvar", "nanstd", "cov", "corrcoef")),
    )
    for name in names
)


def standardized(x):
    """Standardise column after column, in float64."""
    columns = []
    for column in x.double().unbind(1):
        deviation = column - column.mean()
        spread = column.std(correction=1)
        columns.append(deviation / spread if spread > 0 else torch.zeros_like(column))
    return torch.stack(columns, 1).to(x.dtype)


def expect_standardized(submission, x, because=None):
    """Compare with the known columns; the matrix must stay as it was."""
    with submission.banning(*STATISTICS):
        seen = submission.observe.standardize_columns(x)
    expect(seen, because="The result has the shape of the matrix.").is_a(torch.Tensor).shape(*x.shape)
    expect(seen, because="The dtype stays as it is.").dtype(x.dtype)
    expect(seen, because=because).close(standardized(x), rtol=1e-4, atol=1e-5)
    expect(seen, because="The matrix is left as it was.").untouched()


@check("standardize_columns", points=2, visible=True)
def test_standardizing_known_matrices(submission):
    """Columns [1, 2, 3] and [10, 10, 40] and a constant one; a 2x2 matrix; a 4x2 matrix."""
    table = torch.tensor([[1.0, 10.0, 5.0], [2.0, 10.0, 5.0], [3.0, 40.0, 5.0]])
    known = torch.tensor([[-1.0, -0.57735, 0.0], [0.0, -0.57735, 0.0], [1.0, 1.154701, 0.0]])
    with submission.banning(*STATISTICS):
        expect(submission.standardize_columns(table)).close(known, rtol=1e-4, atol=1e-5)
    expect_standardized(submission, table)
    expect_standardized(submission, torch.tensor([[1.0, 2.0], [3.0, 7.0]]))
    expect_standardized(submission, torch.tensor([[4.0, 0.0], [8.0, 1.0], [2.0, 0.0], [6.0, 5.0]]))


@check("standardize_columns", points=2)
def test_standardizing_any_matrix(submission):
    """Tall, wide, square and transposed matrices, two rows, one column, constant columns, float64."""
    draw = torch.Generator().manual_seed(409)
    block = 3 * torch.randn(8, 8, generator=draw) + torch.arange(-4.0, 4.0)
    square = "In a square matrix, too, a column is compared with its own mean and spread."
    for x, because in (
        (block, square),
        (block[:3, :3].clone(), square),
        (block.t(), "A transposed matrix is a matrix like any other."),
        (block[:5].t(), "A transposed matrix is a matrix like any other."),
        (block[:, :2].clone(), "There may be more rows than columns: the spread is that of a sample of rows."),
        (block[:, :1].clone(), "There may be a single column."),
        (block[:3], "There may be more columns than rows: the spread is that of a sample of rows."),
        (block[:2], "There may be two rows."),
        (block.double(), "float64 stays float64."),
        (block[::2, 1::3].double(), "A part of a matrix is a matrix like any other."),
    ):
        expect_standardized(submission, x, because)
    # Sums of these are exact in any order, so that a spread of 0 comes out as 0 however it is computed.
    for rows, columns in ((4, 4), (8, 5), (2, 3)):
        x = block[:rows, :columns].clone()
        x[:, 1], x[:, -1] = 2.5, 0.0
        for some in (x, x.double(), x[:, 1:2].clone()):
            expect_standardized(submission, some, "A constant column becomes zeros, and the others do not mind.")


def distances(a, b):
    """Compute every distance by itself, in float64."""
    known = torch.empty(len(a), len(b), dtype=torch.float64)
    for i, point in enumerate(a.double()):
        known[i] = (point - b.double()).square().sum(1)
    return known.to(a.dtype)


def expect_distances(submission, a, b, because=None):
    """Compare with the known distances; both tables must stay as they were."""
    known = distances(a, b)
    seen = submission.observe.pairwise_sq_dists(a, b)
    sizes = "There is a row for each point of the first table and a column for each point of the second."
    expect(seen, because=sizes).is_a(torch.Tensor).shape(*known.shape)
    expect(seen, because="The dtype is that of the points.").dtype(known.dtype)
    expect(seen, because=because).close(known, rtol=1e-4, atol=1e-6)
    expect(seen, because="Both tables are left as they were.").untouched()
    if (seen.result < 0).any():
        expect.fail("A distance came out negative.", "A sum of squares cannot be.", because=because)
    for i, j in (known == 0).nonzero().tolist():
        exact = expect(seen.result[i, j], because="Equal points have a distance of exactly 0.")
        exact.equal(torch.zeros((), dtype=a.dtype))


def expect_no_loop(submission, draw):
    """See that more points with more coordinates take no more tensor operations."""
    a, b = torch.randn(2, 60, 12, generator=draw)
    because = "All distances are computed at once: the number of operations does not depend on the number of points."
    function = submission.pairwise_sq_dists
    expect.vectorised(function, small=(a[:3, :2], b[:2, :2]), large=(a, b[:50]), reading=True, because=because)


@check("pairwise_sq_dists", points=2, visible=True)
def test_known_distances(submission):
    """Two points from three: 25 for (0, 0) and (3, 4); two points far out that lie close together."""
    a = torch.tensor([[0.0, 0.0], [3.0, 4.0]])
    b = torch.tensor([[3.0, 4.0], [0.0, 1.0], [6.0, 8.0]])
    expect(submission.pairwise_sq_dists(a, b)).close(torch.tensor([[25.0, 1.0, 100.0], [0.0, 18.0, 25.0]]))
    expect_distances(submission, a, b)
    far = torch.tensor([[10000.0, 10000.0], [10000.5, 10000.0]])
    expect_distances(submission, far, far)
    expect_no_loop(submission, torch.Generator().manual_seed(1))


@check("pairwise_sq_dists", points=2)
def test_any_distances(submission):
    """Any numbers of points and coordinates, equal or not; one point; points far from the origin; no loop."""
    draw = torch.Generator().manual_seed(410)
    for n, m, d, because in (
        (5, 3, 2, "Every point of one table meets every point of the other."),
        (3, 6, 4, "Every point of one table meets every point of the other."),
        (2, 4, 7, "Every point of one table meets every point of the other."),
        (4, 4, 4, "With as many points as coordinates, each axis still has its own meaning."),
        (3, 3, 3, "With as many points as coordinates, each axis still has its own meaning."),
        (6, 6, 2, "With as many points in both tables, every point meets every other."),
        (1, 5, 3, "There may be a single point."),
        (5, 1, 3, "There may be a single point."),
        (3, 4, 1, "There may be a single coordinate."),
    ):
        a, b = torch.randn(n, d, generator=draw), torch.randn(m, d, generator=draw)
        expect_distances(submission, a, b, because)
        expect_distances(submission, a.double(), b.double(), because)
        expect_distances(submission, a, a, because)
    turned = torch.randn(2, 4, 6, generator=draw)
    expect_distances(submission, turned[0].t(), turned[1].t(), "A transposed table is a table like any other.")
    for count in (6, 40):
        near = torch.randn(count, 3, generator=draw) / 8 + torch.tensor([4000.0, -2000.0, 3000.0])
        because = "Points far from the origin that lie close together keep the full precision of their distance."
        expect_distances(submission, near, near[: count // 2] + 0.25, because)
        expect_distances(submission, near, near, because)
    expect_no_loop(submission, draw)
