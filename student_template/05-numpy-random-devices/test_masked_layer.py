"""The checks you can see. More are run when you hand in."""

import torch

from torchgrade import check, expect

SAVED = "The mask is an entry of the state_dict, and not one of the parameters."


def mask_of(layer, features, every):
    """Return the name and the values of the mask: a row of 0 and 1 that the state_dict has besides the parameters."""
    expect(layer, because="The result is a module.").is_a(torch.nn.Module)
    state = dict(expect(layer.state_dict()).value)
    parameters = {name for name, _ in layer.named_parameters()}
    saved = [name for name in state if name not in parameters]
    if not saved:
        came = f"The state_dict has {', '.join(map(str, state)) or 'no entries'}: each of them is a parameter."
        expect.fail(came, "What is registered as a buffer is saved, and is no parameter.", SAVED)
    masks = [name for name in saved if is_mask(state[name], features, every)]
    if not masks:
        came = "Nothing that is saved besides the parameters is such a mask."
        because = "The mask is 1 for the features 0, every, 2 * every and so on, else 0."
        expect.fail(came, "Look at keep[::every].", because)
    buffer = dict(layer.named_buffers())[masks[0]]
    expect(buffer, because="The mask is fixed: it does not require grad.").requires_grad(False)
    return masks[0], state[masks[0]]


def is_mask(value, features, every):
    """Tell whether this is a mask of one feature in ``every``: which one, or all but it, is not what is repaired."""
    if value.numel() != features:
        return False
    place = torch.arange(features) % every
    numbers = value.reshape(-1).double()
    masks = ((place == first).double() for first in range(every))
    return any(numbers.equal(mask) or numbers.equal(1 - mask) for mask in masks)


def expect_on_meta(submission, features, every):
    """Move the layer to meta and call it there."""
    layer = submission.fix_masked_layer(features, every).to(torch.device("meta"))
    out = layer(torch.empty(5, features, device="meta"))
    because = "After .to(device) the layer works on that device."
    expect(out, because=because).is_a(torch.Tensor).device("meta").shape(5, features).dtype(torch.float32)


def expect_in_float64(submission, features, every):
    """Cast the layer to float64 and call it with float64 numbers."""
    layer = submission.fix_masked_layer(features, every).to(torch.float64)
    out = layer(torch.ones(2, features, dtype=torch.float64))
    because = "After .to(torch.float64) the layer works in float64."
    expect(out, because=because).is_a(torch.Tensor).shape(2, features).dtype(torch.float64)


@check("fix_masked_layer", points=2, visible=True)
def test_known_layer(submission):
    """Six features, every second one: the layer works on meta and in float64, and its mask is saved with it."""
    expect_on_meta(submission, 6, 2)
    expect_in_float64(submission, 6, 2)
    mask_of(submission.fix_masked_layer(6, 2), 6, 2)
