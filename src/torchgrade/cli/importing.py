"""`torchgrade import`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .courses import course_of, near

if TYPE_CHECKING:
    from ..importing import Imported

__all__ = ["add_commands"]

_EXPLAINED = """\
Turn a source notebook of nbgrader or otter-grader (the instructor's version, with solutions and tests) into an
assignment of this course.

  a function or class that students complete    an exercise, in assignments/SLUG/solution.py
  a test cell, or its hidden part               a check, in graders/SLUG/, with its points
  Markdown                                      assignments/SLUG/handout.md
  everything else                               listed in assignments/SLUG/IMPORT.md, with cell and reason;
                                                tests among it stand commented out below the checks

The notebook is read, never run. Then the checks are tried on the reference and on the stub, behind the wall:
a check that fails the one or passes the other is taken out, and listed."""

_EXAMPLES = """\
examples:
  torchgrade import nbgrader source/ps1/linear-models.ipynb
  torchgrade import otter hw03/hw03.ipynb 03-gradients

exit codes: 0 imported, whatever could not be carried; 2 the notebook or the command is wrong"""


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's command to the parser."""
    bring = commands.add_parser(
        "import", parents=[shared], help="make an assignment of another grader's notebook",
        description=_EXPLAINED, epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    bring.add_argument("grader", choices=["nbgrader", "otter"], help="whose notebook it is")
    bring.add_argument("path", type=Path, metavar="PATH", help="the source notebook, a .ipynb file")
    bring.add_argument(
        "slug", nargs="?", default="", metavar="SLUG", help="such as 03-gradients (default: from the notebook's name)"
    )
    bring.add_argument("--no-trial", action="store_true", help="do not try the checks on the reference and the stub")
    bring.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> int:
    from ..importing import import_notebook

    done = import_notebook(course_of(options), options.grader, options.path, options.slug, trial=not options.no_trial)
    _show(done)
    return 0


def _show(done: Imported) -> None:
    for file in done.files:
        print(f"wrote {near(file)}")
    found = done.found
    carried, total = found.points
    print(f"\n{len(found.exercises)} exercises, {len(found.checks)} checks, {carried:g} of {total:g} points")
    print(done.tried)
    lost = [(note.cell, note.what, note.why) for note in found.notes if note.lost]
    lost += [(case.cell, f"test {case.name}".strip(), why) for case, why in found.refused]
    if lost:
        print(f"\nnot carried ({len(lost)}; with their text in assignments/{done.slug}/IMPORT.md):")
    for cell, what, why in sorted(lost):
        print(f"  cell {cell}, {_line(what)}: {_line(why)}")
    changed = sum(not note.lost for note in found.notes)
    if changed:
        print(f"carried in another form: {changed} (see IMPORT.md)")
    print(f"\nnext: read assignments/{done.slug}/IMPORT.md, then torchgrade verify {done.slug}")


def _line(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 160 else words[:157] + "..."
