"""The checks you can see. More are run when you hand in."""

import torch

from torchgrade import check, expect

KEYS = ("add", "sub", "mul", "div", "neg")


def tolerance(known, relative):
    """Integers must be exact; floating-point numbers may be rounded on the way."""
    return {"rtol": relative, "atol": relative} if known.is_floating_point() else {"rtol": 0, "atol": 0}


def five(a, b):
    """Compute what is asked for, in the order of the keys."""
    return dict(
        zip(KEYS, (torch.add(a, b), torch.sub(a, b), torch.mul(a, b), torch.true_divide(a, b), a.neg()), strict=True)
    )


def expect_five(submission, a, b, known, because=None):
    """Compare all five entries with the known tensors; the inputs must stay as they were."""
    seen = submission.observe.five_operations(a, b)
    expect(seen, because="The result is a dict of five tensors.").is_a(dict).length(5)
    for key in KEYS:
        sentence = because or "Each entry is computed from both tensors as they came in."
        entry = expect(seen, because=sentence).at(key).is_a(torch.Tensor)
        entry.shape(*known[key].shape).dtype(known[key].dtype).close(known[key], **tolerance(known[key], 1e-5))
    expect(seen, because="Both tensors are left as they were.").untouched()


@check("five_operations", points=1, visible=True)
def test_five_operations_on_known_tensors(submission):
    """A 2x3 table of ints with a column, and two 2x2 tables."""
    table, column = torch.tensor([[8, 3, 5], [7, 2, 4]]), torch.tensor([[6], [3]])
    known = {
        "add": torch.tensor([[14, 9, 11], [10, 5, 7]]),
        "sub": torch.tensor([[2, -3, -1], [4, -1, 1]]),
        "mul": torch.tensor([[48, 18, 30], [21, 6, 12]]),
        "div": torch.tensor([[4 / 3, 1 / 2, 5 / 6], [7 / 3, 2 / 3, 4 / 3]]),
        "neg": torch.tensor([[-8, -3, -5], [-7, -2, -4]]),
    }
    expect_five(submission, table, column, known)
    first, second = torch.tensor([[1, 2], [3, 4]]), torch.tensor([[5, 6], [7, 8]])
    expect_five(submission, first, second, five(first, second) | {"mul": torch.tensor([[5, 12], [21, 32]])})


def expect_added(submission, x, y, alpha, known, because=None):
    """See that the sum is in the first argument, which is also the result, and in the same memory as before."""
    here = "The sum is written into the first tensor itself, where views that were made earlier see it."
    back = "The first tensor, with its new values, is also what is returned."
    slack = tolerance(known, 1e-5)
    seen = submission.observe.add_scaled_(x, y, alpha)
    if x.numel():
        expect(seen, because=here).written_in_place("args[0]")
        expect(seen, because=back).shares_memory()
    expect(seen, because=because or here).argument(0).dtype(x.dtype).close(known, **slack)
    expect(seen, because=back).is_a(torch.Tensor).dtype(x.dtype).close(known, **slack)
    expect(seen, because="The second tensor is left as it was.").untouched("args[1]")


@check("add_scaled_", points=1, visible=True)
def test_adding_to_known_tensors(submission):
    """A column added to a 2x3 table of ints, half of [10, 20, 30] to ones, and one sum that has no room."""
    table, column = torch.tensor([[8, 3, 5], [7, 2, 4]]), torch.tensor([[6], [3]])
    expect_added(submission, table, column, 1, torch.tensor([[14, 9, 11], [10, 5, 7]]))
    tens = torch.tensor([10.0, 20.0, 30.0])
    expect_added(submission, torch.ones(3), tens, 0.5, torch.tensor([6.0, 11.0, 16.0]))
    with expect.raises(RuntimeError):
        submission.add_scaled_(torch.ones(1, 3), torch.ones(2, 3), 1.0)


def expect_dot(submission, u, v, known, because=None):
    """Compare the dot product with the known one."""
    out = submission.dot(u, v)
    expect(out, because="The result is a tensor without axes.").is_a(torch.Tensor).shape()
    expect(out, because="The result has the dtype of the vectors.").dtype(known.dtype)
    expect(out, because=because).close(known, **tolerance(known, 1e-4))


def expect_no_loop(submission, u, v):
    """See that long vectors take no more tensor operations than their first five elements, wherever these are read."""
    because = "The elements are multiplied and added in one go: the number of operations does not depend on the length."
    expect.vectorised(submission.dot, small=(u[:5], v[:5]), large=(u, v), reading=True, because=because)


def expect_refused(submission, u, v, because=None):
    """See that these are not taken for two vectors of one length."""
    with expect.raises(ValueError, because=because):
        submission.dot(u, v)


@check("dot", points=1, visible=True)
def test_dot_product_of_known_vectors(submission):
    """14 for [1, 2, 3] with itself, in one go; ValueError for two matrices and for lengths 3 and 1."""
    vector = torch.tensor([1, 2, 3])
    expect_dot(submission, vector, vector, torch.tensor(14))
    expect_dot(submission, vector.float(), torch.tensor([0.5, 1.0, -1.0]), torch.tensor(-0.5))
    expect_dot(submission, torch.ones(100), torch.arange(100.0), torch.tensor(4950.0))
    expect_no_loop(submission, torch.ones(100), torch.arange(100.0))
    expect_refused(submission, torch.ones(2, 2), torch.ones(2, 2))
    expect_refused(submission, vector, vector[:1])
