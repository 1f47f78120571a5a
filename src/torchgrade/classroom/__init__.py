"""A class in figures: results read one at a time, counted, and measured. Nothing here writes a page."""

from .figures import CheckFigures, ClassFigures, ExerciseFigures, Incident, MistakeFigures, Row
from .measures import Bin, Spread, bins_of, item_rest, spread_of
from .stream import ResultsFile
from .tally import JUDGED, Counted, Tally
from .term import TermRow, term_rows

__all__ = [
    "JUDGED",
    "Bin",
    "CheckFigures",
    "ClassFigures",
    "Counted",
    "ExerciseFigures",
    "Incident",
    "MistakeFigures",
    "ResultsFile",
    "Row",
    "Spread",
    "Tally",
    "TermRow",
    "bins_of",
    "item_rest",
    "spread_of",
    "term_rows",
]
