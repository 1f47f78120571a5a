"""Convolutional classifier: convolution arithmetic, LeNet, training, judging and saving a small image classifier.

Every function gets its arguments by position. Images have the axes (N, C, H, W): batch, channel, row, column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader


def feature_sizes(size: int, layers: list[tuple[int, int, int]]) -> list[int]:
    """Work out the side length of a square image before and after each layer.

    Args:
        size: The side length of the image, at least 1.
        layers: For each layer, a convolution or a pooling, its (kernel, stride, padding): kernel and stride at least 1,
            padding at least 0 and on both sides. May be empty.

    Returns:
        A list of ints, one more than there are layers: ``size``, and then the side length after each layer. A window
        that would stick out at the end is dropped, as `torch.nn.Conv2d` and `torch.nn.MaxPool2d` do.

    Raises:
        ValueError: Nothing is left after one of the layers: its window fits nowhere, not even into the padded image.
    """
    raise NotImplementedError("TODO: feature_sizes")


def conv2d_by_hand(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Compute a convolution layer with stride 1 and no padding.

    Cut out the windows with unfold or with strides, and contract them with the weight. Call no function or module of
    torch that convolves. Do not loop over pixels: the number of tensor operations must not depend on the size of the
    images.

    Args:
        x: Images, a float32 tensor of shape (N, C, H, W) that need not be contiguous. It is left as it was.
        weight: A float32 tensor of shape (O, C, k, k), with k at most H and at most W. It is left as it was.
        bias: A float32 tensor of shape (O,). It is left as it was.

    Returns:
        A float32 tensor of shape (N, O, H - k + 1, W - k + 1). Entry (n, o, i, j) is ``bias[o]`` plus the sum, over all
        channels c and all places (a, b) in the window, of ``x[n, c, i + a, j + b] * weight[o, c, a, b]``. As in all
        deep learning the kernel is not flipped. Gradients flow to all three arguments.
    """
    raise NotImplementedError("TODO: conv2d_by_hand")


def max_pool_by_hand(x: Tensor, k: int) -> Tensor:
    """Take the largest value of each block of k x k pixels. This exercise is optional.

    Args:
        x: Images, a float32 tensor of shape (N, C, H, W) that need not be contiguous.
        k: The side length of a block and the distance from one block to the next, from 1 to the smaller of H and W.

    Returns:
        A float32 tensor of shape (N, C, H // k, W // k): the maximum of each block in each channel of each image.
        Blocks that are not complete, at the right and at the bottom, are dropped.
    """
    raise NotImplementedError("TODO: max_pool_by_hand")


def build_lenet(in_channels: int = 1, num_classes: int = 10) -> nn.Module:
    """Build LeNet for images of 32 x 32 pixels.

    Args:
        in_channels: The channels of an image.
        num_classes: How many scores there are for an image.

    Returns:
        A module that takes images of shape (N, in_channels, 32, 32) to raw scores of shape (N, num_classes), by

        - ``conv1``, 6 channels, kernel 5; ReLU; max pooling with 2 x 2 blocks;
        - ``conv2``, 16 channels, kernel 5; ReLU; max pooling with 2 x 2 blocks;
        - flattening of each image, in the order channel, row, column;
        - ``fc1``, linear, 120 outputs; ReLU; ``fc2``, linear, 84 outputs; ReLU; ``fc3``, linear, one output per class.

        The five layers with parameters are its children of these names, each with weight and bias; there are no other
        parameters or buffers. Images of another size raise a RuntimeError, whatever their number.
    """
    raise NotImplementedError("TODO: build_lenet")


def normalize_images(x: Tensor, mean: tuple[float, ...], std: tuple[float, ...]) -> Tensor:
    """Subtract from each channel its mean and divide by its standard deviation.

    Args:
        x: One image of shape (C, H, W) or a batch of shape (N, C, H, W); float32, or uint8 with values from 0 to 255.
            It is left as it was.
        mean: One number for each of the C channels.
        std: One number above 0 for each of the C channels.

    Returns:
        A float32 tensor of the shape of ``x``: (x - mean) / std in each channel. uint8 input is divided by 255 first;
        float32 input is taken as it is, whatever its range.
    """
    raise NotImplementedError("TODO: normalize_images")


def interval_means(losses: list[float], every: int) -> list[tuple[int, float]]:
    """Average the losses of each block of mini-batches.

    Args:
        losses: The loss of each mini-batch, in order; may be empty.
        every: How many mini-batches make a block, at least 1.

    Returns:
        A list with one tuple for each block: how many mini-batches have been seen at its end, counted from the start,
        and the mean loss of those in the block. The last block counts as well when it is not complete; its mean is that
        of the losses it has. For no losses the list is empty.
    """
    raise NotImplementedError("TODO: interval_means")


def train_classifier(model: nn.Module, loader: DataLoader, epochs: int, lr: float, momentum: float) -> list[float]:
    """Train a classifier with cross-entropy and stochastic gradient descent with momentum.

    Args:
        model: Gives raw scores of shape (N, classes) for a batch of images. It is trained itself, with all its
            parameters, in training mode, whatever its mode was before.
        loader: Gives batches (images, labels), which need not have the same size; labels are int64 of shape (N,).
        epochs: How often to go through the loader. Each batch is one step.
        lr: The learning rate.
        momentum: The momentum, as in `torch.optim.SGD`.

    Returns:
        A list of floats, one for each epoch: the mean, over all samples of the epoch, of the cross-entropy that each
        sample had when its batch was trained on (before that step). Every sample weighs the same.
    """
    raise NotImplementedError("TODO: train_classifier")


def per_class_accuracy(predictions: Tensor, labels: Tensor, classes: list[str]) -> dict[str, float | None]:
    """Compute for each class how many percent of its samples were predicted right.

    Do not loop over the samples: the number of tensor operations must not depend on their number.

    Args:
        predictions: The predicted class of each sample, int64 of shape (n,), from 0 to len(classes) - 1.
        labels: The true class of each sample, likewise.
        classes: The name of each class.

    Returns:
        A dict with the names as keys, in the order of ``classes``. The value is, of the samples whose *label* is this
        class, the percentage whose prediction is this class, too: a float from 0 to 100; or None if no label is.
    """
    raise NotImplementedError("TODO: per_class_accuracy")


def save_and_restore(model: nn.Module, path: str, build: Callable[[], nn.Module]) -> nn.Module:
    """Save the weights of a model to a file and load them into a new model.

    Args:
        model: The model to save. It keeps its weights, buffers and mode.
        path: The file to write. It is to hold the model's state_dict, so that ``torch.load(path, weights_only=True)``
            gives that back: all parameters and all buffers.
        build: Makes a new model with the same layers and other weights; it takes no arguments.

    Returns:
        A new model, made by ``build()``, with the parameters and buffers from the file. It shares no memory with
        ``model``, and it is ready for inference: in evaluation mode.
    """
    raise NotImplementedError("TODO: save_and_restore")


def build_residual_block(in_channels: int, out_channels: int, stride: int = 1) -> nn.Module:
    """Build a residual block. This exercise is optional.

    Args:
        in_channels: The channels of its input.
        out_channels: The channels of its output.
        stride: The stride of the first convolution, at least 1.

    Returns:
        A module that takes (N, in_channels, H, W) to relu(main path + skip connection). With stride 1 the output has
        the shape (N, out_channels, H, W); with stride s the sides H and W are divided by s and rounded up.

        - The main path is a 3x3 convolution with the stride and padding 1, batch norm, a 3x3 convolution with stride 1
          and padding 1, batch norm. It is usual to put a ReLU before the second convolution. That is up to you, and so
          is whether the convolutions have a bias.
        - The skip connection is the input itself where stride is 1 and the channels stay the same, and has no
          parameters then. Otherwise it is a 1x1 convolution with the stride, and batch norm.
    """
    raise NotImplementedError("TODO: build_residual_block")


def fix_accuracy(model: nn.Module, loader: Iterable) -> float:
    """Compute the accuracy of a classifier. The code below does it wrongly, in three ways: repair it.

    Args:
        model: Gives scores of shape (N, classes) for a batch of images; the class with the largest score is the
            prediction. It is judged in evaluation mode. After the call it is in the mode in which it came.
        loader: Gives batches (images, labels), at least one, which need not have the same size; labels are int64 of
            shape (N,).

    Returns:
        The fraction of all samples that are predicted right, a float from 0 to 1. Every sample weighs the same.
    """
    shares = []
    with torch.no_grad():
        for images, labels in loader:
            predicted, _ = torch.max(model(images), 1)
            shares.append((predicted == labels).float().mean().item())
    return sum(shares) / len(shares)
