"""Pages made from results: what a student reads."""

from .feedback import feedback_html, feedback_markdown, write_feedback
from .names import file_stem

__all__ = ["feedback_html", "feedback_markdown", "file_stem", "write_feedback"]
