"""The texts that are filled in for a release and for a new assignment."""

from __future__ import annotations

from importlib import resources
from string import Template

__all__ = ["fill"]


def fill(template: str, **words: str) -> str:
    """Return a file of the ``templates`` folder with its ``$words`` replaced."""
    file = resources.files(__package__) / "templates" / template
    return Template(file.read_text(encoding="utf-8")).substitute(words)
