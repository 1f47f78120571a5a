"""Figures of 07-descent, 08-modules-data, 09-convolution and 10-sequences."""

import functools

import numpy as np
import torch

from .figures import References, figure

FIRST_SCORES = torch.tensor([1.0, 2.2, -3.0, 4.1])


@functools.cache
def points_from_262(descend):
    return descend(lambda x: x**2, torch.tensor([-262.0]), 1e-2, 1000)


@figure("003-18", 1)
@figure("003-19", 2)
@figure("003-20", 3)
@figure("003-21", 716)
@figure("003-22", 720)
@figure("003-23", 998)
@figure("003-24", 999)
@figure("003-25", 1000)
@figure("003-26", -1)
def point(course: References, step):
    return points_from_262(course.descend)[step]


@figure("U-14")
def level_but_no_minimum(course: References):
    return course.descend(lambda x: x**3, torch.tensor(10.0, dtype=torch.float64), 0.01, 1000)[-1]


@figure("001-41")
def loss_of_two_draws(course: References):
    torch.manual_seed(42)
    return course.mse(torch.randn(3, 5), torch.randn(3, 5))


def drawn_with_a_layer(course: References):
    """Draw what stands in one stream of numbers: two tensors of a loss, a layer, a batch for it."""
    torch.manual_seed(42)
    torch.randn(3, 5), torch.randn(3, 5)
    return course.build_linear(10, 5), torch.randn(4, 10)


def drawn_after(course: References):
    drawn_with_a_layer(course)
    return torch.randn(100, 8), torch.randint(0, 2, (100,))


@figure("001-42")
def layer_of_ten(course: References):
    layer, batch = drawn_with_a_layer(course)
    out = layer(batch)
    return out.shape, batch, out


@figure("001-43")
def first_sample(course: References):
    samples, labels = drawn_after(course)
    data = course.build_pair_dataset(samples, labels)
    return samples.shape, [data[i][1] for i in range(len(data))], *data[0]


@figure("001-44")
def first_batch(course: References):
    drawn_after(course)
    data = course.build_pair_dataset(torch.randn(100, 8), torch.randint(0, 2, (100,)))
    _, seed = (int(torch.empty((), dtype=torch.int64).random_()) for _ in range(2))  # a loader draws two
    (order,) = course.split_indices(100, [1.0], seed)
    samples, labels = zip(*(data[int(i)] for i in order[:4]), strict=True)
    return torch.stack(samples), labels


@functools.cache
def noisy_line():
    """Draw the hundred points of `sklearn.datasets.make_regression` with seed 42, less its shuffling."""
    draw = np.random.RandomState(42)
    x = draw.standard_normal((100, 1))
    slope = 100 * draw.uniform()
    y = slope * x + 14.5 + 10 * draw.standard_normal((100, 1))
    return slope, torch.tensor(x), torch.tensor(y)


@figure("U-16")
def best_line(course: References):
    slope, x, y = noisy_line()
    weight, bias = course.least_squares_line(x, y)
    return slope, [weight, bias], course.mse(weight * x + bias, y)


@figure("U-17")
def trained_line(course: References):
    _, x, y = noisy_line()
    model, history = course.train_line(x.float(), y.float(), 0.01, 100, 16, 42)
    return model.weight.item(), model.bias.item(), history[-1]


@figure("002-04")
def before_flattening(course: References):
    side = course.feature_sizes(32, [(5, 1, 0), (2, 2, 0)] * 2)[-1]
    return side, side, course.build_lenet().conv2.out_channels


@figure("U-18")
def parameters(course: References):
    grey, colour = (course.parameter_table(course.build_lenet(channels)) for channels in (1, 3))
    first = next(course.build_lenet().parameters())
    return len(grey), first.shape, sum(grey.values()), sum(colour.values())


@figure("U-21")
def probabilities_of_letters(course: References):
    judged = [course.score_next_char(FIRST_SCORES, target) for target in range(4)]
    loss = course.cross_entropy(FIRST_SCORES[None], torch.tensor([1]))
    assert abs(loss.item() - judged[1][1]) < 1e-6
    return [probability for probability, _, _ in judged], loss
