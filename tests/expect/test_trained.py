"""Right training passes, and each measured word notes how near its bound it came."""

import math

import numpy as np
import pytest
import torch

from torchgrade import expect
from torchgrade.errors import AuthorError, CheckFailed
from torchgrade.expect.margins import Margin, collected_margins
from torchgrade.expect.trained import PILED_UP, UNMOVED

from .training_situations import BOWL, GENERATOR, LINE, LR, START, TRAINED, X, Y, train


def test_a_fit_is_near_the_least_squares_line():
    expect(TRAINED).near(LINE, within=0.001)
    expect((float(TRAINED["weight"]), float(TRAINED["bias"]))).near(LINE, within=0.001, start=[0.0, 0.0])
    expect(np.array([3.01314, 1.00274])).near(LINE, within=0.001)
    assert LINE.least_loss == pytest.approx(LINE.loss(LINE.optimum))
    assert LINE.loss(torch.zeros(2)) == pytest.approx(float(Y.double().square().mean()))


def test_the_optimum_is_that_of_numpy():
    many = torch.randn(30, 4, generator=GENERATOR, dtype=torch.float64)
    targets = torch.randn(30, 1, generator=GENERATOR, dtype=torch.float64)
    with_ones = np.hstack([many.numpy(), np.ones((30, 1))])
    asked = np.linalg.lstsq(with_ones, targets.numpy()[:, 0], rcond=None)[0]
    assert np.allclose(expect.least_squares(many, targets).optimum.numpy(), asked)
    without = np.linalg.lstsq(many.numpy(), targets.numpy()[:, 0], rcond=None)[0]
    assert np.allclose(expect.least_squares(many, targets[:, 0], bias=False).optimum.numpy(), without)


@pytest.mark.parametrize("steps", [0, 1, 2, 7, 60])
def test_the_closed_form_is_what_torch_does(steps):
    expect(train(steps)).after_steps(steps, LINE, start=START, lr=LR)
    piled_up = LINE.run_piling_up(torch.zeros(2), LR, steps)
    came = train(steps, clear=False)
    assert torch.allclose(piled_up.float(), torch.cat([came["weight"][0], came["bias"]]), rtol=1e-3, atol=1e-4)


def test_the_descent_on_squares_has_its_known_points():
    squares = expect.quadratic(torch.tensor([[2.0]]), torch.tensor([0.0]))
    expect(torch.tensor([-256.76])).after_steps(1, squares, start=-262.0, lr=0.01)
    expect(-246.5923).after_steps(3, squares, start=-262.0, lr=0.01)
    point = torch.tensor(-262.0)
    for _ in range(1000):
        point = point - 0.01 * 2 * point
    expect(point).after_steps(1000, squares, start=-262.0, lr=0.01)
    with pytest.raises(CheckFailed) as caught:
        expect(-241.458).after_steps(3, squares, start=-262.0, lr=0.01)
    assert caught.value.help != PILED_UP


def test_the_minimum_of_a_quadratic_is_known():
    assert torch.allclose(BOWL.hessian @ BOWL.optimum, torch.tensor([1.0, 2.0], dtype=torch.float64))
    x = torch.tensor([0.3, -0.2], dtype=torch.float64)
    asked = 0.5 * x @ BOWL.hessian @ x - torch.tensor([1.0, 2.0], dtype=torch.float64) @ x
    assert BOWL.loss(x) == pytest.approx(float(asked))


def test_curves_that_go_down_pass():
    expect([3.0, 2.0, 1.5, 1.0]).descends(to=1.0)
    expect([3, 2, 1]).descends()
    expect(torch.tensor([3.0, 2.0, 2.0000001, 1.0])).descends(to=1.1)
    expect(np.array([3.0, 2.0, 2.5, 1.0, 0.5])).descends(to=0.6, rises=0.25)
    expect(LINE.least_loss).is_a(float)


def test_parameters_that_moved_and_measures_that_are_reached_pass():
    expect(TRAINED).moved_from(START).moved_from(START, by=0.5)
    expect(TRAINED).reaches(lambda weights: 0.96, at_least=0.96)
    expect(TRAINED).reaches(lambda weights: torch.tensor(0.2), at_most=0.25)
    expect([torch.ones(2), torch.zeros(0)]).moved_from([torch.zeros(2), torch.zeros(0)])


def test_each_measured_word_notes_a_margin():
    with collected_margins() as noted:
        expect([1.0, 0.5]).near([1.0, 0.5], within=0.1).descends(to=2.0, rises=0.5)
        expect((TRAINED, [0.0])).at(0).near(LINE, within=0.02).moved_from(START, by=0.5)
        expect(train(3)).after_steps(3, LINE, start=START, lr=LR)
        expect(0).reaches(lambda value: 0.8, at_least=0.6, called="accuracy")
    assert [margin.name for margin in noted] == [
        "near", "descends to", "descends with rises", "near of result[0]", "moved_from of result[0]", "after_steps",
        "reaches accuracy",
    ]  # fmt: skip
    assert all(margin.holds for margin in noted)
    assert noted[0] == Margin("near", 0.0, 0.1)
    assert noted[1] == Margin("descends to", 0.5, 2.0)
    assert noted[-1] == Margin("reaches accuracy", pytest.approx(0.75), 1.0)


def test_a_failure_notes_its_margin_too_and_nan_is_endlessly_far():
    with collected_margins() as margins:
        for call in (
            lambda: expect([float("nan")]).near([1.0], within=0.1),
            lambda: expect(0).reaches(lambda value: float("nan"), at_most=1.0),
            lambda: expect(0).reaches(lambda value: 0.0, at_least=1.0),
            lambda: expect([1.0, float("inf")]).descends(to=0.5),
        ):
            with pytest.raises(CheckFailed):
                call()
    assert [margin.value for margin in margins] == [math.inf] * 4
    assert not any(margin.holds for margin in margins)


def test_nothing_is_noted_where_nobody_collects_or_the_bound_is_exact():
    expect(0).reaches(lambda value: 1.0, at_least=0.5)
    with collected_margins() as margins:
        expect([2.0, 1.0]).descends().moved_from([1.0, 2.0]).reaches(lambda value: -1.0, at_most=0.0)
    expect(0).reaches(lambda value: 1.0, at_least=0.5)
    assert margins == []


@pytest.mark.parametrize(
    "call",
    [
        lambda: expect.least_squares(X, Y[:-1]),
        lambda: expect.least_squares(X, Y.expand(-1, 2)),
        lambda: expect.least_squares(torch.ones(5, 1), torch.ones(5)),
        lambda: expect.least_squares(torch.ones(5, 1, 1), torch.ones(5)),
        lambda: expect.quadratic(torch.tensor([[1.0, 2.0], [0.0, 1.0]]), torch.ones(2)),
        lambda: expect.quadratic(torch.diag(torch.tensor([1.0, -1.0])), torch.ones(2)),
        lambda: expect.quadratic(torch.eye(2), torch.ones(3)),
        lambda: expect(1.0).near("a", within=0.1),
        lambda: expect(1.0).near(1.0, within=0.0),
        lambda: expect(1.0).after_steps(3, LINE, start=[0.0], lr=0.1),
        lambda: expect(1.0).after_steps(9000, LINE, start=[0.0, 0.0], lr=1000.0),
        lambda: expect([1.0, 2.0]).descends(rises=7),
        lambda: expect(1.0).reaches(abs),
        lambda: expect(1.0).reaches(abs, at_least=1, at_most=2),
        lambda: expect(1.0).reaches(str, at_least=1),
    ],
)
def test_an_authors_mistake_is_called_one(call):
    with pytest.raises(AuthorError):
        call()


def test_a_start_of_another_precision_is_recognised():
    start = torch.tensor([0.1, 0.2], dtype=torch.float64)
    with pytest.raises(CheckFailed) as caught:
        expect(start.float()).near(LINE, within=0.02, start=start)
    assert caught.value.help == UNMOVED
