"""The language in which students are spoken to: English, or that of a catalogue of translations (GNU gettext).

Sentences stand in the code in English, within `_()` or `ngettext()`, and are looked up when they are said. English
needs no catalogue, so it costs nothing; another language reads one file once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

__all__ = [
    "ENGLISH",
    "N_",
    "_",
    "authored_in",
    "language_from",
    "languages",
    "ngettext",
    "retold",
    "speaking",
    "spoken",
]

ENGLISH = "en"
LOCALES = Path(__file__).parent / "locale"
LONGEST = 1000  # no sentence of ours is longer, and a search in a longer text could take its time
_DOMAIN = "torchgrade"
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # the order of GNU gettext
_CHINESE = dict.fromkeys(
    ("zh", "zh_hans", "zh_hans_cn", "zh_hans_sg", "zh_sg"), "zh_CN"
)  # what is written the same way
# Not a global that is assigned to: two pages in two languages may be in the making at once, in threads or tasks, and a
# block that has set it gives it back. A new thread speaks English until it is told otherwise.
_SPOKEN: ContextVar[str] = ContextVar("torchgrade_language", default=ENGLISH)


def _(message: str) -> str:
    """Return a message in the language that is spoken; in English where that has no translation."""
    tag = _SPOKEN.get()
    catalogue = None if tag == ENGLISH else _catalogue(_file_of(tag))
    return catalogue.gettext(message) if catalogue else message


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a message that goes with ``count``, in the language that is spoken."""
    tag = _SPOKEN.get()
    catalogue = None if tag == ENGLISH else _catalogue(_file_of(tag))
    if catalogue:
        return catalogue.ngettext(one, many, count)
    return one if count == 1 else many


def N_(message: str) -> str:
    """Mark a message that is looked up later, by `_`."""
    return message


def authored_in(folder: Path) -> Callable[[str], str]:
    """Return what looks up the texts of a course's author: in ``<folder>/locale/<language>.mo``, where there is one.

    Args:
        folder: The assignment's folder.
    """
    tag = _SPOKEN.get()
    catalogue = None if tag == ENGLISH else _catalogue(folder / "locale" / f"{tag}.mo")
    if catalogue is None:
        return str
    return lambda text: catalogue.gettext(text) if text else text  # "" is the name of a catalogue's header


def retold(text: str, sentences: Iterable[str]) -> str:
    """Say again, in the language that is spoken, what has been said in English somewhere that knows no language.

    Args:
        text: What was said; not to be trusted.
        sentences: What it may be: messages marked with `N_`, with their placeholders.

    Returns:
        The translation, with what stood in place of the placeholders; the text itself where it is none of them.
    """
    if _SPOKEN.get() == ENGLISH or len(text) > LONGEST:
        return text
    for sentence in sentences:
        found = _pattern(sentence).fullmatch(text)
        if found:
            return _(sentence).format(**found.groupdict())
    return text


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", sentence)
    return re.compile("".join(f"(?P<{part}>.*?)" if place % 2 else re.escape(part) for place, part in enumerate(parts)))


def spoken() -> str:
    """Return the language that is spoken: ``"en"``, or the name of a catalogue, such as ``"zh_CN"``."""
    return _SPOKEN.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language, one of `languages`, within the block."""
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def languages() -> tuple[str, ...]:
    """Return the languages that there are: English first."""
    return (ENGLISH, *sorted(file.parent.parent.name for file in LOCALES.glob(f"*/LC_MESSAGES/{_DOMAIN}.mo")))


def language_from(wish: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """Return the language that is wished for, or else that of the environment, or else English.

    Args:
        wish: What was given with ``--lang``, such as ``zh``, ``zh-Hans`` or ``zh_CN.UTF-8``; None for nothing.
        environment: Where LANGUAGE, LC_ALL, LC_MESSAGES and LANG are looked for; the first that is set decides.

    Raises:
        ValueError: The language that is wished for is none of `languages`.
    """
    if wish is not None:
        found = _known(wish)
        if found is None:
            raise ValueError(f"there is no language {wish!r} here; there are {', '.join(languages())}")
        return found
    said = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    return next((found for part in said.split(":") if (found := _known(part))), ENGLISH)


def _known(name: str) -> str | None:
    """Return the catalogue for a locale's name, in whichever way it is written: the country may be left out."""
    plain = name.partition(".")[0].partition("@")[0].replace("-", "_").lower()
    first = plain.partition("_")[0]
    if first in ("en", "c", "posix"):
        return ENGLISH  # without a look at the folder
    known = {tag.lower(): tag for tag in languages()} | _CHINESE
    return known.get(plain) or known.get(first if first != "zh" else "")  # zh_TW is written otherwise than zh_CN


def _file_of(tag: str) -> Path:
    return LOCALES / tag / "LC_MESSAGES" / f"{_DOMAIN}.mo"


@cache  # a file is read once, and never changes while students are told of it
def _catalogue(file: Path) -> GNUTranslations | None:
    try:
        with file.open("rb") as opened:
            return GNUTranslations(opened)
    except OSError:
        return None
