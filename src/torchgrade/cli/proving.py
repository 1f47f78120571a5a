"""`torchgrade verify`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from ..course import Course, check_master
from .courses import assignment_of, course_of, slugs_of

if TYPE_CHECKING:
    from ..verify import Proof

__all__ = ["add_commands"]


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's command to the parser."""
    verify = commands.add_parser(
        "verify", parents=[shared], help="prove that right answers pass and wrong ones do not",
        description="Grade the reference and further right answers on many seeds, the untouched stub, every "
        "misconception, and mutants of the reference. What came of it is kept in the course's .torchgrade folder: "
        "a second run tries only what changed.",
        epilog="example: torchgrade verify 01-tensors --quick --seeds 1 --mutants 1, while you write; "
        "exit codes: 0 all holds; 1 something falls short, or the grader itself failed; "
        "2 the command or the course is wrong",
    )  # fmt: skip
    verify.add_argument("slugs", nargs="*", metavar="SLUG", help="assignments (default: all)")
    verify.add_argument(
        "--seeds", type=_at_least(1), default=20, metavar="N",
        help="grade each right answer N times with other random numbers (default: 20)",
    )  # fmt: skip
    verify.add_argument(
        "--mutants", type=_at_least(0), metavar="N",
        help="try at most N mutants of each exercise, 0 for none (default: all)",
    )  # fmt: skip
    verify.add_argument(
        "--jobs", type=_at_least(1), default=_cores(), metavar="N", help="grader processes (default: one a core)"
    )
    verify.add_argument(
        "--quick", action="store_true",
        help="try each misconception by its own exercise's checks only, in a fraction of the time",
    )  # fmt: skip
    verify.add_argument("--again", action="store_true", help="try also what was tried before and has not changed")
    verify.add_argument(
        "--out", type=Path, default=Path("OUT"), metavar="DIR", help="pages go to DIR/verify/SLUG.html (default: OUT)"
    )
    verify.add_argument("--html", type=Path, metavar="FILE", help="write the page of the only assignment there")
    verify.add_argument("--json", action="store_true", help="print all that was found as JSON")
    verify.set_defaults(run=_verify)


def _at_least(least: int) -> Any:
    def number(text: str) -> int:
        if not text.isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r}: give a whole number, {least} or more")
        return int(text)

    return number


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _verify(options: argparse.Namespace) -> int:
    from ..grade.pool import GraderFailed
    from ..verify.record import record_of

    course = course_of(options)
    slugs = slugs_of(course, options.slugs)
    if options.html and len(slugs) != 1:
        raise ValueError(f"--html is for one assignment, and {len(slugs)} are asked for; name one, or use --out DIR")
    console = Console(stderr=options.json, highlight=False)
    try:
        proofs = [_prove(course, slug, options, console) for slug in slugs]
    except GraderFailed as error:
        print(f"torchgrade: the grader failed: {error}", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps([record_of(proof) for proof in proofs], ensure_ascii=False, indent=2))
    return 0 if all(proof.holds for proof in proofs) else 1


def _prove(course: Course, slug: str, options: argparse.Namespace, console: Console) -> Proof:
    from ..report.verification import write_verification
    from ..verify import Plan, prove
    from .proof_screen import Progression, show_proof

    assignment = assignment_of(course, slug)
    check_master(assignment)
    plan = Plan(options.seeds, options.mutants, options.jobs, options.again, options.quick)
    with Progression(slug, console) as watch:
        proof = prove(course, assignment, plan, watch)
    page = options.html or options.out / "verify" / f"{slug}.html"
    write_verification(proof, page)
    show_proof(proof, console, page)
    return proof
