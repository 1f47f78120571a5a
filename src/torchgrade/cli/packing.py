"""`torchgrade pack`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .courses import add_language, assignment_of, course_of, language_of

if TYPE_CHECKING:
    from ..pack import Choice

__all__ = ["add_commands"]

_EXITS = "exit codes: 0 written; 2 the command or the course is wrong"
_GUIDE = "docs/packs.md goes through it step by step"


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's command, and one below it for each platform."""
    pack = commands.add_parser(
        "pack", help="make an assignment's grader ready for Gradescope, GitHub or GitLab",
        description="Make what a platform needs to grade an assignment: its hidden checks, its masters, "
        "fixtures, this torchgrade as a wheel, and the scripts that put them to work. Nothing of another "
        "assignment is in it.",
        epilog="example: torchgrade pack gradescope 01-tensors. "
        "Whoever has a pack has the hidden checks: give it to the platform, never to students. " + _GUIDE,
    )  # fmt: skip
    platforms = pack.add_subparsers(title="platforms", metavar="PLATFORM", required=True)
    _add_gradescope(platforms, shared)
    for platform, name in (("github", "GitHub"), ("gitlab", "GitLab")):
        _add_repository(platforms, shared, platform, name)
    _add_run(platforms)


def _add_gradescope(platforms: Any, shared: argparse.ArgumentParser) -> None:
    parser = platforms.add_parser(
        "gradescope", parents=[shared], help="an autograder.zip",
        description="Write the zip to upload under Configure Autograder. Students hand in the file, a notebook, or "
        "their whole repository. A failure of the grader gives a results.json that says so and has no score.",
        epilog="example: torchgrade pack gradescope 01-tensors --out autograder.zip. torch does not fit into "
        f"Gradescope's usual container: the command says which size to choose. {_EXITS}; {_GUIDE}",
    )  # fmt: skip
    _add_common(parser)
    parser.add_argument(
        "--out", type=Path, default=Path("autograder.zip"), metavar="FILE", help="default: autograder.zip"
    )
    parser.add_argument(
        "--minutes", type=int, choices=range(2, 41), default=10, metavar="N",
        help="the timeout that the autograder's settings say; the grader ends a little before (default: 10)",
    )  # fmt: skip
    parser.add_argument(
        "--hidden", choices=("visible", "after_due_date", "after_published", "hidden"), default="visible",
        help="Gradescope's visibility of hidden checks; any other hides the total too (default: visible)",
    )  # fmt: skip
    parser.add_argument(
        "--open", choices=("wait", "scale"), default="wait",
        help="a grade while points wait for a GPU: what is earned so far, or its share of all (default: wait)",
    )  # fmt: skip
    parser.set_defaults(run=_gradescope)


def _add_repository(platforms: Any, shared: argparse.ArgumentParser, platform: str, name: str) -> None:
    parser = platforms.add_parser(
        platform, parents=[shared], help=f"a repository that grades a class on {name}",
        description=f"Write the files of a private repository on {name} that fetches the students' repositories, "
        "grades them, and gives each student their page. No hidden check, no key and no token is ever in a student's "
        "repository.",
        epilog=f"example: torchgrade pack {platform} 01-tensors --to grading. {_EXITS}; {_GUIDE}",
    )  # fmt: skip
    _add_common(parser)
    parser.add_argument(
        "--to", type=Path, metavar="DIR", help=f"write there; other files there stay (default: packs/{platform}-SLUG)"
    )
    parser.add_argument(
        "--encrypt", type=Path, metavar="KEYFILE",
        help="encrypt the hidden checks with the key in this file; where there is no such file a random key is "
        "written to it. The platform gets it as the secret TORCHGRADE_KEY",
    )  # fmt: skip
    parser.add_argument(
        "--in-student-repository", action="store_true",
        help="write files for the students' own repositories instead, so that each push is graded there (needs "
        "--encrypt). Who may change the workflow there can read the hidden checks: see the guide before you use it",
    )  # fmt: skip
    parser.set_defaults(run=_repository, platform=platform)


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("slug", metavar="SLUG", help="the assignment, such as 01-tensors")
    parser.add_argument(
        "--index", default="", metavar="URL",
        help="a package index to install from, beside pip's own: that of PyTorch's CPU wheels saves gigabytes",
    )  # fmt: skip
    parser.add_argument(
        "--allow-unconfined", action="store_true",
        help="grade there even if the machine cannot keep hidden checks from the student's code (see doctor)",
    )  # fmt: skip
    add_language(parser)


def _add_run(platforms: Any) -> None:
    parser = platforms.add_parser(
        "run", help="what the packs' own scripts call",
        description="Grade one submission with an unpacked bundle and write what the platform reads: results.json "
        "for Gradescope; feedback pages, and outputs, summary and annotations for GitHub or report.xml for GitLab.",
        epilog="example: torchgrade pack run gradescope --slug 01-tensors --bundle grader --submission handed-in --out "
        "results; exit codes: 0 graded, whatever the score; 1 or 2 the grader failed, and nothing was written",
    )  # fmt: skip
    parser.add_argument("platform", choices=("gradescope", "github", "gitlab"), help="who reads what is written")
    parser.add_argument("--slug", required=True, help="the assignment that the bundle must be for")
    parser.add_argument("--bundle", type=Path, required=True, metavar="DIR", help="the unpacked bundle")
    parser.add_argument("--submission", type=Path, required=True, metavar="DIR", help="the student's files")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the results go")
    parser.add_argument("--metadata", type=Path, metavar="FILE", help="Gradescope's submission_metadata.json")
    add_language(parser)
    parser.set_defaults(run=_run)


def _choice(options: argparse.Namespace) -> Choice:
    from ..pack import Choice

    scale = getattr(options, "open", "wait") == "scale"
    language = language_of(options) if options.lang else ""
    return Choice(options.index, scale, getattr(options, "hidden", "visible"), options.allow_unconfined, language)


def _gradescope(options: argparse.Namespace) -> int:
    from ..pack import gradescope_pack
    from ..pack.gradescope import gigabytes

    course = course_of(options)
    assignment = assignment_of(course, options.slug)
    content = gradescope_pack(course, assignment, _choice(options), options.minutes)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(content)
    print(f"wrote {options.out} ({len(content) / 1024:.0f} KiB)")
    print("next: upload it under Configure Autograder (Ubuntu 22.04 or later); in the autograder's settings choose a")
    print(f"container with {gigabytes(assignment)} GB of memory or more, and a timeout of {options.minutes} minutes")
    if not options.index:
        print("pip's own index brings torch with CUDA, which is gigabytes; --index can name that of the CPU wheels")
    return 0


def _repository(options: argparse.Namespace) -> int:
    from ..pack import grader_repository, student_files
    from ..pack.secret import key_from
    from ..pack.writing import write_files

    if options.in_student_repository and not options.encrypt:
        raise ValueError("--in-student-repository puts the hidden checks there; give --encrypt KEYFILE with it")
    course = course_of(options)
    assignment, choice = assignment_of(course, options.slug), _choice(options)
    to = options.to or Path("packs") / f"{options.platform}-{assignment.slug}"
    key, made = key_from(options.encrypt) if options.encrypt else ("", False)
    build = student_files if options.in_student_repository else grader_repository
    written = write_files(build(options.platform, course, assignment, choice, key), to)
    print(f"{len(written)} files written to {to}" if written else f"{to} was current already")
    if made:
        print(f"a new key is in {options.encrypt}: keep it out of every repository, and set it as TORCHGRADE_KEY")
    if options.in_student_repository:
        print("next: docs/packs.md says how to keep the workflow and the key out of students' reach")
    else:
        print(f"next: {to / assignment.slug / 'README.md'}")
    return 0


def _run(options: argparse.Namespace) -> int:
    from ..grade.pool import GraderFailed
    from ..pack import read_packed, run_packed

    try:
        result = run_packed(
            options.platform, read_packed(options.bundle, options.slug), options.submission, options.out,
            metadata=options.metadata, environment=os.environ,
        )  # fmt: skip
    except GraderFailed as error:
        print(f"torchgrade: the grader failed: {error}", file=sys.stderr)
        return 1
    held = ", ".join(result.confinement.layers)
    print(f"torchgrade: graded; student code was held at level {result.confinement.level} ({held})", file=sys.stderr)
    return 0
