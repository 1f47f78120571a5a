"""Comparing a class with itself: what few have, and two share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log2

import numpy as np

from .prints import Hashes, fingerprints
from .reading import Text
from .tokens import parts_of, symbols_of

__all__ = ["Pair", "PartMatch", "compare", "most_who_share"]

_LEAST, _SHARE, _MOST = 4, 10, 40
_LEAST_PRINTS = 3
_LEAST_SCORE = 20.0  # below it lie independent right answers to each of the course's assignments (a test tries them)


@dataclass(frozen=True)
class PartMatch:
    """What two submissions have in common in one exercise.

    Attributes:
        exercise: Its name; empty for what is in no exercise.
        weight: Of the shared fragments together, in bits: how surprising they are in this class.
        share: Their part of what is the shorter one's own, 0 to 1.
        prints: The shared fingerprints.
    """

    exercise: str
    weight: float
    share: float
    prints: frozenset[int]


@dataclass(frozen=True)
class Pair:
    """Two submissions to look at.

    Attributes:
        first: One submission's name.
        second: The other's.
        score: What pairs are ranked by: over the exercises, the weight times the share.
        share: Part of what is the shorter ones' own that is in both, over the exercises, 0 to 1.
        parts: The exercises with something in common, the weightiest first.
    """

    first: str
    second: str
    score: float
    share: float
    parts: tuple[PartMatch, ...]


def most_who_share(number: int) -> int:
    """Return how many of ``number`` submissions may have a fragment that still counts: a tenth, from 4 to 40."""
    return min(max(_LEAST, number // _SHARE), _MOST)


def compare(texts: Iterable[Text], known: Iterable[str], exercises: Sequence[str], top: int = 50) -> list[Pair]:
    """Return the pairs of submissions that have most in common which few others have.

    Each exercise is compared with itself only, so the order in a file does not matter. A fragment that is in the stub,
    the reference or another known answer counts for nothing, nor does one that more than a tenth of the class has.
    Others weigh the more the fewer have them: ``1 + log2(submissions / those who have it)``.

    Args:
        texts: The submissions.
        known: Code that anyone may have.
        exercises: Names of the exercises.
        top: How many pairs at the most.
    """
    free = _known_prints(known, exercises)
    names, students, parts = list[str](), list[str](), defaultdict[str, dict[int, Hashes]](dict)
    for place, text in enumerate(texts):
        names.append(text.name)
        students.append(text.student)
        for name, prints in _prints_of(text.source, exercises):
            own = np.setdiff1d(prints, free[name]) if name in free else np.unique(prints)
            if len(own):
                parts[name][place] = own
    found: dict[tuple[int, int], list[PartMatch]] = defaultdict(list)
    least: dict[tuple[int, int], float] = defaultdict(float)
    for exercise, own_prints in parts.items():
        for pair, match, smaller in _matches(exercise, own_prints, len(names), students):
            found[pair].append(match)
            least[pair] += smaller
    worth = (pair for pair in found if _score(found[pair]) >= _LEAST_SCORE)
    ranked = sorted(worth, key=lambda pair: (-_score(found[pair]), pair))[:top]
    return [
        Pair(
            names[pair[0]], names[pair[1]], _score(found[pair]),
            sum(match.weight for match in found[pair]) / least[pair],
            tuple(sorted(found[pair], key=lambda match: -match.weight)),
        )
        for pair in ranked
    ]  # fmt: skip


def _score(matches: Iterable[PartMatch]) -> float:
    return sum(match.weight * match.share for match in matches)


def _prints_of(source: str, exercises: Sequence[str]) -> Iterator[tuple[str, Hashes]]:
    for name, part in parts_of(symbols_of(source), exercises).items():
        yield name, fingerprints(part.symbols)[0]


def _known_prints(known: Iterable[str], exercises: Sequence[str]) -> dict[str, Hashes]:
    found: dict[str, list[Hashes]] = defaultdict(list)
    for source in known:
        for name, prints in _prints_of(source, exercises):
            found[name].append(prints)
    return {name: np.unique(np.concatenate(prints)) for name, prints in found.items()}


def _matches(
    exercise: str, parts: dict[int, Hashes], number: int, students: Sequence[str]
) -> Iterator[tuple[tuple[int, int], PartMatch, float]]:
    """Yield each pair with something in common in an exercise, and the weight of the shorter one's own."""
    hashes = np.concatenate(list(parts.values()))
    owners = np.concatenate([np.full(len(prints), place) for place, prints in parts.items()])
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    edges = np.flatnonzero(np.diff(hashes)) + 1
    own: dict[int, float] = defaultdict(float)
    shared: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    most = most_who_share(number)
    for group, one in zip(np.split(owners, edges), hashes[np.r_[0, edges]], strict=True):
        if len(group) > most:
            continue
        weight = 1 + log2(number / len(group))
        for place in group.tolist():
            own[place] += weight
        for pair in combinations(sorted(group.tolist()), 2):
            if students[pair[0]] != students[pair[1]]:
                shared[pair].append((int(one), weight))
    for pair, prints in shared.items():
        if len(prints) >= _LEAST_PRINTS:
            weight, smaller = sum(weight for _, weight in prints), min(own[pair[0]], own[pair[1]])
            yield pair, PartMatch(exercise, weight, weight / smaller, frozenset(one for one, _ in prints)), smaller
