"""The instructor's page: what `verify` has tried, at a glance and in full."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Template

from ..course.files import write_changed
from ..expect.margins import Margin
from ..verify.equivalents import entry_for
from ..verify.mutants import Mutant
from ..verify.proof import LEAST_SCORE, Proof
from ..verify.record import counts_of
from .environment import environment

__all__ = ["verification_html", "write_verification"]

_SIGNS = ("added", "+"), ("gone", "-")


def verification_html(proof: Proof) -> str:
    """Return the page about one assignment as a whole HTML document, without scripts or anything from the network."""
    return _template().render(
        proof=proof,
        counts=counts_of(proof),
        exercises=[(name, counts_of(proof, name), proof.score(name)) for name in proof.exercises],
        least=LEAST_SCORE,
    )


def write_verification(proof: Proof, file: Path) -> None:
    """Write the page in one step.

    Raises:
        CourseError: It cannot be written there.
    """
    write_changed(file, verification_html(proof).encode())


@cache
def _template() -> Template:
    return environment(margin=_margin, sign=_sign, entry=_entry).get_template("verification.html")


def _margin(margin: Margin | None) -> str:
    return "–" if margin is None else f"{margin.value:.3g} ({margin.value / margin.bound:.2g} × {margin.bound:.3g})"


def _sign(line: str) -> str:
    return next((name for name, sign in _SIGNS if line.startswith(sign)), "same")


def _entry(mutant: Mutant) -> str:
    return entry_for(mutant.exercise, mutant.id, mutant.change)
