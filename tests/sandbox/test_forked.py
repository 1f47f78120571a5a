"""What a zygote's grader makes of the way a worker ended."""

import sys
from dataclasses import dataclass

import pytest

from torchgrade.errors import Verdict
from torchgrade.sandbox.program import Program
from torchgrade.sandbox.wall import Layer
from torchgrade.submission import Submission

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a zygote needs a system that forks")
PROGRAM = Program("m", {"m": b"import os\ndef leaves(): os._exit(3)\n"})


@dataclass
class Group:
    """A control group in which the kernel has killed for memory."""

    kills: int
    layer: Layer

    def out_of_memory(self):
        """Tell the number as the kernel would."""
        return self.kills

    def end(self):
        """Nothing lives in it."""


@pytest.mark.parametrize(("kills", "status"), [(0, "crashed"), (1, "memory")])
def test_a_worker_that_the_kernel_killed_for_its_groups_memory_is_told_so(monkeypatch, sandbox, kills, status):
    assert sandbox.level  # it has started
    monkeypatch.setattr(sandbox, "killed", 0)
    monkeypatch.setattr(sandbox, "group", Group(kills, Layer("cgroup", True)))
    submission = Submission(lambda: sandbox.open(5.0, 5.0), PROGRAM, seed=1)
    with pytest.raises(Verdict) as caught:
        submission.leaves()
    assert caught.value.status == status


def test_the_group_is_named_among_the_layers(sandbox):
    assert sandbox.level
    found = {name: (on, detail) for name, on, detail in sandbox.report["layers"]}
    on, detail = found["cgroup"]
    assert on or detail
