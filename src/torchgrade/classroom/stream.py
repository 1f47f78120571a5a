"""Results read one at a time, so that a class of any size takes little memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from ..grade.results import FORMAT, SubmissionResult

__all__ = ["ResultsFile"]


class _Head(msgspec.Struct):
    format: int
    assignment: str
    submission: str


class ResultsFile:
    """The results of one assignment on disk; only where each of them begins is kept in memory.

    The last line of a submission counts. A last line that a kill has torn is passed over.

    Args:
        path: A ``results.jsonl``, or the folder that holds it.

    Raises:
        FileNotFoundError: There is none.
        ValueError: It holds nothing, a line that is no result, or the results of two assignments.
    """

    def __init__(self, path: Path) -> None:
        self.path = path / "results.jsonl" if path.is_dir() else path
        if not self.path.is_file():
            raise FileNotFoundError(f"{self.path} does not exist; `torchgrade grade` writes it into its --out folder")
        self._places: dict[str, int] = {}
        slugs = {head.assignment for head in self._index()}
        if len(slugs) != 1:
            found = f"results of {' and '.join(sorted(slugs))}" if slugs else "no results"
            raise ValueError(f"{self.path} holds {found}; grade each assignment with an --out of its own")
        self.assignment = slugs.pop()

    def _index(self) -> Iterator[_Head]:
        decoder, place = msgspec.json.Decoder(_Head), 0
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    try:
                        head = decoder.decode(line)
                        if head.format != FORMAT:
                            raise ValueError(f"format {head.format}, where {FORMAT} was expected")
                    except (ValueError, RecursionError) as error:
                        if not line.endswith(b"\n"):
                            return
                        raise ValueError(
                            f"{self.path}, line {number}: not a line that `torchgrade grade` writes ({error}); "
                            "grade again into a new folder"
                        ) from None
                    self._places[head.submission] = place
                    yield head
                place += len(line)

    @property
    def names(self) -> list[str]:
        """The submissions, sorted."""
        return sorted(self._places)

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a submission of that name."""
        return name in self._places

    def __iter__(self) -> Iterator[SubmissionResult]:
        """Read the results, ordered by the submissions' names."""
        return self.read(self.names)

    def read(self, names: list[str]) -> Iterator[SubmissionResult]:
        """Read the results of some submissions, in the order given.

        Raises:
            KeyError: There is no submission of that name.
            ValueError: Its line lacks something that a result has.
        """
        with self.path.open("rb") as file:
            for name in names:
                file.seek(self._places[name])
                try:
                    yield SubmissionResult.from_json(file.readline().decode("utf-8", "replace"))
                except (KeyError, TypeError, AttributeError) as error:
                    raise ValueError(
                        f"{self.path}, submission {name!r}: not a line that `torchgrade grade` writes ({error}); "
                        "grade again into a new folder"
                    ) from None
