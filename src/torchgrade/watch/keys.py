"""Single keys from a terminal, on Windows and elsewhere."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator

__all__ = ["keys_to"]


@contextlib.contextmanager
def keys_to(take: Callable[[str], None]) -> Iterator[bool]:
    """Pass each key that is pressed to ``take``, from a thread; tell whether there is a keyboard.

    The terminal is given back as it was.
    """
    if not sys.stdin or not sys.stdin.isatty():
        yield False
    elif sys.platform == "win32":
        with _from_console(take):
            yield True
    else:
        with _from_terminal(take):
            yield True


if sys.platform == "win32":
    import msvcrt

    @contextlib.contextmanager
    def _from_console(take: Callable[[str], None]) -> Iterator[None]:
        def read() -> None:
            while True:
                take(msvcrt.getwch())

        threading.Thread(target=read, daemon=True).start()
        yield

else:
    import termios
    import tty

    @contextlib.contextmanager
    def _from_terminal(take: Callable[[str], None]) -> Iterator[None]:
        terminal = sys.stdin.fileno()
        before = termios.tcgetattr(terminal)

        def read() -> None:
            with contextlib.suppress(OSError):  # the terminal is gone
                while pressed := os.read(terminal, 64):
                    if pressed[:1] != b"\x1b":  # an arrow, a function key, the mouse: several bytes that are no letters
                        for key in pressed.decode("utf-8", "ignore"):
                            take(key)

        tty.setcbreak(terminal)
        threading.Thread(target=read, daemon=True).start()
        try:
            yield
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)
