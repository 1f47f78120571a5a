"""The two ways to show a session: a page in a terminal, plain lines into a pipe."""

from __future__ import annotations

from typing import Protocol

from rich.console import Console

from ..language import _
from .page import MARKS, complaint_of, list_of, page_of
from .session import Session

__all__ = ["Lines", "Page", "View"]


class View(Protocol):
    """Shows a session."""

    def show(self, session: Session) -> None:
        """Bring what is shown up to date."""
        ...


class Page:
    """One page that takes the place of the one before.

    Args:
        console: The terminal.
        keyboard: Whether keys can be pressed.
    """

    def __init__(self, console: Console, keyboard: bool) -> None:
        self.console, self.keyboard = console, keyboard
        self.hint = self.listing = False
        self.shown: object = None
        self.at: object = None

    def press(self, key: str) -> None:
        """Turn the hint or the list on or off."""
        self.hint ^= key == "h"
        self.listing = (not self.listing) if key == "l" else self.listing and key in ("n", "p")

    def show(self, session: Session) -> None:
        """Paint the page anew if anything on it has changed."""
        at = session.folder, session.progress.current.name
        self.hint, self.at = self.hint and at == self.at, at  # a hint is asked for once more at the next exercise
        page = list_of(session) if self.listing else page_of(session, self.hint, self.keyboard)
        with self.console.capture() as painted:
            self.console.print(page)
        if painted.get() != self.shown:
            self.shown = painted.get()
            with self.console:  # in one go, or it flickers
                self.console.clear()
                self.console.print(page)


class Lines:
    """A few lines for each run that is over.

    Args:
        console: Where they go.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self.runs = 0
        self.problem = ""

    def show(self, session: Session) -> None:
        """Write what the last run found, if it has not been written yet."""
        if session.problem != self.problem:
            self.problem = session.problem
            if self.problem:
                self._write(self.problem)
        if session.runs == self.runs or session.busy or session.problem:
            return
        self.runs = session.runs
        progress = session.progress
        if progress.solved_now:
            self._write(_("{name} is solved.").format(name=progress.solved_now))
        solved = _("{solved} of {total} solved").format(solved=progress.solved, total=len(progress.exercises))
        self._write(f"{session.folder.name}/{session.name}: {solved}")
        if progress.finished:
            return
        mark, __ = MARKS[progress.state(progress.current.name)]
        self._write(f"{mark} {progress.current.name}: {progress.current.title}")
        for title, message, printed in complaint_of(progress):
            self._write(f"    {title}")
            for line in message.splitlines():
                self._write(f"      {line}")
            for line in printed.splitlines():
                self._write(f"      | {line}")

    def _write(self, line: str) -> None:
        self.console.print(line, markup=False, soft_wrap=True)
