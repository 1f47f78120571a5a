"""The checks you can see. More are run when you hand in."""

import torch
from torch.nn import functional

from fixtures.shared import graphs, images
from torchgrade import check, expect

SHAPES = {"conv1": (6, None, 5, 5), "conv2": (16, 6, 5, 5), "fc1": (120, 400), "fc2": (84, 120), "fc3": (None, 84)}


def shapes_of_lenet(channels, classes):
    """Tell the shape of each of the ten parameters."""
    shapes = {}
    for name, shape in SHAPES.items():
        weight = tuple((channels if name == "conv1" else classes) if size is None else size for size in shape)
        shapes[f"{name}.weight"], shapes[f"{name}.bias"] = weight, weight[:1]
    return shapes


def lenet(x, state):
    """Compute LeNet from its ten parameters."""
    for name in ("conv1", "conv2"):
        x = functional.conv2d(x, state[f"{name}.weight"], state[f"{name}.bias"])
        x = functional.max_pool2d(x.relu(), 2)
    x = x.reshape(len(x), -1)
    for name in ("fc1", "fc2"):
        x = functional.linear(x, state[f"{name}.weight"], state[f"{name}.bias"]).relu()
    return functional.linear(x, state["fc3.weight"], state["fc3.bias"])


def expect_lenet(model, channels, classes, draw):
    """Look at parameters, scores and gradients."""
    because = "There are ten parameters: weight and bias of conv1, conv2, fc1, fc2 and fc3, in the sizes of LeNet."
    state = expect(model.state_dict(), because=because).is_a(dict).length(10).value
    for name, shape in shapes_of_lenet(channels, classes).items():
        expect(state, because=because).at(name).is_a(torch.Tensor).shape(*shape)
    parameters = list(model.parameters())
    expect(parameters, because=because).length(10)
    expect(sum(one.numel() for one in parameters), because=because).equal(sum(v.numel() for v in state.values()))
    for n in (1, 3, 4):
        expect_scores(model, state, torch.randn(n, channels, 32, 32, generator=draw), classes)
    x, along = torch.randn(2, channels, 32, 32, generator=draw), torch.randn(2, classes, generator=draw)
    expect_gradients(model, state, x, along)


def expect_scores(model, state, x, classes):
    """Compare the scores with those of the same layers, put together here."""
    shape = "For each image there is one score for each class."
    out = expect(model(x), because=shape).is_a(torch.Tensor).shape(len(x), classes).value
    raw = "The scores are those of the layers in the order of LeNet, with nothing after the last."
    expect(out.detach(), because=raw).close(lenet(x, state), rtol=1e-3, atol=1e-5)


def expect_gradients(model, state, x, along):
    """Compare the gradient of each parameter."""
    leaves = {name: value.detach().clone().requires_grad_() for name, value in state.items()}
    lenet(x, leaves).backward(along)
    found = model._submission.vjp(model, (x,), (along,))["parameters"]
    for name, leaf in leaves.items():
        because = "Gradients reach every parameter."
        expect(found, because=because).at(name).is_a(torch.Tensor).close(leaf.grad, rtol=1e-2, atol=1e-4)


def expect_refused(model, channels, shapes):
    """Ask for a RuntimeError for images of these numbers and sizes."""
    because = "Images of another size raise a RuntimeError, whatever their number."
    for n, height, width in shapes:
        with expect.raises(RuntimeError, because=because):
            model(torch.zeros(n, channels, height, width))


@check("build_lenet", points=2, visible=True)
def test_lenet_of_the_page(submission):
    """61706 parameters for one channel, 62006 for three; the scores; 28x28 pixels are refused."""
    draw = torch.Generator().manual_seed(1)
    model = submission.build_lenet()
    expect(sum(one.numel() for one in model.parameters())).equal(61706)
    expect_lenet(model, 1, 10, draw)
    expect(sum(one.numel() for one in submission.build_lenet(3).parameters())).equal(62006)
    expect_refused(model, 1, ((1, 28, 28), (2, 40, 40)))


def convolutions_of(block, into, out, stride):
    """Return the convolutions' weights: the first, the second, and the 1x1 projection or None."""
    state = expect(block.state_dict()).is_a(dict).value
    kernels = [value for value in state.values() if isinstance(value, torch.Tensor) and value.dim() == 4]
    plain = stride == 1 and into == out
    because = "There are two 3x3 convolutions, and a 1x1 convolution where the skip connection changes shapes."
    expect(len(kernels), because=because).equal(2 if plain else 3)
    wide = [one for one in kernels if one.shape[2:] == (3, 3)]
    expect(len(wide), because=because).equal(2)
    if tuple(wide[0].shape[:2]) != (out, into):
        wide.reverse()
    for one, shape in zip(wide, ((out, into), (out, out)), strict=True):
        expect(one, because=because).shape(*shape, 3, 3)
    narrow = [one for one in kernels if one.shape[2:] == (1, 1)]
    for one in narrow:
        expect(one, because=because).shape(out, into, 1, 1)
    return *wide, narrow[0] if narrow else None


def normed(x):
    """Apply fresh batch norm, which is in training."""
    return functional.batch_norm(x, None, None, training=True)


def block_outputs(x, first, second, skip, stride):
    """Compute the block in training mode in all ways that a builder may have put it together."""
    past = x if skip is None else normed(functional.conv2d(x, skip, stride=stride))
    orders = [(first, second), (second, first)] if first.shape == second.shape else [(first, second)]
    outputs = []
    for one, two in orders:
        for strides in {(stride, 1), (1, stride)}:
            inner = normed(functional.conv2d(x, one, stride=strides[0], padding=1))
            for between in (inner.relu(), inner):
                outer = normed(functional.conv2d(between, two, stride=strides[1], padding=1))
                outputs.append((outer + past).relu())
    return outputs


def expect_block(submission, into, out, stride, x):
    """Compare shape, sign, parameters and values."""
    block = submission.build_residual_block(into, out, stride)
    first, second, skip = convolutions_of(block, into, out, stride)
    count = sum(one.numel() for one in block.parameters())
    sets = 2 if skip is None else 3
    least = sum(one.numel() for one in (first, second, skip) if one is not None) + 2 * sets * out
    because = "The parameters are those of the convolutions and of one batch norm for each, and no others."
    expect(count, because=because).one_of(*(least + biases * out for biases in range(sets + 1)))
    block.train()
    found = block(x).detach()
    sides = [-(-side // stride) for side in x.shape[2:]]
    expect(found, because="The stride divides the sides, and nothing else changes them.").shape(len(x), out, *sides)
    if (found < 0).any():
        expect.fail("An output is negative.", "What comes last?", because="ReLU comes after the sum.")
    known = block_outputs(x, first, second, skip, stride)
    nearest = min(known, key=lambda one: (one - found).abs().max().item())
    because = "The result is relu(main path + skip connection), with batch norm after each convolution."
    expect(found, because=because).close(nearest, rtol=1e-3, atol=1e-3)
    expect_no_main_path(block, x, skip, stride)


def expect_no_main_path(block, x, skip, stride):
    """Set the 3x3 convolutions to zero: what is left is the skip connection."""
    state = block.state_dict()
    block.load_state_dict({k: torch.zeros_like(v) if v.shape[2:] == (3, 3) else v for k, v in state.items()})
    past = x if skip is None else normed(functional.conv2d(x, skip, stride=stride))
    because = "Where the convolutions of the main path are zero, the result is relu of the skip connection."
    expect(block(x).detach(), because=because).close(past.relu(), rtol=1e-3, atol=1e-3)


@check("build_residual_block", points=2, visible=True)
def test_known_blocks(submission):
    """A plain block of 4 channels, and one that goes from 4 to 8 channels with stride 2."""
    x = torch.randn(2, 4, 6, 6, generator=torch.Generator().manual_seed(1))
    expect_block(submission, 4, 4, 1, x)
    expect_block(submission, 4, 8, 2, x)
    expect(submission.build_residual_block(4, 4)(x)).shape(2, 4, 6, 6)


def expect_restored(submission, seed, training, x):
    """Save a known model, restore it, and look at the file and at both models."""
    function = submission.make(graphs.student_function, "images", "save_and_restore")
    seen = submission.make(images.saved_and_restored, function, seed, training, x)
    known = images.trained_net(seed, training=False)
    weights = dict(known.state_dict())
    whole = "The file holds the state_dict, with all parameters and all buffers, and loads with weights_only=True."
    expect_state(seen["file"], weights, whole)
    expect_state(seen["state"], weights, "The new model has the parameters and the buffers of the file.")
    expect(seen["built"], because="The new model is made by build().").equal(True)
    expect(seen["modes"], because="The new model is ready for inference.").equal([False] * len(seen["modes"]))
    with torch.no_grad():
        outputs = known(x)
    expect(seen["outputs"], because="Both models predict the same.").close(outputs, rtol=1e-4, atol=1e-4)
    expect_state(seen["original"], weights, "The model that is saved keeps its weights and its buffers.")
    modes = seen["original_modes"]
    expect(modes, because="The model that is saved keeps its mode.").equal([training] * len(modes))
    expect_state(seen["after_zeros"], weights, "The two models share no memory.")


def expect_state(state, known, because):
    """Compare a state dict entry by entry."""
    expect(state, because=because).is_a(dict).length(len(known))
    for name, value in known.items():
        found = expect(state, because=because).at(name).is_a(torch.Tensor).value
        expect(found.detach(), because=because).equal(value)


@check("save_and_restore", points=2, visible=True)
def test_saving_a_model_in_evaluation(submission):
    """A convolution, batch norm, dropout and a linear layer, in evaluation mode."""
    x = torch.randn(3, 2, 6, 6, generator=torch.Generator().manual_seed(1))
    expect_restored(submission, 1, False, x)
