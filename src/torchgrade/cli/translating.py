"""`torchgrade translate`: an assignment's own texts in another language."""

from __future__ import annotations

import argparse
from typing import Any

from .courses import course_of, slugs_of

__all__ = ["add_commands"]


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's command to the parser."""
    translate = commands.add_parser(
        "translate", parents=[shared], help="bring the translations of assignments up to date",
        description="Write the texts of assignments (titles, hints, what checks and misconceptions say) into "
        "assignments/SLUG/locale/LANGUAGE.po, where a translator fills in the msgstr lines, and compile what is filled "
        "in already. Run it again after each change, by either of the two.",
        epilog="example: torchgrade translate zh_CN 01-tensors. exit codes: 0 done; 1 with --check, something is not "
        "current or not translated; 2 the command or the course is wrong",
    )  # fmt: skip
    translate.add_argument("language", metavar="LANGUAGE", help="such as zh_CN")
    translate.add_argument("slugs", nargs="*", metavar="SLUG", help="assignments (default: all)")
    translate.add_argument("--check", action="store_true", help="write nothing; exit 1 when anything is left to do")
    translate.set_defaults(run=_translate)


def _translate(options: argparse.Namespace) -> int:
    from ..course.translate import catalogue_of

    course, left = course_of(options), False
    for slug in slugs_of(course, options.slugs):
        found = catalogue_of(course, course.assignment(slug), options.language)
        stale = found.stale() if options.check else []
        for path in stale:
            print(f"not current: {path}")
        if not options.check:
            found.write()
        missing = len(found.missing)
        print(f"{found.source}: {'complete' if not missing else f'{missing} texts are not translated yet'}")
        left = left or bool(stale or missing)
    return 1 if options.check and left else 0
