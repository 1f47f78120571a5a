"""What kind of mistake gives these values: said only where the numbers leave little doubt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..language import N_, _
from .arrangement import ARRANGEMENTS
from .case import Case
from .describe import number
from .numbers import Array, Numbers, Tolerance, differing

__all__ = ["values_help"]

MAX_VALUES = 1 << 18
MAX_AXES = 8


@dataclass(frozen=True)
class _Map:
    """A relation between values and the words for it."""

    of: Callable[[Array], Array]
    words: str


_FLOAT_MAPS = (
    _Map(np.trunc, N_("Each value came without its decimals: is there an int(), // or .long() on the way?")),
    _Map(np.round, N_("Each value came rounded to a whole number: is there a round() on the way?")),
    _Map(np.square, N_("Each value is the square of what was asked for: is a square root missing?")),
    _Map(np.sqrt, N_("Each value is the square root of what was asked for.")),
    _Map(np.exp, N_("Each value is exp of what was asked for: is a logarithm missing?")),
    _Map(np.log, N_("Each value is the logarithm of what was asked for: is an exp missing, or a log too many?")),
    _Map(np.reciprocal, N_("Each value is 1 divided by what was asked for: is a division upside down?")),
)


def values_help(came: Numbers, asked: Numbers) -> str:
    """Say how the values that came are related to those that were asked for.

    Args:
        came: Numbers that differ from ``asked`` somewhere.
        asked: Numbers of the same shape and dtype.

    Returns:
        One or two sentences; empty when nothing is certain enough to be said.
    """
    if came.total > MAX_VALUES or len(came.shape) > MAX_AXES:
        return ""
    rtol, atol = Tolerance(exact=False).of(asked.dtype)
    case = Case(came.whole(), asked.whole(), rtol, atol)
    with np.errstate(all="ignore"):
        return next((text for rule in _RULES if (text := rule(case))), "")


def _not_finite(case: Case) -> str:
    if not case.is_floating:
        return ""
    new_nan = np.isnan(case.came) & ~np.isnan(case.asked)
    if new_nan.any():
        if new_nan.all() and new_nan.size > 1:
            return _(
                "Every value is nan: look for a log or a division of 0, or for memory that was never filled "
                "(torch.empty)."
            )
        return _("nan came: look for a log or a division of 0, or for memory that was never filled (torch.empty).")
    if (np.isinf(case.came) & np.isfinite(case.asked)).any():
        return _("inf came: look for a division by 0, a log of 0, or an exp of a large number.")
    return ""


def _single_precision(case: Case) -> str:
    """Recognise float64 values that were float32 before."""
    if case.rtol > 1e-7 or not case.is_floating or np.count_nonzero(case.came != case.asked) < 2:
        return ""
    narrow = np.complex64 if case.came.dtype.kind == "c" else np.float32
    if (case.came.astype(narrow) != case.came).any() or differing(case.came, case.asked, 1e-6, 0).any():
        return ""
    return _("The values have only float32's precision: was one of them float32 on the way?")


def _rounding(case: Case) -> str:
    if not case.is_floating:
        return ""
    largest = np.max(np.abs(case.asked[np.isfinite(case.asked)]), initial=0)
    # the dtype's absolute tolerance says nothing about values that are all smaller than it
    if case.wrong.any() or differing(case.came, case.asked, 0, case.rtol * float(largest)).any():
        return ""
    return _("Only the last digits differ: another order of the same steps gives other rounding.")


def _constant(case: Case) -> str:
    if case.came.size < 2 or (case.came != case.came.flat[0]).any():
        return ""
    if case.came.dtype.kind == "b":
        return _("Every value is {value}.").format(value=case.came.flat[0])
    value = number(case.came.flat[0].item())
    if case.came.flat[0] == 0:
        return _("Every value is 0: was the result ever filled?")
    if not case.varied:
        return ""
    return _("Every value is {value}: look at what should make them differ.").format(value=value)


def _opposite(case: Case) -> str:
    if case.came.dtype.kind == "b":
        turned = case.varied and (case.came != case.asked).all()
        return _("Every True came as False and every False as True: is the condition turned round?") if turned else ""
    if not case.varied:
        return ""
    if case.is_signed and case.agrees(case.came, -case.asked):
        return _("Every value has the opposite sign: is a minus missing, or one too many?")
    if case.came.dtype.kind == "c" and case.agrees(case.came, np.conj(case.asked)):
        return _("Every value is the complex conjugate of what was asked for.")
    return ""


def _offset(case: Case) -> str:
    if not case.varied or not case.is_real:
        return ""
    step = case.came[case.first].item() - case.asked[case.first].item()
    # beyond 2**62 the subtraction below would leave the range of int64
    if not abs(step) < 2**62 or not case.agrees(case.came - step, case.asked):
        return ""
    sentence = _("Each value is {step} too large.") if step > 0 else _("Each value is {step} too small.")
    return sentence.format(step=number(abs(step)))


def _factor(case: Case) -> str:
    if not case.varied or not case.is_real:
        return ""
    nonzero = (case.asked != 0) & np.isfinite(case.asked)
    if np.unique(case.asked[nonzero]).size < 2:
        return ""
    place = np.unravel_index(
        int(np.argmax(np.where(nonzero, np.abs(case.asked.astype(np.float64)), -1))), case.asked.shape
    )
    factor = float(case.came[place]) / float(case.asked[place])
    if factor == 0 or not np.isfinite(factor) or not case.agrees(case.came, case.asked * factor):
        return ""
    return _factor_words(factor, case.came.shape)


def _factor_words(factor: float, shape: tuple[int, ...]) -> str:
    for size in dict.fromkeys((*shape, int(np.prod(shape)))):
        said = _SUMMED if size > 2 and abs(factor / size - 1) < 1e-5 else None
        said = _AVERAGED if size > 2 and abs(factor * size - 1) < 1e-5 else said
        if said:
            along, in_all = said
            return _(along if size in shape else in_all).format(factor=f"{factor:.6g}", size=size)
    sentence = _("Each value is {factor} times what was asked for: is a factor missing, or one too many?")
    return sentence.format(factor=f"{factor:.6g}")


_SUMMED = (
    N_(
        "Each value is {factor} times what was asked for, and there are {size} values along an axis: "
        "did a sum take the place of a mean?"
    ),
    N_(
        "Each value is {factor} times what was asked for, and there are {size} values in all: "
        "did a sum take the place of a mean?"
    ),
)
_AVERAGED = (
    N_(
        "Each value is {factor} times what was asked for, and there are {size} values along an axis: "
        "did a mean take the place of a sum?"
    ),
    N_(
        "Each value is {factor} times what was asked for, and there are {size} values in all: "
        "did a mean take the place of a sum?"
    ),
)


def _mapped(case: Case) -> str:
    if not case.varied or case.asked.dtype.kind != "f":
        return ""
    return next((_(each.words) for each in _FLOAT_MAPS if case.agrees(case.came, each.of(case.asked))), "")


def _sign(case: Case) -> str:
    if case.varied and case.is_real and case.is_signed and case.agrees(np.abs(case.came), np.abs(case.asked)):
        return _("The values are right but for their sign.")
    return ""


def _location(case: Case) -> str:
    """Say when all wrong values lie at one place along an axis."""
    wrong = case.wrong
    for axis, size in enumerate(wrong.shape):
        others = tuple(other for other in range(wrong.ndim) if other != axis)
        hit = np.flatnonzero(wrong.any(axis=others))
        if size < 3 or len(hit) != 1:
            continue
        if wrong.ndim == 1 and hit[0] == 0:
            return _("Only the first value is wrong: look at where the loop or the slice begins and ends.")
        if wrong.ndim == 1 and hit[0] == size - 1:
            return _("Only the last value is wrong: look at where the loop or the slice begins and ends.")
        if np.count_nonzero(wrong) > 1:
            return _("All wrong values have index {index} on axis {axis}.").format(index=hit[0], axis=axis)
    return ""


_RULES: tuple[Callable[[Case], str], ...] = (
    _not_finite,
    _single_precision,
    _rounding,
    _opposite,
    _constant,
    _offset,
    _factor,
    _mapped,
    *ARRANGEMENTS,
    _sign,
    _location,
)
