"""What a check sees of a worker: the same answers from a process of its own and from this one."""

import pytest
import torch

from torchgrade.errors import AuthorError, CheckFailed, Verdict, raised_by_student
from torchgrade.sandbox.inprocess import direct_client
from torchgrade.sandbox.program import Program
from torchgrade.submission import Handle, Submission

SOURCE = """
import os
import random
import sys
import time
import numpy
import torch
from torch import linspace

class Mine(ValueError): pass

COUNT = 0

def zeros(a, b): return torch.zeros(a, b)
def boom(): raise ValueError("no good")
def boom_mine(): raise Mine("mine")
def boom_key(): raise KeyError("lost")
def boom_unicode(): return b"\\xff".decode()
def boom_torch(): return torch.ones(2) @ torch.ones(3)
def todo(): raise NotImplementedError("TODO: todo")
def layer(): return torch.nn.Linear(2, 1)
def exits(): sys.exit(0)
def leaves(): os._exit(0)
def skips():
    import pytest
    pytest.skip("no")
def loops():
    while True: pass
def sleeps(): time.sleep(1000)
def greedy(): return torch.zeros(10**13)
def counts():
    global COUNT
    COUNT += 1
    return COUNT
def grows(x):
    x += 1
    return x
def spaced(): return linspace(0, 1, 3)
def unset(): return torch.empty(3)
def numbers():
    yield 1
    yield 2
def draws(): return torch.rand(1).item(), numpy.random.rand(), random.random()
def calls(f, x): return f(x)
def talks():
    print("hello")
    import warnings
    warnings.warn("careful")
    return 1
def same():
    x = torch.ones(2)
    return x
"""
PROGRAM = Program("tensors", {"tensors": SOURCE.encode()})


@pytest.fixture(params=["process", "direct"])
def submission(request, sandbox):
    opener = direct_client if request.param == "direct" else lambda: sandbox.open(1.0, 5.0)
    proxy = Submission(opener, PROGRAM, seed=3)
    yield proxy
    proxy._close()


@pytest.fixture
def confined(sandbox):
    proxy = Submission(lambda: sandbox.open(0.5, 5.0), PROGRAM, seed=3)
    yield proxy
    proxy._close()


def test_a_value_comes_back(submission):
    assert torch.equal(submission.zeros(2, 3), torch.zeros(2, 3))


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("boom", ValueError, "no good"),
        ("boom_mine", ValueError, "mine"),
        ("boom_key", KeyError, "lost"),
        ("boom_unicode", ValueError, "can't decode"),
        ("boom_torch", RuntimeError, "inconsistent tensor size"),
        ("todo", NotImplementedError, "TODO: todo"),
    ],
)
def test_exceptions_are_raised_as_themselves_with_the_students_line(submission, name, kind, words):
    with pytest.raises(kind, match=words) as caught:
        getattr(submission, name)()
    where = raised_by_student(caught.value)
    line = next(number for number, text in enumerate(SOURCE.splitlines(), 1) if text.startswith(f"def {name}("))
    assert (where.line, where.function) == (line, name)
    assert where.source == SOURCE.splitlines()[line - 1]


def test_what_is_no_data_stays_there_and_can_be_used(submission):
    layer = submission.layer()
    assert isinstance(layer, Handle)
    assert layer.weight.shape == (1, 2)
    assert layer(torch.ones(3, 2)).shape == (3, 1)
    assert list(submission.numbers()) == [1, 2]
    assert len(submission.make(torch.nn.Sequential, layer, layer)) == 2
    gradients = submission.vjp(layer, (torch.ones(3, 2),), (torch.ones(3, 1),))
    assert torch.equal(gradients["parameters"]["weight"], torch.full((1, 2), 3.0))


def test_functions_travel_by_name(submission):
    assert submission.calls(torch.relu, torch.tensor([-1.0, 2.0])).tolist() == [0, 2]
    assert submission.calls(torch.nn.functional.relu, torch.tensor([-1.0])).tolist() == [0]
    assert submission.calls(torch.Tensor.neg, torch.tensor([1.0])).tolist() == [-1]


def test_a_lambda_is_refused_with_a_message_to_the_author(submission):
    with pytest.raises(AuthorError, match=r"lambda.*by name.*fixtures/shared"):
        submission.calls(lambda x: x, 1)


def test_a_missing_function_is_named_with_the_nearest(submission):
    with pytest.raises(Verdict, match=r"There is no zeroes in tensors\.py\. There is zeros"):
        submission.zeroes(1)


def test_observing_tells_what_happened(submission):
    seen = submission.observe.grows(torch.ones(2))
    assert seen.result.tolist() == seen.args[0].tolist() == [2, 2]
    assert seen.before[0].tolist() == [1, 1]
    assert seen.aliases == {("result", "args[0]")}
    assert seen.versions == {"args[0]": 1}
    assert seen.ops == {"aten.add_.Tensor": 1}
    assert submission.observe.draws().generators == {"torch", "numpy", "random"}
    assert submission.observe.same().aliases == frozenset()
    talked = submission.observe.talks()
    assert (talked.stdout, talked.warnings) == ("hello\n", ["careful"])


def test_banned_functions_raise_also_under_the_students_own_names(submission):
    with submission.banning("torch.linspace"), pytest.raises(CheckFailed, match=r"torch\.linspace was called"):
        submission.spaced()
    assert submission.spaced().tolist() == [0, 0.5, 1]


def test_uninitialised_memory_shows(submission):
    with submission.uninitialised_as_nan():
        assert submission.unset().isnan().all()
    assert not torch.are_deterministic_algorithms_enabled()


def test_every_check_starts_from_its_own_seed(submission, sandbox):
    again = Submission(direct_client, PROGRAM, seed=3)
    other = Submission(direct_client, PROGRAM, seed=4)
    first = submission.draws()
    assert first == again.draws()
    assert first != other.draws()


def test_leaving_by_exit_is_a_verdict(submission):
    with pytest.raises(Verdict, match=r"ended the program \(exit\(\) or sys.exit\(\)\)") as caught:
        submission.exits()
    assert caught.value.status == "crashed"
    with pytest.raises(Verdict) as caught:
        submission.skips()
    assert caught.value.status == "crashed"


def test_asking_for_too_much_memory_is_a_verdict(submission):
    with pytest.raises(Verdict) as caught:
        submission.greedy()
    assert caught.value.status == "memory"


@pytest.mark.parametrize("name", ["loops", "sleeps"])
def test_what_never_ends_is_ended(confined, name):
    with pytest.raises(Verdict, match=r"longer than 0.5 seconds") as caught:
        getattr(confined, name)()
    assert caught.value.status == "timeout"
    with pytest.raises(Verdict):
        confined.zeros(1, 1)


def test_a_dead_worker_is_a_verdict(confined):
    with pytest.raises(Verdict, match="exit code 0") as caught:
        confined.leaves()
    assert caught.value.status == "crashed"


def test_each_worker_is_pristine(sandbox):
    for _ in range(3):
        proxy = Submission(lambda: sandbox.open(1.0, 5.0), PROGRAM, seed=0)
        assert (proxy.counts(), proxy.counts()) == (1, 2)
        proxy._close()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"import torch\n\ndef f(:\n", r"tensors.py, line 3: SyntaxError"),
        (b"x = 1\nraise ValueError('bad start')\n", r"tensors.py, line 2: ValueError: bad start"),
        (b"x = '\xff\xfe'\n", "tensors.py.*SyntaxError"),
        (b"\x00", "tensors.py.*SyntaxError"),
        (b"import nothing_like_it\n", "line 1: ModuleNotFoundError: No module named 'nothing_like_it'"),
    ],
    ids=["syntax", "raises", "not utf-8", "null byte", "missing module"],
)
def test_a_file_that_cannot_be_imported_says_where(source, words, sandbox):
    for opener in (direct_client, lambda: sandbox.open(1.0, 5.0)):
        proxy = Submission(opener, Program("tensors", {"tensors": source}), 0)
        with pytest.raises(Verdict, match=words):
            proxy.zeros(1, 1)
        proxy._close()


def test_modules_beside_the_submission_are_found_but_shadow_nothing(sandbox):
    files = {
        "tensors": b"import random, helper\ndef f(): return helper.VALUE, hasattr(random, 'Random')\n",
        "helper": b"VALUE = 5\n",
        "random": b"VALUE = 6\n",
    }
    proxy = Submission(lambda: sandbox.open(1.0, 5.0), Program("tensors", files), 0)
    assert proxy.f() == (5, True)
    proxy._close()
