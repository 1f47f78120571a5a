"""Known wrong answers to the exercises of this assignment."""

from __future__ import annotations

import random

import numpy as np
import torch
from torch import nn

from torchgrade import misconception


@misconception(
    "wrap_array",
    "torch.tensor makes a tensor on the array's memory.",
    hint="torch.tensor always copies: edits of the array do not arrive. torch.from_numpy shares the memory.",
)
def copying_constructor(arr):
    return torch.tensor(arr)


@misconception(
    "wrap_array",
    "Tensors should be float32, so the array is cast on the way.",
    hint="A cast makes new memory, and here the dtype of the array was asked for. Leave the dtype alone.",
)
def float_on_the_way(arr):
    if any(stride < 0 for stride in arr.strides):
        arr = arr.copy()
    return torch.from_numpy(arr).float()


@misconception(
    "wrap_array",
    "from_numpy takes every array.",
    hint="torch has no negative strides, so a reversed array raises ValueError. Such an array must be copied first.",
)
def plain_from_numpy(arr):
    return torch.from_numpy(arr)


@misconception(
    "array_from_tensor",
    "numpy() works for every tensor, and makes a copy.",
    hint="numpy() refuses a tensor that requires grad or lies on another device, and what it returns lies in the tensor's memory.",
)
def bare_numpy(t):
    return t.numpy()


@misconception(
    "array_from_tensor",
    "After detach and cpu the array has memory of its own.",
    hint="detach() never copies, and cpu() does not copy what is on the CPU already: writing into the array changes the tensor.",
)
def shared_array(t):
    return t.detach().cpu().numpy()


@misconception(
    "array_from_tensor",
    "A list of the numbers keeps all there is to know.",
    hint="A list has no dtype, and NumPy makes float64 of its floats; of shape (0, 2) nothing is left but an empty list.",
)
def through_lists(t):
    return np.array(t.tolist())


@misconception(
    "array_from_tensor",
    "A tensor that requires grad is told not to.",
    hint="requires_grad_(False) changes the caller's tensor, which is then no longer trained. detach() leaves it alone.",
)
def switch_off_grad(t):
    return t.requires_grad_(False).cpu().numpy().copy()


@misconception(
    "random_like",
    "torch.manual_seed is how one repeats numbers.",
    hint="It seeds the generator that everybody draws from, and so disturbs the caller's. Make a torch.Generator of your own.",
)
def global_seed(t, seed):
    torch.manual_seed(seed)
    return torch.rand(t.shape, dtype=t.dtype if t.is_floating_point() else torch.float32)


@misconception(
    "random_like",
    "rand_like takes a tensor of any dtype.",
    hint="rand_like wants to draw in the dtype of the tensor, and there are no integers between 0 and 1: give the dtype.",
)
def rand_like_int(t, seed):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return torch.rand_like(t)


@misconception(
    "random_like",
    "A generator that was made is used from then on.",
    hint="torch.rand draws from the global generator unless it is given another: pass yours as generator=.",
)
def generator_not_used(t, seed):
    generator = torch.Generator()
    generator.manual_seed(seed)
    return torch.rand(t.shape, dtype=t.dtype if t.is_floating_point() else torch.float32)


@misconception(
    "random_like",
    "randn and rand draw the same kind of numbers.",
    hint="The n stands for the normal distribution, around 0 and without bounds. Evenly over [0, 1) draws rand.",
)
def normal_numbers(t, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(t.shape, dtype=t.dtype if t.is_floating_point() else torch.float32, generator=generator)


@misconception(
    "seed_everything",
    "torch's seed is that of NumPy and Python as well.",
    hint="The three libraries have generators of their own: torch.manual_seed reaches neither NumPy's nor Python's.",
)
def torch_only(seed):
    torch.manual_seed(seed)


@misconception(
    "seed_everything",
    "torch's seed is set for the GPU, where the work is done.",
    hint="torch.cuda.manual_seed_all seeds the GPUs alone. What is drawn on the CPU, and that is most, needs torch.manual_seed.",
)
def cuda_seed_only(seed):
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.cuda.manual_seed_all(seed)


@misconception(
    "seed_everything",
    "The seed is 42.",
    hint="The argument is not used: every seed gives the same numbers. Pass it on to all three libraries.",
)
def constant_seed(seed):
    random.seed(42)
    np.random.seed(42)
    torch.manual_seed(42)


@misconception(
    "seed_everything",
    "Every library takes every seed.",
    hint="NumPy takes seeds below 2**32 only and raises ValueError above. Bring the seed into that range for NumPy.",
)
def numpy_overflow(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


@misconception(
    "seed_everything",
    "Seeding a new generator seeds the library.",
    hint="A generator that you make has a state of its own. torch.rand and its like draw from the global one.",
)
def local_generator(seed):
    random.Random(seed)
    np.random.default_rng(seed)
    torch.Generator().manual_seed(seed)


def _sizes(n, fractions):
    """Cut n into parts whose sizes are right; the mistakes below are elsewhere."""
    cuts = [0, *(round(sum(fractions[: k + 1]) * n) for k in range(len(fractions)))]
    return [stop - start for start, stop in zip(cuts[:-1], cuts[1:], strict=True)]


@misconception(
    "split_indices",
    "Cutting is splitting; the order does not matter.",
    hint="Items are often sorted, by class for instance, and then the first part is nothing like the last. Shuffle first.",
)
def no_shuffle(n, fractions, seed):
    return list(torch.arange(n).split(_sizes(n, fractions)))


@misconception(
    "split_indices",
    "Drawing n random indices shuffles them.",
    hint="randint may draw an index twice and another never. A permutation has each exactly once.",
)
def draw_with_replacement(n, fractions, seed):
    generator = torch.Generator().manual_seed(seed)
    order = torch.randint(0, max(n, 1), (n,), generator=generator)
    return list(order.split(_sizes(n, fractions)))


@misconception(
    "split_indices",
    "Each part is shuffled for itself.",
    hint="Two permutations put different items in front, so the same item lands in two parts. Shuffle once, then cut.",
)
def shuffle_each_part(n, fractions, seed):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randperm(n, generator=generator)[:size] for size in _sizes(n, fractions)]


@misconception(
    "split_indices",
    "The size of a part is int(fraction * n).",
    hint="int rounds down, for every part: what was cut off belongs to none of them. 7 items in halves give 3 and 3.",
)
def floors_all_sizes(n, fractions, seed):
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    parts, start = [], 0
    for fraction in fractions:
        size = int(fraction * n)
        parts.append(order[start : start + size])
        start += size
    return parts


@misconception(
    "roll_dice",
    "randint includes its upper bound, as random.randint does.",
    hint="torch.randint stops before its upper bound: the highest face never comes up. Python's random.randint includes it.",
)
def exclusive_high(n, sides, seed):
    return torch.randint(1, sides, (n,), generator=torch.Generator().manual_seed(seed))


@misconception(
    "roll_dice",
    "Faces are counted from 0.",
    hint="Indices start at 0, dice at 1.",
)
def zero_based(n, sides, seed):
    return torch.randint(0, sides, (n,), generator=torch.Generator().manual_seed(seed))


@misconception(
    "roll_dice",
    "Rounding spreads numbers evenly.",
    hint="Only half an interval is rounded to each end, but a whole one to every face between: the ends come half as often.",
)
def rounded_uniform(n, sides, seed):
    draws = torch.rand(n, generator=torch.Generator().manual_seed(seed))
    return (draws * (sides - 1)).round().to(torch.int64) + 1


@misconception(
    "roll_dice",
    "A whole number is an integer, whatever its dtype.",
    hint="floor rounds down and stays float32. Faces that serve as indices must be int64: cast them.",
)
def float_faces(n, sides, seed):
    return (torch.rand(n, generator=torch.Generator().manual_seed(seed)) * sides).floor() + 1


@misconception(
    "roll_dice",
    "A seed is set like a variable, with =.",
    hint="torch.manual_seed = seed seeds nothing: it puts a number where the function was, and whoever calls it later cannot. And its stream is everybody's: give the draw a generator.",
)
def seed_assigned(n, sides, seed):
    torch.manual_seed = seed
    return torch.randint(1, sides + 1, (n,))


@misconception(
    "choose_device",
    "The best device is always the right one.",
    hint="The request counts: who asks for the CPU gets it, even on a machine with a GPU.",
)
def always_best(request, available):
    for kind in ("cuda", "mps"):
        if available.get(kind, 0) > 0:
            return torch.device(kind)
    return torch.device("cpu")


@misconception(
    "choose_device",
    "torch.device makes sure that the device is there.",
    hint="torch.device only reads the name: it takes a GPU that is missing, and does not know 'auto'. Look at what is available.",
)
def trusts_request(request, available):
    return torch.device(request)


@misconception(
    "choose_device",
    "One device of the kind is enough.",
    hint="cuda:1 is the second GPU. With a single one there is only cuda:0: compare the index with the count.",
)
def ignores_index(request, available):
    if request == "auto":
        return always_best(request, available)
    return torch.device(request if available.get(request.split(":")[0], 0) > 0 else "cpu")


@misconception(
    "choose_device",
    "The name of a device is a device.",
    hint="A text has no .type and no .index. torch.device(name) makes a device of it.",
)
def string_result(request, available):
    if request == "auto":
        request = next((kind for kind in ("cuda", "mps") if available.get(kind, 0) > 0), "cpu")
    kind, _, index = request.partition(":")
    return request if available.get(kind, 0) > int(index or 0) else "cpu"


@misconception(
    "move_to",
    "t.to(device) moves the tensor t.",
    hint="For a tensor, to() returns another one and leaves t where it is. Only a module is moved itself. Use what to() returns.",
)
def forgets_to_assign(obj, device):
    if isinstance(obj, (torch.Tensor, nn.Module)):
        obj.to(device)
        return obj
    if isinstance(obj, dict):
        return {key: forgets_to_assign(value, device) for key, value in obj.items()}
    if isinstance(obj, (list, tuple)):
        return type(obj)([forgets_to_assign(value, device) for value in obj])
    return obj


@misconception(
    "move_to",
    "A batch is one container with tensors in it.",
    hint="There may be lists in dicts in tuples: what is in a container must be treated just like the whole.",
)
def top_level_only(obj, device):
    def moved(value):
        return value.to(device) if isinstance(value, (torch.Tensor, nn.Module)) else value

    if isinstance(obj, dict):
        return {key: moved(value) for key, value in obj.items()}
    if isinstance(obj, (list, tuple)):
        return type(obj)([moved(value) for value in obj])
    return moved(obj)


@misconception(
    "move_to",
    "A tuple may just as well be a list.",
    hint="Whoever unpacks, hashes or compares the result notices. type(obj) tells which container to build.",
)
def tuples_become_lists(obj, device):
    if isinstance(obj, (torch.Tensor, nn.Module)):
        return obj.to(device)
    if isinstance(obj, dict):
        return {key: tuples_become_lists(value, device) for key, value in obj.items()}
    if isinstance(obj, (list, tuple)):
        return [tuples_become_lists(value, device) for value in obj]
    return obj


@misconception(
    "move_to",
    "The batch that was passed may be written to.",
    hint="The caller's dict now holds tensors on another device, too. Build a new container, and leave theirs as it was.",
)
def mutates_batch(obj, device):
    if isinstance(obj, (torch.Tensor, nn.Module)):
        return obj.to(device)
    if isinstance(obj, dict):
        for key, value in obj.items():
            obj[key] = mutates_batch(value, device)
        return obj
    if isinstance(obj, list):
        for index, value in enumerate(obj):
            obj[index] = mutates_batch(value, device)
        return obj
    if isinstance(obj, tuple):
        return tuple(mutates_batch(value, device) for value in obj)
    return obj


@misconception(
    "add_on_first_device",
    "+ finds a common device by itself.",
    hint="torch never moves a tensor for you, except single numbers: two devices in one operation raise RuntimeError.",
)
def plain_sum(a, b):
    return a + b


@misconception(
    "add_on_first_device",
    "The CPU is common ground.",
    hint="The sum then lies on the CPU, not where a is; and from meta, where there are no values, nothing can be fetched.",
)
def everything_to_cpu(a, b):
    return a.cpu() + b.cpu()


@misconception(
    "add_on_first_device",
    "It does not matter which of the two moves.",
    hint="The sum was asked for on the device of a: it is b that has to move.",
)
def move_a_to_b(a, b):
    return a.to(b.device) + b


@misconception(
    "add_on_first_device",
    "A tensor is moved by building it anew from its numbers.",
    hint="tolist() forgets the dtype and the graph, and so no gradient reaches b. to() keeps both.",
)
def new_tensor(a, b):
    return torch.tensor(b.tolist(), device=a.device) + a.detach()


@misconception(
    "fix_masked_layer",
    "Every tensor attribute belongs to the module.",
    hint="A module moves and saves only what is registered: parameters, submodules and buffers. See register_buffer.",
)
def given_code(features, every):
    class MaskedLinear(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(features, features)
            self.keep = torch.zeros(features)
            self.keep[::every] = 1

        def forward(self, x):
            return self.linear(x) * self.keep

    return MaskedLinear()


@misconception(
    "fix_masked_layer",
    "What is to move with the module must be a parameter.",
    hint="Parameters are what the optimiser trains, and a fixed mask must stay fixed. A buffer moves and is saved as well.",
)
def mask_as_parameter(features, every):
    class MaskedLinear(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(features, features)
            keep = torch.zeros(features)
            keep[::every] = 1
            self.keep = nn.Parameter(keep)

        def forward(self, x):
            return self.linear(x) * self.keep

    return MaskedLinear()


@misconception(
    "fix_masked_layer",
    "The output is brought to where the mask is.",
    hint="Then the output lies on the CPU wherever the layer was moved to. It is the mask that should go along.",
)
def back_to_cpu(features, every):
    class MaskedLinear(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(features, features)
            self.keep = torch.zeros(features)
            self.keep[::every] = 1

        def forward(self, x):
            h = self.linear(x)
            return h.cpu() * self.keep

    return MaskedLinear()
