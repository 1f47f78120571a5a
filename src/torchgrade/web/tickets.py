"""What has been handed in at the door: a folder each, so that a restart loses nothing."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..grade.results import CheckResult, SubmissionResult

__all__ = ["Ticket", "Tickets", "student_name"]

NAME_LIMIT = 60
NOTE = ".ticket.json"
_UNUSUAL = re.compile(r"[^\w.@+-]+")


@dataclass
class Ticket:
    """One submission on its way.

    Attributes:
        id: What its address ends with; nobody guesses it.
        slug: The assignment.
        name: How the results name it: student, attempt and time, as ``torchgrade scores --times names`` reads them.
        student: Who says to have handed it in.
        owner: The browser it came from.
        received: When.
        path: Its file.
        state: ``waiting``, ``running``, ``done``, or ``failed`` when the grader could not tell.
        checks: Those that have ended so far, in the order in which they ran.
        result: All there is to say, once it is known.
    """

    id: str
    slug: str
    name: str
    student: str
    owner: str
    received: datetime
    path: Path
    state: str = "waiting"
    checks: list[CheckResult] = field(default_factory=list)
    result: SubmissionResult | None = None


class Tickets:
    """All tickets, in memory and on disk.

    Args:
        folder: Where submissions are kept: a folder for each assignment, in it a folder for each submission, as
            ``torchgrade grade`` takes a class.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.known = {ticket.id: ticket for ticket in _read(folder)}

    def add(self, slug: str, student: str, owner: str, file_name: str, text: bytes) -> Ticket:
        """Keep a submission.

        Args:
            slug: The assignment.
            student: A name as `student_name` makes it.
            owner: The browser it came from.
            file_name: What its file is called.
            text: What is in it.
        """
        received = datetime.now(timezone.utc)
        with self.lock:  # two attempts at once must not get the same number
            attempt = 1 + sum(one.slug == slug and one.student == student for one in self.known.values())
            name = f"{student}__{attempt}__{received:%Y-%m-%dT%H-%M-%S+0000}"
            place = self.folder / slug / name
            place.mkdir(parents=True)
            ticket = Ticket(secrets.token_urlsafe(16), slug, name, student, owner, received, place / file_name)
            self.known[ticket.id] = ticket
        ticket.path.write_bytes(text)
        _note(ticket)
        return ticket

    def get(self, identity: str) -> Ticket | None:
        """Return a ticket by its id."""
        return self.known.get(identity)

    def of(self, owner: str) -> list[Ticket]:
        """Return what came from a browser, the newest first."""
        return [ticket for ticket in self.all() if ticket.owner == owner]

    def all(self) -> list[Ticket]:
        """Return every ticket, the newest first."""
        with self.lock:
            return sorted(self.known.values(), key=lambda ticket: ticket.received, reverse=True)


def student_name(text: str) -> str:
    """Make what somebody typed a name that files, results and tables can hold; empty where nothing of it is left.

    Two underscores part a student from an attempt, so that a name has none in a row.
    """
    plain = _UNUSUAL.sub("-", unicodedata.normalize("NFKC", text))
    return re.sub("_{2,}", "_", plain).strip("._-")[:NAME_LIMIT].rstrip("._-")


def _note(ticket: Ticket) -> None:
    """Write beside a submission what its folder's name does not say; it is whole or not there."""
    note = {"id": ticket.id, "student": ticket.student, "owner": ticket.owner, "file": ticket.path.name}
    draft = ticket.path.with_name(NOTE + ".new")
    draft.write_text(json.dumps({**note, "received": ticket.received.isoformat()}), encoding="utf-8")
    os.replace(draft, ticket.path.with_name(NOTE))


def _read(folder: Path) -> Iterator[Ticket]:
    for path in folder.glob(f"*/*/{NOTE}"):
        with contextlib.suppress(ValueError, KeyError, TypeError, OSError):
            note: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            yield Ticket(
                note["id"], path.parent.parent.name, path.parent.name, note["student"], note["owner"],
                datetime.fromisoformat(note["received"]), path.with_name(note["file"]),
            )  # fmt: skip
