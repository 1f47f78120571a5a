"""What to look at when a tensor of the wrong shape came."""

from __future__ import annotations

from math import prod

from ..language import _, ngettext
from .describe import sizes

__all__ = ["shape_help"]

Shape = tuple[int, ...]
MAX_AXES = 8


def shape_help(came: Shape, asked: Shape) -> str:
    """Say how two shapes are related, when that can be seen; else nothing.

    Args:
        came: The shape that came.
        asked: Another shape, which was asked for.
    """
    if max(len(came), len(asked)) > MAX_AXES:
        return ""
    for rule in (_reordered, _size_one, _broadcast, _one_axis_off, _reduced, _same_total):
        text = rule(came, asked)
        if text:
            return text
    return ""


def _reordered(came: Shape, asked: Shape) -> str:
    if sorted(came) != sorted(asked):
        return ""
    if len(came) == 2:
        return _("The axes are swapped: x.T swaps them.")
    if came == asked[::-1]:
        return _("The axes are swapped: they came in the opposite order.")
    return _("The sizes are right, their order is not: x.permute(...) and x.transpose(a, b) reorder axes.")


def _size_one(came: Shape, asked: Shape) -> str:
    if len(came) == len(asked) or [s for s in came if s != 1] != [s for s in asked if s != 1]:
        return ""
    count = abs(len(came) - len(asked))
    if len(came) > len(asked):
        return ngettext(
            "An axis of size 1 is too many: x.squeeze(dim) takes it away; keepdim=True leaves one behind.",
            "{count} axes of size 1 are too many: x.squeeze(dim) takes it away; keepdim=True leaves one behind.",
            count,
        ).format(count=count)
    return ngettext(
        "An axis of size 1 is missing: x.unsqueeze(dim) adds it; sum, mean and max keep it with keepdim=True.",
        "{count} axes of size 1 are missing: x.unsqueeze(dim) adds it; sum, mean and max keep it with keepdim=True.",
        count,
    ).format(count=count)


def _broadcast(came: Shape, asked: Shape) -> str:
    """Recognise (n, n) for (n,) or (n, 1): a column met a row."""
    if len(came) == 2 and came[0] == came[1] > 1 and asked in ((came[0],), (came[0], 1), (1, came[0])):
        sentence = _(
            "Shapes ({n},) and ({n}, 1) together give ({n}, {n}): give both the same shape before combining them."
        )
        return sentence.format(n=came[0])
    return ""


def _one_axis_off(came: Shape, asked: Shape) -> str:
    if len(came) != len(asked):
        return ""
    axes = [axis for axis, pair in enumerate(zip(came, asked, strict=True)) if pair[0] != pair[1]]
    if len(axes) != 1:
        return ""
    (axis,) = axes
    if came[axis] == asked[axis] + 1:
        found = _("One too many along axis {axis}: is the end meant to be included? range and arange stop before it.")
    elif came[axis] == asked[axis] - 1:
        found = _("One too few along axis {axis}: is the end meant to be included? range and arange stop before it.")
    elif came[axis] == 1:
        found = _("Axis {axis} was reduced to size 1: look at the dim of sum, mean or max, or repeat it with expand.")
    else:
        found = _("Only the size of axis {axis} differs.")
    return found.format(axis=axis)


def _reduced(came: Shape, asked: Shape) -> str:
    if not came and asked:
        return _("One number came: sum(), mean() and max() without dim take all values together.")
    if abs(len(came) - len(asked)) != 1:
        return ""
    longer, shorter = (came, asked) if len(came) > len(asked) else (asked, came)
    for axis, size in enumerate(longer):
        if longer[:axis] + longer[axis + 1 :] == shorter:
            found = _("The axis of size {size} is missing: look at the dim of sum, mean, max, stack or of an index.")
            if longer is came:
                found = _(
                    "The axis of size {size} is left over: look at the dim of sum, mean, max, stack or of an index."
                )
            return found.format(size=size)
    return ""


def _same_total(came: Shape, asked: Shape) -> str:
    if prod(came) == prod(asked) > 0:
        sentence = _("The number of values is right: x.reshape{shape} arranges them, if their order fits.")
        return sentence.format(shape=sizes(asked))
    return ""
