"""Feedback as a notebook, and as a page that nbconvert makes of it.

nbconvert's own templates let HTML and scripts through and load more from the network, and it looks for templates in
the working folder first, which may be a student's. So the page is made by a template of ours, which has no place for
outputs that act, and is found in this package only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from jinja2 import PackageLoader
from markdown_it import MarkdownIt
from markupsafe import Markup

from ..language import _
from .html import page_environment
from .markdown import fenced
from .own_notebook import Placed, Verdict
from .student_cells import Output
from .text import plain
from .view import PageView

__all__ = ["notebook_html", "notebook_text"]

MAX_FORMATTED = 50_000  # characters of Markdown; a longer text is shown as it is
_LINK = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
_KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook_text(placed: Sequence[Placed]) -> str:
    """Return the notebook file.

    Raises:
        ValueError: nbformat is not installed.
    """
    return str(_needed("nbformat").writes(_notebook(placed))).rstrip("\n") + "\n"


def notebook_html(placed: Sequence[Placed], page: PageView, trouble: str = "") -> str:
    """Return the page: one file, without scripts, that asks the network for nothing.

    Args:
        placed: The cells, as `arranged` gives them.
        page: What the student may see; the top of the page is made from it.
        trouble: Why the student's cells are not there, as a sentence.

    Raises:
        ValueError: nbconvert is not installed.
    """
    rest = placed[1:]  # the first cell is what the page has at its top
    ours = {f"cell-{number}": _verdict(one) for number, one in enumerate(rest, 1) if isinstance(one, Verdict)}
    words = {"feedback": _("Feedback"), "picture": _("a picture that the cell made")}
    cells, __ = _exporter().from_notebook_node(_notebook(rest, plain), resources={"ours": ours, "words": words})
    template = page_environment().get_template("notebook.html")
    return template.render(page=page, cells=Markup(cells), trouble=trouble, colours=_colours())


def _verdict(one: Verdict) -> Markup:
    parts: Any = page_environment().get_template("feedback_parts.html").module
    found = parts.exercise_section(one.exercise) if one.exercise else Markup("<h2>{}</h2>").format(one.words)
    return Markup(found)


def _notebook(placed: Sequence[Placed], shown: Callable[[str], str] = str) -> Any:
    """Return a notebook of nothing but what is said here: no metadata, id or output of the student's as it came."""
    v4 = _needed("nbformat").v4
    made, number = [], 0
    for place, one in enumerate(placed, 1):
        name = f"cell-{place}"
        if isinstance(one, Verdict):
            kinds = ["torchgrade-feedback", *([f"torchgrade-{one.status}"] if one.status else [])]
            made.append(v4.new_markdown_cell(one.markdown, id=name, metadata={"tags": kinds}))
        elif one.kind == "code":
            number += 1  # messages count the cells of code
            outputs = [_output(v4, output) for output in one.outputs]
            count = one.line or number
            made.append(v4.new_code_cell(shown(one.source), id=name, execution_count=count, outputs=outputs))
        else:
            text = shown(one.source) if one.kind == "markdown" else fenced(shown(one.source))
            made.append(v4.new_markdown_cell(text, id=name))
    notebook = v4.new_notebook(cells=made, metadata=_KERNEL)
    notebook.nbformat_minor = 5
    return notebook


def _output(v4: Any, output: Output) -> Any:
    if output.kind in ("stdout", "stderr"):
        return v4.new_output("stream", name=output.kind, text=output.data)
    if output.kind == "note":
        return v4.new_output("stream", name="stderr", text=f"({output.data})")
    return v4.new_output("display_data", data={output.kind: output.data})


@cache
def _exporter() -> Any:
    _needed("nbconvert")
    colour = import_module("nbconvert.filters.highlight").Highlight2HTML(pygments_lexer="python")
    # Not the HTMLExporter: all that it adds is a second look at the finished page, which takes ten times as long.
    return import_module("nbconvert.exporters.templateexporter").TemplateExporter(
        file_extension=".html",
        template_name="base",
        template_file="notebook-cells.html",
        extra_loaders=[PackageLoader("torchgrade.report")],
        extra_template_basedirs=[],  # its default is the working folder, and a template is a program
        filters={"coloured": colour, "formatted": _formatted},
    )


def _formatted(text: str) -> str:
    """Return Markdown as HTML in which nothing is the writer's own: tags are text, pictures are links."""
    if len(text) > MAX_FORMATTED:
        return str(Markup("<pre>{}</pre>").format(text))
    return str(_markdown().render(text))


@cache
def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table").disable("image")
    setattr(reader, "validateLink", _LINK.match)  # noqa: B010  (its own lets any new scheme through)
    return reader


@cache
def _colours() -> Markup:
    """Return the style of highlighted code, by day and by night."""
    html = import_module("pygments.formatters.html")
    day, night = (html.HtmlFormatter(style=name).get_style_defs(".highlight") for name in ("default", "github-dark"))
    return Markup(f"{day}\n@media screen and (prefers-color-scheme: dark) {{\n{night}\n}}")


def _needed(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise ValueError(
            f"{name}, which makes feedback of notebooks, is not installed; run pip install 'torchgrade[notebook]'"
        ) from None
