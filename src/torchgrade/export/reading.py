"""Reading results, as the grader writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ..grade.results import SubmissionResult

__all__ = ["choose", "read_results", "results_of"]


def read_results(path: Path, *, settled: bool = True) -> list[SubmissionResult]:
    """Read a ``results.jsonl``, or the one in a folder; the results are ordered by the submissions' names.

    Args:
        path: Where.
        settled: Take scores as well in which lateness is already, as `torchgrade gradebook export` writes them.

    Raises:
        FileNotFoundError: There is none.
        ValueError: It is no such file, holds the results of two assignments, or settled scores where those do not do.
    """
    file = path / "results.jsonl" if path.is_dir() else path
    if not file.is_file():
        raise FileNotFoundError(f"{file} does not exist; `torchgrade grade` writes it into its --out folder")
    results = results_of(file.read_text(encoding="utf-8", errors="replace"), str(file))
    if not settled and any(result.settled for result in results):
        raise ValueError(f"{file} holds scores that are settled already; give the results of `torchgrade grade`")
    return results


def results_of(text: str, origin: str = "results.jsonl") -> list[SubmissionResult]:
    """Return the results in the text of a ``results.jsonl``.

    The last line of a submission counts. A last line without its newline, as a kill leaves it, is passed over when
    it is torn.

    Raises:
        ValueError: A line is no result, or two assignments are mixed.
    """
    found: dict[str, SubmissionResult] = {}
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            result = SubmissionResult.from_json(line)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if number == len(lines):
                break
            raise ValueError(
                f"{origin}, line {number}: not a line that `torchgrade grade` writes ({error}); "
                "grade again into a new folder"
            ) from None
        found[result.submission] = result
    _one_assignment(found.values(), origin)
    return [found[name] for name in sorted(found)]


def _one_assignment(results: Iterable[SubmissionResult], origin: str) -> None:
    slugs = sorted({result.assignment for result in results})
    if len(slugs) > 1:
        raise ValueError(
            f"{origin} holds results of {' and '.join(slugs)}; grade each assignment with an --out of its own"
        )


def choose(results: Sequence[SubmissionResult], name: str, origin: str) -> SubmissionResult:
    """Return the result of one submission.

    Raises:
        ValueError: There is none of that name.
    """
    for result in results:
        if result.submission == name:
            return result
    known = ", ".join(result.submission for result in results[:8])
    more = f" and {len(results) - 8} more" if len(results) > 8 else ""
    raise ValueError(f"{origin} holds no submission called {name!r}; it holds {known or 'none at all'}{more}")
