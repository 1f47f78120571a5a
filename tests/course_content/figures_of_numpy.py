"""Figures of 05-numpy-random-devices: shared memory, seeds, devices."""

import numpy as np
import torch

from .figures import References, figure
from .figures_of_arithmetic import SCORES


@figure("000-51")
def doubles_stay_doubles(course: References):
    array = np.arange(1.0, 8.0)
    out = course.wrap_array(array)
    return array, out, out.dtype


@figure("000-52")
def a_new_array(course: References):
    array = np.arange(1.0, 8.0)
    wrapped = course.wrap_array(array)
    array = array + 1
    return array, wrapped


@figure("000-53")
def array_of_ones(course: References):
    ones = torch.ones(7)
    array = course.array_from_tensor(ones)
    return ones, array, str(array.dtype)


@figure("000-54")
def a_new_tensor(course: References):
    tensor = torch.ones(7)
    array = course.array_from_tensor(tensor)
    tensor = tensor + 1
    return tensor, array


@figure("000-56")
def draws_that_differ(course: References):
    shape = torch.empty(3, 4)
    return course.random_like(shape, 1) == course.random_like(shape, 2)


def two_draws(course: References):
    shape = torch.empty(3, 4)
    return course.random_like(shape, 42), course.random_like(shape, 42)


@figure("000-57")
def the_same_draw_twice(course: References):
    return two_draws(course)


@figure("000-58")
def the_same_everywhere(course: References):
    one, two = two_draws(course)
    return one == two


@figure("001-10")
def normal_numbers(course: References):
    course.seed_everything(42)
    return torch.randn(2, 3)


@figure("001-19")
def shared_and_copied(course: References):
    array = np.array([1, 2, 3])
    tensor = course.wrap_array(array)
    seen = [tensor.tolist(), array.tolist()]
    tensor[0] = 2
    seen += [tensor.tolist(), array.tolist()]
    array[0] = 3
    seen += [tensor.tolist(), array.tolist()]
    tensor = torch.tensor([1, 2, 3])
    array = course.array_from_tensor(tensor)
    tensor[0] = 2
    seen += [tensor.tolist(), array.tolist()]
    array[0] = 3
    return [*seen, tensor, array]


@figure("001-20")
def array_wrapped_and_copied(course: References):
    wrapped = course.wrap_array(np.array([2, 3, 4]))
    return wrapped, torch.from_numpy(course.array_from_tensor(wrapped))


@figure("003-01")
def scores_as_an_array(course: References):
    return course.array_from_tensor(torch.tensor(SCORES))


@figure("003-14")
def sum_on_the_cpu(course: References):
    t1 = torch.tensor([[-0.2833, 0.8345, 1.6734], [2.1552, -0.2647, -1.6260]])
    t2 = torch.tensor([[1.4996, 0.5895, -1.5476], [0.2048, 0.2137, 1.6660]])
    return course.add_on_first_device(t1, t2)


@figure("U-11")
def device_without_a_gpu(course: References):
    return course.choose_device("auto", {"cuda": 0})


@figure("U-15")
def array_of_what_is_watched(course: References):
    return course.array_from_tensor(torch.tensor([10.0, 20.0], dtype=torch.float64, requires_grad=True))


@figure("L-02")
def two_draws_of_a_seed(course: References):
    course.seed_everything(1234)
    return torch.rand(2, 3), torch.rand(2, 3)
