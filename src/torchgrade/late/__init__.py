"""Late, again, or with an extension: from raw scores to the points that count. Results are never changed here."""

from .handing import HandedIn, handed_in
from .settle import Attempt, Extension, StudentScore, UnknownOrder, settle
from .words import page_lines, rule_text, student_text

__all__ = [
    "Attempt",
    "Extension",
    "HandedIn",
    "StudentScore",
    "UnknownOrder",
    "handed_in",
    "page_lines",
    "rule_text",
    "settle",
    "student_text",
]
