"""Making what students receive, from the masters; and telling whether it is current."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..errors import CourseError
from .assignment import Assignment
from .files import listed, read_text, write_changed
from .manifest import check_master
from .model import Course
from .notebook import notebook_source
from .repository import repository_files
from .stubs import stub_source
from .texts import fill
from .visible import visible_source
from .words import released_words

__all__ = ["release", "released_files", "stale"]


def release(course: Course, slugs: Iterable[str], to: Path) -> list[Path]:
    """Write the students' version of some assignments, and nothing where one of them is not in order.

    A file that is current already is left untouched. Python files in a released assignment's folder that nothing
    produces any more are removed; every other file there stays.

    Args:
        course: Where the masters are.
        slugs: Which assignments.
        to: The folder to write into, usually ``course.template``; what it holds under the same names is overwritten.

    Returns:
        The files written, sorted.

    Raises:
        CourseError: An assignment breaks a rule, or ``to`` is a part of the course itself.
    """
    slugs = list(slugs)
    _refuse_own_folders(course, to)
    files = _all_files(course, slugs)
    written = [to / name for name, content in files.items() if write_changed(to / name, content)]
    for path in (path for slug in slugs for path in _left_over(files, to, to / slug) if path.suffix == ".py"):
        path.unlink()
    return written


def stale(course: Course, slugs: Iterable[str], to: Path) -> list[Path]:
    """Find the files that ``release`` would write, and those that stand there though nothing produces them.

    Returns:
        The paths, sorted; empty when everything is current.

    Raises:
        CourseError: An assignment breaks a rule.
    """
    slugs = list(slugs)
    files = _all_files(course, slugs)
    folders = [to / slug for slug in slugs] + [to / "fixtures" / "shared"] * bool(slugs)
    behind = [to / name for name, content in files.items() if _content(to / name) != content]
    for folder in folders:
        behind += _left_over(files, to, folder)
    return sorted(set(behind))


def released_files(course: Course, slug: str) -> dict[str, bytes]:
    """Make the students' version of one assignment, with the course's own files beside it.

    Returns:
        Contents by path (with ``/``, relative to the students' folder), sorted.

    Raises:
        CourseError: The assignment breaks a rule, has no handout, or ``fixtures/shared`` holds a link.
    """
    assignment = course.assignment(slug)
    check_master(assignment)
    stub, handout = stub_source(read_text(assignment.solution), assignment.solution), read_text(assignment.handout)
    texts = {
        f"{slug}/{assignment.module}.py": stub,
        f"{slug}/{assignment.module}.ipynb": notebook_source(assignment, stub, handout),
        f"{slug}/handout.md": handout,
        f"{slug}/assignment.toml": read_text(assignment.folder / "assignment.toml"),
        f"{slug}/README.md": _readme(assignment),
        **repository_files(),
    }
    checks = {}
    for file in sorted(course.graders(slug).glob("test_*.py")):
        text = visible_source(read_text(file), file)
        if text is not None:
            checks[file.name] = texts[f"{slug}/{file.name}"] = text
    files = {name: text.encode() for name, text in texts.items()} | _shared_files(course)
    return dict(sorted((files | _translated(assignment, checks)).items()))


def _translated(assignment: Assignment, checks: dict[str, str]) -> dict[str, bytes]:
    """Return what there is in other languages: handouts, and the catalogues of what students have."""
    handouts = sorted(assignment.folder.glob("handout.*.md"))
    files = {f"{assignment.slug}/{file.name}": read_text(file).encode() for file in handouts}
    words = released_words(assignment, checks)
    return files | {f"{assignment.slug}/locale/{language}.mo": content for language, content in words.items()}


def _all_files(course: Course, slugs: list[str]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for slug in slugs:
        files |= released_files(course, slug)
    return dict(sorted(files.items()))


def _readme(assignment: Assignment) -> str:
    when = assignment.due.at.isoformat(" ", "minutes") if assignment.due else ""
    exercises = [f"- `{exercise.name}`: {exercise.title}" for exercise in assignment.exercises]
    return fill(
        "README-assignment.md",
        title=assignment.title,
        module=assignment.module,
        due=f" Due: {when}." if when else "",
        exercises="\n".join(exercises),
    )


def _shared_files(course: Course) -> dict[str, bytes]:
    files = {}
    for file in listed(course.shared):
        if file.is_symlink():
            problem = "is a link, which could lead to what students must not see"
            raise CourseError(file, "", problem, "put the file itself there")
        name = f"fixtures/shared/{file.relative_to(course.shared).as_posix()}"
        files[name] = read_text(file).encode() if file.suffix == ".py" else file.read_bytes()
    return files


def _left_over(files: dict[str, bytes], to: Path, folder: Path) -> list[Path]:
    return [path for path in listed(folder) if path.relative_to(to).as_posix() not in files]


def _content(file: Path) -> bytes | None:
    """Return what stands in a released file, or None; an unreadable one is not current either."""
    try:
        return file.read_bytes()
    except OSError:
        return None


def _refuse_own_folders(course: Course, to: Path) -> None:
    """Refuse to overwrite the course's own README, or its masters by their stubs."""
    root, target = course.root.resolve(), to.resolve()
    own = [root / name for name in ("assignments", "graders", "fixtures")]
    if root == target or target in root.parents or any(target.is_relative_to(folder) for folder in own):
        remedy = f"write to a folder of its own, such as {course.template}"
        raise CourseError(to, "", "the students' version would overwrite the course itself", remedy)
