"""The attacks as files: read from ``fixtures/attacks``, and handed in with an honest submission after each."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from torchgrade.grade.results import readable

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ATTACKS = Path(__file__).parents[2] / "fixtures" / "attacks"
COURSE = ATTACKS / "course"
FULL_SCORE = 12.0
STUDENT_CANARY = "canary-of-another-student"
HONEST = f'''"""An honest answer. {STUDENT_CANARY}"""

import torch


def scale(x):
    return 3 * x + 1


def label(n):
    return f"item {{n:03d}}"


def shifted(x):
    return torch.cat([x[-1:], x[:-1]])


def fit(x, y):
    return torch.linalg.pinv(x) @ y
'''


@dataclass(frozen=True)
class Attack:
    """One sample and what it must come to; the fields are those of ``expected.toml``."""

    technique: str
    score: float
    status: str = "graded"
    checks: dict[str, str] = field(default_factory=dict)
    level: str = "C"
    never: list[str] = field(default_factory=list)
    name: str = ""
    encoding: str = "utf-8"
    link: str = ""
    pad: int = 0
    copies: int = 0

    @property
    def suffix(self) -> str:
        """What the file ends in: ``.py`` or ``.ipynb``."""
        notebook = (ATTACKS / "submissions" / f"{self.technique}.ipynb").is_file()
        return ".ipynb" if notebook else ".py"

    @property
    def source(self) -> bytes:
        source = (ATTACKS / "submissions" / f"{self.technique}{self.suffix}").read_bytes()
        if self.suffix == ".ipynb":
            return source.replace(b"@PAD@", b"A" * self.pad).replace(b"@NEST@", b"[" * self.pad)
        return source + b"#" * max(0, self.pad - len(source))

    @property
    def files(self) -> dict[str, bytes]:
        """The files of a sample that is a folder; they follow lines such as ``# file: conftest.py``."""
        _, *parts = re.split(rb"^# file: (.+)\n", self.source, flags=re.MULTILINE)
        return dict(zip((name.decode() for name in parts[::2]), parts[1::2], strict=True))


@dataclass(frozen=True)
class HandedIn:
    """An attack as a submission, and the honest one that is graded next; both as results name them."""

    attack: Attack
    submission: str
    neighbour: str


def read_attacks() -> list[Attack]:
    """Read ``expected.toml``; every sample must stand in it."""
    with (ATTACKS / "expected.toml").open("rb") as file:
        table = tomllib.load(file)
    return [
        Attack(technique, **{**entry, "never": tuple(entry.get("never", ()))}) for technique, entry in table.items()
    ]


def hand_in(attacks: list[Attack], folder: Path, words: dict[str, str]) -> dict[str, HandedIn]:
    """Write the class: files into ``folder/files``, folders into ``folder/folders``.

    Args:
        attacks: What to hand in, in the order in which it is to be graded.
        folder: Where to; its parent holds the course.
        words: What stands in the place of ``@RUN@`` and the like in the samples.
    """
    files, folders = folder / "files", folder / "folders"
    files.mkdir(parents=True)
    (folders / "neighbour").mkdir(parents=True)
    (folders / "neighbour" / "target.py").write_text(HONEST)
    found = {}
    for number, attack in enumerate(attacks):
        name = os.fsdecode((attack.name or "{}_" + attack.technique).format(f"{number:03d}").encode(attack.encoding))
        source = _with_words(attack.source, words)
        if attack.link:
            _link(attack.link, name, folder)
        elif attack.files:
            _write_folder(attack, folders / name, words)
        else:
            # surrogates and all: the name is bytes to the system
            (files / f"{name}{attack.suffix}").write_bytes(source)
        honest = f"{name if not name.startswith(f'{number:03d}') else f'{number:03d}'}~honest"
        (files / f"{honest}.py").write_text(HONEST)
        found[attack.technique] = HandedIn(attack, readable(name), readable(honest))
    return found


def _with_words(source: bytes, words: dict[str, str]) -> bytes:
    for word, value in words.items():
        source = source.replace(word.encode(), value.encode())
    return source


def _write_folder(attack: Attack, folder: Path, words: dict[str, str]) -> None:
    folder.mkdir()
    for name, source in attack.files.items():
        (folder / name).write_bytes(_with_words(source, words))
    for number in range(attack.copies):
        with (folder / f"more_{number}.py").open("wb") as file:
            file.truncate(8 << 20)  # takes no room on the disk


def _link(kind: str, name: str, folder: Path) -> None:
    checks = folder.parent / "course" / "graders" / "01-target"
    link, target = {
        "checks": (folder / "files" / f"{name}.py", checks / "test_target.py"),
        "checks-folder": (folder / "folders" / name, checks),
        "neighbour": (folder / "folders" / name, folder / "folders" / "neighbour"),
    }[kind]
    link.symlink_to(target)
