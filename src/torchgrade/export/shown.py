"""What of each check goes to a platform that students read: what their page shows, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..grade.results import CheckResult, SubmissionResult
from ..language import _
from ..report.text import one_line
from ..report.view import MISTAKE, CheckView, PageView, check_view, view_of
from .model import Wishes
from .settled import assignment_of, lines_of

__all__ = ["Shown", "page_of", "shown_checks", "xml_text"]

_NO_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Shown:
    """One check as students may see it, for a platform.

    Attributes:
        name: Exercise and title of the check on one line, no two alike in a submission.
        kind: ``good``, ``bad``, ``waiting`` or ``unsure``.
        label: The status in a word or two.
        why: What is wrong, line by line; empty when nothing is.
        help: The known mistake and its hint, line by line; may be empty.
        view: What the page shows of it.
        check: The record, for its numbers. Neither its message nor its id may be shown.
    """

    name: str
    kind: str
    label: str
    why: str
    help: str
    view: CheckView
    check: CheckResult

    @property
    def seconds(self) -> float:
        """How long it took; 0 for a hidden check, where a student's sleep could tell what it was given."""
        return self.check.seconds if self.check.visible else 0.0

    @property
    def text(self) -> str:
        """All there is to read."""
        return "\n".join(filter(None, (self.why, self.help)))


def page_of(result: SubmissionResult, wishes: Wishes) -> PageView:
    """Return what a student's page shows."""
    return view_of(result, assignment_of(result, wishes), lines_of(result, wishes))


def shown_checks(result: SubmissionResult, wishes: Wishes) -> list[Shown]:
    """Return the checks of a submission, in order."""
    titles = {one.name: one.title for one in assignment_of(result, wishes).exercises}
    return list(_numbered(result, page_of(result, wishes).cause, titles))


def _numbered(result: SubmissionResult, cause: str, titles: Mapping[str, str]) -> Iterator[Shown]:
    seen: Counter[str] = Counter()
    for check in result.checks:
        name = f"{one_line(titles.get(check.exercise, check.exercise), 120)}: {one_line(check.title)}"
        seen[name] += 1
        view = check_view(check)
        yield Shown(
            name=name if seen[name] == 1 else f"{name} ({seen[name]})",
            kind=view.status.kind,
            label=view.status.label,
            why=(cause if view.status.kind == "bad" else "") or view.message or view.why,
            help="\n".join(_help(view)),
            view=view,
            check=check,
        )


def _help(view: CheckView) -> Iterator[str]:
    if view.mistake:
        yield f"{_(MISTAKE)} {view.mistake}"
    if view.hint:
        yield _("Hint: {hint}").format(hint=view.hint)


def xml_text(text: str) -> str:
    """Return text without the characters that no XML file may hold, not even escaped; they are shown as escapes."""
    return _NO_XML.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
