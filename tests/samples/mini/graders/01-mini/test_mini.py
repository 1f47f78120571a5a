"""Checks of the small course."""

import pytest
import torch
from fixtures.shared.shapes import SIDE

from torchgrade import check, expect

SECRET = torch.tensor([8.0, 64.0])


@check("zeros_matrix", points=2, visible=True)
def test_shape_and_dtype(submission):
    """A 3x4 matrix of float32 zeros."""
    expect(submission.zeros_matrix(3, 4)).equal(torch.zeros(3, 4))


@check("zeros_matrix", points=1)
@pytest.mark.parametrize("columns", [1, 2, 5])
def test_other_sizes(submission, columns):
    """Matrices of other sizes."""
    expect(submission.zeros_matrix(SIDE, columns), because="The sizes are the arguments.").equal(
        torch.zeros(SIDE, columns)
    )


@check("halve", points=2)
def test_halves(submission):
    """Every element is halved and the argument stays."""
    expect(submission.observe.halve(SECRET.clone()), because="x itself must not change.").untouched().equal(SECRET / 2)


@check("halve", points=1)
@pytest.mark.gpu
def test_on_a_gpu(submission):
    """The result stays on the GPU."""
    expect(submission.halve(SECRET.cuda())).device("cuda").equal(SECRET / 2)
