"""Right and wrong code about devices is told apart, whichever way its worker is made."""

from collections import Counter

import pytest

from torchgrade.sandbox.inprocess import direct_client, torch_as_it_was
from torchgrade.submission import Submission

from .judging import NAMES, PROGRAM, judge


def judged(opener, name):
    submission = Submission(opener, PROGRAM, seed=1, device="accelerator")
    try:
        return judge(submission, name)
    finally:
        submission._close()


@pytest.mark.parametrize("name", NAMES)
def test_in_this_process(name):
    with torch_as_it_was():
        said = judged(direct_client, name)
    assert (said == "") == ("__right" in name), said


@pytest.mark.parametrize("name", NAMES)
def test_in_a_forked_worker(sandbox, name):
    said = judged(lambda: sandbox.open(20.0, 20.0), name)
    assert (said == "") == ("__right" in name), said


def test_there_are_enough_of_both():
    kinds = Counter("__right" in name for name in NAMES)
    assert sum(kinds.values()) == len(set(NAMES)) >= 40
    assert min(kinds.values()) >= 20
