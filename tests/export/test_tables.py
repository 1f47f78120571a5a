import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from torchgrade.export import format_named
from torchgrade.export.tables import cell, table

from .samples import NAMES, WISHES, right

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ACTIVE = "=+-@\t\r\n＝＋－＠"


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=5))
@example([["a\rb", 'c"d'], ["e\nf", "g,h"], ["", " "]])
def test_a_table_comes_back_as_it_was_but_for_formulas(rows):
    back = list(csv.reader(io.StringIO(table(("one", "two"), rows), newline="")))
    assert back == [["one", "two"], *([cell(value) for value in row] for row in rows)]
    for text in (value for row in back for value in row):
        assert not text.startswith(tuple(ACTIVE))


@given(TEXT)
def test_a_harmless_text_is_not_changed(text):
    expected = re.sub("\r\n?", "\n", text.replace("\0", ""))
    assert cell(text) == (f"'{expected}" if expected[:1] and expected[0] in ACTIVE else expected)


def test_numbers_are_never_quoted():
    assert [cell(value) for value in (-1.5, 2.0, 1 / 3, 0.0, None)] == ["-1.5", "2", "0.333333", "0", ""]


@pytest.mark.parametrize("name", ["nbgrader", "canvas", "moodle", "csv"])
def test_every_name_has_its_own_row(name):
    results = [right(student) for student in NAMES]
    text = format_named(name).write(results, WISHES).text
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len({len(row) for row in rows}) == 1
    found = [value for row in rows for value in row]
    assert all(cell(student) in found for student in NAMES)


@pytest.mark.parametrize("name", ["nbgrader", "canvas", "moodle", "csv"])
def test_an_empty_class_is_a_header(name):
    assert len(format_named(name).write([], WISHES).text.splitlines()) == 1
