"""Figures of 04-indexing: slices, single elements, conditions."""

import torch

from .figures import References, figure


def nine():
    return torch.arange(1, 10).reshape(1, 3, 3)


@figure("000-50")
def brackets_one_by_one(course: References):
    block = course.cube_slices(nine())[1]
    parts = course.pick_parts(block, 0, 0)
    return block, parts["row"], parts["element"]


@figure("U-10")
def last_of_all(course: References):
    last, block, *_ = course.cube_slices(nine())
    return course.pick_parts(block, 2, 2)["element"], last


@figure("001-22")
def parts_of_a_table(course: References):
    torch.manual_seed(42)
    data = torch.randint(0, 10, (4, 5))
    parts = course.pick_parts(data, 0, 1)
    return data, parts["row"], parts["element"], course.pick_parts(data, 0, 2)["column"][:3]


@figure("001-23b")
def slice_of_a_slice(course: References):
    torch.manual_seed(42)
    data = torch.randint(0, 10, (4, 5))
    return course.pick_parts(data[:3], 0, 0)["tail"]


@figure("001-24")
def chosen_by_condition(course: References):
    torch.manual_seed(42)
    data = torch.randint(0, 100, (4, 5))
    return data, course.filter_rows(data, 1, 30)[1], course.filter_rows(data, 1, 20)[0]


@figure("001-25")
def slices_of_a_cube(course: References):
    torch.manual_seed(42)
    data = torch.randint(0, 100, (3, 4, 5))
    return data, *course.cube_slices(data)[1:]


@figure("U-19")
def column_of_zeros(course: References):
    return course.zero_column_(torch.ones(4, 4), 1)
