"""The trusted end of a channel to a worker process, with a clock on every answer."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import Any

from ..errors import Verdict
from ..language import _
from ..wire import FrameClosed, FrameTimeout, WireError, WireLimits, receive, send
from .load import Load
from .patience import Patience, PatientSocket

__all__ = ["SocketTransport"]

POST_BYTES = 1 << 16  # a socket takes as much when nobody reads it yet


class SocketTransport:
    """Exchange frames with a worker process, for as long as its check's time lasts.

    Args:
        channel: A connected stream socket, which is this object's from here on.
        end: Ends the worker and everything it started; told that it died, returns a verdict that says how.
        seconds: Time that all answers of the check may take together, on a machine that is not too busy (`Patience`).
        import_seconds: Time that loading the submission may take.
        load: Asks how much of its time the worker was kept waiting for a processor; None where nobody knows.
    """

    def __init__(
        self,
        channel: socket.socket,
        end: Callable[[bool], Verdict | None],
        seconds: float,
        import_seconds: float,
        load: Callable[[], Load] | None = None,
    ) -> None:
        self.channel, self.end = PatientSocket(fileno=channel.detach()), end
        self.calling, self.importing = Patience(seconds, load), Patience(import_seconds, load)
        self.verdict: Verdict | None = None
        self.closed = self.posted = False

    def post(self, header: bytes, buffers: list[memoryview]) -> None:
        """Send a request to load, if that can be done without waiting; `exchange` of the same then waits only."""
        if len(header) + sum(buffer.nbytes for buffer in buffers) > POST_BYTES:
            return
        self.channel.patience = self.importing
        self.importing.start()
        with contextlib.suppress(FrameClosed, FrameTimeout):  # the exchange finds out why
            send(self.channel, header, buffers)
            self.posted = True

    def exchange(self, header: bytes, buffers: list[memoryview], *, loading: bool) -> tuple[Any, list[Any]]:
        """Send a request and wait for its answer.

        Raises:
            Verdict: The worker took too long, died, or sent what is no frame; from then on always the same one.
        """
        if self.verdict is not None:
            raise self.verdict
        self.channel.patience = patience = self.importing if loading else self.calling
        try:
            if self.posted:
                self.posted = False
            else:
                patience.start()
                send(self.channel, header, buffers)
            return receive(self.channel, WireLimits())
        except FrameTimeout:
            self.verdict = Verdict("timeout", self._too_slow(loading))
        except FrameClosed:
            self.verdict = self._end(died=True)
        except WireError:
            self.verdict = Verdict("crashed", _("Your program sent bytes of its own where its answer was expected."))
        finally:
            patience.stop()
            self.calling.used_before = self.importing.taken()
        self.close()
        raise self.verdict

    def _too_slow(self, loading: bool) -> str:
        if loading:
            sentence = _(
                "Importing your file took longer than {seconds} seconds. Is there a loop outside the functions?"
            )
            return sentence.format(seconds=f"{self.importing.limit:g}")
        sentence = _("This took longer than {seconds} seconds. Does a loop never end?")
        return sentence.format(seconds=f"{self.calling.limit:g}")

    def close(self) -> None:
        """End the worker."""
        if not self.closed:
            self._end(died=False)

    def _end(self, *, died: bool) -> Verdict:
        self.closed = True
        self.channel.close()
        return self.end(died) or Verdict("crashed", _("Your code closed the connection to the grader."))
