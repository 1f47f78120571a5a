"""Figures of 02-arithmetic: operations, products, the linear layer, statistics."""

import torch

from .figures import References, figure, message_of

A = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
B = torch.tensor([[7.0, 10.0], [8.0, 11.0], [9.0, 12.0]])
SCORES = [36, 55, 68, 82, 91, 29, 48, 46, 37, 60, 72, 78, 61, 32, 7, 48, 55, 0, 8, 80, 60, 52, 81, 41, 30, 43, 35, 47]
SCORES += [57, 26]  # thirty


@figure("000-20")
@figure("000-21")
def vector_with_itself(course: References):
    v = torch.tensor([1, 2, 3])
    return course.dot(v, v)


@figure("000-24")
def inner_sizes_differ(course: References):
    assert course.matmul_shape((3, 2), (3, 2)) is None
    return message_of(RuntimeError, course.fix_price_matrix, A, B.T)


@figure("000-26")
def prices(course: References):
    out = course.fix_price_matrix(A, B)
    assert course.matmul_shape(A.shape, B.T.shape) == out.shape
    return out, out.shape


@figure("000-27")
def linear_layer(course: References):
    torch.manual_seed(42)
    layer = torch.nn.Linear(2, 6)
    out = course.linear_forward(A, layer.weight, layer.bias)
    return out, out.shape


@figure("000-29")
def four_reductions(course: References):
    return [course.summary(torch.arange(0, 100, 10))[key] for key in ("min", "max", "mean", "sum")]


@figure("000-30")
def places_of_the_extremes(course: References):
    tens = torch.arange(10, 100, 10)
    return tens, *course.extreme_index(tens), *course.extreme_index(tens, False)


def column_and_table():
    torch.manual_seed(40)
    return torch.randint(0, 10, [2, 3]), torch.randint(0, 10, [2, 1])


@figure("001-13")
def four_operations(course: References):
    table, column = column_and_table()
    done = course.five_operations(table, column)
    product = course.five_operations(table, done["sub"])["mul"]
    return table, column, done["add"], done["sub"], product, done["div"]


@figure("001-14")
def negative_row(course: References):
    table, column = column_and_table()
    return course.five_operations(table, column)["neg"][0]


@figure("001-15")
def in_place(course: References):
    table, column = column_and_table()
    return table.clone(), column, course.add_scaled_(table, column, 1)


@figure("001-16")
def hadamard(course: References):
    return course.five_operations(torch.tensor([[1, 2], [3, 4]]), torch.tensor([[5, 6], [7, 8]]))["mul"]


@figure("001-17")
def matrix_product(course: References):
    a, b = torch.tensor([[[1, 2], [3, 4], [5, 6]]]), torch.tensor([[[5, 6], [7, 8]]])
    return course.batched_matmul(a, b)[0]


@figure("001-18")
def products_of_batches(course: References):
    torch.manual_seed(40)
    data = torch.randn(3, 4, 5)
    unchanged = course.batched_matmul(data, torch.eye(5).expand(3, 5, 5))
    shapes = [course.matmul_shape(a, b) for a, b in (((4, 5), (5, 6)), ((3, 4, 5), (5, 8)))]
    return unchanged, course.batched_matmul(data, torch.zeros(3, 5, 8)).shape, *shapes


@figure("001-30")
def means(course: References):
    torch.manual_seed(42)
    data = torch.randint(0, 5, [2, 3], dtype=torch.float64)

    def mean(x):
        return course.summary(x)["mean"]

    return data, mean(data), [mean(row) for row in data], [mean(column) for column in data.T]


@figure("003-03", torch.float64)
@figure("003-04", torch.float32)
def both_variances(course: References, dtype):
    scores = torch.tensor(SCORES, dtype=dtype)
    pair = course.variance(scores, 0, False), course.variance(scores, 0, True)
    return pair if dtype == torch.float64 else pair[::-1]


@figure("003-09", torch.float64)
@figure("003-10", torch.float32)
def norm(course: References, dtype):
    return course.summary(torch.tensor(SCORES, dtype=dtype))["norm"]


@figure("U-05")
def sum_is_new(course: References):
    x, ten = torch.tensor([1, 2, 3]), torch.tensor(10)
    done = course.five_operations(x, ten)
    return done["add"], x, done["sub"]


@figure("U-20")
def matrix_and_elementwise(course: References):
    x = torch.ones(4, 4)
    x[:, 1] = 0
    return course.batched_matmul(x[None], x.T[None])[0], course.five_operations(x, x)["mul"]


@figure("L-01")
def seeded_product(course: References):
    torch.manual_seed(0)
    out = course.linear_forward(torch.rand(7, 7), torch.rand(1, 7))
    return out, out.shape


@figure("L-03")
def product_of_two_draws(course: References):
    torch.manual_seed(1234)
    out = course.linear_forward(torch.rand(2, 3), torch.rand(2, 3))
    return out, out.shape
