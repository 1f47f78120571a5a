"""Checks that ask for a device: in a student's own pytest, in grading, and what waits for a real GPU."""

import json
import subprocess
import sys

import pytest
import torch

from torchgrade.cli import main
from torchgrade.errors import Verdict
from torchgrade.sandbox.client import Client
from torchgrade.sandbox.inprocess import direct_client
from torchgrade.sandbox.program import Program
from torchgrade.sandbox.spawned import SpawnedSandbox
from torchgrade.submission import Submission

HAS_GPU = torch.cuda.is_available()
CHECK = '''
"""Checks of the small course."""
import pytest, torch
from torchgrade import check, expect

@check("zeros_matrix", points=2)
def test_before(submission):
    """No device is asked for."""
    assert submission.device == torch.device("cpu")
    expect(submission.zeros_matrix(3, 4)).device("cpu").equal(torch.zeros(3, 4))

@check("halve", points=3, visible=True, device="accelerator")
def test_stays(submission):
    """The result stays on the device of x."""
    x = torch.ones(2)
    expect(submission.halve(submission.on_device(x))).device(submission.device).equal(x / 2)

@check("halve", points=4)
@pytest.mark.gpu
def test_on_a_gpu(submission):
    """The result stays on the GPU."""
    expect(submission.halve(submission.on_device(torch.ones(2)))).device("cuda").equal(torch.ones(2) / 2)
'''
RIGHT = "import torch\ndef zeros_matrix(r, c): return torch.zeros(r, c)\ndef halve(x): return x / 2\n"
WRONG = RIGHT.replace("x / 2", "x.cpu() / 2")
MIXED = RIGHT.replace("x / 2", "x * torch.full((2,), 0.5)")


@pytest.fixture
def course(mini):
    (mini / "graders" / "01-mini" / "test_mini.py").write_text(CHECK)
    folder = mini / "subs"
    folder.mkdir()
    for name, text in {"right": RIGHT, "wrong": WRONG, "mixed": MIXED}.items():
        (folder / f"{name}.py").write_text(text)
    return mini


def graded(course, *options):
    out = course / "OUT"
    code = main(["grade", "01-mini", str(course / "subs"), "--course", str(course), "--out", str(out), *options])
    lines = (out / "results.jsonl").read_text(encoding="utf-8").splitlines()
    return code, {record["submission"]: record for record in map(json.loads, lines)}


def statuses(record):
    return [check["status"] for check in record["checks"]]


@pytest.mark.skipif(HAS_GPU, reason="is about machines without a GPU")
@pytest.mark.parametrize("isolation", ["sandbox", "none"])
def test_grading_runs_device_checks_and_defers_what_needs_a_gpu(course, isolation):
    code, records = graded(course, f"--isolation={isolation}", "--allow-unconfined")
    assert code == 0
    assert statuses(records["right"]) == ["passed", "passed", "deferred"]
    assert statuses(records["wrong"]) == statuses(records["mixed"]) == ["passed", "failed", "deferred"]
    assert "on cpu came, one on cuda:0 was asked for" in records["wrong"]["checks"][1]["message"]
    assert "same device" in records["mixed"]["checks"][1]["message"]
    sums = {(record["max_score"], record["deferred"]) for record in records.values()}
    assert sums == {(9.0, 4.0)}
    assert records["right"]["score"] == 5.0
    assert "needs a GPU" in records["right"]["checks"][2]["message"]


def test_a_gpu_that_only_the_grader_has_defers_too(course, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)  # the workers are other processes
    code, records = graded(course, "--allow-unconfined", "--jobs=1")
    if not HAS_GPU:
        assert code == 0
        assert statuses(records["right"])[2] == "deferred"
    assert records["right"]["max_score"] == 9.0


@pytest.mark.parametrize(("answer", "score"), [(RIGHT, "score: 5 of 9"), (WRONG, "score: 2 of 9")])
@pytest.mark.skipif(HAS_GPU, reason="is about machines without a GPU")
def test_a_students_own_run_has_the_device(course, answer, score):
    (course / "mine.py").write_text(answer)
    probe = course / "graders" / "01-mini" / "test_other.py"
    probe.write_text(
        "import torch\n"
        "def test_torch_is_as_it_was():\n"
        "    assert not torch.cuda.is_available() and type(torch.ones(1)) is torch.Tensor\n"
        "    assert torch._C._len_torch_dispatch_stack() == 0\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "graders/01-mini"]
    run = subprocess.run(
        [*command, f"--torchgrade-submission={course / 'mine.py'}"], cwd=course, capture_output=True, text=True
    )
    assert score in run.stdout
    assert "4 of them wait for a machine with a GPU" in run.stdout
    assert "test_torch_is_as_it_was" not in run.stdout
    assert "1 skipped" in run.stdout


def test_where_torch_cannot_pretend_what_fails_is_deferred_with_the_reason(course):
    checks = course / "graders" / "01-mini" / "test_mini.py"
    shapes = CHECK.replace(".equal(x / 2)", ".shape(2)")
    for text, status in ((CHECK, "skipped"), (shapes, "passed")):
        checks.write_text(text)
        # the first operation on meta imports torch._dynamo: not on the check's clock
        code = (
            "import sys, pytest, torch._dynamo; from torchgrade.sandbox.device import pretended; "
            "pretended.PretendedDevice.problem = lambda self: 'moved away'; sys.exit(pytest.main(sys.argv[1:]))"
        )
        command = [sys.executable, "-c", code, "-p", "no:cacheprovider", "-rs", "graders/01-mini", "-k", "stays", "-v"]
        if HAS_GPU:
            continue
        run = subprocess.run(
            [*command, f"--torchgrade-submission={course / 'subs' / 'right.py'}"],
            cwd=course, capture_output=True, text=True,
        )  # fmt: skip
        assert f"1 {status}" in run.stdout, run.stdout
        assert ("cannot pretend a device (moved away)" in run.stdout) == (status == "skipped")


SOURCE = b"""
import torch
WHEN_LOADED = torch.cuda.is_available(), torch.ones(1, device='cuda' if torch.cuda.is_available() else 'cpu').device
def state(): return WHEN_LOADED
def layer(): return torch.nn.Linear(2, 1)
def both(x, y): return x * 2, y * 2, {"x": x}
def kinds(x, y): return [str(x.device), str(y.device), x.requires_grad, isinstance(y, torch.nn.Parameter)]
def draw(): return torch.rand(2, device=WHEN_LOADED[1])
"""


@pytest.fixture(params=["forked", "direct"])
def submission(request, sandbox):
    opener = direct_client if request.param == "direct" else lambda: sandbox.open(20.0, 20.0)
    proxy = Submission(opener, Program("m", {"m": SOURCE}), 3, "accelerator")
    yield proxy
    proxy._close()


def test_values_travel_with_their_device_both_ways(submission):
    x, y = submission.on_device([torch.ones(2, requires_grad=True), torch.nn.Parameter(torch.ones(1))])
    assert submission.kinds(x, y) == ["cuda:0", "cuda:0", True, True]
    assert submission.kinds(torch.ones(1), torch.ones(1))[:2] == ["cpu", "cpu"]
    there, here, nested = submission.both(x, torch.ones(1))
    assert submission.kinds(there, here)[:2] == ["cuda:0", "cpu"]
    assert submission.kinds(nested["x"], there)[0] == "cuda:0"


def test_the_device_is_there_while_the_file_is_loaded(submission):
    assert submission.state() == (True, torch.device("cuda", 0))


def test_objects_that_stay_use_it_too(submission):
    layer = submission.layer().to(submission.device)
    assert submission.kinds(layer.weight, layer.bias)[:2] == ["cuda:0", "cuda:0"]
    x = submission.on_device(torch.ones(3, 2))
    gradients = submission.vjp(layer, (x,), (submission.on_device(torch.ones(3, 1)),))
    assert torch.equal(gradients["parameters"]["weight"], torch.full((1, 2), 3.0))


def test_its_generator_starts_from_the_checks_seed(submission):
    again = Submission(direct_client, Program("m", {"m": SOURCE}), 3, "accelerator")
    assert torch.equal(submission.draw(), again.draw())


def test_observing_works_on_it(submission):
    x = submission.on_device(torch.ones(2))
    seen = submission.observe.both(x, x)
    assert seen.ops == {"aten.mul.Tensor": 2}
    assert ("result[2]['x']", "args[0]") in seen.aliases
    assert not any(pair[0] == "result[0]" for pair in seen.aliases)


def test_other_checks_have_no_part_in_it(sandbox):
    for opener in (direct_client, lambda: sandbox.open(20.0, 20.0)):
        proxy = Submission(opener, Program("m", {"m": SOURCE}), 3)
        assert proxy.state()[0] is HAS_GPU
        assert str(proxy.device) == "cpu"
        proxy._close()


def test_a_spawned_worker_has_it_too(mini):
    from torchgrade.course import Limits

    spawned = SpawnedSandbox(mini / "fixtures", Limits())
    try:
        proxy = Submission(lambda: spawned.open(60.0, 60.0), Program("m", {"m": SOURCE}), 3, "accelerator")
        assert proxy.kinds(proxy.on_device(torch.ones(1)), torch.ones(1))[:2] == ["cuda:0", "cpu"]
        proxy._close()
    finally:
        spawned.close()


@pytest.mark.parametrize("answer", [("tpu", "cuda:0", ""), ("cuda", "cuda:0"), "cuda", ("cuda", torch.ones(2), "")])
def test_nonsense_about_the_device_is_a_verdict(answer):
    class Channel:
        def exchange(self, header, buffers, *, loading):
            from torchgrade.wire import WireLimits, pack

            header, blobs = pack(("value", answer), lambda value: None, WireLimits(), keep_strides=False)
            return header, [memoryview(bytearray(blob)) for blob in blobs]

        def close(self):
            pass

    with pytest.raises(Verdict):
        Client(Channel()).place("accelerator")
