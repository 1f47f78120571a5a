"""What the grader knows of each collected check."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pytest

from ..checks import CheckSpec, spec_of
from ..errors import AuthorError

__all__ = ["CHECK", "CheckInfo", "describe_items"]


@dataclass(frozen=True)
class CheckInfo:
    """One check, or one case of a parametrized one.

    Attributes:
        id: ``graders/<slug>/<file>::<function>[<case>]``, the same on every machine.
        spec: What its author said of it.
        points: Its share of the function's points.
        seed: Where every random generator of the worker starts; a student can find it out.
        own_seed: Where those of the trusted side start: it depends on the text of the checks, which a student does not
            have, so that no worker can draw the inputs of a hidden check before they come.
        needs_gpu: Whether it is deferred without CUDA.
    """

    id: str
    spec: CheckSpec
    points: Fraction
    seed: int
    own_seed: int
    needs_gpu: bool


CHECK = pytest.StashKey[CheckInfo]()


def describe_items(items: Iterable[pytest.Function], home: Path, words: Callable[[str], str] = str) -> None:
    """Put a `CheckInfo` in each item's stash, and have ``pytest -k`` know its exercise.

    Args:
        items: Items whose functions carry `@check`, before any deselection: cases share the function's points.
        home: The folder that identifiers are relative to.
        words: Looks the checks' titles up in the course's translation.
    """
    checks = list(items)
    cases = Counter((item.path, item.originalname, item.cls) for item in checks)
    for item in checks:
        spec = spec_of(item.function)
        assert spec is not None
        where = item.path.relative_to(home).as_posix() if item.path.is_relative_to(home) else item.path.name
        identity = f"{where}::{item.nodeid.partition('::')[2]}"
        share = Fraction(spec.points).limit_denominator(1000) / cases[item.path, item.originalname, item.cls]
        gpu = item.get_closest_marker("gpu") is not None
        own_seed = zlib.crc32(hashlib.sha256(item.path.read_bytes() + identity.encode()).digest())
        spec = replace(spec, title=words(spec.title))
        item.stash[CHECK] = CheckInfo(identity, spec, share, zlib.crc32(identity.encode()), own_seed, gpu)
        item.extra_keyword_matches.add(spec.exercise)  # pytest -k by the name that students know


def refuse_unknown_exercises(items: Iterable[pytest.Function], exercises: tuple[str, ...]) -> None:
    """Check that every item belongs to an exercise of the assignment.

    Raises:
        AuthorError: One does not; the message names it.
    """
    for item in items:
        info = item.stash[CHECK]
        if info.spec.exercise not in exercises:
            raise AuthorError(
                f"{info.id}: @check names the exercise {info.spec.exercise!r}, which assignment.toml does not have; "
                f"it has {', '.join(exercises)}"
            )
