"""The checks you can see. More are run when you hand in."""

import torch

from torchgrade import check, expect

MATRIX = torch.tensor([[2, 7, 6, 4, 6], [5, 0, 4, 0, 3], [8, 4, 0, 4, 1], [2, 5, 5, 7, 6]])
CUBE = torch.tensor(
    [
        [[42, 67, 76, 14, 26], [35, 20, 24, 50, 13], [78, 14, 10, 54, 31], [72, 15, 95, 67, 6]],
        [[49, 76, 73, 11, 99], [13, 41, 69, 87, 19], [72, 80, 75, 29, 33], [64, 39, 76, 32, 10]],
        [[86, 22, 77, 19, 7], [23, 43, 94, 93, 77], [70, 9, 70, 39, 86], [99, 15, 84, 78, 8]],
    ]
)
PARTS = {
    "row": "row is one row of the matrix, with one axis.",
    "column": "column is one column of the matrix, as a matrix of one column.",
    "element": "element is a tensor without axes.",
    "corner": "corner is the first two rows of the first three columns.",
    "grid": "grid is the rows with even numbers of the columns with odd numbers, counted from 0.",
    "tail": "tail is all rows but the first two.",
}


def parts_of(x, r, c):
    """Gather the six parts by index, element for element."""
    n, m = x.shape
    rows, columns = list(range(n)), list(range(m))

    def gathered(some_rows, some_columns):
        chosen = [x[i, j] for i in some_rows for j in some_columns]
        return torch.stack(chosen).reshape(len(some_rows), len(some_columns)) if chosen else x.new_empty(0, m)

    return {
        "row": gathered([r], columns).reshape(m),
        "column": gathered(rows, [c]),
        "element": x[r, c],
        "corner": gathered(rows[:2], columns[:3]),
        "grid": gathered(range(0, n, 2), range(1, m, 2)),
        "tail": gathered(rows[2:], columns),
    }


def expect_parts(submission, x, r, c):
    """Compare all six parts; each must lie in the memory of the matrix, which stays as it was."""
    seen = submission.observe.pick_parts(x, r, c)
    expect(seen, because="The result is a dict of six tensors.").is_a(dict).length(6)
    for key, known in parts_of(x, r, c).items():
        part = expect(seen, because=PARTS[key]).at(key).is_a(torch.Tensor)
        part.shape(*known.shape).equal(known)
        if known.numel() and (f"result[{key!r}]", "args[0]") not in seen.aliases:
            rationale = f"{key} is a copy; a view was asked for, in the memory of the matrix."
            help_ = "Numbers and slices between the brackets give views; lists, masks and clone() copy."
            expect.fail(rationale, help_, because="Every part is a view: basic slices copy nothing.")
    expect(seen, because="The matrix is left as it was.").untouched()


@check("pick_parts", points=1, visible=True)
def test_parts_of_known_matrices(submission):
    """The 4x5 matrix of seed 42: 7 in row 0 and column 1, column 2 as a 4x1 matrix; a 5x5 matrix."""
    found = expect(submission.pick_parts(MATRIX, 0, 1))
    found.at("row").equal(torch.tensor([2, 7, 6, 4, 6]))
    found.at("element").equal(torch.tensor(7))
    expect_parts(submission, MATRIX, 0, 1)
    expect(submission.pick_parts(MATRIX, 2, 2)).at("column").equal(torch.tensor([[6], [4], [0], [5]]))
    expect_parts(submission, MATRIX, 2, 2)
    expect_parts(submission, torch.arange(25.0).reshape(5, 5), 3, 4)


SLICES = (
    "The first result is the last entry of every innermost vector.",
    "The second result is the first block.",
    "The third result is the first row of every block.",
    "The fourth result is the first entry of every innermost vector.",
)


def expect_slices(submission, x):
    """Compare the four slices, taken by splitting the axes."""
    blocks = x.unbind(0)
    known = (
        torch.stack([block.unbind(1)[-1] for block in blocks]),
        blocks[0],
        torch.stack([block.unbind(0)[0] for block in blocks]),
        torch.stack([block.unbind(1)[0] for block in blocks]),
    )
    seen = expect(submission.cube_slices(x), because="The result is a tuple of four tensors.").is_a(tuple).length(4)
    for index, (because, slice_) in enumerate(zip(SLICES, known, strict=True)):
        found = expect(seen.value, because=because).at(index).is_a(torch.Tensor)
        found.shape(*slice_.shape).equal(slice_)


@check("cube_slices", points=1, visible=True)
def test_slices_of_known_cubes(submission):
    """[[3, 6, 9]] and more from 1 to 9 as a block of shape (1, 3, 3), and the (3, 4, 5) tensor of seed 42."""
    nine = torch.arange(1, 10).reshape(1, 3, 3)
    expect(submission.cube_slices(nine)).at(0).equal(torch.tensor([[3, 6, 9]]))
    expect_slices(submission, nine)
    expect(submission.cube_slices(CUBE)).at(3).equal(
        torch.tensor([[42, 35, 78, 72], [49, 13, 72, 64], [86, 23, 70, 99]])
    )
    expect_slices(submission, CUBE)


def expect_zeroed(submission, x, j, because=None):
    """See that the column is zero in the matrix itself, which is also the result, and all else as it was."""
    here = "The zeros are written into the matrix itself, where views that were made earlier see them."
    back = "The matrix that was passed is also what is returned."
    known = x.clone()
    known[:, j] = 0
    seen = submission.observe.zero_column_(x, j)
    expect(seen, because=here).written_in_place("args[0]")
    expect(seen, because=because or here).argument(0).equal(known)
    expect(seen, because=back).is_a(torch.Tensor).shares_memory().equal(known)


@check("zero_column_", points=1, visible=True)
def test_known_columns(submission):
    """Column 1 of a 4x4 matrix of ones, and the last column of a 2x3 matrix."""
    expect_zeroed(submission, torch.ones(4, 4), 1)
    expect_zeroed(submission, torch.tensor([[1, 2, 3], [4, 5, 6]]), -1)
