"""Notebooks of every version, and files that are none."""

import json

import nbformat
import pytest

from torchgrade.sandbox.notebook import read_notebook

CODE = ["import torch\n", "def f(x):\n    return x\n", "y = f(1)"]


def version_4(cells, **more):
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}


def code(source, **more):
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, **more}


def read(notebook):
    return read_notebook(json.dumps(notebook).encode(), "m.ipynb")


def test_cells_of_code_stand_below_one_another_and_their_lines_are_known():
    prose = {"cell_type": "markdown", "metadata": {}, "source": "# prose\n"}
    cells = read(version_4([prose, *map(code, CODE), prose]))
    assert cells.source == "\n".join(CODE)
    assert cells.starts == (1, 3, 6)
    assert [cells.source.split("\n")[line - 1] for line in cells.starts] == ["import torch", "def f(x):", "y = f(1)"]


def test_source_is_a_text_or_a_list_of_lines():
    assert read(version_4([code(CODE[1].splitlines(keepends=True))])) == read(version_4([code(CODE[1])]))


@pytest.mark.parametrize("minor", [0, 2, 4, 5])
def test_ids_are_not_needed(minor):
    notebook = version_4([code(CODE[0])], nbformat_minor=minor)
    with_id = version_4([code(CODE[0], id="abc")], nbformat_minor=minor)
    assert read(notebook) == read(with_id)


def test_version_3_is_read_as_nbformat_reads_it():
    old = nbformat.v3.new_notebook(
        worksheets=[
            nbformat.v3.new_worksheet(
                cells=[nbformat.v3.new_text_cell("markdown", "# prose"), *map(nbformat.v3.new_code_cell, CODE)]
            )
        ]
    )
    text = json.dumps(old)
    modern = nbformat.reads(text, as_version=4)
    by_nbformat = [cell.source for cell in modern.cells if cell.cell_type == "code"]
    assert read_notebook(text.encode(), "m.ipynb").source == "\n".join(by_nbformat) == "\n".join(CODE)


def test_what_other_programs_add_is_passed_over():
    colab = {"colab": {"provenance": [], "toc_visible": True}, "accelerator": "GPU", "kernelspec": {"name": "python3"}}
    output = {"output_type": "display_data", "data": {"image/png": "iVBOR" * 1_000_000}, "metadata": {}}
    cell = code(CODE[0], metadata={"id": "x", "outputId": 3}, outputs=[output] * 4, execution_count="odd")
    assert read(version_4([cell], metadata=colab)).source == CODE[0]


def test_what_is_left_out_is_told():
    assert read(version_4([code("x = 1\n!pip install `torch`")])).notes == (
        "Cell 1, line 2, was left out: `!pip install 'torch'`",
    )
    many = read(version_4([code("!ls\n" * 100)])).notes
    assert len(many) == 21
    assert many[-1] == "80 more lines were left out."


BAD = {
    "truncated": (json.dumps(version_4([code("x = 1")])).encode()[:-20], "cut off"),
    "empty": (b"", "is empty"),
    "not JSON": (b"x = 1\n", "m.ipynb"),
    "no notebook": (b'{"a": 1}', "no cells"),
    "a list": (b"[]", "no notebook"),
    "cells of another kind": (b'{"cells": 3}', "no notebook"),
    "a source of another kind": (json.dumps(version_4([code({"a": 1})])).encode(), "no notebook"),
    "nested without end": (b'{"cells": ' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}", "m.ipynb"),
    "nested in an output": (b'{"metadata": ' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}", "nested too deeply"),
    "UTF-16": (json.dumps(version_4([])).encode("utf-16"), "m.ipynb"),
    "too much code": (json.dumps(version_4([code("x" * (9 << 20))])).encode(), "more than 8 MiB of code"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_notebook_is_refused_with_the_reason(name):
    data, words = BAD[name]
    with pytest.raises(ValueError, match=words) as caught:
        read_notebook(data, "m.ipynb")
    assert "m.ipynb" in str(caught.value)


def test_a_byte_order_mark_does_no_harm():
    assert read_notebook(b"\xef\xbb\xbf" + json.dumps(version_4([code("x")])).encode(), "m").source == "x"
