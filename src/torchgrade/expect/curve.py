"""A curve of losses: does it go down, and far enough?"""

from __future__ import annotations

from typing import Any

import torch

from ..language import _, ngettext
from ..wire import origin_of
from .containers import kind_difference
from .describe import kind_of, number
from .difference import Difference, opening
from .facts import finite_difference
from .margins import note_margin
from .trained import RAN_AWAY, UNLEARNED, margin_name

__all__ = ["curve_difference"]

_LEVEL, _FLOOR = 1e-6, 1e-2


def curve_difference(value: Any, to: float | None, rises: float, place: str) -> Difference | None:
    """Compare a curve with what is asked of it: plain finite numbers, few rises, a low end."""
    found = _unfit(value, place)
    if found:
        return found
    found = finite_difference(value, place)
    if found:
        _note(float("inf"), 1.0, to, rises, place)
        return Difference(found.spot, found.came, found.asked, found.rationale, _(RAN_AWAY))
    curve = [float(loss) for loss in (value if isinstance(value, (list, tuple)) else value.tolist())]
    # rounding at the bottom of a curve is no rise
    ups = [at for at in range(1, len(curve)) if curve[at] - curve[at - 1] > _LEVEL * abs(curve[at - 1])]
    _note(curve[-1], len(ups) / (len(curve) - 1), to, rises, place)
    if max(curve) - min(curve) <= _LEVEL * max(map(abs, curve)):
        sentence = _("the curve stays at {value} for all its {count} values.")
        sentence = opening(place, sentence.format(value=number(curve[0]), count=len(curve)))
        return Difference(place, number(curve[0]), _("a curve that goes down"), sentence, _(UNLEARNED))
    if len(ups) > rises * (len(curve) - 1):
        return _rising(curve, ups, rises, place)
    return _too_high(curve, to, place) if to is not None and curve[-1] > to else None


def _note(last: float, share: float, to: float | None, rises: float, place: str) -> None:
    if to is not None:
        note_margin(margin_name("descends to", place), last, to)
    note_margin(margin_name("descends with rises", place), share, rises)


def _unfit(value: Any, place: str) -> Difference | None:
    """Refuse what is no row of at least two plain numbers."""
    kind = kind_of(value)
    if kind in ("list", "tuple"):
        tensor = next((item for item in value if isinstance(item, torch.Tensor)), None)
        if tensor is not None:
            return _of_tensors(tensor, place)
        wrong = next((at for at, item in enumerate(value) if not _is_loss(item)), None)
        if wrong is not None:
            return kind_difference(value[wrong], "float", f"{place}[{wrong}]")
    elif kind not in ("tensor", "NumPy array"):
        return kind_difference(value, "list", place)
    elif kind == "tensor" and origin_of(value).requires_grad:
        return _of_tensors(value, place)
    elif len(value.shape) != 1 or getattr(value, "is_meta", False):
        return kind_difference(value, "list", place)
    if len(value) < 2:
        sentence = ngettext(
            "a curve of {count} value came, two or more were asked for.",
            "a curve of {count} values came, two or more were asked for.",
            len(value),
        )
        help_ = _("Is the loss kept once for each step or epoch?")
        return Difference(place, "", "", opening(place, sentence.format(count=len(value))), help_)
    return None


def _is_loss(item: Any) -> bool:
    kind = kind_of(item)
    return kind == "float" or (kind == "int" and item.bit_length() < 1000)


def _of_tensors(tensor: torch.Tensor, place: str) -> Difference:
    if origin_of(tensor).requires_grad:
        sentence = _("the losses are tensors that require grad; plain numbers were asked for.")
        help_ = _("Each of them keeps the whole graph behind it alive, and memory grows: keep loss.item().")
    else:
        sentence = _("the losses are tensors; plain numbers were asked for.")
        help_ = _("loss.item() gives the Python number that a tensor holds.")
    return Difference(place, _("tensors"), _("numbers"), opening(place, sentence), help_)


def _rising(curve: list[float], ups: list[int], rises: float, place: str) -> Difference:
    first, steps = ups[0], len(curve) - 1
    lines = [opening(place, _rises(len(ups), steps, int(rises * steps)))]
    sentence = _("The first is at [{index}]: {value} after {before}.")
    lines.append(sentence.format(index=first, value=number(curve[first]), before=number(curve[first - 1])))
    sentence = _("It begins at {first} and ends at {last}.")
    lines.append(sentence.format(first=number(curve[0]), last=number(curve[-1])))
    return Difference(f"{place}[{first}]", "", "", "\n".join(lines), _rising_help(curve))


def _rises(ups: int, steps: int, allowed: int) -> str:
    times = ngettext("{count} time", "{count} times", ups).format(count=ups)
    taken = ngettext("{count} step", "{count} steps", steps).format(count=steps)
    if not allowed:
        return _("the curve rises {times} in {steps}; it may not rise at all.").format(times=times, steps=taken)
    return ngettext(
        "the curve rises {times} in {steps}; at most {allowed} rise may be.",
        "the curve rises {times} in {steps}; at most {allowed} rises may be.",
        allowed,
    ).format(times=times, steps=taken, allowed=allowed)


def _rising_help(curve: list[float]) -> str:
    lowest = curve.index(min(curve))
    if lowest == 0:
        return _(
            "It never falls below its start: does the step go against the gradient? Is the learning rate too large?"
        )
    if len(curve) > 3 and lowest <= len(curve) // 2:
        return _(
            "It falls, then rises: gradients that add up do that. backward() adds to .grad; zero_grad() clears it."
        )
    return _("Is the learning rate too large, or are gradients of earlier steps still there (zero_grad)?")


def _too_high(curve: list[float], to: float, place: str) -> Difference:
    first, second = number(curve[-1]), number(to)
    sentence = _("the curve ends at {last}; at most {asked} was asked for.").format(last=first, asked=second)
    lines = [opening(place, sentence)]
    sentence = _("It begins at {first}, and its lowest value is {least}.")
    lines.append(sentence.format(first=number(curve[0]), least=number(min(curve))))
    help_ = _("It still falls at its end: were there too few steps, or is the learning rate too small?")
    if curve[len(curve) // 2] - curve[-1] <= _FLOOR * (curve[0] - curve[-1]):
        help_ = _(
            "It stopped falling before: look at the shapes and at what goes into the loss.\n"
            "A softmax before a cross entropy, for one, leaves a floor."
        )
    asked = _("at most {number}").format(number=second)
    return Difference(f"{place}[{len(curve) - 1}]", first, asked, "\n".join(lines), help_)
