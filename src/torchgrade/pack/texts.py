"""The scripts and workflows that packs are made from."""

from __future__ import annotations

import re
from importlib import resources
from textwrap import indent

__all__ = ["filled", "shared_parts"]

_WORD = re.compile(r"^([ ]*)@([A-Z]+)@$|@([A-Z]+)@", re.MULTILINE)  # "$" is the shell's, "{{ }}" is GitHub's


def filled(template: str, **words: str) -> bytes:
    """Return a file of the ``templates`` folder with each ``@WORD@`` replaced.

    A word that has a line to itself may stand for several lines, which are indented as it was.

    Raises:
        KeyError: The file asks for a word that is not given.
    """
    text = (resources.files(__package__) / "templates" / template).read_text(encoding="utf-8")
    known = {name.upper(): word for name, word in words.items()}

    def word(found: re.Match[str]) -> str:
        return indent(known[found[2]].rstrip("\n"), found[1]) if found[2] else known[found[3]]

    return _WORD.sub(word, text).encode()


def shared_parts() -> dict[str, str]:
    """Return the lines that several scripts have in common, by the word that stands for them."""
    return {name: filled(f"{name}.sh").decode() for name in ("open", "close")}
