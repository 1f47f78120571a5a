"""Figures of 01-tensors: shapes, dtypes, filled tensors, ranges, casts."""

import torch

from .figures import References, figure, message_of
from .figures_of_arithmetic import SCORES

FLOATS = [3.0, 6.0, 9.0]
RAGGED = [[[1, 2], [3, 6], [2, 4]], [[1, 2], [3, 6], [2, 4], [2, 4]]]


@figure("000-05")
def image_sized(course: References):
    report = course.describe_tensor(torch.rand(224, 224, 3))
    return report["shape"], report["ndim"]


@figure("000-06", 0)
@figure("000-07", 1)
def filled(course: References, value):
    out = course.constant_like(torch.empty(3, 4), value)
    return (out, out.dtype) if value else out


@figure("000-08", 1, 10, 1)
@figure("000-28", 0, 90, 10)
@figure("001-08", 0, 8, 2)
def counted(course: References, start, stop, step):
    return course.inclusive_range(start, stop, step)


@figure("000-09", 0)
@figure("000-10b", 1)
def filled_as_a_range(course: References, value):
    return course.constant_like(course.inclusive_range(1, 10, 1), value)


@figure("000-11")
def floats(course: References):
    out = course.to_float32(FLOATS)
    return out, out.dtype


@figure("000-13")
def halved_precision(course: References):
    out, _ = course.cast_report(torch.tensor(FLOATS), torch.float16)
    return out, out.dtype


@figure("000-14", torch.float16)
@figure("000-16", torch.int64)
def promoted(course: References, dtype):
    t = course.to_float32(FLOATS)
    out = course.safe_product(t, course.cast_report(t, dtype)[0])
    return out, out.dtype


@figure("000-15")
@figure("000-17b")
def whole_numbers(course: References):
    out = course.inclusive_range(3, 9, 3)
    return out, out.dtype


@figure("000-19")
def three_facts(course: References):
    report = course.describe_tensor(torch.rand(3, 4))
    return report["shape"], report["dtype"], report["device"]


@figure("000-31", torch.float16)
@figure("000-32", torch.int8)
def cast_tens(course: References, dtype):
    out, _ = course.cast_report(torch.arange(10.0, 100.0, 10.0), dtype)
    return out, out.dtype


@figure("000-33")
def seven_floats(course: References):
    out = course.to_float32([1, 2, 3, 4, 5, 6, 7])
    return out, course.describe_tensor(out)["shape"]


@figure("001-01")
def a_number(course: References):
    return course.constant_like(torch.empty((), dtype=torch.int64), 10)


@figure("001-03")
def nested_list(course: References):
    rows = [[list(range(10)), list(range(10, 20))]]
    return course.inclusive_range(0, 19, 1).reshape(course.nested_shape(rows))


@figure("001-05")
def data_of_a_list(course: References):
    return course.to_float32([2, 3])


@figure("001-09", 0, 10)
@figure("003-11", -5, 5)
@figure("003-12", -5, 5)
def even_spacing(course: References, start, end):
    return course.evenly_spaced(start, end, 100)


@figure("001-11")
def four_fillings(course: References):
    shape, whole = torch.empty(2, 3), torch.empty(2, 3, dtype=torch.int64)
    zeros = course.constant_like(shape, 0)
    return zeros, course.constant_like(zeros, 0), course.constant_like(shape, 1), course.constant_like(whole, 6)


@figure("001-12")
def dtypes_of_two_casts(course: References):
    sixes = course.constant_like(torch.empty(2, 3, dtype=torch.int64), 6)
    return sixes.dtype, course.cast_report(sixes, torch.float32)[0].dtype, course.to_float32(sixes).dtype


@figure("001-21")
def single_elements(course: References):
    ones = [torch.tensor(0), torch.tensor([10]), torch.tensor([[20]])]
    return [course.describe_tensor(t)["shape"] for t in ones], [course.scalar_value(t) for t in ones]


@figure("003-02")
def scores_as_floats(course: References):
    out = course.to_float32(SCORES)
    return out, out.dtype


@figure("003-07", torch.float64)
@figure("003-08", torch.float32)
def ones(course: References, dtype):
    return course.constant_like(torch.empty(2, 3, dtype=dtype), 1)


@figure("003-17")
def cleared_gradient(course: References):
    x = torch.tensor([-0.4370], requires_grad=True)
    (x**2).backward()
    return course.constant_like(x.grad, 0)


@figure("U-01")
def rank_and_value_of_a_number(course: References):
    t = torch.tensor(7)
    return course.describe_tensor(t)["ndim"], course.scalar_value(t)


@figure("U-02")
def rank_and_shape(course: References):
    reports = [course.describe_tensor(torch.tensor(data)) for data in ([7, 7], [[7, 8], [9, 10]])]
    return [(report["ndim"], report["shape"]) for report in reports]


@figure("U-03")
def brackets(course: References):
    blocks = (
        [[[1, 2, 3], [3, 6, 9], [2, 4, 5]]],
        [[[1, 2], [3, 6], [2, 4]]],
        [[[1, 2], [3, 6], [2, 4]], [[1, 2], [3, 6], [2, 4]]],
    )
    return [course.nested_shape(block) for block in blocks]


@figure("U-04")
def ragged(course: References):
    message_of(ValueError, course.nested_shape, RAGGED)
    return message_of(ValueError, course.to_float32, RAGGED)
