"""Known wrong answers to the exercises of this assignment."""

from __future__ import annotations

from itertools import zip_longest

import torch

from torchgrade import misconception


@misconception(
    "pick_parts",
    "A number is a slice of length 1.",
    hint="A number takes its axis away: x[:, c] is a vector. A slice from c to the next column keeps the axis.",
)
def column_collapses(x, r, c):
    return {
        "row": x[r],
        "column": x[:, c],
        "element": x[r, c],
        "corner": x[:2, :3],
        "grid": x[::2, 1::2],
        "tail": x[2:],
    }


@misconception(
    "pick_parts",
    "A second pair of brackets cuts the columns.",
    hint="x[:2] is a matrix again, and the next brackets begin with its rows. One pair of brackets takes both axes.",
)
def chained_slice(x, r, c):
    return {
        "row": x[r],
        "column": x[:, c : c + 1],
        "element": x[r, c],
        "corner": x[:2][:3],
        "grid": x[::2, 1::2],
        "tail": x[2:],
    }


@misconception(
    "pick_parts",
    "A single element is a Python number.",
    hint="item() leaves torch. Indexing with two numbers gives a tensor without axes, which still lies in the matrix.",
)
def item_for_element(x, r, c):
    return {
        "row": x[r],
        "column": x[:, c : c + 1],
        "element": x[r, c].item(),
        "corner": x[:2, :3],
        "grid": x[::2, 1::2],
        "tail": x[2:],
    }


@misconception(
    "pick_parts",
    "A list of row numbers is as good as a slice.",
    hint="Indexing with a list copies: writing to the result would not reach x. A slice gives a view.",
)
def index_lists(x, r, c):
    return {
        "row": x[r],
        "column": x[:, c : c + 1],
        "element": x[r, c],
        "corner": x[:2, :3],
        "grid": x[::2, 1::2],
        "tail": x[list(range(2, len(x)))],
    }


@misconception(
    "cube_slices",
    "[:] goes on to the next axis.",
    hint="x[:] is x once more, and the next brackets begin with the first axis again. One pair of brackets takes all three.",
)
def chained_colon(x):
    return x[:][:][-1], x[0], x[:, 0], x[:, :, 0]


@misconception(
    "cube_slices",
    "An axis of length 1 is left over and should go.",
    hint="squeeze takes every axis of length 1 away, also that of a single block. Only the axis with the number goes.",
)
def squeezed_result(x):
    return x[:, :, -1].squeeze(), x[0].squeeze(), x[:, 0].squeeze(), x[:, :, 0].squeeze()


@misconception(
    "cube_slices",
    "The first row of every block is the first thing in the tensor.",
    hint="x[0] is the whole first block. Every block is asked for: a colon on the first axis, the number on the second.",
)
def axes_mixed(x):
    return x[:, :, -1], x[0], x[0], x[:, :, 0]


@misconception(
    "zero_column_",
    "An argument should be cloned before it is changed.",
    hint="Here the caller's matrix itself is to be changed. The clone has the zeros, x has not.",
)
def works_on_clone(x, j):
    x = x.clone()
    x[:, j] = 0
    return x


@misconception(
    "zero_column_",
    "x[j] is column j.",
    hint="The first place between the brackets is for rows. A column is every row (a colon) at place j.",
)
def zero_row(x, j):
    x[j] = 0
    return x


@misconception(
    "zero_column_",
    "Whatever is taken out by an index lies in the same memory.",
    hint="Indexing with a list copies; zero_() clears the copy, which is then thrown away. A slice or an assignment reaches x.",
)
def fancy_copy(x, j):
    x[:, [j]].zero_()
    return x


@misconception(
    "filter_rows",
    "At least means greater than.",
    hint="A row whose entry is exactly the threshold belongs to the selection: >= includes the bound, > does not.",
)
def strict_rows(x, col, threshold):
    return x[x[:, col] > threshold], x[x > threshold]


@misconception(
    "filter_rows",
    "x[col] is a column.",
    hint="x[col] is a row: the mask then has an entry per column. There must be one per row, so take the column.",
)
def mask_on_row(x, col, threshold):
    return x[x[col] >= threshold], x[x > threshold]


@misconception(
    "filter_rows",
    "Multiplying by a mask selects.",
    hint="The product has the old shape, with zeros where nothing was selected. A mask between brackets selects.",
)
def multiply_by_mask(x, col, threshold):
    return x * (x[:, col : col + 1] >= threshold), x * (x > threshold)


@misconception(
    "filter_rows",
    "where gives what fulfils a condition.",
    hint="where and nonzero with a condition alone give positions. Index x by the condition to get the values.",
)
def where_indices(x, col, threshold):
    return torch.where(x[:, col] >= threshold)[0], torch.nonzero(x > threshold)


@misconception(
    "take_per_row",
    "A colon goes through the rows one by one, and idx with it.",
    hint="A colon takes all rows, for every index: an (n, n) matrix. Two index tensors of one length are paired up.",
)
def cross_product(x, idx):
    return x[:, idx]


@misconception(
    "take_per_row",
    "Flattened, the matrix can be indexed by the columns.",
    hint="In the flat matrix, idx counts from the very first element. Row i begins i * m places further on.",
)
def flat_positions(x, idx):
    return x.reshape(-1)[idx]


@misconception(
    "take_per_row",
    "gather along dim 0 goes row by row.",
    hint="The dim of gather is the axis that the index is about. These indices are about columns.",
)
def gather_down_columns(x, idx):
    return x.gather(0, idx[:, None]).squeeze(1)


@misconception(
    "take_per_row",
    "One element per row needs a loop over rows.",
    hint="The loop reads each element by operations of its own, and torch.tensor cuts the gradient off. An index of two tensors takes all at once.",
)
def python_loop(x, idx):
    return torch.tensor([x[k, i] for k, i in enumerate(idx)], dtype=x.dtype)


@misconception(
    "mask_row_max",
    "y = x makes a copy.",
    hint="y = x gives the same tensor a second name, and the caller's numbers are gone. clone() copies.",
)
def alias_not_copy(x, fill):
    y = x
    y[torch.arange(len(x)), x.argmax(1)] = fill
    return y


@misconception(
    "mask_row_max",
    "A colon pairs each row with its own index.",
    hint="With a colon every row gets every index: whole columns are filled. Name the row of each index as well.",
)
def all_columns(x, fill):
    y = x.clone()
    y[:, x.argmax(1)] = fill
    return y


@misconception(
    "mask_row_max",
    "Only one element is equal to the maximum.",
    hint="Among equal elements only the first is to be replaced; a comparison finds them all. argmax gives one place.",
)
def every_tie(x, fill):
    return x.masked_fill(x == x.max(dim=1, keepdim=True).values, fill)


@misconception(
    "mask_row_max",
    "dim 0 is the rows, so argmax(0) is that of each row.",
    hint="dim names the axis that disappears. argmax(0) looks down each column; go along the columns of each row.",
)
def wrong_axis(x, fill):
    y = x.clone()
    y[torch.arange(len(x)), x.argmax(0)] = fill
    return y


@misconception(
    "one_hot",
    "The largest label tells how many classes there are.",
    hint="The last classes may not occur in a list, and still they have columns. num_classes says how many.",
)
def max_plus_one(labels, num_classes):
    if any(label < 0 or label >= num_classes for label in labels):
        raise ValueError("a label is out of range")
    return torch.eye(max(labels, default=-1) + 1)[labels]


@misconception(
    "one_hot",
    "What F.one_hot gives can be used as it is.",
    hint="F.one_hot gives int64, and these rows shall meet weights. Convert them to float32.",
)
def int_result(labels, num_classes):
    if any(label < 0 or label >= num_classes for label in labels):
        raise ValueError("a label is out of range")
    return torch.nn.functional.one_hot(torch.tensor(labels, dtype=torch.int64), num_classes)


@misconception(
    "one_hot",
    "Indexing refuses every label that is out of range.",
    hint="A negative index counts from the end: -1 sets the last column, without a word. Look at the labels yourself.",
)
def negative_wraps(labels, num_classes):
    try:
        return torch.eye(num_classes)[labels]
    except IndexError:
        raise ValueError("a label is out of range") from None


@misconception(
    "broadcast_shape",
    "Only the last sizes must be equal, or one of them 1.",
    hint="Every pair of sizes counts, from the right to the left. (2, 4) and (3, 4) have equal last sizes and do not fit.",
)
def last_dimension_only(a, b):
    if a and b and a[-1] != b[-1] and 1 not in (a[-1], b[-1]):
        return None
    pairs = zip_longest(reversed(a), reversed(b), fillvalue=1)
    return tuple(n if m == 1 else m for m, n in pairs)[::-1]


@misconception(
    "broadcast_shape",
    "The shapes are aligned at their beginning.",
    hint="Missing axes are added on the left, so the last sizes meet each other. A vector lies along the last axis.",
)
def align_left(a, b):
    sizes = []
    for m, n in zip_longest(a, b, fillvalue=1):
        if m != n and 1 not in (m, n):
            return None
        sizes.append(n if m == 1 else m)
    return tuple(sizes)


@misconception(
    "broadcast_shape",
    "The larger size of each pair wins.",
    hint="It is the 1 that stretches, to whatever the other size is. What if the other size is 0?",
)
def max_of_sizes(a, b):
    sizes = []
    for m, n in zip_longest(reversed(a), reversed(b), fillvalue=1):
        if m != n and 1 not in (m, n):
            return None
        sizes.insert(0, max(m, n))
    return tuple(sizes)


@misconception(
    "broadcast_shape",
    "Both tensors must have the same number of axes.",
    hint="A table and a row of shapes (2, 5) and (5,) broadcast: missing axes count as 1.",
)
def same_rank_needed(a, b):
    if len(a) != len(b):
        return None
    sizes = []
    for m, n in zip(a, b, strict=True):
        if m != n and 1 not in (m, n):
            return None
        sizes.append(n if m == 1 else m)
    return tuple(sizes)


@misconception(
    "standardize_columns",
    "dim 1 is the columns, so a mean over dim 1 is that of a column.",
    hint="dim names the axis that is added up. Over dim 1 each row gets a mean; a column's mean adds up over the rows.",
)
def rows_instead(x):
    deviation = x - x.mean(dim=1, keepdim=True)
    spread = (deviation.square().sum(dim=1, keepdim=True) / (x.shape[1] - 1)).sqrt()
    return torch.where(spread == 0, 0.0, deviation / spread)


@misconception(
    "standardize_columns",
    "n is the number of columns.",
    hint="Each column is a sample with one number per row. Divide by the number of rows, less one.",
)
def columns_minus_one(x):
    deviation = x - x.mean(dim=0, keepdim=True)
    spread = (deviation.square().sum(dim=0, keepdim=True) / (x.shape[1] - 1)).sqrt()
    return torch.where(spread == 0, 0.0, deviation / spread)


@misconception(
    "standardize_columns",
    "The standard deviation divides by n.",
    hint="That is the one of a whole population. The sample standard deviation divides by n - 1.",
)
def population_std(x):
    deviation = x - x.mean(dim=0, keepdim=True)
    spread = (deviation.square().sum(dim=0, keepdim=True) / x.shape[0]).sqrt()
    return torch.where(spread == 0, 0.0, deviation / spread)


@misconception(
    "standardize_columns",
    "Every column has a spread to divide by.",
    hint="In a constant column 0 is divided by 0, and that is nan. Such a column shall become zeros.",
)
def no_zero_guard(x):
    deviation = x - x.mean(dim=0)
    return deviation / (deviation.square().sum(dim=0) / (len(x) - 1)).sqrt()


@misconception(
    "standardize_columns",
    "if asks a whole row of numbers at once.",
    hint="spread == 0 has an answer for each column, and if wants a single one. Choose column by column, as torch.where does.",
)
def if_on_a_row(x):
    deviation = x - x.mean(dim=0)
    spread = (deviation.square().sum(dim=0) / (len(x) - 1)).sqrt()
    if spread == 0:
        return torch.zeros_like(x)
    return deviation / spread


@misconception(
    "pairwise_sq_dists",
    "a - b subtracts every row from every other.",
    hint="a - b pairs row i with row i only. With an axis of length 1 in either table, all rows meet.",
)
def elementwise_rows(a, b):
    return ((a - b) ** 2).sum(1)


@misconception(
    "pairwise_sq_dists",
    "The expanded formula is the same, only faster.",
    hint="Far from the origin it subtracts large numbers that are nearly equal, and few digits survive. Subtract the points first.",
)
def expanded_formula(a, b):
    return (a * a).sum(1)[:, None] + (b * b).sum(1) - 2 * a @ b.T


@misconception(
    "pairwise_sq_dists",
    "It does not matter which table gets which new axis.",
    hint="The axis that is not new says where a table's points go. Those of the first table belong to the rows.",
)
def axes_swapped(a, b):
    return ((b[:, None] - a[None]) ** 2).sum(2)


@misconception(
    "pairwise_sq_dists",
    "The sum goes over the first axis.",
    hint="After the subtraction the axes are: point, other point, coordinate. The coordinates are to be added up.",
)
def sum_of_wrong_axis(a, b):
    return ((a[:, None] - b[None]) ** 2).sum(0)


@misconception(
    "fix_row_scaling",
    "A vector with one number per row broadcasts down the rows.",
    hint="Shapes are aligned at their right ends: a vector gives each column its factor. With as many rows as columns nothing raises.",
)
def given_code(x, w):
    return x * w


@misconception(
    "fix_row_scaling",
    "Any new axis on the vector will do.",
    hint="w[None, :] is a row: what broadcasting makes of w anyway. The factors must stand below each other.",
)
def row_vector(x, w):
    return x * w[None, :]


@misconception(
    "fix_row_scaling",
    "A diagonal matrix scales the rows from either side.",
    hint="On the right, a diagonal matrix scales the columns; rows are scaled from the left. And no matrix is needed.",
)
def diag_on_the_right(x, w):
    return x @ torch.diag(w)
