"""Reading the cells of a notebook file."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..course.files import read_text
from ..errors import CourseError

__all__ = ["Cell", "read_cells"]


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes:
        number: Counted from 1 over cells of all kinds, as a reader of the notebook counts them.
        kind: ``"markdown"``, ``"code"`` or ``"raw"``.
        source: Its text.
        metadata: What graders and front ends noted on it.
        output: What it printed and its last value as text, as saved in the file.
        ran: Whether it was run before the file was saved.
        attachments: Names of pictures that were pasted into it.
    """

    number: int
    kind: str
    source: str
    metadata: dict[str, Any] = field(default_factory=dict)
    output: str = ""
    ran: bool = False
    attachments: tuple[str, ...] = ()


def read_cells(file: Path) -> list[Cell]:
    """Read a notebook in any format that nbformat knows.

    Raises:
        CourseError: The file is no notebook, is cut off, holds another language than Python, or nbformat is missing.
    """
    notebook = _upgraded(file, _table(file))
    language = notebook.get("metadata", {}).get("kernelspec", {}).get("language", "python")
    if str(language).lower() != "python":
        raise CourseError(file, "metadata.kernelspec", f"is a notebook in {language}", "only Python can be imported")
    return [_cell(number, cell) for number, cell in enumerate(notebook["cells"], 1)]


def _table(file: Path) -> dict[str, Any]:
    if file.is_dir():
        found = [path.name for path in sorted(file.glob("*.ipynb"))]
        remedy = (
            f"name one of its notebooks: {', '.join(found)}" if found else "name the source notebook, a .ipynb file"
        )
        raise CourseError(file, "", "is a folder", remedy)
    text = read_text(file)
    try:
        table = json.loads(text)
    except (ValueError, RecursionError) as error:
        cut = text.lstrip().startswith("{")
        problem = f"is a notebook that is cut off or damaged: {error}" if cut else "is not a notebook (it is not JSON)"
        remedy = "save it again from Jupyter" if cut else "name the source notebook itself, a .ipynb file"
        raise CourseError(file, f"line {getattr(error, 'lineno', 1)}", problem, remedy) from None
    if not isinstance(table, dict) or "nbformat" not in table:
        remedy = "name the source notebook itself, a .ipynb file"
        raise CourseError(file, "", "is JSON, but not a notebook: it has no key nbformat", remedy)
    return table


def _upgraded(file: Path, table: dict[str, Any]) -> dict[str, Any]:
    """Bring a notebook to format 4."""
    try:
        import nbformat
    except ImportError:
        remedy = 'python -m pip install "torchgrade[notebook]"'
        raise CourseError(file, "", "reading notebooks needs nbformat, which is not installed", remedy) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a missing id matters to no one here
            read: Any = nbformat.reads  # it has no types
            found: dict[str, Any] = read(json.dumps(table), as_version=4)
        if not isinstance(found["cells"], list):
            raise TypeError("cells is no list")
        return found
    except Exception as error:  # what a damaged notebook raises in there is of many kinds
        problem = f"is a damaged notebook: {type(error).__name__}: {error}"
        raise CourseError(file, "", problem, "open it in Jupyter and save it again") from None


def _cell(number: int, cell: dict[str, Any]) -> Cell:
    outputs = "".join(_texts(cell.get("outputs", [])))
    return Cell(
        number,
        str(cell.get("cell_type", "raw")),
        _joined(cell.get("source", "")).replace("\r\n", "\n"),
        dict(cell.get("metadata", {})),
        outputs.rstrip("\n"),
        cell.get("execution_count") is not None or bool(outputs),
        tuple(cell.get("attachments", {})),
    )


def _texts(outputs: list[dict[str, Any]]) -> Iterator[str]:
    for output in outputs:
        if output.get("output_type") == "stream" and output.get("name") == "stderr":
            continue
        yield _joined(output.get("text", ""))
        yield _joined(output.get("data", {}).get("text/plain", ""))


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)
