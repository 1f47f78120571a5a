"""Failures about training: a line fitted with every classic mistake."""

import warnings
from collections.abc import Callable
from typing import Any

import torch

from torchgrade import expect

from .situations import came_from, handle

GENERATOR = torch.Generator().manual_seed(5)
X = torch.rand(40, 1, generator=GENERATOR) * 2 - 1
Y = 3 * X + 1 + 0.1 * torch.randn(40, 1, generator=GENERATOR)
UNSEEN_X = torch.rand(40, 1, generator=GENERATOR) * 2 + 1
UNSEEN_Y = 3 * UNSEEN_X.square()
LINE = expect.least_squares(X, Y)
BOTH = expect.least_squares(X, Y, unseen=(UNSEEN_X, UNSEEN_Y))
BOWL = expect.quadratic(torch.tensor([[4.0, 1.0], [1.0, 3.0]]), torch.tensor([1.0, 2.0]))
PLANE = expect.least_squares(torch.eye(12).repeat(2, 1), torch.arange(24.0), bias=False)
START = {"weight": torch.zeros(1, 1), "bias": torch.zeros(1)}
LR = 0.1


def train(
    steps: int,
    *,
    x: torch.Tensor = X,
    y: torch.Tensor = Y,
    lr: float = LR,
    clear: bool = True,
    factor: float = 1.0,
    reduction: str = "mean",
) -> dict[str, torch.Tensor]:
    """Fit a line from zero, right or wrong, with torch's own tools."""
    model = torch.nn.Linear(1, 1)
    model.load_state_dict(START)
    optimizer = torch.optim.SGD(model.parameters(), lr)
    for _ in range(steps):
        if clear:
            optimizer.zero_grad()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of shapes that broadcast
            loss = factor * torch.nn.functional.mse_loss(model(x), y, reduction=reduction)
        loss.backward()
        optimizer.step()
    return {name: value.clone() for name, value in model.state_dict().items()}


def steps(came: Any, count: int = 7) -> Callable[[], object]:
    return lambda: expect(came).after_steps(count, LINE, start=START, lr=LR)


def near(came: Any, target: Any = LINE, start: Any = START) -> Callable[[], object]:
    return lambda: expect(came).near(target, within=0.02, start=start)


def descends(came: Any, **options: float) -> Callable[[], object]:
    return lambda: expect(came).descends(**options)


def reaches(found: float, **options: Any) -> Callable[[], object]:
    return lambda: expect(START).reaches(lambda weights: found, called="accuracy on new data", **options)


TRAINED = train(200)
EVERYTHING = train(3000, x=torch.cat([X, UNSEEN_X]), y=torch.cat([Y, UNSEEN_Y]))
PARTLY = {"weight": START["weight"], "bias": torch.ones(1)}
DIVERGED = {"weight": torch.full((1, 1), torch.nan), "bias": torch.ones(1)}
STEPS = {
    "steps_unmoved": steps(START),
    "steps_piled_up": steps(train(7, clear=False)),
    "steps_one_too_few": steps(train(6)),
    "steps_one_too_many": steps(train(8)),
    "steps_upwards": steps(train(7, factor=-1.0)),
    "steps_broadcast": steps(train(7, y=Y.reshape(-1))),
    "steps_summed": steps(train(3, reduction="sum"), 3),
    "steps_half": steps(train(7, factor=0.5)),
    "steps_to_the_end": steps([float(value) for value in LINE.optimum]),
    "steps_diverged": steps(DIVERGED),
    "steps_unknown_cause": steps((0.3, -0.4)),
    "steps_of_bowl": lambda: expect(BOWL.run_piling_up(torch.zeros(2), 0.1, 5)).after_steps(
        5, BOWL, start=torch.zeros(2), lr=0.1
    ),
}
NEAR = {
    "near_unmoved": near(START),
    "near_broadcast": near(train(200, y=Y.reshape(-1))),
    "near_everything": near(EVERYTHING, BOTH),
    "near_part_of_the_way": near(train(9)),
    "near_wrong_way": near(train(5, factor=-1.0)),
    "near_diverged": near(DIVERGED),
    "near_swapped": near((float(LINE.optimum[1]), float(LINE.optimum[0])), start=None),
    "near_another_run": near([0.5, 0.3, 0.1], [0.5, 0.25, 0.1], None),
    "near_many": near(torch.arange(12.0).flip(0), PLANE, None),
    "near_too_few_numbers": near(3.0),
    "near_none": near(None),
    "near_module": near(handle("Linear")),
    "near_bool": near((True, 1.0)),
    "near_complex": near(torch.ones(2, dtype=torch.complex64)),
    "near_meta": near(torch.ones(2, device="meta")),
}
CURVES = {
    "descends_diverged": descends([1.0, 8.0, float("inf")]),
    "descends_flat": descends([1.1, 1.1, 1.1]),
    "descends_falls_then_rises": descends([1.0, 0.5, 0.3, 0.6, 1.1, 2.0, 3.0], rises=0.4),
    "descends_goes_up": descends([1.0, 2.0, 4.0]),
    "descends_zigzag": descends([1.0, 0.5, 0.7, 0.4, 0.6, 0.2, 0.3, 0.1], rises=0.2),
    "descends_too_slow": descends([1.0, 0.9, 0.8, 0.7], to=0.2),
    "descends_floor": descends([1.0, 0.6, 0.5501, 0.55, 0.55, 0.55], to=0.2),
    "descends_graph_kept": descends([came_from(torch.tensor(0.5), requires_grad=True)] * 2),
    "descends_tensors": descends([torch.tensor(0.5), torch.tensor(0.4)]),
    "descends_numpy_number": descends([0.5, torch.tensor([0.4]).numpy()[0]]),
    "descends_one_value": descends([0.5]),
    "descends_matrix": descends(torch.ones(2, 2)),
    "descends_number": descends(0.5),
    "descends_inside": lambda: expect(([1.0, 2.0],)).at(0).descends(),
}
OTHERS = {
    "moved_nothing": lambda: expect(START).moved_from(START),
    "moved_not_one": lambda: expect(PARTLY).moved_from(START),
    "moved_tensor": lambda: expect(torch.ones(3)).moved_from(torch.ones(3)),
    "moved_too_little": lambda: expect(torch.ones(3) * 1.001).moved_from(torch.ones(3), by=0.01),
    "reaches_too_low": reaches(0.8, at_least=0.95),
    "reaches_nothing_learned": reaches(0.34, at_least=0.95, untrained=0.33),
    "reaches_some": reaches(0.7, at_least=0.95, untrained=0.33),
    "reaches_worse": reaches(3.0, at_most=0.5, untrained=1.0),
    "reaches_nan": reaches(float("nan"), at_most=0.5),
    "reaches_with_measures_name": lambda: expect(START).reaches(len, at_most=1),
}
TRAINING_SITUATIONS = STEPS | NEAR | CURVES | OTHERS
