"""The pretended device by itself: its values, its words, and that nothing of it stays."""

import contextlib
import copy
import io
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn

from torchgrade.sandbox.device import place
from torchgrade.sandbox.device.pretended import PretendedDevice

BOTH = "Expected all tensors to be on the same device"


@pytest.fixture
def device():
    pretended = PretendedDevice()
    assert pretended.problem() == ""
    with pretended.on():
        yield pretended


def perceptron():
    return nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.LayerNorm(8), nn.Linear(8, 3)), torch.randn(10, 6)


def convolutions():
    layers = nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 3)
    return nn.Sequential(*layers), torch.randn(10, 1, 8, 8)


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.words, self.read, self.judge = nn.Embedding(7, 5), nn.GRU(5, 6, batch_first=True), nn.Linear(6, 3)

    def forward(self, x):
        return self.judge(self.read(self.words(x))[0][:, -1])


def sentences():
    return Reader(), torch.randint(0, 7, (10, 4))


def trained(build, optimizer, device):
    torch.manual_seed(0)
    model, x = build()
    y = torch.arange(10) % 3
    model, x, y = model.to(device), x.to(device), y.to(device)
    step = optimizer(model.parameters())
    for _ in range(15):
        step.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        step.step()
    assert {value.device.type for value in (loss, *model.state_dict().values())} == {torch.device(device).type}
    return [value.cpu() for value in model.state_dict().values()]


@pytest.mark.parametrize("build", [perceptron, convolutions, sentences])
@pytest.mark.parametrize(
    "optimizer",
    [lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9), lambda p: torch.optim.Adam(p, lr=0.01)],
    ids=["SGD", "Adam"],
)
def test_training_is_bitwise_that_of_the_cpu(build, optimizer):
    here = trained(build, optimizer, "cpu")
    with PretendedDevice().on():
        there = trained(build, optimizer, "cuda")
    assert all(torch.equal(one, other) for one, other in zip(here, there, strict=True))


REFUSED = {
    "add": (lambda x: x + torch.ones(2, 2), BOTH + ", but found at least two devices, cuda:0 and cpu!"),
    "add, the CPU first": (lambda x: torch.ones(2, 2) + x, "two devices, cpu and cuda:0!"),
    "in place on the CPU": (lambda x: torch.tensor(0.0).add_(x.sum()), BOTH),
    "matmul": (lambda x: x @ torch.ones(2, 2), "got mat2 is on cpu, different from other tensors on cuda:0"),
    "linear": (lambda x: nn.Linear(2, 2)(x), BOTH),
    "cat": (lambda x: torch.cat([x, torch.ones(2, 2)]), BOTH),
    "stack": (lambda x: torch.stack([torch.ones(2, 2), x]), BOTH),
    "where": (lambda x: torch.where(x > 0, x, torch.ones(2, 2)), BOTH),
    "convolution": (
        lambda x: nn.functional.conv1d(x[None], torch.ones(2, 2, 1)),
        r"Input type \(torch.cuda.FloatTensor\) and weight",
    ),
    "loss": (lambda x: nn.functional.cross_entropy(x, torch.tensor([0, 1])), BOTH),
    "mean squared error": (lambda x: nn.functional.mse_loss(x, torch.ones(2, 2)), BOTH),
    "embedding": (lambda x: nn.functional.embedding(torch.tensor([0]), x), BOTH),
    "gather": (lambda x: x.gather(0, torch.tensor([[0, 1]])), BOTH),
    "recurrent": (
        lambda x: nn.LSTM(2, 2).cuda()(torch.ones(1, 1, 2)),
        "Input and parameter tensors are not at the same",
    ),
    "index of a CPU tensor": (lambda x: torch.ones(3)[x[0].long()], "indices should be either on cpu or on the same"),
    "gradient": (
        lambda x: setattr(nn.Parameter(x), "grad", torch.ones(2, 2)),
        "assign a gradient with device type 'cpu'",
    ),
    "generator": (lambda x: torch.rand(2, generator=torch.Generator(), device="cuda"), "Expected a 'cuda' device type"),
    "second": (lambda x: x.to("cuda:1"), "invalid device ordinal"),
    "allclose": (lambda x: torch.allclose(x, torch.ones(2, 2)), BOTH),
    "inference": (lambda x: torch.inference_mode()(lambda: nn.Linear(2, 2)(x))(), BOTH),
}


@pytest.mark.parametrize("name", REFUSED)
def test_devices_do_not_mix(device, name):
    act, words = REFUSED[name]
    with pytest.raises(RuntimeError, match=words):
        act(torch.ones(2, 2, device="cuda"))


@pytest.mark.parametrize("convert", [lambda x: x.numpy(), np.asarray, np.array, lambda x: np.add(x, 1)])
def test_numpy_raises_as_on_cuda(device, convert):
    with pytest.raises(TypeError, match=r"can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu\(\)"):
        convert(torch.ones(2, device="cuda"))


def test_what_may_cross_does(device):
    x = torch.arange(6.0, device="cuda").view(2, 3)
    assert (x * torch.tensor(2.0)).device.type == "cuda"
    assert x[torch.tensor([1])].tolist() == [[3, 4, 5]]
    x[torch.tensor([True, False])] = 7
    x[1] = torch.zeros(3)
    assert x.tolist() == [[7, 7, 7], [0, 0, 0]]
    assert torch.ones(2, 3).copy_(x).tolist() == x.tolist()
    assert x.masked_fill(x > 0, torch.tensor(1.0)).sum().item() == 3


def test_it_looks_like_cuda(device):
    x = torch.ones(2, device="cuda", requires_grad=True)
    assert (str(x.device), x.is_cuda, x.is_cpu, x.is_meta, x.get_device()) == ("cuda:0", True, False, False, 0)
    assert x.type() == "torch.cuda.FloatTensor"
    assert repr(x) == "tensor([1., 1.], device='cuda:0', requires_grad=True)"
    assert repr((x * 2).sum()) == "tensor(4., device='cuda:0', grad_fn=<SumBackward0>)"
    assert f"{x.sum():.2f}" == "2.00"
    assert torch.cuda.is_available()
    assert torch.cuda.device_count() == 1
    assert torch.accelerator.current_accelerator() == torch.device("cuda")
    assert isinstance(torch.Generator(), torch.Generator)


def test_a_module_keeps_its_parameters_and_takes_its_buffers_along(device):
    model = nn.BatchNorm1d(3)
    weight, step = model.weight, torch.optim.SGD(model.parameters(), lr=1.0)
    model(torch.rand(4, 3)).sum().backward()
    model.cuda()
    assert model.weight is weight
    assert isinstance(weight, nn.Parameter)
    assert {str(one.device) for one in (*model.state_dict().values(), weight.grad)} == {"cuda:0"}
    step.step()
    assert model.cpu().weight is weight
    assert type(weight) is nn.Parameter
    assert weight.device.type == weight.grad.device.type == "cpu"


def test_a_model_that_a_graph_still_holds_can_be_moved(device):
    model = nn.Linear(2, 1)
    kept = model(torch.ones(1, 2))
    assert model.to("cuda").weight.device.type == "cuda"
    assert kept.device.type == "cpu"


def test_defaults_and_blocks(device):
    with torch.device("cuda"):
        assert {
            x.device.type for x in (torch.rand(2), torch.tensor([1]), torch.as_tensor([1]), nn.Linear(1, 1).weight)
        } == {"cuda"}
    assert torch.ones(1).device.type == "cpu"
    torch.set_default_device("cuda")
    assert torch.arange(3).device.type == torch.get_default_device().type == "cuda"
    torch.set_default_device(None)


def test_a_default_device_is_set_aside_while_the_device_is_off():
    device = PretendedDevice()
    with device.on():
        torch.set_default_device("cuda")
    assert torch.ones(1).device.type == "cpu"
    with device.on():
        assert torch.ones(1).device.type == "cuda"
        torch.set_default_device(None)
    with device.on():
        assert torch.ones(1).device.type == "cpu"


def test_its_random_numbers_are_a_stream_of_its_own(device):
    torch.manual_seed(3)
    here, there = torch.rand(2), torch.rand(2, device="cuda")
    torch.cuda.manual_seed(3)
    torch.rand(2)
    assert torch.equal(torch.rand(2, device="cuda"), there)
    assert torch.equal(there.cpu(), here)
    state = torch.cuda.get_rng_state()
    dropped = nn.functional.dropout(torch.ones(9, device="cuda"))
    torch.cuda.set_rng_state(state)
    assert torch.equal(nn.functional.dropout(torch.ones(9, device="cuda")), dropped)
    generator = torch.Generator(device="cuda").manual_seed(3)
    assert torch.equal(torch.rand(2, generator=generator, device="cuda"), there)


def test_tensors_are_saved_loaded_and_copied(device):
    model, file = nn.Linear(2, 1).cuda(), io.BytesIO()
    torch.save(model.state_dict(), file)
    for where, kind in ((None, "cuda"), ("cpu", "cpu"), ("cuda", "cuda")):
        file.seek(0)
        loaded = torch.load(file, map_location=where)
        assert {value.device.type for value in loaded.values()} == {kind}
    twin = copy.deepcopy(model)
    twin.load_state_dict(loaded)
    assert isinstance(twin.weight, nn.Parameter)
    assert torch.equal(twin.weight, model.weight)


def test_mixed_precision_does_not_crash(device):
    model = nn.Linear(2, 1).cuda()
    step, scaler = torch.optim.SGD(model.parameters(), lr=0.1), torch.amp.GradScaler("cuda")
    with torch.autocast("cuda"):
        loss = model(torch.ones(1, 2, device="cuda")).sum()
    scaler.scale(loss).backward()
    scaler.step(step)
    scaler.update()
    assert model.weight.grad.isfinite().all()


def test_views_autograd_and_in_place_work_are_real(device):
    x = torch.ones(2, 3, device="cuda", requires_grad=True)
    y = x * 2
    y[:, 1].mul_(5)
    y.t_().unsqueeze_(0)
    assert y.shape == (1, 3, 2)
    y.sum().backward()
    assert x.grad.tolist() == [[2, 10, 2], [2, 10, 2]]
    assert x.grad.device.type == "cuda"
    packed = nn.utils.rnn.pack_padded_sequence(torch.rand(2, 3, 2, device="cuda"), [3, 2], batch_first=True)
    out, _ = nn.GRU(2, 2, batch_first=True).cuda()(packed)
    assert (out.data.device.type, out.batch_sizes.device.type) == ("cuda", "cpu")


def test_switched_off_torch_is_as_it_was():
    names = [(owner, name) for owner in (torch, torch.cuda, torch.accelerator) for name in dir(owner)]
    before = [getattr(owner, name) for owner, name in names]
    torch.ones(2, requires_grad=True).sum().backward()
    device = PretendedDevice()
    with contextlib.suppress(ZeroDivisionError), device.on():
        x = torch.ones(2, device="cuda", requires_grad=True)
        x.sum().backward()
        1 / 0  # noqa: B018
    assert [getattr(owner, name) for owner, name in names] == before
    assert torch._C._len_torch_function_stack() == torch._C._len_torch_dispatch_stack() == 0
    torch.ones(2, requires_grad=True).sum().backward()
    assert x.cpu().tolist() == (x * 1).tolist() == [1, 1]
    if not torch.cuda.is_available():
        with pytest.raises((AssertionError, RuntimeError), match="CUDA"):
            torch.ones(2, device="cuda")


def test_where_torch_cannot_pretend_meta_takes_its_place(monkeypatch):
    monkeypatch.setattr(PretendedDevice, "problem", lambda self: "RuntimeError: moved away")
    found = place("pretended")
    assert (found.kind, found.device) == ("meta", "meta")
    assert "cannot pretend a device (RuntimeError: moved away)" in found.note


def test_a_fault_is_found_before_any_check_runs(monkeypatch):
    monkeypatch.setattr("torchgrade.sandbox.device.tensors.refuse_mixture", lambda *args: None)
    assert PretendedDevice().problem()


def test_what_torch_notes_for_good_it_notes_of_itself():
    code = """
import sys, torch
from torchgrade.sandbox.device.pretended import PretendedDevice
real, device = torch.cuda.is_available, PretendedDevice()
with device.on():
    torch.ones(2, device="cuda")
    assert "torch._dynamo" not in sys.modules
    model = torch.nn.Linear(1, 1).cuda()
    torch.optim.SGD(model.parameters(), lr=1.0)
    assert "torch._dynamo" in sys.modules
    assert torch.cuda.is_available is not real
from torch._dynamo.trace_rules import get_torch_obj_rule_map
assert real in get_torch_obj_rule_map()
assert not [one for one in get_torch_obj_rule_map() if "torchgrade" in str(getattr(one, "__module__", ""))]
assert torch.cuda.is_available is real
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=200)
