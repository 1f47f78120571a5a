"""`torchgrade watch`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .courses import add_language

__all__ = ["add_commands"]


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's command to the parser."""
    watch = commands.add_parser(
        "watch", help="for students: the verdict whenever you save",
        description="Run the checks that you can see whenever you save a file, and show the first exercise that is not "
        "solved, with what is wrong. Solve it, and the next one appears. "
        "Keys: h hint, l list, n next, p previous, r run again, q quit.",
        epilog="example: torchgrade watch 01-tensors/tensors.py; exit codes: 0 you quit; 2 there is nothing to watch",
    )  # fmt: skip
    watch.add_argument(
        "file", nargs="?", type=Path, default=Path(), metavar="FILE",
        help="a .py or .ipynb file, or a folder (default: all assignments here, beginning with the one saved last)",
    )  # fmt: skip
    add_language(watch)
    watch.set_defaults(run=_watch)


def _watch(options: argparse.Namespace) -> int:
    from rich.console import Console

    from ..watch.watching import watch

    return watch(options.file, Console(highlight=False))
