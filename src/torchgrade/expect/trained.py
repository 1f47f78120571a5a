"""What training led to: compared with an optimum, with exact steps, with what was there before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ..errors import AuthorError
from ..language import N_, _, ngettext
from .describe import number
from .difference import Difference, nested, opening, rows
from .margins import note_margin
from .parameters import Parameters, asked_parameters, count_difference, distance_of, parameters_of
from .problems import Quadratic

__all__ = [
    "RAN_AWAY",
    "UNLEARNED",
    "margin_name",
    "measured_difference",
    "moved_difference",
    "near_difference",
    "steps_difference",
]

__tracebackhide__ = True
UNMOVED = N_(
    "The parameters did not move: is step() called, after backward(), with nothing cleared in between?\n"
    "Was the optimizer built with the parameters of this very model?"
)
RAN_AWAY = N_(
    "Training ran away: gradients that are never cleared (zero_grad) do that, and so does a large learning rate."
)
UNLEARNED = N_(
    "Nothing was learned: is step() called, after backward(), with nothing cleared in between?\n"
    "Was the optimizer built with the parameters of this very model?"
)
PILED_UP = N_(
    "This is where a run leads that never clears its gradients: backward() adds to .grad; zero_grad() clears it."
)
_LOOK = N_("Look at the number of steps, the learning rate, and what goes into the loss.")
_BY_HAND = N_("Work out one step by hand, start - lr * gradient, and compare it with yours.")
_ROOM = 8
_SAME = 1e-6  # float32 rounds no further


def margin_name(word: str, place: str) -> str:
    """Name a margin: the word, and the part of the result where it is not the whole."""
    return word if place == "result" else f"{word} of {place}"


def near_difference(value: Any, target: Any, within: float, start: Any, place: str) -> Difference | None:
    """Compare trained numbers with an optimum, or with the numbers of another run."""
    if not within > 0:
        raise AuthorError(f"near: within is more than 0, and not {within}; equal asks for exact values")
    asked = target.optimum if isinstance(target, Quadratic) else asked_parameters(target, "near").row
    came = _counted(value, len(asked), place)
    if isinstance(came, Difference):
        return came
    distance = distance_of(came.row, asked)
    note_margin(margin_name("near", place), distance, within)
    if distance <= within:
        return None
    begin = None if start is None else asked_parameters(start, "near").row
    help_ = _near_help(came.row, asked, target, within, begin)
    words = _("{distance} away from the numbers asked for; {within} is allowed.")
    if isinstance(target, Quadratic):
        words = _("{distance} away from the optimum; {within} is allowed.")
    words = words.format(distance=_percent(distance), within=_percent(within))
    return _apart(came, asked, words, help_, place)


def _near_help(came: torch.Tensor, asked: torch.Tensor, target: Any, within: float, start: torch.Tensor | None) -> str:
    if not bool(torch.isfinite(came).all()):
        return _(RAN_AWAY)
    if start is not None and distance_of(came, start) <= _SAME:
        return _(UNMOVED)
    for variant in target.variants if isinstance(target, Quadratic) else ():
        if distance_of(came, variant.problem.optimum) <= within:
            return _(variant.sentence)
    if distance_of(came.sort().values, asked.sort().values) <= within:
        return _("The numbers are right, their order is not.")
    if start is None:
        return _(_LOOK)
    if distance_of(came, asked) > distance_of(start, asked):
        return "\n".join([_("The start was nearer: does the step go against the gradient?"), _(RAN_AWAY)])
    return _("It has gone part of the way: were there too few steps, or is the learning rate too small?")


def steps_difference(
    value: Any, steps: int, problem: Quadratic, start: Any, lr: float, within: float, place: str
) -> Difference | None:
    """Compare numbers with those after exactly so many steps of gradient descent."""
    begin = asked_parameters(start, "after_steps").row
    if len(begin) != len(problem.optimum) or steps < 0:
        raise AuthorError(
            f"after_steps: {len(begin)} start values for {len(problem.optimum)} parameters, {steps} steps"
        )
    asked = problem.run(begin, lr, steps)
    if not bool(torch.isfinite(asked).all()):
        raise AuthorError("after_steps: the right run itself leaves all bounds: take a smaller lr or fewer steps")
    came = _counted(value, len(asked), place)
    if isinstance(came, Difference):
        return came
    # far down a slope rounding is a matter of where it began
    unit = 1e-6 * float(begin.abs().max()) if len(begin) else 0.0

    def fits(point: torch.Tensor) -> bool:
        return distance_of(came.row, point, unit) <= within

    distance = distance_of(came.row, asked, unit)
    note_margin(margin_name("after_steps", place), distance, within)
    if distance <= within:
        return None
    help_ = _steps_help(came.row, steps, problem, begin, lr, fits)
    words = ngettext(
        "{distance} away from where {steps} step of gradient descent leads; {within} is allowed.",
        "{distance} away from where {steps} steps of gradient descent lead; {within} is allowed.",
        steps,
    ).format(distance=_percent(distance), steps=steps, within=_percent(within))
    return _apart(came, asked, words, help_, place)


def _steps_help(
    came: torch.Tensor,
    steps: int,
    problem: Quadratic,
    start: torch.Tensor,
    lr: float,
    fits: Callable[[torch.Tensor], bool],
) -> str:
    if not bool(torch.isfinite(came).all()):
        return _(RAN_AWAY)
    if fits(start):
        return _(UNMOVED)
    if fits(problem.run_piling_up(start, lr, steps)):
        return _(PILED_UP)
    if fits(problem.run(start, lr, steps + 1)):
        return _("This is one step too many: look at where the loop begins and ends.")
    if steps > 1 and fits(problem.run(start, lr, steps - 1)):
        return _("This is one step too few: look at where the loop begins and ends.")
    if fits(problem.run(start, -lr, steps)):
        return _("Every step goes up the slope: subtract the gradient.")
    for variant in problem.variants:
        if fits(variant.problem.run(start, lr, steps)):
            return _(variant.sentence)
    if fits(problem.run(start, lr * 2, steps)):
        return _("The steps are twice as long as they should be: look at the factor in the gradient.")
    if fits(problem.run(start, lr * 0.5, steps)):
        return _("The steps are half as long as they should be: look at the factor in the gradient.")
    return _("This is the optimum itself, reached in another way.") if fits(problem.optimum) else _(_BY_HAND)


def _counted(value: Any, count: int, place: str) -> Parameters | Difference:
    came = parameters_of(value, place)
    return came if isinstance(came, Difference) else count_difference(came, count, place) or came


def _apart(came: Parameters, asked: torch.Tensor, sentence: str, help_: str, place: str) -> Difference:
    finite = torch.isfinite(came.row)
    worst = int((came.row - asked).abs().argmax()) if bool(finite.all()) else int((~finite).int().argmax())
    first, second = number(float(came.row[worst])), number(float(asked[worst]))
    lines = [opening(place, sentence)]
    furthest = _("Furthest off is {place}: {came}; {asked} was asked for.")
    lines += [furthest.format(place=came.place(worst), came=first, asked=second)]
    if 1 < len(asked) <= _ROOM:
        lines += rows(nested(came.row.tolist(), 6), nested(asked.tolist(), 6))
    return Difference(came.place(worst), first, second, "\n".join(lines), help_)


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %" if share < float("inf") else _("endlessly far")


def moved_difference(value: Any, before: Any, by: float, place: str) -> Difference | None:
    """Find a part of the parameters that is no further than ``by`` from what it was."""
    old = asked_parameters(before, "moved_from")
    came = _counted(value, len(old.row), place)
    if isinstance(came, Difference):
        return came
    moves = [distance_of(came.row[part.start : part.stop], old.row[part.start : part.stop]) for part in came.parts]
    parts = [(part, move) for part, move in zip(came.parts, moves, strict=True) if part.stop > part.start]
    note_margin(margin_name("moved_from", place), min((move for __, move in parts), default=0.0), by, at_least=True)
    still = [part for part, move in parts if move <= by]
    if not still:
        return None
    if by > 0 and all(move > 0 for __, move in parts):
        sentence, help_ = _("{part} moved by no more than {share}; training was to move it further."), _(_LOOK)
    elif len(parts) == 1:
        sentence, help_ = _("{part} is as it was before; training was to move it."), _(UNMOVED)
        if by > 0:
            sentence = _("{part} moved by no more than {share}; training was to move it.")
    else:
        sentence, help_ = _("{part} is as it was before: {still} of {all} parameters did not move."), _(UNMOVED)
        if by > 0:
            sentence = _("{part} moved by no more than {share}: {still} of {all} parameters did not move.")
        if len(still) < len(parts):
            help_ = _("Is it among the parameters that the optimizer was given, and does the loss depend on it?")
    first = still[0].place
    part = _("The result") if first == "result" else first
    sentence = sentence.format(part=part, share=_percent(by), still=len(still), all=len(parts))
    return Difference(first, "", "", sentence, help_)


def measured_difference(
    value: float, bound: float, at_least: bool, untrained: float | None, called: str, place: str
) -> Difference | None:
    """Say so when a measure of the result is on the wrong side of its bound."""
    note_margin(margin_name(f"reaches {called}", place), value, bound, at_least=at_least)
    if value >= bound if at_least else value <= bound:
        return None
    side, sentence = _("at most {number}"), _("the {measure} is {came}; at most {asked} was asked for.")
    if at_least:
        side, sentence = _("at least {number}"), _("the {measure} is {came}; at least {asked} was asked for.")
    first, second = number(value), number(bound)
    lines = [opening(place, sentence.format(measure=_(called), came=first, asked=second))]
    if untrained is not None:
        lines.append(_("Before any training it is {value}.").format(value=number(untrained)))
    help_ = _measured_help(value, bound, at_least, untrained)
    return Difference(place, first, side.format(number=second), "\n".join(lines), help_)


def _measured_help(value: float, bound: float, at_least: bool, untrained: float | None) -> str:
    if not abs(value) < float("inf"):
        return _(RAN_AWAY)
    if untrained is None:
        return _(_LOOK)
    if abs(value - untrained) <= 0.05 * abs(bound - untrained):
        return _(UNLEARNED)
    if (value > untrained) == at_least:
        return _(
            "It has learned something. Look at the number of steps, the learning rate, and what goes into the loss."
        )
    return "\n".join([_("It is worse than before: does the step go against the gradient?"), _(RAN_AWAY)])
