"""The student's module, as checks see it."""

from .handles import Handle
from .observation import Observation
from .proxy import Submission, import_failure
from .transcript import RecordedClient, Transcript

__all__ = ["Handle", "Observation", "RecordedClient", "Submission", "Transcript", "import_failure"]
