"""The course on disk: what an instructor writes, and what students receive of it."""

from .locate import find_course
from .manifest import check_master, read_manifest
from .model import Assignment, Course, Due, Exercise, Limits
from .release import release, released_files, stale
from .scaffold import new_assignment, new_exercise
from .stubs import stub_source
from .visible import visible_source

__all__ = [
    "Assignment",
    "Course",
    "Due",
    "Exercise",
    "Limits",
    "check_master",
    "find_course",
    "new_assignment",
    "new_exercise",
    "read_manifest",
    "release",
    "released_files",
    "stale",
    "stub_source",
    "visible_source",
]
