"""A notebook's cells, read from its file without building anything else that is in it.

A hostile file must not cost the grader its memory, nor an honest one with a hundred plots: outputs, attachments and
metadata are skipped over by the decoder and never become objects. That leaves little to read, alike in all versions of
the format: version 4 has its cells at the top, versions 2 and 3 in worksheets, with other names for their text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from . import sentences as said
from .magics import plain_python

__all__ = ["MAX_NOTEBOOK_BYTES", "Cells", "read_notebook"]

MAX_NOTEBOOK_BYTES = 64 << 20
MAX_CODE_BYTES = 8 << 20
MAX_NOTES, MAX_SHOWN = 20, 80


class _Cell(msgspec.Struct):
    cell_type: str
    source: msgspec.Raw = msgspec.Raw(b'""')
    input: msgspec.Raw = msgspec.Raw(b'""')


class _Sheet(msgspec.Struct):
    cells: list[_Cell] = []


class _Notebook(msgspec.Struct):
    cells: list[_Cell] | None = None
    worksheets: list[_Sheet] | None = None


@dataclass(frozen=True)
class Cells:
    """The code of a notebook.

    Attributes:
        source: All cells of code below one another, as Python.
        starts: The line of the source at which each of them begins; the first line is 1.
        notes: What was left out of them, as sentences.
    """

    source: str
    starts: tuple[int, ...]
    notes: tuple[str, ...]


def read_notebook(data: bytes, name: str) -> Cells:
    """Read the cells of code.

    Args:
        data: The file.
        name: What it is called, for the errors.

    Raises:
        ValueError: It is cut off, no notebook, or holds more than 8 MiB of code; a sentence for the student.
    """
    parts, starts, notes, line = list[str](), list[int](), list[str](), 1
    for number, cell in enumerate(_code_of(data, name), 1):
        text, left_out = plain_python(cell)
        notes += [said.LINE_LEFT_OUT.format(cell=number, line=one.line, text=_shown(one.text)) for one in left_out]
        parts.append(text)
        starts.append(line)
        line += text.count("\n") + 1
    if len(notes) > MAX_NOTES:
        notes[MAX_NOTES:] = [said.MORE_LEFT_OUT.format(count=len(notes) - MAX_NOTES)]
    return Cells("\n".join(parts), tuple(starts) or (1,), tuple(notes))


def _code_of(data: bytes, name: str) -> Iterator[str]:
    try:
        notebook = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Notebook)
        sheets = [_Sheet(notebook.cells)] if notebook.cells is not None else notebook.worksheets
        if sheets is None:
            raise ValueError(said.NO_CELLS.format(file=name))
        left = MAX_CODE_BYTES
        for cell in (cell for sheet in sheets for cell in sheet.cells if cell.cell_type == "code"):
            raw = bytes(cell.source) if bytes(cell.source) != b'""' else bytes(cell.input)
            left -= len(raw)
            if left < 0:
                raise ValueError(said.MUCH_CODE.format(file=name, size=MAX_CODE_BYTES >> 20))
            text = msgspec.json.decode(raw, type=str | list[str])
            yield text if isinstance(text, str) else "".join(text)
    except msgspec.DecodeError as error:
        raise ValueError(_what_is_wrong(data).format(file=name, error=str(error)[:200])) from None
    except RecursionError:
        raise ValueError(said.TOO_DEEP.format(file=name)) from None


def _what_is_wrong(data: bytes) -> str:
    if not data.strip():
        return said.EMPTY
    return said.CUT_OFF if data.lstrip()[:1] == b"{" and data.rstrip()[-1:] != b"}" else said.NO_JSON


def _shown(text: str) -> str:
    line = text.replace("`", "'").split("\n")[0]
    return f"`{line if len(line) <= MAX_SHOWN else line[: MAX_SHOWN - 1] + '…'}`"
