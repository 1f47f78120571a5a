"""One check for each task of `students`, as an author writes them."""

from pathlib import Path

import torch

from torchgrade import expect
from torchgrade.errors import CheckFailed, Verdict, raised_by_student
from torchgrade.sandbox.program import Program

SOURCE = b"\n".join(file.read_bytes() for file in sorted((Path(__file__).parent / "students").glob("*.py")))
PROGRAM = Program("students", {"students": SOURCE})
X = torch.tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0], [-3.0, 0.0, 2.0], [2.0, 1.0, -0.5]])
POINTS = torch.linspace(-1, 1, 8)[:, None]
NAMES = [
    line.split()[1].partition("(")[0].rstrip(":")
    for line in SOURCE.decode().splitlines()
    if line.startswith(("def ", "class ")) and "__" in line.partition("(")[0]
]


def same(submission, out, asked):
    expect(out).device(submission.device).close(asked, rtol=1e-5, atol=1e-5)


def make(submission, f):
    same(submission, f(3, submission.device), torch.ones(3, 3))


def centre(submission, f):
    same(submission, f(submission.on_device(X)), (X - X.mean(0)) * 0.5)


def clip_negative(submission, f):
    same(submission, f(submission.on_device(X)), X.clamp(min=0))


def positions(submission, f):
    same(submission, f(submission.on_device(X)), X + torch.arange(4.0)[:, None])


def noise(submission, f):
    first, again, other = (f(seed, submission.device) for seed in (5, 5, 6))
    expect(first).device(submission.device).shape(2).finite()
    expect(again).equal(torch.as_tensor(first))
    if torch.equal(first, other):
        expect.fail("Another seed gives the same numbers.")


def share(submission, f):
    logits, labels = submission.on_device((X, torch.tensor([2, 1, 0, 1])))
    expect(f(logits, labels)).close(0.5)


def where(submission, f):
    expect(f().type).equal(submission.device.type)


def Net(submission, f):
    x = submission.on_device(X)
    out = f().to(submission.device)(x)
    expect(out).device(submission.device).close(torch.relu(X * 2 + torch.arange(3.0)))


def fit(submission, f):
    weight = f(POINTS, 3 * POINTS, submission.device)
    expect(weight).device(submission.device).close(torch.tensor([[3.0]]), rtol=0.05)


def embed(submission, f):
    same(submission, f(submission.on_device(X), torch.tensor([0, 2, 2])), X[[0, 2, 2]].mean(0))


def smooth(submission, f):
    asked = torch.nn.functional.conv1d(X.reshape(1, 1, -1), torch.ones(1, 1, 3), padding=1).reshape(-1)
    same(submission, f(submission.on_device(X.reshape(-1))), asked)


def judge(submission, name):
    """Return an empty string where the check passes, else what it says; anything else is raised."""
    try:
        globals()[name.partition("__")[0]](submission, getattr(submission, name))
    except (CheckFailed, Verdict) as error:
        return str(error)
    except Exception as error:
        if raised_by_student(error) is None:
            raise
        return f"{type(error).__name__}: {error}"
    return ""
