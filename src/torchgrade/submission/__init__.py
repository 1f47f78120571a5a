"""The student's module, as checks see it."""

from .handles import Handle
from .observation import Observation
from .proxy import Submission, import_failure

__all__ = ["Handle", "Observation", "Submission", "import_failure"]
