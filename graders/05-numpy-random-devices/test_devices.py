"""Checks of 05-numpy-random-devices: which device, moving to it, what stays behind; no GPU, only ``meta``."""

import numpy
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


AUTO = "auto takes cuda if there is any, then mps, then the CPU."
NAMED = "A device that is named and available is taken."
MISSING = "A device that is named and not available is replaced by the CPU."


@check("choose_device", points=2)
def test_any_choice(submission):
    """Every kind of request on machines with none, one and several devices."""
    for request, available, known, because in (
        ("auto", {"mps": 1, "cuda": 4}, "cuda", AUTO),
        ("auto", {"mps": 1}, "mps", AUTO),
        ("auto", {"cuda": 0, "mps": 0}, "cpu", AUTO),
        ("auto", {"cpu": 1}, "cpu", AUTO),
        ("auto", {"cpu": 1, "mps": 1}, "mps", AUTO),
        ("auto", {"cuda": 0, "xpu": 2}, "cpu", AUTO),
        ("cpu", {"cuda": 2, "mps": 1}, "cpu", "Who asks for the CPU gets it."),
        ("cpu", {"cpu": 1, "cuda": 1}, "cpu", "Who asks for the CPU gets it."),
        ("cpu", {}, "cpu", "Who asks for the CPU gets it."),
        ("cuda", {"cuda": 3, "mps": 1}, "cuda", NAMED),
        ("cuda:0", {"cuda": 1}, "cuda:0", NAMED),
        ("cuda:1", {"cuda": 2}, "cuda:1", NAMED),
        ("cuda:10", {"cuda": 11}, "cuda:10", NAMED),
        ("mps", {"cuda": 2, "mps": 1}, "mps", NAMED),
        ("mps:0", {"mps": 1}, "mps", NAMED),
        ("cuda", {"mps": 1}, "cpu", MISSING),
        ("cuda", {}, "cpu", MISSING),
        ("cuda:0", {"cuda": 0, "mps": 1}, "cpu", MISSING),
        ("cuda:2", {"cuda": 2}, "cpu", MISSING),
        ("cuda:10", {"cuda": 2}, "cpu", MISSING),
        ("mps", {"cuda": 2}, "cpu", MISSING),
        ("mps", {"cuda": 2, "mps": 0}, "cpu", MISSING),
    ):
        expect_device(submission, request, available, known, because)


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


@check("move_to", points=2)
def test_any_batch(submission):
    """Containers in containers, empty ones, other values, modules within; tensors that are there already."""
    draw = torch.Generator().manual_seed(504)
    x = torch.rand(4, 3, generator=draw, dtype=torch.float64)
    y = torch.randint(0, 9, (4,), generator=draw)
    deep = {"a": [x, (y, {"b": x.t(), 3: [[y[0]], 2.5]})], "c": ((x > 0.5,), "cpu"), "d": {}}
    for obj, because in (
        (deep, "Containers in containers are moved to any depth."),
        ((x, [y, (x,)]), "Containers in containers are moved to any depth."),
        ([[[[y]]]], "Containers in containers are moved to any depth."),
        ((y,), "A container with one tensor stays a container."),
        ([torch.zeros(0, 2), torch.zeros(())], "Tensors without elements or axes are moved as well."),
        (x.clone().requires_grad_(), "A tensor that requires grad is moved as well."),
    ):
        expect_moved(submission, obj, META, because)
        expect_moved(submission, obj, CPU, because)
    for obj in ([], (), {}, "text", 3, 2.5, None, True, [1, "text", (None, 2)], {"n": 3, "name": numpy.arange(3)}):
        expect_moved(submission, obj, META)
    expect_module_moved(submission, nested=True)
    expect_same(submission, deep, CPU)
    expect_same(submission, y, CPU)
    on_meta = torch.empty(2, 3, device="meta")
    expect_same(submission, {"x": [on_meta, (on_meta, 3)]}, META)
    expect(submission.move_to([on_meta, x], META)[1], because="Only some of the tensors may have to move.").device(META)


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


@check("add_on_first_device", points=1)
def test_any_sum(submission):
    """Other dtypes and shapes, the first tensor on meta or both on the CPU; gradients reach both."""
    draw = torch.Generator().manual_seed(505)
    a, b = torch.randn(2, 3, 4, generator=draw)
    whole = torch.randint(-9, 9, (3, 4), generator=draw)
    for first, second, because in (
        (a, b, "The values are those of the sum."),
        (a, whole, "Integers can be added to floating-point numbers."),
        (whole, b, "Floating-point numbers can be added to integers."),
        (whole.int(), whole, "Integers stay integers."),
        (a.half(), b.double(), "The wider dtype wins."),
        (a, b[0].double(), "A row is added to each row."),
        (a[:, :1], b[0], "A column and a row broadcast to a table."),
        (a.t(), b.t(), "A transposed tensor is a tensor like any other."),
        (a, torch.tensor(0.5, dtype=torch.float64), "A tensor without axes can be added."),
        (whole, torch.tensor(0.5, dtype=torch.float64), "A tensor without axes can be added."),
    ):
        expect_sum(submission, first, second, because)
        expect_sum(submission, first.to("meta"), second, because)
    expect_sum(submission, a.to("meta"), b.to("meta"), "Both may lie on another device.")
    expect_gradients(submission, a, b)


def expect_gradients(submission, a, b):
    """See that gradients flow to both tensors: their values on the CPU, and that the sum is tracked on meta."""
    because = "Gradients flow through the sum to both tensors."
    mine = function_of(submission, "add_on_first_device")
    for first, second in ((a, b), (a, b[0])):
        cotangent = a.cos()
        to_first, to_second = submission.vjp(mine, (first, second), (cotangent,))["inputs"]
        expect(to_first, because=because).is_a(torch.Tensor).close(cotangent, rtol=1e-5, atol=1e-5)
        known = cotangent if second.ndim == 2 else cotangent.sum(0)
        expect(to_second, because=because).is_a(torch.Tensor).close(known, rtol=1e-5, atol=1e-5)
    for first, second in (
        (a.to("meta").requires_grad_(), b.clone()),
        (a.to("meta"), b.clone().requires_grad_()),
    ):
        seen = submission.add_on_first_device(first, second)
        expect(seen, because=because).requires_grad()
