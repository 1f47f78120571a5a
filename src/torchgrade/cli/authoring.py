"""`torchgrade new` and `torchgrade release`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..course import Exercise
from .courses import course_of, near, slugs_of

__all__ = ["add_commands"]


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's commands to the parser."""
    new = commands.add_parser(
        "new", parents=[shared], help="start an assignment, or an exercise in one",
        description="Write a small working assignment to build on. With EXERCISE, write that exercise's frame, into a "
        "new assignment or one that is there: the answer and a known wrong one in solution.py, and the checks.",
        epilog='example: torchgrade new 03-rows centred --title "Rows around zero" --hint "mean() takes a dim."; '
        "exit codes: 0 written; 2 the command or the course is wrong",
    )  # fmt: skip
    new.add_argument("slug", metavar="SLUG", help="such as 03-shapes")
    new.add_argument("exercise", metavar="EXERCISE", nargs="?", help="the function that students will write")
    new.add_argument("--title", metavar="TEXT", help="what stands above the exercise (default: its name)")
    new.add_argument("--hint", metavar="TEXT", help="what helps whoever asks for a hint (default: read the docstring)")
    new.set_defaults(run=_new)
    release = commands.add_parser(
        "release", parents=[shared], help="make what students receive",
        description="Write stubs, handouts and visible checks into student_template/.",
        epilog="example: torchgrade release 01-tensors, or torchgrade release --check in CI; "
        "exit codes: 0 done; 1 with --check, something is not current; 2 the command or the course is wrong",
    )  # fmt: skip
    release.add_argument("slugs", nargs="*", metavar="SLUG", help="assignments (default: all)")
    release.add_argument("--to", type=Path, metavar="DIR", help="where all of it goes (default: student_template)")
    release.add_argument("--check", action="store_true", help="write nothing; exit 1 when something is not current")
    release.set_defaults(run=_release)


def _new(options: argparse.Namespace) -> int:
    from ..course import new_assignment, new_exercise

    course, slug, exercise = course_of(options), options.slug, _exercise_of(options)
    if exercise is not None and slug in course.slugs:
        written = new_exercise(course, slug, exercise)
    else:
        written = new_assignment(course, slug, exercise)
    for path in written:
        print(f"wrote {near(path)}")
    if exercise is not None:
        print(f"\nnext: fill in {exercise.name} in solution.py and its checks, then torchgrade verify {slug}")
    else:
        print(f"\nnext: torchgrade verify {slug}")
    return 0


def _exercise_of(options: argparse.Namespace) -> Exercise | None:
    title, hint = (" ".join(text.split()) for text in (options.title or "", options.hint or ""))
    if options.exercise is None:
        if title or hint:
            raise ValueError("--title and --hint are an exercise's: name it, as in torchgrade new 03-rows centred")
        return None
    name = options.exercise
    return Exercise(
        name, title or name.replace("_", " ").capitalize(), hint or f"Read the docstring of {name} once more."
    )


def _release(options: argparse.Namespace) -> int:
    from ..course import release, stale

    course = course_of(options)
    slugs, to = slugs_of(course, options.slugs), options.to or course.template
    if not options.check:
        written = release(course, slugs, to)
        print(f"{len(written)} files written, {near(to)} is current" if written else f"{near(to)} was current already")
        return 0
    behind = stale(course, slugs, to)
    for path in behind:
        print(f"not current: {path}")
    if behind:
        print("fix: torchgrade release")
    return 1 if behind else 0
