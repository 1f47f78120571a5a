"""Figures of 03-shapes: views, stacks, unit axes, axes moved."""

import torch

from .figures import References, figure, message_of

SEVEN = torch.tensor([5.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
STACKED = [[1.3646, -0.4994, -0.6540], [-0.3804, -0.2373, 1.8952]]
JOINED = [[0.6580, -1.0969, -0.4614], [-0.1034, -0.5790, 0.1497]]


@figure("000-25")
def transposed(course: References):
    a, _ = course.reshape_report(torch.arange(1.0, 7.0), (3, 2))
    b, _ = course.reshape_report(torch.arange(7.0, 13.0), (2, 3))
    return a, course.fix_column_order(b.T).reshape(2, 3)


@figure("000-34")
@figure("000-35")
def one_row(course: References):
    out, shared = course.reshape_report(torch.arange(1.0, 8.0), (1, 7))
    assert shared
    return out, out.shape


@figure("000-36")
def written_through_a_view(course: References):
    x = torch.arange(1.0, 8.0)
    view, _ = course.reshape_report(x, (1, 7))
    view[:, 0] = 5
    return view, x


@figure("000-37", 0)
@figure("000-38", 1)
def four_copies(course: References, dim):
    return course.stack_with_cat([SEVEN] * 4, dim)


@figure("U-08")
def stacked_too_far(course: References):
    return message_of(IndexError, course.stack_with_cat, [SEVEN] * 4, 2)


@figure("000-40", 0)
@figure("000-41", 1)
@figure("000-42", 2)
def two_copies(course: References, dim):
    x = torch.tensor(STACKED, dtype=torch.float64)
    out = course.stack_with_cat([x, x], dim)
    assert torch.equal(out, course.stack_with_cat([x, x], dim - 3))
    return out, out.shape


@figure("000-43", "v")
@figure("000-44", "h")
def joined(course: References, how):
    vectors = [torch.tensor([1, 2, 3]), torch.tensor([4, 5, 6])]
    return course.join(vectors, how), course.join([course.insert_axis(v, 1) for v in vectors], how)


@figure("002-01", "v", 1)
@figure("002-02", "v", 3)
@figure("002-03", "h", 3)
def repeated(course: References, how, times):
    return course.join([torch.tensor(JOINED, dtype=torch.float64)] * times, how)


@figure("000-45")
def squeezed(course: References):
    row = SEVEN.reshape(1, 7)
    (out,) = course.squeeze_keep_batch(course.insert_axis(row, 0))
    return row, row.shape, out, out.shape


@figure("000-46")
def unsqueezed(course: References):
    row, column = course.insert_axis(SEVEN, 0), course.insert_axis(SEVEN, 1)
    return SEVEN, SEVEN.shape, row, row.shape, column, column.shape


@figure("000-47")
def axes_permuted(course: References):
    once = course.to_display_image(torch.zeros(2, 3, 5))  # moves the first axis to the end; so does the second call
    return course.to_display_image(torch.from_numpy(once)).shape


@figure("000-48")
def channels_first(course: References):
    image = torch.zeros(224, 224, 3, dtype=torch.uint8)
    return image.shape, course.images_to_batch([image])[0].shape


@figure("000-49")
def a_block(course: References):
    out, _ = course.reshape_report(torch.arange(1, 10), (1, 3, 3))
    return out, out.shape


@figure("001-26")
def shapes_that_fit(course: References):
    return (4, 5), course.resolve_shape((4, 5), (2, 10)), course.resolve_shape((4, 5), (-1, 20))


@figure("001-27")
def contiguity(course: References):
    data = torch.tensor([[10, 20, 30], [40, 50, 60]])
    narrow, shared = course.reshape_report(data, (3, 2))
    turned, shared_too = course.reshape_report(data.t(), (2, 3))
    return narrow.shape, shared, shared_too, turned


@figure("001-28")
def squeezed_draw(course: References):
    torch.manual_seed(42)
    torch.randint(0, 10, [3, 4, 5])  # drawn before, in another example
    data = torch.randint(1, 10, [1, 3, 1, 5])
    one = course.squeeze_keep_batch(data)
    return data.shape, data, one[0].shape, one[0], one.shape, one


@figure("001-29")
def last_axis(course: References):
    x = torch.zeros(3, 4, 5)
    return x.shape, course.insert_axis(x, -1).shape


@figure("003-05")
@figure("003-06")
def twelve_numbers(course: References):
    return course.reshape_report(torch.arange(12), (3, 4))[0]


@figure("U-07")
def reshape_complains(course: References):
    x = torch.arange(1.0, 8.0)
    messages = [message_of(RuntimeError, course.reshape_report, x, shape) for shape in ((1, 8), (2, 7))]
    return *messages, course.resolve_shape((7,), (7, 1))


@figure("U-09")
def unit_axes(course: References):
    return [course.squeeze_keep_batch(torch.zeros(shape)).shape for shape in ((2, 1, 3, 4, 1, 5), (2, 1, 3))]


@figure("U-12")
def reshape_is_no_transpose(course: References):
    torch.manual_seed(42)
    data = torch.randint(0, 10, [3, 4, 5])
    cut, _ = course.reshape_report(data, (4, 3, 5))
    turned = course.split_heads(data.reshape(1, 3, 20), 4)[0]
    return cut.shape, turned.shape, turned.permute(2, 1, 0).shape, torch.equal(cut, turned), data.sum()


@figure("L-04")
def unit_axes_of_a_draw(course: References):
    draw = course.random_like(torch.empty(1, 1, 1, 10), 7)
    (out,) = course.squeeze_keep_batch(draw)
    return draw, draw.shape, out, out.shape
