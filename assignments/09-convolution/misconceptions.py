"""Known wrong answers to the exercises of this assignment."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from torchgrade import misconception


@misconception(
    "feature_sizes",
    "The padding adds its width once.",
    hint="Padding goes on both sides. How wide is a row of n pixels with p more at its left and p more at its right?",
)
def padding_once(size, layers):
    sizes = [size]
    for k, s, p in layers:
        if sizes[-1] + p < k:
            raise ValueError("nothing left")
        sizes.append((sizes[-1] + p - k) // s + 1)
    return sizes


@misconception(
    "feature_sizes",
    "The room left by the window, divided by the stride, is the number of places.",
    hint="A window as large as the image has no room to move, and yet it lies in one place.",
)
def missing_plus_one(size, layers):
    sizes = [size]
    for k, s, p in layers:
        sizes.append((sizes[-1] + 2 * p - k) // s)
        if sizes[-1] < 1:
            raise ValueError("nothing left")
    return sizes


@misconception(
    "feature_sizes",
    "A step that does not fit any more still counts.",
    hint="A window that would stick out is dropped: a row of 7 pixels holds 3 blocks of 2, not 4.",
)
def rounds_up(size, layers):
    sizes = [size]
    for k, s, p in layers:
        if sizes[-1] + 2 * p < k:
            raise ValueError("nothing left")
        sizes.append(-((k - sizes[-1] - 2 * p) // s) + 1)
    return sizes


@misconception(
    "feature_sizes",
    "The formula knows by itself when nothing is left.",
    hint="The formula gives 0 and negative numbers as readily as others. No image has such a side: look before you go on.",
)
def no_check(size, layers):
    sizes = [size]
    for k, s, p in layers:
        sizes.append((sizes[-1] + 2 * p - k) // s + 1)
    return sizes


@misconception(
    "conv2d_by_hand",
    "A convolution layer flips its kernel, as convolution in mathematics does.",
    hint="Deep learning lays the kernel on the image as it is: the first weight meets the first pixel of the window.",
)
def flipped_kernel(x, weight, bias):
    k = weight.shape[-1]
    windows = x.unfold(2, k, 1).unfold(3, k, 1)
    return torch.einsum("ncijab,ocab->noij", windows, weight.flip(2, 3)) + bias[:, None, None]


@misconception(
    "conv2d_by_hand",
    "A channel is filtered by itself.",
    hint="Each output channel looks at all input channels: its weight has C of them, and their products are added up.",
)
def channels_not_summed(x, weight, bias):
    k = weight.shape[-1]
    windows = x.unfold(2, k, 1).unfold(3, k, 1)
    return torch.einsum("nijab,oab->noij", windows[:, 0], weight[:, 0]) + bias[:, None, None]


@misconception(
    "conv2d_by_hand",
    "A vector lies along the channels by itself.",
    hint="Shapes are aligned at their right ends, where the columns are. Which shape lies along the third axis from the right?",
)
def bias_on_last_axis(x, weight, bias):
    k = weight.shape[-1]
    windows = x.unfold(2, k, 1).unfold(3, k, 1)
    return torch.einsum("ncijab,ocab->noij", windows, weight) + bias


@misconception(
    "conv2d_by_hand",
    "The window has to be moved by a loop.",
    hint="Each pixel costs operations of its own. unfold gives all windows at once, as a view.",
)
def pixel_loop(x, weight, bias):
    k = weight.shape[-1]
    rows = []
    for i in range(x.shape[2] - k + 1):
        row = []
        for j in range(x.shape[3] - k + 1):
            row.append(torch.einsum("ncab,ocab->no", x[:, :, i : i + k, j : j + k], weight) + bias)
        rows.append(torch.stack(row, -1))
    return torch.stack(rows, -2)


@misconception(
    "max_pool_by_hand",
    "reshape may order the axes as one likes.",
    hint="reshape reads row by row and moves nothing. A row of the image runs through several blocks: split each axis where it stands.",
)
def blocks_mixed_up(x, k):
    n, c, h, w = x.shape
    x = x[:, :, : h // k * k, : w // k * k]
    return x.reshape(n, c, h // k, w // k, k, k).amax((4, 5))


@misconception(
    "max_pool_by_hand",
    "Blocks that are not complete are filled up with zeros.",
    hint="What fills no block is dropped. And a zero would be the largest value of a block of negative numbers.",
)
def pads_with_zero(x, k):
    n, c, h, w = x.shape
    x = functional.pad(x, (0, -w % k, 0, -h % k))
    return x.reshape(n, c, x.shape[2] // k, k, x.shape[3] // k, k).amax((3, 5))


@misconception(
    "max_pool_by_hand",
    "Pooling averages the block.",
    hint="Max pooling keeps the largest value of the block and forgets the others.",
)
def mean_pooling(x, k):
    n, c, h, w = x.shape
    x = x[:, :, : h // k * k, : w // k * k]
    return x.reshape(n, c, h // k, k, w // k, k).mean((3, 5))


@misconception(
    "max_pool_by_hand",
    "The block moves on by one pixel, as the window of a convolution does.",
    hint="Blocks do not overlap: the next one begins k pixels further on.",
)
def stride_one(x, k):
    return x.unfold(2, k, 1).unfold(3, k, 1).amax((4, 5))


class _Net(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, num_classes)

    def flat(self, x):
        return torch.flatten(x, 1)

    def forward(self, x):
        x = functional.max_pool2d(functional.relu(self.conv1(x)), 2)
        x = functional.max_pool2d(functional.relu(self.conv2(x)), 2)
        x = self.flat(x)
        x = functional.relu(self.fc1(x))
        x = functional.relu(self.fc2(x))
        return self.fc3(x)


class _FlattensAll(_Net):
    def flat(self, x):
        return torch.flatten(x)


class _Views(_Net):
    def flat(self, x):
        return x.view(-1, 400)


class _Softmax(_Net):
    def forward(self, x):
        return super().forward(x).softmax(1)


class _ChannelsLast(_Net):
    def flat(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


@misconception(
    "build_lenet",
    "flatten makes a vector of each image.",
    hint="Without a start, flatten takes the batch axis too, and makes one vector of all images. From which axis on is one image?",
)
def flatten_everything(in_channels=1, num_classes=10):
    return _FlattensAll(in_channels, num_classes)


@misconception(
    "build_lenet",
    "view(-1, 400) keeps one row for each image.",
    hint="-1 means: as many rows as it takes. Images of another size are cut into 400s without a word; the batch size should be said.",
)
def view_minus_one(in_channels=1, num_classes=10):
    return _Views(in_channels, num_classes)


@misconception(
    "build_lenet",
    "A classifier ends in softmax.",
    hint="Raw scores are asked for. CrossEntropyLoss applies the softmax itself; twice is once too often.",
)
def softmax_output(in_channels=1, num_classes=10):
    return _Softmax(in_channels, num_classes)


@misconception(
    "build_lenet",
    "Before flattening there are 5*5*16 numbers, in that order.",
    hint="The tensor's own order is channel, row, column: 16*5*5. Flattening needs no permute.",
)
def channels_last_flatten(in_channels=1, num_classes=10):
    return _ChannelsLast(in_channels, num_classes)


@misconception(
    "normalize_images",
    "A vector with a number for each channel lies along the channels.",
    hint="Shapes are aligned at their right ends: the vector lies along the columns. Give it axes of length 1 for rows and columns.",
)
def last_axis(x, mean, std):
    if x.dtype == torch.uint8:
        x = x / 255
    return (x - torch.tensor(mean)) / torch.tensor(std)


@misconception(
    "normalize_images",
    "One mean and one standard deviation are enough.",
    hint="Each channel has numbers of its own. (0.5, 0.5, 0.5) looks as if one would do, but not all data is like that.",
)
def first_values_only(x, mean, std):
    if x.dtype == torch.uint8:
        x = x / 255
    return (x - mean[0]) / std[0]


@misconception(
    "normalize_images",
    "The images are not needed any more and may be changed.",
    hint="sub_ and div_ write into the caller's images; a second call would normalise them again. sub and div make new ones.",
)
def in_place(x, mean, std):
    if x.dtype == torch.uint8:
        x = x / 255
    return x.sub_(torch.tensor(mean)[:, None, None]).div_(torch.tensor(std)[:, None, None])


@misconception(
    "normalize_images",
    "Bytes are numbers like any other.",
    hint="mean and std are meant for values from 0 to 1; bytes go up to 255. Something has to be done to them first.",
)
def no_scaling(x, mean, std):
    return (x.float() - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


@misconception(
    "interval_means",
    "A report is due only when a block is full.",
    hint="A run that ends within a block, or is shorter than one, has losses that are never reported. What is left at the end?",
)
def tail_forgotten(losses, every):
    running, out = 0.0, []
    for i, loss in enumerate(losses):
        running += loss
        if i % every == every - 1:
            out.append((i + 1, running / every))
            running = 0.0
    return out


@misconception(
    "interval_means",
    "The running sum takes care of itself.",
    hint="Each block begins anew. What is still in the sum when the second block begins?",
)
def sum_not_reset(losses, every):
    running, out, count = 0.0, [], 0
    for i, loss in enumerate(losses):
        running += loss
        count += 1
        if count == every or i == len(losses) - 1:
            out.append((i + 1, running / count))
            count = 0
    return out


@misconception(
    "interval_means",
    "Every block holds `every` losses.",
    hint="The last block may be short. A mean divides by the number of losses that were added up.",
)
def tail_divided_by_every(losses, every):
    blocks = [losses[i : i + every] for i in range(0, len(losses), every)]
    return [(i * every + len(block), sum(block) / every) for i, block in enumerate(blocks)]


def _train(model, loader, epochs, lr, momentum, zero=True, soft=False, step=True, train=True):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
    loss_function = nn.CrossEntropyLoss()
    if train:
        model.train()
    history = []
    for _ in range(epochs):
        total, count = 0.0, 0
        for x, y in loader:
            if zero:
                optimizer.zero_grad()
            out = model(x)
            loss = loss_function(out.softmax(1) if soft else out, y)
            loss.backward()
            if step:
                optimizer.step()
            total, count = total + loss.item() * len(y), count + len(y)
        history.append(total / count)
    return history


@misconception(
    "train_classifier",
    "backward replaces the gradients of the batch before.",
    hint="backward adds to .grad. What is in it when the next batch begins?",
)
def no_zero_grad(model, loader, epochs, lr, momentum):
    return _train(model, loader, epochs, lr, momentum, zero=False)


@misconception(
    "train_classifier",
    "Cross-entropy is about probabilities, so softmax comes before it.",
    hint="CrossEntropyLoss takes raw scores and applies log-softmax itself. With two of them the loss cannot come near 0.",
)
def softmax_before_loss(model, loader, epochs, lr, momentum):
    return _train(model, loader, epochs, lr, momentum, soft=True)


@misconception(
    "train_classifier",
    "backward changes the weights.",
    hint="backward only computes gradients. Who uses them?",
)
def never_steps(model, loader, epochs, lr, momentum):
    return _train(model, loader, epochs, lr, momentum, step=False)


@misconception(
    "train_classifier",
    "A model that is being trained is in training mode.",
    hint="The mode is a switch, and nobody but you throws it: dropout and batch norm ask for it.",
)
def left_in_eval(model, loader, epochs, lr, momentum):
    return _train(model, loader, epochs, lr, momentum, train=False)


@misconception(
    "per_class_accuracy",
    "The accuracy of a class is how often its prediction is right.",
    hint="That is its precision. Here the samples are grouped by their true class, whatever was predicted for them.",
)
def precision_instead(predictions, labels, classes):
    out = {}
    for i, name in enumerate(classes):
        chosen = predictions == i
        n = chosen.sum().item()
        out[name] = 100 * (chosen & (labels == i)).sum().item() / n if n else None
    return out


@misconception(
    "per_class_accuracy",
    "Every class occurs.",
    hint="In a small set a class may have no sample at all. What is divided by what then?",
)
def divide_by_zero(predictions, labels, classes):
    out = {}
    for i, name in enumerate(classes):
        chosen = labels == i
        out[name] = 100 * (predictions[chosen] == i).sum().item() / chosen.sum().item()
    return out


@misconception(
    "per_class_accuracy",
    "A percentage is a share of all samples.",
    hint="Of all samples of *this class*: a class with few samples could never come near 100 otherwise.",
)
def share_of_all(predictions, labels, classes):
    out = {}
    for i, name in enumerate(classes):
        chosen = labels == i
        out[name] = 100 * (predictions[chosen] == i).sum().item() / len(labels) if chosen.any() else None
    return out


@misconception(
    "per_class_accuracy",
    "A percentage is a whole number.",
    hint="// drops what comes after the point. Two of three are more than 66 percent.",
)
def integer_percent(predictions, labels, classes):
    out = {}
    for i, name in enumerate(classes):
        chosen = labels == i
        n = chosen.sum().item()
        out[name] = 100 * (predictions[chosen] == i).sum().item() // n if n else None
    return out


@misconception(
    "save_and_restore",
    "A model is saved by saving the object.",
    hint="torch.load reads numbers only, unless told otherwise: a whole object would bring code along. What holds just the numbers?",
)
def whole_object(model, path, build):
    torch.save(model, path)
    return torch.load(path).eval()


@misconception(
    "save_and_restore",
    "The parameters are all that a model has learned.",
    hint="Batch norm has learned means and variances too; they are buffers, not parameters. What lists both?",
)
def parameters_only(model, path, build):
    torch.save(dict(model.named_parameters()), path)
    restored = build()
    restored.load_state_dict(torch.load(path), strict=False)
    return restored.eval()


@misconception(
    "save_and_restore",
    "A restored model is ready for use.",
    hint="A new module is in training mode: dropout drops, and batch norm looks at the batch. Which call ends that?",
)
def no_eval(model, path, build):
    torch.save(model.state_dict(), path)
    restored = build()
    restored.load_state_dict(torch.load(path))
    return restored


@misconception(
    "save_and_restore",
    "build() gives the model back.",
    hint="build() gives the layers, with weights made by chance. The numbers are still in the file.",
)
def never_loads(model, path, build):
    torch.save(model.state_dict(), path)
    return build().eval()


@misconception(
    "save_and_restore",
    "load_state_dict returns the model that it has loaded.",
    hint="It returns a report of missing and unexpected names. The model itself has changed: keep the name that it had.",
)
def report_for_model(model, path, build):
    torch.save(model.state_dict(), path)
    restored = build()
    restored.eval()
    restored = restored.load_state_dict(torch.load(path))
    return restored


class _Block(nn.Module):
    def __init__(self, into, out, stride, kind):
        super().__init__()
        self.kind = kind
        self.conv1 = nn.Conv2d(into, out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        self.skip = nn.Identity()
        if kind != "no projection" and (stride != 1 or into != out):
            self.skip = nn.Sequential(nn.Conv2d(into, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        y = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        if self.kind == "no skip":
            return y.relu()
        if self.kind == "early":
            return y.relu() + self.skip(x)
        return (y + self.skip(x)).relu()


@misconception(
    "build_residual_block",
    "A residual block is two convolutions with batch norm.",
    hint="What makes it residual is the way around them. Where is x added?",
)
def no_skip(in_channels, out_channels, stride=1):
    return _Block(in_channels, out_channels, stride, "no skip")


@misconception(
    "build_residual_block",
    "ReLU belongs to the convolutions, and the input is added after it.",
    hint="The sum comes first and ReLU last: no output of the block is negative.",
)
def relu_before_sum(in_channels, out_channels, stride=1):
    return _Block(in_channels, out_channels, stride, "early")


@misconception(
    "build_residual_block",
    "The input can always be added as it is.",
    hint="Tensors of different shapes do not add up. When the channels or the size change, the skip connection has to change them too.",
)
def no_projection(in_channels, out_channels, stride=1):
    return _Block(in_channels, out_channels, stride, "no projection")


@misconception(
    "fix_accuracy",
    "torch.max along an axis gives what was predicted.",
    hint="It gives two tensors: the maxima and where they are. A label is a place, not a score.",
)
def values_for_indices(model, loader):
    was = model.training
    model.eval()
    right = total = 0
    with torch.no_grad():
        for x, y in loader:
            predicted, _ = torch.max(model(x), 1)
            right += (predicted == y).sum().item()
            total += len(y)
    model.train(was)
    return right / total


@misconception(
    "fix_accuracy",
    "The accuracy is the mean of the accuracies of the batches.",
    hint="A sample in a short last batch would weigh more than others. Count samples, and divide once.",
)
def mean_of_batches(model, loader):
    was = model.training
    model.eval()
    shares = []
    with torch.no_grad():
        for x, y in loader:
            shares.append((model(x).argmax(1) == y).float().mean().item())
    model.train(was)
    return sum(shares) / len(shares)


@misconception(
    "fix_accuracy",
    "no_grad is all that judging a model takes.",
    hint="no_grad switches gradients off, not dropout. Which call does that, and which one undoes it?",
)
def training_mode(model, loader):
    right = total = 0
    with torch.no_grad():
        for x, y in loader:
            right += (model(x).argmax(1) == y).sum().item()
            total += len(y)
    return right / total


@misconception(
    "fix_accuracy",
    "// divides.",
    hint="// drops what comes after the point: a fraction becomes 0 or 1.",
)
def floor_division(model, loader):
    was = model.training
    model.eval()
    right = total = 0
    with torch.no_grad():
        for x, y in loader:
            right += (model(x).argmax(1) == y).sum().item()
            total += len(y)
    model.train(was)
    return float(right // total)
