"""A course's catalogues of translations: one .po file for each assignment and language, and the .mo made of it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import CourseError
from .assignment import Assignment
from .files import write_changed
from .model import Course
from .words import author_texts, compiled

__all__ = ["Catalogue", "catalogue_of"]

_HEADER = """\
# Fill in the msgstr lines, and run: torchgrade translate {language}
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: {language}\\n"

"""


@dataclass(frozen=True)
class Catalogue:
    """The translations of one assignment into one language, brought up to date with its texts.

    Attributes:
        source: Where the .po file lies, which translators write in.
        po: What belongs in it.
        mo: What belongs into the file beside it that programs read.
        missing: The texts that have no translation yet.
    """

    source: Path
    po: bytes
    mo: bytes
    missing: tuple[str, ...]

    @property
    def files(self) -> dict[Path, bytes]:
        """Both files and their contents."""
        return {self.source: self.po, self.source.with_suffix(".mo"): self.mo}

    def write(self) -> list[Path]:
        """Write what is not current; return its paths."""
        return [path for path, content in self.files.items() if write_changed(path, content)]

    def stale(self) -> list[Path]:
        """Return the paths of what is not current."""
        return [path for path, content in self.files.items() if not path.is_file() or path.read_bytes() != content]


def catalogue_of(course: Course, assignment: Assignment, language: str) -> Catalogue:
    """Return an assignment's catalogue: what was translated is kept, what is new stands there to be translated.

    Args:
        course: The course.
        assignment: Whose texts.
        language: A locale's name, such as ``zh_CN``.

    Raises:
        CourseError: Babel is not installed, there is no such language, or the .po file cannot be read.
    """
    source = assignment.folder / "locale" / f"{language}.po"
    catalog = _new(source, language)
    known = _read(source, language)
    for text, place in author_texts(course, assignment).items():
        found = known.get(text)
        catalog.add(text, found.string if found and not found.fuzzy else "", locations=[(place, None)])
    said = {message.id: message.string for message in catalog if message.id and message.string}
    missing = tuple(message.id for message in catalog if message.id and not message.string)
    return Catalogue(source, _written(catalog, language), compiled(said), missing)


def _new(source: Path, language: str) -> Any:
    try:
        from babel.core import Locale, UnknownLocaleError
        from babel.messages.catalog import Catalog
    except ModuleNotFoundError:
        remedy = "install it: pip install 'torchgrade[translate]'"
        raise CourseError(source, "", "Babel, which reads and writes catalogues, is not installed", remedy) from None
    try:
        return Catalog(locale=Locale.parse(language))
    except (UnknownLocaleError, ValueError):
        problem = f"{language!r} is no language"
        raise CourseError(source, "", problem, "give a locale's name, such as zh_CN or de") from None


def _read(source: Path, language: str) -> Any:
    from babel.messages.pofile import PoFileError, read_po

    if not source.exists():
        return _new(source, language)
    try:
        with source.open("rb") as file:
            return read_po(file, locale=language, abort_invalid=True)
    except (PoFileError, ValueError, UnicodeDecodeError) as error:
        raise CourseError(source, "", f"is no catalogue: {error}", "mend the line, or remove the file") from None


def _written(catalog: Any, language: str) -> bytes:
    """Return the .po file, without dates and names: it changes when a text does, and at no other time."""
    from babel.messages.pofile import write_po

    out = io.BytesIO()
    write_po(out, catalog, width=0, omit_header=True)
    return _HEADER.format(language=language).encode() + out.getvalue()
