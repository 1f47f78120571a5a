"""Notebooks on the whole way from files to results."""

import json

import pytest

from torchgrade.cli import main
from torchgrade.sandbox.program import digest_of, program_from

RIGHT = (
    "import torch\n!pip install torch",
    "def zeros_matrix(r, c): return torch.zeros(r, c)",
    "def halve(x): return x * 0.5",
)
STUB = "def zeros_matrix(r, c): raise NotImplementedError('TODO: zeros_matrix')\n"


def notebook(*cells):
    made = [{"cell_type": "code", "metadata": {}, "source": cell, "outputs": []} for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": made})


def grade(course, *paths):
    code = main(["grade", "01-mini", *map(str, paths), "--course", str(course), "--out", str(course / "OUT")])
    assert code == 0
    lines = (course / "OUT" / "results.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["submission"]: record for record in map(json.loads, lines)}


@pytest.fixture
def handed_in(mini):
    folder = mini / "subs"
    folder.mkdir()
    return folder


def test_notebooks_and_files_are_one_class(mini, handed_in):
    (handed_in / "alice.ipynb").write_text(notebook(*RIGHT))
    (handed_in / "bob.py").write_text("\n".join(RIGHT).replace("!pip", "# pip"))
    (handed_in / "carol.ipynb").write_text(notebook(*RIGHT)[:-40])
    (handed_in / "dave.ipynb").write_text(notebook(*RIGHT[:2], "def halve(x) return x", "1 / 0"))
    found = grade(mini, handed_in)
    assert {name: (one["status"], one["score"]) for name, one in found.items()} == {
        "alice": ("graded", 5.0),
        "bob": ("graded", 5.0),
        "carol": ("unreadable", 0.0),
        "dave": ("graded", 3.0),
    }
    assert found["alice"]["notes"] == ["Cell 1, line 2, was left out: `!pip install torch`"]
    assert "notes" not in found["bob"]
    assert "carol.ipynb is cut off" in found["carol"]["checks"][0]["message"]
    lost = [check["message"] for check in found["dave"]["checks"] if check["status"] == "failed"]
    assert lost
    assert all(message.startswith("mini.ipynb, cell 3, line 1: SyntaxError") for message in lost)


def test_a_student_reads_what_was_left_out_and_what_could_not_be_read(mini, handed_in):
    (handed_in / "dave.ipynb").write_text(notebook(*RIGHT[:2], "def halve(x) return x"))
    grade(mini, handed_in)
    page = (mini / "OUT" / "feedback" / "dave.md").read_text(encoding="utf-8")
    assert "Cell 1, line 2, was left out: `!pip install torch`" in page
    assert "mini.ipynb, cell 3, line 1: SyntaxError" in page
    assert "cell 3, line 1" in (mini / "OUT" / "feedback" / "dave.html").read_text(encoding="utf-8")


def test_of_a_file_and_a_notebook_in_one_folder_that_with_more_done_counts(mini):
    for name, file, cells in (("alice", STUB, RIGHT), ("bob", "\n".join(RIGHT).replace("!pip", "#"), (STUB,))):
        folder = mini / "students" / name
        folder.mkdir(parents=True)
        (folder / "mini.py").write_text(file)
        (folder / "mini.ipynb").write_text(notebook(*cells))
        (folder / "test_mini.py").write_text("1 / 0")
    found = grade(mini, mini / "students")
    assert [found[name]["score"] for name in ("alice", "bob")] == [5.0, 5.0]


def test_the_only_notebook_of_a_folder_is_taken_whatever_it_is_called(mini):
    (mini / "students" / "alice").mkdir(parents=True)
    (mini / "students" / "alice" / "My answers (1).ipynb").write_text(notebook(*RIGHT))
    assert grade(mini, mini / "students")["alice"]["score"] == 5.0


def test_a_notebook_may_import_a_module_beside_it(mini):
    folder = mini / "students" / "alice"
    folder.mkdir(parents=True)
    (folder / "helper.py").write_text("FACTOR = 0.5\n")
    cells = "from helper import FACTOR\n" + RIGHT[0], RIGHT[1], "def halve(x): return x * FACTOR"
    (folder / "mini.ipynb").write_text(notebook(*cells))
    assert grade(mini, mini / "students")["alice"]["score"] == 5.0


def test_outputs_do_not_change_what_is_graded(tmp_path):
    plain = json.loads(notebook(*RIGHT))
    (tmp_path / "a.ipynb").write_text(json.dumps(plain))
    plain["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 1000}]
    (tmp_path / "b.ipynb").write_text(json.dumps(plain))
    first, second = (digest_of(program_from(tmp_path / name, "m")) for name in ("a.ipynb", "b.ipynb"))
    assert first == second
