"""`torchgrade verify`."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from ..course import Course, check_master
from .courses import assignment_of, course_of, slugs_of

if TYPE_CHECKING:
    from ..verify import Finding, Proof

__all__ = ["add_commands"]


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's command to the parser."""
    verify = commands.add_parser(
        "verify", parents=[shared], help="prove that right answers pass and wrong ones do not",
        description="Grade the reference, the untouched stub, further right answers and every misconception; "
        "exit 1 where one falls short.",
    )  # fmt: skip
    verify.add_argument("slugs", nargs="*", metavar="SLUG", help="assignments (default: all)")
    verify.add_argument(
        "--seeds",
        type=int,
        default=20,
        metavar="N",
        help="grade the reference N times with other random numbers (default: 20)",
    )
    verify.add_argument("--json", action="store_true", help="print the findings as JSON")
    verify.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    course = course_of(options)
    if options.seeds < 1:
        raise ValueError(f"--seeds {options.seeds}: give 1 or more")
    console = Console(stderr=options.json, highlight=False)
    proofs = [_prove(course, slug, options.seeds, console) for slug in slugs_of(course, options.slugs)]
    if options.json:
        print(json.dumps([proof.to_dict() for proof in proofs], ensure_ascii=False, indent=2))
    return 0 if all(proof.holds for proof in proofs) else 1


def _prove(course: Course, slug: str, seeds: int, console: Console) -> Proof:
    from ..verify import prove

    assignment = assignment_of(course, slug)
    check_master(assignment)
    with console.status(f"{slug}: starting") as status:

        def tell(finding: Finding) -> None:
            name = f"{finding.kind} {finding.exercise + '.' if finding.exercise else ''}{finding.name}"
            status.update(f"{slug}: {name}")
            for problem in finding.problems:
                console.print(Text.assemble((f"{slug}: {name}: ", "red"), problem), soft_wrap=True)

        proof = prove(course, assignment, seeds, tell)
    _sum_up(console, proof)
    return proof


def _sum_up(console: Console, proof: Proof) -> None:
    def counted(kind: str) -> str:
        mine = [finding for finding in proof.findings if finding.kind == kind]
        return f"{sum(not finding.problems for finding in mine)}/{len(mine)}"

    console.print(
        f"{proof.assignment}: {'[green]holds[/green]' if proof.holds else '[red]falls short[/red]'}: "
        f"reference full on {counted('reference')} seeds, stub empty {counted('stub')}, "
        f"alternatives full {counted('alternative')}, misconceptions caught {counted('misconception')} "
        f"({proof.seconds:.1f} s)",
        soft_wrap=True,
    )
