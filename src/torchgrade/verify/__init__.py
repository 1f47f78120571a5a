"""The instructor's proof: right answers pass, wrong ones do not."""

from .findings import Finding, MutantFinding
from .proof import Part, Plan, Proof, prove

__all__ = ["Finding", "MutantFinding", "Part", "Plan", "Proof", "prove"]
