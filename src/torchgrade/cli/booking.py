"""`torchgrade gradebook`: what can be typed."""

from __future__ import annotations

import argparse
import getpass
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from ..course import find_course
from ..errors import CourseError
from .scoring import add_options

__all__ = ["add_commands", "address_of"]

VARIABLE = "TORCHGRADE_GRADEBOOK"
_EXITS = "exit codes: 0 done; 1 something was left out or is broken, as it says; 2 the command or a file is wrong"


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's command, and those below it."""
    gradebook = commands.add_parser(
        "gradebook", help="a term's results: attempts, regrades, extensions, points set by hand",
        description="Keep a course's results in a database: every attempt, every grading of it with its reason, "
        "extensions, and points that people set by hand. What counts is worked out anew each time, by [due] in "
        "assignment.toml.",
        epilog=f"The gradebook is gradebook.db in the course's folder, or what --db or {VARIABLE} names: a file, or "
        "postgresql://USER@HOST/DATABASE. Start with `torchgrade gradebook roster students.csv` and "
        "`torchgrade gradebook add OUT`; then `torchgrade gradebook show`.",
    )  # fmt: skip
    below = gradebook.add_subparsers(title="commands", metavar="COMMAND", required=True)
    database = argparse.ArgumentParser(add_help=False, parents=[shared])
    database.add_argument("--db", metavar="PATH|URL", help=f"the gradebook (default: ${VARIABLE}, or gradebook.db)")
    _add_taking(below, database)
    _add_showing(below, database)
    _add_correcting(below, database)


def address_of(options: argparse.Namespace) -> str:
    """Return where the gradebook is: by ``--db``, by the environment, or in the course's folder."""
    given = options.db or os.environ.get(VARIABLE)
    if given:
        return str(given)
    try:
        course = find_course(options.course.resolve() if options.course else Path.cwd())
    except CourseError:
        return "gradebook.db"
    return os.path.relpath(course.root / "gradebook.db")


def _later(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    """Return a function that loads its module when it is called: databases are not loaded for other commands."""

    def run(options: argparse.Namespace) -> int:
        from ..gradebook.opening import refuse_missing

        refuse_missing(address_of(options))
        return int(getattr(import_module(f".{module}", __package__), name)(options))

    return run


def _add_taking(below: Any, database: argparse.ArgumentParser) -> None:
    add = _command(
        below, database, "add", _later("book_writing", "add"), "take results in",
        "Take in the results of `torchgrade grade`. The same results twice change nothing. Another outcome for the "
        "same files is a regrade: the old one is kept. Other files under the same name are a further attempt.",
        'torchgrade gradebook add OUT --times times.csv --reason "test_shape was too strict"',
    )  # fmt: skip
    add.add_argument("results", type=Path, metavar="RESULTS", help="a results.jsonl, or the folder that holds it")
    add.add_argument("--reason", default="", metavar="TEXT", help="why they were graded again; kept with each regrade")
    add_options(add)
    roster = _command(
        below, database, "roster", _later("book_writing", "roster"), "take in the list of students",
        "Take in a CSV file with the columns id (what submissions are called), name and group; others are passed "
        "over. A newer roster changes names and groups, adds students, and removes nobody.",
        "torchgrade gradebook roster canvas.csv --id-column 'SIS Login ID' --name-column Student",
    )  # fmt: skip
    roster.add_argument("file", type=Path, metavar="CSV", help="the list")
    for name in ("id", "name", "group"):
        roster.add_argument(f"--{name}-column", default=name, metavar="COLUMN", help=f"default: {name}")


def _add_showing(below: Any, database: argparse.ArgumentParser) -> None:
    show = _command(
        below, database, "show", _later("book_reading", "show"), "what counts: a term, an assignment, a student",
        "Show the points that count: of all assignments, or of one with the rule that was applied and what to look at.",
        "torchgrade gradebook show 01-tensors --group A",
    )  # fmt: skip
    show.add_argument("slug", nargs="?", metavar="SLUG", help="the assignment (default: all)")
    show.add_argument("--student", metavar="ID", help="only this one")
    history = _command(
        below, database, "history", _later("book_reading", "history"), "all that happened to one student's assignment",
        "Show each attempt, each grading with what it changed, each extension and each override, with its number, in "
        "order of time.", "torchgrade gradebook history ada 01-tensors",
    )  # fmt: skip
    _add_whose(history)
    export = _command(
        below, database, "export", _later("book_reading", "export"), "final scores, as CSV or for `torchgrade export`",
        "Write the scores that count. As csv: a row a student; without SLUG a column an assignment. As results: a "
        "results.jsonl with a line a student, named by the student, that `torchgrade export` turns into what Canvas, "
        "Moodle and others read; with --raw a line an attempt, as it was graded.",
        "torchgrade gradebook export 01-tensors --as results --out final.jsonl && "
        "torchgrade export canvas final.jsonl --column 'Tensors (1234)'",
    )  # fmt: skip
    export.add_argument("slug", nargs="?", metavar="SLUG", help="the assignment (default: all, as csv)")
    export.add_argument("--as", dest="form", choices=("csv", "results"), default="csv", help="default: csv")
    export.add_argument(
        "--raw", action="store_true", help="with --as results: every attempt, untouched by hand or rule"
    )
    export.add_argument("--out", type=Path, metavar="FILE", help="write there (default: print)")
    for one in (show, export):
        one.add_argument("--group", metavar="NAME", help="only the students of this group")
    check = _command(
        below, database, "check", _later("book_reading", "check"), "whether the gradebook is sound",
        "Check the database, and list what does not go together: students on no roster, attempts without a time, "
        "overrides from before a regrade, sums that are wrong.", "torchgrade gradebook check --json",
    )  # fmt: skip
    for one in (show, history, check):
        one.add_argument("--json", action="store_true", help="print JSON, for programs")


def _add_correcting(below: Any, database: argparse.ArgumentParser) -> None:
    override = _command(
        below, database, "override", _later("book_writing", "override"), "set points by hand",
        "Set the score that counts; it then stands, whatever the grader or [due] say. Or, with --exercise or --check, "
        "set points of one attempt, which count by the rules like any others. A regrade never undoes it; `show` and "
        "`check` say where one came after.",
        "torchgrade gradebook override ada 01-tensors 2 --check test_shape --note 'a right answer, shape (1, 3)'",
    )  # fmt: skip
    _add_whose(override)
    override.add_argument("score", type=float, metavar="SCORE", help="the points")
    part = override.add_mutually_exclusive_group()
    part.add_argument("--exercise", metavar="NAME", help="set the points of this exercise")
    part.add_argument("--check", metavar="ID", help="set the points of this check, such as test_shape")
    override.add_argument("--attempt", type=int, metavar="N", help="of the Nth attempt (default: the one that counts)")
    override.add_argument("--beyond", action="store_true", help="allow more points than there are")
    extend = _command(
        below, database, "extend", _later("book_writing", "extend"), "give a student a later deadline",
        "Give a student a later deadline. Of several the newest holds.",
        "torchgrade gradebook extend ada 01-tensors '+2 days' --note illness",
    )  # fmt: skip
    _add_whose(extend)
    extend.add_argument("until", metavar="UNTIL", help="a time like '2026-12-03 12:00', or how much later: '+2 days'")
    withdraw = _command(
        below, database, "withdraw", _later("book_writing", "withdraw"), "take an override or an extension back",
        "Take back an override or an extension; what held before it holds again. Both stay in the history, which "
        "shows their numbers.", "torchgrade gradebook withdraw override 3 --note 'the wrong student'",
    )  # fmt: skip
    withdraw.add_argument("kind", choices=("override", "extension"), help="which of the two")
    withdraw.add_argument("number", type=int, metavar="NUMBER", help="its number")
    for one in (override, extend, withdraw):
        one.add_argument("--note", required=True, metavar="TEXT", help="why; for instructors, never on a page")
        one.add_argument(
            "--by", default=_user(), metavar="NAME", help="who decided it (default: your name on this machine)"
        )


def _command(
    below: Any, database: argparse.ArgumentParser, name: str, run: Callable[[argparse.Namespace], int], helps: str,
    description: str, example: str,
) -> argparse.ArgumentParser:  # fmt: skip
    parser: argparse.ArgumentParser = below.add_parser(
        name, parents=[database], help=helps, description=description, epilog=f"example: {example}; {_EXITS}"
    )
    parser.set_defaults(run=run)
    return parser


def _add_whose(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("student", metavar="STUDENT", help="the student's id")
    parser.add_argument("slug", metavar="SLUG", help="the assignment")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user without a name
        return "unknown"
