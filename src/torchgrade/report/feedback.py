"""The feedback files: the only ones that are meant for a student."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from ..course import Assignment
from ..grade.results import SubmissionResult
from .html import feedback_html
from .markdown import feedback_markdown
from .names import file_stem

__all__ = ["feedback_html", "feedback_markdown", "write_feedback"]


def write_feedback(
    result: SubmissionResult, assignment: Assignment, folder: Path, handed_in: Sequence[str] = ()
) -> tuple[Path, Path]:
    """Write a submission's feedback as Markdown and as HTML.

    Whoever reads at the same time, or after a kill, finds an old page or the new one, never half a page.

    Args:
        result: What grading found.
        assignment: Whose exercises give the order and the titles.
        folder: Where the two files go; made when it is missing.
        handed_in: Lines on when it was handed in and what comes of it.

    Returns:
        The paths of the ``.md`` and the ``.html`` file, named as `file_stem` says.

    Raises:
        OSError: The folder cannot be made or written.
    """
    stem = file_stem(result.submission)
    markdown, html = folder / f"{stem}.md", folder / f"{stem}.html"
    folder.mkdir(parents=True, exist_ok=True)
    _replace(markdown, feedback_markdown(result, assignment, handed_in))
    _replace(html, feedback_html(result, assignment, handed_in))
    return markdown, html


def _replace(path: Path, text: str) -> None:
    # Not tempfile: its files are for the owner alone, and a page may be served to its student by another user.
    draft = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        draft.write_bytes(text.encode())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
