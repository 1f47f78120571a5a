from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from torchgrade.report.student_cells import (
    MAX_CELLS,
    MAX_IMAGE,
    MAX_OUTPUTS,
    MAX_SOURCE,
    MAX_SOURCES,
    MAX_TEXT,
    Output,
    StudentCell,
    cells_of_notebook,
    cells_of_source,
)

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and the rest").decode()


def notebook_of(*cells: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}).encode()


def code(source: Any = "x = 1", *outputs: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs), **more}


def shown(**data: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {name.replace("_", "/", 1): value for name, value in data.items()}}


def outputs_of(*outputs: Any) -> list[tuple[str, str]]:
    (cell,) = cells_of_notebook(notebook_of(code("x", *outputs)))
    return [(one.kind, one.data) for one in cell.outputs]


def test_text_code_and_outputs_are_taken_over():
    stream = {"output_type": "stream", "name": "stdout", "text": ["one\n", "two"]}
    result = {"output_type": "execute_result", "data": {"text/plain": "3"}}
    error = {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["\x1b[31mE\x1b[0m", "line"]}
    words = {"cell_type": "markdown", "source": ["# Title\n", "words"]}
    cells = cells_of_notebook(notebook_of(words, code(["x = 1\n", "x"], stream, result, error)))
    assert cells == [
        StudentCell("markdown", "# Title\nwords"),
        StudentCell(
            "code",
            "x = 1\nx",
            (Output("stdout", "one\ntwo"), Output("text/plain", "3"), Output("stderr", "E\nline")),
        ),
    ]


def test_version_3_is_read():
    cell = {
        "cell_type": "code",
        "input": "x",
        "outputs": [{"output_type": "pyout", "text": "3"}, {"output_type": "stream", "stream": "stderr", "text": "w"}],
    }
    sheets = [{"cells": [{"cell_type": "heading", "level": 1, "source": "Title"}, cell]}]
    found = cells_of_notebook(json.dumps({"nbformat": 3, "worksheets": sheets}).encode())
    assert [one.source for one in found] == ["## Title", "x"]
    assert found[1].outputs == (Output("text/plain", "3"), Output("stderr", "w"))


def test_a_picture_is_kept_and_a_pretended_one_is_not():
    assert outputs_of(shown(image_png=PNG, text_plain="<Figure>")) == [("image/png", PNG)]
    script = base64.b64encode(b"<svg onload=alert(1)>").decode()
    assert outputs_of(shown(image_png=script, text_plain="<Figure>")) == [("text/plain", "<Figure>")]
    assert outputs_of(shown(image_png='" onload="alert(1)', text_plain="<Figure>")) == [("text/plain", "<Figure>")]
    assert outputs_of(shown(image_png="A" * (MAX_IMAGE + 4), text_plain="<Figure>")) == [("text/plain", "<Figure>")]


@pytest.mark.parametrize(
    "kind", ["text_html", "image_svg+xml", "application_javascript", "application_vnd.jupyter.widget-view+json"]
)
def test_what_acts_is_never_taken_over(kind):
    ((label, words),) = outputs_of(shown(**{kind: "<script>alert(1)</script>"}))
    assert label == "note"
    assert "script" not in words


def test_html_beside_text_leaves_the_text():
    assert outputs_of(shown(text_html="<table onmouseover=x>", text_plain="a  b")) == [("text/plain", "a  b")]


@pytest.mark.parametrize(
    "broken", [3, [], {"output_type": 3}, {"output_type": "stream", "text": {}}, {"output_type": "x"}]
)
def test_a_broken_output_is_a_note(broken):
    assert [kind for kind, _ in outputs_of(broken)] == ["note"]


def test_outputs_that_are_no_list_are_a_note():
    (cell,) = cells_of_notebook(notebook_of({"cell_type": "code", "source": "x", "outputs": {"a": 1}}))
    assert [one.kind for one in cell.outputs] == ["note"]


def test_everything_is_bounded():
    huge = {"output_type": "stream", "name": "stdout", "text": "a" * (MAX_TEXT + 1)}
    assert [kind for kind, _ in outputs_of(huge)] == ["note"]
    small = {"output_type": "stream", "name": "stdout", "text": "a"}
    assert len(outputs_of(*[small] * (MAX_OUTPUTS + 9))) == MAX_OUTPUTS + 1
    many = cells_of_notebook(notebook_of(*[code("x")] * (MAX_CELLS + 5)))
    assert len(many) == MAX_CELLS + 1
    assert "5 more cells" in many[-1].source
    long = cells_of_notebook(notebook_of(*[code("x" * (MAX_SOURCE + 7))] * 20))
    assert long[0].source.endswith("7 more characters, which are not shown")
    assert sum(len(one.source) for one in long) < MAX_SOURCES + 20 * 100


def test_a_module_is_bounded_too():
    cells = cells_of_source(b"x = 1\n" * MAX_SOURCES)
    assert sum(len(one.source) for one in cells) < MAX_SOURCES
    assert "1,500,000 more characters" in cells[-1].source


def test_texts_of_all_outputs_together_are_bounded():
    output = {"output_type": "stream", "name": "stdout", "text": "a" * (MAX_TEXT - 100)}
    found = outputs_of(*[output] * 10)
    assert [kind for kind, _ in found].count("stdout") == 4


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"cells": [{"cell_type": "code", "source": "x"',
        b"[]",
        b'{"cells": 3}',
        b'{"cells": [' + b"[" * 9999,
    ],
)
def test_a_broken_notebook_is_refused(data):
    with pytest.raises(ValueError, match="no notebook"):
        cells_of_notebook(data)


def test_a_module_is_read_whatever_its_bytes():
    cells = cells_of_source("\ufeffx = 1\r\ndef größe():\r\n    return '".encode() + b"\xff'\n")
    assert [(one.line, one.source) for one in cells] == [(1, "x = 1"), (2, "def größe():\n    return '\\xff'")]
