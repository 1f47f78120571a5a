"""The checks you can see. More are run when you hand in."""

import torch

from fixtures.shared import devices, graphs
from torchgrade import check, expect

MODULE = "devices"
META, CPU = torch.device("meta"), torch.device("cpu")


def function_of(submission, name):
    """Return a handle of the student's function, for experiments in its process."""
    return submission.make(graphs.student_function, MODULE, name)


def expect_device(submission, request, available, known, because=None):
    """Compare with the known device; without an index a device is the first of its kind."""
    out = submission.choose_device(request, dict(available))
    device = expect(out, because="The result is a torch.device.").is_a(torch.device).value
    asked = torch.device(known)
    expect(f"{device.type}:{device.index or 0}", because=because).equal(f"{asked.type}:{asked.index or 0}")


@check("choose_device", points=1, visible=True)
def test_known_choices(submission):
    """Request auto with and without GPUs; cuda, cuda:1 and cpu on a machine with one GPU."""
    expect_device(submission, "auto", {"cuda": 1, "mps": 0}, "cuda")
    expect_device(submission, "auto", {"cuda": 0, "mps": 1}, "mps")
    expect_device(submission, "auto", {}, "cpu")
    expect_device(submission, "cuda", {"cuda": 1}, "cuda")
    expect_device(submission, "cuda", {"cuda": 0}, "cpu")
    expect_device(submission, "cuda:1", {"cuda": 1}, "cpu")
    expect_device(submission, "cpu", {"cuda": 1}, "cpu")


def expect_moved(submission, obj, device, because=None):
    """See that all of a nested value is on the device, containers of the same type, and the caller's as they were."""
    out = submission.move_to(obj, device)
    compare_moved(out, obj, device, because)
    told = submission.make(devices.moved_containers, function_of(submission, "move_to"), obj, device)
    expect(told["kept"], because="The containers that were passed keep what they held.").equal(True)
    expect(told["same_others"], because="What is neither tensor, module nor container comes back as it is.").equal(True)


def compare_moved(out, obj, device, because):
    """Compare what came back with what was passed, container by container."""
    if isinstance(obj, torch.Tensor):
        expect(out, because=because or "Every tensor is moved.").is_a(torch.Tensor).device(device)
        expect(out, because="Moving changes neither shape nor dtype.").shape(*obj.shape).dtype(obj.dtype)
        if device.type == "cpu":
            expect(out, because="Moving keeps the values.").equal(obj)
    elif isinstance(obj, (dict, list, tuple)):
        same = expect(out, because="A container comes back as one of the same type and length.")
        same.is_a(type(obj)).length(len(obj))
        if isinstance(obj, dict):
            expect(list(out), because="A dict keeps its keys.").equal(list(obj))
        for key, item in obj.items() if isinstance(obj, dict) else enumerate(obj):
            compare_moved(out[key], item, device, because)
    else:
        expect(out, because="What is neither tensor, module nor container comes back as it is.").equal(obj)


def expect_module_moved(submission, nested):
    """See that a module comes back itself, moved to meta, alone or within containers."""
    seen = submission.make(devices.moved_module, function_of(submission, "move_to"), META, nested)
    expect(seen["moved"], because="A module is moved as a whole, in containers too.").equal(True)
    expect(seen["same"], because="A module comes back itself, no other one in its place.").equal(True)


def expect_same(submission, obj, device):
    """See that tensors that are on the device already come back as the same objects."""
    same = submission.make(devices.unmoved_objects, function_of(submission, "move_to"), obj, device)
    expect(same, because="A tensor that lies on the device already comes back as the same object.").equal(True)


@check("move_to", points=2, visible=True)
def test_known_batches(submission):
    """A tensor, a dict of tensors with a number, a pair in a list, and a module, all moved to meta."""
    x, y = torch.ones(2, 3), torch.tensor([1, 2, 3])
    expect_moved(submission, y, META)
    expect_moved(submission, {"x": x, "label": y, "size": 3}, META)
    expect_moved(submission, [(x, y), "name", None], META)
    expect_module_moved(submission, nested=False)
    expect_same(submission, {"x": x, "more": [y]}, CPU)


def expect_sum(submission, a, b, because=None):
    """See that the sum has the device of the first, and that both are where and as they were."""
    seen = submission.observe.add_on_first_device(a, b)
    device = str(a.device)
    known = a.detach().cpu() + b.detach().cpu() if device == "cpu" else a + b.to("meta")
    out = expect(seen, because="The sum lies on the first tensor's device.").is_a(torch.Tensor).device(device)
    expect(seen, because="The dtype is what torch gives for a sum of these two.").dtype(known.dtype)
    out.shape(*known.shape)
    if device == "cpu":
        expect(seen, because=because).close(known, rtol=1e-6, atol=1e-6)
    stay = "Both tensors stay where and as they are."
    expect(seen, because=stay).untouched()
    for place, operand in enumerate((a, b)):
        expect(seen, because=stay).argument(place).device(str(operand.device)).requires_grad(operand.requires_grad)


@check("add_on_first_device", points=1, visible=True)
def test_known_sums(submission):
    """Two 2x3 tables, both on the CPU, and the first on meta; the second in another dtype."""
    a = torch.tensor([[-0.2833, 0.8345, 1.6734], [2.1552, -0.2647, -1.6260]])
    b = torch.tensor([[1.4996, 0.5895, -1.5476], [0.2048, 0.2137, 1.6660]])
    expect(submission.add_on_first_device(a, b)).close(
        torch.tensor([[1.2163, 1.4240, 0.1258], [2.3600, -0.0510, 0.0400]]), rtol=0, atol=1e-4
    )
    expect_sum(submission, a, b)
    expect_sum(submission, a.to("meta"), b)
    expect_sum(submission, a.to("meta"), b.double())
