"""`torchgrade feedback`, on results that grading wrote."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from torchgrade.cli import main

SAMPLE = Path(__file__).parents[1] / "samples" / "mini"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade a file and a notebook with its text, once; return the folder with the course, the class and OUT."""
    folder = tmp_path_factory.mktemp("returning")
    shutil.copytree(SAMPLE, folder / "course")
    (folder / "class").mkdir()
    source = (folder / "course" / "assignments" / "01-mini" / "solution.py").read_text("utf-8")
    (folder / "class" / "ada.py").write_text(source, "utf-8")
    cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []}]
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
    (folder / "class" / "Zoë.ipynb").write_text(json.dumps(notebook), "utf-8")
    command = ["grade", "01-mini", str(folder / "class"), "--course", str(folder / "course")]
    assert main([*command, "--out", str(folder / "OUT"), "--isolation", "none", "--allow-unconfined"]) == 0
    return folder


@pytest.fixture
def feedback(graded, tmp_path):
    def run(*arguments: str) -> int:
        command = ["feedback", str(graded / "OUT"), "--course", str(graded / "course"), "--to", str(tmp_path / "to")]
        return main([*command, *arguments])

    return run


def names(folder: Path) -> set[str]:
    return {path.suffix if "~" in path.name else path.name for path in folder.iterdir()}


def test_files_have_a_page_and_notebooks_a_notebook_too(feedback, tmp_path, capsys):
    assert feedback() == 0
    assert names(tmp_path / "to") == {"ada.notebook.html", ".html", ".ipynb"}
    assert str(tmp_path / "to") in capsys.readouterr().out


def test_one_submission(feedback, tmp_path):
    assert feedback("--submission", "ada") == 0
    assert names(tmp_path / "to") == {"ada.notebook.html"}


def test_beside_the_results_is_where_they_go_otherwise(graded):
    assert main(["feedback", str(graded / "OUT" / "results.jsonl"), "--course", str(graded / "course")]) == 0
    assert (graded / "OUT" / "feedback" / "ada.notebook.html").is_file()


def test_what_has_gone_is_said(feedback, graded, tmp_path, capsys):
    (graded / "class" / "ada.py").rename(graded / "class" / "moved.py")
    try:
        assert feedback() == 1
    finally:
        (graded / "class" / "moved.py").rename(graded / "class" / "ada.py")
    assert "ada: What was handed in is no longer where it was graded" in capsys.readouterr().err
    assert (tmp_path / "to" / "ada.notebook.html").is_file()


def test_the_rule_on_handing_in_is_printed(feedback, graded, tmp_path):
    manifest = graded / "course" / "assignments" / "01-mini" / "assignment.toml"
    before = manifest.read_text("utf-8")
    head, mark, rest = before.partition("[[exercise]]")
    manifest.write_text(f"{head}[due]\nat = 2026-11-30T23:59:00Z\npenalty_per_day = 0.1\n{mark}{rest}", "utf-8")
    (tmp_path / "times.csv").write_text(
        "submission,time\nada,2026-12-01T12:00:00Z\nZoë,2026-11-30T12:00:00Z\n", "utf-8"
    )
    try:
        assert feedback("--times", str(tmp_path / "times.csv")) == 0
    finally:
        manifest.write_text(before, "utf-8")
    page = (tmp_path / "to" / "ada.notebook.html").read_text("utf-8")
    assert "10 % off" in page
    assert "each day begun costs 10 % of the points earned" in page


def test_an_unknown_submission_and_empty_results_are_refused(feedback, graded, tmp_path, capsys):
    assert feedback("--submission", "bob") == 2
    (tmp_path / "results.jsonl").write_text("")
    assert main(["feedback", str(tmp_path / "results.jsonl"), "--course", str(graded / "course")]) == 2
    assert "holds no submission" in capsys.readouterr().err


def test_without_nbconvert_it_says_what_to_install(feedback, monkeypatch, capsys):
    from torchgrade.report import notebook_html

    notebook_html._exporter.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "nbconvert", None)
    assert feedback() == 2
    assert "pip install 'torchgrade[notebook]'" in capsys.readouterr().err
