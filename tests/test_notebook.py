"""`check()` in a notebook: what it shows, and that it runs in a real kernel."""

import sys
from types import SimpleNamespace

import nbformat
import pytest

from torchgrade.cli import main
from torchgrade.notebook import Result, check

RECORD = {
    "title": "Tensors & more",
    "earned": 2.5,
    "points": 7.0,
    "deferred": 1.0,
    "exercises": [
        {"name": "zeros", "title": "Zeros", "state": "ok", "earned": 2.5, "points": 2.5, "complaints": [], "hint": ""},
        {"name": "ones", "title": "Ones", "state": "wrong", "earned": 0.0, "points": 2.0,
         "complaints": [["A <b>.", "came: <script>\nasked: 1"]], "hint": "torch.ones"},
        {"name": "twos", "title": "Twos", "state": "to do", "earned": 0.0, "points": 2.5, "complaints": [], "hint": ""},
    ],
}  # fmt: skip
TODO = 'raise NotImplementedError("TODO: zeros_matrix")'


@pytest.fixture
def handed_out(mini):
    """The small course as students receive it."""
    assert main(["release", "--course", str(mini)]) == 0
    return mini / "student_template" / "01-mini"


@pytest.fixture
def kernel(monkeypatch):
    """Pretend to be a kernel in which these cells were run; the last one is that which asks."""

    def run(*cells):
        shell = SimpleNamespace(history_manager=SimpleNamespace(input_hist_raw=["", *cells, "check()"]))
        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))

    return run


def test_the_table_holds_everything_and_no_markup_of_anybody_elses():
    page = Result(RECORD)._repr_html_()
    for words in (
        "Tensors &amp; more",
        "2.5 of 7 points (1 wait",
        "zeros",
        "A &lt;b&gt;.",
        "came: &lt;script&gt;",
        "Hint",
    ):
        assert words in page
    assert "<script>" not in page
    assert page.count("<tr>") == 3


def test_elsewhere_it_is_text():
    assert repr(Result(RECORD)).splitlines()[:7] == [
        "Tensors & more: 2.5 of 7 points (1 waits for a machine with a GPU)",
        "✓ zeros  2.5/2.5",
        "✗ ones  0/2",
        "    A <b>.",
        "      came: <script>",
        "      asked: 1",
        "    hint: torch.ones",
    ]


def test_the_cells_that_were_run_are_checked(handed_out, kernel):
    cells = "import torch", "def zeros_matrix(r, c):\n    return torch.zeros(r)", "%matplotlib inline"
    kernel(*cells, "def zeros_matrix(r, c):\n    return torch.zeros(r, c)")
    assert check(str(handed_out)).record["earned"] == 2.0
    kernel(*cells)
    found = check(str(handed_out), hints=True)
    assert found.record["exercises"][0]["state"] == "wrong"
    assert found.record["exercises"][0]["hint"]
    kernel("import torch", "def zeros_matrix(r, c):\n    return missing")
    assert "cell 2, line 2: return missing" in repr(check(str(handed_out)))


def test_where_there_are_no_checks_it_says_what_to_do(tmp_path, kernel):
    kernel("x = 1")
    assert "say where the checks lie" in repr(check(str(tmp_path)))
    assert check(str(tmp_path))._repr_html_().startswith("<pre>There is no assignment.toml")


def test_outside_of_a_notebook_it_says_so(handed_out, monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert "run pytest" in repr(check(str(handed_out)))


def test_checks_that_cannot_be_run_show_what_pytest_said(handed_out, kernel):
    kernel("x = 1")
    (handed_out / "test_mini.py").write_text("import nothing_like_it\n")
    assert "nothing_like_it" in repr(check(str(handed_out)))


def test_the_released_notebook_runs_in_a_kernel(handed_out):
    pytest.importorskip("ipykernel")
    nbclient = pytest.importorskip("nbclient")
    notebook = nbformat.read(handed_out / "mini.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace(TODO, "return torch.zeros(rows, columns)")
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(handed_out)}}).execute()
    shown = notebook.cells[-1].outputs[-1].data
    assert shown["text/plain"].startswith("A small course: 2 of 2 points\n✓ zeros_matrix  2/2")
    assert "<table" in shown["text/html"]
