"""What is written down of the talk between a check and a worker."""

import numpy as np
import pytest
import torch

from torchgrade.errors import CheckFailed
from torchgrade.sandbox.inprocess import direct_client
from torchgrade.sandbox.program import Program
from torchgrade.submission import RecordedClient, Submission, Transcript
from torchgrade.submission.sketch import WHOLE, Block, Fields, Items, Sketcher, Unread
from torchgrade.submission.transcript import MOST_BYTES, MOST_WAITING, Threw

SOURCE = b"""
import torch
def double(x): return 2 * x
def fill(x): return x.fill_(7)
def fill_twice(x): x.zero_(); return x.add_(7)
def fails(x): raise KeyError("no")
def stub(x): raise NotImplementedError("TODO: stub")
def layer(): return torch.nn.Linear(2, 1)
def large(x): return x.repeat(300)
"""


@pytest.fixture
def transcript():
    return Transcript()


@pytest.fixture
def submission(transcript):
    return Submission(lambda: RecordedClient(direct_client(), transcript), Program("mine", {"mine": SOURCE}), 0)


def test_questions_and_answers_are_kept_in_order(submission, transcript):
    assert submission.double(2) == 4
    submission.double(torch.ones(3))
    first, second = transcript.exchanges
    assert first.asked.items[:2] == ("call", "double")
    assert first.told == 4
    assert second.told.values.tolist() == [2, 2, 2]


def test_what_went_to_and_fro_in_bulk_is_not_held_until_the_end(submission, transcript):
    large = torch.ones(MOST_WAITING // 4)
    submission.double(large).zero_()
    submission.double(torch.ones(2))
    first, second = transcript.exchanges
    assert first.told.values.unique().tolist() == [2]
    assert second.told.values.tolist() == [2, 2]


def test_an_exception_is_an_answer(submission, transcript):
    with pytest.raises(KeyError):
        submission.fails(1)
    assert transcript.exchanges[0].told == Threw("KeyError", "'no'")


def test_a_refusal_is_an_answer(submission, transcript):
    with submission.banning("torch.Tensor.fill_"), pytest.raises(CheckFailed):
        submission.fill(torch.ones(1))
    assert transcript.exchanges[0].told.kind == "refused"


def test_of_an_observation_it_counts_what_was_written_but_not_how_often(submission, transcript):
    submission.observe.fill(torch.ones(2))
    submission.observe.fill_twice(torch.ones(2))
    once, twice = (exchange.told for exchange in transcript.exchanges)
    _, aliases, written, moved, generators = once.items[1].items
    assert aliases == {Items(tuple, 2, ("result", "args[0]"))}
    assert written == {"args[0]"}
    assert (moved, generators) == (frozenset(), frozenset())
    assert once.items[1].items[1:] == twice.items[1].items[1:]


def test_handles_are_told_apart_by_when_they_came(submission, transcript):
    layer = submission.layer()
    layer(torch.ones(1, 2))
    assert transcript.exchanges[0].told == Unread(("handle", 0))
    assert transcript.exchanges[1].asked.items[1] == Items(tuple, 2, ("handle", 0))
    assert isinstance(transcript.exchanges[1].told, Block)


def test_a_long_transcript_ends_and_goes_on_counting(submission, transcript):
    for _ in range(150):
        submission.large(torch.ones(10))
    assert len(transcript) == 150
    assert transcript.left_out > 0
    assert transcript._sketcher.size < 2 * MOST_BYTES


def sketch(value):
    return Sketcher(MOST_BYTES).of(value)


@pytest.mark.parametrize(
    "value", [None, True, 3, 2.5, 1j, "text", b"bytes", range(3), slice(1, 2), torch.float32, torch.device("cpu")]
)
def test_plain_values_are_their_own_sketch(value):
    assert sketch(value) == value


def test_containers_keep_their_kind():
    assert sketch([1, (2,)]) == Items(list, 2, (1, Items(tuple, 1, (2,))))
    assert sketch(torch.Size([2, 3])) == Items(torch.Size, 2, (2, 3))
    assert sketch({"a": [1]}) == Fields(1, {"a": Items(list, 1, (1,))})
    assert sketch({1, "a"}) == frozenset({1, "a"})


def test_a_long_list_is_sampled_all_along():
    found = sketch(list(range(100_000)))
    assert found.length == 100_000
    assert len(found.items) <= 1000
    assert found.items[-1] > 99_000


@pytest.mark.parametrize("make", [torch.arange, np.arange])
def test_of_many_numbers_some_and_the_means_are_kept(make):
    found = sketch(make(10 * WHOLE))
    assert found.shape == (10 * WHOLE,)
    assert found.values.numel() <= WHOLE
    assert found.means.shape == (2, 64)
    assert found.means[0].mean().item() == pytest.approx((10 * WHOLE - 1) / 2)


@pytest.mark.parametrize(
    "value",
    [
        torch.zeros(2, dtype=torch.bfloat16),
        torch.zeros(2, dtype=torch.complex64),
        torch.zeros(5000, dtype=torch.complex64),
        torch.zeros(5000, dtype=torch.float8_e4m3fn),
        torch.zeros(5000, dtype=torch.bool),
        torch.zeros(2, dtype=torch.uint16),
        torch.tensor(3.0),
        torch.zeros(0, 3),
        torch.ones(3).requires_grad_(),
        torch.arange(6.0).view(2, 3).t(),
        np.float32(2.5),
        np.arange(4)[::-1],
        np.broadcast_to(np.ones(1), (5000,)),
    ],
    ids=str,
)
def test_numbers_of_every_kind_have_a_sketch(value):
    assert isinstance(sketch(value), Block)


def test_a_tensor_without_data_has_a_sketch():
    found = sketch(torch.empty(3, 2, device="meta"))
    assert (found.shape, found.origin[0], found.values) == ((3, 2), "meta", None)


def test_texts_in_an_array_are_not_read():
    assert isinstance(sketch(np.array(["a"])), Unread)


def test_what_cannot_be_noted_is_like_nothing_and_breaks_no_check():
    class Strange:
        def __getattr__(self, name):
            raise RuntimeError(name)

    one, other = Transcript(), Transcript()
    one.add(("call",), Strange())
    other.add(("call",), Strange())
    assert len(one) == 1
    assert one.exchanges[0].told != other.exchanges[0].told
