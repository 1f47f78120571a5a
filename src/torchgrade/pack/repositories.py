"""GitHub and GitLab: a repository that grades a class, or files that grade in each student's repository."""

from __future__ import annotations

from collections.abc import Mapping

from ..course import Assignment, Course
from .archive import zip_of
from .bundle import Choice, bundle_files
from .secret import encrypted
from .texts import filled, shared_parts

__all__ = ["PLATFORMS", "grader_repository", "student_files"]

PLATFORMS: Mapping[str, str] = {"github": "GitHub", "gitlab": "GitLab"}
_WORKFLOW = {"github": ".github/workflows/grade-{}.yml", "gitlab": "grading/{}.yml"}


def grader_repository(
    platform: str, course: Course, assignment: Assignment, choice: Choice, key: str = ""
) -> dict[str, bytes]:
    """Return the files of a repository of the instructor's own, which fetches what students have and grades it.

    Args:
        platform: ``"github"`` or ``"gitlab"``.
        course: Where the assignment lies.
        assignment: Which one.
        choice: What the instructor chose.
        key: Encrypt the bundle with it; without one the repository must be private.

    Raises:
        CourseError: The assignment cannot be packed.
    """
    slug = assignment.slug
    files = {
        _WORKFLOW[platform].format(slug): _fill(f"{platform}/grade-class.yml", assignment),
        f"{slug}/platform.sh": _fill(f"{platform}/platform.sh", assignment),
        f"{slug}/unpack.sh": _fill("unpack.sh", assignment),
        f"{slug}/fetch.sh": _fill("fetch.sh", assignment),
        f"{slug}/post.sh": _fill("post.sh", assignment),
        f"{slug}/README.md": _fill(f"{platform}/README.md", assignment),
    }
    if platform == "gitlab":
        files[".gitlab-ci.yml"] = filled("gitlab/includes.yml")
    bundle = bundle_files(course, assignment, choice)
    if key:
        return files | {f"{slug}/grader.zip.gpg": encrypted(zip_of(bundle), key)}
    return files | {f"{slug}/grader/{name}": content for name, content in bundle.items()}


def student_files(platform: str, course: Course, assignment: Assignment, choice: Choice, key: str) -> dict[str, bytes]:
    """Return the files that grade in each student's repository: a workflow and an encrypted bundle.

    Whoever can change that workflow can read the key, and with it the hidden checks; docs/packs.md says what
    GitHub and GitLab have against that.

    Raises:
        CourseError: The assignment cannot be packed.
    """
    slug = assignment.slug
    workflow = {"github": _WORKFLOW["github"].format(slug), "gitlab": f"grade-{slug}.gitlab-ci.yml"}
    return {
        workflow[platform]: _fill(f"{platform}/grade-student.yml", assignment),
        f".torchgrade/{slug}.zip.gpg": encrypted(zip_of(bundle_files(course, assignment, choice)), key),
    }


def _fill(template: str, assignment: Assignment) -> bytes:
    """Fill in a template; the lines that open a bundle, and close it to others, are the same in all of them."""
    return filled(template, slug=assignment.slug, **shared_parts())
