"""What becomes of each contestant when it is attacked by ten of the shipped attacks.

The ten touch their own process, the grader's, and files of this race alone, so that they may run where nothing holds
them; none kills other processes or fills the disk. They depend on no grader's layout of files. A contestant that
grades a class gets an honest neighbour besides, whose result must not be lost.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from race.material import COURSE
from race.timing import Stable

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["ATTACKS", "attack"]

FOLDER = COURSE / "fixtures" / "attacks"
ATTACKS = (
    *("answers_for_itself", "patches_torch_comparisons", "patches_the_grader", "replaces_torch"),
    *("looks_up_the_stack", "searches_the_heap", "forges_result_files"),
    *("exits_at_import", "exits_politely", "loops_in_c"),
)
# These raise RuntimeError with what they have read, and only then.
READERS = {"looks_up_the_stack", "searches_the_heap"}
# So their message gets a mark, which is found whatever a grader shows of an exception; in their source a quote follows.
RAISE, MARKED = "raise RuntimeError(", "raise RuntimeError('heard of the grader:' + "
TOLD = re.compile(r"heard of the grader:(?!')")
TAG = "race-under-attack"


def attack(stable: Stable, names: tuple[str, ...], tell: Callable[[str], None]) -> dict[str, Any]:
    """Attack a contestant; return for each attack what became of it.

    An attack's entry holds ``points`` (None: no result), ``deserved`` (what its answers are worth), ``gained``,
    ``read`` (something hidden came to light), ``hung`` (it had to be ended), and ``neighbour`` (whether the honest
    submission got its full points; None where each is graded alone).
    """
    honest = _honest(stable)
    tell("an honest submission")
    calm = stable.graded([honest], f"{TAG}/honest")
    limit = 30 + 3 * calm.seconds
    found = {}
    for name in names:
        tell(name)
        found[name] = _attack(stable, name, honest, limit)
    for left in Path(tempfile.gettempdir()).glob(f"{TAG}-*"):  # forged there
        left.unlink()
    return found


def _honest(stable: Stable) -> Path:
    path = stable.folder / "zz_honest.py"
    path.write_bytes(stable.contestant.material.reference.read_bytes())
    return path


def _attack(stable: Stable, name: str, honest: Path, limit: float) -> dict[str, Any]:
    text = (FOLDER / "submissions" / f"{name}.py").read_text(encoding="utf-8")
    path = stable.folder / f"{name}.py"
    if name in READERS:
        text = text.replace(RAISE, MARKED)
    path.write_text(text.replace("@RUN@", TAG), encoding="utf-8")
    submissions = [path, honest] if stable.contestant.whole_class else [path]
    done, job = stable.grade(submissions, f"{TAG}/{name}", limit=limit)
    scores = stable.contestant.scores(submissions, job)
    points, deserved = scores[path.stem], float(_expected()[name]["score"])
    full = float(stable.contestant.material.points)
    return {
        "points": points,
        "deserved": deserved,
        "gained": points is not None and points > deserved,
        "read": name in READERS and _told(done.output, job),
        "hung": done.hung,
        "neighbour": scores[honest.stem] == full if len(submissions) > 1 else None,
        "code": done.code,
    }


def _expected() -> dict[str, Any]:
    """Return what each shipped attack's answers deserve, as torchgrade's own tests ask for it."""
    return tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))


def _told(output: str, job: Path) -> bool:
    """Look for what an attack has read: in what was printed, and in every result below the job's folder."""
    texts = [output]
    for path in job.rglob("*"):
        if path.suffix in (".json", ".jsonl", ".xml", ".ipynb", ".md", ".html") and path.is_file():
            texts.append(path.read_text(encoding="utf-8", errors="replace"))
    return any(TOLD.search(text) for text in texts)
