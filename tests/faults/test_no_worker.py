"""Where no worker can be started the grader could not tell: no submission is to blame."""

import shutil
import sys
from pathlib import Path

import pytest

from torchgrade.course import Limits
from torchgrade.plugin.outcomes import outcome_of

if sys.platform != "linux":
    pytest.skip("there are no zygotes elsewhere", allow_module_level=True)

from torchgrade.sandbox.endings import Unstartable
from torchgrade.sandbox.forked import ForkedSandbox

FIXTURES = Path(__file__).parent.parent / "samples" / "mini" / "fixtures"


def test_a_check_without_a_worker_is_an_error_and_not_the_submissions(monkeypatch):
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    sandbox = ForkedSandbox(FIXTURES, Limits(), confine=False)
    try:
        with pytest.raises(Unstartable) as caught:
            sandbox.open(1.0, 1.0)
    finally:
        sandbox.close()
    outcome = outcome_of(caught.value)
    # an uncertain one would be tried on the reference, and pass there if a worker can be had by then
    assert (outcome.status, outcome.uncertain, outcome.lost) == ("error", False, True)
