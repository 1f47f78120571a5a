"""Turning the source notebooks of other graders into assignments."""

from .write import Imported, import_notebook

__all__ = ["Imported", "import_notebook"]
