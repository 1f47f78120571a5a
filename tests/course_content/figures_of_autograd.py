"""Figures of 06-autograd: gradients, how they add up, the graph."""

import torch

from .figures import References, figure

STALE = torch.tensor([-0.43697])


def doubles(*values: float):
    return torch.tensor(values, dtype=torch.float64)


def raised_square(x):
    return x**2 + 20


def two_squares(x1, x2):
    return x1**2 + x2**2 + 2 * x1


def square(x):
    return x**2


@figure("001-31")
def slope_at_ten(course: References):
    (slope,) = course.gradients_of(raised_square, [doubles(10).reshape(())], "none")
    return slope


@figure("001-32")
def four_values(course: References):
    return course.evaluate_untracked(raised_square, doubles(10, 20, 30, 40))


@figure("001-33")
def slopes_of_the_mean(course: References):
    (slopes,) = course.gradients_of(raised_square, [doubles(10, 20, 30, 40)], "mean")
    return slopes


@figure("001-34")
def two_partials(course: References):
    inputs = [doubles(10).reshape(()), doubles(20).reshape(())]
    return course.evaluate_untracked(two_squares, *inputs), course.gradients_of(two_squares, inputs, "none")


@figure("001-35")
def partials_of_vectors(course: References):
    inputs = [doubles(10, 20, 30, 40), doubles(40, 50, 60, 70)]
    return course.evaluate_untracked(two_squares, *inputs), course.gradients_of(two_squares, inputs, "sum")


@figure("001-36")
def who_is_watched(course: References):
    x = torch.tensor(10.0, requires_grad=True)
    return x.requires_grad, course.evaluate_untracked(square, x).requires_grad


@figure("001-37")
def a_switched_off_function(course: References):
    return course.evaluate_untracked(square, torch.tensor(10.0, requires_grad=True)).requires_grad


@figure("001-38", False)
@figure("U-13", True)
def three_backward_calls(course: References, reset):
    return course.accumulated_grads(lambda x: raised_square(x).mean(), torch.tensor([10.0, 20.0, 30.0, 40.0]), 3, reset)


@figure("001-39")
def written_through_detach(course: References):
    x = doubles(10, 20).requires_grad_()
    view, _ = course.detached_pair(x)
    view[0] = 100
    return x


@figure("003-15")
def value(course: References):
    return course.evaluate_untracked(square, STALE)


@figure("003-16b")
def three_times_over(course: References):
    return course.accumulated_grads(square, STALE, 3, False)[-1]


@figure("004-01")
def no_node(course: References):
    return course.graph_path(torch.ones(2, requires_grad=True), 1)


@figure("004-02")
def node_of_a_product(course: References):
    return course.graph_path(torch.ones(2, requires_grad=True) * 2, 1)


@figure("U-22")
def ones_twice(course: References):
    return course.accumulated_grads(torch.sum, torch.ones(3, 3), 2, True)
