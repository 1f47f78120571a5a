"""The course on disk."""

from .locate import find_course
from .manifest import read_manifest
from .model import Assignment, Course, Exercise, Late, Limits
from .stubs import stub_source

__all__ = ["Assignment", "Course", "Exercise", "Late", "Limits", "find_course", "read_manifest", "stub_source"]
