"""Known wrong answers to the exercises of this assignment."""

from __future__ import annotations

import torch

from torchgrade import misconception


@misconception(
    "five_operations",
    "Integers are divided by //.",
    hint="// rounds the quotient down to a whole number. The true quotient keeps its fraction: that is /.",
)
def floor_division(a, b):
    return {"add": a + b, "sub": a - b, "mul": a * b, "div": a // b, "neg": -a}


@misconception(
    "five_operations",
    "The product of two tables is the matrix product.",
    hint="@ multiplies rows with columns and adds up. Element by element, as asked here, multiplies *.",
)
def matrix_for_hadamard(a, b):
    return {"add": a + b, "sub": a - b, "mul": a @ b, "div": a / b, "neg": -a}


@misconception(
    "five_operations",
    "add_ is just another way to write add.",
    hint="add_ writes the sum into a itself, and everything computed from a afterwards is off. Use add, or +.",
)
def inplace_chain(a, b):
    total = a.add_(b)
    return {"add": total.clone(), "sub": a - b, "mul": a * b, "div": a / b, "neg": -a}


@misconception(
    "five_operations",
    "The negative is that of the second tensor.",
    hint="neg is about the first tensor, a. It has the shape and the values of a, with the sign turned round.",
)
def negates_b(a, b):
    return {"add": a + b, "sub": a - b, "mul": a * b, "div": a / b, "neg": -b}


@misconception(
    "add_scaled_",
    "x = x + y changes the tensor that x was.",
    hint="x = ... gives the name x to a new tensor; the caller's keeps its values. add_ and += write into the tensor itself.",
)
def rebinding(x, y, alpha):
    x = x + alpha * y
    return x


@misconception(
    "add_scaled_",
    "Exchanging x.data is the same as writing into x.",
    hint="x.data = ... puts other memory under x: views made before still show the old numbers, and any shape or dtype gets in.",
)
def data_swap(x, y, alpha):
    x.data = x.data + alpha * y
    return x


@misconception(
    "add_scaled_",
    "A function that works in place returns nothing.",
    hint="In torch, functions that work in place also return the tensor they changed, so that calls chain. Return x.",
)
def returns_none(x, y, alpha):
    x += alpha * y


@misconception(
    "dot",
    "A sum over elements needs a loop.",
    hint="Every u[i] * v[i] is a tensor operation of its own. u * v makes all products in one.",
)
def python_loop(u, v):
    if u.ndim != 1 or v.ndim != 1 or len(u) != len(v):
        raise ValueError("expected two vectors of one length")
    total = torch.zeros((), dtype=u.dtype)
    for i in range(len(u)):
        total = total + u[i] * v[i]
    return total


@misconception(
    "dot",
    "u * v is the dot product.",
    hint="u * v is a vector of products. The dot product is a single number: their sum.",
)
def no_sum(u, v):
    if u.ndim != 1 or v.ndim != 1 or len(u) != len(v):
        raise ValueError("expected two vectors of one length")
    return u * v


@misconception(
    "dot",
    "matmul refuses what is not a pair of vectors.",
    hint="matmul multiplies matrices as well, and raises RuntimeError where sizes do not fit. Look at both shapes first.",
)
def matmul_anything(u, v):
    return torch.matmul(u, v)


@misconception(
    "dot",
    "Vectors of different length cannot be multiplied.",
    hint="Against a vector of length 1 the other one broadcasts, without a word. Compare the lengths.",
)
def broadcast_lengths(u, v):
    if u.ndim != 1 or v.ndim != 1:
        raise ValueError("expected two vectors")
    return (u * v).sum()


@misconception(
    "matmul_shape",
    "A matrix product is rows of the left by columns of the right, and that is all.",
    hint="Vectors have no second-last axis, and axes before the last two stay in the result. Both need a thought of their own.",
)
def outer_sizes_only(a, b):
    if a[-1] != b[-2]:
        return None
    return (a[-2], b[-1])


@misconception(
    "matmul_shape",
    "Both batches must have the same sizes.",
    hint="Only bmm is that strict. matmul broadcasts the axes before the last two: 1 meets any size, and a missing axis counts as 1.",
)
def batches_must_match(a, b):
    if not a or not b:
        return None
    left = a if len(a) > 1 else (1, *a)
    right = b if len(b) > 1 else (*b, 1)
    if left[-1] != right[-2]:
        return None
    if left[:-2] and right[:-2] and left[:-2] != right[:-2]:
        return None
    rows, columns = left[-2:-1] if len(a) > 1 else (), right[-1:] if len(b) > 1 else ()
    return (*(left[:-2] or right[:-2]), *rows, *columns)


@misconception(
    "matmul_shape",
    "The sizes must agree axis by axis, first with first.",
    hint="That is the rule of elementwise operations. In a matrix product the last axis on the left meets the second-last on the right.",
)
def first_meets_first(a, b):
    if not a or not b:
        return None
    if a[0] != b[0]:
        return None
    if len(a) == 1 or len(b) == 1:
        return a[1:-1] + b[1:]
    return (*a[:-1], b[-1])


@misconception(
    "batched_matmul",
    "A batch is multiplied one by one, into an empty tensor.",
    hint="torch.empty is float32 unless told otherwise, and each turn of the loop is an operation of its own. @ takes whole batches.",
)
def loop_into_empty(x, y):
    out = torch.empty(x.shape[0], x.shape[1], y.shape[2])
    for i in range(x.shape[0]):
        out[i] = x[i] @ y[i]
    return out


@misconception(
    "batched_matmul",
    "* multiplies the matrices of a batch.",
    hint="* goes element by element, in a batch as elsewhere. The matrix product is @.",
)
def hadamard_batch(x, y):
    return x * y


@misconception(
    "batched_matmul",
    "One right factor serves the whole batch.",
    hint="y[0] is the first matrix only. @ pairs up the batches by itself: leave y whole.",
)
def first_matrix_for_all(x, y):
    return x @ y[0]


@misconception(
    "linear_forward",
    "The weight is stored ready for x @ weight.",
    hint="The weight has shape (out, in): its rows meet the feature vectors. If in equals out, nothing raises and the numbers are wrong.",
)
def no_transpose(x, weight, bias=None):
    out = x @ weight
    return out if bias is None else out + bias


@misconception(
    "linear_forward",
    "There is one bias per row of x.",
    hint="bias[:, None] is a column and goes down the rows. There is one bias per output feature, so along the last axis.",
)
def bias_per_row(x, weight, bias=None):
    out = x @ weight.T
    return out if bias is None else out + bias[:, None]


@misconception(
    "linear_forward",
    "x is always a matrix.",
    hint="torch.mm takes matrices only. @ takes a single vector and batches of any shape as well.",
)
def mm_only_matrices(x, weight, bias=None):
    out = torch.mm(x, weight.T)
    return out if bias is None else out + bias


@misconception(
    "linear_forward",
    ".data is the proper way to read a weight.",
    hint="weight.data is cut off from autograd: the numbers are right and the weight never learns. Use the weight itself.",
)
def detached(x, weight, bias=None):
    out = x @ weight.data.T
    return out if bias is None else out + bias.data


@misconception(
    "summary",
    "Every tensor has a mean.",
    hint="torch does not choose a dtype for the mean of integers: it raises. Cast to float32 for mean and norm.",
)
def mean_of_ints(x):
    norm = torch.linalg.vector_norm(x.float() if not x.is_floating_point() else x)
    return {"min": x.min(), "max": x.max(), "sum": x.sum(), "mean": x.mean(), "norm": norm}


@misconception(
    "summary",
    "Statistics are best made in float32.",
    hint="min, max and sum of integers are integers, and float64 has digits that float32 loses. Cast only where it is needed.",
)
def cast_everything(x):
    x = x.to(torch.float32)
    return {"min": x.min(), "max": x.max(), "sum": x.sum(), "mean": x.mean(), "norm": torch.linalg.vector_norm(x)}


@misconception(
    "summary",
    "The 2-norm of a matrix is the root of its summed squares.",
    hint="With ord=2, linalg.norm of a matrix is its largest singular value. Without ord, or by vector_norm, all elements count alike.",
)
def spectral_norm(x):
    real = x if x.is_floating_point() else x.to(torch.float32)
    norm = torch.linalg.norm(real, ord=2)
    return {"min": x.min(), "max": x.max(), "sum": x.sum(), "mean": real.mean(), "norm": norm}


@misconception(
    "summary",
    "A mean is taken over the first axis.",
    hint="mean(dim=0) gives one mean per column. Without dim the mean is that of all elements.",
)
def rowwise_mean(x):
    real = x if x.is_floating_point() else x.to(torch.float32)
    norm = torch.linalg.vector_norm(real)
    return {"min": x.min(), "max": x.max(), "sum": x.sum(), "mean": real.mean(dim=0), "norm": norm}


@misconception(
    "extreme_index",
    "argmax gives the coordinates.",
    hint="argmax counts through all elements, row by row, and gives one number. Work out row and column from it.",
)
def flat_index(x, largest=True):
    flat = x.argmax() if largest else x.argmin()
    return (flat.item(),)


@misconception(
    "extreme_index",
    "The place of the maximum is what max along an axis gives.",
    hint="max(dim=0) looks at each column by itself and gives an index for each of them. The extreme of all elements was asked for.",
)
def per_column(x, largest=True):
    places = x.max(dim=0).indices if largest else x.min(dim=0).indices
    return tuple(places.flatten().tolist())


@misconception(
    "extreme_index",
    "Among equal elements any will do.",
    hint="Several elements are equal to the extreme one, and the last of them was taken. Take the first in reading order.",
)
def last_tie(x, largest=True):
    places = (x == (x.max() if largest else x.min())).nonzero()
    return tuple(places[-1].tolist())


@misconception(
    "extreme_index",
    "A coordinate taken from a tensor is an int.",
    hint="unravel_index and indexing give tensors without axes. int() or item() makes Python ints of them.",
)
def tensor_coordinates(x, largest=True):
    return tuple(torch.unravel_index(x.argmax() if largest else x.argmin(), x.shape))


@misconception(
    "variance",
    "The unbiased variance divides by n.",
    hint="It is the other way round: the estimate from a sample is unbiased when divided by n - 1.",
)
def conventions_swapped(x, dim, unbiased):
    deviation = x - x.mean(dim, keepdim=True)
    n = x.shape[dim]
    return (deviation * deviation).sum(dim) / (n if unbiased else n - 1)


@misconception(
    "variance",
    "The mean along an axis fits the tensor as it is.",
    hint="mean(dim) drops the axis, and what is left is aligned from the right: for a square table with the wrong axis. Keep it.",
)
def no_keepdim(x, dim, unbiased):
    deviation = x - x.mean(dim)
    n = x.shape[dim]
    return (deviation * deviation).sum(dim) / (n - 1 if unbiased else n)


@misconception(
    "variance",
    "The mean of the squares less the square of the mean is as good.",
    hint="That formula subtracts two large numbers that are nearly equal, and few digits survive. Subtract the mean first.",
)
def moment_difference(x, dim, unbiased):
    n = x.shape[dim]
    spread = (x * x).mean(dim) - x.mean(dim) ** 2
    return spread * n / (n - 1) if unbiased else spread


@misconception(
    "fix_price_matrix",
    "Two tables of one shape can be multiplied as matrices.",
    hint="The inner sizes are 2 and m: the columns on the left meet the rows on the right. With m = 2 it runs and is wrong.",
)
def given_code(features, weights):
    return torch.matmul(features, weights)


@misconception(
    "fix_price_matrix",
    "reshape turns rows into columns.",
    hint="reshape(2, -1) keeps the elements in reading order and cuts them anew: the numbers of a row land in other places. To turn a table, transpose it.",
)
def reshape_instead(features, weights):
    return features @ weights.reshape(2, -1)


@misconception(
    "fix_price_matrix",
    "It does not matter which factor is transposed.",
    hint="features.T @ weights adds up over the items: a 2x2 table. Items must stay rows, so turn the other factor.",
)
def transpose_features(features, weights):
    return features.T @ weights


@misconception(
    "fix_price_matrix",
    "* is the product of two tables.",
    hint="* pairs row i with row i only, and does not add up. Every row of one table should meet every row of the other.",
)
def elementwise(features, weights):
    return features * weights
