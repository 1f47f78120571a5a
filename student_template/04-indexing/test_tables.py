"""The checks you can see. More are run when you hand in."""

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
