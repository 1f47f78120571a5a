"""The checks you can see. More are run when you hand in."""

import numpy
import torch

from torchgrade import check, expect
from torchgrade.wire import origin_of


def expect_contiguous(tensor, because=None):
    """See that the elements lay one after the other in the student's process; axes of length 1 say nothing."""
    came = [step for size, step in zip(tensor.shape, origin_of(tensor).stride, strict=True) if size != 1]
    asked = [step for size, step in zip(tensor.shape, tensor.contiguous().stride(), strict=True) if size != 1]
    if came != asked and tensor.numel():
        rationale = (
            f"The elements do not lie in memory in reading order: the strides are {tuple(origin_of(tensor).stride)}."
        )
        expect.fail(
            rationale, "permute and transpose leave the numbers where they are; contiguous() moves them.", because
        )


def expect_batch(submission, images, because=None):
    """Compare each pixel with the known batch."""
    height, width, _ = images[0].shape
    known = torch.empty(len(images), 3, height, width)
    for n, image in enumerate(images):
        for channel in range(3):
            known[n, channel] = image[:, :, channel].to(torch.float32) / 255
    seen = submission.observe.images_to_batch(images)
    expect(seen, because="The batch has shape (N, 3, H, W).").is_a(torch.Tensor).shape(*known.shape)
    expect(seen, because="The batch is float32.").dtype(torch.float32)
    expect(seen, because=because).close(known, rtol=1e-5, atol=1e-6)
    expect_contiguous(seen.result, "The batch is contiguous in memory.")
    expect(seen, because="The images are left as they were.").untouched()


@check("images_to_batch", points=2, visible=True)
def test_known_images(submission):
    """Two images of 2x4 pixels, one of 2x2 pixels, and one of 3x3 pixels."""
    count = torch.arange(24, dtype=torch.uint8)
    expect_batch(submission, [count.reshape(2, 4, 3), (255 - count).reshape(2, 4, 3)])
    expect_batch(submission, [torch.tensor([[[255, 0, 51], [102, 0, 0]], [[0, 153, 0], [0, 0, 204]]]).to(torch.uint8)])
    expect_batch(submission, [(9 * torch.arange(27)).to(torch.uint8).reshape(3, 3, 3)])


def expect_picture(submission, img, because=None):
    """Compare with the pixels that the image was made of."""
    known = img.detach().permute(1, 2, 0).numpy() * numpy.float32(0.5) + numpy.float32(0.5)
    seen = submission.observe.to_display_image(img)
    out = expect(seen, because="The result is a NumPy array.").is_a(numpy.ndarray).value
    expect(out, because="The channels come last: (H, W, C).").shape(*known.shape)
    expect(out, because="The result is float32.").dtype(numpy.float32)
    expect(out, because=because).close(known, rtol=1e-5, atol=1e-6)
    expect(seen, because="The image that was passed is left as it was.").untouched()
    expect(seen, because="The array has memory of its own.").fresh()


@check("to_display_image", points=1, visible=True)
def test_known_pictures(submission):
    """Three channels of 2x4 pixels, of 3x3 pixels, and an image that requires grad."""
    img = torch.linspace(-1, 1, 24).reshape(3, 2, 4)
    expect_picture(submission, img)
    expect_picture(submission, torch.linspace(-1, 1, 27).reshape(3, 3, 3))
    expect_picture(submission, img.clone().requires_grad_())


def expect_columns(submission, m, because=None):
    """Compare with the columns, put one after the other."""
    known = torch.cat([m[:, column] for column in range(m.shape[1])])
    seen = submission.observe.fix_column_order(m)
    expect(seen, because="The result has one axis, with all elements.").is_a(torch.Tensor).shape(*known.shape)
    expect(seen, because=because).equal(known)
    expect(seen, because="The matrix is left as it was.").untouched()


@check("fix_column_order", points=1, visible=True)
def test_known_columns(submission):
    """[10, 40, 20, 50, 30, 60] for the matrix of rows [10, 20, 30] and [40, 50, 60]; a single row."""
    matrix = torch.tensor([[10, 20, 30], [40, 50, 60]])
    expect(submission.fix_column_order(matrix)).equal(torch.tensor([10, 40, 20, 50, 30, 60]))
    expect_columns(submission, matrix)
    expect_columns(submission, matrix[:1])
