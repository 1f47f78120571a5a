"""Checks of 05-numpy-random-devices: NumPy arrays and tensors, and whose memory they lie in."""

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


@check("wrap_array", points=1)
def test_any_array(submission):
    """Every dtype and layout; shared wherever torch can wrap the array, copied where it cannot."""
    draw = numpy.random.default_rng(501)
    table = draw.integers(-9, 9, (4, 6))
    for dtype in ("float64", "float32", "int64", "int32", "uint8", "bool"):
        expect_wrapped(submission, numpy.abs(table).astype(dtype), "Values and dtype are those of the array.")
    for array, because in (
        (table.T, "A transposed array is an array like any other."),
        (table[1:, ::2], "A slice is an array like any other."),
        (table[0], "A row is an array like any other."),
        (table.astype("float32")[:, None], "An array may have any number of axes."),
        (numpy.array(2.5), "An array without axes gives a tensor without axes."),
        (numpy.zeros((0, 2)), "An array without elements keeps its shape and dtype."),
        (table[::-1], "Rows in reverse order: the values are those of the reversed array."),
        (table[:, ::-1], "Columns in reverse order: the values are those of the reversed array."),
        (table.astype("float32").T[::-2, 1:], "Reversed, sliced and transposed: the values are those of this view."),
        (table[::-1, ::-1], "Reversed along every axis: the values are those of the reversed array."),
        (
            numpy.arange(7, dtype="uint8")[::-1],
            "Elements of one byte, reversed: the values are those of the reversed array.",
        ),
    ):
        expect_wrapped(submission, array, because)


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


@check("array_from_tensor", points=1)
def test_any_tensor(submission):
    """Every dtype NumPy has, every shape and layout, with and without grad."""
    draw = torch.Generator().manual_seed(502)
    table = torch.randn(4, 6, generator=draw)
    for dtype in (torch.float32, torch.float64, torch.float16, torch.int64, torch.int8, torch.uint8, torch.bool):
        expect_array(submission, (9 * table).abs().to(dtype), "The values are those of the tensor.")
    for t, because in (
        (table.t(), "A transposed tensor is a tensor like any other."),
        (table[1:, ::2], "A slice is a tensor like any other."),
        (table[0, 0], "A tensor without axes gives an array without axes."),
        (table[:0, :2], "A tensor without elements keeps its shape."),
        (table.clone().requires_grad_(), "A tensor that requires grad is a tensor like any other."),
        (torch.nn.Parameter(table.double()), "A parameter is a tensor like any other."),
    ):
        expect_array(submission, t, because)


@check("array_from_tensor", points=1, device="accelerator")
def test_tensor_on_another_device(submission):
    """A tensor that lies on another device than the CPU, with and without grad."""
    draw = torch.Generator().manual_seed(503)
    table = torch.randn(3, 5, generator=draw)
    for t, because in (
        (table, "A tensor on another device is copied to the CPU."),
        (table.t(), "A tensor on another device is copied to the CPU."),
        (table[0].long(), "A tensor on another device is copied to the CPU."),
        (table.clone().requires_grad_(), "On another device, too, a tensor may require grad."),
    ):
        seen = submission.observe.array_from_tensor(submission.on_device(t))
        expect(seen, because=because).is_a(numpy.ndarray).equal(numpy.array(t.detach().numpy()))
        kept = expect(seen, because="The tensor stays where it is, and requires grad if it did before.").argument(0)
        kept.device(submission.device).requires_grad(t.requires_grad)
