"""What checks ask about a call, asked of real calls: in a process of its own and in this one."""

import numpy as np
import pytest
import torch

from torchgrade import expect
from torchgrade.errors import AuthorError, CheckFailed
from torchgrade.sandbox.inprocess import direct_client
from torchgrade.sandbox.program import Program
from torchgrade.submission import Submission

from .call_situations import STUDENT
from .situations import SEEN, seen

SOURCE = (
    STUDENT
    + b"""
import random

def adds_(x, y):
    x += y
    return x

def adds(x, y):
    return x + y

def rebinds(x, y):
    x = x + y
    return x

def exchanges(x, y):
    x.data = x + y
    return x

def by_memory(x, y):
    x.numpy()[...] += y.numpy()
    return x

def adds_each_(xs, y):
    for x in xs:
        x += y

def view(x):
    return x.view(-1)

def draws_torch():
    return torch.rand(2)

def draws_own():
    return torch.rand(2, generator=torch.Generator().manual_seed(1))

def draws_numpy(): return float(numpy.random.rand())

def draws_random(): return random.random()

def seeded(seed):
    torch.manual_seed(seed)
    return torch.rand(2)

def normed(x):
    return torch.nn.Dropout(0.5)(x)

def unset(n): return torch.empty(n)

def lengths(x): return x.sum(0) + len(x.tolist())
"""
)


@pytest.fixture(params=["process", "direct"])
def submission(request, sandbox):
    opener = direct_client if request.param == "direct" else lambda: sandbox.open(2.0, 5.0)
    proxy = Submission(opener, Program("calls", {"calls": SOURCE}), seed=3)
    yield proxy
    proxy._close()


ONES = torch.ones(2)


@pytest.mark.parametrize("name", ["adds_", "by_memory"])
def test_work_in_place_passes(submission, name):
    for one in (torch.tensor([1.0, 2.0]), torch.tensor([[1.0, 9.0], [2.0, 9.0]])[:, 0]):
        expect(getattr(submission.observe, name)(one, ONES)).written_in_place("args[0]").shares_memory().untouched(
            "args[1]"
        ).argument(0).equal(torch.tensor([2.0, 3.0]))


def test_work_in_place_on_parts_and_arrays_passes(submission):
    expect(submission.observe.adds_each_([ONES, ONES * 2], ONES)).written_in_place("args[0][0]", "args[0][1]")
    expect(submission.observe.adds_(np.ones(2), np.ones(2))).written_in_place("args[0]").argument(0).equal(
        np.full(2, 2.0)
    )


@pytest.mark.parametrize(
    ("name", "words"), [("adds", "as it was"), ("rebinds", "as it was"), ("exchanges", "other memory")]
)
def test_work_elsewhere_is_not_in_place(submission, name, words):
    with pytest.raises(CheckFailed, match=words):
        expect(getattr(submission.observe, name)(torch.ones(2), ONES)).written_in_place("args[0]")


def test_untouched_may_mean_some_arguments_only(submission):
    called = submission.observe.adds_(torch.ones(2), ONES)
    expect(called).untouched("args[1]")
    for paths in ((), ("args[0]",), ("args[1]", "args[0]")):
        with pytest.raises(CheckFailed, match="first argument was changed"):
            expect(called).untouched(*paths)
    expect(submission.observe.view(torch.ones(2, 3))).shares_memory().untouched()


def test_a_path_that_leads_nowhere_is_the_authors():
    for path in ("args", "x", "args[7]", "args[0]['w']", "args[0].x", "args[-1]", "__import__('os')"):
        with pytest.raises(AuthorError):
            seen().written_in_place(path)
    with pytest.raises(AuthorError, match="name the arguments"):
        seen().written_in_place()
    seen(before=({"w": ONES},), args=({"w": ONES + 1},)).written_in_place("args[0]['w']", "args[0]")


def test_generators_are_left_alone_or_drawn_from(submission):
    observe = submission.observe
    expect(observe.draws_own()).leaves_generators()
    expect(observe.draws_torch()).draws_from("torch").leaves_generators("numpy", "random")
    expect(observe.draws_numpy()).draws_from("numpy")
    expect(observe.draws_random()).draws_from("random")
    for call, matcher in (
        (lambda: observe.draws_torch(), lambda one: one.leaves_generators()),
        (lambda: observe.seeded(5), lambda one: one.leaves_generators("torch")),
        (lambda: observe.draws_own(), lambda one: one.draws_from("torch")),
        (lambda: observe.draws_random(), lambda one: one.draws_from("numpy")),
    ):
        with pytest.raises(CheckFailed, match="global generator"):
            matcher(expect(call()))
    with pytest.raises(AuthorError, match="no generator 'cuda'"):
        expect(SEEN).draws_from("cuda")


def test_equal_seeds_repeat_and_others_differ(submission):
    expect(submission.seeded(1)).repeats(submission.seeded(1)).differs_from(submission.seeded(2))
    expect(submission.draws_torch()).differs_from(submission.draws_torch())
    expect({"a": [1.0, torch.ones(2)]}).repeats({"a": [1.0, torch.ones(2)]})
    with pytest.raises(CheckFailed, match="should give the same"):
        expect(submission.normed(torch.ones(50))).repeats(submission.normed(torch.ones(50)))
    with pytest.raises(CheckFailed, match="should differ"):
        expect(submission.draws_own()).differs_from(submission.draws_own())


def test_memory_that_nobody_filled_is_found(submission):
    with submission.uninitialised_as_nan(), pytest.raises(CheckFailed, match="nan"):
        expect(submission.unset(3)).finite()


def test_whole_tensors_are_vectorised(submission):
    small, large = (torch.arange(3.0),), (torch.arange(200.0),)
    expect.vectorised(submission.doubled, small, large).equal(large[0] * 2)
    for name, words in (("looped", "grew most"), ("listed", "tolist"), ("by_numpy", "numpy"), ("applied", "apply_")):
        with pytest.raises(CheckFailed, match=words):
            expect.vectorised(getattr(submission, name), small, large)
    expect.vectorised(submission.lengths, small, large, reading=True)
    expect.vectorised(submission.looped, small, large, slack=2000)
    with pytest.raises(AuthorError, match="function itself"):
        expect.vectorised(submission.observe.doubled, small, large)


def test_bans_say_what_was_called(submission):
    with (
        submission.banning("torch.Tensor.tolist"),
        pytest.raises(CheckFailed, match=r"torch\.Tensor\.tolist was called"),
    ):
        submission.listed(ONES)
