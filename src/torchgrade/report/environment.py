"""How templates are read, and the filters that more than one page uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from .text import code_spans

__all__ = ["duration", "environment", "fold", "percent", "prose"]

LEAD_LINES = 12
LEAD_CHARACTERS = 1200


def environment(**filters: Callable[..., Any]) -> Environment:
    """Return an environment that escapes all it is given, with these filters besides the shared ones."""
    made = Environment(
        loader=PackageLoader("torchgrade.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.filters.update(prose=prose, fold=fold, percent=percent, duration=duration, **filters)
    return made


def prose(line: str) -> Markup:
    """Escape one line; code in backticks becomes an element."""
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if code else escape(part) for code, part in code_spans(line)
    )


def fold(block: str) -> tuple[str, str]:
    """Split a block into what is shown at once and what a reader opens; a rest that is not worth a click stays."""
    lines = block.split("\n")
    lead = "\n".join(lines[:LEAD_LINES])[:LEAD_CHARACTERS]
    rest = block[len(lead) :]
    if len(lines) <= LEAD_LINES + 4 and len(rest) < LEAD_CHARACTERS // 4:
        return block, ""
    return lead, rest.removeprefix("\n")


def percent(share: float | None) -> str:
    """Write a share; one that is almost all never reads as all."""
    if share is None:
        return "–"
    digits = 0 if share in (0, 1) else 1
    return f"{min(100 * share, 99.9 if share < 1 else 100):.{digits}f} %"


def duration(seconds: float | None) -> str:
    """Write a time in milliseconds or seconds."""
    if seconds is None:
        return "–"
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
