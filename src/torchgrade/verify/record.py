"""A proof as plain data, for JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from .findings import MutantFinding
from .proof import LEAST_SCORE, Proof

__all__ = ["FORMAT", "counts_of", "record_of"]

FORMAT = 1


def counts_of(proof: Proof, exercise: str | None = None) -> dict[str, int]:
    """Count what was tried and what came of it, for one exercise or for all.

    Returns:
        ``right_tried``, ``right_kept``: gradings of right answers, and those that kept every point (0 for an exercise);
        ``wrong_tried``, ``wrong_caught``: misconceptions, and the stub where all exercises are counted; ``named``,
        ``misnamed``: misconceptions that replay gave their own name, or another's; ``mutants``, ``killed``,
        ``survived``, ``equivalent``, ``unclear``, and ``by_clock``: those of the killed that the time limit caught.
    """
    right = [one for one in proof.findings if one.kind in ("reference", "alternative") and exercise is None]
    wrong = [one for one in proof.findings if one.kind == "misconception" and exercise in (None, one.exercise)]
    wrong += [one for one in proof.findings if one.kind == "stub" and exercise is None]
    mutants = [one for one in proof.mutants if exercise in (None, one.mutant.exercise)]
    verdicts, names = Counter(one.verdict for one in mutants), Counter(one.naming for one in wrong)
    return {
        "right_tried": sum(one.runs for one in right),
        "right_kept": sum(one.as_asked for one in right),
        "wrong_tried": sum(one.runs for one in wrong),
        "wrong_caught": sum(one.as_asked for one in wrong),
        "named": names["named"],
        "misnamed": names["other"],
        "mutants": len(mutants),
        **{verdict: verdicts[verdict] for verdict in ("killed", "survived", "equivalent", "unclear")},
        "by_clock": sum(one.verdict == "killed" and one.status == "timeout" for one in mutants),
    }


def record_of(proof: Proof) -> dict[str, Any]:
    """Return a proof as plain data."""
    score = proof.score()
    return {
        "format": FORMAT,
        "assignment": proof.assignment,
        "holds": proof.holds,
        "problems": proof.problems,
        "seconds": round(proof.seconds, 3),
        "seeds": proof.plan.seeds,
        "quick": proof.plan.quick,
        "counts": counts_of(proof),
        "mutation_score": None if score is None else round(score, 4),
        "least_mutation_score": LEAST_SCORE,
        "exercises": [_exercise(proof, name) for name in proof.exercises],
        "findings": [asdict(finding) for finding in proof.findings],
        "mutants": [_mutant(finding) for finding in proof.mutants],
        "checks": [asdict(figures) for figures in proof.figures],
        "margins": [asdict(margin) for margin in proof.margins],
        "stale_equivalents": [asdict(entry) for entry in proof.stale],
        "parts": [asdict(part) for part in proof.parts],
    }


def _exercise(proof: Proof, name: str) -> dict[str, Any]:
    counts = counts_of(proof, name)
    return {"name": name, **{key: value for key, value in counts.items() if not key.startswith("right")}}


def _mutant(finding: MutantFinding) -> dict[str, Any]:
    mutant = finding.mutant
    return {
        "id": mutant.id,
        "exercise": mutant.exercise,
        "kind": mutant.kind,
        "line": mutant.line,
        "change": mutant.change,
        "verdict": finding.verdict,
        "caught_by": finding.caught_by,
        "status": finding.status,
        "reason": finding.reason,
        "diff": list(mutant.diff),
    }
