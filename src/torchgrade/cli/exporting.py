"""`torchgrade export`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .courses import add_language
from .scoring import add_options

if TYPE_CHECKING:
    from ..export import Export, Format, Wishes
    from ..grade.results import SubmissionResult

__all__ = ["add_commands"]

_LOOKED_UP = {"canvas": "SIS Login ID", "nbgrader": "id", "moodle": ""}  # where a roster has a submission's name
_SETTLED = ("gradescope", "nbgrader", "canvas", "moodle", "csv", "markdown")  # have room for what lateness costs
_RUNNER = ("REVIEW_URL", "OWNER", "USERNAME", "ASSIGNMENT_TYPE")
_EXITS = (
    "exit codes: 0 written; 1 written, but somebody is left out, as the message says; "
    "2 the command, the results or the roster are wrong"
)


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's command, and one below it for each format."""
    from ..export import FORMATS

    export = commands.add_parser(
        "export", help="turn results into what another platform reads",
        description="Turn the results of `torchgrade grade` into a file that another platform reads. Points that are "
        "still open (a check waits for a GPU, or the grader could not tell) never count as lost.",
        epilog="example: torchgrade export csv OUT --out class.csv. "
        "torchgrade export FORMAT --help says how each one is used; " + _EXITS,
    )  # fmt: skip
    formats = export.add_subparsers(title="formats", metavar="FORMAT", required=True)
    for one in FORMATS:
        _add(formats, one)


def _add(formats: Any, one: Format) -> None:
    parser = formats.add_parser(
        one.name, help=one.help, description=f"Write {one.help}. {one.more}", epilog=f"example: {one.example}; {_EXITS}"
    )
    parser.add_argument(
        "results", type=Path, metavar="RESULTS", help="a results.jsonl, or the folder that `grade` wrote it to"
    )
    folder = "; a folder gets a file for each submission" if one.single else ""
    parser.add_argument("--out", metavar="PATH", help=f"write there (default: print){folder}")
    parser.add_argument("--submission", metavar="NAME", help="only this one")
    add_language(parser)
    parser.add_argument(
        "--course", type=Path, metavar="DIR",
        help="the course's folder, for titles and due dates (default: the one around the working folder, if any)",
    )  # fmt: skip
    if one.name in _SETTLED:
        add_options(parser)
    _add_own(parser, one.name)
    parser.set_defaults(run=_export, format=one.name)


def _add_own(parser: argparse.ArgumentParser, name: str) -> None:
    """Add the options that only some formats have."""
    from ..export.github import PARTS
    from ..export.spreadsheet import ROWS

    if name == "github":
        parser.add_argument("--part", choices=PARTS, default="result", help="which of the three (default: result)")
    if name == "csv":
        parser.add_argument("--rows", choices=ROWS, default="submissions", help="a row for each (default: submissions)")
    if name == "gradescope":
        parser.add_argument(
            "--hidden", choices=("visible", "after_due_date", "after_published", "hidden"), default="visible",
            help="Gradescope's visibility of hidden checks; any other hides the total too (default: visible)",
        )  # fmt: skip
    if name in ("gradescope", *_LOOKED_UP):
        parser.add_argument(
            "--open", choices=("wait", "scale"), default="wait",
            help="a grade while points are open: wait until all are known, or take the share earned so far for the "
            "share of all (default: wait)",
        )  # fmt: skip
    if name in _LOOKED_UP:
        _add_grades(parser, name)
    if name in ("csv", *_LOOKED_UP):
        parser.add_argument("--bom", action="store_true", help="begin as Excel wants it, to read other alphabets")


def _add_grades(parser: argparse.ArgumentParser, name: str) -> None:
    from ..export.canvas import IDENTITY
    from ..export.moodle import USUAL

    heading = "name of the assignment" if name == "nbgrader" else "heading of the grades"
    parser.add_argument("--column", default="", metavar="TITLE", help=f"{heading} (default: the assignment's slug)")
    parser.add_argument("--roster", type=Path, metavar="CSV", help="the platform's own list of students")
    parser.add_argument("--match", metavar="COLUMN", help="the roster's column that holds the submissions' names")
    if name == "canvas":
        parser.add_argument(
            "--id-column", choices=IDENTITY, default="", metavar="COLUMN",
            help="without a roster, what the submissions' names are: ID, SIS User ID or SIS Login ID (default)",
        )  # fmt: skip
    if name == "moodle":
        parser.add_argument(
            "--id-column", default="", metavar="COLUMN", help=f"the column that says who it is (default: {USUAL})"
        )


def _export(options: argparse.Namespace) -> int:
    from ..export import format_named, read_results
    from ..export.reading import choose
    from .export_course import known_of_course, only

    results = read_results(options.results)
    chosen, wishes = format_named(options.format), known_of_course(_wishes(options), results, options)
    if options.submission is not None:
        results = [choose(results, options.submission, str(options.results))]
        wishes = only(wishes, options.submission)
    mark = "\ufeff" if getattr(options, "bom", False) else ""
    if not chosen.single:
        _compare(results)
        return _finish(chosen.write(results, wishes), options.out, mark)
    if options.out and (Path(options.out).is_dir() or options.out.endswith(("/", os.sep))):
        return _write_each(chosen, results, wishes, Path(options.out))
    if len(results) != 1:
        found = f"{len(results)} submissions" if results else "no submission"
        raise ValueError(
            f"{options.format} is about one submission, and {options.results} holds {found}; "
            "name one with --submission, or give a folder with --out to write a file for each"
        )
    return _finish(chosen.write(results, wishes), options.out, mark)


def _compare(results: Sequence[SubmissionResult]) -> None:
    """Warn where a class was graded in two ways: grades out of different points are no grades of one class."""
    worth = sorted({round(result.max_score, 6) for result in results})
    if len(worth) > 1:
        points = " and ".join(f"{points:g}" for points in worth)
        print(f"torchgrade: not all were graded by the same checks (out of {points}); grade all again", file=sys.stderr)


def _wishes(options: argparse.Namespace) -> Wishes:
    from ..export import Wishes
    from ..export.classroom50 import VARIABLES

    return Wishes(
        scale=getattr(options, "open", "wait") == "scale",
        hidden=getattr(options, "hidden", "visible"),
        part=getattr(options, "part", "result"),
        rows=getattr(options, "rows", "submissions"),
        column=getattr(options, "column", ""),
        identity=getattr(options, "id_column", ""),
        roster=_roster(options),
        run={name: os.environ[name] for name in (*VARIABLES, *_RUNNER) if name in os.environ},
        now=datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def _roster(options: argparse.Namespace) -> dict[str, dict[str, str]] | None:
    from ..export.moodle import USUAL
    from ..export.roster import roster_of

    file = getattr(options, "roster", None)
    if file is None:
        if getattr(options, "match", None):
            raise ValueError("--match names a column of the --roster, and there is no --roster")
        return None
    column = options.match or _LOOKED_UP[options.format] or options.id_column or USUAL
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{file} is not UTF-8; save it once more as 'CSV UTF-8'") from None
    return roster_of(text, column, str(file))


def _write_each(chosen: Format, results: Sequence[SubmissionResult], wishes: Wishes, folder: Path) -> int:
    from ..report.names import file_stem

    folder.mkdir(parents=True, exist_ok=True)
    code = 0
    for result in results:
        file = folder / f"{file_stem(result.submission)}.{chosen.ending}"
        code = max(code, _finish(chosen.write([result], wishes), str(file), ""))
    print(f"{len(results)} files written to {folder}", file=sys.stderr)
    return code


def _finish(export: Export, out: str | None, mark: str) -> int:
    """Write the text and say what is not in it."""
    data = (mark + export.text).encode("utf-8", "backslashreplace")
    if out:
        _put(Path(out), data)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    for note in export.notes:
        print(f"torchgrade: {note}", file=sys.stderr)
    return 0 if export.complete else 1


def _put(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; what is no plain file, such as /dev/stdout, is written to.

    Raises:
        ValueError: It cannot be written; the message says why.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        draft = path.with_name(f"{path.name}.new")
        draft.write_bytes(data)
        os.replace(draft, path)
    except OSError as error:
        raise ValueError(f"cannot write {path}: {error.strerror}; choose another --out") from error
