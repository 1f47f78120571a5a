"""The notebook that students fill in."""

import json

import nbformat
import pytest

from torchgrade.course.notebook import notebook_source
from torchgrade.errors import CourseError

STUB = '''"""About."""

from __future__ import annotations

N = 2


# Doubles.
def zeros(x):
    raise NotImplementedError("TODO: zeros")


def _helper(x):
    return x


@decorated
def ones(x):
    raise NotImplementedError("TODO: ones")


TAIL = 3
'''
HANDOUT = """# Title

Hello.

## 1. Ones: `ones`

```python
## no heading, not about `zeros`
```

## 2. More

## Hand in
"""
TWO = '\n[[exercise]]\nname = "ones"\ntitle = "Ones"\nhint = "torch.ones"\n'


@pytest.fixture
def assignment(manifest):
    from torchgrade.course import read_manifest

    manifest.write_text(manifest.read_text() + TWO)
    (manifest.parent / "solution.py").write_text("")
    return read_manifest(manifest)


@pytest.fixture
def cells(assignment):
    notebook = nbformat.reads(notebook_source(assignment, STUB, HANDOUT), as_version=4)
    return {cell.id: cell for cell in notebook.cells}


def test_it_is_a_valid_notebook_that_is_always_the_same(assignment):
    text = notebook_source(assignment, STUB, HANDOUT)
    nbformat.validate(nbformat.reads(text, as_version=4))
    assert text == notebook_source(assignment, STUB, HANDOUT)
    assert json.loads(text)["nbformat_minor"] == 5


def test_a_stub_stands_below_the_part_that_is_about_it_and_the_others_at_the_end(cells):
    assert list(cells) == [
        "about", "handout-0", "setup", "handout-1", "exercise-2", "handout-2", "handout-3", "exercise-1", "checks",
    ]  # fmt: skip
    assert cells["handout-1"].source.startswith("## 1. Ones")
    assert cells["handout-1"].source.endswith("```")
    assert "`tensors.py`" in cells["about"].source


def test_the_cells_of_code_are_the_stub_and_nothing_is_lost(cells):
    assert cells["setup"].source.endswith("N = 2")
    assert cells["exercise-1"].source.startswith("# Doubles.\ndef zeros(x):")
    assert cells["exercise-2"].source.startswith("def _helper(x):")
    assert cells["exercise-2"].source.endswith("TAIL = 3")
    kept = "".join(cells[name].source for name in ("setup", "exercise-1", "exercise-2"))
    assert "".join(kept.split()) == "".join(STUB.split())


def test_the_last_cell_runs_the_checks(cells):
    compile(cells["checks"].source, "checks", "exec")
    assert cells["checks"].source.endswith("check()")


def test_without_nbformat_the_remedy_is_named(assignment, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "nbformat", None)
    with pytest.raises(CourseError, match=r"pip install 'torchgrade\[notebook\]'"):
        notebook_source(assignment, STUB, HANDOUT)
