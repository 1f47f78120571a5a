"""The loop: files, keys and runners in, a page out."""

from __future__ import annotations

import os
import queue
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from .keys import keys_to
from .places import Looker, find_assignments, first_of
from .screen import Lines, Page
from .session import Session

__all__ = ["watch"]

LOOK_SECONDS, SETTLE_SECONDS = 0.1, 0.03
INTERRUPTED = 130


@dataclass(frozen=True)
class Key:
    """A key was pressed."""

    name: str


def watch(place: Path, console: Console) -> int:
    """Watch a student's file, or all in a folder, until the student quits.

    Args:
        place: A ``.py`` or ``.ipynb`` file, an assignment's folder, or a folder of assignments.
        console: Where the verdicts are shown: as a page in a terminal, as lines elsewhere.

    Returns:
        The exit code: 0, or 130 after Ctrl-C.

    Raises:
        CourseError: There is nothing to watch.
    """
    assignments, file = find_assignments(place.resolve())
    _leave_on_signals()
    inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
    session = Session(assignments, first_of(assignments), file, inbox)
    try:
        with keys_to(lambda key: inbox.put(Key(key))) as keyboard:
            _loop(session, inbox, Page(console, keyboard) if console.is_terminal else Lines(console))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever read the lines is gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Python's last flush would complain
    finally:
        session.close()
    return 0


def _loop(session: Session, inbox: queue.SimpleQueue[Any], view: Page | Lines) -> None:
    looker = Looker()
    looker.watch(session.paths())
    moved = True
    while True:
        if moved or session.busy:
            view.show(session)
        try:
            event = inbox.get(timeout=SETTLE_SECONDS if looker.restless else LOOK_SECONDS)
        except queue.Empty:
            event = None
        moved = event is not None
        while event is not None:
            if isinstance(event, Key):
                if not _press(session, event.name.lower(), view):
                    return
            else:
                session.take(event)
            event = None if inbox.empty() else inbox.get()
        for path in looker.saved()[-1:]:
            moved = True
            session.saved(path)
            looker.watch(session.paths())
        session.tick()


def _press(session: Session, key: str, view: Page | Lines) -> bool:
    """Do what a key asks; return whether to go on."""
    progress = session.progress
    following = session.next_assignment() if progress.finished and not progress.chosen else None
    if isinstance(view, Page):
        view.press(key)
    if key == "n" and following is not None:
        session.go_to(following)
        session.ask_all()
    elif key in ("n", "p"):
        progress.step(1 if key == "n" else -1)
    elif key == "r":
        session.again()
    return key != "q"


def _leave_on_signals() -> None:
    """Make the signals that end a program end it in order, as Ctrl-C does."""

    def leave(number: int, frame: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # who ends a program in a hurry sends several
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), leave)
