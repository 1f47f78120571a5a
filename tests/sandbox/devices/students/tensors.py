"""What students write about devices, on tensors: names begin with the task, then say `right` or `wrong`, and why."""
# ruff: noqa: B905

import numpy as np
import torch

# --- make: a matrix of ones on the device


def make__right(n, device):
    return torch.ones(n, n, device=device)


def make__right_by_moving(n, device):
    return torch.ones(n, n).to(device)


def make__right_in_a_block(n, device):
    with torch.device(device):
        return torch.ones(n, n)


def make__right_by_default(n, device):
    torch.set_default_device(device)
    return torch.ones(n, n)


def make__right_from_lists(n, device):
    return torch.tensor([[1.0] * n] * n, device=device)


def make__wrong_left_on_the_cpu(n, device):
    return torch.ones(n, n)


def make__wrong_dropped_to(n, device):
    x = torch.ones(n, n)
    x.to(device)
    return x


def make__wrong_hard_coded(n, device):
    return torch.ones(n, n, device="cpu")


def make__wrong_back_again(n, device):
    return torch.ones(n, n, device=device).cpu()


# --- centre: (x - mean) * 0.5, on the device of x


def centre__right(x):
    return (x - x.mean(0)) * 0.5


def centre__right_scalar_on_the_cpu(x):
    return (x - x.mean(0)) * torch.tensor(0.5)


def centre__right_new_full(x):
    return (x - x.mean(0)) * x.new_full((x.shape[1],), 0.5)


def centre__right_in_place(x):
    y = torch.empty_like(x)
    y.copy_(x)
    y -= y.mean(0)
    return y.mul_(0.5)


def centre__right_by_cpu_and_back(x):
    y = x.cpu().numpy()
    return torch.from_numpy((y - y.mean(0, keepdims=True)) * np.float32(0.5)).to(x.device)


def centre__wrong_vector_on_the_cpu(x):
    return (x - x.mean(0)) * torch.full((x.shape[1],), 0.5)


def centre__wrong_numpy_of_it(x):
    y = x.numpy()
    return torch.from_numpy((y - y.mean(0)) * 0.5)


def centre__wrong_asarray_of_it(x):
    return torch.as_tensor((np.asarray(x) - np.mean(np.asarray(x), 0)) * 0.5)


def centre__wrong_result_on_the_cpu(x):
    return ((x - x.mean(0)) * 0.5).to("cpu")


def centre__wrong_empty_by_hand(x):
    y = torch.empty(x.shape)
    torch.mul(x - x.mean(0), 0.5, out=y)
    return y


# --- clip_negative: zero where x is negative, by a mask


def clip_negative__right(x):
    return x.masked_fill(x < 0, 0)


def clip_negative__right_index(x):
    y = x.clone()
    y[y < 0] = 0
    return y


def clip_negative__right_index_by_a_cpu_mask(x):
    y = x.clone()
    y[(y < 0).cpu()] = 0
    return y


def clip_negative__right_where(x):
    return torch.where(x < 0, torch.zeros_like(x), x)


def clip_negative__wrong_mask_on_the_cpu(x):
    mask = torch.tensor((x < 0).tolist())
    return x.masked_fill(mask, 0)


def clip_negative__wrong_where_zeros(x):
    return torch.where(x < 0, torch.zeros(x.shape), x)


def clip_negative__wrong_index_of_a_cpu_copy(x):
    y = x.cpu()
    y[x < 0] = 0
    return y.to(x.device)


# --- positions: x plus its row numbers


def positions__right(x):
    return x + torch.arange(len(x), device=x.device)[:, None]


def positions__right_a_loop(x):
    return torch.stack([row + i for i, row in enumerate(x)])


def positions__wrong_arange_on_the_cpu(x):
    return x + torch.arange(len(x))[:, None]


def positions__wrong_cat_with_zeros(x):
    return torch.cat([torch.zeros(1, x.shape[1]), x[1:] * 0 + 1]).cumsum(0) + x


# --- noise: two normal numbers, drawn on the device, the same for the same seed


def noise__right(seed, device):
    generator = torch.Generator(device=device).manual_seed(seed)
    return torch.randn(2, generator=generator, device=device)


def noise__right_manual_seed(seed, device):
    torch.manual_seed(seed)
    return torch.randn(2, device=device)


def noise__right_cuda_seed(seed, device):
    torch.cuda.manual_seed(seed)
    return torch.empty(2, device=device).normal_()


def noise__wrong_generator_of_the_cpu(seed, device):
    return torch.randn(2, generator=torch.Generator().manual_seed(seed), device=device)


def noise__wrong_drawn_on_the_cpu(seed, device):
    generator = torch.Generator(device=device).manual_seed(seed)
    return torch.randn(2, generator=generator).to(device)


def noise__wrong_left_there(seed, device):
    return torch.randn(2, generator=torch.Generator().manual_seed(seed))


# --- share: how many of the predicted classes are right, as a float


def share__right(logits, labels):
    return (logits.argmax(1) == labels).float().mean().item()


def share__right_in_numpy(logits, labels):
    return float(np.mean(logits.argmax(1).cpu().numpy() == labels.cpu().numpy()))


def share__right_counted(logits, labels):
    count = 0
    for row, label in zip(logits, labels):
        if row.argmax() == label:
            count += 1
    return count / len(labels)


def share__wrong_sum_on_the_cpu(logits, labels):
    total = torch.zeros(1)
    total += (logits.argmax(1) == labels).sum()
    return total.item() / len(labels)


def share__wrong_labels_on_the_cpu(logits, labels):
    labels = torch.tensor([int(label) for label in labels])
    return (logits.argmax(1) == labels).float().mean().item()


def share__wrong_numpy_of_it(logits, labels):
    return float((logits.argmax(1).numpy() == labels.numpy()).mean())


# --- where: the best device there is


def where__right():
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def where__right_accelerator():
    return torch.accelerator.current_accelerator() if torch.accelerator.is_available() else torch.device("cpu")


def where__wrong_always_the_cpu():
    return torch.device("cpu")
