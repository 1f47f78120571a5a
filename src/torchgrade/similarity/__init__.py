"""Which submissions are likely copies of each other: pairs for a person to look at, never a verdict."""

from .compare import Pair, PartMatch, compare
from .known import known_texts
from .reading import Text, read_texts
from .record import record_of
from .side import Line, Side, sides_of

__all__ = ["Line", "Pair", "PartMatch", "Side", "Text", "compare", "known_texts", "read_texts", "record_of", "sides_of"]
