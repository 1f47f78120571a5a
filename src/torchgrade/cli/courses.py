"""Which course and assignment a command is about."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..course import Assignment, Course, find_course
from ..errors import CourseError
from ..language import ENGLISH, language_from

__all__ = ["add_language", "assignment_of", "course_of", "language_of", "near", "slugs_of"]


def course_of(options: argparse.Namespace) -> Course:
    """Return the course that ``--course`` names, or the one around the working folder.

    Raises:
        CourseError: There is none; it says how to begin one, which a student's own `pytest` never should.
    """
    try:
        return find_course(options.course.resolve() if options.course else Path.cwd())
    except CourseError as error:
        remedy = f"{error.remedy}. To begin a course: mkdir assignments graders"
        raise CourseError(error.file, error.place, error.problem, remedy) from None


def assignment_of(course: Course, slug: str) -> Assignment:
    """Return an assignment by its slug, or by the slug without its number where that is unique."""
    ends = [known for known in course.slugs if known.partition("-")[2] == slug]
    return course.assignment(ends[0] if len(ends) == 1 and slug not in course.slugs else slug)


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add the option of a command that writes what students read."""
    parser.add_argument(
        "--lang", metavar="NAME",
        help="the language of what students read: en, or zh (zh_CN, zh-Hans) for Chinese (default: that of LANG)",
    )  # fmt: skip


def language_of(options: argparse.Namespace) -> str:
    """Return the language in which a command speaks to students; English for one that does not speak to them.

    Raises:
        ValueError: There is none of that name.
    """
    return language_from(options.lang) if "lang" in options else ENGLISH


def slugs_of(course: Course, given: list[str]) -> list[str]:
    """Return the slugs that a command names; all of them when it names none."""
    return [assignment_of(course, slug).slug for slug in given] or list(course.slugs)


def near(path: Path) -> Path:
    """Return a path as it is seen from the working folder, where it lies below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
