from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from torchgrade.course import Course, new_assignment
from torchgrade.errors import CourseError

MANIFEST = """format = 1
title = "Tensors"
module = "tensors"
[[exercise]]
name = "zeros"
title = "Zeros"
hint = "torch.zeros"
"""

Refused = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def refused() -> Refused:
    """Expect a CourseError that names this file and place, with these words in its message."""

    @contextmanager
    def expecting(file: Path, place: str, *words: str) -> Iterator[None]:
        with pytest.raises(CourseError) as caught:
            yield
        error = caught.value
        assert (error.file, error.place) == (file, place), str(error)
        assert str(file) in str(error)
        assert place in str(error)
        assert error.problem
        assert f"fix: {error.remedy}" in str(error)
        assert error.remedy
        for word in words:
            assert word in str(error)

    return expecting


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course with one assignment, 01-tensors, as `new_assignment` writes it."""
    made = Course(tmp_path / "course")
    new_assignment(made, "01-tensors")
    return made


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """A good manifest with one exercise, zeros, in a folder of its own."""
    file = tmp_path / "01-tensors" / "assignment.toml"
    file.parent.mkdir()
    file.write_text(MANIFEST, encoding="utf-8")
    return file
