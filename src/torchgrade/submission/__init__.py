"""The student's module, as checks see it."""

from .handles import Handle
from .observation import Observation
from .proxy import Submission
from .transcript import RecordedClient, Transcript
from .troubles import import_failure, notes_of

__all__ = ["Handle", "Observation", "RecordedClient", "Submission", "Transcript", "import_failure", "notes_of"]
