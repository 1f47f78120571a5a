"""`torchgrade new` and `torchgrade release`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .courses import course_of, slugs_of

__all__ = ["add_commands"]


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's commands to the parser."""
    new = commands.add_parser(
        "new", parents=[shared], help="start an assignment", description="Write a small working assignment to build on."
    )
    new.add_argument("slug", metavar="SLUG", help="such as 03-shapes")
    new.set_defaults(run=_new)
    release = commands.add_parser(
        "release", parents=[shared], help="make what students receive",
        description="Write stubs, handouts and visible checks into student_template/.",
    )  # fmt: skip
    release.add_argument("slugs", nargs="*", metavar="SLUG", help="assignments (default: all)")
    release.add_argument("--to", type=Path, metavar="DIR", help="write there instead")
    release.add_argument("--check", action="store_true", help="write nothing; exit 1 when something is not current")
    release.set_defaults(run=_release)


def _new(options: argparse.Namespace) -> int:
    from ..course import new_assignment

    written = new_assignment(course_of(options), options.slug)
    for path in written:
        print(f"wrote {path}")
    print(f"\nnext: torchgrade verify {options.slug}")
    return 0


def _release(options: argparse.Namespace) -> int:
    from ..course import release, stale

    course = course_of(options)
    slugs, to = slugs_of(course, options.slugs), options.to or course.template
    if not options.check:
        written = release(course, slugs, to)
        print(f"{len(written)} files written, {to} is current" if written else f"{to} was current already")
        return 0
    behind = stale(course, slugs, to)
    for path in behind:
        print(f"not current: {path}")
    if behind:
        print("fix: torchgrade release")
    return 1 if behind else 0
