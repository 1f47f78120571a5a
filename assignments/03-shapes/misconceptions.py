"""Known wrong answers to the exercises of this assignment."""

from __future__ import annotations

import math

import torch

from torchgrade import misconception


@misconception(
    "resolve_shape",
    "-1 is what a whole-number division gives.",
    hint="Seven elements do not fit into two columns: // drops the remainder without a word. Look at the remainder.",
)
def floor_the_rest(shape, target):
    count, known = math.prod(shape), math.prod(size for size in target if size != -1)
    if target.count(-1) > 1 or any(size < -1 for size in target):
        raise ValueError("no shape")
    if -1 not in target:
        if known != count:
            raise ValueError("other number of elements")
        return tuple(target)
    if known == 0:
        raise ValueError("-1 could be anything")
    return tuple(count // known if size == -1 else size for size in target)


@misconception(
    "resolve_shape",
    "Only -1 needs a calculation.",
    hint="Without -1 nothing was compared. A shape that is given in full must have as many elements as there are.",
)
def ignore_count(shape, target):
    count, known = math.prod(shape), math.prod(size for size in target if size != -1)
    if target.count(-1) > 1 or any(size < -1 for size in target):
        raise ValueError("no shape")
    if -1 not in target:
        return tuple(target)
    if known == 0 or count % known:
        raise ValueError("nothing fits")
    return tuple(count // known if size == -1 else size for size in target)


@misconception(
    "resolve_shape",
    "-1 means an axis of length 1.",
    hint="-1 stands for the size that is left over, whatever it is. It is 1 only where the other sizes use up all elements.",
)
def minus_one_means_one(shape, target):
    if target.count(-1) > 1 or any(size < -1 for size in target):
        raise ValueError("no shape")
    known = math.prod(size for size in target if size != -1)
    if -1 in target and (known == 0 or math.prod(shape) % known):
        raise ValueError("nothing fits")
    if -1 not in target and known != math.prod(shape):
        raise ValueError("other number of elements")
    return tuple(1 if size == -1 else size for size in target)


@misconception(
    "reshape_report",
    "reshape always copies.",
    hint="reshape copies only when it must: mostly its result lies in the memory of the tensor. Compare where the two begin.",
)
def reshape_never_shares(x, shape):
    return x.reshape(shape), False


@misconception(
    "reshape_report",
    "view does all that reshape does.",
    hint="view never copies, so for a transposed tensor it often raises. reshape copies in that case.",
)
def view_only(x, shape):
    return x.view(shape), True


@misconception(
    "reshape_report",
    "Equal ids of .data show shared memory.",
    hint="x.data is a new Python object each time, gone at once, and the next one may get the same id. data_ptr() is the address.",
)
def compare_ids(x, shape):
    y = x.reshape(shape)
    return y, id(x.data) == id(y.data)


@misconception(
    "reshape_report",
    "reshape shares memory when, and only when, the tensor is contiguous.",
    hint="Some tensors that are not contiguous can still be viewed in another shape, such as rows cut in two. Look at the result.",
)
def contiguity_as_proxy(x, shape):
    return x.reshape(shape), x.is_contiguous()


@misconception(
    "independent_reshape",
    "clone().view() always works.",
    hint="clone keeps the strides of a transposed tensor, and view fails as before. Think about the order of the two steps.",
)
def clone_then_view(x, shape):
    return x.clone().view(shape)


@misconception(
    "independent_reshape",
    "reshape gives a copy.",
    hint="reshape shares memory whenever it can: what is written into its result shows in x. A copy takes a step more.",
)
def reshape_is_a_copy(x, shape):
    return x.reshape(shape)


@misconception(
    "independent_reshape",
    "A copy is detached.",
    hint="detach cuts the copy off from autograd, so no gradient reaches x. clone alone makes a copy that is still followed.",
)
def detached_copy(x, shape):
    return x.detach().clone().reshape(shape).clone()


@misconception(
    "split_heads",
    "reshape can put the axes in any order.",
    hint="reshape keeps the reading order: it fills a head with whole steps. Cut the features first, then swap axes.",
)
def reshape_straight(x, heads):
    batch, steps, features = x.shape
    return x.reshape(batch, heads, steps, features // heads)


@misconception(
    "split_heads",
    "A head takes every n-th feature.",
    hint="The pieces came out interleaved. Consecutive features stay together when the axis of the heads comes before that of the pieces.",
)
def strided_pieces(x, heads):
    batch, steps, features = x.shape
    return x.reshape(batch, steps, features // heads, heads).permute(0, 3, 1, 2)


@misconception(
    "split_heads",
    "After the reshape all is done.",
    hint="The pieces are right, but the axes are batch, step, head, feature. The head must come before the step.",
)
def forgot_transpose(x, heads):
    batch, steps, features = x.shape
    return x.reshape(batch, steps, heads, features // heads)


@misconception(
    "split_heads",
    "Every head gets all the features.",
    hint="reshape cannot make numbers: the new sizes must multiply to as many elements as there are. The features are shared among the heads.",
)
def features_not_divided(x, heads):
    batch, steps, features = x.shape
    return x.reshape(batch, steps, heads, features).permute(0, 2, 1, 3)


@misconception(
    "stack_with_cat",
    "cat and stack are the same.",
    hint="cat makes an axis longer that is there already; stack makes a new one. Each tensor needs that axis before cat.",
)
def cat_only(tensors, dim=0):
    if any(t.shape != tensors[0].shape for t in tensors):
        raise ValueError("shapes differ")
    return torch.cat(tensors, dim)


@misconception(
    "stack_with_cat",
    "The new axis always comes first.",
    hint="The new axis was put in front whatever dim is. It belongs at dim, in each tensor, before they are joined along it.",
)
def unsqueeze_front(tensors, dim=0):
    if any(t.shape != tensors[0].shape for t in tensors):
        raise ValueError("shapes differ")
    return torch.cat([t.unsqueeze(0) for t in tensors], 0)


@misconception(
    "stack_with_cat",
    "cat says what is wrong with the shapes.",
    hint="cat raises RuntimeError for shapes that do not fit. The task asks for ValueError: compare the shapes first.",
)
def no_shape_check(tensors, dim=0):
    return torch.cat([t.unsqueeze(dim) for t in tensors], dim)


@misconception(
    "join",
    "Horizontally means along axis 1.",
    hint="A vector has no axis 1. Side by side, vectors become a longer vector, along axis 0.",
)
def h_is_dim_one(tensors, how):
    if how == "v":
        return torch.cat([t if t.ndim > 1 else t.reshape(1, -1) for t in tensors])
    return torch.cat(tensors, dim=1)


@misconception(
    "join",
    "Vertically means stacked.",
    hint="stack makes a new axis. Below each other, matrices only get more rows: cat along axis 0.",
)
def v_is_stack(tensors, how):
    if how == "v":
        return torch.cat([t.unsqueeze(0) for t in tensors])
    parts = [t if t.ndim else t.reshape(1) for t in tensors]
    return torch.cat(parts, dim=min(1, parts[0].ndim - 1))


@misconception(
    "join",
    "Vertically means along axis 0, for vectors as well.",
    hint="Joined along axis 0, vectors become one long vector. To stand below each other they must be rows of a matrix first.",
)
def v_is_cat(tensors, how):
    parts = [t if t.ndim else t.reshape(1) for t in tensors]
    if how == "v":
        return torch.cat(parts, dim=0)
    return torch.cat(parts, dim=min(1, parts[0].ndim - 1))


@misconception(
    "squeeze_keep_batch",
    "squeeze() leaves the batch alone.",
    hint="squeeze() without dim removes every axis of length 1, and that of a batch of one with it. Say which axes shall go.",
)
def plain_squeeze(x):
    return x.squeeze()


@misconception(
    "squeeze_keep_batch",
    "The axis of length 1 is the second one.",
    hint="Only axis 1 was looked at. Axes of length 1 may stand anywhere, and there may be several.",
)
def squeeze_second(x):
    return x.squeeze(1) if x.ndim > 1 else x


@misconception(
    "squeeze_keep_batch",
    "Axes keep their numbers while others are removed.",
    hint="When an axis goes, those behind it move up: the next one is skipped, and the last number does not exist any more.",
)
def loop_forward(x):
    for dim in range(1, x.ndim):
        x = x.squeeze(dim)
    return x


@misconception(
    "squeeze_keep_batch",
    "Another shape needs other memory.",
    hint="Axes of length 1 cost nothing: to remove them no number has to move. Return a view instead of a copy.",
)
def cloned(x):
    return x.squeeze([dim for dim in range(1, x.ndim) if x.shape[dim] == 1]).clone()


@misconception(
    "insert_axis",
    "-1 is the last axis of the input.",
    hint="A negative dim counts from the end of the result, which has one axis more: -1 makes the new axis the very last.",
)
def negative_from_input(x, dim):
    if not -x.ndim - 1 <= dim <= x.ndim:
        raise IndexError("dim is out of range")
    place = max(dim + x.ndim, 0) if dim < 0 else dim
    return x[(slice(None),) * place + (None,)]


@misconception(
    "insert_axis",
    "list.insert does the right thing with any number.",
    hint="insert(-1, 1) inserts before the last item, and a number far off counts as the end. Check dim, and make it positive first.",
)
def python_insert(x, dim):
    sizes, steps = list(x.shape), list(x.stride())
    sizes.insert(dim, 1)
    steps.insert(dim, 1)
    return x.as_strided(sizes, steps)


@misconception(
    "insert_axis",
    "A new axis comes first.",
    hint="x[None] puts the new axis in front, always. Put as many full slices before None as there are axes before the new one.",
)
def front_only(x, dim):
    if not -x.ndim - 1 <= dim <= x.ndim:
        raise IndexError("dim is out of range")
    return x[None]


@misconception(
    "images_to_batch",
    "reshape moves the channels to the front.",
    hint="The shape is right and the pixels are scrambled: reshape keeps the reading order. Axes are moved by permute.",
)
def reshape_not_permute(images):
    return torch.stack([image.reshape(3, image.shape[0], image.shape[1]) for image in images]).float() / 255


@misconception(
    "images_to_batch",
    "Channels first means all axes in reverse.",
    hint="Height and width were swapped, too: the images lie on their side. Only the channels move; rows stay before columns.",
)
def hw_swapped(images):
    return torch.stack([image.permute(2, 1, 0) for image in images]).float().contiguous() / 255


@misconception(
    "images_to_batch",
    "Integers divided by 255 lie between 0 and 1.",
    hint="Whole-number division leaves 0 and 1, nothing between. Make the numbers floats before you divide.",
)
def divide_in_uint8(images):
    return (torch.stack(images).permute(0, 3, 1, 2) // 255).float().contiguous()


@misconception(
    "images_to_batch",
    "cat makes a batch.",
    hint="cat made one image with a lot of channels. A batch has an axis of its own for the images: stack makes it.",
)
def cat_images(images):
    return torch.cat([image.permute(2, 0, 1) for image in images]).float() / 255


@misconception(
    "to_display_image",
    "In-place operations save a copy, and that is all.",
    hint="mul_ and add_ wrote into the caller's image; if it requires grad they raise. Compute a new tensor instead.",
)
def inplace_unnormalise(img):
    return img.mul_(0.5).add_(0.5).detach().permute(1, 2, 0).numpy().copy()


@misconception(
    "to_display_image",
    "Turning all axes round puts the channels last.",
    hint="In reverse order, the axes are width, height, channels: the picture lies on its side. Rows must stay before columns.",
)
def reverse_all_axes(img):
    return (img.detach() * 0.5 + 0.5).permute(2, 1, 0).numpy()


@misconception(
    "to_display_image",
    "The inverse takes the same steps with the signs changed.",
    hint="Undo the steps in reverse order: the last one was the division by 0.5, so multiply first; then add what was subtracted.",
)
def wrong_inverse(img):
    return ((img.detach() + 0.5) * 0.5).permute(1, 2, 0).numpy()


@misconception(
    "fix_column_order",
    "view works on any tensor.",
    hint="A view cannot read a transposed tensor in one line: its numbers are not evenly spaced. reshape copies where a view cannot be.",
)
def given_code(m):
    return m.t().view(-1)


@misconception(
    "fix_column_order",
    "Without the transpose the error is gone, so all is well.",
    hint="No error comes, but the elements come row by row. The transpose was right; the view was not.",
)
def drop_the_transpose(m):
    return m.reshape(-1)


@misconception(
    "fix_column_order",
    "contiguous() anywhere in the line helps.",
    hint="contiguous() came before the transpose, which undid it. The tensor must be contiguous where view is called.",
)
def contiguous_too_early(m):
    return m.contiguous().t().view(-1)
