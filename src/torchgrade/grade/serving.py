"""What a grader process does from its start to its end, whatever its tasks are."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ..course import Assignment, Course
from ..errors import AuthorError, CourseError

__all__ = ["serve"]

PR_SET_PDEATHSIG = 1


def serve(connection: Connection, root: Path, slug: str, work: Callable[[Course, Assignment], None]) -> None:
    """In the process: do the work, and say what keeps it from being done; then end.

    What is sent is a pair: what the work sends, ``("course", the arguments of a CourseError)`` or ``("failed",
    words)``.

    Args:
        connection: This end of it.
        root: The course's folder.
        slug: The assignment.
        work: Answers tasks until the connection closes.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    _end_with_parent()
    _leave_interrupts_to_parent()
    try:
        course = Course(root)
        work(course, course.assignment(slug))
    except CourseError as error:
        _tell(connection, ("course", (error.file, error.place, error.problem, error.remedy)))
    except AuthorError as error:
        _tell(connection, ("course", (course.graders(slug), "", str(error), "mend the check named above")))
    except Exception as error:
        _tell(connection, ("failed", f"{type(error).__name__}: {error}"))
    finally:
        connection.close()
        os._exit(0)  # torch's heap is not worth half a second of tidying


def _tell(connection: Connection, message: tuple[str, Any]) -> None:
    with contextlib.suppress(OSError):
        connection.send(message)


def _end_with_parent() -> None:
    """Have the kernel end this process with the one that started it, which may be killed at any moment."""
    if sys.platform == "linux":
        from ctypes import CDLL

        CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _leave_interrupts_to_parent() -> None:
    """Ctrl-C in a terminal reaches every process in it; what becomes of this one is its parent's to decide."""
    signal.signal(signal.SIGINT, lambda *_: None)  # SIG_IGN would be handed on to all programs that are started here
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
