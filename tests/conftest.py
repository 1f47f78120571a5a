import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from torchgrade.course import Limits
from torchgrade.sandbox.open import Sandbox, open_sandbox

REPOSITORY = Path(__file__).parent.parent
MINI = Path(__file__).parent / "samples" / "mini"
# A grader's start takes longer than most tests. `torchgrade verify`, which CI runs too, proves of every assignment what
# tests ask of these; `tox -e campaign` asks it of all.
GRADED_SLUGS = ("01-tensors", "07-descent", "12-attention")


def graded_slugs(slugs: Iterable[str]) -> list[str]:
    """Return the assignments that a test grades: some, and with TORCHGRADE_COURSE=all each of them."""
    return [slug for slug in slugs if os.environ.get("TORCHGRADE_COURSE") == "all" or slug in GRADED_SLUGS]


pytest_plugins = ["pytester"]

os.environ["LANGUAGE"] = "en"  # what tests read is English, whatever is spoken where they run


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One zygote for all the tests that need a worker."""
    opened = open_sandbox(MINI / "fixtures", Limits(seconds=5.0, import_seconds=5.0))
    yield opened
    opened.close()


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """A copy of a small course with one assignment, 01-mini."""
    return Path(shutil.copytree(MINI, tmp_path / "course"))
