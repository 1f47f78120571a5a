"""A virtual environment for each peer, made from the registry; torch lies in one that all of them see."""

from __future__ import annotations

import json
import subprocess
import venv
from pathlib import Path

__all__ = ["PEERS", "python_of", "versions"]

# What is installed for each, besides torch and numpy. Two contestants may share one.
PEERS = {
    "otter": ["otter-grader[grading]"],
    "nbgrader": ["nbgrader", "ipykernel"],
    "gradescope": ["gradescope-utils"],
    "pytest": ["pytest", "pytest-xdist"],
}
SHARED = ["torch", "numpy"]
CONSTRAINTS = Path(__file__).resolve().parents[2] / "constraints.txt"
_LIST = "import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions()}))"


def python_of(work: Path, name: str) -> Path:
    """Return the Python of a peer's environment; make the environment where there is none yet.

    Args:
        work: The folder of the race; environments lie in ``work/env``.
        name: A key of `PEERS`.

    Raises:
        SystemExit: pip could not install it; with pip's own words.
    """
    base = _made(work / "env" / "base", SHARED, None)
    return _made(work / "env" / name, PEERS[name], base)


def versions(python: Path) -> dict[str, str]:
    """Return the name and version of everything that a Python can import."""
    done = subprocess.run([python, "-c", _LIST], capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def _made(folder: Path, packages: list[str], base: Path | None) -> Path:
    python = folder / "bin" / "python"
    whole = folder / "installed.txt"  # written last: an environment without it was broken off
    if whole.exists() and whole.read_text(encoding="utf-8").split() == packages:
        return python
    venv.create(folder, clear=True, with_pip=True)
    if base:
        _see(python, base)
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", CONSTRAINTS, *packages]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"pip could not install {' '.join(packages)} into {folder}:\n{done.stderr[-2000:]}")
    whole.write_text("\n".join(packages), encoding="utf-8")
    return python


def _see(python: Path, base: Path) -> None:
    """Let one environment import what another has, after its own packages."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own, other = (
        subprocess.run([one, "-c", ask], capture_output=True, text=True, check=True) for one in (python, base)
    )
    (Path(own.stdout.strip()) / "shared.pth").write_text(other.stdout, encoding="utf-8")
