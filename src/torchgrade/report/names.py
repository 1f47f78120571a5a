"""File names for submissions, whatever the submissions are called."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata

__all__ = ["file_stem"]

# Lower case only: where a file system ignores case, "Alice" and "alice" would be one file.
_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9_-])?")
# On Windows, with any ending; and what would be the notebook page of another one, `alice.notebook.html`.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?|.*\.notebook")
_READABLE_BYTES = 80  # with the tag and the ending well below 143, the least that a common file system offers
_TAG_BYTES = 10  # 80 bits: nobody finds a name that takes another student's file


def file_stem(submission: str) -> str:
    """Return a file name, without its ending, that is safe on every system and belongs to this submission only.

    A plain name (``alice``, ``group-7``) stays as it is. Any other keeps its letters and digits, of every
    script, and gets a tag made from the whole name: ``Ana María`` becomes ``Ana-María~`` and 16 characters.
    No plain name holds a ``~``, so the two kinds never meet.
    """
    if _PLAIN.fullmatch(submission) and not _RESERVED.fullmatch(submission):
        return submission
    return f"{_readable(submission) or 'submission'}~{_tag(submission)}"


def _readable(name: str) -> str:
    name = unicodedata.normalize("NFC", name)
    letters = "".join(c if c == "_" or unicodedata.category(c)[0] in "LMN" else "-" for c in name)
    short = re.sub(r"-{2,}", "-", letters).strip("-")
    return short.encode()[:_READABLE_BYTES].decode(errors="ignore")


def _tag(name: str) -> str:
    # A name read from disk may hold lone surrogates, which stand for bytes that are no UTF-8.
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(digest[:_TAG_BYTES]).decode().lower()
