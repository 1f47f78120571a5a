from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest

from torchgrade.report import file_stem
from torchgrade.report.returned import write_returned
from torchgrade.sandbox.program import digest_of, program_from

SCRIPT = "<script>alert(1)</script><img src=http://example.org/x onerror=alert(1)>"
LOADING = re.compile(
    r"""(?:src|srcset|poster|data|action)\s*=\s*["']?(?!data:image/(?:png|jpeg);base64,)|@import|url\("""
)


class Tags(HTMLParser):
    """The elements and attributes that a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.words = set[str](), list[tuple[str, str | None]](), list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def hand_in(folder: Path, *cells: tuple[str, str], name: str = "alice", **more: Any) -> Path:
    made = [
        {"cell_type": kind, "source": text, "metadata": {}, **({"outputs": []} if kind == "code" else {})}
        for kind, text in cells
    ]
    file = folder / f"{name}.ipynb"
    file.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": made, **more}), "utf-8")
    return file


@pytest.fixture
def returned(tmp_path, assignment, make_result):
    """Write the feedback for a file and return the notebook, the page, and what was wrong."""

    def write(file: Path, *checks: Any, handed_in: tuple[str, ...] = (), **changes: Any) -> tuple[Any, str, str]:
        result = replace(make_result(*checks, submission=file.stem), path=str(file), **changes)
        if "digest" not in changes:
            result = replace(result, digest=digest_of(program_from(file, "tensors")))
        made = write_returned(result, assignment, tmp_path / "feedback", handed_in)
        page = made.files[0].read_text("utf-8")
        notebook = nbformat.read(made.files[1], 4) if len(made.files) > 1 else None
        if notebook is not None:
            nbformat.validate(notebook)
        return notebook, page, made.trouble

    return write


def sources(notebook: Any) -> list[str]:
    return [cell.source for cell in notebook.cells]


def test_each_verdict_is_beneath_the_cell_that_defines_its_exercise(tmp_path, returned, make_check):
    file = hand_in(
        tmp_path,
        ("markdown", "# My work"),
        ("code", "def zeros_matrix(): ...  # a first try"),
        ("code", "def train_linear(): ..."),
        ("code", "def zeros_matrix(): return 1"),
    )
    checks = make_check("failed", message="expected 2", hint="Look again."), make_check(exercise="train_linear")
    notebook, page, trouble = returned(file, *checks)
    kinds = ["zeros_matrix" in text and text.startswith("> ") for text in sources(notebook)]
    assert [text.split("\n")[0] for text in sources(notebook)] == [
        "> **torchgrade: feedback**",
        "# My work",
        "def zeros_matrix(): ...  # a first try",
        "def train_linear(): ...",
        "> **torchgrade: feedback**",
        "def zeros_matrix(): return 1",
        "> **torchgrade: feedback**",
        "> **torchgrade: feedback**",
        "> **torchgrade: feedback**",
    ]
    assert "2 / 4 points" in sources(notebook)[0]
    assert "Train a straight line" in sources(notebook)[4]
    assert "expected 2" in sources(notebook)[6]
    assert "Look again." in sources(notebook)[6]
    assert "defined in no cell" in sources(notebook)[7]
    assert "on_device" in sources(notebook)[8]
    assert kinds[6]
    assert not trouble
    order = ["My work", "a first try", "A matrix of zeros", "defined in no cell", "The same, on the accelerator"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)


def test_cells_of_code_have_the_numbers_that_messages_use(tmp_path, returned, make_check):
    file = hand_in(tmp_path, ("code", "import torch"), ("markdown", "words"), ("code", "def zeros_matrix(): ..."))
    notebook, page, _ = returned(file, make_check())
    assert [cell.get("execution_count") for cell in notebook.cells if cell.cell_type == "code"] == [1, 2]
    assert '<p class="number">2</p>' in page


def test_of_hidden_checks_only_what_a_page_may_show_is_in_it(tmp_path, returned, make_check):
    file = hand_in(tmp_path, ("code", "def zeros_matrix(): ..."))
    check = make_check(
        "failed", visible=False, message="secret 17.25", rationale="Rows may be none.", id="x::secret_id"
    )
    notebook, page, _ = returned(file, check)
    for text in (page, *sources(notebook)):
        assert "secret" not in text
    assert "Rows may be none." in page
    assert any("Rows may be none." in text for text in sources(notebook))


def test_a_module_has_the_verdict_beneath_each_function(tmp_path, returned, make_check):
    file = tmp_path / "alice.py"
    file.write_text("import torch\n\n\ndef zeros_matrix():\n    return 1\n\n\ndef train_linear():\n    return 2\n")
    notebook, page, trouble = returned(file, make_check(), make_check(exercise="train_linear"))
    assert (notebook, trouble) == (None, "")
    plain = "".join(Tags(page).words)
    order = ["import torch", "def zeros_matrix", "A matrix of zeros", "def train_linear", "Train a straight line"]
    places = [plain.index(words) for words in order]
    assert places == sorted(places)
    assert re.findall(r'class="number">(\d+)<', page) == ["1", "4", "8"]


def test_the_rule_on_handing_in_is_on_both(tmp_path, returned, make_check):
    notebook, page, _ = returned(hand_in(tmp_path), make_check(), handed_in=("Handed in 2 hours late: 10 % off.",))
    assert "Handed in 2 hours late: 10 % off." in sources(notebook)[0]
    assert "Handed in 2 hours late: 10 % off." in page


def test_nothing_that_a_student_wrote_acts_on_the_page(tmp_path, returned, make_check):
    acting = {"text/html": SCRIPT, "image/svg+xml": f"<svg onload=alert(1)>{SCRIPT}</svg>"}
    outputs = [
        {"output_type": "display_data", "data": {**acting, "application/javascript": "alert(1)"}, "metadata": {}},
        {"output_type": "execute_result", "data": {**acting, "text/plain": SCRIPT}, "metadata": {"isolated": True}},
        {"output_type": "stream", "name": '"><script>', "text": f"{SCRIPT}\x1b]8;;javascript:alert(1)\x07x"},
        {"output_type": "error", "ename": SCRIPT, "evalue": SCRIPT, "traceback": [SCRIPT]},
        {"output_type": "display_data", "data": {"image/png": '"><script>alert(1)</script>'}, "metadata": {}},
    ]
    words = (
        f"{SCRIPT}\n\n[click](javascript:alert(1)) [two](data:text/html,x) ![p](http://example.org/p.png)\n\n"
        "<style>.verdict{display:none}</style><iframe src=http://example.org></iframe>\n\n"
        "![a](attachment:gone.png) {{ 7 * 7 }} {% include 'x' %} $$\\href{javascript:alert(1)}{x}$$"
    )
    cells = [
        {"cell_type": "markdown", "source": words, "attachments": {"gone.png": {"image/svg+xml": SCRIPT}}},
        {"cell_type": "raw", "source": SCRIPT, "metadata": {"raw_mimetype": "text/html"}},
        {"cell_type": SCRIPT, "source": SCRIPT},
        {"cell_type": "code", "source": f"%%html\n{SCRIPT}", "outputs": outputs, "metadata": {"tags": [SCRIPT]}},
        {"cell_type": "code", "source": f"# {SCRIPT}\n'\u202e'", "id": '"><script>', "outputs": []},
    ]
    widgets = {"application/vnd.jupyter.widget-state+json": {"state": SCRIPT}}
    metadata = {"title": SCRIPT, "widgets": widgets, "language_info": {"name": SCRIPT, "pygments_lexer": SCRIPT}}
    file = tmp_path / "alice.ipynb"
    file.write_text(json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    notebook, page, _ = returned(file, make_check("failed", message=SCRIPT, title=SCRIPT))
    seen = Tags(page)
    assert not seen.tags & {"script", "iframe", "img", "object", "embed", "link", "base", "form"}
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name in ("src", "srcset", "action")]
    links = [value or "" for name, value in seen.attributes if name == "href"]
    assert not [link for link in links if not link.startswith(("http://", "https://", "#"))]
    assert page.count("<style") == 1
    assert "{{ 7 * 7 }} {% include 'x' %}" in "".join(seen.words)
    assert "\u202e" not in page
    assert "default-src 'none'" in page
    assert not {"widgets", "title"} & set(notebook.metadata)
    kinds = {kind for cell in notebook.cells for output in cell.get("outputs", ()) for kind in output.get("data", {})}
    assert kinds <= {"text/plain", "image/png", "image/jpeg"}


def test_the_page_loads_nothing(tmp_path, returned, make_check):
    words = "![x](https://example.org/x.png)\n\n[a link](https://example.org)\n\n$x^2$"
    _, page, _ = returned(hand_in(tmp_path, ("markdown", words), ("code", "x = 1")), make_check())
    assert not LOADING.search(re.sub(r"&\w+;|https?://", "", page))
    assert "mathjax" not in page.lower()


def test_templates_in_the_working_folder_are_not_used(tmp_path, monkeypatch, returned, make_check):
    from torchgrade.report import notebook_html

    for name in ("base", "lab", "basic", "classic"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "conf.json").write_text('{"base_template": "lab"}')
        for file in ("notebook-cells.html", "index.html.j2", "null.j2", "display_priority.j2"):
            (tmp_path / name / file).write_text("TAKEN OVER")
    (tmp_path / "notebook-cells.html").write_text("TAKEN OVER")
    monkeypatch.chdir(tmp_path)
    notebook_html._exporter.cache_clear()
    _, page, _ = returned(hand_in(tmp_path, ("code", "x = 1")), make_check())
    notebook_html._exporter.cache_clear()
    assert "TAKEN OVER" not in page


def test_a_file_that_has_gone_leaves_the_verdicts(tmp_path, returned, make_check):
    file = hand_in(tmp_path, ("code", "def zeros_matrix(): ..."))
    digest = digest_of(program_from(file, "tensors"))
    file.unlink()
    notebook, page, trouble = returned(file, make_check(), digest=digest)
    assert notebook is None
    assert "no longer where it was graded" in trouble
    assert trouble in page
    assert "A matrix of zeros" in page


def test_a_file_that_has_changed_is_not_shown(tmp_path, returned, make_check):
    file = hand_in(tmp_path, ("code", "def zeros_matrix(): ..."))
    digest = digest_of(program_from(file, "tensors"))
    hand_in(tmp_path, ("code", "def zeros_matrix(): return 'better'"))
    notebook, page, trouble = returned(file, make_check(), digest=digest)
    assert notebook is None
    assert "has changed" in trouble
    assert trouble in page
    assert "better" not in page
    assert "A matrix of zeros" in page


def test_the_notebook_of_an_earlier_run_goes_when_it_is_no_longer_true(tmp_path, returned, make_check):
    file = hand_in(tmp_path, ("code", "def zeros_matrix(): ..."))
    returned(file, make_check())
    digest = digest_of(program_from(file, "tensors"))
    file.unlink()
    returned(file, make_check(), digest=digest)
    assert [path.name for path in (tmp_path / "feedback").iterdir()] == ["alice.notebook.html"]


@pytest.mark.parametrize(
    "data", [b"", b'{"cells": [{"cell_type": "code", "sour', b"\xff\xfe", b'{"cells": ' + b"[" * 9999]
)
def test_a_broken_notebook_has_a_page_with_the_verdict(data, tmp_path, returned, make_check):
    file = tmp_path / "alice.ipynb"
    file.write_bytes(data)
    check = make_check("failed", message="The submission could not be read: alice.ipynb is cut off.")
    notebook, page, trouble = returned(file, check, status="unreadable", digest="sha256:")
    assert notebook is None
    assert "cannot be read" in trouble
    assert "alice.ipynb is cut off." in page


def test_a_notebook_that_could_not_be_run_is_shown_below_the_cause(tmp_path, returned, make_check):
    file = hand_in(tmp_path, ("code", "import nowhere"))
    notebook, page, _ = returned(file, make_check("failed", message="No module named 'nowhere'"), status="unreadable")
    assert "No module named" in sources(notebook)[0]
    assert page.index("No module named") < page.index('class="number">1')
    assert len(notebook.cells) == 2


@pytest.mark.parametrize("name", ["Zoë Ångström", "学生 一", "علي", "<script>", "alice.notebook", "a'b\"c"])
def test_any_name_has_files_of_its_own(name, tmp_path, returned, make_check):
    notebook, page, _ = returned(hand_in(tmp_path, ("code", "größe = 1"), name=name), make_check())
    found = sorted(path.name for path in (tmp_path / "feedback").iterdir())
    assert found == [f"{file_stem(name)}.ipynb", f"{file_stem(name)}.notebook.html"]
    assert "größe" in page
    assert "script" not in Tags(page).tags
    assert "größe = 1" in sources(notebook)


def test_nobody_can_take_the_place_of_anothers_page():
    assert f"{file_stem('alice.notebook')}.html" != f"{file_stem('alice')}.notebook.html"


def test_a_huge_notebook_gives_a_page_of_moderate_size(tmp_path, returned, make_check):
    picture = "iVBORw0KGgo" + "A" * 1_000_001
    output = {"output_type": "display_data", "data": {"image/png": picture}, "metadata": {}}
    text = {"output_type": "stream", "name": "stdout", "text": "a" * 900_000}
    cells = [{"cell_type": "code", "source": "x = 1\n" * 100, "outputs": [output, text, text]} for _ in range(20)]
    file = tmp_path / "alice.ipynb"
    file.write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 4, "metadata": {}}))
    _, page, _ = returned(file, make_check())
    assert len(page) < 20 << 20
    assert "is not shown" in page
