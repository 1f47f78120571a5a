"""What students write about devices, in training: names begin with the task, then say `right` or `wrong`, and why."""
# ruff: noqa: N801, N812

import copy
import io

import torch
import torch.nn.functional as F
from torch import nn

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
