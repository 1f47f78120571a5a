"""The instructor's page: what `verify` has tried, at a glance and in full."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from ..course.files import write_changed
from ..expect.margins import Margin
from ..verify.equivalents import entry_for
from ..verify.mutants import Mutant
from ..verify.proof import LEAST_SCORE, Proof
from ..verify.record import counts_of

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
    environment = Environment(
        loader=PackageLoader("torchgrade.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(percent=_percent, duration=_duration, margin=_margin, sign=_sign, entry=_entry)
    return environment.get_template("verification.html")


def _percent(share: float | None) -> str:
    """Write a share; one that is almost all never reads as all."""
    if share is None:
        return "–"
    digits = 0 if share in (0, 1) else 1
    return f"{min(100 * share, 99.9 if share < 1 else 100):.{digits}f} %"


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _margin(margin: Margin | None) -> str:
    return "–" if margin is None else f"{margin.value:.3g} ({margin.value / margin.bound:.2g} × {margin.bound:.3g})"


def _sign(line: str) -> str:
    return next((name for name, sign in _SIGNS if line.startswith(sign)), "same")


def _entry(mutant: Mutant) -> str:
    return entry_for(mutant.exercise, mutant.id, mutant.change)
