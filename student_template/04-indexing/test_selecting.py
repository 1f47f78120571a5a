"""The checks you can see. More are run when you hand in."""

import torch

from torchgrade import check, expect

SCORES = torch.tensor([[42, 67, 76, 14, 26], [35, 20, 24, 50, 13], [78, 14, 10, 54, 31], [72, 15, 95, 67, 6]])
NO_LOOP = "Whole tensors are worked on: the number of operations does not depend on the number of rows."


def expect_no_loop(function, small, large):
    """See that a large input takes no more tensor operations than a small one."""
    expect.vectorised(function, small=small, large=large, reading=True, because=NO_LOOP)


def expect_filtered(submission, x, col, threshold, because=None):
    """Compare rows and elements with those that are picked one by one; the matrix must stay as it was."""
    rows = [row for row in x.unbind(0) if row[col].item() >= threshold]
    elements = [element for row in x.unbind(0) for element in row.unbind(0) if element.item() > threshold]
    seen = submission.observe.filter_rows(x, col, threshold)
    pair = expect(seen, because="The result is a tuple of two tensors.").is_a(tuple).length(2)
    for index, known, empty, sentence in (
        (0, rows, (0, x.shape[1]), "The first result is the rows whose entry in the column is at least the threshold."),
        (1, elements, (0,), "The second result is all elements above the threshold, row by row."),
    ):
        pair.at(index).is_a(torch.Tensor)
        asked = torch.stack(known) if known else x.new_empty(empty)
        expect(seen, because=because or sentence).at(index).shape(*asked.shape).equal(asked)
    expect(seen, because="The selections are copies, with memory of their own.").fresh()
    expect(seen, because="The matrix is left as it was.").untouched()


@check("filter_rows", points=1, visible=True)
def test_filtering_known_scores(submission):
    """The scores of seed 42: two rows with at least 20 in column 1, eleven elements above 30; nothing above 200."""
    rows = expect(submission.filter_rows(SCORES, 1, 20.0)).at(0)
    rows.equal(torch.tensor([[42, 67, 76, 14, 26], [35, 20, 24, 50, 13]]))
    elements = expect(submission.filter_rows(SCORES, 0, 30.0)).at(1)
    elements.equal(torch.tensor([42, 67, 76, 35, 50, 78, 54, 31, 72, 95, 67]))
    for col, threshold in ((1, 20.0), (0, 30.0), (4, 200.0)):
        expect_filtered(submission, SCORES, col, threshold)
    expect_no_loop(submission.filter_rows, (SCORES, 1, 20.0), (SCORES.repeat(40, 1), 1, 20.0))


def expect_taken(submission, x, idx, because=None):
    """Compare with the elements, taken one by one; both inputs must stay as they were."""
    known = torch.stack([x[i, j] for i, j in enumerate(idx.tolist())])
    seen = submission.observe.take_per_row(x, idx)
    expect(seen, because="There is one element for each row.").is_a(torch.Tensor).shape(len(x))
    expect(seen, because=because).equal(known)
    expect(seen, because="Both tensors are left as they were.").untouched()


def expect_gradient(submission, x, idx, along):
    """See that the gradient reaches the elements that were taken, and no others."""
    known = torch.zeros_like(x)
    for i, j in enumerate(idx.tolist()):
        known[i, j] = along[i]
    found = submission.vjp("take_per_row", (x, idx), (along,))["inputs"]
    because = "Gradients flow to the elements that were taken, and to no others."
    expect(found, because=because).at(0).is_a(torch.Tensor).close(known, rtol=1e-5, atol=1e-6)


@check("take_per_row", points=1, visible=True)
def test_taking_from_known_matrices(submission):
    """[6, 0, 8, 6] of the 4x5 matrix of seed 42; the score of the right class in each of three rows."""
    matrix = torch.tensor([[2, 7, 6, 4, 6], [5, 0, 4, 0, 3], [8, 4, 0, 4, 1], [2, 5, 5, 7, 6]])
    idx = torch.tensor([2, 1, 0, 4])
    expect(submission.take_per_row(matrix, idx)).equal(torch.tensor([6, 0, 8, 6]))
    expect_taken(submission, matrix, idx)
    scores = torch.tensor([[0.5, -1.0, 2.0], [0.0, 3.0, 1.5], [-2.0, 0.25, 4.0]])
    classes = torch.tensor([2, 0, 0])
    expect_taken(submission, scores, classes)
    expect_gradient(submission, scores, classes, torch.ones(3))
    expect_no_loop(submission.take_per_row, (scores, classes), (scores.repeat(40, 1), classes.repeat(40)))


def expect_masked(submission, x, fill, because=None):
    """Compare with a copy in which the first largest element of each row is replaced."""
    known = x.clone()
    for row in known:
        row[row.tolist().index(max(row.tolist()))] = fill
    seen = submission.observe.mask_row_max(x, fill)
    expect(seen, because="The result has the shape of the matrix.").is_a(torch.Tensor).shape(*x.shape)
    expect(seen, because="The dtype stays as it is.").dtype(x.dtype)
    expect(seen, because=because).equal(known)
    expect(seen, because="The result is a copy, with memory of its own.").fresh()
    expect(seen, because="The matrix is left as it was.").untouched()


@check("mask_row_max", points=2, visible=True)
def test_masking_known_matrices(submission):
    """The largest score of each row of seed 42 as -1; the first of two threes in a row; a 2x2 matrix."""
    known = [[42, 67, -1, 14, 26], [35, 20, 24, -1, 13], [-1, 14, 10, 54, 31], [72, 15, -1, 67, 6]]
    expect(submission.mask_row_max(SCORES, -1.0)).equal(torch.tensor(known))
    expect_masked(submission, SCORES, -1.0)
    expect_masked(submission, torch.tensor([[1.0, 3.0, 3.0], [2.0, 0.0, 1.0]]), 0.0)
    expect_masked(submission, torch.tensor([[1.0, 2.0], [4.0, 3.0]]), 9.5)
    small = torch.tensor([[1.0, 3.0, 3.0], [2.0, 0.0, 1.0]])
    expect_no_loop(submission.mask_row_max, (small, 0.0), (small.repeat(60, 1), 0.0))


def expect_hot(submission, labels, num_classes, because=None):
    """Compare with rows that are written out in plain Python."""
    rows = [[float(column == label) for column in range(num_classes)] for label in labels]
    known = torch.tensor(rows).reshape(len(labels), num_classes)
    out = submission.one_hot(labels, num_classes)
    sizes = "There is a row for each label and a column for each class, whether it occurs or not."
    expect(out, because=sizes).is_a(torch.Tensor).shape(*known.shape)
    expect(out, because="The result is float32.").dtype(torch.float32)
    expect(out, because=because or "Each row is 1 in the column of its label, and 0 elsewhere.").equal(known)


def expect_refused(submission, labels, num_classes, because=None):
    """See that these labels are refused."""
    with expect.raises(ValueError, because=because):
        submission.one_hot(labels, num_classes)


@check("one_hot", points=1, visible=True)
def test_known_labels(submission):
    """The letters of "hello" as 1, 0, 2, 2, 3 with 4 and with 6 classes; ValueError for -1 and for 4 of 4 classes."""
    hello = [1, 0, 2, 2, 3]
    known = [[0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], *[[0.0, 0.0, 1.0, 0.0]] * 2, [0.0, 0.0, 0.0, 1.0]]
    expect(submission.one_hot(hello, 4)).equal(torch.tensor(known))
    expect_hot(submission, hello, 6)
    expect_no_loop(submission.one_hot, (hello, 4), (hello * 60, 4))
    for label in (-1, 4):
        expect_refused(submission, [0, label, 2], 4)
