"""The checks you can see. More are run when you hand in."""

import torch

from fixtures.shared import functions as fs
from fixtures.shared import graphs
from torchgrade import check, expect

TENS = torch.tensor([10.0, 20.0, 30.0, 40.0], dtype=torch.float64)
FIFTIES = torch.tensor([40.0, 50.0, 60.0, 70.0], dtype=torch.float64)
SLACK = {torch.float32: 1e-5, torch.float64: 1e-9}


def gradients(f, inputs, reduction):
    """Let autograd work the gradients out."""
    leaves = [x.detach().clone().requires_grad_() for x in inputs]
    out = f(*leaves)
    out = {"sum": torch.sum, "mean": torch.mean, "none": torch.clone}[reduction](out)
    return list(torch.autograd.grad(out, leaves, allow_unused=True, materialize_grads=True))


def expect_gradients(submission, f, inputs, reduction, known=None, because=None):
    """Compare with the known gradients; the inputs must stay as they were."""
    known = gradients(f, inputs, reduction) if known is None else known
    seen = submission.observe.gradients_of(f, inputs, reduction)
    found = expect(seen, because="The result is a list with one gradient for each input.").is_a(list).length(len(known))
    for place, one in enumerate(known):
        slack = SLACK[one.dtype]
        expect(found.value[place], because=because).is_a(torch.Tensor).close(one, rtol=slack, atol=slack)
    expect(seen, because="The caller's tensors keep their values.").untouched()
    after = expect(seen).argument(1).is_a(list).length(len(inputs)).value
    for x, left in zip(inputs, after, strict=True):
        expect(left, because="The caller's tensors require grad after the call if they did before.").requires_grad(
            x.requires_grad
        )


def expect_no_traces(submission, f, inputs, reduction):
    """Call twice with the same tensors, which have a ``.grad`` of their own, and look at them afterwards."""
    mine = submission.make(graphs.student_function, "autograd", "gradients_of")
    seen = submission.make(graphs.twice_on_callers_tensors, mine, f, inputs, reduction)
    for key in ("first", "second"):
        again = "A second call with the same tensors gives the same gradients again."
        found = expect(seen[key], because=again).length(len(inputs)).value
        for one, known in zip(found, gradients(f, inputs, reduction), strict=True):
            expect(one, because=again).close(known, rtol=1e-5, atol=1e-5)
    because = "The caller's .grad and requires_grad are as they were before the call."
    expect(seen["tracked"], because=because).equal([x.requires_grad for x in inputs])
    for x, grad in zip(inputs, seen["grads"], strict=True):
        expect(grad, because=because).equal(torch.full_like(x.detach(), 7.0) if x.requires_grad else None)


@check("gradients_of", points=2, visible=True)
def test_known_gradients(submission):
    """20; 5, 10, 15, 20; 22 and 40; 22 ... 82 and 80 ... 140; zeros; RuntimeError for a vector with 'none'."""
    ten, twenty = TENS[:1].reshape(()), TENS[1:2].reshape(())
    expect_gradients(submission, fs.squares_plus_20, [ten], "none", [torch.tensor(20.0).double()])
    expect_gradients(submission, fs.squares_plus_20, [TENS], "mean", [torch.tensor([5.0, 10.0, 15.0, 20.0]).double()])
    expect_gradients(
        submission, fs.two_squares, [ten, twenty], "none", [torch.tensor(22.0).double(), torch.tensor(40.0).double()]
    )
    both = [torch.tensor([22.0, 42.0, 62.0, 82.0]).double(), torch.tensor([80.0, 100.0, 120.0, 140.0]).double()]
    expect_gradients(submission, fs.two_squares, [TENS, FIFTIES], "sum", both)
    used, unused = torch.tensor([1.0, 2.0]), torch.ones(2, 3)
    expect_gradients(submission, fs.first_of_two, [used, unused], "sum", [torch.tensor([3.0, 12.0]), torch.zeros(2, 3)])
    expect_no_traces(submission, fs.two_squares, [TENS, FIFTIES], "sum")
    with expect.raises(RuntimeError, because="A vector has no gradient without a reduction: RuntimeError."):
        submission.gradients_of(fs.squares, [TENS], "none")


def expect_product(submission, f, x, v, known=None, because=None):
    """Compare with autograd's own product; both tensors must stay as they were."""
    if known is None:
        leaf = x.detach().clone().requires_grad_()
        known = torch.autograd.grad(f(leaf), leaf, v)[0]
    seen = submission.observe.vector_jacobian(f, x, v)
    slack = SLACK[known.dtype]
    expect(seen, because=because).is_a(torch.Tensor).close(known, rtol=slack, atol=slack)
    expect(seen, because="Both tensors are left as they were.").untouched()
    expect(seen, because="x does not require grad after the call either.").argument(1).requires_grad(False)


def expect_refused(submission, f, x, shape, because=None):
    """See that a vector of this shape is not taken."""
    with expect.raises(ValueError, because=because):
        submission.vector_jacobian(f, x, torch.ones(shape))


def expect_one_call(submission):
    """See that many outputs take no more operations than few."""
    small, large = torch.linspace(-1, 1, 3), torch.linspace(-1, 1, 100)
    because = "One backward call serves all outputs: the number of operations does not depend on how many there are."
    arguments = {"small": (fs.cubes, small, small), "large": (fs.cubes, large, large)}
    expect.vectorised(submission.vector_jacobian, **arguments, reading=True, because=because)


@check("vector_jacobian", points=2, visible=True)
def test_known_products(submission):
    """[20, 20] for the squares of [10, 20] with [1, 0.5]; rows and columns of a 3x2 matrix; ValueError."""
    squares = torch.tensor([10.0, 20.0])
    expect_product(submission, fs.squares, squares, torch.tensor([1.0, 0.5]), torch.tensor([20.0, 20.0]))
    ones = torch.ones(2)
    expect_product(submission, fs.linear_map, ones, torch.tensor([0.0, 1.0, 0.0]), torch.tensor([3.0, 4.0]))
    expect_product(submission, fs.linear_map, ones, torch.tensor([1.0, 0.0, 2.0]), torch.tensor([11.0, 14.0]))
    expect_product(submission, fs.cross_terms, torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, -1.0, 0.5, 2.0]))
    expect_one_call(submission)
    expect_refused(submission, fs.linear_map, ones, (2,))
    expect_refused(submission, fs.linear_map, ones, (3, 1))


FORBIDDEN = (
    *(f"torch.autograd.functional.{name}" for name in ("jacobian", "vjp", "jvp", "hessian", "vhp", "hvp")),
    *(f"torch.func.{name}" for name in ("jacrev", "jacfwd", "vjp", "jvp", "vmap", "grad", "linearize")),
    "torch.vmap",
)


def known_jacobian(f, x):
    """Let torch work the Jacobian out."""
    return torch.autograd.functional.jacobian(f, x)


def expect_jacobian(submission, f, x, known=None, because=None):
    """Compare with the known Jacobian."""
    known = known_jacobian(f, x) if known is None else known
    with submission.banning(*FORBIDDEN):
        out = submission.jacobian(f, x)
    shape = expect(out, because="There is one row per output and one column per input.").is_a(torch.Tensor)
    shape.shape(*known.shape)
    slack = SLACK[known.dtype]
    expect(out, because=because).close(known, rtol=slack, atol=slack)


@check("jacobian", points=2, visible=True)
def test_known_jacobians(submission):
    """The matrix of a linear map from 2 to 3 numbers; a diagonal for squares; a function with cross terms."""
    expect_jacobian(submission, fs.linear_map, torch.tensor([0.5, -1.0]), torch.tensor(fs.LINEAR))
    expect_jacobian(submission, fs.squares, torch.tensor([1.0, 2.0, 3.0]), torch.diag(torch.tensor([2.0, 4.0, 6.0])))
    x = torch.tensor([1.0, 2.0, 0.0])
    known = [[2.0, 1.0, 0.0], [0.0, 0.0, 0.0], [1.0, 0.0, 1.0], [0.0, 0.0, 2.0]]
    expect_jacobian(submission, fs.cross_terms, x, torch.tensor(known))
