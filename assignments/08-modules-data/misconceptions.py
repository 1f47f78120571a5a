"""Known wrong answers to the exercises of this assignment."""

from __future__ import annotations

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset

from torchgrade import misconception


class _Affine(nn.Module):
    """Multiply by weight, add bias; whatever these are."""

    def forward(self, x):
        out = x @ self.weight.T
        return out if self.bias is None else out + self.bias


@misconception(
    "build_linear",
    "A tensor that requires grad is a parameter of the module that holds it.",
    hint="A module registers what is an nn.Parameter. Any other tensor is an attribute like a number: parameters(), state_dict() and to() pass it by.",
)
def plain_tensors(in_features, out_features, bias=True):
    layer, bound = _Affine(), in_features**-0.5
    layer.weight = torch.empty(out_features, in_features).uniform_(-bound, bound).requires_grad_()
    layer.bias = torch.empty(out_features).uniform_(-bound, bound).requires_grad_() if bias else None
    return layer


@misconception(
    "build_linear",
    "The weight has the shape (in, out), as it is written.",
    hint="torch keeps a row for each output, (out, in), and multiplies by the transpose. Only so do the states fit together.",
)
def in_by_out(in_features, out_features, bias=True):
    class Layer(nn.Module):
        def __init__(self):
            super().__init__()
            bound = in_features**-0.5
            self.weight = nn.Parameter(torch.empty(in_features, out_features).uniform_(-bound, bound))
            self.bias = nn.Parameter(torch.empty(out_features).uniform_(-bound, bound)) if bias else None

        def forward(self, x):
            out = x @ self.weight
            return out if self.bias is None else out + self.bias

    return Layer()


@misconception(
    "build_linear",
    "What is trained anyway may begin at zero.",
    hint="Units that begin alike get equal gradients and stay alike for ever. Draw the start values.",
)
def zero_start(in_features, out_features, bias=True):
    layer = _Affine()
    layer.weight = nn.Parameter(torch.zeros(out_features, in_features))
    layer.bias = nn.Parameter(torch.zeros(out_features)) if bias else None
    return layer


@misconception(
    "build_linear",
    "A linear layer has a bias.",
    hint="With bias=False there is none: neither in the sum nor among the parameters.",
)
def bias_anyway(in_features, out_features, bias=True):
    layer, bound = _Affine(), in_features**-0.5
    layer.weight = nn.Parameter(torch.empty(out_features, in_features).uniform_(-bound, bound))
    layer.bias = nn.Parameter(torch.empty(out_features).uniform_(-bound, bound))
    return layer


@misconception(
    "build_mlp",
    "Layers in a list that is an attribute belong to the module.",
    hint="A module does not look into plain lists. Ask the model for its parameters: nn.ModuleList and nn.Sequential show theirs.",
)
def python_list(sizes):
    class Chain(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = [nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]

        def forward(self, x):
            for layer in self.layers[:-1]:
                x = layer(x).relu()
            return self.layers[-1](x)

    return Chain()


@misconception(
    "build_mlp",
    "Every layer is followed by a ReLU.",
    hint="ReLU stands between layers. After the last one it would keep the model from ever answering below zero.",
)
def relu_at_the_end(sizes):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*layers)


@misconception(
    "build_mlp",
    "More linear layers make a richer function by themselves.",
    hint="A chain of linear maps is one linear map. The ReLU between them makes the difference.",
)
def no_activation(sizes):
    return nn.Sequential(*(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])))


@misconception(
    "build_mlp",
    "Layers of the same size can be the same object.",
    hint="One object used twice has one weight. Make a new layer for each place.",
)
def one_layer_reused(sizes):
    made, layers = {}, []
    for pair in zip(sizes, sizes[1:]):
        if pair not in made:
            made[pair] = nn.Linear(*pair)
        layers += [made[pair], nn.ReLU()]
    return nn.Sequential(*layers[:-1])


@misconception(
    "build_mlp",
    "A class of its own needs no start from nn.Module.",
    hint="nn.Module keeps the books on layers and parameters, and its __init__ opens them. Call super().__init__() before the first layer is assigned.",
)
def super_not_called(sizes):
    class Chain(nn.Module):
        def __init__(self):
            self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

        def forward(self, x):
            for layer in self.layers[:-1]:
                x = layer(x).relu()
            return self.layers[-1](x)

    return Chain()


@misconception(
    "parameter_table",
    "The state dict is the list of the parameters.",
    hint="The state is all that must be saved: running statistics and frozen weights too. What is trained is less.",
)
def from_state_dict(model):
    return {name: value.numel() for name, value in model.state_dict().items()}


@misconception(
    "parameter_table",
    "It is enough to ask the children of the model.",
    hint="Children have children, and the model may have parameters of its own. named_parameters() goes all the way down by itself.",
)
def top_level_only(model):
    return {
        f"{child}.{name}": p.numel()
        for child, module in model.named_children()
        for name, p in module.named_parameters(recurse=False)
        if p.requires_grad
    }


@misconception(
    "parameter_table",
    "A parameter counts as often as it is used.",
    hint="A shared weight is one block of numbers, trained once. Leave remove_duplicate as it is.",
)
def duplicates(model):
    return {name: p.numel() for name, p in model.named_parameters(remove_duplicate=False) if p.requires_grad}


@misconception(
    "parameter_table",
    "All parameters are trained.",
    hint="A parameter can be frozen: its requires_grad tells.",
)
def frozen_included(model):
    return {name: p.numel() for name, p in model.named_parameters()}


def _draw(n, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(n, 1, generator=generator) * 2 - 1, generator


@misconception(
    "line_data",
    "Targets are a flat vector.",
    hint="A model gives a column, (n, 1). Flat targets against it make n times n differences in a loss.",
)
@misconception(
    "train_line",
    "Targets for the loss are flat.",
    hint="Predictions are (n, 1). Against (n,) the loss compares each with all: the line becomes flat too.",
)
def flat_targets(*args):
    # one name for two exercises, so one function
    return _flat_points(*args) if len(args) == 5 else _train(args[0], args[1].reshape(-1), *args[2:])


def _flat_points(n, weight, bias, noise, seed):
    x, generator = _draw(n, seed)
    return x, weight * x[:, 0] + bias + noise * torch.randn(n, generator=generator)


@misconception(
    "line_data",
    "One random number makes the line noisy.",
    hint="The same number for all points shifts the line. Draw one for each point.",
)
def one_noise_value(n, weight, bias, noise, seed):
    x, generator = _draw(n, seed)
    return x, weight * x + bias + noise * torch.randn(1, generator=generator)


@misconception(
    "line_data",
    "Each draw needs a generator seeded anew.",
    hint="Two generators with one seed give the same stream: the noise then follows from x. Seed one, once, and draw from it twice.",
)
def same_stream_twice(n, weight, bias, noise, seed):
    x, _ = _draw(n, seed)
    return x, weight * x + bias + noise * torch.randn(n, 1, generator=torch.Generator().manual_seed(seed))


@misconception(
    "line_data",
    "To be reproducible, a function calls torch.manual_seed.",
    hint="That sets back the stream of everybody else. A torch.Generator of your own does the same for you alone.",
)
@misconception(
    "make_loader",
    "A loader is made reproducible with torch.manual_seed.",
    hint="Then the order depends on all that is drawn in between, and the caller's stream is set back. Give the loader a generator of its own.",
)
def global_seed(*args):
    # one name for two exercises, so one function
    return _seeded_points(*args) if isinstance(args[0], int) else _seeded_loader(*args)


def _seeded_points(n, weight, bias, noise, seed):
    torch.manual_seed(seed)
    x = torch.rand(n, 1) * 2 - 1
    return x, weight * x + bias + noise * torch.randn(n, 1)


def _seeded_loader(dataset, batch_size, shuffle, seed, drop_last=False):
    torch.manual_seed(seed)
    return DataLoader(dataset, batch_size, shuffle, drop_last=drop_last)


class _Pairs(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def _same_length(x, y):
    if len(x) != len(y):
        raise ValueError("the lengths differ")


@misconception(
    "build_pair_dataset",
    "An index outside is moved to the nearest sample.",
    hint="It hides mistakes: -1 becomes the first sample, and a for loop waits in vain for the IndexError that ends it.",
)
def clamped_index(x, y):
    class Clamped(_Pairs):
        def __getitem__(self, i):
            return super().__getitem__(min(max(i, 0), len(self.x) - 1))

    _same_length(x, y)
    return Clamped(x, y)


@misconception(
    "build_pair_dataset",
    "An index below 0 is outside.",
    hint="In a list -1 is the last item. Tensors know that as well.",
)
def no_negative_indices(x, y):
    class Strict(_Pairs):
        def __getitem__(self, i):
            if i < 0 or i >= len(self):
                raise IndexError(i)
            return super().__getitem__(i)

    _same_length(x, y)
    return Strict(x, y)


@misconception(
    "build_pair_dataset",
    "The length is the last index.",
    hint="Indices begin at 0, so the last one is the length minus 1. A loader would never ask for the last sample.",
)
def off_by_one_length(x, y):
    class Short(_Pairs):
        def __len__(self):
            return len(self.x) - 1

    _same_length(x, y)
    return Short(x, y)


@misconception(
    "build_pair_dataset",
    "Whoever makes a dataset gives inputs and targets of one length.",
    hint="With one label too many nothing fails until it is too late: compare the lengths when the dataset is made.",
)
def unequal_lengths(x, y):
    return _Pairs(x, y)


@misconception(
    "make_loader",
    "shuffle=True is all that shuffling needs.",
    hint="The order then comes from torch's global generator. What does the seed that you are given do?",
)
def seed_unused(dataset, batch_size, shuffle, seed, drop_last=False):
    return DataLoader(dataset, batch_size, shuffle, drop_last=drop_last)


@misconception(
    "make_loader",
    "Data are shuffled once, before the training.",
    hint="Then all epochs have the same batches. Let the loader shuffle: it draws a new order each time.",
)
def fixed_permutation(dataset, batch_size, shuffle, seed, drop_last=False):
    if shuffle:
        generator = torch.Generator().manual_seed(seed)
        dataset = Subset(dataset, torch.randperm(len(dataset), generator=generator).tolist())
    return DataLoader(dataset, batch_size, drop_last=drop_last, generator=torch.Generator())


@misconception(
    "make_loader",
    "The last batch must be as long as the others.",
    hint="It may be shorter. Leaving it out is a choice of the caller: that is what drop_last is for.",
)
def always_drops(dataset, batch_size, shuffle, seed, drop_last=False):
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(dataset, batch_size, shuffle, drop_last=True, generator=generator)


def _judge(model, loader, loss_fn, evaluate=True, restore=True, per_batch=False):
    training, total, count = model.training, 0.0, 0
    if evaluate:
        model.eval()
    with torch.no_grad():
        for x, y in loader:
            size = 1 if per_batch else len(x)
            total += loss_fn(model(x), y).item() * size
            count += size
    if restore:
        model.train(training)
    return total / count


@misconception(
    "mean_loss_over_loader",
    "The mean of the batches' means is the mean of the samples.",
    hint="Only if all batches are of one size. A short last batch must count for as many samples as it has.",
)
def mean_of_means(model, loader, loss_fn):
    return _judge(model, loader, loss_fn, per_batch=True)


@misconception(
    "mean_loss_over_loader",
    "Switching off gradients switches off dropout.",
    hint="no_grad is about gradients. Dropout and batch norm ask for the model's mode: eval().",
)
def dropout_on(model, loader, loss_fn):
    return _judge(model, loader, loss_fn, evaluate=False)


@misconception(
    "mean_loss_over_loader",
    "Evaluation mode lasts for one evaluation.",
    hint="eval() holds until somebody calls train(). Note the mode before, and set it again.",
)
def stays_in_eval(model, loader, loss_fn):
    return _judge(model, loader, loss_fn, restore=False)


@misconception(
    "mean_loss_over_loader",
    "Losses can be added up as they come.",
    hint="Each loss is a tensor with the graph of its batch behind it, and so is their sum. Take plain numbers, and record no graph.",
)
def tensor_sum(model, loader, loss_fn):
    training, total, count = model.training, 0.0, 0
    model.eval()
    for x, y in loader:
        total = total + loss_fn(model(x), y) * len(x)
        count += len(x)
    model.train(training)
    return total / count


@misconception(
    "least_squares_line",
    "The best line goes through the origin.",
    hint="It goes through the two means. Subtract them before you multiply.",
)
def through_the_origin(x, y):
    x, y = x.double().reshape(-1), y.double().reshape(-1)
    weight = (x * y).sum() / (x * x).sum()
    return weight.item(), (y.mean() - weight * x.mean()).item()


@misconception(
    "least_squares_line",
    "Covariance and variance go together, whatever they are divided by.",
    hint="One is divided by n - 1 and the other by n: the quotient is too large by n / (n - 1). Use one convention for both.",
)
def mixed_conventions(x, y):
    x, y = x.double().reshape(-1), y.double().reshape(-1)
    weight = torch.cov(torch.stack([x, y]))[0, 1] / x.var(correction=0)
    return weight.item(), (y.mean() - weight * x.mean()).item()


@misconception(
    "least_squares_line",
    "It does not matter which of the two is explained by the other.",
    hint="Dividing by the spread of y gives the line that foretells x. The errors that count are those of y.",
)
def regress_x_on_y(x, y):
    x, y = x.double().reshape(-1), y.double().reshape(-1)
    dx, dy = x - x.mean(), y - y.mean()
    weight = (dx * dy).sum() / (dy * dy).sum()
    return weight.item(), (x.mean() - weight * y.mean()).item()


@misconception(
    "least_squares_line",
    "A column times a flat vector multiplies their elements in pairs.",
    hint="(n, 1) times (n,) is an (n, n) table of all pairs. Bring both to one shape first.",
)
def outer_difference(x, y):
    x, y = x.double(), y.double()
    dx = x - x.mean()
    weight = (dx * (y - y.mean())).sum() / (dx * dx).sum()
    return weight.item(), (y.mean() - weight * x.mean()).item()


def _train(x, y, lr, epochs, batch_size, seed, clear=True, own=True, last_only=False):
    torch.manual_seed(seed)
    model = nn.Linear(1, 1)
    optimizer = torch.optim.SGD((model if own else nn.Linear(1, 1)).parameters(), lr)
    loader, history = DataLoader(TensorDataset(x, y), batch_size, shuffle=True), []
    for _ in range(epochs):
        total = 0.0
        for inputs, targets in loader:
            loss = nn.functional.mse_loss(model(inputs), targets)
            if clear:
                optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(inputs)
        history.append(loss.item() if last_only else total / len(x))
    return model, history


@misconception(
    "train_line",
    "Each backward starts with fresh gradients.",
    hint="backward adds to what is there. Without clearing, every step follows the sum of all gradients so far.",
)
def no_zero_grad(x, y, lr, epochs, batch_size, seed):
    return _train(x, y, lr, epochs, batch_size, seed, clear=False)


@misconception(
    "train_line",
    "Any model's parameters will do for the optimizer.",
    hint="An optimizer changes the tensors that it was given, and no others. Give it those of the model that you train.",
)
def foreign_optimizer(x, y, lr, epochs, batch_size, seed):
    return _train(x, y, lr, epochs, batch_size, seed, own=False)


@misconception(
    "train_line",
    "The loss of an epoch is the one that was computed last.",
    hint="That is the last batch alone, perhaps a few samples. Add up the losses of all batches, each times its size.",
)
def last_batch_loss(x, y, lr, epochs, batch_size, seed):
    return _train(x, y, lr, epochs, batch_size, seed, last_only=True)


def _fit(x, lr, steps, loss_of):
    slope, intercept = torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
    for _ in range(steps):
        slopes = torch.autograd.grad(loss_of(x * slope + intercept), (slope, intercept))
        with torch.no_grad():
            slope -= lr * slopes[0]
            intercept -= lr * slopes[1]
    return slope.item(), intercept.item()


@misconception(
    "fix_target_shape",
    "What can be subtracted has the right shapes.",
    hint="(n, 1) minus (n,) is an (n, n) table. Give the targets the shape of the predictions.",
)
@misconception(
    "fix_float64_data",
    "A model takes numbers of any dtype.",
    hint="A matrix product needs one dtype on both sides. Arrays are float64 unless somebody says otherwise.",
)
def given_code(*args):
    # one name for two exercises, so one function
    return _given_fit(*args) if len(args) == 4 else _given_loss(*args)


def _given_fit(x, y, lr, steps):
    return _fit(x, lr, steps, lambda predicted: (predicted - y).square().mean())


def _given_loss(model, x, y):
    return nn.functional.mse_loss(model(torch.from_numpy(x)), torch.from_numpy(y))


@misconception(
    "fix_target_shape",
    "Targets with two axes fit predictions with two axes.",
    hint="A row (1, n) against a column (n, 1) is an (n, n) table again. view(1, -1) makes a row.",
)
def row_targets(x, y, lr, steps):
    return _fit(x, lr, steps, lambda predicted: (predicted - y.view(1, -1)).square().mean())


@misconception(
    "fix_target_shape",
    "If only the means agree, the shapes do not matter.",
    hint="Then every line through the middle is as good as another. Compare each prediction with its own target.",
)
def means_only(x, y, lr, steps):
    return _fit(x, lr, steps, lambda predicted: (predicted.mean() - y.mean()).square())


@misconception(
    "fix_float64_data",
    "The model is adapted to the data.",
    hint="It works, but the caller's model is another one afterwards, and twice as large. Convert the data.",
)
def convert_the_model(model, x, y):
    return nn.functional.mse_loss(model.double()(torch.from_numpy(x)), torch.from_numpy(y))


@misconception(
    "fix_float64_data",
    "Only what goes into the model needs the model's dtype.",
    hint="float32 minus float64 is float64: the loss changes its dtype on the last step. Convert the targets as well.",
)
def only_the_inputs(model, x, y):
    dtype = next(model.parameters()).dtype
    return nn.functional.mse_loss(model(torch.from_numpy(x).to(dtype)), torch.from_numpy(y))


@misconception(
    "fix_float64_data",
    "Half of float64 is float16.",
    hint="half() makes float16; half of 64 bits is float32, and float() makes that. Better still, ask the model for its dtype.",
)
def half_precision(model, x, y):
    return nn.functional.mse_loss(model(torch.from_numpy(x).half()), torch.from_numpy(y).half())
