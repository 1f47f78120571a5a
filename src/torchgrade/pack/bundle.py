"""The bundle: what a machine needs to grade one assignment, and nothing of the other ones."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from ..course import Assignment, Course
from ..course.files import listed, read_text
from ..errors import CourseError
from .texts import filled
from .wheel import own_wheel

__all__ = ["Choice", "Packed", "bundle_files", "course_files", "read_packed"]

FORMAT = 1
# Proof of the course, and samples: not needed to grade, and the answers are in some of them.
_NOT_NEEDED = ("alternatives", "attacks", "submissions")
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Choice:
    """What an instructor may choose for a pack.

    Attributes:
        index: Address of a package index to install from, beside pip's own; empty for none.
        scale: Give a submission with open points the grade that it has on the others.
        hidden: Gradescope's visibility of hidden checks.
        allow_unconfined: Grade even where the machine cannot keep hidden checks from the student's code.
        language: In which students are spoken to; empty for that of the machine that grades.
    """

    index: str = ""
    scale: bool = False
    hidden: str = "visible"
    allow_unconfined: bool = False
    language: str = ""


@dataclass(frozen=True)
class Packed:
    """A bundle on the machine that grades.

    Attributes:
        folder: Where it lies.
        slug: The assignment.
        module: Name of the file that students hand in, without its ending.
        choice: What the instructor chose.
    """

    folder: Path
    slug: str
    module: str
    choice: Choice

    @property
    def course(self) -> Path:
        """The part of the course that grading needs."""
        return self.folder / "course"


def bundle_files(course: Course, assignment: Assignment, choice: Choice) -> dict[str, bytes]:
    """Return the files of a bundle by path.

    Raises:
        CourseError: The slug cannot stand in a script, the index's address holds a password, or a file is a link.
    """
    _refuse_odd(course, assignment.slug, choice)
    name, wheel = own_wheel()
    settings = {"scale": choice.scale, "hidden": choice.hidden, "allow_unconfined": choice.allow_unconfined}
    settings["language"] = choice.language
    pack = {"format": FORMAT, "slug": assignment.slug, "module": assignment.module, **settings}
    files = {
        "pack.json": (json.dumps(pack, indent=1) + "\n").encode(),
        "constraints.txt": _constraints(course).encode(),
        "install.sh": filled("install.sh"),
        name: wheel,
        **{f"course/{path}": content for path, content in course_files(course, assignment.slug).items()},
    }
    if choice.index:
        files["pip.conf"] = f"[global]\nextra-index-url = {choice.index}\n".encode()
    return files


def read_packed(folder: Path, slug: str) -> Packed:
    """Read a bundle's settings.

    Raises:
        CourseError: The folder holds no bundle, or one of another version or assignment.
    """
    file = folder / "pack.json"
    remedy = "make the pack again with the torchgrade that is to read it"
    try:
        pack = json.loads(read_text(file))
        if pack["format"] != FORMAT:
            raise CourseError(file, "format", f"is {pack['format']}; {FORMAT} was expected", remedy)
        if pack["slug"] != slug:
            raise CourseError(
                file, "slug", f"is {pack['slug']}; {slug} was expected", "name the bundle that belongs here"
            )
        choice = Choice("", pack["scale"], pack["hidden"], pack["allow_unconfined"], pack.get("language", ""))
        return Packed(folder, slug, pack["module"], choice)
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(file, "", f"does not describe a pack ({error})", remedy) from None


def course_files(course: Course, slug: str) -> dict[str, bytes]:
    """Return what grading reads of the course, by path: checks, masters, fixtures, and the level that it asks for.

    Raises:
        CourseError: A file is a link.
    """
    files = {"pyproject.toml": f'[tool.torchgrade]\nleast_level = "{course.least_level}"\n'.encode()}
    folders = [course.root / "assignments" / slug, course.graders(slug)]
    fixtures = course.root / "fixtures"
    if fixtures.is_dir():
        folders += [entry for entry in sorted(fixtures.iterdir()) if _is_needed(entry)]
    folders.append(course.root / "graders" / "conftest.py")
    for file in (file for folder in folders for file in ([folder] if folder.is_file() else listed(folder))):
        if file.is_symlink():
            raise CourseError(file, "", "is a link, and a pack holds files only", "put the file itself there")
        files[file.relative_to(course.root).as_posix()] = file.read_bytes()
    return files


def _is_needed(entry: Path) -> bool:
    return not entry.name.startswith((".", "__")) and entry.name not in _NOT_NEEDED


def _constraints(course: Course) -> str:
    """Return the course's own constraints; without any the torch that the pack was made with."""
    file = course.root / "constraints.txt"
    return read_text(file) if file.is_file() else f"torch=={version('torch').partition('+')[0]}\n"


def _refuse_odd(course: Course, slug: str, choice: Choice) -> None:
    if not _SLUG.fullmatch(slug):
        remedy = "name its folder with letters of English, digits, dashes and underscores"
        raise CourseError(course.root / "assignments", slug, "cannot stand in a script", remedy)
    address = urlsplit(choice.index)
    odd = choice.index and (address.scheme not in ("https", "http") or re.search(r"[\s%]", choice.index))
    if odd or "@" in address.netloc:  # its text goes into a file, and is read by whoever has the pack
        remedy = "give an address that begins with https:// and needs no password"
        raise CourseError("--index", "", "cannot go into a pack", remedy)
