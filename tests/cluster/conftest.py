import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="needs torchgrade[dask]")

MINI = Path(__file__).parent.parent / "samples" / "mini"
RIGHT = "import torch\ndef zeros_matrix(r, c): return torch.zeros(r, c)\ndef halve(x): return x * 0.5\n"
SOURCES = {
    "right": RIGHT,
    "slow": RIGHT.replace("import torch", "import time, torch").replace("return x", "time.sleep(0.5); return x"),
    "in_place": RIGHT.replace("x * 0.5", "x.div_(2)"),
    "exits": RIGHT.replace("return x * 0.5", "import os; os._exit(0)"),
    "raises": RIGHT.replace("return x * 0.5", "raise ValueError(str(x))"),
    "broken": "def f(:\n",
}


class GradedCourse:
    """A copy of the small course with a class, and what grading it on this machine gives."""

    def __init__(self, root):
        self.root, self.folder = root, root / "subs"
        self.folder.mkdir()
        for name, source in {**SOURCES, "slow_too": SOURCES["slow"], "right_too": RIGHT}.items():
            (self.folder / f"{name}.py").write_text(f"{source}# {name}\n")
        cell = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": RIGHT}
        notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        (self.folder / "notebook.ipynb").write_text(json.dumps(notebook))
        (self.folder / "link.py").symlink_to(root / "assignments/01-mini/solution.py")

    def start(self, out, *options):
        command = ["-m", "torchgrade", "grade", "01-mini", self.folder, "--course", self.root, "--out", self.root / out]
        return subprocess.Popen(
            [sys.executable, *map(str, command), *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )  # fmt: skip

    def results(self, out):
        """Return the bytes of each line with all times set to 0."""
        lines = (self.root / out / "results.jsonl").read_text(encoding="utf-8").splitlines()
        records = [json.loads(line) for line in lines]
        for record in records:
            for part in (record, *record["checks"]):
                part["seconds"] = 0
        return [json.dumps(record) for record in records]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The course after a run on this machine into ``local``."""
    course = GradedCourse(Path(shutil.copytree(MINI, tmp_path_factory.mktemp("cluster") / "course")))
    process = course.start("local")
    words, _ = process.communicate()
    assert process.returncode == 0, words
    return course
