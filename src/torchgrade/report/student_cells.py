"""A student's file as cells that can be shown: bounded, and without anything that acts.

Of outputs what is left is text and pictures in PNG or JPEG. HTML, JavaScript, SVG and widgets are never even decoded,
nor are metadata, ids and attachments: nobody can hide anything in what is not taken over.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import msgspec

from ..grade.results import readable
from ..language import _
from .defined import cut
from .text import verbatim

__all__ = ["Output", "StudentCell", "cells_of_notebook", "cells_of_source"]

MAX_CELLS, MAX_OUTPUTS = 1000, 40
MAX_SOURCE, MAX_SOURCES = 60_000, 300_000  # characters: of a cell, of all
MAX_TEXT, MAX_TEXTS = 256 << 10, 1 << 20  # bytes of an output, of all
MAX_IMAGE, MAX_IMAGES = 3 << 20, 6 << 20
_IMAGES = MappingProxyType({"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"})
_OLD = MappingProxyType({"text": "text/plain", "png": "image/png", "jpeg": "image/jpeg"})  # version 3 of the format
_BROKEN = (msgspec.DecodeError, RecursionError)


@dataclass(frozen=True)
class Output:
    """One output that can be shown.

    Attributes:
        kind: ``stdout``, ``stderr``, ``text/plain``, ``image/png``, ``image/jpeg``, or ``note`` for words of ours.
        data: Clean text, or a picture in base64.
    """

    kind: str
    data: str


@dataclass(frozen=True)
class StudentCell:
    """One cell.

    Attributes:
        kind: ``code``, ``markdown``, or ``raw`` for text that nobody should format.
        source: Its text.
        outputs: Of code, what the student's file shows below it.
        line: Of a piece of a ``.py`` file, the number of its first line; else 0.
    """

    kind: str
    source: str
    outputs: tuple[Output, ...] = ()
    line: int = 0


class _Cell(msgspec.Struct):
    cell_type: str
    source: msgspec.Raw = msgspec.Raw(b'""')
    input: msgspec.Raw = msgspec.Raw(b'""')
    outputs: msgspec.Raw = msgspec.Raw(b"[]")


class _Sheet(msgspec.Struct):
    cells: list[_Cell] = []


class _Notebook(msgspec.Struct):
    cells: list[_Cell] | None = None
    worksheets: list[_Sheet] | None = None


@dataclass
class _Room:
    """What may still be taken over."""

    source: int = MAX_SOURCES
    text: int = MAX_TEXTS
    image: int = MAX_IMAGES


def cells_of_notebook(data: bytes) -> list[StudentCell]:
    """Return the cells of a notebook, of versions 2 to 4 of the format.

    Raises:
        ValueError: It cannot be read.
    """
    try:
        notebook = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Notebook)
        sheets = [_Sheet(notebook.cells)] if notebook.cells is not None else notebook.worksheets or []
        cells, room = [cell for sheet in sheets for cell in sheet.cells], _Room()
        return [*(_cell(cell, room) for cell in cells[:MAX_CELLS]), *_more(len(cells))]
    except _BROKEN as error:
        raise ValueError(f"it is no notebook ({str(error)[:200]})") from None


def cells_of_source(data: bytes) -> list[StudentCell]:
    """Return a module as cells of code, one for each function and class."""
    text = data.decode("utf-8-sig", "backslashreplace").replace("\r\n", "\n").replace("\r", "\n")
    room, pieces = _Room(), cut(text[:MAX_SOURCES])
    cells = [StudentCell("code", _cut(piece, room), line=line) for line, piece in pieces[:MAX_CELLS]]
    if len(text) > MAX_SOURCES:
        more = _("{count} more characters were handed in; they are not shown.")
        cells.append(StudentCell("raw", more.format(count=f"{len(text) - MAX_SOURCES:,}")))
    return [*cells, *_more(len(pieces))]


def _more(found: int) -> list[StudentCell]:
    words = _("{count} more cells were handed in; they are not shown.").format(count=found - MAX_CELLS)
    return [StudentCell("raw", words)] if found > MAX_CELLS else []


def _cell(cell: _Cell, room: _Room) -> StudentCell:
    raw = cell.source if bytes(cell.source) != b'""' else cell.input
    found = msgspec.json.decode(raw, type=str | list[str])
    source = _cut(found if isinstance(found, str) else "".join(found), room)
    if cell.cell_type == "code":
        return StudentCell("code", source, tuple(_outputs(cell.outputs, room)))
    if cell.cell_type == "heading":  # version 3
        return StudentCell("markdown", f"## {source}")
    return StudentCell("markdown" if cell.cell_type == "markdown" else "raw", source)


def _cut(source: str, room: _Room) -> str:
    most = min(MAX_SOURCE, room.source)
    room.source -= min(len(source), most)
    if len(source) <= most:
        return readable(source)
    more = _("… and {count} more characters, which are not shown").format(count=f"{len(source) - most:,}")
    return f"{readable(source[:most])}\n# {more}"


def _outputs(raw: msgspec.Raw, room: _Room) -> Iterator[Output]:
    try:
        listed = msgspec.json.decode(raw, type=list[msgspec.Raw])
    except _BROKEN:
        yield Output("note", _("Its outputs cannot be read."))
        return
    for one in listed[:MAX_OUTPUTS]:
        try:
            yield _output(msgspec.json.decode(one, type=dict[str, msgspec.Raw]), room)
        except _BROKEN:
            yield Output("note", _("This output cannot be read."))
    if len(listed) > MAX_OUTPUTS:
        more = _("{count} more outputs are not shown.").format(count=len(listed) - MAX_OUTPUTS)
        yield Output("note", more)


def _output(fields: dict[str, msgspec.Raw], room: _Room) -> Output:
    kind = msgspec.json.decode(fields.get("output_type", b'""'), type=str)
    if kind == "stream":
        name = fields.get("name", fields.get("stream", b'""'))
        return _text("stderr" if bytes(name) == b'"stderr"' else "stdout", fields.get("text"), room)
    if kind in ("error", "pyerr"):
        return _text("stderr", fields.get("traceback"), room, "\n")
    data = fields.get("data")
    found = {_OLD.get(name, name): value for name, value in fields.items()}
    found = msgspec.json.decode(data, type=dict[str, msgspec.Raw]) if data is not None else found
    for mime, magic in _IMAGES.items():
        picture = _picture(found[mime], magic, room) if mime in found else ""
        if picture:
            return Output(mime, picture)
    if "text/plain" in found:
        return _text("text/plain", found["text/plain"], room)
    return Output("note", _("An output of another kind than text or a picture is not shown."))


def _text(kind: str, raw: msgspec.Raw | None, room: _Room, between: str = "") -> Output:
    size = 0 if raw is None else len(bytes(raw))
    if size > min(MAX_TEXT, room.text):
        return Output("note", _("An output of {count} bytes is not shown.").format(count=f"{size:,}"))
    room.text -= size
    found = msgspec.json.decode(raw or b'""', type=str | list[str])
    return Output(kind, verbatim(readable(found if isinstance(found, str) else between.join(found))))


def _picture(raw: msgspec.Raw, magic: bytes, room: _Room) -> str:
    """Return a picture in base64 without line ends; nothing where it is none, or too large."""
    if len(bytes(raw)) > min(MAX_IMAGE, room.image):
        return ""
    found = msgspec.json.decode(raw, type=str | list[str])
    try:
        text = "".join((found if isinstance(found, str) else "".join(found)).split())
        picture = base64.b64decode(text.encode("ascii", "replace"), validate=True)
    except binascii.Error:
        return ""
    room.image -= len(bytes(raw))
    return text if picture.startswith(magic) else ""
