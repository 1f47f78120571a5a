"""The pages that people read, and the fenced blocks on them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..conftest import REPOSITORY

__all__ = ["DOCS", "PAGES", "Block", "blocks_of"]

DOCS = REPOSITORY / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md"])
FENCE = re.compile(r"^(?P<mark>`{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=mark)$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        info: What stands behind the opening fence.
        text: What is between the fences.
        line: The page's line on which the text begins, counted from 1.
    """

    info: str
    text: str
    line: int

    @property
    def language(self) -> str:
        """The first word of the info string."""
        return self.info.partition(" ")[0]

    @property
    def title(self) -> str:
        """What its ``title=""`` says; empty without."""
        found = re.search(r'title="([^"]*)"', self.info)
        return found[1] if found else ""


def blocks_of(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(one["info"].strip(), one["text"], text.count("\n", 0, one.start()) + 2) for one in FENCE.finditer(text)
    ]
