"""What a source notebook of another grader is made of, whichever grader it was written for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Case", "Note", "Piece", "Source", "shared_out"]


@dataclass(frozen=True)
class Note:
    """Something that an instructor must know of the import.

    Attributes:
        cell: The cell it is about, counted from 1 over cells of all kinds; 0 for the notebook as a whole.
        what: What stands there.
        why: Why it was not carried, or how it was changed.
        lost: Whether it is missing from the assignment; otherwise it is there, in another form.
        text: The words of the cell that are missing.
        points: Points that go with it.
    """

    cell: int
    what: str
    why: str
    lost: bool = True
    text: str = ""
    points: float = 0.0


@dataclass(frozen=True)
class Case:
    """A test: Python that passes where the answer is right.

    Attributes:
        cell: Where it stands.
        name: What its author called it.
        source: Its text.
        points: What it is worth.
        visible: Whether students receive it.
        because: Words for the student who fails it; empty for none.
        trouble: Why it cannot be carried, where the reader of the format knows already; else empty.
        text: The cell's own words, where the source was made of them; empty where they are the same.
    """

    cell: int
    name: str
    source: str
    points: float
    visible: bool
    because: str = ""
    trouble: str = ""
    text: str = ""

    @property
    def words(self) -> str:
        """What its author wrote."""
        return self.text or self.source


@dataclass(frozen=True)
class Piece:
    """A cell with its part in the assignment.

    Attributes:
        role: ``"text"`` for the handout, ``"code"``, or ``"test"``.
        cell: Its number.
        source: Its text; of a test, all of its cases together.
        whole: A code cell that is the answer from its first line to its last, without markers.
        cases: Of a test.
    """

    role: Literal["text", "code", "test"]
    cell: int
    source: str
    whole: bool = False
    cases: tuple[Case, ...] = ()


@dataclass
class Source:
    """A notebook as its grader's format describes it.

    Attributes:
        title: What it calls itself; empty for nothing.
        pieces: In order.
        notes: What was not understood or has no place here.
    """

    title: str = ""
    pieces: list[Piece] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def shared_out(points: float, weights: Sequence[float]) -> list[float]:
    """Share points out by weight, in hundredths; the last one gets what rounding left."""
    total = sum(weights)
    shares = [round(points * weight / total, 2) if total else 0.0 for weight in weights]
    if shares:
        shares[-1] = round(points - sum(shares[:-1]), 2)
    return shares
