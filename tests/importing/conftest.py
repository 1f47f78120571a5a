from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from torchgrade.course import Course
from torchgrade.importing import Imported, import_notebook

NOTEBOOKS = Path(__file__).parent.parent / "samples" / "notebooks"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course with nothing in it."""
    for name in ("assignments", "graders"):
        (tmp_path / "course" / name).mkdir(parents=True)
    return Course(tmp_path / "course")


@pytest.fixture
def notebook(tmp_path: Path) -> Callable[..., Path]:
    """Write a notebook of (kind, source, metadata or saved output) cells."""

    def write(*cells: Sequence[Any], name: str = "made.ipynb") -> Path:
        table = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [_cell(*cell) for cell in cells]}
        (tmp_path / name).write_text(json.dumps(table), encoding="utf-8")
        return tmp_path / name

    return write


def _cell(kind: str, source: str, more: dict[str, Any] | str | None = None) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "source": source, "metadata": {}}
    if kind == "code":
        cell |= {"outputs": [], "execution_count": None}
    if isinstance(more, dict):
        cell["metadata"] = {"nbgrader": {"schema_version": 3, **more}}
    elif more is not None:
        result = {"output_type": "execute_result", "data": {"text/plain": more}, "metadata": {}, "execution_count": 1}
        cell |= {"outputs": [result], "execution_count": 1}
    return cell


@pytest.fixture
def bring(course: Course, notebook: Callable[..., Path]) -> Callable[..., Imported]:
    """Import a notebook made of some cells, without trying it."""

    def run(grader: str, *cells: Sequence[Any]) -> Imported:
        return import_notebook(course, grader, notebook(*cells), "01-made", trial=False)

    return run


@pytest.fixture
def checks(course: Course) -> Callable[[], str]:
    """Read the checks that were written."""
    return lambda: (course.graders("01-made") / "test_made.py").read_text(encoding="utf-8")


@pytest.fixture
def master(course: Course) -> Callable[[], str]:
    """Read the master that was written."""
    return lambda: (course.root / "assignments" / "01-made" / "solution.py").read_text(encoding="utf-8")
