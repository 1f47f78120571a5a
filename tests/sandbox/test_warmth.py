"""What workers find loaded: torch always, its optimizers where the assignment is about them."""

import pytest

from torchgrade.course import Limits
from torchgrade.sandbox.open import open_sandbox
from torchgrade.sandbox.program import Program
from torchgrade.sandbox.warmth import mention_optimizers
from torchgrade.submission import Submission

SOURCE = b"""
import sys, torch

def heavy(): return "torch._dynamo" in sys.modules

def step():
    w = torch.nn.Parameter(torch.ones(1))
    w.grad = torch.ones(1)
    torch.optim.SGD([w], lr=0.5).step()
    return w.item()
"""
PROGRAM = Program("m", {"m": SOURCE})


@pytest.mark.parametrize("optimizers", [True, False])
def test_optimizers_are_loaded_where_asked_for_and_work_everywhere(tmp_path, optimizers):
    (tmp_path / "shared").mkdir()
    opened = open_sandbox(tmp_path, Limits(seconds=20.0, import_seconds=20.0), optimizers=optimizers)
    try:
        submission = Submission(lambda: opened.open(20.0, 20.0), PROGRAM, seed=1)
        assert submission.heavy() is optimizers
        assert submission.step() == 0.5
    finally:
        submission._close()
        opened.close()


@pytest.mark.parametrize(("text", "mentioned"), [("torch.optim.SGD", True), ("x.grad.zero_()", False)])
def test_an_assignment_mentions_optimizers_in_any_of_its_files(tmp_path, text, mentioned):
    (tmp_path / "other.py").write_text("import torch\n", encoding="utf-8")
    (tmp_path / "solution.py").write_text(f"{text}\n", encoding="utf-8")
    assert mention_optimizers([*tmp_path.iterdir(), tmp_path / "absent.py"]) is mentioned
