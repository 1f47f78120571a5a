"""Expectations about a call: arguments left alone, memory shared or not."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from torchgrade import expect
from torchgrade.errors import AuthorError, CheckFailed

from .situations import SEEN, handle, seen


def test_a_call_that_leaves_all_alone_passes():
    expect(SEEN).untouched().fresh().shape(2).equal(torch.tensor([1.0, 2.0]))
    assert expect(SEEN).value is SEEN.result


def test_arguments_that_cannot_be_compared_are_left_out():
    meta = torch.ones(2, device="meta")
    before = (handle("Linear"), [torch.relu, torch.tensor([torch.nan])], meta, {"f": max, "x": 1})
    after = (handle("Linear"), [handle("function"), torch.tensor([torch.nan])], meta, {"f": handle("function"), "x": 1})
    seen(before=before, args=after).untouched()


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (torch.ones(2), torch.ones(2).long(), "torch.float32 before the call, torch.int64 after"),
        (np.array([1, 2]), np.array([1, 5]), r"at \[1\]: 2 before the call, 5 after"),
        ({"a": 1}, {"b": 1}, "changed: the key 'a' before the call"),
        ([1, [2]], [1, [3]], r"at \[1\]\[0\]"),
        ("x", None, "a string before the call, None after"),
    ],
)
def test_a_change_names_argument_place_and_both_values(before, after, words):
    with pytest.raises(CheckFailed, match=words) as caught:
        seen(before=(0, before), args=(0, after)).untouched()
    assert "The second argument was changed" in caught.value.rationale


def test_memory_that_is_shared_is_asked_for_or_refused():
    view = replace(SEEN, aliases=frozenset({("result[1]", "args[0]")}))
    expect(view).shares_memory()
    with pytest.raises(CheckFailed, match="first argument"):
        expect(view).fresh()
    with pytest.raises(CheckFailed):
        expect(SEEN).shares_memory()


@pytest.mark.parametrize("matcher", ["untouched", "fresh", "shares_memory"])
def test_these_matchers_need_an_observation(matcher):
    with pytest.raises(AuthorError, match="observe"):
        getattr(expect(torch.ones(2)), matcher)()
