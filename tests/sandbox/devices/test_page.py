"""The sample of docs/authoring/devices.md does what the page says."""

import re
from pathlib import Path

import pytest

from torchgrade.checks import spec_of
from torchgrade.errors import CheckFailed
from torchgrade.sandbox.inprocess import direct_client
from torchgrade.sandbox.program import Program
from torchgrade.submission import Submission

PAGE = (Path(__file__).parents[3] / "docs" / "authoring" / "devices.md").read_text(encoding="utf-8")
STUDENT, CHECKS = (
    re.findall(rf'```python title="{kind}"\n(.*?)```', PAGE, re.DOTALL)[0] for kind in ("student.py", "checks")
)


def run(student):
    """Run every check of the page, on one submission each."""
    space = {}
    exec(CHECKS, space)
    checks = [value for value in space.values() if spec_of(value)]
    for function in checks:
        submission = Submission(direct_client, Program("m", {"m": student.encode()}), 0, spec_of(function).device)
        function(submission)
        submission._close()
    return len(checks)


def test_the_pages_student_passes_the_pages_checks():
    assert run(STUDENT) == 2


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('self.register_buffer("scale", torch.tensor([1.0, 10.0]))', "self.scale = torch.ones(2)", "same device"),
        ("return x * self.scale", "return x.cpu() * self.scale.cpu()", "on cpu came"),
        ("x, y = x.to(device), y.to(device)", "x.to(device), y.to(device)", "same device"),
        ("return w.detach()", "return w.detach().cpu()", "on cpu came"),
    ],
)  # fmt: skip
def test_the_mistakes_that_it_names_are_found(old, new, words):
    assert old in STUDENT
    with pytest.raises((CheckFailed, RuntimeError), match=words):
        run(STUDENT.replace(old, new))
