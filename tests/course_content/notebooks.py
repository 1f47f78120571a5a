"""A sample submission as its author would have written it into a notebook: a cell wherever two lines are left free."""

import json


def as_notebook(source: str) -> str:
    """Return the text of an ``.ipynb`` (version 4) with the source in its cells, and some prose between them."""
    cells = []
    for number, part in enumerate(source.split("\n\n\n"), 1):
        cells.append({"cell_type": "markdown", "metadata": {}, "source": [f"## Part {number}"]})
        lines = part.splitlines(keepends=True)
        cells.append({"cell_type": "code", "metadata": {}, "source": lines, "outputs": [], "execution_count": number})
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells})
