"""The checks you can see. More are run when you hand in."""

import torch
from torch.nn import functional

from torchgrade import check, expect

LENET = [(5, 1, 0), (2, 2, 0), (5, 1, 0), (2, 2, 0)]
CONVOLUTIONS = tuple(
    f"{home}.{name}"
    for home in ("torch", "torch.nn.functional")
    for name in ("conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
)


def sizes_of(size, layers):
    """Let convolutions of torch tell the sizes; None when nothing is left."""
    x, sizes = torch.zeros(1, 1, size, size), [size]
    for kernel, stride, padding in layers:
        if x.shape[-1] + 2 * padding < kernel:
            return None
        x = functional.conv2d(x, torch.zeros(1, 1, kernel, kernel), stride=stride, padding=padding)
        sizes.append(x.shape[-1])
    return sizes


def expect_sizes(submission, size, layers, because=None):
    """Compare with the sizes that torch makes, or ask for a ValueError."""
    known = sizes_of(size, layers)
    if known is None:
        with expect.raises(ValueError, because=because):
            submission.feature_sizes(size, layers)
    else:
        expect(submission.feature_sizes(size, layers), because=because).equal(known)


@check("feature_sizes", points=1, visible=True)
def test_sizes_of_lenet(submission):
    """32, 28, 14, 10, 5 in LeNet; odd sizes; padding; ValueError for a window of 5 on 3 pixels."""
    expect(submission.feature_sizes(32, LENET)).equal([32, 28, 14, 10, 5])
    expect_sizes(submission, 28, LENET)
    expect_sizes(submission, 7, [(2, 2, 0), (3, 1, 1)])
    expect_sizes(submission, 224, [(7, 2, 3), (3, 2, 1)])
    expect_sizes(submission, 3, [(5, 1, 0)])


def expect_convolved(submission, x, weight, bias, because=None):
    """Compare with the convolution of torch; all arguments must stay as they were."""
    known = functional.conv2d(x.double(), weight.double(), bias.double()).float()
    with submission.banning(*CONVOLUTIONS):
        seen = submission.observe.conv2d_by_hand(x, weight, bias)
    sizes = "There is an output for every place where the window fits, in each output channel of each image."
    expect(seen, because=sizes).is_a(torch.Tensor).shape(*known.shape)
    expect(seen, because=because).close(known, rtol=1e-4, atol=1e-4)
    expect(seen, because="The arguments are left as they were.").untouched()


def expect_convolution_gradients(submission, x, weight, bias, along):
    """Compare the gradients of all three arguments with those of torch's convolution."""
    because = "Gradients flow through the result to image, weight and bias."
    leaves = [one.clone().requires_grad_() for one in (x, weight, bias)]
    known = torch.autograd.grad(functional.conv2d(*leaves), leaves, along)
    found = submission.vjp("conv2d_by_hand", (x, weight, bias), (along,))["inputs"]
    for place, one in enumerate(known):
        expect(found, because=because).at(place).is_a(torch.Tensor).close(one, rtol=1e-4, atol=1e-4)


@check("conv2d_by_hand", points=2, visible=True)
def test_known_convolutions(submission):
    """A 2x2 window over a 3x4 image, by hand; two images of 3x6x7 with four windows of 3x3x3."""
    x = torch.arange(12.0).reshape(1, 1, 3, 4)
    weight = torch.tensor([[[[1.0, 2.0], [3.0, -4.0]]]])
    with submission.banning(*CONVOLUTIONS):
        out = submission.conv2d_by_hand(x, weight, torch.tensor([0.5]))
    expect(out).close(torch.tensor([[[[-5.5, -3.5, -1.5], [2.5, 4.5, 6.5]]]]))
    draw = torch.Generator().manual_seed(1)
    x, weight = torch.randn(2, 3, 6, 7, generator=draw), torch.randn(4, 3, 3, 3, generator=draw)
    bias = torch.randn(4, generator=draw)
    expect_convolved(submission, x, weight, bias)
    expect_convolution_gradients(submission, x, weight, bias, torch.randn(2, 4, 4, 5, generator=draw))


def pooled(x, k):
    """Look at every whole block by itself."""
    rows, columns = x.shape[2] // k, x.shape[3] // k
    known = torch.empty(*x.shape[:2], rows, columns)
    for i in range(rows):
        for j in range(columns):
            known[:, :, i, j] = x[:, :, i * k : (i + 1) * k, j * k : (j + 1) * k].flatten(2).max(dim=2).values
    return known


def expect_pooled(submission, x, k, because=None):
    """Compare with the maximum of each whole block."""
    known = pooled(x, k)
    sizes = "There is one value for each whole block; what is left over at the right and at the bottom is dropped."
    out = expect(submission.max_pool_by_hand(x, k), because=sizes).is_a(torch.Tensor).shape(*known.shape).value
    expect(out, because=because).equal(known)


@check("max_pool_by_hand", points=1, visible=True)
def test_known_pooling(submission):
    """2x2 blocks of a 4x6 image of known numbers, and of 5x7 pixels below zero."""
    x = torch.arange(24.0).reshape(1, 1, 4, 6)
    expect(submission.max_pool_by_hand(x, 2)).equal(torch.tensor([[[[7.0, 9.0, 11.0], [19.0, 21.0, 23.0]]]]))
    expect_pooled(submission, x, 2)
    expect_pooled(submission, -1 - torch.arange(35.0).reshape(1, 1, 5, 7), 2)
