import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from torchgrade.course import Assignment, Course
from torchgrade.pack.wheel import own_wheel


@pytest.fixture
def course(mini: Path) -> Course:
    return Course(mini)


@pytest.fixture
def assignment(course: Course) -> Assignment:
    return course.assignment("01-mini")


@pytest.fixture(scope="session")
def packed_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python as the packs' install.sh leaves it: torchgrade from the wheel; torch is lent by this one."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    (site,) = (folder / "venv").glob("lib/python*/site-packages")
    name, wheel = own_wheel()
    (folder / name).write_bytes(wheel)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", site]
    subprocess.run([*command, folder / name], check=True)
    # A path that a .pth file adds has its own .pth files passed over: the editable torchgrade is not found there.
    (site / "lent.pth").write_text(str(Path(pytest.__file__).parent.parent) + "\n")
    return folder / "venv" / "bin" / "python"


def unzip(content: bytes, to: Path) -> None:
    """Unpack as `unzip` does, modes included."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            Path(archive.extract(entry, to)).chmod(entry.external_attr >> 16 & 0o777)


def answers(**bodies: str) -> str:
    """The small course's stub with some functions answered."""
    known = {"zeros_matrix": 'raise NotImplementedError("TODO: zeros_matrix")', "halve": "raise NotImplementedError"}
    known |= bodies
    return (
        "import torch\n\n\n"
        f"def zeros_matrix(rows, columns):\n    {known['zeros_matrix']}\n\n\n"
        f"def halve(x):\n    {known['halve']}\n"
    )


RIGHT = {"zeros_matrix": "return torch.zeros(rows, columns)", "halve": "return x / 2"}
HIDDEN = [b"SECRET", b"test_halves", b"return x / 2"]
