"""The two texts of a pair, side by side, with the lines that they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .compare import PartMatch
from .prints import ROW, fingerprints
from .tokens import Symbol, parts_of, symbols_of

__all__ = ["Line", "Side", "sides_of"]

MOST_LINES = 120


@dataclass(frozen=True)
class Line:
    """One line of a submission: its number, its text, and whether half of it or more is in shared fragments."""

    number: int
    text: str
    shared: bool


@dataclass(frozen=True)
class Side:
    """One exercise of one submission.

    Attributes:
        lines: The lines in which it is, in order; what lies between them and belongs elsewhere is left out.
        more: How many further lines are not shown.
    """

    lines: tuple[Line, ...]
    more: int

    @property
    def shared(self) -> tuple[int, ...]:
        """The numbers of the lines that are shared."""
        return tuple(line.number for line in self.lines if line.shared)


def sides_of(source: str, matches: Sequence[PartMatch], exercises: Sequence[str]) -> list[Side]:
    """Return a side for each match.

    Args:
        source: The submission's text, as it was compared.
        matches: What it shares with another one.
        exercises: Names of the exercises, as they were compared.
    """
    parts, lines = parts_of(symbols_of(source), exercises), source.split("\n")
    return [_side(parts[match.exercise].symbols, match.prints, lines) for match in matches]


def _side(symbols: Sequence[Symbol], prints: frozenset[int], lines: Sequence[str]) -> Side:
    hashes, places = fingerprints(symbols)
    covered: set[int] = set()
    for one, place in zip(hashes.tolist(), places.tolist(), strict=True):
        if one in prints:
            covered |= set(range(place, place + ROW))
    # A line of which no more than a bracket at its end is in the fragment below it is not a shared one.
    all_of, parts_of_line = Counter(symbol.line for symbol in symbols), Counter(symbols[at].line for at in covered)
    shared = {line for line, number in parts_of_line.items() if 2 * number >= all_of[line]}
    numbers = _filled(sorted({symbol.line for symbol in symbols}), lines)
    shown = numbers[:MOST_LINES]
    return Side(tuple(Line(number, lines[number - 1], number in shared) for number in shown), len(numbers) - len(shown))


def _filled(numbers: Sequence[int], lines: Sequence[str]) -> list[int]:
    """Add the lines between, such as comments, where no more than a few lie there."""
    found: list[int] = []
    for number in numbers:
        if found and number - found[-1] <= 4 and lines[number - 1][:1].isspace():
            found += range(found[-1] + 1, number)
        found.append(number)
    return found
