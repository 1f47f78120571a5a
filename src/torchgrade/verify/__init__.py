"""The instructor's proof: right answers pass, wrong ones do not."""

from .proof import Finding, Proof, prove

__all__ = ["Finding", "Proof", "prove"]
