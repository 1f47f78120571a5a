"""What students write about devices: names begin with the task, then say `right` or `wrong`, and why."""
# ruff: noqa: B905, N801, N812

import copy
import io

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

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


# --- Net: relu(x * scale + shift), with a scale that is learnt and a shift of 0, 1, 2 that is not


class Net__right(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.full((3,), 2.0))
        self.register_buffer("shift", torch.arange(3.0))

    def forward(self, x):
        return F.relu(x * self.scale + self.shift)


class Net__right_made_in_forward(Net__right):
    def forward(self, x):
        return F.relu(x * self.scale + torch.arange(3.0, device=x.device))


class Net__right_moved_in_forward(Net__right):
    def forward(self, x):
        return F.relu(x * self.scale + self.shift.cpu().to(x))


class Net__right_not_persistent(Net__right):
    def __init__(self):
        super().__init__()
        self.register_buffer("shift", torch.arange(3.0), persistent=False)


class Net__wrong_no_buffer(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.full((3,), 2.0))
        self.shift = torch.arange(3.0)

    def forward(self, x):
        return F.relu(x * self.scale + self.shift)


class Net__wrong_made_in_forward(Net__right):
    def forward(self, x):
        return F.relu(x * self.scale + torch.arange(3.0))


class Net__wrong_parameter_in_a_list(nn.Module):
    def __init__(self):
        super().__init__()
        self.scales = [nn.Parameter(torch.full((3,), 2.0))]
        self.register_buffer("shift", torch.arange(3.0))

    def forward(self, x):
        return F.relu(x * self.scales[0] + self.shift)


class Net__wrong_hard_coded(Net__right):
    def forward(self, x):
        return F.relu(x.cpu() * self.scale.cpu() + self.shift.cpu())


# --- fit: a line through the points, by gradient descent on the device; the data comes from the CPU


def fit__right(x, y, device):
    model = _line().to(device)
    return _descend(model, torch.optim.SGD(model.parameters(), lr=0.1), x.to(device), y.to(device))


def fit__right_optimizer_before_the_move(x, y, device):
    model = _line()  # module.to keeps its parameters, and the optimizer has those
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return _descend(model.to(device), optimizer, x.to(device), y.to(device))


def fit__right_by_hand(x, y, device):
    x, y = x.to(device), y.to(device)
    w = torch.zeros(1, 1, device=device, requires_grad=True)
    for _ in range(40):
        loss = F.mse_loss(x @ w.t(), y)
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad.zero_()
    return w.detach()


def fit__right_by_data(x, y, device):
    x, y = x.to(device), y.to(device)
    w = torch.zeros(1, 1, requires_grad=True, device=device)
    for _ in range(40):
        loss = F.mse_loss(x @ w.t(), y)
        (gradient,) = torch.autograd.grad(loss, w)
        w.data = w.data - 0.1 * gradient
        f"{loss:.3f}"
    return w.detach()


def fit__right_saved_and_loaded(x, y, device):
    weight = fit__right(x, y, device)
    file = io.BytesIO()
    torch.save({"weight": weight}, file)
    file.seek(0)
    model = _line().to(device)
    model.load_state_dict(torch.load(file, map_location=device))
    return copy.deepcopy(model).weight.detach()


def fit__wrong_data_left_behind(x, y, device):
    model = _line().to(device)
    return _descend(model, torch.optim.SGD(model.parameters(), lr=0.1), x, y)


def fit__wrong_targets_left_behind(x, y, device):
    model = _line().to(device)
    return _descend(model, torch.optim.SGD(model.parameters(), lr=0.1), x.to(device), y)


def fit__wrong_dropped_to(x, y, device):
    model = _line().to(device)
    x.to(device)
    y.to(device)
    return _descend(model, torch.optim.SGD(model.parameters(), lr=0.1), x, y)


def fit__wrong_model_left_behind(x, y, device):
    model = _line()
    return _descend(model, torch.optim.SGD(model.parameters(), lr=0.1), x.to(device), y.to(device))


def fit__wrong_all_on_the_cpu(x, y, device):
    model = _line()
    return _descend(model, torch.optim.SGD(model.parameters(), lr=0.1), x, y)


def fit__wrong_optimizer_of_the_old_tensor(x, y, device):
    x, y = x.to(device), y.to(device)
    w = torch.zeros(1, 1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    w = w.detach().to(device).requires_grad_()
    for _ in range(40):
        optimizer.zero_grad()
        F.mse_loss(x @ w.t(), y).backward()
        optimizer.step()
    return w.detach()


def fit__wrong_to_is_no_leaf(x, y, device):
    x, y = x.to(device), y.to(device)
    w = torch.zeros(1, 1, requires_grad=True).to(device)
    for _ in range(40):
        F.mse_loss(x @ w.t(), y).backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
    return w.detach()


def _line():
    model = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(model.weight)
    return model


def _descend(model, optimizer, x, y):
    for _ in range(40):
        optimizer.zero_grad()
        F.mse_loss(model(x), y).backward()
        optimizer.step()
    return model.weight.detach()


# --- embed: the mean of the words' vectors


def embed__right(table, words):
    return F.embedding(words.to(table.device), table).mean(0)


def embed__right_rows(table, words):
    return table[words].mean(0)


def embed__wrong_words_on_the_cpu(table, words):
    return F.embedding(words, table).mean(0)


def embed__wrong_gathered_on_the_cpu(table, words):
    return torch.index_select(table, 0, words).mean(0)


# --- smooth: a convolution with ones


def smooth__right(x):
    return F.conv1d(x[None, None], torch.ones(1, 1, 3, device=x.device), padding=1)[0, 0]


def smooth__right_a_layer(x):
    layer = nn.Conv1d(1, 1, 3, padding=1, bias=False, device=x.device)
    nn.init.ones_(layer.weight)
    with torch.inference_mode():
        return layer(x[None, None])[0, 0]


def smooth__wrong_kernel_on_the_cpu(x):
    return F.conv1d(x[None, None], torch.ones(1, 1, 3), padding=1)[0, 0]


def smooth__wrong_layer_not_moved(x):
    layer = nn.Conv1d(1, 1, 3, padding=1, bias=False)
    nn.init.ones_(layer.weight)
    return layer(x[None, None])[0, 0].detach()
