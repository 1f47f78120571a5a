"""What `verify` shows: a bar for each part while it works, then survivors, shortfalls and a summary."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from ..verify import MutantFinding, Proof
from ..verify.attempts import Attempt
from ..verify.record import counts_of

__all__ = ["Progression", "show_proof"]

_STYLES = {"+": "green", "-": "red"}


class Progression:
    """Show how a proof goes on; on a pipe nothing is shown.

    Args:
        slug: The assignment.
        console: Where to.
    """

    def __init__(self, slug: str, console: Console) -> None:
        self.slug = slug
        self.progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, transient=True, disable=not console.is_terminal,
        )  # fmt: skip

    def __enter__(self) -> Progression:
        self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.progress.stop()

    def part(self, name: str, total: int) -> None:
        """Begin a part: a bar of its own."""
        self.task = self.progress.add_task(escape(f"{self.slug}: {name}"), total=total)

    def tried(self, attempt: Attempt) -> None:
        """Move the bar on."""
        self.progress.advance(self.task)


def show_proof(proof: Proof, console: Console, page: Path) -> None:
    """Write survivors with what they change, then whatever falls short, then the summary."""
    for finding in proof.with_verdict("survived"):
        _show_survivor(finding, console)
    for entry in proof.stale:
        words = f"equivalent.toml: {entry.mutant} matches no mutant any more: look at the solution, remove the entry"
        console.print(Text.assemble((f"{proof.assignment}: stale: ", "yellow"), words), soft_wrap=True)
    for problem in proof.problems:
        console.print(Text.assemble((f"{proof.assignment}: ", "red"), problem), soft_wrap=True)
    console.print(_summary(proof), soft_wrap=True)
    console.print(f"page: {page}", soft_wrap=True, markup=False)


def _show_survivor(finding: MutantFinding, console: Console) -> None:
    mutant = finding.mutant
    head = f"{mutant.kind} in line {mutant.line} of solution.py: no check notices"
    console.print(Text.assemble((mutant.id, "bold yellow"), f"  {head}"), soft_wrap=True)
    for line in mutant.diff:
        console.print(Text(f"  {line}", style=_STYLES.get(line[:1], "dim")), soft_wrap=True)


def _summary(proof: Proof) -> Text:
    counts = counts_of(proof)

    def kept(kind: str) -> str:
        mine = [finding for finding in proof.findings if finding.kind == kind]
        return f"{sum(finding.as_asked for finding in mine)}/{sum(finding.runs for finding in mine)}"

    verdict = ("holds", "green") if proof.holds else ("falls short", "red")
    parts = [
        f"reference full on {kept('reference')} seeds",
        f"alternatives full {kept('alternative')}",
        f"stub empty {kept('stub')}",
        f"misconceptions caught {kept('misconception')}",
    ]
    if counts["named"] or counts["misnamed"]:
        parts.append(f"{counts['named']} of them named")
    score = proof.score()
    if score is not None:
        counted = counts["mutants"] - counts["equivalent"]
        parts.append(f"mutants killed {counts['killed']}/{counted} ({score:.1%}, {counts['equivalent']} equivalent)")
    return Text.assemble(f"{proof.assignment}: ", verdict, f": {', '.join(parts)} ({proof.seconds:.1f} s)")
