"""What a cell holds besides Python, and what becomes of it."""

import ast

import pytest

from torchgrade.sandbox.magics import plain_python

CELLS = {
    "nothing special": ("x = 10 % 3\ny = x != 2\n", "x = 10 % 3\ny = x != 2\n", []),
    "a line magic": ("%matplotlib inline\nx = 1", "pass\nx = 1", []),
    "a shell line": ("!pip install it's\nx = 1", "pass\nx = 1", ["!pip install it's"]),
    "a shell line that goes on": ("!ls \\\n  -l\nx = 1", "pass\n\nx = 1", ["!ls \\\n  -l"]),
    "indented": ("if 1:\n    !ls\n", "if 1:\n    pass\n", ["!ls"]),
    "timed": ("%time x = 3", "x = 3", []),
    "a timed cell": ("%%time\nx = 3", "\nx = 3", []),
    "a measured cell": ("%%timeit\nx = 3", "\n", []),
    "another language": ("%%bash\nls\nx(", "\n\n", ["%%bash"]),
    "an assigned shell line": ("files = !ls\nx = 1", "pass\nx = 1", ["files = !ls"]),
    "an assigned magic": ("t = %timeit -o f(1)", "pass", ["t = %timeit -o f(1)"]),
    "a question": ("torch.zeros?\n?torch\nx = 1", "pass\npass\nx = 1", []),
    "percent in a string": ('x = """\n%d items\n!\n"""\n', 'x = """\n%d items\n!\n"""\n', []),
    "percent on a line of its own": ("x = (7\n% 4)\n", "x = (7\n% 4)\n", []),
    "after a backslash": ("x = 7 \\\n% 4\n", "x = 7 \\\n% 4\n", []),
    "a quote in a comment": ("# it's\n!ls\n", "# it's\npass\n", ["!ls"]),
    "a question in a string": ("x = 'really?'\n", "x = 'really?'\n", []),
    "other line ends": ("a = 1\r\n!ls\r\nb = 2", "a = 1\npass\nb = 2", ["!ls"]),
    "pasted code that stands in": ("    x = 1\n    if x:\n        y = 2\n", "x = 1\nif x:\n    y = 2\n", []),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_becomes_python_with_as_many_lines(name):
    cell, expected, left_out = CELLS[name]
    text, notes = plain_python(cell)
    assert text == expected
    assert [note.text for note in notes] == left_out
    assert text.count("\n") == cell.replace("\r\n", "\n").count("\n")
    ast.parse(text)


def test_a_line_that_is_left_out_is_told_by_its_number():
    _, notes = plain_python("%%time\nx = 1\n\n!ls\n")
    assert [(note.line, note.text) for note in notes] == [(4, "!ls")]


@pytest.mark.parametrize("text", ["(" * 200_000, '"""' * 100_001, "!" * 200_000, "\\\n" * 100_000, "x?" * 100_000])
def test_no_text_takes_long(text):
    assert plain_python(text)[0].count("\n") == text.count("\n")
