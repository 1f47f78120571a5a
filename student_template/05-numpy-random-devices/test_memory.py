"""The checks you can see. More are run when you hand in."""

import numpy
import torch

from fixtures.shared import devices, graphs
from torchgrade import check, expect

MODULE = "devices"


def function_of(submission, name):
    """Return a handle of the student's function, for experiments in its process."""
    return submission.make(graphs.student_function, MODULE, name)


def expect_wrapped(submission, array, because=None):
    """See that the tensor holds the array's values; where the array has elements and can be wrapped, in its memory."""
    seen = submission.observe.wrap_array(array)
    known = torch.from_numpy(array.copy())
    expect(seen, because="The result is a tensor of the array's dtype.").is_a(torch.Tensor).dtype(known.dtype)
    expect(seen, because=because).equal(known).device("cpu")
    expect(seen, because="The array keeps its values.").untouched()
    if array.size and min(array.strides, default=0) >= 0:
        here = "What is written into the array shows in the tensor, and the other way round."
        expect(seen, because=here).shares_memory()
        edited = submission.make(devices.array_edits_seen, function_of(submission, "wrap_array"), array)
        expect(edited["tensor"], because=here).equal(torch.ones_like(known))
        expect(edited["array"], because=here).equal(numpy.zeros_like(array, order="C"))


@check("wrap_array", points=1, visible=True)
def test_known_arrays(submission):
    """The float64 array 1 to 7, the ints [2, 3, 4], and both of them reversed."""
    for array in (numpy.arange(1.0, 8.0), numpy.array([2, 3, 4])):
        expect_wrapped(submission, array)
        expect_wrapped(submission, array[::-1])


def expect_array(submission, t, because=None):
    """See that the array has the tensor's values in memory of its own, and that the tensor is as it was."""
    seen = submission.observe.array_from_tensor(t)
    known = numpy.array(t.detach().numpy())
    expect(seen, because="The result is an array with the tensor's shape.").is_a(numpy.ndarray).shape(*t.shape)
    expect(seen, because="The dtype is the tensor's, and so are the values.").dtype(known.dtype)
    expect(seen, because=because).equal(known)
    own = (
        "The array has memory of its own: what is written into it does not show in the tensor, nor the other way round."
    )
    expect(seen, because=own).fresh()
    expect(seen, because="The tensor is left as it was.").untouched()
    kept = expect(seen, because="A tensor that requires grad goes on requiring it, and no other begins to.")
    kept.argument(0).requires_grad(t.requires_grad)
    if t.numel():
        edited = submission.make(devices.tensor_edits_seen, function_of(submission, "array_from_tensor"), t)
        expect(edited["tensor"], because=own).equal(t.detach())
        expect(edited["array"], because=own).equal(numpy.ones_like(known, order="C"))


@check("array_from_tensor", points=1, visible=True)
def test_known_tensors(submission):
    """Seven ones, the ints [1, 2, 3], and 10 and 20 in float64, which require grad."""
    expect_array(submission, torch.ones(7))
    expect_array(submission, torch.tensor([1, 2, 3]))
    expect_array(submission, torch.tensor([10.0, 20.0], dtype=torch.float64, requires_grad=True))
