"""The page about submissions that are alike: pairs to look at, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..similarity import Pair, Side, Text
from ..similarity.compare import most_who_share
from ..similarity.record import NO_VERDICT
from .class_page import Labels, instructor_pages

__all__ = ["similarity_html"]

_WIDEST = 400


def similarity_html(
    labels: Labels,
    texts: Sequence[Text],
    pairs: Sequence[Pair],
    sides: Mapping[tuple[str, str], Sequence[Sequence[Side]]],
) -> str:
    """Return the page as a whole HTML document that asks the network for nothing.

    Args:
        labels: What the assignment and its exercises are called.
        texts: What was compared.
        pairs: What was found, the likest first.
        sides: For each pair, by its names, the sides of the first and of the second.
    """
    template = instructor_pages().get_template("similar.html")
    return template.render(
        labels=labels,
        number=len(texts),
        most=most_who_share(len(texts)),
        troubles=[text for text in texts if text.trouble],
        pairs=[(pair, list(zip(pair.parts, *sides[pair.first, pair.second], strict=True))) for pair in pairs],
        no_verdict=NO_VERDICT,
        widest=_WIDEST,
    )
