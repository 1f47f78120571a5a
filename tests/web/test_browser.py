"""The door as people meet it: `torchgrade serve` in a process of its own, and a real browser."""

import re
import shutil
import signal
import subprocess
import sys

import pytest

from ..browser import chromium, serious, watch
from ..conftest import MINI
from .visitors import PATIENCE_SECONDS, RIGHT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="hidden checks are graded on Linux only")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Where the server is, and its instructor's key."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(MINI, folder / "course")
    command = [sys.executable, "-m", "torchgrade", "serve", "--port", "0", "--course", "course", "--out", "kept"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            said = [process.stdout.readline() for _ in range(2)]
            yield re.search(r"http://\S+", said[0])[0], said[1].partition(": ")[2].strip()
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE_SECONDS) == 0


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile")) as context:
        yield context


@pytest.mark.timeout(400)
def test_a_student_hands_in_and_the_instructor_sees_the_class(served, browser, tmp_path):
    address, key = served
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    seen = watch(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(address)
        assert serious(page) == []

    (tmp_path / "mini.py").write_text(RIGHT, encoding="utf-8")
    page.fill("#student", "a student")
    page.set_input_files("#file", tmp_path / "mini.py")
    page.click("button")
    page.wait_for_url(re.compile("/feedback$"))
    assert page.inner_text(".score b") == "5 / 6 points"
    assert serious(page) == []

    page.goto(f"{address}instructor")
    page.fill("#key", key)
    page.click("button")
    page.wait_for_selector("text=Submissions")
    assert "a student" not in page.inner_text("table")  # a name has no blanks
    assert "a-student" in page.inner_text("table")
    assert serious(page) == []
    page.click("text=Report:")
    page.wait_for_selector("h1")
    assert serious(page) == []
    assert seen.complaints == []
    assert {url for url in seen.requests if not url.startswith(address)} == set()
