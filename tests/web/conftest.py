import shutil

import pytest

pytest.importorskip("flask", reason="the serve extra is not installed")

from torchgrade.course import find_course
from torchgrade.web.app import Door, create_app
from torchgrade.web.desk import Desk, Opening

from ..conftest import MINI
from .visitors import KEY, Visitor


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return find_course(shutil.copytree(MINI, tmp_path_factory.mktemp("web") / "course"))


@pytest.fixture(scope="module")
def desk(course, tmp_path_factory):
    """A warm grader for all tests of a file."""
    opened = Desk(course, course.slugs, Opening(tmp_path_factory.mktemp("kept")))
    yield opened
    opened.close()


@pytest.fixture
def app(desk):
    return create_app(desk, Door(["localhost"], KEY, b"signed with this"))


@pytest.fixture
def visitor(app):
    return Visitor(app)
