"""What students receive is what the masters give, and runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from torchgrade.course import Course, released_files

REPOSITORY = Path(__file__).parents[2]
COURSE = Course(REPOSITORY)


@pytest.mark.parametrize("slug", COURSE.slugs)
def test_the_template_is_current(slug):
    for name, content in released_files(COURSE, slug).items():
        assert (COURSE.template / name).read_bytes() == content, name


@pytest.mark.parametrize("slug", COURSE.slugs)
def test_a_fresh_stub_has_no_points(slug):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    result = subprocess.run(command, cwd=COURSE.template / slug, capture_output=True, text=True, timeout=200)
    assert result.returncode == 1
    assert result.stdout.count("  to do ") + result.stdout.count("  wrong ") == len(COURSE.assignment(slug).exercises)
    assert "score: 0 of" in result.stdout
