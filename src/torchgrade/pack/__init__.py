"""Packs: an assignment's grader, made ready for a platform that runs it."""

from .bundle import Choice, read_packed
from .gradescope import gradescope_pack
from .repositories import PLATFORMS, grader_repository, student_files
from .running import run_packed

__all__ = ["PLATFORMS", "Choice", "grader_repository", "gradescope_pack", "read_packed", "run_packed", "student_files"]
