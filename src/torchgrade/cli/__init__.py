"""The `torchgrade` command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import AuthorError, CourseError
from ..language import speaking
from . import (
    authoring,
    booking,
    doctoring,
    exporting,
    grading,
    importing,
    likeness,
    packing,
    proving,
    reporting,
    returning,
    scoring,
    serving,
    translating,
    watching,
)
from .courses import language_of

__all__ = ["main"]

OK, FAILED, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code.

    0: done. 1: something fell short, or the grader itself failed. 2: the command or the course is wrong.
    """
    options = _parser().parse_args(arguments)
    try:
        with speaking(language_of(options)):
            return int(options.run(options))
    except (AuthorError, CourseError) as error:
        print(f"torchgrade: {error}", file=sys.stderr)
        return USAGE
    except (FileNotFoundError, ValueError) as error:
        print(f"torchgrade: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("torchgrade: interrupted; what was graded is kept", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="torchgrade",
        description="PyTorch exercises, and a grader that never shares a process with the code it grades.",
        epilog="A course is a folder that holds assignments/ and graders/: make both. "
        "Start with `torchgrade new 01-first`, prove it with `torchgrade verify`, "
        "hand it out with `torchgrade release`, "
        "grade what comes back with `torchgrade grade 01-first submissions/`, "
        "and take the results elsewhere with `torchgrade export`.",
    )
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--course", type=Path, metavar="DIR", help="the course's folder (default: found by walking up from here)"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for group in (
        grading,
        scoring,
        returning,
        reporting,
        likeness,
        booking,
        exporting,
        packing,
        proving,
        authoring,
        importing,
        translating,
        watching,
        serving,
        doctoring,
    ):
        group.add_commands(commands, shared)
    return parser
