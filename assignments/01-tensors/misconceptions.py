"""Known wrong answers to the exercises of this assignment."""

from __future__ import annotations

import torch

from torchgrade import misconception


@misconception(
    "describe_tensor",
    "The rank of a tensor is its len().",
    hint="len(t) is the length of the first axis. The number of axes is t.ndim.",
)
def rank_is_len(t):
    return {
        "ndim": len(t),
        "shape": tuple(t.shape),
        "numel": t.numel(),
        "dtype": t.dtype,
        "device": str(t.device),
    }


@misconception(
    "describe_tensor",
    "The first axis says how many elements there are.",
    hint="t.size(0) counts along the first axis only. t.numel() counts all elements, whatever the shape.",
)
def count_is_first_axis(t):
    return {
        "ndim": t.ndim,
        "shape": tuple(t.shape),
        "numel": t.size(0),
        "dtype": t.dtype,
        "device": str(t.device),
    }


@misconception(
    "describe_tensor",
    "A dtype is the text that it prints as.",
    hint="str(t.dtype) is a text that equals no dtype. Return t.dtype itself.",
)
def stringly_dtype(t):
    return {
        "ndim": t.ndim,
        "shape": tuple(t.shape),
        "numel": t.numel(),
        "dtype": str(t.dtype),
        "device": str(t.device),
    }


@misconception(
    "describe_tensor",
    "A device and its name are the same thing.",
    hint="t.device is a torch.device. The task asks for its name: str(t.device).",
)
def device_object(t):
    return {
        "ndim": t.ndim,
        "shape": tuple(t.shape),
        "numel": t.numel(),
        "dtype": t.dtype,
        "device": t.device,
    }


@misconception(
    "nested_shape",
    "The first branch of a nested list speaks for all the others.",
    hint="Only data[0] was followed. Look at every item: when their shapes differ, the list is ragged.",
)
def first_branch_only(data):
    shape = []
    while isinstance(data, list):
        shape.append(len(data))
        if not data:
            break
        data = data[0]
    return tuple(shape)


@misconception(
    "nested_shape",
    "The shape is the number of opening brackets.",
    hint="Counting brackets gives the number of axes. The shape has the length of each axis, so one number per bracket.",
)
def count_brackets(data):
    def depth(item):
        if not isinstance(item, list):
            return 0
        depths = {depth(part) for part in item}
        if len(depths) > 1:
            raise ValueError("ragged")
        return 1 + (depths.pop() if depths else 0)

    return (depth(data),)


@misconception(
    "nested_shape",
    "Branches that are equally deep have the same shape.",
    hint="[[1, 2], [3]] is two deep everywhere and still ragged. Compare the lengths, not only the depths.",
)
def same_depth_is_enough(data):
    if not isinstance(data, list):
        return ()
    shapes = [same_depth_is_enough(item) for item in data]
    if len({len(shape) for shape in shapes}) > 1:
        raise ValueError("ragged")
    return (len(data), *(shapes[-1] if shapes else ()))


@misconception(
    "scalar_value",
    "t[0] is the number.",
    hint="Indexing a tensor gives a tensor again, and one without axes cannot be indexed. t.item() gives the number.",
)
def index_zero(t):
    if t.numel() != 1:
        raise ValueError(f"expected one element, got {t.numel()}")
    return t[0]


@misconception(
    "scalar_value",
    "Every number is a float.",
    hint="float() turns ints and bools into floats and rounds large ints. t.item() keeps the type.",
)
def float_cast(t):
    if t.numel() != 1:
        raise ValueError(f"expected one element, got {t.numel()}")
    return float(t)


@misconception(
    "scalar_value",
    "The first element will do.",
    hint="A tensor of several elements passed without a word. Look at t.numel() before you take the element.",
)
def first_of_many(t):
    if t.numel() == 0:
        raise ValueError("expected one element, got 0")
    return t.flatten()[0].item()


@misconception(
    "scalar_value",
    "item() raises ValueError when there is not exactly one element.",
    hint="item() raises RuntimeError for several elements. The task asks for ValueError: look at t.numel() first.",
)
def raw_item(t):
    return t.item()


@misconception(
    "constant_like",
    "A tensor is like another when the shapes agree.",
    hint="torch.full chooses the dtype by the value and the device by default. Take both from t; full_like does.",
)
def shape_only(t, value):
    return torch.full(t.shape, value)


@misconception(
    "constant_like",
    "Filling a tensor makes a new one.",
    hint="A name that ends in an underscore works in place: fill_ overwrote the template and returned it.",
)
def fill_in_place(t, value):
    return t.fill_(value)


@misconception(
    "constant_like",
    "Anything times zero is zero.",
    hint="NaN and infinity times 0 are NaN, and an int tensor plus a float is a float tensor. Do not compute with t's values.",
)
def times_zero(t, value):
    return t * 0 + value


@misconception(
    "inclusive_range",
    "arange includes its end.",
    hint="arange stops before its end. Here a value that hits stop belongs to the result.",
)
def half_open(start, stop, step):
    return torch.arange(start, stop, step)


@misconception(
    "inclusive_range",
    "One more than stop always includes it.",
    hint="stop + 1 lies the wrong way when the step is negative, and an empty range makes arange raise. Count the values first.",
)
def stop_plus_one(start, stop, step):
    return torch.arange(start, stop + 1, step)


@misconception(
    "inclusive_range",
    "One step more than stop includes just stop.",
    hint="With stop + step, arange may give a value beyond stop: this happens when the step does not divide the way.",
)
def stop_plus_step(start, stop, step):
    return torch.arange(start, stop + step, step)


@misconception(
    "inclusive_range",
    "linspace is arange with both ends.",
    hint="linspace gives floats and always ends on stop, whatever the step. Count in whole steps from start.",
)
def linspace_range(start, stop, step):
    return torch.linspace(start, stop, max(0, (stop - start) // step + 1))


@misconception(
    "evenly_spaced",
    "As many points as gaps.",
    hint="The last value falls short of the end. Between n points there are n - 1 gaps.",
)
def points_are_gaps(start, end, points):
    return start + torch.arange(points, dtype=torch.float64).mul((end - start) / points).to(torch.float32)


@misconception(
    "evenly_spaced",
    "Including the end takes one more point.",
    hint="There is one value too many. points counts both ends already.",
)
def n_plus_one(start, end, points):
    return start + torch.arange(points + 1, dtype=torch.float64).mul((end - start) / points).to(torch.float32)


@misconception(
    "evenly_spaced",
    "arange with a float step ends where it should.",
    hint="arange leaves its end out, and with a float step rounding decides. Count with whole numbers, then scale.",
)
def float_arange(start, end, points):
    return torch.arange(start, end, (end - start) / (points - 1), dtype=torch.float32)


@misconception(
    "evenly_spaced",
    "There are always at least two points.",
    hint="For one point there is no gap: 0 / 0 is nan. Treat it as a case of its own.",
)
def no_single_point(start, end, points):
    weight = torch.arange(points, dtype=torch.float64) / (points - 1)
    return (start * (1 - weight) + end * weight).to(torch.float32)


@misconception(
    "to_float32",
    "torch.tensor always makes float32.",
    hint="torch.tensor goes by the data: int64 from ints, float64 from NumPy's floats. Name the dtype.",
)
def default_is_float(data):
    return torch.tensor(data)


@misconception(
    "to_float32",
    "torch.Tensor(data) turns anything into float32.",
    hint="torch.Tensor(n) means n uninitialised values, and of a tensor it keeps dtype and memory. Use torch.tensor with a dtype.",
)
def legacy_constructor(data):
    return torch.Tensor(data)


@misconception(
    "to_float32",
    "as_tensor copies.",
    hint="as_tensor shares memory whenever it can: float32 in, the very same memory out. Ask for a copy.",
)
def as_tensor(data):
    return torch.as_tensor(data, dtype=torch.float32)


@misconception(
    "cast_report",
    "Values are unchanged when both sides agree in the target dtype.",
    hint="Both sides were cast, so both lost the same: they always agree. Compare with the values before the cast.",
)
def compare_in_target(t, dtype):
    cast = t.to(dtype)
    return cast, torch.equal(cast, t.to(dtype))


@misconception(
    "cast_report",
    "Close is unchanged.",
    hint="allclose forgives small differences, and rounding is a small difference. Compare exactly.",
)
def allclose_flag(t, dtype):
    cast = t.to(dtype)
    return cast, torch.allclose(cast.to(torch.float64), t.to(torch.float64), rtol=1e-3)


@misconception(
    "cast_report",
    "A value that lies in the target's range survives.",
    hint="2.7 lies in the range of every integer dtype and becomes 2; 0.1 lies in float16's and is rounded. Compare the values.",
)
def fits_range_only(t, dtype):
    limits = torch.finfo(dtype) if dtype.is_floating_point else torch.iinfo(dtype)
    inside = (t.to(torch.float64) >= limits.min) & (t.to(torch.float64) <= limits.max)
    return t.to(dtype), bool(inside.all())


@misconception(
    "cast_report",
    "A 0-D bool tensor is a bool.",
    hint="A comparison of tensors is a tensor. bool() or .item() makes a Python bool of it.",
)
def tensor_flag(t, dtype):
    cast = t.to(dtype)
    return cast, (cast.to(torch.float64) == t.to(torch.float64)).all()


@misconception(
    "safe_product",
    "A result that is cast to a wide dtype has not overflowed.",
    hint="The product was made in the narrow dtype and had overflowed before the cast. Widen the factors, then multiply.",
)
def widen_too_late(a, b):
    product = a * b
    if not product.dtype.is_floating_point:
        return product.to(torch.int64)
    return product.to(torch.float32) if product.dtype == torch.float16 else product


@misconception(
    "safe_product",
    "float32 is wide enough for everything.",
    hint="float32 holds whole numbers exactly only up to 2**24, and has fewer digits than float64. Integers multiply in int64.",
)
def everything_float32(a, b):
    return a.to(torch.float32) * b.to(torch.float32)


@misconception(
    "safe_product",
    "The left factor decides the dtype.",
    hint="Cast to the left factor's dtype, 0.5 became 0. torch.promote_types treats both factors alike.",
)
def left_dtype_wins(a, b):
    b = b.to(a.dtype)
    if not a.dtype.is_floating_point:
        return a.to(torch.int64) * b.to(torch.int64)
    return a.to(torch.float32) * b.to(torch.float32) if a.dtype == torch.float16 else a * b


@misconception(
    "fix_running_total",
    "torch.Tensor(rows, cols) starts at zero.",
    hint="torch.Tensor(rows, cols) holds whatever was in memory. Start from zeros, in the batches' dtype.",
)
def uninitialised_total(batches):
    total = torch.Tensor(*batches[0].shape)
    for batch in batches:
        total = total + batch
    return total


@misconception(
    "fix_running_total",
    "total = batches[0] makes a copy.",
    hint="An assignment gives a tensor a second name, and += wrote the sum into the first batch. Start from a new tensor.",
)
def alias_first_batch(batches):
    total = batches[0]
    for batch in batches[1:]:
        total += batch
    return total


@misconception(
    "fix_running_total",
    "Zeros take the dtype of what is added to them.",
    hint="torch.zeros(shape) is float32, so int64 batches give a float32 sum. zeros_like follows the batches.",
)
def default_dtype_zeros(batches):
    total = torch.zeros(batches[0].shape)
    for batch in batches:
        total = total + batch
    return total
