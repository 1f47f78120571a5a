"""Exporters: from results to the text that another platform reads."""

from .formats import FORMATS, Format, format_named
from .model import Export, Wishes
from .reading import read_results

__all__ = ["FORMATS", "Export", "Format", "Wishes", "format_named", "read_results"]
